"""Figures: one measure by place and year, each cell with the figures behind it, counted as `corpus.frames` does."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any, Literal

from corpus.kept import kept, moment
from corpus.observations import OF_MEASURE
from corpus.places import place_ids, unit_of
from corpus.store import Corpus
from extract.facts import Level

How = Literal["max", "last", "count", "sum"]

MEASURED = f"{OF_MEASURE.replace('?', ':measure')} AND measure = :measure"
# The same for a place.
THERE = """id IN (
  SELECT fact_id FROM observations WHERE place_id IN (SELECT id FROM places WHERE path = :scope)
  UNION SELECT id FROM facts WHERE state = 'correct' AND review_id IS NOT NULL)"""
ROWS = f"""
SELECT id, kind, value, qualifier, currency, per, link, scope, scope_unit, published, published_day,
  substr(coalesce(as_of, period_to, period_from), 1, 4) AS year
FROM current_observations
WHERE {MEASURED} AND (:role IS NULL OR role = :role)
  AND (NOT :accepted OR state IN ('accept', 'correct'))
ORDER BY published, key"""
ABOVE = """
SELECT w.unit, u.key, u.path, u.first_day, u.last_day, u.lat, u.lon
FROM json_each(?) AS wanted JOIN unit_within AS w ON w.unit = wanted.value AND w.today = ?
JOIN units AS u ON u.key = w.above WHERE u.level = ?"""
DETAILS = """
SELECT o.*, s.name AS paper FROM current_observations AS o LEFT JOIN sites AS s ON s.id = o.site_id
WHERE o.id IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to tabulate: a measure (by its id), places of a `level` by the units of the day or of today, and how.

    A cell holds the largest figure told ("max"), the one published "last", their "count" or their "sum". `first` and
    `last` bound the years; `accepted` takes only what a person accepted or corrected.
    """

    measure: str
    role: str | None = None
    level: Level = "province"
    today: bool = False
    first: int | None = None
    last: int | None = None
    accepted: bool = False
    how: How = "max"


@dataclass(frozen=True, slots=True)
class Place:
    """A row: `key` of the unit, or the name alone where no unit is certain; `lat` and `lon` in degrees where known."""

    key: str
    path: tuple[str, ...]
    first_day: str | None = None
    last_day: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """`value` in whole units made from so many `figures`; `qualifier` where it is the value of one figure, `fact`."""

    value: float
    figures: int
    fact: int | None = None
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure that is in a table: where and when it stands there."""

    fact: int
    value: float
    qualifier: str | None
    place: str
    year: int


@dataclass(frozen=True, slots=True)
class Read:
    """The figures of a wish, the earliest published first, before the bounds of years; `left_out` by reason."""

    entries: tuple[Entry, ...]
    places: dict[str, Place]
    kind: str | None
    currency: str | None
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by place and year, and the same made over all places of a year and over all years of a place."""

    wish: Wish
    read: Read
    places: tuple[Place, ...]
    years: tuple[int, ...]
    cells: dict[tuple[str, int], Cell]
    by_year: dict[int, Cell]
    by_place: dict[str, Cell]
    figures: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as evidence: the sentence, where the figure stands in it (`mark`), the article and what it speaks for.

    `low` and `high` are what the words allow, None where they are open.
    """

    id: int
    article: int
    kind: str
    text: str
    sentence: str
    mark: tuple[int, int]
    title: str
    url: str
    paper: str | None
    published: str | None
    measure: str
    role: str
    scope: tuple[str, ...]
    period: tuple[str | None, str | None] | None
    day: str | None
    value: float | None
    value_max: float | None
    low: float | None
    high: float | None
    qualifier: str | None
    unit: str | None
    currency: str | None
    state: str
    thing: tuple[Any, ...] = field(repr=False, default=())  # what figures share that may contradict one another


def measured(corpus: Corpus) -> list[str]:
    """The measures of which there are figures, the most frequent first."""
    sql = "SELECT measure FROM observations GROUP BY measure ORDER BY count(*) DESC, measure"
    at = moment(corpus, reviews=False)
    return kept(corpus, "measured", at, lambda: [row[0] for row in corpus.conn.execute(sql)])


