"""What stands beside a mention: words before and after that make it sure, likely, or something else than a date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.dates.point import Point
from extract.dates.vocabulary import either, words
from extract.text import UPPER

REACH = 26  # characters looked at on each side
NEXT_WORD = re.compile(r"\s{1,2}([^\W\d_]+)")
REPEATED = re.compile(r"\s(?:h[ằà]ng|mỗi)\s(?:năm|tháng)|\s(?:\(?)(?:âm lịch|al\b)")
PAST = re.compile(r"\s(?:vừa\s(?:qua|rồi)|qua)(?!\w)")
FUTURE = re.compile(r"\s(?:sắp\stới|tới\sđây|tới)(?!\w|\s(?:nay|hết|ngày|tháng|năm|cuối|\d))")
CLOCK = re.compile(r"(?<![/\d])\d{1,2}\s?(?:h|g|giờ|:)\s?(?:\d{2})?(?:\s?phút)?\s?[,-]?\s?$")
STRONG = words("strong")
SOFT = words("soft")
BAD = words("bad")
DOCUMENT = words("document")
QUANTIFIER = words("quantifier")
EACH = words("each")
FUNCTION = words("function")
FOLLOWS = words("function", "subject")
COUNTER = words("counter")
LENGTH = frozenset(("trong", "sau", "hơn", "gần", "khoảng", "được", "suốt", "mất"))
NAMED = re.compile(rf"(?<!\w){either('name')}\s[^.,;()]*$")
FAR = 48  # characters a year may stand from the first word of the name that it closes
MONTHS_OF_YEAR = 12
NAMES_OF_TIME = frozenset(("cách mạng",))  # "Cách mạng Tháng Tám" names an event
NUMBER_RANGE = re.compile(r"\s?(?:-|đến|tới)\s?\d")  # "từ 2000 đến 3000 người"
OPPOSITE = {"trước": "sau", "sau": "trước"}  # "năm sau cao hơn năm trước": any year
LAST_YEAR = ("ngoái",)  # "bão số 10 năm ngoái": no length of time is told so
PLACE_NAMED = re.compile(rf"(?<!\w){either('institution')}\s[^.,;()]*$")
# "lương tháng 6 - 8 triệu đồng", "tháng 6 triệu": money by the month.
MONTHLY = re.compile(r"(?:\s?(?:-|đến|tới)\s?\d[\d.,]*)?\s(?:nghìn|ngàn|triệu|tỷ|tỉ|đồng)(?!\w)")
WHOLE = ("cả", "suốt")  # "cả năm nay": the whole of it
TODAY = "hôm nay"
FIGURATIVE = words("figurative")  # "thế hệ hôm nay": people of these times
MORROW = re.compile(r"\s(?:và|cho|đến)?\s?mai\ssau")
# "Ngày Chuyển đổi số quốc gia 10-10": a Day with a name of its own closes with its date.
NAMED_DAY = re.compile(rf"(?<!\w)[Nn]gày\s(?:hội\s|vì\s)?(?=[{UPPER}“\"])[^.;:()\d\n]{{2,{FAR}}}\s$")
ROUND_THE_CLOCK = "24/7"
NAME_YEAR = words("name_year")


def before(plain: str, start: int) -> tuple[str, str, str]:
    """The last word, the last two words and the last sign before `start`; empty where there is none."""
    left = plain[max(0, start - REACH) : start]
    sign = left.rstrip()[-1:]
    tokens = left.rstrip(" \n(“\"'‘").split()
    last = tokens[-1].strip("(“\"'‘,") if tokens else ""
    pair = f"{tokens[-2]} {last}" if len(tokens) > 1 else last
    return last, pair, sign


def around(plain: str, point: Point) -> str:
    """The words within reach on both sides."""
    return plain[max(0, point.start - REACH) : point.start] + plain[point.end : point.end + REACH]


def counted(plain: str, end: int) -> bool:
    """Whether a small-letter noun follows: the number before it counts something."""
    found = NEXT_WORD.match(plain, end)
    return found is not None and found[1] not in FOLLOWS


def in_counter(plain: str, end: int) -> bool:
    """Whether a counted noun, a unit or a length of time follows."""
    found = NEXT_WORD.match(plain, end)
    return found is not None and found[1] in COUNTER


def trust(text: str, plain: str, points: Sequence[Point], led: bool) -> float:
    """How sure the words around make a series a date: factor of its confidence, 0 for no date."""
    first = points[0]
    last, pair, sign = before(plain, first.start)
    if first.rule == "deictic" or first.rule.startswith("month in"):
        return 0.0 if _in_name(text, first.start) else _leaning(plain, first, last, pair)
    if first.headed:
        return _headed(plain, points, last, pair)
    if first.grain == "year":
        return _bare_year(text, plain, points, led)
    if first.grain == "months":
        return 0.0 if in_counter(plain, first.end) else 1.0
    if first.rule in ("day full", "day iso") or {last, pair} & DOCUMENT:
        return 0.0 if {last, pair} & DOCUMENT else 1.0
    named = NAMED_DAY.search(text, max(0, first.start - FAR), first.start) and not _of_things(plain, points)
    return 0.95 if named else _bare(plain, points, (last, pair, sign), led)


def _headed(plain: str, points: Sequence[Point], last: str, pair: str) -> float:
    """Of "ngày 5/3", "quý 2": not where it comes again ("mỗi ngày 5"), nor where something is counted ("quý 2 lần")."""
    first = points[0]
    repeats = last in EACH or last == "rằm" or (pair in NAMES_OF_TIME and first.year is None)
    if first.grain == "month" and first.year is None and MONTHLY.match(plain, first.end):
        return 0.0
    quarter = first.grain == "months" and first.year is None and plain[first.end - 1].isdigit()
    amount = (quarter or last in QUANTIFIER or last.isdigit()) and in_counter(plain, points[-1].end)
    return 0.0 if repeats or amount else 1.0


def _in_name(text: str, start: int) -> bool:
    """Whether a capital at `start` closes a name: the "Năm" of "Ngã Năm trước kia"; headings in capitals do not."""
    if not text[start].isupper() or text[start + 1 : start + 2].isupper() or text[start - 1 : start] != " ":
        return False
    words_before = text[max(0, start - REACH) : start].split()
    return bool(words_before) and words_before[-1][0].isupper() and words_before[-1][-1].isalpha()


def _of_things(plain: str, points: Sequence[Point]) -> bool:
    """Whether a noun is counted behind the figures, or they may be a share of one: "Ngày … 5/7 xã"."""
    end = points[-1].end
    share = (points[0].day or 0) <= (points[-1].month or 0)
    return counted(plain, end) or (share and NEXT_WORD.match(plain, end) is not None)


def _bare(plain: str, points: Sequence[Point], left: tuple[str, str, str], led: bool) -> float:
    """A day or month that no word leads, nor a document's."""
    first, (last, pair, sign) = points[0], left
    thing = points[-1].rule != "day full" and (counted(plain, points[-1].end) or _shared(plain, points))
    if first.grain == "month":
        likely = sign == "(" or last in SOFT or led or "/" in plain[first.start : first.end]
        return 0.95 if likely and not {last, pair} & BAD and not thing else 0.0
    if first.rule in ("day long", "day in words"):
        return _bare_long_day(plain, first, last)
    if last in STRONG or pair in STRONG or CLOCK.search(plain, max(0, first.start - REACH), first.start):
        return 1.0
    soft = last in SOFT or pair in SOFT
    if (led and _two_days(points)) or (soft and _improper(plain, points)):
        return 0.95
    named = PLACE_NAMED.search(plain, max(0, first.start - REACH), first.start)
    if thing or (sign != "(" and {last, pair} & BAD) or (named and last not in SOFT):
        return 0.0
    return 0.95 if soft else _bare_figures(plain, points, sign)


