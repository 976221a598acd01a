"""Counts: numbers of things that can be counted one by one, with their noun."""

from extract.facts import CountFact, Span
from extract.numbers import Number


def find_counts(text: str, numbers: list[Number], taken: list[Span]) -> list[CountFact]:
    """Every count of `text`, in order; `taken` holds the spans that dates, money and places have."""
    raise NotImplementedError
