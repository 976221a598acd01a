"""The named patterns of single mentions; each is tried where its trigger stands, in the order of this file.

Patterns see the text as `extract.dates.series.plainly` gives it: small letters, every dash "-", every odd space " ".
Groups: d day (dw in words), m month (mw in words), y year (yw in words, yd deictic), q quarter, n and which half.
`examples.py` beside this file says what they must find and what they must leave alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from extract.dates import edtf
from extract.dates.point import Grain, Moment, Point, step
from extract.dates.vocabulary import MONTHS, VOCABULARY, either, number

W = r"\s{1,3}"
# Nothing that makes the number longer, a decimal, a document number or a percentage may follow.
END = r"(?![\w%]|[.,:]\d|/\w|\s%)"
DAY = r"(?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"
BARE_MONTH = r"(?:1[0-2]|0?[1-9])"
MONTH = rf"(?P<m>{BARE_MONTH})(?!\d)"
YEAR = r"(?P<y>1\d{3}|20\d{2})(?!\d)"
OLD_YEAR = rf"[1-9]\d{{2}}{END}(?!\s\w|-\d)"
WORD = either("digit", "scale", "filler")
MONTH_WORD = rf"(?P<mw>{either('month')})(?!\w)"
DAY_WORDS = rf"(?P<dw>{WORD}(?:\s{WORD}){{0,2}}?)"
QUARTER = r"(?P<q>i{1,3}|iv|[1-4])(?!\w)"
COUNT = rf"(?P<n>\d{{1,2}}|{WORD}(?:\s{WORD})?)"
HEAD = rf"(?:ngày{W}(?:m[ồù]ng{W})?|m[ồù]ng{W})"
# "năm" between a month and its year; behind a comma it may open the next clause: "ngày 3-12, năm 2025 xã có …".
BEHIND = rf"(?:\s?|\s?,\s?(?=năm{W}\w+(?!\w| [^\W\d])))(?:của{W})?năm{W}"
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
YEARS_FROM_NOW = {"nay": 0, "ngoái": -1, "rồi": -1, "trước": -1, "tới": 1, "sau": 1}
MAX_MONTHS = 12
Values = dict[str, Any] | None


def year_behind(separators: str = "") -> str:
    """A pattern of the year that follows a day, a month or a quarter: "năm 2021", "năm nay", or "/2021"."""
    figure = rf"(?:{BEHIND}|{separators}){YEAR}{END}" if separators else rf"{BEHIND}{YEAR}{END}"
    spelled = rf"{BEHIND}(?:(?P<yo>{OLD_YEAR})|(?P<yw>{WORD}(?:\s{WORD}){{2,8}})(?!\w))"
    return rf"(?:{figure}|{BEHIND}(?P<yd>nay|ngoái|rồi|trước|tới|sau)(?!\w)|{spelled})"


@dataclass(frozen=True, slots=True)
class Rule:
    """A named pattern, what it begins with, how sure it is and how its groups are read.

    It begins with a word, or a number of one or two digits before a sign ("#/"), before "tháng" or before
    neither ("#"), or of four ("####").

    A rule with `after` only continues a list or period of rules of that first name ("month", "quarter"); one that is
    not `alone` needs a second end.
    """

    name: str
    grain: Grain
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    confidence: float
    read: Callable[[re.Match[str], date | None], Values]
    after: str | None = None
    alone: bool = True

    def match(self, plain: str, pos: int, published: date | None) -> Point | None:
        """The point at `pos`, if this rule's words stand there."""
        found = self.pattern.match(plain, pos)
        values = self.read(found, published) if found else None
        if found is None or values is None:
            return None
        return Point(
            grain=self.grain, start=pos, end=found.end(), rule=self.name, confidence=self.confidence,
            headed=self._headed(plain, pos), alone=self.alone, **values,
        )  # fmt: skip

    def _headed(self, plain: str, pos: int) -> bool:
        """Whether "ngày", "tháng", "năm" or "quý" leads the mention, not a number in figures or words."""
        if self.after or plain[pos].isdigit():
            return False
        return self.grain != "day" or plain.startswith(("ngày", "mồng", "mùng", "lễ"), pos)


