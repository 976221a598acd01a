"""The words of counting, read from the tables beside this file: nouns by kind, and the words that rule a count out."""

from __future__ import annotations

import re
from csv import DictReader, excel_tab
from dataclasses import dataclass
from pathlib import Path

LONGEST = 5  # syllables of the longest noun
COUNTLESS = frozenset({"time", "measure"})
SYLLABLE = re.compile(r"[^\W\d_]+(?:[-–][^\W\d_]+)?[²³]?")
SPACES = " \u00a0\u2009\u202f"


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of a text: its end there, its lower-case form and its kind in nouns.tsv, or "unknown"."""

    end: int
    form: str
    kind: str


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(DictReader(file, dialect=excel_tab))


def _words(kind: str) -> frozenset[str]:
    return frozenset(row["word"].lower() for row in _rows("context.tsv") if row["kind"] == kind)


NOUNS = {row["noun"].lower(): row["kind"] for row in _rows("nouns.tsv")}
# By a noun's first syllable: how many syllables to look at, more behind a classifier.
REACH: dict[str, int] = {}
for _noun, _kind in NOUNS.items():
    _first, *_rest = _noun.split()
    REACH[_first] = max(REACH.get(_first, 1), 1 + len(_rest) + (LONGEST if _kind == "classifier" else 0))
ORDINALS = _words("ordinal")
EACH = _words("each")
VERB_LIKE = _words("verb-like")
LOCATIVE = _words("locative")
FOLLOWERS = frozenset(row["word"] for row in _rows("followers.tsv"))


def noun_at(text: str, start: int) -> Noun | None:
    """The longest known noun at `start`, a classifier with its noun; of an unknown one the first syllables."""
    first = SYLLABLE.match(text, start)
    if not first:
        return None
    syllables = _syllables(text, start, REACH.get(first.group().lower(), 2))
    known = _longest(syllables)
    if known is None:
        return _unknown(text, syllables)
    count, form, kind = known
    if kind == "classifier" and (inner := _longest(syllables[count:])) and inner[2] not in {"time", "classifier"}:
        more, rest, _ = inner
        return Noun(syllables[count + more - 1][1], f"{form} {rest}", "thing")
    return Noun(syllables[count - 1][1], form, kind)


def _syllables(text: str, start: int, most: int) -> list[tuple[str, int]]:
    """Up to `most` syllables from `start` on with their ends, only single spaces between."""
    found: list[tuple[str, int]] = []
    at = start
    while len(found) < most:
        match = SYLLABLE.match(text, at)
        if not match:
            break
        end = match.end()
        if end < len(text) and text[end].isdigit():
            end += 1  # km2, m3
        found.append((text[at:end], end))
        if end >= len(text) or text[end] not in SPACES:
            break
        at = end + 1
    return found


def _longest(syllables: list[tuple[str, int]]) -> tuple[int, str, str] | None:
    for count in range(min(LONGEST, len(syllables)), 0, -1):
        form = " ".join(syllable for syllable, _ in syllables[:count]).lower()
        if form in NOUNS:
            return count, form, NOUNS[form]
    return None


def _unknown(text: str, syllables: list[tuple[str, int]]) -> Noun | None:
    """A noun not in the table: one or two syllables in lower case, none a word that closes a figure."""
    first, end = syllables[0]
    if first in FOLLOWERS or not first.islower() or len(first) < 2:
        return None
    if len(syllables) > 1:
        second, second_end = syllables[1]
        if second.islower() and second not in FOLLOWERS and second not in NOUNS:
            return Noun(second_end, f"{first} {second}", "unknown")
    return Noun(end, first, "unknown")
