"""The topic's phrases on slugs, anchors and titles."""

from __future__ import annotations

import pytest

from crawler.topic import default_phrases, fold, topic_of


@pytest.mark.parametrize(
    ("said", "matches"),
    [
        ("Nâng chất lượng công tác dân vận ở cơ sở", True),
        ("Thi đua “Dân vận khéo”", True),
        ("DÂN VẬN KHÉO", True),
        ("nang-cao-hieu-qua-dan-van-chinh-quyen-a123.html", True),
        ("Thực hiện Quy chế dân chủ", True),
        ("Vai trò tổ dân vận", True),
        ("Nhân dân vận động nhau hiến đất", False),
        ("nhan-dan-van-dong-hien-dat-a12.html", False),
        ("Người dân vận chuyển lúa", False),
        ("Dân vạn chài", True),  # folded, it cannot be told from the topic: the page's own words decide later
        ("Giá vàng trong nước", False),
        ("", False),
    ],
)
def test_default_topic(said: str, matches: bool) -> None:
    assert topic_of(default_phrases()).matches(said) is matches


def test_a_path_is_read_percent_encoded_and_the_host_is_not() -> None:
    topic = topic_of(["dân vận"])
    assert topic.matches_url("https://bao.example/tin/%C4%91o%C3%A0n-d%C3%A2n-v%E1%BA%ADn-x%C3%A3-12")
    assert not topic.matches_url("https://dan-van.example/gia-vang")


def test_no_phrase_is_everything_and_a_phrase_of_ones_own_is_searched_for() -> None:
    assert not topic_of([])
    assert topic_of([""]).matches("gì cũng được")
    assert topic_of(["nông thôn mới"]).searches == ("nông thôn mới",)
    assert topic_of(default_phrases()).searches == ("dân vận", "dân chủ ở cơ sở", "ngày hội đại đoàn kết")


def test_fold() -> None:
    assert fold("Đường  Dân‑vận – KHÉO!") == "duong dan van kheo"
