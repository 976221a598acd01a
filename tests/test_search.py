"""Search: words, filters, order, facets and evidence, on a small corpus of our own sentences."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.articles import save_article
from corpus.catalogue import save_sites, save_units
from corpus.facts import save_reading
from corpus.query import Query, Sort
from corpus.search import search
from corpus.store import Corpus, open_corpus
from extract.article import Article

OLD, NEW = "2025-06-30", "2025-07-01"
UNITS = [
    {"key": "o:89", "code": "89", "era": "old", "level": "province", "full_name": "tỉnh An Giang", "name": "An Giang",
     "path": ["An Giang"], "last_day": OLD},
    {"key": "o:91", "code": "91", "era": "old", "level": "province", "full_name": "tỉnh Kiên Giang",
     "name": "Kiên Giang", "path": ["Kiên Giang"], "last_day": OLD},
    {"key": "o:888", "code": "888", "era": "old", "level": "district", "full_name": "huyện Phú Tân", "name": "Phú Tân",
     "parent": "o:89", "path": ["An Giang", "Phú Tân"], "last_day": OLD},
    {"key": "n:91", "code": "91", "era": "new", "level": "province", "full_name": "tỉnh An Giang", "name": "An Giang",
     "path": ["An Giang"], "first_day": NEW},
]  # fmt: skip
SUCCESSORS = [("o:89", "n:91", "whole"), ("o:91", "n:91", "whole")]

# site, province, day, title, text, facts as (kind, words, value)
Told = tuple[str, str, str, str, str, list[tuple[str, str, dict[str, Any]]]]
ARTICLES: list[Told] = [
    ("angiang", "An Giang", "2022-01-18", "Dân vận khéo lan tỏa",
     "Đến nay, tỉnh An Giang có 4.120 mô hình dân vận khéo. Ở huyện Phú Tân, bà con góp trên 12 tỷ đồng làm cầu.",
     [("place", "tỉnh An Giang", {"level": "province", "path": ["An Giang"], "unit_key": "o:89"}),
      ("count", "4.120 mô hình", {"value": 4120, "unit": "mô hình", "measure": "models", "role": "implemented",
       "scope": ["An Giang"], "scope_unit": "o:89", "period": [None, "2022-01-18"]}),
      ("place", "huyện Phú Tân", {"level": "district", "path": ["An Giang", "Phú Tân"], "unit_key": "o:888"}),
      ("money", "12 tỷ đồng", {"value": 12_000_000_000, "qualifier": "more", "currency": "VND", "measure": "money",
       "role": "contributed", "scope": ["An Giang", "Phú Tân"], "scope_unit": "o:888", "period": None})]),
    ("kiengiang", "Kiên Giang", "2023-06-05", "Nuôi tôm ở vùng ven biển",
     "Năm 2023, tỉnh Kiên Giang xây dựng 315 mô hình nuôi tôm. Dần dần, hộ nghèo giảm.",
     [("date", "Năm 2023", {"from": "2023-01-01", "to": "2023-12-31"}),
      ("place", "tỉnh Kiên Giang", {"level": "province", "path": ["Kiên Giang"], "unit_key": "o:91"}),
      ("count", "315 mô hình", {"value": 315, "unit": "mô hình", "measure": "models", "role": "implemented",
       "scope": ["Kiên Giang"], "scope_unit": "o:91", "period": ["2023-01-01", "2023-12-31"]})]),
    ("angiang", "An Giang", "2025-09-02", "Hoà bình trên quê mới",
     "Từ năm 2024 đến nay, nhân dân hiến đất làm 27 cây cầu, trị giá từ 5 đến 7 tỷ đồng.",
     [("date", "Từ năm 2024 đến nay", {"from": "2024-01-01", "to": None}),
      ("count", "27 cây cầu", {"value": 27, "unit": "cây cầu"}),
      ("money", "5 đến 7 tỷ đồng", {"min": 5_000_000_000, "max": 7_000_000_000, "currency": "VND"})]),
]  # fmt: skip


def keep(corpus: Corpus, told: Told) -> int:
    site, province, day, title, text, facts = told
    article = Article(title=title, body=text, published=day, url=f"https://{site}.example/{day}.html")
    article_id = save_article(corpus, article, site=site, province=province)
    assert article_id
    records = []
    for kind, words, value in facts:
        start = text.index(words)
        exact = {"qualifier": "exact"} if kind in {"count", "money"} else {}
        records.append({"kind": kind, "text": words, "start": start, "end": start + len(words), "rule": "t",
                        "confidence": 0.9, **exact, **value})  # fmt: skip
    save_reading(corpus, article_id, records, None, "1")
    return article_id


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    path: Path = tmp_path_factory.mktemp("search") / "a.db"
    with open_corpus(path) as corpus:
        names = {"angiang": "Báo An Giang", "kiengiang": "Báo Kiên Giang"}
        save_sites(
            corpus, [{"id": key, "name": name, "home": f"https://{key}.example/"} for key, name in names.items()]
        )
        save_units(corpus, UNITS, SUCCESSORS)
        for article in ARTICLES:
            keep(corpus, article)
        yield corpus


FOUND: list[tuple[dict[str, Any], set[str]]] = [
    ({"words": "mô hình", "kind": "count"}, {"4.120 mô hình", "315 mô hình"}),
    ({"words": "mo hinh nuoi", "kind": "count"}, {"315 mô hình"}),
    ({"words": "nuoi to*", "kind": "count"}, {"315 mô hình"}),
    ({"words": '"hình mô"', "kind": "count"}, set()),
    ({"words": "dân vận OR tôm", "kind": "count"}, {"4.120 mô hình", "315 mô hình"}),
    ({"words": "mô hình -tôm", "kind": "count"}, {"4.120 mô hình"}),
    ({"words": "-mô", "kind": "count"}, {"27 cây cầu"}),
    ({"words": "hòa bình", "kind": "count"}, {"27 cây cầu"}),  # of the title, in the other placement of the tone
    ({"words": "Đần", "kind": "count"}, {"4.120 mô hình", "27 cây cầu"}),  # nothing exact: folded, so dân
    ({"kind": "place", "place": "An Giang"}, {"tỉnh An Giang", "huyện Phú Tân"}),
    ({"kind": "place", "place": "an giang"}, {"tỉnh An Giang", "huyện Phú Tân"}),
    ({"kind": "place", "place": "tỉnh An Giang", "today": True}, {"tỉnh An Giang", "tỉnh Kiên Giang"}),
    ({"kind": "place", "place": "huyện Phú Tân"}, {"huyện Phú Tân"}),
    ({"kind": "place", "place": "An Giang/Phú Tân"}, {"huyện Phú Tân"}),
    ({"kind": "place", "place": "Kiên Giang/Phú Tân"}, set()),
    ({"kind": "place", "place": "o:888"}, {"huyện Phú Tân"}),
    ({"kind": "place", "place": "Ân Giang"}, set()),
    ({"kind": "place", "level": "district"}, {"huyện Phú Tân"}),
    ({"kind": "money", "place": "Phú Tân"}, {"12 tỷ đồng"}),
    ({"measure": "models"}, {"4.120 mô hình", "315 mô hình"}),
    ({"role": "contributed"}, {"12 tỷ đồng"}),
    ({"site": "kiengiang", "kind": "count"}, {"315 mô hình"}),
    ({"province": "Kiên Giang", "kind": "count"}, {"315 mô hình"}),
    ({"unit": "cây cầu"}, {"27 cây cầu"}),
    ({"kind": "count", "since": "2023-01-01", "until": "2024-01-01"}, {"315 mô hình"}),
    ({"first": "2023-06-01", "last": "2023-06-30"}, {"Năm 2023", "315 mô hình"}),
    ({"first": "2025-01-01"}, {"Từ năm 2024 đến nay"}),
    ({"last": "2022-06-30"}, {"4.120 mô hình"}),
    ({"kind": "count", "low": 300, "high": 400}, {"315 mô hình"}),
    ({"kind": "money", "low": 6e9, "high": 6.5e9}, {"5 đến 7 tỷ đồng"}),
    ({"qualifier": "more"}, {"12 tỷ đồng"}),
    ({"confidence": 0.95}, set()),
    ({"state": "accept"}, set()),
]


@pytest.mark.parametrize(("asked", "texts"), FOUND)
def test_what_is_asked_is_found(corpus: Corpus, asked: dict[str, Any], texts: set[str]) -> None:
    results = search(corpus, Query(**asked))
    assert {row.text for row in results.rows} == texts
    assert results.total == len(texts)


def test_diacritics_are_kept_where_they_decide(corpus: Corpus) -> None:
    assert {row.title for row in search(corpus, Query(words="dần dần")).rows} == {"Nuôi tôm ở vùng ven biển"}
    assert search(corpus, Query(words="dân")).exact
    assert not search(corpus, Query(words="đân")).exact


def test_words_of_one_sentence_come_before_the_article(corpus: Corpus) -> None:
    assert search(corpus, Query(words="hiến đất")).within == "sentence"
    assert search(corpus, Query(words="quê mới cây cầu")).within == "article"


def test_the_mark_is_the_fact_in_its_sentence(corpus: Corpus) -> None:
    for row in search(corpus, Query()).rows:
        assert row.sentence[slice(*row.mark)] == row.text


def test_a_row_says_all_of_a_figure(corpus: Corpus) -> None:
    [row] = search(corpus, Query(role="contributed")).rows
    assert (row.value, row.qualifier, row.place, row.days) == (12_000_000_000, "more", ("An Giang", "Phú Tân"), None)
    assert (row.paper, row.published, row.state, row.url) == (
        "Báo An Giang", "2022-01-18", "open", "https://angiang.example/2022-01-18.html",
    )  # fmt: skip


def test_order_and_pages(corpus: Corpus) -> None:
    by_value = search(corpus, Query(kind="count", sort="value")).rows
    assert [row.value for row in by_value] == [4120, 315, 27]
    by_date = [row.published for row in search(corpus, Query(sort="date")).rows]
    assert by_date == sorted(by_date, reverse=True)
    second = search(corpus, Query(kind="count", sort="value", limit=1, offset=1))
    assert [row.value for row in second.rows] == [315]
    assert second.total == 3


def test_only_the_facets_asked_for_are_counted(corpus: Corpus) -> None:
    whole = search(corpus, Query())
    some = search(corpus, Query(), facets=("kind", "place"))
    assert some.facets == {name: whole.facets[name] for name in ("kind", "place")}
    none = search(corpus, Query(), facets=())
    assert (none.facets, none.rows, none.total) == ({}, whole.rows, whole.total)


@pytest.mark.parametrize("sort", [None, "date", "value", "relevance"])
@pytest.mark.parametrize("words", ["", "mô hình", "mo hinh OR tỷ đồng", "-tỉnh"])
@pytest.mark.parametrize("asked", [{}, {"place": "An Giang"}, {"low": 10.0}, {"site": "angiang"}, {"kind": "count"}])
def test_every_way_to_the_hits_finds_the_same(
    corpus: Corpus, sort: Sort | None, words: str, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query(words=words, sort=sort, limit=100, **asked)
    usual = search(corpus, query)
    order = [getattr(row, {"date": "published", "value": "value"}.get(sort or "", "id")) for row in usual.rows]
    for ways in (
        {"FEW": 0},
        {"RANKED": 0},
        {"SORTED": {"date": 0, "value": 0}},
        {"FEW": 0, "RANKED": 0, "SORTED": {"date": 0, "value": 0}},
        {"BROAD": set()},
        {"PROBED": 1},
    ):
        with monkeypatch.context() as patch:
            for name, value in ways.items():
                patch.setattr(f"corpus.{'where' if name in {'FEW', 'PROBED', 'BROAD'} else 'search'}.{name}", value)
            other = search(corpus, query)
        # Sorting by value through its index leaves out what has none.
        whole = [row.id for row in usual.rows if sort != "value" or row.value is not None]
        assert {row.id for row in other.rows if sort != "value" or row.value is not None} == set(whole)
        if sort in {"date", "value"}:
            shown = [getattr(row, {"date": "published", "value": "value"}[sort]) for row in other.rows]
            assert [one for one in shown if one is not None] == [one for one in order if one is not None]


def test_facets_count_all_hits_not_the_page(corpus: Corpus) -> None:
    facets = search(corpus, Query(limit=1)).facets
    assert facets["kind"] == {"place": 3, "count": 3, "date": 2, "money": 2}
    assert facets["place"] == {"An Giang": 4, "Kiên Giang": 2}
    assert facets["measure"] == {"models": 2, "money": 1}
    assert facets["year"] == {"2022": 4, "2023": 3, "2025": 3}


def test_corrected_values_are_searched_as_corrected(tmp_path: Path) -> None:
    with open_corpus(tmp_path / "a.db") as corpus:
        save_sites(corpus, [{"id": "angiang", "name": "Báo An Giang", "home": "https://angiang.example/"}])
        keep(corpus, ARTICLES[0])
        [row] = search(corpus, Query(kind="count")).rows
        with corpus.write() as conn:
            conn.execute("INSERT INTO users (name, created_at) VALUES ('lan', ?)", (date(2026, 1, 1).isoformat(),))
            sql = (
                "INSERT INTO reviews (fact_id, decision, correction, seen, who, at) "
                "VALUES (?, ?, ?, '{}', 'lan', '2026-01-01')"
            )
            conn.execute(sql, (row.id, "correct", json.dumps({"value": 4121, "period": ["2021-01-01", "2021-12-31"]})))
        assert search(corpus, Query(kind="count", low=4121)).rows[0].value == 4121
        assert search(corpus, Query(kind="count", high=4120)).total == 0
        assert search(corpus, Query(kind="count", first="2022-01-01")).total == 0
        with corpus.write() as conn:
            conn.execute(sql, (row.id, "reject", None))
        assert search(corpus, Query(kind="count")).total == 0
        assert search(corpus, Query(kind="count", state="reject")).total == 1


def test_search_is_right_after_an_article_changed(tmp_path: Path) -> None:
    with open_corpus(tmp_path / "a.db") as corpus:
        save_sites(corpus, [{"id": "angiang", "name": "Báo An Giang", "home": "https://angiang.example/"}])
        site, province, day, title, text, _ = ARTICLES[2]
        keep(corpus, ARTICLES[2])
        told = [("count", "28 cây cầu", {"value": 28, "unit": "cây cầu"})]
        keep(corpus, (site, province, day, title, text.replace("27 cây cầu", "28 cây cầu"), told))
        assert search(corpus, Query(words='"27 cây cầu"')).total == 0
        assert search(corpus, Query(words='"28 cây cầu"')).total == 1


def test_observations_are_told_by_todays_units(corpus: Corpus) -> None:
    sql = "SELECT value, scope_unit, unit_today, province_today FROM observations_today WHERE kind = 'count'"
    assert sorted(map(tuple, corpus.conn.execute(sql))) == [
        (315, "o:91", "n:91", "An Giang"),
        (4120, "o:89", "n:91", "An Giang"),
    ]


def test_two_papers_that_differ_are_a_conflict(tmp_path: Path) -> None:
    with open_corpus(tmp_path / "a.db") as corpus:
        names = ("angiang", "kiengiang")
        save_sites(corpus, [{"id": name, "name": name, "home": f"https://{name}.example/"} for name in names])
        _, province, day, title, text, facts = ARTICLES[0]
        keep(corpus, ("angiang", province, day, title, text, facts[1:2]))
        other = [("count", "4.210 mô hình", facts[1][2] | {"value": 4210})]
        keep(corpus, ("kiengiang", province, day, title, text.replace("4.120", "4.210"), other))
        found = corpus.conn.execute("SELECT value, other_value, scope FROM conflicts").fetchall()
        assert [tuple(row) for row in found] == [(4120, 4210, '["An Giang"]')]
