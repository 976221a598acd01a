"""Dates against the Vietnamese cases of Duckling, dateparser and NeMo, read where they lie."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from extract.dates import find_dates

ORACLES = Path(__file__).parents[2] / "shared" / "oracles"
BAR = 0.95
pytestmark = pytest.mark.skipif(not ORACLES.is_dir(), reason="../shared/oracles is not here")

# Cases that mean something else than the guidelines, or are wrong: id → why.
OTHERWISE: dict[str, str] = {
    "duckling-vi-time-108": "a season is no calendar unit of the guidelines",
    "duckling-vi-time-109": "a season is no calendar unit; its year is the date",
    "duckling-vi-time-110": "a season is no calendar unit of the guidelines",
    "duckling-vi-time-120": "a weekday without its week fixes no day (and reads as an ordinal)",
    "duckling-vi-time-122": "shorter than a day: the guidelines know days",
    "duckling-vi-time-123": "shorter than a day: the guidelines know days",
    "duckling-vi-time-124": "shorter than a day: the guidelines know days",
    "duckling-vi-time-128": "shorter than a day: the guidelines know days",
    "duckling-vi-time-131": "shorter than a day: the guidelines know days",
    "duckling-vi-time-133": "a length of time from now on is no date in the guidelines",
    "duckling-vi-time-134": "a length of time from now on is no date in the guidelines",
    "duckling-vi-time-135": "a length of time from now on is no date in the guidelines",
    "duckling-vi-time-136": "a length of time from now on is no date in the guidelines",
    "duckling-vi-time-138": "a length of time from now on is no date in the guidelines",
    "duckling-vi-time-142": "a length of time from now on is no date in the guidelines",
    "duckling-vi-time-152": "shorter than a day: the guidelines know days",
}


def rows(name: str) -> list[dict[str, Any]]:
    path = ORACLES / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def spans(text: str, published: date | None) -> list[tuple[date | None, date | None]]:
    return [(fact.first, fact.last) for fact in find_dates(text, published)]


def test_otherwise_names_cases_that_differ() -> None:
    """No case stays in the table once we agree with it."""
    for row in rows("duckling_time.jsonl"):
        if row["id"] in OTHERWISE:
            reference = date.fromisoformat(row["reference_time"][:10])
            assert spans(row["text"], reference) != [duckling_days(row)], row["id"]


def duckling_days(row: dict[str, Any]) -> tuple[date, date]:
    """The inclusive days that Duckling expects, a day without a year moved to the year nearest to the reference."""
    expected, reference = row["expected"], date.fromisoformat(row["reference_time"][:10])
    if expected["type"] == "interval":
        first = date.fromisoformat(expected["from"][:10])
        last = date.fromisoformat(expected["to_exclusive"][:10])
        return first, last - timedelta(days=expected["to_exclusive"][11:16] == "00:00")
    first = date.fromisoformat(expected["value"][:10])
    if row["kind"] == "partial_no_year":
        years = (first.replace(year=reference.year + step) for step in (-1, 0, 1))
        first = min(years, key=lambda day: (abs((day - reference).days), day))
    months = {"month": 1, "quarter": 3, "year": 12}.get(expected["grain"])
    if months:
        year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
        return first, date(year, month + 1, 1) - timedelta(days=1)
    return first, first + timedelta(days=6 if expected["grain"] == "week" else 0)


def agreement(cases: list[tuple[str, bool]]) -> None:
    """At least `BAR` of the cases in scope agree; those in `OTHERWISE` are out of scope for the reason told there."""
    if not cases:
        pytest.skip("the file is not here")
    wrong = [case for case, right in cases if not right]
    assert 1 - len(wrong) / len(cases) >= BAR, wrong


def test_duckling_time() -> None:
    cases = []
    for row in rows("duckling_time.jsonl"):
        if row["kind"] == "clock" or row["id"] in OTHERWISE:
            continue
        reference = date.fromisoformat(row["reference_time"][:10])
        found = spans(row["text"], reference)
        cases.append((f"{row['id']} {row['text']}: {found}", found == [duckling_days(row)]))
    agreement(cases)


def test_dateparser_sentences() -> None:
    args = {row["test"]: row["args"] for row in rows("dateparser.jsonl")}
    if not args:
        pytest.skip("the file is not here")
    sentence, expected = args["test_relative_base_setting"]
    facts = find_dates(sentence, date(1940, 8, 1))
    assert [sentence[fact.start : fact.end] for fact in facts] == [words for words, _ in expected]
    assert [fact.first.isoformat() for fact in facts if fact.first] == [day[:10] for _, day in expected]
    (sentence,) = args["test_detection"]
    assert spans(sentence, None) == [(date(1935, 1, 1), date(1935, 12, 31)), (date(1939, 4, 12), date(1939, 4, 12))]


@pytest.mark.parametrize("name", ["nemo_spoken_to_written.jsonl", "nemo_written_to_spoken.jsonl"])
def test_nemo_words_and_figures_agree(name: str) -> None:
    published = date(2024, 7, 8)
    cases = []
    for row in rows(name):
        if row["class"] != "date" or row["id"] in OTHERWISE:
            continue
        spoken, written = spans(row["spoken"], published), spans(row["written"], published)
        label = f"{row['id']} {row['spoken']}: {spoken}; {row['written']}: {written}"
        cases.append((label, bool(spoken) and spoken == written))
    agreement(cases)
