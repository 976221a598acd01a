"""Cue words: the families of cues.tsv and the roles of roles.tsv, compiled once into one pattern each."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from extract.facts import Span
from extract.text import one_tone

# "hiện" and "nay" inside another word ("thực hiện", "năm nay") say nothing of the present.
INSIDE_WORDS = re.compile(r"(?:thực|thể|xuất|phát|biểu|tái|ẩn|hiện|hôm|năm|ngày|sáng|chiều|tối|xưa) $")


class Role(NamedTuple):
    """A row of roles.tsv: which figures (`kind`), which `role`, and on which side of the figure its cue stands."""

    kind: str
    role: str
    side: str
    cue: str
    gloss: str
    example: str


class Cue(NamedTuple):
    """A row of cues.tsv: a phrase of a family, with a gloss and an example."""

    family: str
    cue: str
    gloss: str
    example: str


def rows(name: str) -> list[list[str]]:
    """The rows of a TSV file beside this module, without its head."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


@cache
def roles() -> tuple[Role, ...]:
    """All rows of roles.tsv."""
    return tuple(Role(*row) for row in rows("roles.tsv"))


@cache
def cues() -> tuple[Cue, ...]:
    """All rows of cues.tsv."""
    return tuple(Cue(*row) for row in rows("cues.tsv"))


def alternation(phrases: list[str]) -> re.Pattern[str]:
    """A pattern for whole words, the longest phrase first; it wants text folded by `lowered`."""
    ordered = sorted(map(lowered, phrases), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


def lowered(text: str) -> str:
    """Lower case, one tone placement and plain spaces, character for character."""
    low = text.lower()
    if len(low) != len(text):  # a letter such as İ grows when it is lowered
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return one_tone(low.replace("\xa0", " "))


@cache
def family(name: str) -> re.Pattern[str]:
    """The pattern of one family of cues.tsv."""
    return alternation([cue.cue for cue in cues() if cue.family == name])


def last(name: str, low: str, start: int, end: int) -> Span | None:
    """The last cue of a family within `low[start:end]`."""
    found = None
    for match in family(name).finditer(low, start, end):
        found = match.span()
    return found


def first(name: str, low: str, start: int, end: int) -> Span | None:
    """The first cue of a family within `low[start:end]`."""
    match = family(name).search(low, start, end)
    return match.span() if match else None


def ends_with(name: str, low: str, start: int, end: int) -> bool:
    """Whether `low[start:end]` ends with a cue of the family, white space aside."""
    found = last(name, low, start, end)
    return found is not None and not low[found[1] : end].strip()
