"""The search form: what an address says as a query, what of it cannot be read, and the address of a query."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from corpus.named import named
from corpus.places import is_place
from corpus.query import Query
from corpus.store import Corpus
from corpus.suggest import Unit, places_like, unit_of_key
from corpus.typed import days_of, number_of
from corpus.web import labels
from corpus.web.language import LANGUAGES, current, day, gettext
from corpus.where import CAP

PAGE = 20
COMMON = ("q", "kind", "place", "today", "since", "until", "min", "max")
MORE = ("measure", "role", "unit", "qualifier", "level", "site", "province", "from", "to", "confidence", "state",
        "copies")  # fmt: skip
FIELDS = (*COMMON, *MORE, "after", "sort", "page")
# The fields whose names in a query are others.
QUERY = {"q": "words", "from": "first", "to": "last", "min": "low", "max": "high"}
CHOICES = {
    "kind": labels.KINDS,
    "level": labels.LEVELS,
    "qualifier": labels.QUALIFIERS,
    "state": labels.DECISIONS,
    "sort": labels.SORTS,
}
USUAL = {"copies": "once", "today": "0", "page": "1"}  # what says nothing
PAIRS = (("since", "until"), ("from", "to"), ("min", "max"))


class Unreadable(Exception):
    """A field that cannot be read; the message says what to type."""


@dataclass(frozen=True, slots=True)
class Form:
    """`fields` is the search as its address says it, `shown` what stands in the form's fields, `query` what they mean,
    `errors` what cannot be read, by field."""

    fields: dict[str, str]
    shown: dict[str, str]
    query: Query
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> bool:
        """Whether anything was asked at all."""
        return bool(self.fields)

    @property
    def more(self) -> bool:
        """Whether a filter is set that is not among the common ones."""
        return any(name in self.fields for name in MORE)

    @property
    def page(self) -> int:
        """The number of the page, from 1."""
        return self.query.offset // PAGE + 1

    @classmethod
    def of(cls, parameters: Mapping[str, str], corpus: Corpus) -> Form:
        """The form of an address; empty fields count as not there, unknown ones are left out."""
        typed = {name: text for name in FIELDS if (text := parameters.get(name, "").strip())}
        typed = {name: text for name, text in typed.items() if USUAL.get(name) != text}
        fields: dict[str, str] = {}
        shown: dict[str, str] = {}
        meant: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, text in typed.items():
            try:
                value, fields[name], shown[name] = _read(corpus, name, text)
                meant[QUERY.get(name, name)] = value
            except Unreadable as error:
                fields[name] = shown[name] = text
                errors[name] = str(error)
        for low, high in PAIRS:
            first, last = (meant.get(QUERY.get(name, name)) for name in (low, high))
            if first is not None and last is not None and first > last:
                errors[high] = gettext("The end lies before the beginning.")
        page = meant.pop("page", 1)
        if page == 1:
            fields.pop("page", None)
        return cls(fields, shown, Query(**meant, limit=PAGE, offset=(page - 1) * PAGE), errors)

    def address(self, **changes: str | None) -> str:
        """The address of this search with some fields changed (None takes one away), from the first page on."""
        fields = {"page": None, **changes}
        said = {name: value for name, value in {**self.fields, **fields}.items() if value}
        return f"?{urlencode(said)}" if said else "/"

    @property
    def canonical(self) -> str:
        """The one address of this search and page."""
        return self.address(page=self.fields.get("page"))


def fields_of(query: Query) -> dict[str, str]:
    """The fields of the address of a query; its limit and offset are left out."""
    names = {name: shown for shown, name in QUERY.items()}
    said = {names.get(name, name): value for name, value in query.mapping().items() if name not in {"limit", "offset"}}
    if "copies" in said:
        said["copies"] = "all"
    if "today" in said:
        said["today"] = "1"
    return {name: _typed(name, said[name]) for name in FIELDS if name in said}


def _typed(name: str, value: object) -> str:
    """A value as a person would type it and `_read` takes it: 2021 or 18/01/2022, 1.000.000 or 2,125."""
    if isinstance(value, float):
        digits = f"{Decimal(repr(value)):,f}" if not value.is_integer() else f"{int(value):,}"
        return digits.translate(str.maketrans(",.", ".,"))
    said = str(value)
    if edge := {"since": "-01-01", "from": "-01-01", "until": "-12-31", "to": "-12-31"}.get(name):
        return said.removesuffix(edge) if said.endswith(edge) else day(said)
    return said


def _read(corpus: Corpus, name: str, text: str) -> tuple[Any, str, str]:
    """What a field means, how the address says it, and how the form shows it; Unreadable where it means nothing."""
    if name in CHOICES:
        if text not in CHOICES[name]:
            raise Unreadable(gettext("This is none of the choices."))
        return text, text, text
    if name in READERS:
        value = READERS[name](text)
        return value, text, text
    if name == "place":
        return _place(corpus, text)
    if name == "unit":  # any noun may have been counted
        return (noun := labels.noun(text)), noun, noun
    if name in {"measure", "role", "site", "province"}:
        try:
            found = getattr(named(corpus, Query.of({name: text})), name)
        except ValueError:
            raise Unreadable(gettext("The corpus knows none of this name.")) from None
        return found, found, found
    return text, text, text  # the words: any input is a query


def _day(end: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if days := days_of(text):
            return days[end]
        raise Unreadable(gettext("A day is written like 18/01/2022, 01/2022 or 2022."))

    return read


def _number(text: str) -> float:
    if (number := number_of(text)) is None:
        raise Unreadable(gettext("A value is a number, such as 1.000.000 or 1 tỷ."))
    return number


def _share(text: str) -> float:
    number = number_of(text.removesuffix("%"))
    if number is not None and (text.endswith("%") or number > 1):
        number /= 100
    if number is None or not 0 <= number <= 1:
        raise Unreadable(gettext("Confidence is a share, such as 0,8 or 80%."))
    return round(number, 6)


def _page(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= math.ceil(CAP / PAGE):
        return int(text[:6])
    raise Unreadable(gettext("There is no such page of results."))


def _after(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise Unreadable(gettext("This is none of the choices."))


def _switch(on: str) -> Callable[[str], bool]:
    def read(text: str) -> bool:
        if text == on:
            return True
        raise Unreadable(gettext("This is none of the choices."))

    return read


READERS: dict[str, Callable[[str], Any]] = {
    "since": _day(0),
    "until": _day(1),
    "from": _day(0),
    "to": _day(1),
    "min": _number,
    "max": _number,
    "confidence": _share,
    "page": _page,
    "after": _after,
    "copies": _switch("all"),
    "today": _switch("1"),
}


def _place(corpus: Corpus, text: str) -> tuple[str, str, str]:
    """A place by a unit's key, a suggestion's whole label, "Phú Tân, An Giang", "An Giang/Phú Tân" or a bare name."""
    if unit := unit_of_key(corpus, text) or _labelled(corpus, text):
        return unit.key, unit.key, place_label(unit)
    path = "/".join(reversed([step.strip() for step in text.split(",") if step.strip()])) if "," in text else text
    if not path or not is_place(corpus, path):
        raise Unreadable(gettext("No such place is known; type its beginning and choose one."))
    return path, path, ", ".join(reversed(path.split("/")))


def _labelled(corpus: Corpus, text: str) -> Unit | None:
    """The unit that a suggestion called so, in either language."""
    if not text.endswith(")"):
        return None
    for unit in places_like(corpus, text.partition("(")[0], limit=100):
        if any(place_label(unit, language) == text for language in LANGUAGES):
            return unit
    return None


def place_label(unit: Unit, language: str | None = None) -> str:
    """A unit as people tell it from others: "Phú Tân, An Giang (huyện, đến 30/06/2025)"; one label, one unit."""
    token = current.set(language or current.get())
    try:
        said = [unit.kind or gettext(labels.LEVELS[unit.level])]
        if unit.last_day:
            said.append(gettext("until %(day)s") % {"day": day(unit.last_day)})
        elif unit.first_day:
            said.append(gettext("since %(day)s") % {"day": day(unit.first_day)})
        return f"{', '.join((unit.name, *unit.above))} ({', '.join(said)})"
    finally:
        current.reset(token)
