"""The administrative units of Vietnam through time: provinces, districts and communes with their days and successors.

A unit's key is its era and its code: "pre:89" (old An Giang, to 30 June 2025), "post:91" (An Giang since), "old:ha-tay"
(gone before March 2025; no code, a name of ours). A code has two digits for a province, three for a district, five
for a commune, and may name another unit in the other era. Sources: units.tsv (generated from vietnamadminunits, MIT),
earlier.tsv, founded.tsv and changes.tsv (resolutions, by body and year), aliases.tsv (other spellings of provinces).

    units = load()
    units.province("TP.HCM", day)         the province so called on that day
    units.path("pre:30280")               ("An Giang", "Thoại Sơn", ...), the names as the guidelines write them
    units.today("pre:886")                [("post:…", True), ...]: what it is now, True where the whole went there
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from extract.facts import Level
from extract.places.spelling import plain_spell, spell
from extract.text import fold

FOLDER = Path(__file__).parent
REFORM = date(2025, 7, 1)  # the first day of 34 provinces and no districts
LEVELS: tuple[Level, ...] = ("province", "district", "commune")
TYPES = ("Tỉnh", "Thành phố", "Quận", "Huyện", "Thị xã", "Thị trấn", "Phường", "Xã", "Đặc khu")
ROMAN = re.compile(r"[IVX]+")
Part = tuple[str, bool]  # a unit's key, and whether the whole went there


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `full` is its last full name ("Huyện Thoại Sơn"), `name` what the guidelines write ("Thoại Sơn").

    `first` and `last` are inclusive days, None where the table knows none; `into` its direct successors.
    `took_in` names units merged into it before 2025, level and name in plain letters ("xadinhxuyen").
    """

    key: str
    level: Level
    full: str
    name: str
    parent: str | None
    first: date | None
    last: date | None
    into: tuple[Part, ...]
    took_in: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Its type in lower case: "huyện", "thị xã"."""
        return self.full[: -len(self.name)].strip().lower() if self.name != self.full else self.full.split()[0].lower()

    @property
    def era(self) -> str:
        """The part of the key before the colon: "old", "pre" or "post"."""
        return self.key[: self.key.index(":")]

    def existed(self, day: date) -> bool:
        """Whether it stood on that day, as far as the table knows."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def short_name(full: str) -> str:
    """A full name without its type; a number keeps it: "Phường 2", "Phường 2 Bảo Lộc", "Phường IV"."""
    for kind in TYPES:
        rest = full.removeprefix(kind + " ")
        if rest != full:
            return full if rest[0].isdigit() or ROMAN.fullmatch(rest) else rest
    return full


def former_key(full: str) -> str:
    """A full name as `took_in` has it, i and y, c and k made one: "Xã Đăk Hlơ" → "xadachlo"."""
    return plain_spell(full).replace("y", "i").replace("k", "c")


