"""Other systems' cases for numbers and money: each is met, or its difference is told beside its id."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extract.facts import MoneyFact
from extract.money import find_money
from extract.numbers import find_numbers, read_number

ORACLES = Path(__file__).parents[2] / "shared" / "oracles"
pytestmark = pytest.mark.skipif(not ORACLES.is_dir(), reason="the folder ../shared/oracles is not here")

YEAR = '"năm" behind a number is "year" in running text; the case leaves it a word as well'
NEGATIVE = "negative numbers are out of scope: figures of the press are counted things"
DIFFERENT = {
    "duckling-vi-numeral-038": NEGATIVE,
    "duckling-vi-numeral-039": NEGATIVE,
    "duckling-vi-numeral-040": NEGATIVE,
    "nemo-vi-itn-cardinal-085": YEAR,
    "nemo-vi-itn-cardinal-087": YEAR,
    "nemo-vi-tn-money-023": '"năm ơ rô": a lone "năm" is the year, not five',
    "nemo-vi-itn-decimal-024": "the case leaves the decimal mark a word; ours reads 12,1",
}
UNITS = {"Dollar": "USD", "Pound": "GBP", "Cent": "cent"}


def cases(name: str, *classes: str) -> list[Any]:
    path = ORACLES / f"{name}.jsonl"
    if not path.is_file():
        return []
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [pytest.param(row, id=row["id"]) for row in rows if not classes or row["class"] in classes]


def check(row: dict[str, Any], met: bool) -> None:
    """A case is met, or is in the table of differences; a difference that is met again must leave the table."""
    assert met is (row["id"] not in DIFFERENT), DIFFERENT.get(row["id"], row)


@pytest.mark.parametrize("row", cases("num2words"))
def test_num2words(row: dict[str, Any]) -> None:
    check(row, read_number(row["text"]) == Decimal(str(row["value"])))


@pytest.mark.parametrize("row", cases("duckling_numeral"))
def test_duckling_numeral(row: dict[str, Any]) -> None:
    check(row, read_number(row["text"]) == Decimal(str(row["expected"]["value"])))


@pytest.mark.parametrize(
    "row",
    [*cases("nemo_spoken_to_written", "cardinal", "decimal"), *cases("nemo_written_to_spoken", "cardinal", "decimal")],
)
def test_nemo_numbers(row: dict[str, Any]) -> None:
    written = row["written"].replace(".", ",") if "-itn-" in row["id"] else row["written"]
    spoken = read_number(row["spoken"])
    check(row, spoken is not None and spoken == read_number(written))


def amounts(text: str) -> list[MoneyFact]:
    return find_money(text, find_numbers(text))


def summary(fact: MoneyFact) -> tuple[Any, ...]:
    low, high = fact.bounds
    return low, high, fact.currency


@pytest.mark.parametrize("row", cases("duckling_money"))
def test_duckling_money(row: dict[str, Any]) -> None:
    want = row["expected"]
    found = amounts(row["text"])
    unit = UNITS.get(want["unit"], want["unit"])
    if "value" in want:
        wanted = (Decimal(str(want["value"])),) * 2
    else:
        wanted = tuple(Decimal(str(want[end])) if end in want else None for end in ("from", "to"))
    check(row, [summary(fact) for fact in found] == [(*wanted, unit)])


@pytest.mark.parametrize("row", [*cases("nemo_spoken_to_written", "money"), *cases("nemo_written_to_spoken", "money")])
def test_nemo_money(row: dict[str, Any]) -> None:
    written = row["written"].replace(".", ",") if "-itn-" in row["id"] else row["written"]
    one, two = amounts(written), amounts(row["spoken"])
    check(row, bool(one) and [summary(fact) for fact in one] == [summary(fact) for fact in two])
