"""Amending: what a person types into a fact's fields, read by the extractor itself, as the correction to be made."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal, get_args

from corpus.case import Case
from corpus.correction import DERIVED
from corpus.places import PREFIX
from corpus.query import has_diacritics, measure_of
from extract.facts import Qualifier
from extract.language import read, records
from extract.observations.cues import rows
from extract.passage import Passage
from extract.text import fold, normalise, one_tone

Why = Literal["number", "money", "count", "date", "order", "place", "several", "words", "currency", "nothing"]
FRAME = ("measure", "role", "scope", "period")
# The fields of each kind, in the order in which they are asked.
FIELDS: dict[str, tuple[str, ...]] = {
    "date": ("days",),
    "place": ("place",),
    "count": ("value", "qualifier", "unit", "model", *FRAME),
    "money": ("value", "qualifier", "currency", "per", *FRAME),
}
LONGEST = 200  # characters that a field takes
LARGEST = 10**18
LEVELS = {"tinh": "province", "huyen": "district", "quan": "district", "thi xa": "district", "xa": "commune",
          "phuong": "commune", "thi tran": "commune", "dac khu": "commune"}  # fmt: skip
# What stands behind a suggestion's name: "Phú Tân, An Giang (huyện, đến 30/06/2025)"; the day is the article's own.
LABEL = re.compile(r"(?P<name>[^()]+?)\s*\((?P<told>[^(),]+)[^()]*\)")
HAMLET = re.compile(r"^(?:ấp|khóm|thôn|bản|làng|buôn|tổ dân phố|khu phố)\s", re.IGNORECASE)
UNTIL = re.compile(r"^(?:đến|tới)\s+(?:hết\s+)?(?P<last>.+)$", re.IGNORECASE)
SINCE = re.compile(r"^(?:từ|kể từ)\s+(?P<first>.+)$", re.IGNORECASE)
BETWEEN = re.compile(r"^(?:từ\s+)?(?P<first>.+?)\s*(?:\s[–-]|đến)\s+(?P<last>.+)$", re.IGNORECASE)
DIGITS = re.compile(r"\d{4}|\d{1,2}/\d{4}")
CODE = re.compile(r"[A-Z]{3}")
DONG = re.compile(r"đồng|đ\b|vn[dđ]", re.IGNORECASE)


class Misread(ValueError):
    """What was typed cannot be what the field holds: `why` says of what it looks or what is missing."""

    def __init__(self, why: Why, options: Sequence[str] = ()) -> None:
        super().__init__(f"{why}{': ' if options else ''}{', '.join(options)}")
        self.why, self.options = why, tuple(options)


@dataclass(frozen=True, slots=True)
class Amended:
    """The correction that the typed fields make, and what could not be read, by field."""

    correction: dict[str, Any]
    errors: dict[str, Misread] = field(default_factory=dict)


def shown(said: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a fact before anybody types, each as a person would write it."""
    if said["kind"] == "date":
        return {"days": days_written(said["from"], said["to"])}
    if said["kind"] == "place":
        return {"place": place_written(said["path"])}
    values = [said[name] for name in ("value", "min", "max") if said.get(name) is not None]
    value = " – ".join(map(number_written, values))
    if said.get("total") is not None:
        value += f"/{number_written(said['total'])}"
    fields = {"value": value, "qualifier": said["qualifier"] or "exact"}
    if said["kind"] == "count":
        fields |= {"unit": said["unit"] or "", "model": "yes" if said["model"] else "no"}
    else:
        fields |= {"currency": said["currency"] or "", "per": said["per"] or ""}
    if "measure" in said:
        period = said["period"]
        fields |= {
            "measure": _measures().get(said["measure"], (said["measure"] or "").replace("_", " ")),
            "role": said["role"] or "",
            "scope": place_written(said["scope"] or ()),
            "period": days_written(*period) if period else "",
        }
    return fields


def amended(conn: sqlite3.Connection, case: Case, typed: Mapping[str, str]) -> Amended:
    """The correction that the fields make: of those that differ from `shown`, added to the correction in force."""
    before = shown(case.said)
    changes: dict[str, Any] = {}
    errors: dict[str, Misread] = {}
    for name, stood in before.items():
        said = normalise(typed.get(name, stood)).strip()
        if said != stood:
            try:
                changes |= read_field(conn, case, name, said)
            except Misread as error:
                errors[name] = error
    if errors:
        return Amended({}, errors)
    if "qualifier" in changes and typed.get("qualifier", before["qualifier"]) != before["qualifier"]:
        changes["qualifier"] = typed["qualifier"]  # chosen by itself, it counts more than the words beside the value
    correction = {name: value for name, value in (case.correction or {}).items() if name not in DERIVED}
    if changes.keys() & {"value", "min", "max"}:
        changes.setdefault("total", None)  # what is typed is the whole amount
        correction = {name: value for name, value in correction.items() if name not in {"value", "min", "max", "total"}}
    correction |= changes
    correction = {
        name: value for name, value in correction.items() if name not in case.seen or value != case.seen[name]
    }
    return Amended(correction, {} if correction else {"": Misread("nothing")})


