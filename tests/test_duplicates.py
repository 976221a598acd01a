"""Copies: found cut, credited or retitled; told apart from reports in the same words; counted once."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.articles import save_article
from corpus.catalogue import save_sites
from corpus.duplicates import are_copies, bands, compared, find_copies, signature
from corpus.facts import save_reading
from corpus.query import Query
from corpus.search import search
from corpus.store import Corpus, open_corpus
from extract.article import Article

PARAGRAPHS = [
    "Sáng nay, Ban Dân vận Tỉnh ủy tổ chức hội nghị sơ kết phong trào thi đua dân vận khéo 9 tháng đầu năm.",
    "Theo báo cáo, toàn tỉnh có 1.346 mô hình được đăng ký, trong đó 1.102 mô hình đã đi vào hoạt động.",
    "Nhiều mô hình hay như tổ thu gom rác ven kênh, nhóm hộ cùng trồng hoa hai bên đường, tủ sách đầu ấp.",
    "Bà con các xã vùng sâu hiến hơn 38.000 m2 đất, góp 21,5 tỷ đồng và 6.700 ngày công mở rộng đường quê.",
    "Hội nghị đề ra nhiệm vụ quý cuối năm: sát dân hơn, lắng nghe nhiều hơn, giải quyết dứt điểm đơn thư.",
]
TEXT = "\n".join(PARAGRAPHS)


def report(seed: int) -> str:
    """An article of its own: sentences of shuffled syllables, figures of its own."""
    chance = random.Random(seed)
    words = [word for word in " ".join(PARAGRAPHS).split() if not word[0].isdigit()]
    lines = [" ".join(chance.choices(words, k=24)) + f" {chance.randrange(100, 9999)}." for _ in range(5)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("other", "copy"),
    [
        (TEXT, True),
        (TEXT + "\nTheo Báo Trung Du", True),
        ("\n".join(PARAGRAPHS[:3]), True),
        (TEXT.replace("Sáng nay, ", "").replace("hoạt động", "nền nếp").upper(), True),
        (TEXT.replace("hoa hai", "hoà hai"), True),
        (
            TEXT.replace("1.346", "1.512").replace("1.102", "1.340").replace("21,5", "27").replace("6.700", "8.100"),
            False,
        ),
        (report(1), False),
        ("Sáng nay.", False),
    ],
)
def test_a_copy_is_told_from_the_same_words_with_other_figures(other: str, copy: bool) -> None:
    assert are_copies(compared(TEXT), compared(other)) is copy
    assert are_copies(compared(other), compared(TEXT)) is copy


def test_copies_share_a_band_and_strangers_none() -> None:
    def keys(text: str) -> set[int]:
        return set(bands(signature(compared(text))))

    assert keys(TEXT) & keys("\n".join(PARAGRAPHS[:3]))
    assert not keys(TEXT) & keys(report(1))


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        names = {"trungdu": "Báo Trung Du", "songthao": "Báo Sông Thao", "cong": "Cổng tin Dân vận"}
        sites = [{"id": key, "name": name, "home": f"https://www.bao{key}.example/"} for key, name in names.items()]
        save_sites(corpus, sites)
        yield corpus


def count(start: int, text: str, value: int) -> dict[str, Any]:
    found = {"kind": "count", "text": text, "start": start, "end": start + len(text), "value": value}
    return found | {"unit": "mô hình", "qualifier": "exact", "rule": "t", "confidence": 0.9}


def keep(corpus: Corpus, site: str, day: str, text: str = TEXT, **more: str) -> int:
    article: dict[str, Any] = {"title": f"Tin {site} {day}", "body": text, "published": day} | more
    article_id = save_article(corpus, Article(**{"url": f"https://{site}.example/{day}"} | article), site=site)
    assert article_id
    start = text.index("1.346")
    save_reading(corpus, article_id, [count(start, "1.346 mô hình", 1346)], None, "1")
    return article_id


def originals(corpus: Corpus) -> dict[int, int | None]:
    return dict(map(tuple, corpus.conn.execute("SELECT id, original_id FROM articles")))


def test_the_first_is_the_original_and_facts_point_to_it(corpus: Corpus) -> None:
    late = keep(corpus, "songthao", "2024-10-03")
    find_copies(corpus)
    first = keep(corpus, "trungdu", "2024-10-02", "\n".join(PARAGRAPHS[:4]))
    assert find_copies(corpus) == 1
    assert originals(corpus) == {late: first, first: None}
    once = search(corpus, Query(kind="count"))
    assert [row.article_id for row in once.rows] == [first]
    assert search(corpus, Query(kind="count", copies=True)).total == 2
    assert find_copies(corpus) == 0


@pytest.mark.parametrize("credit", ["baotrungdu.example", "Theo Báo Trung Du", "trungdu"])
def test_the_credited_paper_is_the_original_though_its_stamp_is_later(corpus: Corpus, credit: str) -> None:
    copy = keep(corpus, "cong", "2024-10-01", origin=credit)
    own = keep(corpus, "trungdu", "2024-10-02")
    third = keep(corpus, "songthao", "2024-09-30", origin="TTXVN")
    find_copies(corpus)
    assert originals(corpus) == {copy: own, own: None, third: own}


def test_a_fact_that_only_the_copy_tells_is_counted(corpus: Corpus) -> None:
    keep(corpus, "trungdu", "2024-10-01")
    copy = keep(corpus, "songthao", "2024-10-02")
    find_copies(corpus)
    start = TEXT.index("1.102")
    save_reading(corpus, copy, [count(start, "1.102 mô hình", 1102)], None, "2")
    assert {row.value for row in search(corpus, Query(kind="count")).rows} == {1346, 1102}


def test_an_article_rewritten_leaves_its_group(corpus: Corpus) -> None:
    first = keep(corpus, "trungdu", "2024-10-01")
    second = keep(corpus, "songthao", "2024-10-02")
    third = keep(corpus, "cong", "2024-10-03")
    find_copies(corpus)
    assert originals(corpus) == {first: None, second: first, third: first}
    keep(corpus, "trungdu", "2024-10-01", report(7) + " 1.346 mô hình")
    find_copies(corpus)
    assert originals(corpus) == {first: None, second: None, third: second}
    sql = "SELECT article_id, original_id IS NULL FROM facts WHERE retired_at IS NULL ORDER BY article_id"
    points = corpus.conn.execute(sql).fetchall()
    assert [tuple(row) for row in points] == [(first, 1), (second, 1), (third, 0)]


def test_many_articles_are_grouped_without_a_mistake(corpus: Corpus) -> None:
    wanted = {}
    for seed in range(60):
        text = report(seed) + "\n1.346 mô hình"
        wanted[keep(corpus, "trungdu", f"2024-10-01-{seed}", text)] = None
        if seed % 3 == 0:
            cut = "\n".join(text.split("\n")[seed % 2 :]) + "\nTheo Báo Trung Du."
            wanted[keep(corpus, "songthao", f"2024-10-02-{seed}", cut)] = max(wanted)
    find_copies(corpus)
    assert originals(corpus) == wanted
