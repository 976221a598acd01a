"""Places: which paths of facts lie in a unit that a person names, of its own day or by today's units."""

from __future__ import annotations

import json
import re
import sqlite3

from corpus.query import has_diacritics
from corpus.store import Corpus
from extract.text import fold, one_tone

PREFIX = re.compile(
    r"^(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx\.?|xã|phường|thị trấn|tt\.?|đặc khu)\s+(?=\D)", re.IGNORECASE
)


def place_ids(corpus: Corpus, said: str, *, today: bool = False) -> list[int]:
    """Ids in `places` of a unit and of everything below it.

    `said` is a unit's key, a name ("huyện Phú Tân", "Thanh Hoá") or a path of names from the top, "An Giang/Phú Tân".
    A name without diacritics means every unit that folds to it. `today` takes the units of today and what went into
    them in whole.
    """
    units = _units(corpus, said, today=today)
    sql = (
        "SELECT p.id FROM unit_within AS w JOIN places AS p ON p.unit_key = w.unit "
        "WHERE w.above IN (SELECT value FROM json_each(?)) AND w.today = ?"
    )
    found = {row[0] for row in corpus.conn.execute(sql, (json.dumps(units), int(today)))}
    steps = _steps(said)
    pattern = "%/" + "/%".join(f"{fold(step)}/" for step in steps) + "%"
    unsettled = "AND unit_key = ''" if today else ""
    named = "SELECT id, path FROM places WHERE '/' || folded || '/' LIKE ? " + unsettled
    found |= {row[0] for row in corpus.conn.execute(named, (pattern,)) if _spelt(json.loads(row[1]), steps)}
    return sorted(found)


def is_place(corpus: Corpus, said: str) -> bool:
    """Whether `said`, as for `place_ids`, is a unit or a place that a fact names."""
    return bool(_units(corpus, said, today=False) or place_ids(corpus, said))


def unit_of(conn: sqlite3.Connection, path: list[str], day: str | None) -> str | None:
    """The key of the one unit that has this path (names from the province down) on a day; None for none or several."""
    sql = (
        "SELECT key FROM units WHERE path = ?1 AND (?2 IS NULL OR (coalesce(first_day, ?2) <= ?2 "
        "AND coalesce(last_day, ?2) >= ?2))"
    )
    rows = conn.execute(sql, (json.dumps(path, ensure_ascii=False), day)).fetchall()
    return rows[0]["key"] if len(rows) == 1 else None


def _units(corpus: Corpus, said: str, *, today: bool) -> list[str]:
    """Keys of the units meant: the key itself, or every unit whose path ends in the names said."""
    if corpus.conn.execute("SELECT 1 FROM units WHERE key = ?", (said,)).fetchone():
        return [said]
    steps = _steps(said)
    exists = "AND last_day IS NULL" if today else ""
    rows = corpus.conn.execute(f"SELECT key, path FROM units WHERE folded = ? {exists}", (fold(steps[-1]),))
    return [row["key"] for row in rows if _spelt(json.loads(row["path"]), steps)]


def _steps(said: str) -> list[str]:
    return [PREFIX.sub("", step.strip()) for step in said.split("/") if step.strip()] or [said]


def _spelt(path: list[str], steps: list[str]) -> bool:
    """Whether the names said stand in the path in their order, with their diacritics where they were typed with any."""
    rest = iter(path)
    return all(any(_same(name, step) for name in rest) for step in steps)


def _same(name: str, said: str) -> bool:
    form = one_tone if has_diacritics(said) else fold
    return form(name).lower() == form(said).lower()
