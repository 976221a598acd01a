"""The value that every reader of numbers gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(slots=True, kw_only=True)  # not frozen, which would make it three times as slow to build; nobody changes one
class Number:
    """A number at `text[start:end]`: `value`, or `low` and `high` for a range; `total` for a share such as 10/10.

    `scale` is its last multiplier ("40,4 tỷ": 10**9, else 1); `words` tells how many syllables of it are number words;
    `other` is the value when the separators are read the other way round ("4,664": 4.664 or 4664).
    """

    start: int
    end: int
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    total: Decimal | None = None
    scale: Decimal = Decimal(1)
    words: int = 0
    other: Decimal | None = None
    confidence: float = 1.0
