"""Observations across articles: the figures of a corpus in order, those that contradict one another, and series."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from tabulate import tabulate

from corpus.places import place_ids
from corpus.query import Query, measure_of
from corpus.report import harmless, shorten
from corpus.store import Corpus

SENTENCE_SHOWN = 90
UNNAMED = "so_tien"  # the measure of a sum of money whose purpose is not said
COLUMNS = (
    "id, kind, measure, role, unit, currency, per, model, scope, has_period, period_from, period_to, "
    "trim(coalesce(qualifier_text, '') || ' ' || text) AS figure, value, value_low, value_high, frame_confidence, "
    "site_id, published, title, url, sentence"
)
# Of one measure as extracted, and what is corrected (there is little): an index finds both without the other facts.
OF_MEASURE = (
    "id IN (SELECT fact_id FROM observations WHERE measure = ? "
    "UNION SELECT id FROM facts WHERE state = 'correct' AND review_id IS NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One figure with what it speaks for; `scope` a path from the province down, `period` days (None: open, or unsaid).

    `figure` is as written, with its qualifier; `value` in whole units; `fact` the number by which reviews call it.
    """

    fact: int
    measure: str
    role: str
    scope: tuple[str, ...]
    period: tuple[str | None, str | None] | None
    figure: str
    value: float | None
    unit: str | None
    confidence: float
    published: str | None
    title: str
    url: str
    sentence: str

    @property
    def days(self) -> str:
        """The period for a table: "2021-01-01 – 2021-12-31", "… – 2022-01-18", one day, or empty."""
        if self.period is None:
            return ""
        first, last = self.period
        return first or "" if first == last else f"{first or '…'} – {last or '…'}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two figures of different articles on one thing, whose bounds do not meet."""

    one: Told
    other: Told


@dataclass(frozen=True, slots=True)
class Series:
    """What articles say of one measure and scope, from the earliest period to the latest."""

    measure: str
    scope: tuple[str, ...]
    points: tuple[Told, ...]


def observations(corpus: Corpus, query: Query) -> list[Told]:
    """The figures that meet a query's measure, role, place, since and until, the latest articles first."""
    where, values = _where(corpus, query)
    sql = f"SELECT {COLUMNS} FROM current_observations WHERE {where} ORDER BY published_day DESC, id"
    if query.limit:
        sql += " LIMIT ? OFFSET ?"
        values = [*values, query.limit, query.offset]
    return [_told(row) for row in corpus.conn.execute(sql, values)]


def conflicts(corpus: Corpus, query: Query) -> list[Conflict]:
    """The pairs that contradict one another and of which one side meets the query; models before sums of money."""
    pairs = corpus.conn.execute("SELECT fact_id, other_id FROM conflicts").fetchall()
    ids = json.dumps(sorted({fact for pair in pairs for fact in pair}))
    sql = f"SELECT {COLUMNS} FROM current_observations WHERE id IN (SELECT value FROM json_each(?))"
    by_id = {row["id"]: _told(row) for row in corpus.conn.execute(sql, (ids,))}
    where, values = _where(corpus, query)
    wanted = f"SELECT id FROM current_observations WHERE id IN (SELECT value FROM json_each(?)) AND {where}"
    meeting = {row[0] for row in corpus.conn.execute(wanted, (ids, *values))}
    found = [Conflict(by_id[one], by_id[other]) for one, other in pairs if one in meeting or other in meeting]
    found.sort(key=lambda pair: (pair.one.unit is None, pair.one.measure, pair.one.scope, pair.one.fact))
    return found[query.offset : query.offset + query.limit] if query.limit else found


def series(corpus: Corpus, query: Query) -> list[Series]:
    """The measures and scopes of which two articles or more tell, dated, parts left out; the longest first.

    Sums of money for no named purpose make a series only where the query asks for them.
    """
    where, values = _where(corpus, query)
    unnamed = "" if query.measure else f"AND measure <> '{UNNAMED}' "
    sql = (
        f"SELECT {COLUMNS} FROM current_observations "
        f"WHERE {where} AND has_period AND link IS NOT 'part' AND role <> 'other' "
        f"{unnamed}AND scope IS NOT NULL AND per IS NULL ORDER BY measure, scope, unit, currency, "
        "coalesce(period_to, '9999'), coalesce(period_from, ''), published_day, id"
    )
    rows = corpus.conn.execute(sql, values)
    found: list[Series] = []
    for (measure, scope, _, _), group in groupby(rows, lambda row: (row[2], row[8], row[4], row[5])):
        points = tuple(_told(row) for row in group)
        if len({point.url for point in points}) > 1 and len({point.period for point in points}) > 1:
            found.append(Series(measure, tuple(json.loads(scope)), points))
    found.sort(key=lambda one: -len(one.points))
    return found[query.offset : query.offset + query.limit] if query.limit else found


