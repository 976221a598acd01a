"""Money: amounts with their currency, qualifier and rate."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.facts import MoneyFact
from extract.money.rules import Amount, fact_of, in_thousands, with_currency, without_currency
from extract.numbers import Number

__all__ = ["find_money"]

BETWEEN = re.compile(r"[ \u00a0]?[-–—][ \u00a0]?|[ \u00a0](?:đến|tới)[ \u00a0](?:(?:hơn|gần|trên|khoảng)[ \u00a0])?")
SENTENCE = re.compile(r"[.!?]\s|\n")


def find_money(text: str, numbers: list[Number]) -> list[MoneyFact]:
    """Every amount of money of `text`, in order; `numbers` is what `find_numbers` gives for the same text."""
    amounts: list[Amount] = []
    for number in numbers:
        amount = with_currency(text, number)
        if amount is None and (number.scale >= 10**6 or in_thousands(text, number)):
            near = bool(amounts) and not SENTENCE.search(text, amounts[-1].end, number.start)
            amount = without_currency(text, number, near)
        if amount is None:
            continue
        last = amounts[-1] if amounts else None
        if last is not None and amount.start < last.end:
            continue
        whole = _range(text, last, amount) if last is not None else None
        if whole:
            amounts[-1] = whole
        else:
            amounts.append(amount)
    return [fact for amount in amounts if (fact := fact_of(text, amount))]


def _range(text: str, left: Amount, right: Amount) -> Amount | None:
    """Two amounts that are the ends of one range: "từ 500 triệu đồng đến 1 tỷ đồng"."""
    match = BETWEEN.match(text, left.end, right.start)
    low, high = left.number.value, right.number.value
    if not match or match.end() != right.start or low is None or high is None or left.currency != right.currency:
        return None
    if low >= high or re.search(r"(?:tăng|giảm|nâng)[^.;,\n]{0,30}$", text[max(0, left.start - 40) : left.start]):
        return None
    number = replace(left.number, end=right.number.end, value=None, low=low, high=high, scale=right.number.scale)
    return replace(left, number=number, end=right.end, confidence=min(left.confidence, right.confidence))
