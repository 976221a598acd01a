"""Queries: what a person may ask, and how the words they type become full-text queries; no input is a syntax error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from extract.facts import Kind, Level, Qualifier
from extract.text import fold

Sort = Literal["relevance", "date", "value"]
State = Literal["open", "accept", "correct", "reject", "decided"]

# A phrase in quotes (closed or not), or a run without space; a minus before either excludes it.
PIECE = re.compile(r"""(?P<minus>(?<!\S)-)?(?:["“”„](?P<phrase>[^"“”„]*)["“”„]?(?P<star>\*)?|(?P<word>[^\s"“”„]+))""")
WORD = re.compile(r"[^\W_]+")
# Old and new tone placement of the open syllables oa, oe, uy; each is looked up in both.
PLACED = re.compile(r"^(?P<head>\w*?)(?P<first>[oòóỏõọuùúủũụ])(?P<second>[aàáảãạeèéẻẽẹyỳýỷỹỵ])$")
MARKS = "\u0300\u0301\u0303\u0309\u0323"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for among the facts: None and empty mean "any".

    `words` is what a person types. `place` is a unit's key or a name ("Phú Tân", "An Giang/Phú Tân"), all below it too;
    `today` takes it by today's units. `since` and `until` bound the publication day, `first` and `last` the fact's own
    days (overlap). `low` and `high` bound the value, in whole units. `copies` lets facts in that are told elsewhere
    first. `after` is a fact's id: only facts stored later. `state` "decided" is accept, correct or reject.
    """

    words: str = ""
    kind: Kind | None = None
    place: str | None = None
    today: bool = False
    level: Level | None = None
    measure: str | None = None
    role: str | None = None
    unit: str | None = None
    site: str | None = None
    province: str | None = None
    since: str | None = None
    until: str | None = None
    first: str | None = None
    last: str | None = None
    low: float | None = None
    high: float | None = None
    qualifier: Qualifier | None = None
    confidence: float | None = None
    state: State | None = None
    copies: bool = False
    after: int | None = None
    sort: Sort | None = None
    limit: int = 20
    offset: int = 0

    def mapping(self) -> dict[str, Any]:
        """The fields that say something, for JSON and URLs; `Query(**mapping)` is the same query."""
        default = Query()
        return {name: value for name, value in asdict(self).items() if value != getattr(default, name)}

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> Query:
        """The query of a saved mapping; fields that this version does not know are an error (ValueError)."""
        unknown = mapping.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"a query has no field {min(unknown)!r}")
        return cls(**mapping)


@dataclass(frozen=True, slots=True)
class Match:
    """A full-text query: `match` for FTS5, whether it asks the exact tables, and whether it names what must not be."""

    match: str
    exact: bool
    negated: bool = False


def measure_of(said: str) -> str:
    """A measure as the vocabulary writes it: "mô hình dân vận khéo" is mo_hinh_dan_van_kheo."""
    return "_".join(fold(said).replace("_", " ").split())


def has_diacritics(text: str) -> bool:
    """Whether folding the text changes more than its case."""
    return fold(text) != unicodedata.normalize("NFC", text).lower()


def matches(words: str) -> list[Match]:
    """The full-text queries to try in turn: exact where diacritics were typed, then folded; none for no words."""
    words = unicodedata.normalize("NFC", words)
    tried = [True, False] if has_diacritics(words) else [False]
    return [match for exact in tried if (match := _match(words, exact))]


def plain_words(words: str) -> list[str]:
    """The words of a query without signs and without what a minus excludes, for marking them in a text."""
    found: list[str] = []
    for piece in PIECE.finditer(unicodedata.normalize("NFC", words)):
        if not piece["minus"] and piece["word"] != "OR":
            found += WORD.findall(piece["phrase"] if piece["phrase"] is not None else piece["word"])
    return found


def _match(words: str, exact: bool) -> Match | None:
    """`words` in FTS5's language: (a AND b) per side of OR, NOT what a minus excludes; None where no word is left."""
    sides: list[list[str]] = [[]]
    excluded: list[str] = []
    for piece in PIECE.finditer(words):
        if piece["word"] in {"OR", "HOẶC"} and not piece["minus"]:
            sides.append([])
            continue
        term = _term(piece, exact)
        if term:
            (excluded if piece["minus"] else sides[-1]).append(term)
    wanted = " OR ".join(f"({' AND '.join(side)})" for side in sides if side)
    unwanted = " OR ".join(excluded)
    if wanted and unwanted:
        return Match(f"({wanted}) NOT ({unwanted})", exact)
    return Match(wanted or unwanted, exact, negated=not wanted) if wanted or unwanted else None


def _term(piece: re.Match[str], exact: bool) -> str:
    """One word or phrase as FTS5 has it; a word with signs inside (40,4 or 05-CT/TW) is a phrase."""
    said = piece["phrase"] if piece["phrase"] is not None else piece["word"]
    star = "*" if piece["star"] or (piece["word"] or "").endswith("*") else ""
    syllables = [syllable if exact else fold(syllable) for syllable in WORD.findall(said)]
    if not syllables:
        return ""
    spellings = [syllables]
    if exact:
        placed = [other_tone(syllable) for syllable in syllables]
        spellings += [placed] if placed != syllables else []
    phrases = [f'"{" ".join(spelling)}"{star}' for spelling in spellings]
    return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"


def other_tone(syllable: str) -> str:
    """An open syllable in oa, oe, uy with its tone on the other vowel: "hoà" for "hòa" and back; others unchanged."""
    found = PLACED.match(syllable.lower())
    if not found or found["head"].endswith("q"):
        return syllable
    first, second = (unicodedata.normalize("NFD", found[name]) for name in ("first", "second"))
    tones = [[mark for mark in letter if mark in MARKS] for letter in (first, second)]
    if bool(tones[0]) == bool(tones[1]):
        return syllable
    swapped = first[0] + "".join(tones[1]), second[0] + "".join(tones[0])
    return found["head"] + "".join(unicodedata.normalize("NFC", letter) for letter in swapped)
