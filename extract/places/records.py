"""The units table as plain records, for whoever keeps it elsewhere (the corpus)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extract.places.units import load, rows

Successor = tuple[str, str, str]  # unit, its successor, "whole" or "part"


def unit_records() -> Iterator[dict[str, Any]]:
    """Every unit: key, code, era, level, full_name, name, parent, path, first_day and last_day (ISO 8601 or None).

    The provinces of 2025, before and since July, have `lat` and `lon` too, degrees of their seat; the others None.
    """
    units = load()
    seats = {key: (float(lat), float(lon)) for key, _, lat, lon in rows("coordinates.tsv")}
    for key, unit in units.units.items():
        era, code = key.split(":")
        lat, lon = seats.get(key, (None, None))
        yield {
            "key": key,
            "code": code,
            "era": era,
            "level": unit.level,
            "full_name": unit.full,
            "name": unit.name,
            "parent": unit.parent,
            "path": units.path(key),
            "first_day": unit.first and unit.first.isoformat(),
            "last_day": unit.last and unit.last.isoformat(),
            "lat": lat,
            "lon": lon,
        }


def successors() -> Iterator[Successor]:
    """What each unit that is gone became today."""
    units = load()
    for key, unit in units.units.items():
        if unit.era != "post":
            yield from ((key, today, "whole" if whole else "part") for today, whole in units.today(key))