def tabulated(corpus: Corpus, wish: Wish) -> Table:
    """The table of a wish; copies of an article count once. Empty where there is no such figure."""
    return kept(corpus, ("table", wish), moment(corpus), lambda: _tabulated_now(_read(corpus, wish), wish))


def _tabulated_now(read: Read, wish: Wish) -> Table:
    entries = [
        entry for entry in read.entries if (wish.first or 0) <= entry.year <= (wish.last or 9999)
    ]  # fmt: skip
    cells: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    years: dict[int, list[Entry]] = defaultdict(list)
    places: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        cells[entry.place, entry.year].append(entry)
        years[entry.year].append(entry)
        places[entry.place].append(entry)
    return Table(
        wish=wish,
        read=read,
        places=tuple(read.places[key] for key in places),
        years=tuple(sorted(years)),
        cells={at: _cell(group, wish.how) for at, group in cells.items()},
        by_year={year: _cell(group, wish.how) for year, group in years.items()},
        by_place={key: _cell(group, wish.how) for key, group in places.items()},
        figures=len(entries),
    )


def evidence(corpus: Corpus, wish: Wish, place: str | None, limit: int, offset: int = 0) -> tuple[int, list[Figure]]:
    """How many figures stand behind a cell (a place's key, or all; the years of the wish), and some, largest first."""
    found = [
        entry
        for entry in _read(corpus, wish).entries
        if place in (None, entry.place) and (wish.first or 0) <= entry.year <= (wish.last or 9999)
    ]
    chosen = nsmallest(offset + limit, found, key=lambda entry: (-entry.value, entry.fact))[offset:]
    return len(found), figures_of(corpus, [entry.fact for entry in chosen])


def told_of(corpus: Corpus, measure: str, scope: Sequence[str], role: str | None, limit: int) -> list[Figure]:
    """The dated figures of one measure and exactly one place, parts and rates left out; at most the latest `limit`."""
    sql = (
        f"SELECT id FROM current_observations WHERE {THERE} AND measure = :measure AND scope = :scope "
        "AND has_period AND link IS NULL AND per IS NULL AND value IS NOT NULL AND (:role IS NULL OR role = :role) "
        "ORDER BY coalesce(as_of, period_to, period_from) DESC, id LIMIT :limit"
    )
    said = {"measure": measure, "scope": json.dumps(list(scope), ensure_ascii=False), "role": role, "limit": limit}
    return figures_of(corpus, [row[0] for row in corpus.conn.execute(sql, said)])[::-1]


def scope_named(corpus: Corpus, said: str) -> tuple[str, ...]:
    """The path of the place that a person names, as for `place_ids`; the names as they came where no fact has it."""
    steps = tuple(step.strip() for step in said.split("/") if step.strip())
    sql = "SELECT path FROM places WHERE id IN (SELECT value FROM json_each(?)) ORDER BY json_array_length(path), path"
    found = corpus.conn.execute(sql, (json.dumps(place_ids(corpus, said)),)).fetchone() if steps else None
    return tuple(json.loads(found["path"])) if found else steps


def figures_of(corpus: Corpus, ids: Iterable[int]) -> list[Figure]:
    """The figures of these facts in this order; what was rejected or is gone is left out."""
    wanted = list(ids)
    found = {row["id"]: _figure(row) for row in corpus.conn.execute(DETAILS, (json.dumps(wanted),))}
    return [found[id] for id in wanted if id in found]


def contradict(one: Figure, other: Figure) -> bool:
    """Whether two figures cannot both be right, as the view `conflicts` has it."""
    if not one.thing or one.thing != other.thing or one.article == other.article:
        return False
    return _below(one, other) or _below(other, one)


def _below(one: Figure, other: Figure) -> bool:
    high = one.high if one.high is not None else one.value if one.qualifier == "exact" else None
    low = other.low if other.low is not None else other.value if other.qualifier == "exact" else None
    return high is not None and low is not None and high < low


