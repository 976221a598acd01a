"""Review: people's decisions on facts, append-only, with what they were made on, so that one grown stale is seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

from corpus.facts import place_id
from corpus.places import unit_of
from corpus.records import place
from corpus.search import Row, plain, rows
from corpus.store import Corpus, batches, now
from extract.facts import Level, Qualifier, Quantity

Decision = Literal["accept", "correct", "reject", "open"]  # open takes a decision back

FRAME = {"measure", "role", "scope", "period"}
NUMBER = {"value", "min", "max", "total", "qualifier"}
# What may be corrected of a fact, by kind, under the guidelines' keys.
CORRECTED: dict[str, set[str]] = {
    "date": {"from", "to"},
    "place": {"level", "path"},
    "count": NUMBER | FRAME | {"unit", "model"},
    "money": NUMBER | FRAME | {"currency", "per"},
}


def decide(
    corpus: Corpus,
    facts: int | Iterable[int],
    decision: Decision,
    *,
    who: str,
    note: str = "",
    correction: Mapping[str, Any] | None = None,
) -> list[int]:
    """Adds a decision on one fact or on several; gives the reviews' ids.

    `correction` holds what is other than extracted, under the guidelines' keys: {"value": 4664}, {"period": [None,
    "2022-01-18"]}. ValueError for a fact that is not there, a decision without its correction, or a
    correction that the kind of fact cannot have.
    """
    if decision not in get_args(Decision):
        raise ValueError(f"a decision is one of {', '.join(get_args(Decision))}, not {decision!r}")
    if (decision == "correct") != bool(correction):
        raise ValueError("a correction goes with the decision 'correct', and only with it")
    ids: list[int] = []
    for batch in batches([facts] if isinstance(facts, int) else facts):
        with corpus.write() as conn:
            at = now()
            conn.execute("INSERT OR IGNORE INTO users (name, created_at) VALUES (?, ?)", (who, at))
            for fact_id in batch:
                seen = extracted(conn, fact_id)
                said = _correction(conn, fact_id, seen, correction) if correction else None
                row = (fact_id, decision, said, json.dumps(seen, ensure_ascii=False), note, who, at)
                sql = (
                    "INSERT INTO reviews (fact_id, decision, correction, seen, note, who, at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)"
                )
                ids.append(int(conn.execute(sql, row).lastrowid or 0))
    return ids


def queue(corpus: Corpus, limit: int = 20) -> list[Row]:
    """The facts that nobody decided on, the least certain first, copies left out."""
    sql = "SELECT id FROM current_facts WHERE state = 'open' AND original_id IS NULL ORDER BY confidence, id LIMIT ?"
    return rows(corpus, [row["id"] for row in corpus.conn.execute(sql, (limit,))])


def extracted(conn: sqlite3.Connection, fact_id: int) -> dict[str, Any]:
    """What extraction says of a fact, corrections apart, under the guidelines' keys; ValueError if there is none."""
    sql = (
        "SELECT f.*, p.level, p.path, o.fact_id IS NOT NULL AS framed, o.measure, o.role, w.path AS scope, "
        "o.has_period, o.period_from, o.period_to FROM facts AS f LEFT JOIN places AS p ON p.id = f.place_id "
        "LEFT JOIN observations AS o ON o.fact_id = f.id LEFT JOIN places AS w ON w.id = o.place_id WHERE f.id = ?"
    )
    row = conn.execute(sql, (fact_id,)).fetchone()
    if row is None:
        raise ValueError(f"there is no fact {fact_id}")
    said: dict[str, Any] = {"kind": row["kind"]}
    if row["kind"] == "date":
        return said | {"from": row["date_from"], "to": row["date_to"]}
    if row["kind"] == "place":
        return said | {"level": row["level"], "path": json.loads(row["path"])}
    if row["value_max"] is None:
        said["value"] = plain(row["value"])
    else:
        said |= {"min": plain(row["value"]), "max": plain(row["value_max"])}
    said |= {"total": plain(row["total"]), "qualifier": row["qualifier"]}
    if row["kind"] == "count":
        said |= {"unit": row["unit"], "model": None if row["model"] is None else bool(row["model"])}
    else:
        said |= {"currency": row["currency"], "per": row["per"]}
    if row["framed"]:
        said |= {
            "measure": row["measure"],
            "role": row["role"],
            "scope": json.loads(row["scope"]) if row["scope"] else None,
            "period": [row["period_from"], row["period_to"]] if row["has_period"] else None,
        }
    return said


def stale(corpus: Corpus) -> list[dict[str, Any]]:
    """Last decisions made on something other than what extraction says now: the rows of review_log, and `now`."""
    found = []
    for row in _log(corpus, "is_last AND decision <> 'open' AND NOT gone"):
        says = extracted(corpus.conn, row["fact_id"])
        if says != row["seen"]:
            found.append(row | {"now": says})
    return found


def gone(corpus: Corpus) -> list[dict[str, Any]]:
    """Last decisions on facts that extraction no longer finds: the rows of review_log."""
    return _log(corpus, "is_last AND decision <> 'open' AND gone")


def history(corpus: Corpus, fact_id: int) -> list[dict[str, Any]]:
    """Every decision on a fact, newest first: the rows of review_log."""
    return _log(corpus, "fact_id = ?", fact_id)


def _log(corpus: Corpus, condition: str, *values: int) -> list[dict[str, Any]]:
    rows = [dict(row) for row in corpus.conn.execute(f"SELECT * FROM review_log WHERE {condition}", values)]
    for row in rows:
        row["seen"] = json.loads(row["seen"])
        row["correction"] = json.loads(row["correction"]) if row["correction"] else None
    return rows


def _correction(conn: sqlite3.Connection, fact_id: int, seen: dict[str, Any], correction: Mapping[str, Any]) -> str:
    """The correction as it is kept: checked, with the bounds that a number's qualifier sets and the units' keys."""
    kind = seen["kind"]
    if wrong := correction.keys() - CORRECTED[kind]:
        raise ValueError(f"a {kind} has no {min(wrong)!r} to correct, only {', '.join(sorted(CORRECTED[kind]))}")
    for name, value in correction.items():
        _check(name, value)
    said = dict(correction)
    if said.keys() & {"value", "min", "max", "qualifier"}:
        said |= _bounds(seen | said, plainly="value" in said or "min" not in {**seen, **said})
    sql = "SELECT published_day FROM articles WHERE id = (SELECT article_id FROM facts WHERE id = ?)"
    (day,) = conn.execute(sql, (fact_id,)).fetchone()
    for name, key in (("path", "unit_key"), ("scope", "scope_unit")):
        if path := said.get(name):
            said[key] = unit_of(conn, path, day)
            place_id(conn, place(path, said.get("level"), said[key]))  # so that a search for the place finds it
    return json.dumps(said, ensure_ascii=False)


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
            name in {"value", "min", "max", "total"} and (isinstance(value, bool) or not isinstance(value, int | float))
        )
        or (name == "path" and not _names(value))
        or (name == "scope" and value is not None and not _names(value))
        or (name == "period" and value is not None and not (isinstance(value, list) and len(value) == 2))
        or (name in {"unit", "measure", "role", "currency"} and not (isinstance(value, str) and value))
        or (name == "model" and not isinstance(value, bool))
    )
    if wrong:
        raise ValueError(f"{name} cannot be {value!r}")


def _names(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) and name for name in value)
