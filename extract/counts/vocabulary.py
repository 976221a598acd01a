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
SPACED = frozenset(SPACES)


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
# What may go on to a longer noun: "hợp", "hợp tác".
BEGINNINGS = {" ".join(noun.split()[:count]) for noun in NOUNS for count in range(1, LONGEST)} - {""}
ORDINALS = _words("ordinal")
EACH = _words("each")
VERB_LIKE = _words("verb-like")
LOCATIVE = _words("locative")
SITES = _words("site")
COMPOUNDS = _words("compound")
LOW = _words("low")
GIVING = _words("giving")
ROADS = _words("road")
OCCASIONS = _words("occasion")  # behind a hamlet's word the number is theirs where they close the phrase
CLOSES = re.compile(r"\s?(?:[.,;:)/]|$|\n)|\s(?:mỗi|một|trong|để)\s")
FOLLOWERS = frozenset(row["word"] for row in _rows("followers.tsv"))


def noun_at(text: str, start: int) -> Noun | None:
    """The longest known noun at `start`, a classifier with its noun; of an unknown one the first syllables."""
    known = _known(text, start)
    if known is None:
        return _unknown(text, start)
    if known.kind == "classifier" and text[known.end : known.end + 1] in SPACED:
        inner = _known(text, known.end + 1)
        if inner and inner.kind not in {"time", "classifier"}:
            return Noun(inner.end, f"{known.form} {inner.form}", "thing")
    return known


def _syllable(text: str, start: int) -> tuple[str, int]:
    """The syllable at `start` and its end; empty where there is none."""
    match = SYLLABLE.match(text, start)
    if not match:
        return "", start
    end = match.end()
    if text[end : end + 1].isdigit():
        end += 1  # km2, m3
    return text[start:end], end


def _known(text: str, start: int) -> Noun | None:
    """The longest noun of the table at `start`, only single spaces between its syllables."""
    found = None
    syllable, end = _syllable(text, start)
    form = syllable.lower()
    while syllable:
        if kind := NOUNS.get(form):
            found = Noun(end, form, kind)
        if form not in BEGINNINGS or text[end : end + 1] not in SPACED:
            break
        syllable, end = _syllable(text, end + 1)
        form = f"{form} {syllable.lower()}"
    return found


def _unknown(text: str, start: int) -> Noun | None:
    """A noun not in the table: one or two syllables in lower case, none a word that closes a figure."""
    first, end = _syllable(text, start)
    if first in FOLLOWERS or not first.islower() or len(first) < 2:
        return None
    if text[end : end + 1] in SPACED:
        second, second_end = _syllable(text, end + 1)
        if second.islower() and second not in FOLLOWERS and second not in NOUNS:
            return Noun(second_end, f"{first} {second}", "unknown")
    return Noun(end, first, "unknown")
