"""The names of the units cut into words, so that a text's words can be looked up from any capital on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from extract.facts import Level
from extract.places.spelling import spell
from extract.places.units import Units, load, short_name
from extract.text import UPPER

LOWER = "a-z" + "".join(filter(str.islower, map(chr, range(0xDF, 0x1EFA))))
# A word: capitals, a syllable, or a number. A capital inside opens a new one: "An GiangPhong" is three words.
WORD = re.compile(rf"[{UPPER}]+(?![{LOWER}])|[{UPPER}]?[{LOWER}]+|\d+")

SINGLE = re.compile(r"(?<= )(\w) (?=\w{2})")


@dataclass(frozen=True, slots=True)
class Names:
    """`keys` by the spelled words of a name; `longest` the most words that begin with a word."""

    keys: dict[str, tuple[str, ...]]
    longest: dict[str, int]
    numbered: dict[str, tuple[str, ...]]
    levels: dict[str, frozenset[Level]]


def words_of(name: str) -> list[str]:
    """The spelled words of a name: "Ea H'leo" → ["ea", "h", "leo"]."""
    return [spell(word) for word in WORD.findall(name)]


def closed_up(form: str) -> str:
    """A spelled name with single letters joined to the next word: "krông a na" → "krông ana"."""
    return SINGLE.sub(r"\1", form)


@lru_cache(maxsize=1)
def names() -> Names:
    """The names of every unit, built once in a process."""
    units = load()
    keys: dict[str, tuple[str, ...]] = {}
    numbered: dict[str, tuple[str, ...]] = {}
    for key in units.units:
        for full in units.names(key):
            name = short_name(full)
            index = numbered if name == full and name.count(" ") == 1 else keys
            for form in {" ".join(words_of(name)), spell(name), closed_up(spell(name))}:  # "k bang" and "kbang"
                index[form] = (*index.get(form, ()), key)
    for alias, name in units.aliases.items():
        form = " ".join(words_of(alias))
        keys[form] = (*keys.get(form, ()), *_provinces(units, name))
    longest: dict[str, int] = {}
    for form in keys:
        first, count = form.split(" ", 1)[0], form.count(" ") + 1
        longest[first] = max(longest.get(first, 0), count)
    levels = {form: frozenset(units.units[key].level for key in found) for form, found in keys.items()}
    return Names(keys, longest, numbered, levels)


def _provinces(units: Units, name: str) -> tuple[str, ...]:
    return tuple(key for key in units.named(name) if units.units[key].level == "province")
