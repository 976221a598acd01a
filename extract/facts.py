"""Facts: one span of a text with its kind and normalised value, and their JSON form (shared gold guidelines)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

Kind = Literal["date", "place", "count", "money"]
Qualifier = Literal["exact", "less", "more", "approx", "at_least", "at_most"]
Level = Literal["province", "district", "commune", "hamlet"]
Span = tuple[int, int]  # offsets into the text, end exclusive


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A span `text[start:end]`, the rule that found it and how sure that rule is (0 to 1)."""

    kind: ClassVar[Kind]
    start: int
    end: int
    rule: str
    confidence: float

    @property
    def span(self) -> Span:
        """The offsets as a pair."""
        return self.start, self.end

    def values(self) -> dict[str, Any]:
        """The normalised value under the guidelines' keys; each kind adds its own."""
        return {}

    def record(self, text: str) -> dict[str, Any]:
        """The fact as one JSON object of the guidelines, with `rule` and `confidence` beside it."""
        head = {"kind": self.kind, "text": text[self.start : self.end], "start": self.start, "end": self.end}
        return head | self.values() | {"rule": self.rule, "confidence": round(self.confidence, 3)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFact(Fact):
    """Inclusive days from `first` to `last` (None: open), and the same as EDTF (ISO 8601-2)."""

    kind: ClassVar[Kind] = "date"
    first: date | None
    last: date | None
    edtf: str

    def values(self) -> dict[str, Any]:
        """`from`, `to` and `edtf`."""
        return {"from": _day(self.first), "to": _day(self.last), "edtf": self.edtf}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFact(Fact):
    """A named unit: path of names from the province down; `unit` is its key in the units table where one is known.

    `former` marks a unit abolished before the publication day; `candidates` holds the keys that stay possible.
    """

    kind: ClassVar[Kind] = "place"
    level: Level
    path: tuple[str, ...]
    unit: str | None = None
    former: bool = False
    candidates: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """`level`, `path`, `unit`, and `former` and `candidates` where they say something."""
        value: dict[str, Any] = {"level": self.level, "path": list(self.path), "unit_key": self.unit}
        if self.former:
            value["former"] = True
        if self.candidates:
            value["candidates"] = list(self.candidates)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity(Fact):
    """A number with its qualifier: `value`, or `low` and `high` for a range; `total` for a share such as 10/10."""

    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    total: Decimal | None = None
    qualifier: Qualifier = "exact"
    qualifier_span: Span | None = None

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """Lowest and highest value that the words allow; None where they set no bound."""
        if self.value is None:
            return self.low, self.high
        return {
            "exact": (self.value, self.value),
            "less": (None, self.value),
            "at_most": (None, self.value),
            "more": (self.value, None),
            "at_least": (self.value, None),
            "approx": (None, None),
        }[self.qualifier]

    def values(self) -> dict[str, Any]:
        """`value` or `min` and `max`, `total`, `qualifier`, and the bounds as `value_low` and `value_high`."""
        value: dict[str, Any] = {}
        if self.value is not None:
            value["value"] = plain_number(self.value)
        else:
            value |= {"min": plain_number(self.low), "max": plain_number(self.high)}
        if self.total is not None:
            value["total"] = plain_number(self.total)
        low, high = self.bounds
        return value | {"qualifier": self.qualifier, "value_low": plain_number(low), "value_high": plain_number(high)}

    def record(self, text: str) -> dict[str, Any]:
        """As for every fact, with the qualifier as it is written in `qualifier_text`."""
        record = Fact.record(self, text)
        if self.qualifier_span:
            record["qualifier_text"] = text[slice(*self.qualifier_span)]
        return record


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFact(Quantity):
    """A number of things: `unit` is the head noun in lower case; `model` is true for mô hình and điển hình."""

    kind: ClassVar[Kind] = "count"
    unit: str
    model: bool = False

    def values(self) -> dict[str, Any]:
        """The quantity with `unit` and `model`."""
        return Quantity.values(self) | {"unit": self.unit, "model": self.model}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyFact(Quantity):
    """An amount in whole units of `currency` (ISO 4217); `per` for a rate ("ha/năm")."""

    kind: ClassVar[Kind] = "money"
    currency: str = "VND"
    per: str | None = None

    def values(self) -> dict[str, Any]:
        """The quantity with `currency` and, for a rate, `per`."""
        return Quantity.values(self) | {"currency": self.currency} | ({"per": self.per} if self.per else {})


def plain_number(value: Decimal | None) -> int | float | None:
    """A Decimal as JSON writes it: an int where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