def cut(plain: str, points: Sequence[Point], joins: Sequence[str]) -> bool:
    """Whether the last point is no date: a number that counts ("tháng 6, 2 xã về đích") or goes on ("5/3-2")."""
    last = points[-1]
    if last.headed or last.rule == "day full":
        return False
    if plain[last.end : last.end + 1] == "-" and plain[last.end + 1 : last.end + 2].isdigit():
        return True
    if len(points) == 1 or in_counter(plain, last.end):
        return len(points) > 1
    found = NEXT_WORD.match(plain, last.end)
    needed = last.grain == "year" or last.year or not points[-2].complete or joins[len(points) - 2] == "range"
    return not needed and found is not None and found[1] not in FUNCTION


def _leaning(plain: str, first: Point, last: str, pair: str) -> float:
    """Of "năm nay", "tháng ba": not behind a number ("hai năm nay"), not before one ("tháng ba lần")."""
    phrase = plain[first.start : first.end]
    many = last in QUANTIFIER and not (first.rule == "deictic" and last in WHOLE)
    length = (many or last.isdigit()) and not phrase.endswith(LAST_YEAR)
    if length or (pair in NAMES_OF_TIME and first.year is None):
        return 0.0
    if first.rule == "deictic":
        if phrase.endswith(TODAY) and (pair in FIGURATIVE or last in FIGURATIVE or MORROW.match(plain, first.end)):
            return 0.0
        unit, _, order = phrase.partition(" ")
        return 0.0 if order in OPPOSITE and f"{unit} {OPPOSITE[order]}" in around(plain, first) else 1.0
    counts = in_counter(plain, first.end) and not plain.startswith(" ngày ", first.end)
    return 0.0 if counts or last in BAD or last in ("ngày", "rằm") else 1.0