def read_field(conn: sqlite3.Connection, case: Case, name: str, said: str) -> dict[str, Any]:
    """What one field says, under the keys of a correction; Misread for what it cannot hold."""
    if len(said) > LONGEST:
        raise Misread("words")
    if name in {"place", "scope"}:
        return _place_field(conn, case, name, said)
    if name not in {"value", "days", "period"}:
        return {name: _word(name, said)}
    day = date.fromisoformat(case.day) if case.day else None
    if name == "value":
        return amount_typed(said, case.kind, day)
    if name == "period":
        return {"period": list(period_typed(said, day)) if said else None}
    return dict(zip(("from", "to"), days_typed(said, day), strict=True))


def _place_field(conn: sqlite3.Connection, case: Case, name: str, said: str) -> dict[str, Any]:
    if name == "scope" and not said:
        return {"scope": None}
    path, level = place_typed(conn, said, case.day, case.province)
    return {"scope": path} if name == "scope" else {"path": path, "level": level}


def _word(name: str, said: str) -> str | bool | None:
    """What a field of words or choices says."""
    if name == "model":
        return said == "yes"
    if name == "per" and not said:
        return None
    if name == "currency":
        said = said.upper()
        if not CODE.fullmatch(said):
            raise Misread("currency")
    elif name == "measure":
        said = next((term for term, label in _measures().items() if label == said), "") or measure_of(said)
    elif name == "unit":
        said = " ".join(said.lower().split())
    if not said or (name == "qualifier" and said not in get_args(Qualifier)):
        raise Misread("words")
    return said


def amount_typed(said: str, kind: str, day: date | None = None) -> dict[str, Any]:
    """A count or sum of money as typed: "12 tỷ đồng", "hơn 845", "5 đến 10 triệu", "8/10", with all that it names."""
    carrier = "mô hình" if kind == "count" else "đồng"
    for text in (said, f"{said} {carrier}"):
        found = _read(text, day)
        whole = [record for record in found if record["kind"] == kind and _rest(text, record) in {"", "từ"}]
        if not whole:
            continue
        [record] = whole
        names = ["value", "min", "max", "total", *(["qualifier"] if record.get("qualifier_text") else []), "per"]
        names += ["unit"] if text == said and kind == "count" else []
        names += ["currency"] if kind == "money" and (record["currency"] != "VND" or DONG.search(said)) else []
        amount = {name: record[name] for name in names if record.get(name) is not None}
        if any(abs(amount.get(name, 0)) >= LARGEST for name in ("value", "min", "max", "total")):
            raise Misread("number")
        return amount
    raise Misread(_looks_like(said, day, kind) or "number")


def days_typed(said: str, day: date | None = None) -> tuple[str | None, str | None]:
    """The first and last day of what is typed: "18/01/2022", "quý I/2022", "2021", "từ 2016", "đến tháng 5/2021"."""
    if until := UNTIL.match(said):
        return None, _days(until["last"], day)[1]
    try:
        found = _days(said, day)
    except Misread:
        if between := BETWEEN.match(said):
            found = _days(between["first"], day)[0], _days(between["last"], day)[1]
        elif since := SINCE.match(said):
            return _days(since["first"], day)[0], None
        else:
            raise
    if found[0] and found[1] and found[0] > found[1]:
        raise Misread("order")
    return found


def period_typed(said: str, day: date | None = None) -> tuple[str | None, str | None]:
    """As `days_typed`; "nay" as an end is the day of publication."""
    if day and fold(said).endswith("nay"):
        if fold(said) in {"den nay", "nay", "hien nay"}:
            return None, day.isoformat()
        first, last = days_typed(said, day)
        return first, last or day.isoformat()
    return days_typed(said, day)


def _days(said: str, day: date | None) -> tuple[str | None, str | None]:
    tries = [said, *([f"năm {said}", f"tháng {said}"] if DIGITS.fullmatch(said) else [])]
    for text in tries:
        found = [record for record in _read(text, day) if record["kind"] == "date"]
        if len(found) == 1 and not _rest(text, found[0]):
            return found[0]["from"], found[0]["to"]
    raise Misread(_looks_like(said, day, "date") or "date")


