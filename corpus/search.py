"""Search: one query over facts, their evidence and their articles, for the command line, the web pages and Python."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corpus.places import place_ids
from corpus.query import Match, Query, matches
from corpus.store import Corpus
from extract.facts import Span

# A condition over facts f and observations o, the same over the view all_facts, the values of either.
Said = tuple[str, str, list[Any]]
CAP = 10_000  # hits that are counted, faceted and can be paged through; beyond them a person narrows the query
AS_STORED = ("id", "key", "kind", "text", "unit", "qualifier", "measure", "role", "sentence", "article_id", "title",
             "url", "published", "paper", "province", "confidence", "state")  # fmt: skip
FACETS = ("kind", "state", "site", "province", "year", "measure", "role", "place")


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


def search(corpus: Corpus, query: Query) -> Results:
    """The facts that a query finds, in order: words in the sentence first, exact before folded, the article last."""
    tried = matches(query.words)
    plans: list[tuple[Match | None, str]]
    plans = [(match, within) for match in tried for within in ("sentence", "article")] or [(None, "sentence")]
    for match, within in plans:
        hits = _hits(corpus, query, match, within)
        if hits:
            break
    more = len(hits) > CAP
    hits = hits[:CAP]
    page = [hit[0] for hit in hits[query.offset : query.offset + query.limit]]
    return Results(
        query=query,
        total=len(hits),
        more=more,
        rows=rows(corpus, page),
        facets=_facets(corpus, hits),
        exact=bool(match and match.exact),
        within=within,
    )


def _hits(corpus: Corpus, query: Query, match: Match | None, within: str) -> list[tuple[Any, ...]]:
    """(fact id, kind, state, site, province, year, measure, role, place id) of at most CAP + 1 hits, in order."""
    conditions, values = _conditions(corpus, query)
    source = "facts AS f"
    sort = query.sort or ("relevance" if match else "date")
    order = {"date": "a.published_day DESC, f.id DESC", "value": "f.value DESC, f.id"}.get(sort, "f.id DESC")
    first: list[Any] = []
    if match:
        table = f"{within}s_{'exact' if match.exact else 'folded'}"
        found = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
        if match.negated:
            conditions.append(f"f.{within}_id NOT IN ({found})")
            values.append(match.match)
        elif sort == "relevance":
            source = (
                f"(SELECT rowid AS hit, rank AS score FROM {table} WHERE {table} MATCH ?) AS m "
                f"CROSS JOIN facts AS f ON f.{within}_id = m.hit"
            )
            first = [match.match]
            order = "m.score, f.confidence DESC, f.id"
        else:
            conditions.append(f"f.{within}_id IN ({found})")
            values.append(match.match)
    sql = (
        "SELECT f.id, f.kind, f.state, a.site_id, a.province, substr(a.published_day, 1, 4), o.measure, o.role, "
        f"coalesce(f.place_id, o.place_id) FROM {source} JOIN articles AS a ON a.id = f.article_id "
        f"LEFT JOIN observations AS o ON o.fact_id = f.id WHERE {' AND '.join(conditions)} "
        f"ORDER BY {order} LIMIT {CAP + 1}"
    )
    plain = corpus.conn.cursor()
    plain.row_factory = None
    return plain.execute(sql, (*first, *values)).fetchall()


def _conditions(corpus: Corpus, query: Query) -> tuple[list[str], list[Any]]:
    """The WHERE of everything but the words, over facts f, articles a and observations o."""
    conditions = ["f.retired_at IS NULL"]
    values: list[Any] = []
    for condition, given in (
        ("f.kind = ?", query.kind),
        ("a.site_id = ?", query.site),
        ("a.province = ?", query.province),
        ("a.published_day >= ?", query.since),
        ("a.published_day <= ?", query.until),
        ("f.confidence >= ?", query.confidence),
        ("f.id > ?", query.after),
    ):
        if given is not None:
            conditions.append(condition)
            values.append(given)
    if query.state in {None, "decided"}:
        conditions.append("f.review_id IS NOT NULL" if query.state else "f.state <> 'reject'")
    elif query.state != "open":  # only such states are in the index of decided facts
        conditions.append("f.review_id IS NOT NULL")
    if query.state not in {None, "decided"}:
        conditions.append("f.state = ?")
        values.append(query.state)
    if not query.copies:
        conditions.append("f.original_id IS NULL")
    _add_said(corpus, query, conditions, values)
    return conditions, values


def _add_said(corpus: Corpus, query: Query, conditions: list[str], values: list[Any]) -> None:
    """What the fact itself must say: of corrected facts (there are few) as corrected, of others as extracted."""
    said = [*_equal(query), *_bounded(query), *_placed(corpus, query)]
    if not said:
        return
    given = [value for *_, bound in said for value in bound]
    corrected = " AND ".join(f"({condition})" for _, condition, _ in said)
    sql = f"SELECT id FROM all_facts WHERE review_id IS NOT NULL AND state = 'correct' AND {corrected}"
    ids = [row[0] for row in corpus.conn.execute(sql, given)]
    extracted = " AND ".join(["f.state <> 'correct'", *(condition for condition, *_ in said)])
    conditions.append(f"(({extracted}) OR f.id IN (SELECT value FROM json_each(?)))" if ids else extracted)
    values += [*given, json.dumps(ids)] if ids else given


def _equal(query: Query) -> Iterator[Said]:
    for column, name in (
        ("o.measure", "measure"),
        ("o.role", "role"),
        ("f.unit", "unit"),
        ("f.qualifier", "qualifier"),
    ):
        if getattr(query, name) is not None:
            yield f"{column} = ?", f"{name} = ?", [getattr(query, name)]
    if query.level is not None:
        yield "f.place_id IN (SELECT id FROM places WHERE level = ?)", "level = ?", [query.level]


def _bounded(query: Query) -> Iterator[Said]:
    if query.low is not None:
        yield "coalesce(f.value_max, f.value) >= ?", "coalesce(value_max, value) >= ?", [query.low]
    if query.high is not None:
        yield "f.value <= ?", "value <= ?", [query.high]
    for bound, end, sign in ((query.first, "to", ">="), (query.last, "from", "<=")):
        if bound is not None:  # an open end (null) of a date or of a period overlaps everything on its side
            date = f"kind = 'date' AND coalesce({{f}}date_{end}, ?) {sign} ?"
            period = f"{{o}}has_period AND coalesce({{o}}period_{end}, ?) {sign} ?"
            both = f"(({{f}}{date}) OR ({period}))"
            yield both.format(f="f.", o="o."), both.format(f="", o=""), [bound] * 4


def _placed(corpus: Corpus, query: Query) -> Iterator[Said]:
    if query.place:
        ids = json.dumps(place_ids(corpus, query.place, today=query.today))
        wanted = "(SELECT value FROM json_each(?))"
        yield (
            f"f.id IN (SELECT id FROM facts WHERE retired_at IS NULL AND place_id IN {wanted} "
            f"UNION ALL SELECT fact_id FROM observations WHERE place_id IN {wanted})",
            f"path IN (SELECT path FROM places WHERE id IN {wanted}) "
            f"OR scope IN (SELECT path FROM places WHERE id IN {wanted})",
            [ids, ids],
        )


def _facets(corpus: Corpus, hits: list[tuple[Any, ...]]) -> dict[str, dict[str, int]]:
    """For each of FACETS how many hits have which value; "place" counts provinces named or spoken for."""
    columns = list(zip(*hits, strict=True))[1:] if hits else [() for _ in FACETS]
    counts = {name: Counter(column) for name, column in zip(FACETS, columns, strict=True)}
    provinces: Counter[str] = Counter()
    wanted = json.dumps([place_id for place_id in counts["place"] if place_id is not None])
    sql = "SELECT id, path ->> '$[0]' FROM places WHERE id IN (SELECT value FROM json_each(?))"
    for place_id, province in corpus.conn.execute(sql, (wanted,)):
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
