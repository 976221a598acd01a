"""Where: a query's filters as SQL conditions over facts, articles and observations, and the hits that meet them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

from corpus.places import place_ids
from corpus.query import Match, Query
from corpus.store import Corpus

# A condition over facts f and observations o, the same over the view all_facts, the values of either.
Said = tuple[str, str, list[Any]]
# (fact id, the eight of FACETS with the place's id, day, value, confidence)
Hit = tuple[Any, ...]
# Left joins, which cost nothing where no column of theirs is asked for.
JOINS = "LEFT JOIN articles AS a ON a.id = f.article_id LEFT JOIN observations AS o ON o.fact_id = f.id"
CAP = 2_000  # hits that are counted, faceted and can be paged through; beyond them a person narrows the query
FEW = 30_000  # facts that are all looked at and sorted
PROBED = 1_000  # newest facts that tell whether a condition is common
BROAD = {"low", "high", "qualifier", "confidence", "since", "until", "unit"}  # fields that may leave most facts in
FACETS = {"kind": "f.kind", "state": "f.state", "site": "a.site_id", "province": "a.province",
          "year": "substr(f.day, 1, 4)", "measure": "o.measure", "role": "o.role",
          "place": "coalesce(f.place_id, o.place_id)"}  # fmt: skip


def full_text(match: Match, within: str) -> str:
    """The full-text table to ask."""
    return f"{within}s_{'exact' if match.exact else 'folded'}"


class Where:
    """The conditions of a query over facts f, articles a and observations o, and the hits that meet them."""

    def __init__(self, corpus: Corpus, query: Query, facets: Collection[str] = FACETS) -> None:
        self.conn = corpus.conn
        self.conditions, self.values = _conditions(corpus, query)
        self.kind = query.kind
        columns = (column if name in facets else "NULL" for name, column in FACETS.items())
        self.shown = f"f.id, {', '.join(columns)}, f.day, f.value, f.confidence"
        self.asked = query.mapping().keys() - {"words", "copies", "sort", "limit", "offset", "kind"}
        self.narrow = bool(self.asked)

    def add(self, condition: str, *values: str) -> None:
        """One more condition."""
        self.conditions.append(condition)
        self.values += values

    def among(self, match: Match, within: str) -> None:
        """The words as a condition: every row of the full text that has them is looked up first."""
        table = full_text(match, within)
        negated = "NOT " if match.negated else ""
        self.add(f"+f.{within}_id {negated}IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)", match.match)

    def few(self, sort: str, match: Match | None, within: str) -> list[int] | None:
        """The facts that meet the conditions and have the words, in order; None for more than FEW, words apart."""
        if not self.narrow or self.common():
            return None
        first = {"date": "coalesce(f.day, '')", "value": "coalesce(f.value, -1e300)"}.get(sort, "-f.confidence")
        conditions = " AND ".join(self.conditions)
        if self.asked - BROAD:  # of all that is asked the kind is the least rare: its index is not to be taken
            conditions = conditions.replace("f.kind = ?", "+f.kind = ?")
        sql = f"SELECT {first}, f.id, f.{within}_id FROM facts AS f {JOINS} WHERE {conditions} LIMIT {FEW + 1}"
        found = self.rows(sql, *self.values)
        if len(found) > FEW:
            return None
        if match and found:
            hits = [hit for *_, hit in found]
            table = full_text(match, within)
            sql = f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid BETWEEN ? AND ?"
            having = {hit for (hit,) in self.rows(sql, match.match, min(hits), max(hits))}
            found = [row for row in found if (row[2] in having) != match.negated]
        found.sort(reverse=sort in {"date", "value"})
        return [fact_id for _, fact_id, _ in found]

    def common(self) -> bool:
        """Whether so many of the newest facts meet the conditions that going through them soon finds enough."""
        if self.asked - BROAD:
            return False
        index, kind = ("kind", "AND kind = ?") if self.kind else ("day", "")
        newest = (
            f"SELECT id FROM facts INDEXED BY facts_by_{index} WHERE retired_at IS NULL {kind} "
            f"ORDER BY day DESC LIMIT {PROBED}"
        )
        sql = (
            f"SELECT count(*) FROM ({newest}) AS n CROSS JOIN facts AS f ON f.id = n.id {JOINS} "
            f"WHERE {' AND '.join(self.conditions)}"
        )
        [(met,)] = self.rows(sql, *([self.kind] if self.kind else []), *self.values)
        return bool(met * 20 > PROBED)

    def rows(self, sql: str, *values: object) -> list[Hit]:
        """What SQL finds, as tuples."""
        cursor = self.conn.cursor()
        cursor.row_factory = None
        return cursor.execute(sql, values).fetchall()

    def listed(self, ids: list[int]) -> list[Hit]:
        """The first CAP + 1 of these facts as hits, in their order."""
        sql = f"SELECT {self.shown} FROM json_each(?) AS i CROSS JOIN facts AS f ON f.id = i.value {JOINS}"
        return self.rows(sql, json.dumps(ids[: CAP + 1]))

    def hits(self, source: str = "facts AS f", *values: str, order: str = "", kind: str | None = None) -> list[Hit]:
        """At most CAP + 1 hits from a source that has f, of one kind and in `order` where these are given."""
        conditions = [*self.conditions, "f.kind = ?"] if kind else self.conditions
        if source.startswith("("):  # or every id of a list would be tried for every row of the full text
            conditions = [re.sub(r"^f\.id IN|(?<= )f\.id IN", "+f.id IN", condition) for condition in conditions]
        ordered = f"ORDER BY {order}" if order else ""
        score = "m.score" if "AS score" in source else "0"
        # Chosen first, joined after: what is sorted away costs no join.
        chosen = (
            f"SELECT f.id AS chosen, {score} AS score FROM {source} {JOINS} "
            f"WHERE {' AND '.join(conditions)} {ordered} LIMIT {CAP + 1}"
        )
        sql = f"SELECT {self.shown} FROM ({chosen}) AS c CROSS JOIN facts AS f ON f.id = c.chosen {JOINS} {ordered}"
        return self.rows(sql, *values, *self.values, *([kind] if kind else []))


def _conditions(corpus: Corpus, query: Query) -> tuple[list[str], list[Any]]:
    """The WHERE of everything but the words, over facts f, articles a and observations o."""
    conditions = ["f.retired_at IS NULL"]
    values: list[Any] = []
    for condition, given in (
        ("f.kind = ?", query.kind),
        ("a.site_id = ?", query.site),
        ("a.province = ?", query.province),
        ("f.day >= ?", query.since),
        ("f.day <= ?", query.until),
        ("f.confidence >= ?", query.confidence),
        ("f.id > ?", query.after),
    ):
        if given is not None:
            conditions.append(condition)
            values.append(given)
    if query.state in {None, "decided"}:
        decided = "f.review_id IS NOT NULL AND f.state IN ('accept', 'correct', 'reject')"
        conditions.append(decided if query.state else "f.state <> 'reject'")
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
    if query.first is None and query.last is None:
        return
    # An open end (null) of a date or period overlaps everything on its side; so does a bound not asked for.
    days = [query.last, query.first]
    overlap = "coalesce({0}_from, '') <= coalesce(?, '9') AND coalesce({0}_to, '9') >= coalesce(?, '')"
    parts = {
        "date": "SELECT id FROM facts INDEXED BY facts_by_date "
        f"WHERE kind = 'date' AND retired_at IS NULL AND {overlap.format('date')}",
        "period": "SELECT fact_id FROM observations INDEXED BY observations_by_period "
        f"WHERE has_period = 1 AND {overlap.format('period')}",
    }
    if query.measure or query.role:  # then their index leads to the observations
        yield (
            f"o.has_period = 1 AND {overlap.format('o.period')}",
            f"has_period = 1 AND {overlap.format('period')}",
            days,
        )
        return
    if query.kind:  # then it is one of both
        parts.pop("period" if query.kind in {"date", "place"} else "date")
    corrected = {"date": f"(kind = 'date' AND {overlap.format('date')})"}
    corrected["period"] = f"(has_period = 1 AND {overlap.format('period')})"
    yield (
        f"f.id IN ({' UNION ALL '.join(parts.values())})",
        " OR ".join(corrected[part] for part in parts),
        days * len(parts),
    )


def _placed(corpus: Corpus, query: Query) -> Iterator[Said]:
    if query.place:
        ids = json.dumps(place_ids(corpus, query.place, today=query.today))
        wanted = "(SELECT value FROM json_each(?))"
        # json(): a correction's list is written without spaces, that of places with them
        paths = f"(SELECT json(path) FROM places WHERE id IN {wanted})"
        named = f"SELECT id FROM facts WHERE retired_at IS NULL AND place_id IN {wanted}"
        spoken_for = f"SELECT fact_id FROM observations WHERE place_id IN {wanted}"
        if query.kind == "place":
            yield f"f.place_id IN {wanted}", f"json(path) IN {paths}", [ids]
        elif query.kind:  # a figure names no place
            yield f"f.id IN ({spoken_for})", f"json(scope) IN {paths}", [ids]
        else:
            yield (
                f"f.id IN ({named} UNION ALL {spoken_for})",
                f"json(path) IN {paths} OR json(scope) IN {paths}",
                [ids, ids],
            )
