"""Counts: every example beside the rules, odd texts, and linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given

from extract.counts import find_counts
from extract.counts.examples import NEGATIVE, POSITIVE
from extract.facts import CountFact
from extract.money import find_money
from extract.numbers import find_numbers
from tests.test_money import value_label
from tests.test_numbers import LONG, MEGABYTE, TEXT


def read(text: str) -> list[CountFact]:
    numbers = find_numbers(text)
    return find_counts(text, numbers, [fact.span for fact in find_money(text, numbers)])


def label(fact: CountFact) -> str:
    """A count as the examples write it."""
    total = f"/{int(fact.total)}" if fact.total is not None else ""
    sign = {"approx": "~ "}.get(fact.qualifier, "") if fact.value is None else ""
    return f"{sign}{value_label(fact)}{total} {fact.unit}" + (" M" if fact.model else "")


@pytest.mark.parametrize(("text", "expected"), POSITIVE)
def test_positive(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(map(label, read(text))) == expected


@pytest.mark.parametrize("text", NEGATIVE)
def test_negative(text: str) -> None:
    assert read(text) == []


def test_what_is_taken_is_no_count() -> None:
    text = "Từ 5 xã đến 12 ấp"
    assert [fact.unit for fact in find_counts(text, find_numbers(text), [(3, 7)])] == ["ấp"]


@given(TEXT)
def test_any_text_gives_spans(text: str) -> None:
    for fact in read(text):
        assert 0 <= fact.start < fact.end <= len(text)
        assert 0 < fact.confidence <= 1
        assert fact.record(text)["unit"]


@pytest.mark.parametrize("piece", [*LONG, "5 (a", "10 guồng ", "mỗi 5 hộ ", "mô hình 5 tập thể "])
def test_long_lines_take_linear_time(piece: str) -> None:
    text = piece * ((10**6 if piece in MEGABYTE else 10**5) // len(piece.encode()))
    numbers = find_numbers(text)
    start = time.process_time()
    find_counts(text, numbers, [])
    assert time.process_time() - start < 2
