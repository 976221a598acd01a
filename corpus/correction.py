"""Corrections: what a person may say that a fact is other than extracted, checked, and as it is kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from corpus.facts import place_id
from corpus.places import unit_of
from corpus.records import place
from extract.facts import Level, Qualifier, Quantity

FRAME = {"measure", "role", "scope", "period"}
NUMBER = {"value", "min", "max", "total", "qualifier"}
# What may be corrected of a fact, by kind, under the guidelines' keys.
CORRECTED: dict[str, set[str]] = {
    "date": {"from", "to"},
    "place": {"level", "path"},
    "count": NUMBER | FRAME | {"unit", "model"},
    "money": NUMBER | FRAME | {"currency", "per"},
}
# What is kept beside them: a number's bounds and the units' keys.
DERIVED = {"value_low", "value_high", "unit_key", "scope_unit"}


def checked(conn: sqlite3.Connection, fact_id: int, seen: Mapping[str, Any], correction: Mapping[str, Any]) -> str:
    """The correction of what extraction says (`seen`) as it is kept in JSON, with the bounds and keys of DERIVED.

    ValueError for what the kind of fact cannot have.
    """
    kind = seen["kind"]
    if wrong := correction.keys() - CORRECTED[kind]:
        raise ValueError(f"a {kind} has no {min(wrong)!r} to correct, only {', '.join(sorted(CORRECTED[kind]))}")
    for name, value in correction.items():
        _check(name, value)
    said = dict(correction)
    if said.keys() & {"value", "min", "max", "qualifier"}:
        said |= _bounds({**seen, **said}, plainly="value" in said or "min" not in {**seen, **said})
    sql = "SELECT published_day FROM articles WHERE id = (SELECT article_id FROM facts WHERE id = ?)"
    (day,) = conn.execute(sql, (fact_id,)).fetchone()
    for name, key in (("path", "unit_key"), ("scope", "scope_unit")):
        if path := said.get(name):
            said[key] = unit_of(conn, path, day)
    return json.dumps(said, ensure_ascii=False)


def keep_places(conn: sqlite3.Connection, correction: Mapping[str, Any]) -> None:
    """Writes the places that a kept correction names, so that a search for them finds the fact."""
    for name, key in (("path", "unit_key"), ("scope", "scope_unit")):
        if path := correction.get(name):
            place_id(conn, place(path, correction.get("level"), correction.get(key)))


def corrected(seen: Mapping[str, Any], correction: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a fact says once it is corrected: a value takes the place of a range, a range that of a value."""
    said = {**seen, **{name: value for name, value in (correction or {}).items() if name not in DERIVED}}
    for name, others in (("value", ("min", "max")), ("min", ("value",)), ("max", ("value",))):
        if name in (correction or {}):
            said = {key: value for key, value in said.items() if key not in others}
    return said


def _bounds(said: Mapping[str, Any], *, plainly: bool) -> dict[str, Any]:
    """`value_low` and `value_high` of a corrected number."""
    value, low, high = (
        None if said.get(name) is None else Decimal(str(said[name])) for name in ("value", "min", "max")
    )
    value = value if plainly else None
    qualifier: Qualifier = said.get("qualifier") or "exact"
    number = Quantity(
        start=0, end=0, rule="review", confidence=1, value=value, low=low, high=high, qualifier=qualifier
    ).values()
    return {name: number[name] for name in ("value_low", "value_high")}


def _check(name: str, value: object) -> None:
    """ValueError for a value that this key cannot have."""
    days = {"from": [value], "to": [value], "period": value if isinstance(value, list) else [value]}.get(name, [])
    try:
        for day in days:
            if day is not None:
                date.fromisoformat(str(day))
    except ValueError as error:
        raise ValueError(f"{name}: a day is written 2022-01-18, not {value!r}") from error
    names = {"level": get_args(Level), "qualifier": get_args(Qualifier)}.get(name)
    wrong = (
        (names is not None and value not in names)
        or (
            name in {"value", "min", "max", "total"}
            and (isinstance(value, bool) or not isinstance(value, int | float))
            and (name, value) != ("total", None)
        )
        or (name == "path" and not _names(value))
        or (name == "scope" and value is not None and not _names(value))
        or (name == "period" and value is not None and not (isinstance(value, list) and len(value) == 2))
        or (
            name in {"unit", "measure", "role", "currency", "per"}
            and not (isinstance(value, str) and value)
            and (name, value) != ("per", None)
        )
        or (name == "model" and not isinstance(value, bool))
    )
    if wrong:
        raise ValueError(f"{name} cannot be {value!r}")


def _names(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) and name for name in value)