def _bare_year(text: str, plain: str, points: Sequence[Point], led: bool) -> float:
    """A year without "năm": in a period, in brackets, or behind a name."""
    first, end = points[0], points[-1].end
    last, pair, sign = before(plain, first.start)
    if len(points) > 1:
        years = [point.year or 0 for point in points]
        other = years != sorted(years) or last in DOCUMENT | BAD or in_counter(plain, end)
        return 1.1 if led else 0.0 if other else 1.08
    if last in NAME_YEAR or pair in NAME_YEAR or sign in ("(", "”", '"'):
        return 0.0 if counted(plain, end) or NUMBER_RANGE.match(plain, end) else 1.0
    if (sign in ";,." or last == "và") and plain.startswith((": ", " ("), end):
        return 1.0  # "…; 2022: 15 mô hình", "…, 2022 (15 mô hình)"
    if NUMBER_RANGE.match(plain, end) or not sign.isalpha() or last in BAD | DOCUMENT | FUNCTION:
        return 0.0
    if NAMED.search(plain, max(0, first.start - FAR), first.start):
        return 0.0 if in_counter(plain, end) else 1.0
    tokens = text[max(0, first.start - REACH) : first.start].split()
    return 0.0 if counted(plain, end) or not any(token[0].isupper() for token in tokens[-2:]) else 1.0


def _bare_long_day(plain: str, first: Point, last: str) -> float:
    """Of "12 tháng 4 năm 1939"; but "12 tháng 4 ngày" is a length."""
    if first.year:
        return 1.0
    spelled = plain[first.start] not in "0123456789"
    short = spelled and len(plain[first.start : first.end].split()) < 4
    return 0.0 if last in LENGTH or short or in_counter(plain, first.end) else 0.8


def _two_days(points: Sequence[Point]) -> bool:
    """Whether both ends are days with their months and no shares: "từ 28/4 - 2/5", not "từ 2/5 - 3/5"."""
    whole = len(points) == 2 and all(point.day and point.month for point in points)
    return whole and any((point.day or 0) > (point.month or 0) for point in points)


def _improper(plain: str, points: Sequence[Point]) -> bool:
    """Whether "20/9" is no share of what stands behind it: more of them than there are in all."""
    point = points[0]
    stroke = "/" in plain[point.start : point.end]
    return len(points) == 1 and stroke and (point.day or 0) > (point.month or MONTHS_OF_YEAR)


def _shared(plain: str, points: Sequence[Point]) -> bool:
    """Whether the figures may be a share of what is counted behind them: "7/7 ngày"."""
    return (points[0].day or 0) <= (points[-1].month or 0) and in_counter(plain, points[-1].end)


def _bare_figures(plain: str, points: Sequence[Point], sign: str) -> float:
    """Of "14/11", "13-14/8" with no word to tell: a number no greater than the one behind it may be a share of it."""
    figures = plain[points[0].start : points[-1].end]
    day, month = points[0].day or 0, points[-1].month or 0
    share = day <= month and figures[0] != "0"
    if sign == "(":
        return 0.95 if "/" in figures or not share else 0.0
    if "/" in figures:
        return 0.0 if share or figures == ROUND_THE_CLOCK else 0.85
    return 0.8 if day > MONTHS_OF_YEAR and "-" in figures and not sign.isalnum() else 0.0


def toward(plain: str, end: int) -> int:
    """1 before "tới", -1 before "vừa qua", else 0."""
    if plain[end : end + 1] != " ":
        return 0
    return -1 if PAST.match(plain, end) else 1 if FUTURE.match(plain, end) else 0


def repeated(plain: str, end: int) -> bool:
    """Whether the day comes again every year, or is one of the lunar calendar."""
    return plain[end : end + 1] == " " and bool(REPEATED.match(plain, end))
