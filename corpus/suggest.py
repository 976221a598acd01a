"""Suggestions: the administrative units that somebody may mean who has typed the beginning of a name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.query import has_diacritics
from corpus.store import Corpus
from extract.text import fold, normalise, one_tone

SHOWN = 12
LONGEST = 80  # characters that are looked at
# What may stand before a name, as it is typed and as full names begin.
KINDS = {"tinh": "Tỉnh", "thanh pho": "Thành phố", "tp": "Thành phố", "huyen": "Huyện", "quan": "Quận",
         "thi xa": "Thị xã", "tx": "Thị xã", "xa": "Xã", "phuong": "Phường", "thi tran": "Thị trấn", "tt": "Thị trấn",
         "dac khu": "Đặc khu"}  # fmt: skip
HEAD = re.compile(rf"^(?P<kind>{'|'.join(KINDS)})\.?\s+(?P<name>\D.*)")
MOST = 60  # units that are ranked, of those that begin as typed; more where it was typed with diacritics
LEVELS = ("province", "district", "commune", "hamlet")
COLUMNS = (
    "key, level, full_name, name, path, first_day, last_day, "
    "EXISTS (SELECT 1 FROM places WHERE unit_key = units.key) AS told"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as people tell it from others: `kind` is what stands before its name ("huyện"), `above` the names of the
    units that it lies in, the nearest first; `told` whether the corpus speaks of it."""

    key: str
    level: str
    kind: str
    name: str
    above: tuple[str, ...]
    first_day: str | None
    last_day: str | None
    told: bool


def places_like(corpus: Corpus, typed: str, limit: int = SHOWN) -> list[Unit]:
    """Units whose name begins as typed, with or without diacritics, the likeliest first.

    Behind the name its province or district may follow ("phu tan an gi"), before it its kind ("huyện phú tân").
    """
    said = " ".join(normalise(typed)[:LONGEST].lower().split())
    folded = fold(said)
    most = MOST * 6 if has_diacritics(said) else MOST
    found = {unit.key: unit for unit in _like(corpus, folded, most)}
    if head := HEAD.match(folded):
        found |= {unit.key: unit for unit in _like(corpus, head["name"], most, KINDS[head["kind"]])}
    spelled = one_tone(said) if has_diacritics(said) else ""
    first = re.split("[,/]", folded)[0].strip()

    def rank(unit: Unit) -> tuple[object, ...]:
        full = f"{unit.kind} {unit.name}".lower()
        forms = (one_tone(unit.name).lower(), one_tone(full))
        exactly = first in {fold(unit.name), fold(full)}
        return (
            bool(spelled) and not any(form.startswith(spelled) or spelled.startswith(form) for form in forms),
            not exactly,
            LEVELS.index(unit.level),
            not unit.told,
            unit.last_day is not None,
            len(unit.name),
            unit.above[::-1],
            unit.key,
        )

    return sorted(found.values(), key=rank)[:limit]


def unit_of_key(corpus: Corpus, key: str) -> Unit | None:
    """The unit of a key."""
    row = corpus.conn.execute(f"SELECT {COLUMNS} FROM units WHERE key = ?", (key,)).fetchone()
    return _unit(row) if row else None


def _like(corpus: Corpus, folded: str, most: int, kind: str = "") -> Iterator[Unit]:
    """Units by what is typed: all of it the start of a name, or the name and then words of the units above."""
    name, *rest = (part.split() for part in re.split("[,/]", folded))
    if rest:
        yield from _named(corpus, " ".join(name), [word for words in rest for word in words], most, kind)
        return
    for length in range(len(name), 0, -1):
        part = " ".join(name[:length])
        yield from _named(corpus, part, name[length:], most, kind, last=part if length < len(name) else None)


def _named(  # noqa: PLR0917
    corpus: Corpus, name: str, above: list[str], most: int, kind: str, last: str | None = None
) -> Iterator[Unit]:
    """Units of a name, or of one that begins so, of which every word of `above` begins a word of a unit above."""
    if not name:
        return
    sql = (
        f"SELECT {COLUMNS} FROM units WHERE folded BETWEEN ?1 AND ?2 AND full_name LIKE ?3 "
        "ORDER BY folded <> ?1, instr('pdch', substr(level, 1, 1)), told DESC, last_day IS NOT NULL, length(name) "
        "LIMIT ?4"
    )
    bound = (name, last or f"{name}\U0010ffff", f"{kind} %" if kind else "%", -1 if above else most)
    for row in corpus.conn.execute(sql, bound):
        unit = _unit(row)
        words = fold(" ".join(unit.above)).split()
        if all(any(word.startswith(start) for word in words) for start in above):
            yield unit


def _unit(row: tuple[object, ...]) -> Unit:
    key, level, full, name, path, first, last, told = map(_text, row)
    kind = full.removesuffix(name).strip().lower() if full.endswith(name) else ""
    above = tuple(json.loads(path)[-2::-1])
    return Unit(key, level, kind, name, above, first or None, last or None, told == "1")


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)
