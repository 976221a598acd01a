"""The scene: what is known of a passage while its places are decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from extract.facts import Level
from extract.places.finding import Mention
from extract.places.units import LEVELS, Unit, Units

RANK = {level: rank for rank, level in enumerate((*LEVELS, "hamlet"))}


@dataclass(slots=True)
class Choice:
    """What a mention was decided to be: its unit, or without one the unit it lies in; `rivals` stay possible."""

    level: Level
    unit: Unit | None
    parent: Unit | None = None
    rivals: tuple[Unit, ...] = ()
    score: float = 0.0


@dataclass(slots=True)
class Scene:
    """What is known while one passage is decided: the day, the paper's province, what was chosen so far."""

    units: Units
    day: date
    paper: Unit | None
    mentions: list[Mention]
    titled: list[Mention]  # those of the title that have a prefix
    chosen: dict[int, Choice] = field(default_factory=dict)
    outer: dict[str, Unit] = field(default_factory=dict)  # the provinces and districts among them
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)  # names of the table → as the text has them
    at: dict[int, int] = field(default_factory=dict)
    by_name: dict[str, list[Mention]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for at, mention in enumerate(self.mentions):
            self.at[id(mention)] = at
            self.by_name.setdefault(mention.name, []).append(mention)

    def unit(self, mention: Mention | None) -> Unit | None:
        """The unit that a mention was decided to be."""
        choice = self.chosen.get(id(mention))
        return choice.unit if choice else None

    def lies_in(self, unit: Unit, outer: Unit) -> bool:
        """Whether a unit lies in another, each in its own time."""
        return outer.key in self.units.holders(unit.key)

    def path(self, unit: Unit) -> tuple[str, ...]:
        """A unit's path on the day."""
        if unit.key not in self.paths:
            self.paths[unit.key] = self.units.path(unit.key, self.day)
        return self.paths[unit.key]

    def provinces(self) -> list[Unit]:
        """The paper's province and those that the text names."""
        return [*([self.paper] if self.paper else []), *(u for u in self.outer.values() if u.level == "province")]

    def district_before(self, mention: Mention, reach: int | None = None) -> Unit | None:
        """The last district named before a mention, at most `reach` characters away."""
        for before in reversed(self.mentions[: self.at[id(mention)]]):
            if reach is not None and mention.start - before.end > reach:
                break
            if (unit := self.unit(before)) and unit.level == "district":
                return unit
        return None
