"""Confidence: on the project's gold a fact given 0.9 is right about nine times in ten; the error is bounded by kind."""

from __future__ import annotations

import pytest

from extract.counts import examples as counts
from extract.dates import examples as dates
from extract.evaluation import Verdict, calibration_error, evaluate, gold_passages
from extract.language import read, records
from extract.money import examples as money
from extract.numbers import examples as numbers
from tests.test_gold import FLOORS, GOLD

# The expected calibration error by kind. The rules were mended on this gold after its first run, so that nearly all is
# right here and the error is what they are too modest by; the bound keeps them from growing surer than the first runs.
BOUNDS = {"date": 0.05, "count": 0.05, "money": 0.05, "place": 0.12}
LEAST = {"date": 100, "count": 150, "money": 80, "place": 200}  # verdicts on which an error is told


@pytest.fixture(scope="module")
def told() -> dict[str, list[Verdict]]:
    lines = [line for stem in FLOORS for line in (GOLD / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()]
    given, texts = zip(*gold_passages(lines), strict=True)
    return evaluate(zip(given, map(records, read(texts)), strict=True)).verdicts


@pytest.mark.parametrize("kind", BOUNDS)
def test_confidence_is_calibrated(told: dict[str, list[Verdict]], kind: str) -> None:
    assert len(told[kind]) >= LEAST[kind]
    assert calibration_error(told[kind]) <= BOUNDS[kind]


@pytest.mark.parametrize("kind", BOUNDS)
def test_nine_of_ten_given_nine_tenths_are_right(told: dict[str, list[Verdict]], kind: str) -> None:
    sure = [right for confidence, right in told[kind] if confidence >= 0.9]
    assert sum(sure) >= 0.9 * len(sure) > 0


def test_enough_examples_stand_beside_the_rules() -> None:
    tables = (dates, counts, money, numbers)
    assert sum(len(set(table.POSITIVE if table is not dates else map(str, dates.POSITIVE))) for table in tables) >= 400
    assert sum(len(set(table.NEGATIVE)) for table in tables) >= 150