class Units:
    """The table with its lookups; the indexes are built when first asked for."""

    def __init__(
        self, units: dict[str, Unit], renamed: dict[str, tuple[date, str, str]], aliases: dict[str, str]
    ) -> None:
        self.units = units
        self.renamed = renamed
        self.aliases = aliases
        self.chains: dict[str, tuple[str, ...]] = {}  # filled as they are asked for
        self.holding: dict[str, frozenset[str]] = {}

    def get(self, key: str) -> Unit | None:
        """The unit of that key."""
        return self.units.get(key)

    def full(self, key: str, day: date | None = None) -> str:
        """Its full name on a day (without one: the last)."""
        if day and key in self.renamed and day < self.renamed[key][0]:
            return self.renamed[key][1]
        return self.renamed[key][2] if key in self.renamed else self.units[key].full

    def chain(self, key: str) -> tuple[str, ...]:
        """The keys from its province down to itself."""
        chain = self.chains.get(key)
        if chain is None:
            parent = self.units[key].parent
            chain = self.chains[key] = (*self.chain(parent), key) if parent else (key,)
        return chain

    def holders(self, key: str) -> frozenset[str]:
        """The keys of the units of any time in which it lies or lay, itself included.

        Those are its chain, the units that went into one of the chain, the province of today, and of a unit of today
        those that held the units it was made of.
        """
        if key not in self.holding:
            chain = self.chain(key)
            found = {*chain, *(old for step in chain for old in self.by_heir.get(step, ()))}
            if self.units[key].era == "post":
                found.update(step for old, _ in self.made_of(key) for step in self.chain(old))
            else:
                found.update(self.provinces_today_of(key))
            self.holding[key] = frozenset(found)
        return self.holding[key]

    def path(self, key: str, day: date | None = None) -> tuple[str, ...]:
        """The names from the province down as they were on that day (without one: the last).

        Before a district was founded the one before it stands in its place, or nothing where there were several.
        """
        *outer, own = (self._on(step, day) if day and step != key else step for step in self.chain(key))
        return tuple(short_name(self.full(step, day)) for step in (*outer, own) if step)

    def _on(self, key: str, day: date) -> str | None:
        first = self.units[key].first
        if first is None or first <= day or self.units[key].era != "pre":
            return key
        before = [old for old in self.by_heir.get(key, ()) if self.units[old].existed(day)]
        return before[0] if len(before) == 1 else None

    def province(self, name: str, day: date | None = None) -> Unit | None:
        """The province so called, in any spelling, on that day; a former or later name where the day has none."""
        full = self.aliases.get(spell(name), name)
        found = [self.units[key] for key in self.named(full) if self.units[key].level == "province"]
        for kind in TYPES[:2]:
            if not found and spell(full).startswith(spell(kind) + " "):
                return self.province(full[len(kind) :].strip(), day)
        found.sort(key=lambda unit: (not unit.existed(day or date.max), LATEST.index(unit.era)))
        return found[0] if found else None

    def named(self, name: str) -> tuple[str, ...]:
        """The keys of every unit of that name, of any level and era."""
        return self.by_name.get(spell(name), ())

    def key(self, path: tuple[str, ...] | list[str], day: date | None = None) -> str | None:
        """The key of a path of names; None where no unit or more than one has it. Steps between may be missing."""
        if not path:
            return None
        wanted = [spell(step) for step in path]
        found = [key for key in self.named(path[-1]) if self._answers(key, wanted)]
        day = day or date.max
        standing = [key for key in found if self.units[key].existed(day)] or found
        standing = [key for key in standing if len(self.chain(key)) == len(path)] or standing
        return standing[0] if len({self.path(key) for key in standing}) == 1 else None

    def _answers(self, key: str, wanted: list[str]) -> bool:
        chain = self.chain(key)
        if LEVELS.index(self.units[key].level) + 1 < len(wanted):
            return False
        steps = [{spell(short_name(full)) for full in self.names(step)} for step in chain]
        rest = iter(steps)
        return wanted[0] in steps[0] and all(any(want in step for step in rest) for want in wanted)

    def names(self, key: str) -> tuple[str, ...]:
        """Every full name it has borne."""
        return self.renamed[key][1:] if key in self.renamed else (self.units[key].full,)

    def children(self, key: str) -> tuple[str, ...]:
        """The units directly below it."""
        return self.by_parent.get(key, ())

    def within(self, key: str) -> Iterator[str]:
        """The keys of every unit below it, each before its own children."""
        for child in self.children(key):
            yield child
            yield from self.within(child)

    def communes(self, key: str) -> tuple[str, ...]:
        """The units without children at or below it."""
        return tuple(step for step in (key, *self.within(key)) if not self.children(step))

    def today(self, key: str) -> list[Part]:
        """What it is today: a province's provinces, otherwise communes; True where the whole of it went there."""
        unit = self.units[key]
        if unit.era == "post":
            return [(key, True)]
        if unit.level == "province":
            provinces = self.provinces_today_of(key)
            return [(province, len(provinces) == 1) for province in provinces]
        if unit.era == "old":
            later = [new for old, _ in unit.into for new, _ in self.today(old)]
            return [(new, len(set(later)) == 1 and unit.into[0][1]) for new in dict.fromkeys(later)]
        parts = [part for leaf in self.communes(key) for part in self.units[leaf].into]
        went = dict.fromkeys(new for new, _ in parts)
        return [(new, len(went) == 1 and all(whole for _, whole in parts)) for new in went]

    def provinces_today_of(self, key: str) -> list[str]:
        """The keys of the provinces in which its ground lies today."""
        if self.units[key].era == "post":
            return [self.chain(key)[0]]
        later = [part for leaf in self.communes(key) for part in self.units[leaf].into]
        found = (self.provinces_today_of(new) for new, _ in later)
        return list(dict.fromkeys(province for provinces in found for province in provinces))

    def made_of(self, key: str) -> list[Part]:
        """The units before July 2025 that made up a unit of today: (key, whether the whole of it went in)."""
        unit = self.units[key]
        if unit.level == "province":
            return [(old, True) for old in dict.fromkeys(self.chain(leaf)[0] for leaf, _ in self._sources(key))]
        return self._sources(key)

    def _sources(self, key: str) -> list[Part]:
        return [part for leaf in self.communes(key) for part in self.by_successor.get(leaf, ())]

    def same_ground(self, one: str, other: str) -> bool:
        """Whether two units cover the same ground, measured in the communes before July 2025."""
        return one == other or self._ground(one) == self._ground(other)

    def _ground(self, key: str) -> frozenset[Part]:
        if self.units[key].era == "post":
            sources = self._sources(key)
            split = {leaf for leaf, whole in sources if not whole}
            gathered = {leaf for leaf in split if {new for new, _ in self.units[leaf].into} <= set(self.communes(key))}
            return frozenset((leaf, whole or leaf in gathered) for leaf, whole in sources)
        return frozenset((leaf, True) for leaf in self.communes(key))

    def search(self, prefix: str, folded: bool = True, limit: int = 20) -> list[Unit]:
        """Units whose name begins with the prefix, with or without diacritics; today's and larger ones first."""
        form = fold(spell(prefix)) if folded else spell(prefix)
        names = self.sorted_names
        found: list[Unit] = []
        for at in range(bisect_left(names, (fold(form), "")), len(names)):
            name, key = names[at]
            if not name.startswith(fold(form)):
                break
            if folded or any(spell(short_name(full)).startswith(form) for full in self.names(key)):
                found.append(self.units[key])
        found.sort(key=lambda unit: (LATEST.index(unit.era), LEVELS.index(unit.level), unit.name, unit.key))
        return list(dict.fromkeys(found))[:limit]

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Keys by the spelled name."""
        index: dict[str, tuple[str, ...]] = {}
        for key in self.units:
            for full in self.names(key):
                for name in {spell(short_name(full)), spell(full)}:
                    index[name] = (*index.get(name, ()), key)
        return index

    @cached_property
    def by_plain_name(self) -> dict[str, tuple[str, ...]]:
        """Keys by the name in plain letters without spaces."""
        index: dict[str, tuple[str, ...]] = {}
        for key, unit in self.units.items():
            name = plain_spell(unit.name)
            index[name] = (*index.get(name, ()), key)
        return index

    @cached_property
    def by_former(self) -> dict[str, tuple[str, ...]]:
        """Keys of the units that took in an earlier one, by `former_key` of that one's level and name."""
        index: dict[str, tuple[str, ...]] = {}
        for key, unit in self.units.items():
            for former in unit.took_in:
                form = former_key(former)
                index[form] = (*index.get(form, ()), key)
        return index

    @cached_property
    def by_parent(self) -> dict[str, tuple[str, ...]]:
        """Children by parent."""
        index: dict[str, list[str]] = {}
        for key, unit in self.units.items():
            if unit.parent and unit.era != "old":
                index.setdefault(unit.parent, []).append(key)
        return {key: tuple(children) for key, children in index.items()}

    @cached_property
    def by_successor(self) -> dict[str, tuple[Part, ...]]:
        """The old units that went into a new one."""
        index: dict[str, tuple[Part, ...]] = {}
        for key, unit in self.units.items():
            for new, whole in unit.into if unit.era == "pre" else ():
                index[new] = (*index.get(new, ()), (key, whole))
        return index

    @cached_property
    def by_heir(self) -> dict[str, tuple[str, ...]]:
        """The units gone before March 2025 that went into one of then."""
        index: dict[str, tuple[str, ...]] = {}
        for key, unit in self.units.items():
            for new, _ in unit.into if unit.era == "old" else ():
                index[new] = (*index.get(new, ()), key)
        return index

    @cached_property
    def sorted_names(self) -> list[tuple[str, str]]:
        """(folded name, key), sorted, for suggestions."""
        return sorted((fold(spell(short_name(full))), key) for key in self.units for full in self.names(key))