def place_typed(
    conn: sqlite3.Connection, said: str, day: str | None, province: str | None = None
) -> tuple[list[str], str]:
    """The path and level of a unit as it was on a day: "huyện Phú Tân, An Giang", "An Giang/Phú Tân", or a unit's key.

    Of several of one name that of the article's `province` is meant, and a province before what lies in another; else
    Misread names them. A hamlet is taken below a unit that is known.
    """
    label = LABEL.fullmatch(said)
    said, told = (label["name"], label["told"]) if label else (said, "")
    top_down = said.split("/") if "/" in said else said.split(",")[::-1]
    steps = [" ".join(step.split()) for step in top_down if step.strip()]
    if not steps:
        raise Misread("place")
    if HAMLET.match(steps[-1]) and len(steps) > 1:
        above, _ = place_typed(conn, "/".join(steps[:-1]), day, province)
        return [*above, steps[-1]], "hamlet"
    names = [PREFIX.sub("", step) for step in steps]
    wanted = LEVELS.get(fold(told or steps[-1].removesuffix(names[-1]).strip()), told)
    alive = "(?2 IS NULL OR (coalesce(first_day, ?2) <= ?2 AND coalesce(last_day, ?2) >= ?2))"
    rows = conn.execute(
        f"SELECT path, level FROM units WHERE folded = ?1 AND {alive}", (fold(names[-1]), day)
    ).fetchall()
    found = [(tuple(json.loads(row["path"])), str(row["level"])) for row in rows]
    found = [unit for unit in found if _lies(unit[0], names)]
    if not found:
        rows = conn.execute("SELECT path, level FROM units WHERE key = ?", (said,)).fetchall()
        found = [(tuple(json.loads(row["path"])), str(row["level"])) for row in rows]
    for fits in (lambda unit: unit[1] == wanted, lambda unit: unit[0][0] == province, lambda unit: len(unit[0]) == 1):
        found = [unit for unit in found if fits(unit)] or found
    unique = dict(found)
    if len(unique) != 1:
        raise Misread("several" if unique else "place", [place_written(path) for path in list(unique)[:5]])
    [(path, level)] = unique.items()
    return list(path), level


def number_written(value: float) -> str:
    """A number as Vietnamese writes it: 40.400.000.000 or 2,5."""
    whole, _, part = f"{value:,}".partition(".")
    return whole.replace(",", ".") + (f",{part}" if part else "")


def days_written(first: str | None, last: str | None) -> str:
    """Days as they may be typed: 18/01/2022, năm 2021, từ 01/01/2011, đến 18/01/2022, 01/10/2022 – 30/09/2023."""
    if first and last and first[:4] == last[:4] and (first[4:], last[4:]) == ("-01-01", "-12-31"):
        return f"năm {first[:4]}"
    begin, end = ("/".join(reversed(day.split("-"))) if day else "" for day in (first, last))
    if begin == end:
        return begin
    return f"{begin} – {end}" if begin and end else f"từ {begin}" if begin else f"đến {end}"


def place_written(path: Sequence[str]) -> str:
    """A path as people write it, from the smallest unit up: Phú Tân, An Giang."""
    return ", ".join(reversed(path))


@cache
def _measures() -> dict[str, str]:
    """The measures of the vocabulary in words, without quotation marks."""
    return {row[0]: re.sub("[“”]", "", row[1]) for row in rows("measures.tsv")}


def _lies(path: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the names typed stand in the path in their order, with diacritics where they were typed with any."""
    rest = iter(path)
    return all(any(_same(name, said) for name in rest) for said in names)


def _same(name: str, said: str) -> bool:
    form = one_tone if has_diacritics(said) else fold
    return form(name).lower() == form(said).lower()


def _read(text: str, day: date | None) -> list[dict[str, Any]]:
    """What the extractor finds in a text that a person typed."""
    [reading] = read([Passage(text=text, published=day)])
    return records(reading)


def _rest(text: str, record: Mapping[str, Any]) -> str:
    """What stands in the text besides a fact, its qualifier and what it is a rate of."""
    rest = text[: record["start"]] + " " + text[record["end"] :]
    for words in (record.get("qualifier_text"), f"/{record['per']}" if record.get("per") else None):
        rest = rest.replace(words, " ", 1) if words else rest
    return rest.strip().lower()


def _looks_like(said: str, day: date | None, wanted: str) -> Why | None:
    """What was typed instead of what the field holds."""
    kinds = [record["kind"] for record in _read(said, day) if record["kind"] in {"date", "money", "count"}]
    other = [kind for kind in kinds if kind != wanted]
    return other[0] if other else None
