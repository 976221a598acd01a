"""Search: one query over facts, their evidence and their articles, for the command line, the web pages and Python."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from corpus.query import Match, Query, matches
from corpus.store import Corpus
from corpus.where import CAP, FACETS, Hit, Where, full_text
from extract.facts import Span

VALUE = 10
# Sentences or articles whose facts are sorted by day or value; beyond, an index gives the order.
SORTED = {"date": 25_000, "value": 50_000}
RANKED = 2_000  # sentences or articles that are ranked; words found in more of them are too common for that
AS_STORED = ("id", "key", "kind", "text", "unit", "currency", "per", "qualifier", "measure", "role", "sentence",
             "article_id", "title", "url", "published", "paper", "province", "confidence", "state")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fact found: `mark` is the fact's span in `sentence`, `start` its offset in the article's text.

    `place` and `days` are what it names or, for a figure, speaks for; `value` a number, `value_max` the end of a range;
    `original` the id of the fact of which this is a copy.
    """

    id: int
    key: str
    kind: str
    text: str
    value: int | float | None
    value_max: int | float | None
    unit: str | None
    currency: str | None
    per: str | None
    qualifier: str | None
    place: tuple[str, ...]
    days: tuple[str | None, str | None] | None
    measure: str | None
    role: str | None
    sentence: str
    mark: Span
    article_id: int
    title: str
    url: str
    published: str | None
    site: str | None
    paper: str | None
    province: str | None
    confidence: float
    state: str
    original: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """`total` hits (`more`: at least so many), one page of `rows`, and for each of FACETS the counts, largest first.

    `exact` says that diacritics were matched as typed; `within` whether the words stand in the evidence sentence or,
    where no sentence has them all, in the article.
    """

    query: Query
    total: int
    more: bool
    rows: list[Row]
    facets: dict[str, dict[str, int]]
    exact: bool
    within: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds, whatever page of it is shown: at most CAP + 1 hits in order, the rest as of Results."""

    hits: list[Hit]
    facets: dict[str, dict[str, int]]
    exact: bool
    within: str


def search(corpus: Corpus, query: Query, facets: Collection[str] = FACETS) -> Results:
    """The facts that a query finds, in order: words in the sentence first, exact before folded, the article last.

    Only these `facets` are counted; without any, a search with many hits takes half of the time.
    """
    return page_of(corpus, query, find(corpus, query, facets))


def find(corpus: Corpus, query: Query, facets: Collection[str] = FACETS) -> Found:
    """The hits of a query, whose limit and offset do not count; `page_of` shows some of them."""
    tried = matches(query.words)
    plans: list[tuple[Match | None, str]]
    plans = [(match, within) for match in tried for within in ("sentence", "article")] or [(None, "sentence")]
    for match, within in plans:
        hits = _hits(Where(corpus, query, facets), query, match, within)
        if hits:
            break
    return Found(hits, _facets(corpus, hits[:CAP], facets), bool(match and match.exact), within)


def page_of(corpus: Corpus, query: Query, found: Found) -> Results:
    """The page of what was found that the query's offset and limit ask for, its facts as they are now."""
    total = min(len(found.hits), CAP)
    page = [hit[0] for hit in found.hits[query.offset : min(query.offset + query.limit, CAP)]]
    return Results(
        query=query,
        total=total,
        more=len(found.hits) > CAP,
        rows=rows(corpus, page),
        facets=found.facets,
        exact=found.exact,
        within=found.within,
    )


def _hits(where: Where, query: Query, match: Match | None, within: str) -> list[Hit]:
    """At most CAP + 1 hits in order.

    Words that stand in few sentences are ranked; where the filters leave few facts, those are looked at and sorted;
    of what is left, too common to be ranked, the newest come from an index, until there are enough.
    """
    sort = query.sort or ("relevance" if match else "date")
    order = {"date": "f.day DESC", "value": "f.value DESC"}.get(sort, "score, f.confidence DESC, f.id")
    if match and not match.negated:
        table = full_text(match, within)
        found = f"(SELECT rowid AS hit, {{}} AS score FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC) AS m"
        source = f"{found} CROSS JOIN facts AS f INDEXED BY facts_by_{within} ON f.{within}_id = m.hit"
        most = SORTED.get(sort, RANKED)
        common = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT {most + 1})"
        if where.rows(common, match.match)[0][0] <= most:
            return where.hits(source.format("rank" if sort == "relevance" else "0"), match.match, order=order)
    few = where.few(sort, match, within)
    if few is not None:
        return where.listed(few)
    if match and not match.negated and sort == "relevance":
        return where.hits(source.format("0"), match.match)
    if match:
        where.among(match, within)
    if sort != "value":
        return where.hits(f"facts AS f INDEXED BY facts_by_{'kind' if query.kind else 'day'}", order="f.day DESC")
    where.add("f.value IS NOT NULL")
    hits: list[Hit] = []
    for kind in [query.kind] if query.kind else ["money", "count"]:  # the index has each kind's values in order
        hits += where.hits("facts AS f INDEXED BY facts_by_value", order="f.value DESC", kind=kind)
    return sorted(hits, key=lambda hit: hit[VALUE], reverse=True)[: CAP + 1]


def _facets(corpus: Corpus, hits: list[Hit], wanted: Collection[str]) -> dict[str, dict[str, int]]:
    """For each facet wanted how many hits have which value; "place" counts provinces named or spoken for."""
    columns = list(zip(*hits, strict=True))[1 : len(FACETS) + 1] if hits else [() for _ in FACETS]
    counts = {name: Counter(column) for name, column in zip(FACETS, columns, strict=True) if name in wanted}
    if "place" in counts:
        provinces: Counter[str] = Counter()
        ids = json.dumps([place_id for place_id in counts["place"] if place_id is not None])
        sql = "SELECT id, path ->> '$[0]' FROM places WHERE id IN (SELECT value FROM json_each(?))"
        for place_id, province in corpus.conn.execute(sql, (ids,)):
            provinces[province] += counts["place"][place_id]
        counts["place"] = provinces
    return {
        name: {key: number for key, number in found.most_common() if key is not None} for name, found in counts.items()
    }


def rows(corpus: Corpus, ids: list[int]) -> list[Row]:
    """The facts of these ids, in their order, corrections applied; retired ones are left out."""
    sql = (
        "SELECT c.*, s.name AS paper FROM all_facts AS c LEFT JOIN sites AS s ON s.id = c.site_id "
        "WHERE c.id IN (SELECT value FROM json_each(?))"
    )
    found = {row["id"]: _row(row) for row in corpus.conn.execute(sql, (json.dumps(ids),))}
    return [found[fact_id] for fact_id in ids if fact_id in found]


def _row(row: sqlite3.Row) -> Row:
    start = row["start"] - row["sentence_start"]
    days = (row["date_from"], row["date_to"]) if row["kind"] == "date" else None
    if row["has_period"]:
        days = (row["period_from"], row["period_to"])
    return Row(
        **{name: row[name] for name in AS_STORED},
        value=plain(row["value"]),
        value_max=plain(row["value_max"]),
        place=tuple(json.loads(row["path"] or row["scope"] or "[]")),
        days=days,
        mark=(start, start + row["end"] - row["start"]),
        site=row["site_id"],
        original=row["original_id"],
    )


def plain(value: float | None) -> int | float | None:
    """A number as people write it: an int where it is whole."""
    return int(value) if value is not None and float(value).is_integer() else value
