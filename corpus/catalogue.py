"""What the corpus knows before any article: the sites of the catalogue and the administrative units with their days."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from corpus.store import Corpus, batches, upsert
from extract.text import fold

SITE = ("id", "name", "home", "province", "province_2024")
UNIT = ("key", "code", "era", "level", "full_name", "name", "folded", "parent", "path", "first_day", "last_day",
        "lat", "lon")  # fmt: skip

# Each unit below each unit above it (itself included): by its own parents, and below the units of today that have all
# of its successors.
WITHIN = """
INSERT INTO unit_within (above, unit, today)
WITH RECURSIVE
  line (above, unit) AS (
    SELECT key, key FROM units
    UNION SELECT u.parent, line.unit FROM line JOIN units AS u ON u.key = line.above WHERE u.parent IS NOT NULL),
  became (unit, successor, parts) AS (
    SELECT key, key, 1 FROM units WHERE last_day IS NULL
    UNION ALL SELECT unit, successor, count(*) OVER (PARTITION BY unit) FROM unit_successors)
SELECT above, unit, 0 FROM line
UNION ALL
SELECT line.above, became.unit, 1 FROM became JOIN line ON line.unit = became.successor
GROUP BY line.above, became.unit HAVING count(*) = max(became.parts)
"""


def save_sites(corpus: Corpus, sites: Iterable[Mapping[str, Any]]) -> int:
    """Writes sites (`id`, `name`, `home`, and `province`, `province_2024` where known); gives their number."""
    rows = [tuple(site.get(column) for column in SITE) for site in sites]
    sql = upsert("sites", SITE, "id")
    for batch in batches(rows):
        with corpus.write() as conn:
            conn.executemany(sql, batch)
    return len(rows)


def save_units(
    corpus: Corpus, units: Iterable[Mapping[str, Any]], successors: Iterable[tuple[str, str, str]] = ()
) -> int:
    """Writes units in any order and their (unit, successor, "whole" or "part"); gives the number of units.

    A unit has `key`, `code`, `era`, `level`, `full_name`, `name`, `path` (names from the province down) and, where
    known, `parent`, `first_day`, `last_day` (None: exists today), `lat`, `lon`. Nothing is written where nothing
    changed, so that this may be called at every start.
    """
    rows = [_unit_row(unit) for unit in units]
    links = list(successors)
    if _same(corpus, rows, links):
        return len(rows)
    with corpus.write() as conn:  # one transaction in spite of its size: half a table of units would misplace facts
        conn.execute("DELETE FROM unit_within")
        conn.executemany(upsert("units", UNIT, "key"), rows)
        conn.execute("DELETE FROM unit_successors")
        conn.executemany("INSERT INTO unit_successors (unit, successor, share) VALUES (?, ?, ?)", links)
        conn.execute(WITHIN)
    return len(rows)


def _same(corpus: Corpus, rows: list[tuple[Any, ...]], links: list[tuple[str, str, str]]) -> bool:
    have = {tuple(row) for row in corpus.conn.execute(f"SELECT {', '.join(UNIT)} FROM units")}
    joined = {tuple(row) for row in corpus.conn.execute("SELECT unit, successor, share FROM unit_successors")}
    return set(rows) <= have and set(links) == joined


def _unit_row(unit: Mapping[str, Any]) -> tuple[Any, ...]:
    made = {"folded": fold(unit["name"]), "path": json.dumps(list(unit["path"]), ensure_ascii=False)}
    return tuple(made.get(column, unit.get(column)) for column in UNIT)
