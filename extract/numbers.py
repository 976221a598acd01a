"""Numbers as the Vietnamese press writes them, in digits and in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number at `text[start:end]`: `value`, or `low` and `high` for a range; `total` for a share such as 10/10."""

    start: int
    end: int
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    total: Decimal | None = None
    words: bool = False
    confidence: float = 1.0


def find_numbers(text: str) -> list[Number]:
    """Every number of `text`, in order, none overlapping."""
    raise NotImplementedError
