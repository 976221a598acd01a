"""Confidence: on the project's gold a fact given 0.9 is right about nine times in ten; the error is bounded by kind."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from extract.counts import examples as counts
from extract.dates import examples as dates
from extract.language import read, records
from extract.money import examples as money
from extract.numbers import examples as numbers
from extract.passage import passages
from tests.test_gold import FLOORS, GOLD, Fact, hit, same_ground

BINS = 10
# The expected calibration error by kind. The rules were mended on this gold after its first run, so that nearly all is
# right here and the error is what they are too modest by; the bound keeps them from growing surer than the first runs.
BOUNDS = {"date": 0.05, "count": 0.05, "money": 0.05, "place": 0.12}
LEAST = {"date": 100, "count": 150, "money": 80, "place": 200}  # verdicts on which an error is told
Verdict = tuple[float, bool]  # a confidence, and whether the fact is right


def verdicts(gold: list[Fact], found: list[Fact]) -> Iterable[tuple[str, Verdict]]:
    """Each found fact's kind and verdict; what overlaps an optional fact is neither right nor wrong."""
    left = list(found)
    for fact in gold:
        match = next((other for other in left if hit(fact, other)), None)
        if match:
            left.remove(match)
            if not fact.get("optional"):
                yield fact["kind"], (match["confidence"], True)
    optional = [fact for fact in gold if fact.get("optional")]
    for fact in left:
        if not any(same_ground(fact, other) for other in optional):
            yield fact["kind"], (fact["confidence"], False)


def calibration_error(told: list[Verdict]) -> float:
    """How far confidence and the share that is right lie apart in a bin, averaged over the bins by their size."""
    bins: dict[int, list[Verdict]] = {}
    for verdict in told:
        bins.setdefault(min(int(verdict[0] * BINS), BINS - 1), []).append(verdict)
    apart = (abs(sum(sure for sure, _ in one) - sum(right for _, right in one)) for one in bins.values())
    return sum(apart) / len(told)


@pytest.fixture(scope="module")
def told() -> dict[str, list[Verdict]]:
    kinds: dict[str, list[Verdict]] = {kind: [] for kind in BOUNDS}
    for stem in FLOORS:
        lines = (GOLD / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()
        given, texts = zip(*passages(lines), strict=True)
        for row, reading in zip(given, read(texts), strict=True):
            for kind, verdict in verdicts(row["facts"], records(reading)):
                kinds[kind].append(verdict)
    return kinds


@pytest.mark.parametrize("kind", BOUNDS)
def test_confidence_is_calibrated(told: dict[str, list[Verdict]], kind: str) -> None:
    assert len(told[kind]) >= LEAST[kind]
    assert calibration_error(told[kind]) <= BOUNDS[kind]


@pytest.mark.parametrize("kind", BOUNDS)
def test_nine_of_ten_given_nine_tenths_are_right(told: dict[str, list[Verdict]], kind: str) -> None:
    sure = [right for confidence, right in told[kind] if confidence >= 0.9]
    assert sum(sure) >= 0.9 * len(sure) > 0


def test_the_error_tells_the_boastful_from_the_modest() -> None:
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.99, False)] * 4) == pytest.approx(0.99)
    assert calibration_error([(0.6, True), (0.6, True), (0.95, True), (0.95, False)]) == pytest.approx(0.425)


def test_a_false_alarm_is_a_verdict_and_an_optional_fact_none() -> None:
    fact = {"kind": "count", "start": 0, "end": 5, "value": 3, "unit": "hộ", "confidence": 0.9}
    elsewhere = fact | {"start": 9, "end": 14, "confidence": 0.4}
    assert list(verdicts([fact], [fact, elsewhere])) == [("count", (0.9, True)), ("count", (0.4, False))]
    assert list(verdicts([fact | {"optional": True}], [fact])) == []


def test_enough_examples_stand_beside_the_rules() -> None:
    tables = (dates, counts, money, numbers)
    assert sum(len(set(table.POSITIVE if table is not dates else map(str, dates.POSITIVE))) for table in tables) >= 400
    assert sum(len(set(table.NEGATIVE)) for table in tables) >= 150
