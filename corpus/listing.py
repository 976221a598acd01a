"""Listings: everything that a query finds, page after page in a stable order, as rows of the exported dataset."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from corpus.export.tables import Table, tables
from corpus.query import Match, Query, matches
from corpus.store import Corpus
from corpus.where import JOINS, Where
from extract.text import fold


@dataclass(frozen=True, slots=True)
class Listing:
    """One page: rows under the dataset's names (facts and articles with their `id`), and where the next begins."""

    rows: list[dict[str, Any]]
    cursor: str | None


def table(name: str) -> Table:
    """A table of the dataset by its name."""
    return next(one for one in tables() if one.name == name)


def facts(
    corpus: Corpus, query: Query, *, cursor: str | None = None, limit: int = 100, observations: bool = False
) -> Listing:
    """The facts (or those that are observations) that a query finds, by id; its sort, limit and offset do not count.

    ValueError for a cursor that none of these pages gave.
    """
    plans: list[tuple[Match | None, str]]
    plans = [(match, within) for match in matches(query.words) for within in ("sentence", "article")]
    plans = plans or [(None, "sentence")]
    number, after = _read(cursor, plans)
    while True:  # as `search` looks: the next way of taking the words only where the one before finds nothing
        found = _found(corpus, replace(query, after=after), *plans[number], limit=limit + 1, observations=observations)
        if found or cursor or number + 1 == len(plans):
            break
        number += 1
    page = found[:limit]
    rows = fact_rows(corpus, page, observations=observations)
    return Listing(rows, f"{number}-{page[-1]}" if len(found) > limit else None)


def fact_rows(corpus: Corpus, ids: Sequence[int], *, observations: bool = False) -> list[dict[str, Any]]:
    """The facts (or observations) of these ids, rejected ones too; what there is none of is left out."""
    sql = "SELECT key, id, article_id AS article FROM facts WHERE id IN (SELECT value FROM json_each(?))"
    known = {row["key"]: dict(row) for row in corpus.conn.execute(sql, (json.dumps(list(ids)),))}
    return [known[row["key"]] | row for row in _rows(corpus, table("observations" if observations else "facts"), ids)]


def _read(cursor: str | None, plans: Sequence[object]) -> tuple[int, int | None]:
    if cursor is None:
        return 0, None
    number, _, after = cursor.partition("-")
    if not (number.isascii() and after.isascii() and number.isdigit() and after.isdigit() and len(after) < 19):
        raise ValueError(f"no page begins at the cursor {cursor[:40]!r}")
    if int(number) >= len(plans):
        raise ValueError("this cursor belongs to another query")
    return int(number), int(after)


def _found(
    corpus: Corpus, query: Query, match: Match | None, within: str, *, limit: int, observations: bool
) -> list[int]:
    where = Where(corpus, query)
    if match:
        where.among(match, within)
    if observations:
        where.add("o.fact_id IS NOT NULL AND f.state <> 'reject'")
    sql = f"SELECT f.id FROM facts AS f {JOINS} WHERE {' AND '.join(where.conditions)} ORDER BY f.id LIMIT {limit}"
    return [row[0] for row in corpus.conn.execute(sql, where.values)]


def articles(corpus: Corpus, query: Query, *, cursor: str | None = None, limit: int = 100) -> Listing:
    """The articles that have the words, of a paper, province and time, or with copies; no other filter counts."""
    conditions = ["(?1 OR a.original_id IS NULL)", "a.id > ?2"]
    values: list[int | str] = [query.copies, _after(cursor)]
    for condition, given in (
        ("a.site_id = ?", query.site),
        ("a.province = ?", query.province),
        ("a.published_day >= ?", query.since),
        ("a.published_day <= ?", query.until),
    ):
        if given is not None:
            conditions.append(condition)
            values.append(given)
    tried: list[Match | None] = list(matches(query.words)) or [None]
    for match in tried:
        among, bound = "", []
        if match:
            name = "articles_exact" if match.exact else "articles_folded"
            negated = "NOT " if match.negated else ""
            among, bound = f"AND a.id {negated}IN (SELECT rowid FROM {name} WHERE {name} MATCH ?)", [match.match]
        sql = f"SELECT a.id FROM articles AS a WHERE {' AND '.join(conditions)} {among} ORDER BY a.id LIMIT ?"
        found = [row[0] for row in corpus.conn.execute(sql, (*values, *bound, limit + 1))]
        if found:
            break
    page = found[:limit]
    return Listing(article_rows(corpus, page), str(page[-1]) if len(found) > limit else None)


def article_rows(corpus: Corpus, ids: Sequence[int]) -> list[dict[str, Any]]:
    """The articles of these ids; what there is none of is left out."""
    sql = "SELECT url, id FROM articles WHERE id IN (SELECT value FROM json_each(?))"
    known = {row["url"]: row["id"] for row in corpus.conn.execute(sql, (json.dumps(list(ids)),))}
    return [{"id": known[row["url"]]} | row for row in _rows(corpus, table("articles"), ids)]


def _after(cursor: str | None) -> int:
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise ValueError(f"no page begins at the cursor {cursor[:40]!r}")
    return int(cursor or 0)


def units(
    corpus: Corpus,
    *,
    name: str | None = None,
    level: str | None = None,
    on: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> Listing:
    """The administrative units of a name (with or without diacritics), of a level, on a day; by key."""
    sql = (
        "SELECT key FROM units WHERE key > ?1 AND (?2 IS NULL OR folded = ?2) AND (?3 IS NULL OR level = ?3) AND "
        "(?4 IS NULL OR (coalesce(first_day, '') <= ?4 AND coalesce(last_day, '9') >= ?4)) ORDER BY key LIMIT ?5"
    )
    bound = (cursor or "", None if name is None else fold(name), level, on, limit + 1)
    found = [row[0] for row in corpus.conn.execute(sql, bound)]
    return Listing(unit_rows(corpus, found[:limit]), found[limit - 1] if len(found) > limit else None)


def unit_rows(corpus: Corpus, keys: Sequence[str]) -> list[dict[str, Any]]:
    """The units of these keys; what there is none of is left out."""
    return _rows(corpus, replace(table("units"), source="units AS u WHERE u.key IN (SELECT id FROM chosen)"), keys)


def _rows(corpus: Corpus, wanted: Table, page: Sequence[int | str]) -> list[dict[str, Any]]:
    """The rows of a page in JSON's types: days as text, objects and lists as themselves."""
    objects = {field.name for field in wanted.fields if field.type == "object"}
    rows = []
    for cells in wanted.rows(corpus, list(page)):
        row = dict(zip(wanted.header, cells, strict=True))
        for name, cell in row.items():
            if isinstance(cell, date | datetime):
                row[name] = cell.isoformat()
            elif name in objects and cell is not None:
                row[name] = json.loads(cell)
        rows.append(row)
    return rows
