"""A point: one mention of a day, month, run of months or year, complete or leaning on its neighbours and the paper."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal

from extract.dates import edtf

Grain = Literal["day", "week", "month", "months", "year", "fixed"]
MONTHS_OF_YEAR = 12
HALF_A_YEAR = 6  # a quarter that begins further ahead than this many months is last year's
MARGIN = 3  # years at the calendar's edges where steps are not tried


@dataclass(frozen=True, slots=True)
class Moment:
    """Inclusive days and the same as EDTF; `last` is None when open."""

    first: date
    last: date | None
    edtf: str


@dataclass(slots=True, kw_only=True)  # not frozen, which is slow to build; nobody changes one
class Point:
    """What the words say, None where they say nothing.

    `day` numbers a week in its month where the grain is one; `months` are the first and last month of a quarter or
    half; `toward` is -1 or 1 where a word after it says past or future ("vừa qua", "tới"); `moment` is set when the
    days are known already; `headed` is true where "ngày", "tháng", "năm" or "quý" leads it, `alone` false where the
    words mean nothing without a second end.
    """

    grain: Grain
    start: int
    end: int
    rule: str
    confidence: float
    headed: bool = True
    alone: bool = True
    year: int | None = None
    month: int | None = None
    day: int | None = None
    months: tuple[int, int] | None = None
    toward: int = 0
    moment: Moment | None = None

    @property
    def complete(self) -> bool:
        """Whether all but the year is known."""
        return self.grain != "day" or self.month is not None

    @property
    def dated(self) -> bool:
        """Whether the year is known too."""
        return self.complete and (self.year is not None or self.moment is not None)

    def filled(self, other: Point) -> Point:
        """This point with the month and year that it lacks taken from a neighbour."""
        if self.grain == "day" and self.month is None and other.grain == "day":
            return replace(self, month=other.month, year=other.year, toward=other.toward)
        if self.year is None and self.moment is None and other.year is not None and other.grain != "year":
            return replace(self, year=other.year)
        return self

    def resolve(self, published: date | None) -> Moment | None:
        """Its days; a missing year is the one nearest to `published`; None for impossible days or unknown years."""
        if self.moment or not self.complete:
            return self.moment
        if self.year is not None:
            return self.at(self.year)
        if published is None:
            return None
        if self.grain == "months":
            late = self.months is not None and self.months[0] > published.month + HALF_A_YEAR
            return self.at(published.year - late)
        moments = [m for year in range(published.year - 1, published.year + 2) if (m := self.at(year))]
        fitting = [m for m in moments if self.toward * _gap(m, published) >= 0]
        return min(fitting or moments, key=lambda m: (abs(_gap(m, published)), _gap(m, published)), default=None)

    def at(self, year: int) -> Moment | None:
        """Its days in a given year; None where the calendar has none."""
        if not MINYEAR <= year <= MAXYEAR:
            return None
        if self.grain == "week":
            return _week(year, self.month or 0, self.day or 0)
        if self.grain == "day":
            return _day(year, self.month or 0, self.day or 0)
        months = {"year": (1, 12), "month": (self.month, self.month), "months": self.months}.get(self.grain)
        if not months or not months[0] or not months[1]:
            return None
        text = edtf.year(year) if self.grain == "year" else edtf.months(year, months[0], months[1])
        return Moment(date(year, months[0], 1), month_end(year, months[1]), text)


def _day(year: int, month: int, number: int) -> Moment | None:
    """A day, if the calendar has it."""
    if not 1 <= month <= MONTHS_OF_YEAR or not 1 <= number <= calendar.monthrange(year, month)[1]:
        return None
    day = date(year, month, number)
    return Moment(day, day, edtf.day(year, month, number))


def _week(year: int, month: int, number: int) -> Moment | None:
    """The week, Monday to Sunday, that holds the month's Monday of that number."""
    first = _day(year, month, 1)
    return step(first.first + timedelta(days=-first.first.weekday() % 7), "week", number - 1) if first else None


def _gap(moment: Moment, published: date) -> int:
    """Days from `published` to the nearest day of `moment`: negative in the past, 0 inside."""
    if moment.first > published:
        return (moment.first - published).days
    return min(0, ((moment.last or moment.first) - published).days)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def step(published: date, unit: str, steps: int) -> Moment | None:
    """The day, week, month, quarter or year so many steps from that of `published`; None beyond the calendar."""
    if not MINYEAR + MARGIN <= published.year <= MAXYEAR - MARGIN:
        return None
    if unit in ("day", "week"):
        first = published - timedelta(days=published.weekday() if unit == "week" else 0)
        first += timedelta(days=steps * (7 if unit == "week" else 1))
        text = edtf.day(first.year, first.month, first.day)
        if unit == "day":
            return Moment(first, first, text)
        last = first + timedelta(days=6)
        return Moment(first, last, edtf.period(text, edtf.day(last.year, last.month, last.day)))
    if unit == "year":
        year = published.year + steps
        return Moment(date(year, 1, 1), date(year, 12, 31), edtf.year(year))
    size = 3 if unit == "quarter" else 1
    index = (published.year * 12 + published.month - 1) // size + steps
    year, first_month = divmod(index * size, 12)
    text = edtf.months(year, first_month + 1, first_month + size)
    return Moment(date(year, first_month + 1, 1), month_end(year, first_month + size), text)