LATEST = ("post", "pre", "old")
CODE_LEVEL: dict[int, Level] = {2: "province", 3: "district", 5: "commune"}


def rows(name: str) -> Iterator[list[str]]:
    """The cells of each line of a data file beside this module, after its comments and its head."""
    lines = [line for line in (FOLDER / name).read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    return (line.split("\t") for line in lines[1:])


@lru_cache(maxsize=512)
def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _parts(text: str) -> tuple[Part, ...]:
    return tuple((part.removesuffix("~"), part[-1] != "~") for part in text.split(",")) if text else ()


@lru_cache(maxsize=1)
def load() -> Units:
    """The table, read once in a process."""
    units: dict[str, Unit] = {}
    founded = {key: first for key, first, _ in rows("founded.tsv")}
    for key, full, parent, first, last, into, took_in in rows("units.tsv"):
        formers = tuple(took_in.split(",")) if took_in else ()
        level = CODE_LEVEL[len(key) - key.index(":") - 1]
        units[key] = Unit(
            key,
            level,
            full,
            short_name(full),
            parent or None,
            _day(founded.get(key, first)),
            _day(last),
            _parts(into),
            formers,
        )
    for key, full, parent, first, last, into, _ in rows("earlier.tsv"):
        level = "district" if parent else "province"
        units[key] = Unit(key, level, full, short_name(full), parent or None, _day(first), _day(last), _parts(into), ())
    renamed = {key: (date.fromisoformat(day), before, after) for key, day, before, after, _ in rows("changes.tsv")}
    aliases = {spell(alias): name for alias, name, _ in rows("aliases.tsv")}
    return Units(units, renamed, aliases)
