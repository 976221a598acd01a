"""Counts: numbers of things that can be counted one by one, with their noun."""

from __future__ import annotations

from bisect import bisect_left

from extract.counts.rules import count_at
from extract.facts import CountFact, Span
from extract.numbers import Number

__all__ = ["find_counts"]


def find_counts(text: str, numbers: list[Number], taken: list[Span]) -> list[CountFact]:
    """Every count of `text`, in order; `taken` holds the spans that dates, money and places have."""
    spans = sorted(taken)
    starts = [start for start, _ in spans]
    facts: list[CountFact] = []
    for number in numbers:
        after = bisect_left(starts, number.end)
        if any(end > number.start for _, end in spans[max(0, after - 3) : after]):
            continue
        fact = count_at(text, number, facts[-1] if facts else None)
        if fact:
            facts.append(fact)
    return facts
