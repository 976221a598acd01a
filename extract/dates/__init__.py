"""Dates: mentions that fix a calendar day, month, quarter, half-year, year or a period between two of them."""

from datetime import date

from extract.dates.series import scan
from extract.facts import DateFact


def find_dates(text: str, published: date | None) -> list[DateFact]:
    """Every date of `text` in order; those that lean on the publication day need `published`."""
    return list(scan(text, published))