def _figure(row: sqlite3.Row) -> Figure:
    start = row["start"] - row["sentence_start"]
    scope = tuple(json.loads(row["scope"])) if row["scope"] else ()
    period = (row["period_from"], row["period_to"]) if row["has_period"] else None
    return Figure(
        id=row["id"], article=row["article_id"], kind=row["kind"], text=row["text"], sentence=row["sentence"],
        mark=(start, start + row["end"] - row["start"]), title=row["title"], url=row["url"], paper=row["paper"],
        published=row["published"], measure=row["measure"], role=row["role"], scope=scope, period=period,
        day=row["as_of"] or row["period_to"] or row["period_from"], value=row["value"], value_max=row["value_max"],
        low=row["value_low"], high=row["value_high"], qualifier=row["qualifier"], unit=row["unit"],
        currency=row["currency"], state=row["state"],
        thing=() if row["link"] == "part" or not scope or period is None or row["role"] == "other" else
        (scope, row["measure"], row["role"], row["kind"], row["unit"], row["currency"], row["per"], period),
    )  # fmt: skip


def _cell(entries: Sequence[Entry], how: How) -> Cell:
    number = len(entries)
    if how == "count":
        return Cell(number, number)
    if how == "sum":
        return Cell(sum(entry.value for entry in entries), number)
    told = entries[-1] if how == "last" else max(entries, key=lambda entry: entry.value)
    return Cell(told.value, number, told.fact, told.qualifier)


def _read(corpus: Corpus, wish: Wish) -> Read:
    """The figures of a wish, from the corpus or as they were read before."""
    asked = ("figures", wish.measure, wish.role, wish.level, wish.today, wish.accepted)
    return kept(corpus, asked, moment(corpus), lambda: _read_now(corpus, wish))


def _read_now(corpus: Corpus, wish: Wish) -> Read:
    said = {"measure": wish.measure, "role": wish.role, "accepted": wish.accepted}
    rows = corpus.conn.execute(ROWS, said).fetchall()
    currencies = Counter(row["currency"] for row in rows if row["currency"])
    currency = min(currencies, key=lambda name: (-currencies[name], name)) if currencies else None
    found = _places(corpus, rows, wish)
    left_out: Counter[str] = Counter()
    entries = []
    for row in rows:
        place = found.get(row["id"])
        why = _why_not(row, currency, place)
        if why:
            left_out[why] += 1
        elif place:
            entries.append(Entry(row["id"], row["value"], row["qualifier"], place.key, int(row["year"])))
    places = {place.key: place for place in found.values()}
    kind = rows[0]["kind"] if rows else None
    return Read(tuple(entries), places, kind, currency, dict(left_out))


def _why_not(row: sqlite3.Row, currency: str | None, place: Place | None) -> str | None:
    """Why a figure is in no cell, or None."""
    reasons = {
        "part": row["link"] is not None,
        "rate": row["per"] is not None,
        "currency": row["currency"] not in (None, currency),
        "place": place is None,
        "year": row["year"] is None,
        "value": row["value"] is None,
    }
    return next((why for why, holds in reasons.items() if holds), None)


def _places(corpus: Corpus, rows: Sequence[sqlite3.Row], wish: Wish) -> dict[int, Place]:
    """The place of the wished level in which each figure stands, by fact: by its unit or, where none is certain, by
    the province that its path names."""
    named: dict[tuple[str, str | None], str | None] = {}
    units: dict[int, str] = {}
    for row in rows:
        if row["scope_unit"]:
            units[row["id"]] = row["scope_unit"]
        elif row["scope"] and wish.level == "province":
            name = json.loads(row["scope"])[0]
            asked = (name, row["published_day"])
            if asked not in named:
                named[asked] = unit_of(corpus.conn, [name], row["published_day"])
            units[row["id"]] = named[asked] or name
    wanted = json.dumps(sorted(set(units.values())), ensure_ascii=False)
    above = {
        unit: Place(key, tuple(json.loads(path)), *rest)
        for unit, key, path, *rest in corpus.conn.execute(ABOVE, (wanted, wish.today, wish.level))
    }
    known = {row[0] for row in corpus.conn.execute(
        "SELECT key FROM units WHERE key IN (SELECT value FROM json_each(?))", (wanted,))}  # fmt: skip
    found = {}
    for fact, unit in units.items():
        if unit in above:
            found[fact] = above[unit]
        elif unit not in known:  # a name that no one unit of the day has
            found[fact] = Place(unit, (unit,))
    return found
