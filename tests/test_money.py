"""Money: every example beside the rules, odd texts, and linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.facts import CountFact, MoneyFact, plain_number
from extract.money import find_money
from extract.money.examples import NEGATIVE, POSITIVE
from extract.numbers import find_numbers
from tests.test_numbers import LONG, MEGABYTE, TEXT, vietnamese


def value_label(fact: CountFact | MoneyFact) -> str:
    """A figure for a table: "4664", "> 15000000000", "5–10"; empty where there is none."""
    sign = {"less": "< ", "more": "> ", "approx": "~ ", "at_least": "≥ ", "at_most": "≤ "}.get(fact.qualifier, "")
    if fact.value is None:
        return f"{plain_number(fact.low)}–{plain_number(fact.high)}"
    return f"{sign}{plain_number(fact.value)}"


def read(text: str) -> list[MoneyFact]:
    return find_money(text, find_numbers(text))


def label(fact: MoneyFact) -> str:
    """An amount as the examples write it."""
    total = f"/{int(fact.total)}" if fact.total is not None else ""
    sign = {"approx": "~ ", "less": "< ", "more": "> "}.get(fact.qualifier, "") if fact.value is None else ""
    return f"{sign}{value_label(fact)}{total} {fact.currency}" + (f" per {fact.per}" if fact.per else "")


@pytest.mark.parametrize(("text", "expected"), POSITIVE)
def test_positive(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(map(label, read(text))) == expected


@pytest.mark.parametrize("text", NEGATIVE)
def test_negative(text: str) -> None:
    assert read(text) == []


@given(st.integers(1000, 10**12))
def test_any_amount_reads_back(value: int) -> None:
    (fact,) = read(f"kinh phí {vietnamese(value)} đồng")
    assert (fact.value, fact.currency) == (value, "VND")


@given(TEXT)
def test_any_text_gives_spans(text: str) -> None:
    for fact in read(text):
        assert 0 <= fact.start < fact.end <= len(text)
        assert 0 < fact.confidence <= 1
        assert fact.record(text)["text"] == text[fact.start : fact.end]


@pytest.mark.parametrize("piece", [*LONG, "5 đồng ", "5 triệu ", "US$", "mỗi 5 đồng "])
def test_long_lines_take_linear_time(piece: str) -> None:
    text = piece * ((10**6 if piece in MEGABYTE else 10**5) // len(piece.encode()))
    numbers = find_numbers(text)
    start = time.process_time()
    find_money(text, numbers)
    assert time.process_time() - start < 2


def test_the_span_runs_to_the_currency_and_the_qualifier_stands_before() -> None:
    text = "Quỹ nhận được gần 40,4 tỷ đồng trong năm."
    (fact,) = read(text)
    assert text[fact.start : fact.end] == "40,4 tỷ đồng"
    assert fact.record(text)["qualifier_text"] == "gần"
    assert fact.record(text)["value_high"] == 40_400_000_000
