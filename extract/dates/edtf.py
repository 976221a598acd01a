"""Dates as EDTF (Extended Date/Time Format, ISO 8601-2:2019, levels 1 and 2).

| a mention | EDTF |
|---|---|
| day, month, year | 2022-01-18, 2021-05, 2021 |
| quarter 1 to 4 | 2024-33 to 2024-36 |
| first, second half of a year | 2024-40, 2024-41 |
| decade | 198X |
| period, each end at its own precision | 2016/2020, 2022-10/2023-09, 2025-03-12/2025-03-14 |
| open end ("đến nay") | 2011/.. |
"""

from __future__ import annotations

FIRST_QUARTER = 33
FIRST_HALF = 40
OPEN = ".."


def day(year: int, month: int, number: int) -> str:
    """A day: 2022-01-18."""
    return f"{year:04d}-{month:02d}-{number:02d}"


def month(year: int, number: int) -> str:
    """A month: 2021-05."""
    return f"{year:04d}-{number:02d}"


def year(number: int) -> str:
    """A year: 2021."""
    return f"{number:04d}"


def months(number: int, first: int, last: int) -> str:
    """A run of months of one year: a quarter or a half where it is one, else a period of months."""
    if last - first == 2 and first % 3 == 1:
        return f"{number:04d}-{FIRST_QUARTER + first // 3}"
    if last - first == 5 and first in (1, 7):
        return f"{number:04d}-{FIRST_HALF + first // 7}"
    return month(number, first) if first == last else period(month(number, first), month(number, last))


def decade(first: int) -> str:
    """The ten years from `first`: 198X."""
    return f"{first // 10:03d}X"


def period(first: str, last: str | None) -> str:
    """From the start of one mention to the end of another; None is open."""
    end = OPEN if last is None else last.rpartition("/")[2]
    return f"{first.partition('/')[0]}/{end}"
