"""Listings walk through everything once, in one order, whatever is asked."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from corpus.listing import Listing, articles, facts, units
from corpus.query import Query
from corpus.search import search
from corpus.store import Corpus

QUERIES = [
    Query(),
    Query(kind="money"),
    Query(words="dan van kheo"),
    Query(words="dân vận khéo", kind="count"),
    Query(words="-mô"),
    Query(place="Gia Lai"),
    Query(words="không có chữ này ở đâu"),
]


def walked(page: Callable[[str | None], Listing]) -> list[dict[str, object]]:
    rows, cursor = [], None
    while True:
        found = page(cursor)
        rows += found.rows
        if (cursor := found.cursor) is None:
            return rows


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_walk_meets_every_fact_of_the_search_once(demo_corpus: Corpus, query: Query) -> None:
    results = search(demo_corpus, query)
    rows = walked(lambda cursor: facts(demo_corpus, query, cursor=cursor, limit=37))
    ids = [row["id"] for row in rows]
    assert (len(ids), ids) == (results.total, sorted(set(ids)))
    assert {row.key for row in results.rows} <= {row["key"] for row in rows}


def test_rows_are_json_under_the_datasets_names(demo_corpus: Corpus) -> None:
    row = next(row for row in facts(demo_corpus, Query(kind="count"), observations=True).rows if row["scope"])
    assert json.loads(json.dumps(row)) == row
    assert isinstance(row["scope"], list)
    assert row["sentence"].count(row["figure"])
    assert isinstance(row["evidence"], list | type(None))


def test_observations_are_the_facts_that_have_a_frame(demo_corpus: Corpus) -> None:
    rows = walked(lambda cursor: facts(demo_corpus, Query(copies=True), cursor=cursor, observations=True))
    (number,) = demo_corpus.conn.execute("SELECT count(*) FROM current_facts WHERE measure IS NOT NULL").fetchone()
    assert len(rows) == number


def test_articles_by_words_and_paper(demo_corpus: Corpus) -> None:
    rows = walked(lambda cursor: articles(demo_corpus, Query(copies=True), cursor=cursor, limit=10))
    (number,) = demo_corpus.conn.execute("SELECT count(*) FROM articles").fetchone()
    assert [row["id"] for row in rows] == sorted({row["id"] for row in rows})
    assert len(rows) == number
    site = rows[0]["site"]
    assert {row["site"] for row in articles(demo_corpus, Query(site=site)).rows} == {site}
    exact, folded = (articles(demo_corpus, Query(words=words)).rows for words in ("dân vận", "dan van"))
    assert 0 < len(exact) <= len(folded)


def test_units_of_a_name_and_a_day(demo_corpus: Corpus) -> None:
    days = ("2025-06-30", "2025-07-01")
    before, after = (units(demo_corpus, name="gia lai", level="province", on=day).rows for day in days)
    assert [row["name"] for row in before + after] == ["Gia Lai", "Gia Lai"]
    assert before[0]["key"] != after[0]["key"]
    for day, number in (("2025-06-30", 63), ("2025-07-01", 34)):
        walk = walked(lambda cursor, day=day: units(demo_corpus, level="province", on=day, cursor=cursor, limit=20))
        assert len({row["key"] for row in walk}) == len(walk) == number


@pytest.mark.parametrize("cursor", ["", "x", "9-1", "0-x", "0-", "-1", "0-99999999999999999999", "0-１"])
def test_a_cursor_of_nobody_is_refused(demo_corpus: Corpus, cursor: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        facts(demo_corpus, Query(), cursor=cursor)
