"""What people type for a day or a number, with or without diacritics, as values."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from extract.numbers import read_number
from extract.text import fold, normalise

LONGEST = 60  # characters of what may be a number or a day
# Words of numbers as they are typed without diacritics, beside those that need none ("tr", "k").
PLAIN = {"ty": "tỷ", "ti": "tỷ", "trieu": "triệu", "nghin": "nghìn", "ngan": "nghìn", "tram": "trăm", "ruoi": "rưỡi",
         "nua": "rưỡi", "muoi": "mươi"}  # fmt: skip
LETTERS = re.compile(r"[^\W\d_]+")
CURRENCY = re.compile(r"\s*(?:₫|\b(?:dong|d|vnd))\.?$")
DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:ngay )?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})",
        r"(?:ngay )?(?P<day>\d{1,2}) thang (?P<month>\d{1,2})[ /-](?:nam )?(?P<year>\d{4})",
        r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2})",
        r"(?:thang )?(?P<month>\d{1,2})(?:[/.-]| nam )(?P<year>\d{4})",
        r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})",
        r"(?:nam )?(?P<year>\d{4})",
    )
)


def number_of(said: str) -> float | None:
    """A number that is typed alone: "1 tỷ", "500 trieu", "1.000.000", "12,5", "12 tỷ đồng"; None for anything else."""
    text = normalise(said).strip()
    if not text or len(text) > LONGEST or not (text[0].isalnum() or text[0] == ","):
        return None
    if currency := CURRENCY.search(fold(text)):
        text = text[: currency.start()]
    value = read_number(text)
    if value is None:
        value = read_number(LETTERS.sub(lambda word: PLAIN.get(fold(word.group()), word.group()), text))
    return float(value) if value is not None and value < 10**18 else None


def days_of(said: str) -> tuple[str, str] | None:
    """The first and last day of what is typed: 18/01/2022, 2022-01-18, 01/2022 or 2022; None where there is no such."""
    text = " ".join(fold(normalise(said)).split())
    found = next((match for pattern in DAYS if len(text) <= LONGEST and (match := pattern.fullmatch(text))), None)
    if not found:
        return None
    parts = {name: int(digits) for name, digits in found.groupdict().items()}
    year, month, day = parts["year"], parts.get("month"), parts.get("day")
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    last = first if day else date(year, month or 12, monthrange(year, month or 12)[1])
    return first.isoformat(), last.isoformat()
