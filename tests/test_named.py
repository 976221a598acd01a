"""Names in a query: words and ids are understood, and what there is none of is answered by what there is."""

import pytest

from corpus.named import named, near
from corpus.query import Query
from corpus.store import Corpus

SAID = [
    # field, as said, as meant
    ("measure", "mo_hinh_dan_van_kheo", "mo_hinh_dan_van_kheo"),
    ("measure", "mô hình dân vận khéo", "mo_hinh_dan_van_kheo"),
    ("measure", "Mô hình “Dân vận khéo”", "mo_hinh_dan_van_kheo"),
    ("measure", "mô hình học tập và làm theo", "mo_hinh_hoc_tap_bac"),
    ("measure", "chủ trọ", "chu_tro"),  # no term of the rules, but a noun that the demo counts
    ("role", "recognised", "recognised"),
    ("role", "biểu dương", "recognised"),
    ("role", "bieu duong", "recognised"),
    ("unit", "Mô hình", "mô hình"),
    ("unit", "mo hinh", "mô hình"),
    ("site", "song-hau", "song-hau"),
    ("site", "báo sông hậu", "song-hau"),
    ("province", "tỉnh An Giang", "An Giang"),
    ("province", "thanh hoa", "Thanh Hóa"),
    ("province", "Thanh Hoá", "Thanh Hóa"),
    ("place", "huyện Can Lộc", "huyện Can Lộc"),
]


@pytest.mark.parametrize(("field", "said", "meant"), SAID)
def test_words_and_ids_are_understood(demo_corpus: Corpus, field: str, said: str, meant: str) -> None:
    assert getattr(named(demo_corpus, Query(**{field: said})), field) == meant


UNKNOWN = [
    ("measure", "nha dai doan ke", "nha_dai_doan_ket"),
    ("measure", "zzz", "mo_hinh_dan_van_kheo"),
    ("role", "zzz", "registered, implemented"),
    ("unit", "mô hnih", "mô hình"),
    ("site", "zzz", "song-hau"),
    ("province", "An Gian", "An Giang"),
    ("place", "Can Lôc", "Can Lộc"),
]


@pytest.mark.parametrize(("field", "said", "there"), UNKNOWN)
def test_what_is_not_there_is_answered_by_what_is(demo_corpus: Corpus, field: str, said: str, there: str) -> None:
    with pytest.raises(ValueError, match=f"no {field} '{said}'; there are: .*{there}"):
        named(demo_corpus, Query(**{field: said}))


def test_where_nothing_is_like_it_that_is_said(demo_corpus: Corpus) -> None:
    with pytest.raises(ValueError, match="no place 'zzz', and none like it"):
        named(demo_corpus, Query(place="zzz"))


def test_one_word_is_another_role_of_money(demo_corpus: Corpus) -> None:
    with pytest.raises(ValueError, match="registered or raised"):
        named(demo_corpus, Query(role="đăng ký"))
    assert named(demo_corpus, Query(role="đăng ký", kind="count")).role == "registered"
    assert named(demo_corpus, Query(role="đăng ký", kind="money")).role == "raised"


def test_a_query_that_names_nothing_stays(demo_corpus: Corpus) -> None:
    assert named(demo_corpus, Query(words="x", kind="count", low=3)) == Query(words="x", kind="count", low=3)


def test_the_likest_comes_first() -> None:
    assert near("phu tam", ["Phú Tân", "Phú Tâm", "Chợ Mới"]) == ["Phú Tâm", "Phú Tân"]