def _where(corpus: Corpus, query: Query) -> tuple[str, list[Any]]:
    """The condition over current_observations that a query's measure, role, place, since and until make."""
    said: list[str] = ["1"]
    values: list[Any] = []
    if query.measure:
        measure = measure_of(query.measure)
        said.append(f"{OF_MEASURE} AND measure = ?")
        values += [measure, measure]
    if query.role:
        said.append("role = ?")
        values.append(query.role)
    if query.place:
        said.append("scope IN (SELECT path FROM places WHERE id IN (SELECT value FROM json_each(?)))")
        values.append(json.dumps(place_ids(corpus, query.place, today=query.today)))
    for bound, sign in ((query.since, ">="), (query.until, "<=")):
        if bound:
            said.append(f"published_day {sign} ?")
            values.append(bound)
    return " AND ".join(said), values


def _told(row: sqlite3.Row) -> Told:
    return Told(
        fact=row["id"],
        measure=row["measure"],
        role=row["role"],
        scope=tuple(json.loads(row["scope"] or "[]")),
        period=(row["period_from"], row["period_to"]) if row["has_period"] else None,
        figure=row["figure"],
        value=row["value"],
        unit=row["unit"] or row["currency"],
        confidence=row["frame_confidence"],
        published=row["published"],
        title=row["title"],
        url=row["url"],
        sentence=row["sentence"],
    )


Found = Sequence[Told] | Sequence[Conflict] | Sequence[Series]


def as_table(found: Found) -> str:
    """Figures, pairs or series for a terminal; a pair shows both sentences, a series one line a period."""
    blocks: list[str] = []
    plain = [told for told in found if isinstance(told, Told)]
    for item in found:
        if isinstance(item, Conflict):
            blocks.append(_block(item.one, (item.one, item.other)))
        elif isinstance(item, Series):
            blocks.append(_block(item.points[0], item.points))
    if plain:
        headers = ("fact", "figure", "measure", "role", "place", "period", "article")
        lines = [
            (told.fact, told.figure, told.measure, told.role, "/".join(told.scope), told.days, shorten(told.title, 44))
            for told in plain
        ]
        blocks.append(str(tabulate(lines, headers=headers, disable_numparse=True)))
    return "\n\n".join(blocks) or "nothing found"


def _block(head: Told, points: Iterable[Told]) -> str:
    """What figures share, and below it a line for each: figure, role, days, paper's day and the sentence."""
    lines = [
        (told.fact, told.figure, told.role, told.days, told.published or "", shorten(told.sentence, SENTENCE_SHOWN))
        for told in points
    ]
    table = tabulate(lines, headers=("fact", "figure", "role", "period", "told on", "sentence"), disable_numparse=True)
    return f"{head.measure} · {'/'.join(head.scope)}\n{table}"


def as_json(found: Found) -> str:
    """One figure, pair or series a line, as JSON."""
    return "\n".join(json.dumps(asdict(item), ensure_ascii=False) for item in found)


def as_csv(found: Found) -> str:
    """One figure a line with a header; `group` counts the pairs or series that figures belong to."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("group", *Told.__dataclass_fields__))
    items: list[Told | Conflict | Series] = list(found)
    for group, item in enumerate(items, 1):
        for told in _members(item):
            plain = {"scope": "/".join(told.scope), "period": "/".join(day or ".." for day in told.period or ())}
            values = asdict(told) | plain
            writer.writerow((group, *map(harmless, values.values())))
    return out.getvalue().rstrip("\n")


def _members(item: Told | Conflict | Series) -> tuple[Told, ...]:
    if isinstance(item, Told):
        return (item,)
    return (item.one, item.other) if isinstance(item, Conflict) else item.points


FINDERS: dict[str, Callable[[Corpus, Query], Found]] = {
    "all": observations,
    "conflicts": conflicts,
    "series": series,
}
FORMATS: dict[str, Callable[[Found], str]] = {"table": as_table, "json": as_json, "csv": as_csv}