def _plainly(found: re.Match[str], published: date | None) -> Values:
    """Day, month and year as the usual groups give them; None where a word gives no number."""
    groups = {name: " ".join(text.split()) for name, text in found.groupdict().items() if text}
    values: dict[str, Any] = {}
    if "d" in groups or "dw" in groups:
        values["day"] = int(groups["d"]) if "d" in groups else number(groups["dw"])
    if "m" in groups or "mw" in groups:
        values["month"] = int(groups["m"]) if "m" in groups else MONTHS[groups["mw"]]
    if "y" in groups:
        values["year"] = int(groups["y"])
    elif "yo" in groups:
        values["year"] = int(groups["yo"])
    elif "yw" in groups:
        values["year"] = number(groups["yw"])
    elif "yd" in groups:
        values["year"] = published.year + YEARS_FROM_NOW[groups["yd"]] if published else None
    return None if None in values.values() else values


def _short_year(found: re.Match[str], published: date | None) -> Values:
    values = _plainly(found, published)
    year = 2000 + int(found["yy"])
    return values and values | {"year": year if year <= (published.year if published else 2050) + 10 else year - 100}


def _quarter(found: re.Match[str], published: date | None) -> Values:
    values = _plainly(found, published)
    quarter = ROMAN.get(found["q"]) or int(found["q"])
    return None if values is None else values | {"months": (3 * quarter - 2, 3 * quarter)}


def _months(found: re.Match[str], published: date | None) -> Values:
    """The first or last so many months of a year; without a number it is the half ("nửa")."""
    values = _plainly(found, published)
    size = " ".join((found["n"] or "6").split())
    count = int(size) if size.isdigit() else number(size)
    if values is None or not count or not 1 < count <= MAX_MONTHS:
        return None
    last = not {"cuối", "sau"}.isdisjoint(found.groupdict().values())
    return values | {"months": (MAX_MONTHS + 1 - count, MAX_MONTHS) if last else (1, count)}


def _run(found: re.Match[str], published: date | None) -> Values:
    first, last = int(found["from"]), int(found["to"])
    return {"year": int(found["y"]), "months": (first, last)} if first < last else None


def _deictic(found: re.Match[str], published: date | None) -> Values:
    unit, steps = VOCABULARY["deictic"][" ".join(found.group().split())].split()
    moment = step(published, unit, int(steps)) if published else None
    return {"moment": moment} if moment else None


def _weekday(found: re.Match[str], published: date | None) -> Values:
    """A named day of last, this or next week."""
    unit, steps = VOCABULARY["deictic"][" ".join(found["week"].split())].split()
    week = step(published, unit, int(steps)) if published else None
    weekday = int(VOCABULARY["weekday"][" ".join(found["name"].split())])
    return {"moment": step(week.first, "day", weekday)} if week else None


def _years(found: re.Match[str], published: date | None) -> Values:
    first, last = int(found["y"]), int(found["to"])
    text = edtf.period(edtf.year(first), edtf.year(last))
    return {"moment": Moment(date(first, 1, 1), date(last, 12, 31), text)} if first < last else None


def _day_of_month(found: re.Match[str], published: date | None) -> Values:
    """A day of last, this or next month."""
    unit, steps = VOCABULARY["deictic"][" ".join(found["in"].split())].split()
    month = step(published, unit, int(steps)) if published else None
    number_of_day = int(found["d"]) if found["d"] else number(" ".join(found["dw"].split())) or 0
    day = month and step(month.first, "day", number_of_day - 1)
    return {"moment": day} if month and day and month.last and month.first <= day.first <= month.last else None


def _feast(found: re.Match[str], published: date | None) -> Values:
    day, month = VOCABULARY["feast"][" ".join(found["feast"].split())].split("/")
    return {"day": int(day), "month": int(month)}


def _decade(found: re.Match[str], published: date | None) -> Values:
    year = int(found["y"])
    return {"moment": Moment(date(year, 1, 1), date(year + 9, 12, 31), edtf.decade(year))}


def _week(found: re.Match[str], published: date | None) -> Values:
    """The week of a month by its number: the first is the one with the month's first Monday."""
    values = _plainly(found, published)
    which = found["w"] or "1"
    week = int(which) if which.isdigit() else {"nhất": 1, "hai": 2, "ba": 3, "tư": 4}[which]
    return None if values is None else values | {"day": week}


def _first_day(found: re.Match[str], published: date | None) -> Values:
    values = _plainly(found, published)
    return None if values is None else values | {"day": 1}


def _this_year(found: re.Match[str], published: date | None) -> Values:
    values = _plainly(found, published)
    if values is None or (not values and not published):
        return None
    return values or {"year": published.year if published else None}


def _rule(  # noqa: PLR0917 the columns of the table below
    name: str,
    grain: Grain,
    triggers: str,
    pattern: str,
    confidence: float,
    read: Callable[[re.Match[str], date | None], Values] = _plainly,
    after: str | None = None,
    alone: bool = True,
) -> Rule:
    return Rule(name, grain, tuple(triggers.split("|")), re.compile(pattern), confidence, read, after, alone)


YEAR_BEHIND = year_behind()
SLASH_YEAR = year_behind(rf"\s?[/.-]\s?|{W}")
NUMBERS = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười"
HEADS = "ngày|mồng|mùng"

RULES = (
    # 18/01/2022, 18-11-1930, ngày 7.3.2024
    _rule("day full", "day", "#/|#", rf"{DAY}\s?([/.-])\s?{MONTH}\s?\2\s?{YEAR}{END}", 0.98),
    _rule("day full", "day", HEADS, rf"{HEAD}{DAY}\s?[/.-]\s?{MONTH}\s?[/.-]\s?{YEAR}{END}", 0.98),
    # 2022-01-18
    _rule("day iso", "day", "####", rf"{YEAR}-(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01]){END}", 0.97),
    # ngày 5/3/22
    _rule("day short year", "day", HEADS, rf"{HEAD}{DAY}([/.-]){MONTH}\2(?P<yy>\d{{2}}){END}", 0.85, _short_year),
    # 28-10, 7.3, 14/11, ngày 2/9 năm 2023; "10-12/3" is a period, not 10 December
    _rule("day", "day", f"#/|{HEADS}",
          rf"{HEAD}?(?!\d{{1,2}}-\d{{1,2}}[-/.]\d){DAY}[/.-]{MONTH}{END}{YEAR_BEHIND}?", 0.98),
    _rule("day spaced", "day", HEADS, rf"{HEAD}{DAY}\s?[/-]\s?{MONTH}{END}(?!\s?[/.-]\s?\d){YEAR_BEHIND}?", 0.95),
    # 6 tháng đầu năm 2024, ba tháng cuối năm, nửa đầu năm, nửa sau năm 2024
    _rule("months of year", "months", f"#tháng|{NUMBERS}|nửa",
          rf"(?:{COUNT}{W}tháng{W}(?P<which>đầu|cuối)|nửa{W}(?P<half>đầu|cuối|sau)){W}(?:của{W})?năm(?!{W}học)"
          rf"(?:{W}(?:{YEAR}|(?P<yd>nay|ngoái|trước|tới))(?!\w))?(?!\w)", 0.98, _months),
    # 9 tháng năm 2023
    _rule("months so far", "months", f"#tháng|{NUMBERS}",
          rf"{COUNT}{W}tháng(?:(?:{W}(?:của{W})?năm{W}|/|{W}){YEAR}{END}|{W}năm{W}(?P<yd>nay|ngoái)(?!\w))", 0.93,
          _months),
    # ngày 3 tháng 3 năm 2017, ngày 4 tháng này
    _rule("day long", "day", f"#tháng|{HEADS}", rf"{HEAD}?{DAY}{W}tháng{W}{MONTH}{END}{SLASH_YEAR}?", 0.97),
    _rule("day of month", "fixed", HEADS,
          rf"{HEAD}(?:{DAY}|{DAY_WORDS}){W}(?P<in>tháng{W}(?:này|trước|rồi|tới|sau))(?!\w)",
          0.9, _day_of_month),
    _rule("day in words", "day", f"#tháng|{HEADS}|{NUMBERS}",
          rf"{HEAD}?(?:{DAY}|{DAY_WORDS}){W}tháng{W}{MONTH_WORD}{YEAR_BEHIND}?", 0.9),
    _rule("first day", "day", "ngày",
          rf"ngày{W}đầu{W}tiên{W}(?:của{W})?tháng{W}{MONTH}{END}{SLASH_YEAR}?", 0.8, _first_day),
    # tuần đầu tiên của tháng 9 năm 2017
    _rule("week of month", "week", "tuần",
          rf"tuần{W}(?:đầu{W}tiên|thứ{W}(?P<w>nhất|hai|ba|tư|[1-4])){W}(?:của{W}|trong{W})?tháng{W}{MONTH}{END}"
          rf"{SLASH_YEAR}?", 0.6, _week),
    # tháng 5/2021, tháng 5 năm 2021, tháng 5-2021
    _rule("month", "month", "tháng", rf"tháng{W}{MONTH}(?:{SLASH_YEAR}|{END})", 0.98),
    # T9/2026
    _rule("month short", "month", "t", rf"t{MONTH}[/-]{YEAR}{END}", 0.85),
    # tháng Ba, tháng mười một năm 2021
    _rule("month in words", "month", "tháng", rf"tháng{W}{MONTH_WORD}{SLASH_YEAR}?", 0.9),
    # 5/2021
    _rule("month of year", "month", "#/", rf"{MONTH}[/-]{YEAR}{END}", 0.93),
    # 5-6/2023
    _rule("months run", "months", "#/", rf"(?P<from>{BARE_MONTH})-(?P<to>{BARE_MONTH})/{YEAR}{END}", 0.8, _run),
    _rule("month number", "month", "#|#tháng|#/", rf"{MONTH}{END}(?![/-]\d){YEAR_BEHIND}?", 0.93, after="month"),
    # quý I/2024, quý 1 năm 2024
    _rule("quarter", "months", "quý|quí", rf"qu[ýí]{W}{QUARTER}{SLASH_YEAR}?{END}", 0.98, _quarter),
    _rule("quarter number", "months", "#|#tháng|#/|i|ii|iii|iv", rf"{QUARTER}{SLASH_YEAR}?{END}", 0.95,
          _quarter, after="quarter"),
    # những năm 1980
    _rule("decade", "fixed", "những|thập",
          rf"(?:những{W}năm|thập{W}(?:niên|kỷ)){W}(?P<y>1[89]\d0){END}(?!\s?[,-]\s?\d)", 0.6, _decade),
    # năm 2021, năm 938, năm hai nghìn không trăm hai mươi bốn, năm học 2023 (-2024)
    _rule("year", "year", "năm", rf"năm{W}(?:mới{W})?{YEAR}{END}", 0.985),
    _rule("year of old", "year", "năm", rf"năm{W}(?P<y>{OLD_YEAR})", 0.7),
    _rule("year in words", "year", "năm", rf"năm{W}(?P<yw>{WORD}(?:\s{WORD}){{2,8}})(?!\w|\s\w)", 0.88),
    _rule("school years", "fixed", "năm", rf"năm{W}học{W}(?:mới{W})?{YEAR}\s?/\s?(?P<to>20\d{{2}}){END}", 0.9, _years),
    _rule("school year", "year", "năm", rf"năm{W}học{W}(?:mới{W})?{YEAR}{END}", 0.95),
    # từ đầu năm đến nay, từ đầu năm 2024 đến nay
    _rule("start of year", "year", "từ",
          rf"từ{W}đầu{W}năm(?:{W}(?:{YEAR}|(?P<yd>nay|ngoái|trước)(?!\w)))?(?={W}(?:cho{W})?(?:đến|tới)(?!\w))", 0.97,
          _this_year, alone=False),
    # hôm nay, tháng trước, năm ngoái; thứ năm tuần tới; ngày giáng sinh
    _rule("weekday", "fixed", "thứ|chủ|chúa",
          rf"(?P<name>{either('weekday')}){W}(?:của{W})?(?P<week>tuần{W}(?:này|trước|rồi|tới|sau))(?!\w)",
          0.85, _weekday),
    _rule("deictic", "fixed", "hôm|bữa|ngày|sáng|trưa|chiều|tối|đêm|tuần|tháng|quý|năm|sang",
          rf"{either('deictic')}(?!\w|\s\d{{3,4}}(?!\d)|\s(?:kia|nay)(?!\w))", 0.95, _deictic),
    _rule("feast", "day", "ngày|lễ", rf"(?:ngày|lễ){W}(?P<feast>{either('feast')})(?!\w)", 0.7, _feast),
    # Luật Đất đai 2013
    _rule("bare year", "year", "####", rf"{YEAR}{END}", 0.88),
    # ngày 10 (và 11-5), 13 (-14/8): the beginning of a list or a period
    _rule("day number", "day", f"#|#/|{HEADS}", rf"{HEAD}?{DAY}"
          rf"(?=\s?[-,;&]|{W}(?:và|đến|tới|hoặc|hay|cùng|rạng){W})", 0.95),
)  # fmt: skip

BY_TRIGGER: dict[str, tuple[Rule, ...]] = {
    trigger: tuple(rule for rule in RULES if trigger in rule.triggers)
    for trigger in sorted({trigger for rule in RULES for trigger in rule.triggers})
}
