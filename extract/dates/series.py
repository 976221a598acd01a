"""Points joined into lists ("ngày 10 và 11-5") and periods ("từ tháng 10/2022 đến nay")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from extract.dates import context, edtf
from extract.dates.anchor import anchored
from extract.dates.point import Moment, Point
from extract.dates.rules import BY_TRIGGER, NUMBERS, ROMAN
from extract.dates.vocabulary import either, words
from extract.facts import DateFact

DIGITS = frozenset("0123456789")
# What any rule needs behind a number of one or two digits, a number word, or a word that only leans on the paper.
LINKS = r"\s{1,3}(?:tháng(?!\w)|(?:và|đến|tới|hoặc|hay|cùng|rạng)\s[^\n]{0,24}?\d)"
SIGNS = r"\s?(?:[,;&-](?!\d+[\s.,;)])[^\n]{0,24}?\d|[/.-]\s?\d\d?(?!\d)|[/-]\d{4}(?!\d))"
FIGURE = rf"[0-9]?(?![0-9])(?={SIGNS}|{LINKS})"
SPELLED = r"(?=(?:\s{1,3}[^\W\d_]+){0,2}\s{1,3}tháng(?!\w))"
LEANING = ("hôm", "bữa", "sáng", "trưa", "chiều", "tối", "đêm", "tuần", "sang", "ngày", "tháng", "năm", "quý")
SECONDS = {phrase.split()[1] for phrase in words("deictic", "weekday")} | {"đầu", "thứ", "mới", "học", "mồng", "mùng"}
SECONDS |= {phrase.split()[0] for phrase in words("digit", "scale", "filler", "month", "feast")} | set(ROMAN)
SECOND = rf"(?=\s{{1,3}}(?:[0-9]|(?:{'|'.join(sorted(SECONDS))})(?!\w)))"
NEXT = dict.fromkeys(set(NUMBERS.split("|")) - {"năm"}, SPELLED) | dict.fromkeys(LEANING, SECOND)
NEXT |= {"t": r"(?=\d\d?[/-]\d{4})", "từ": r"(?=\s{1,3}đầu\s)", "những": r"(?=\s{1,3}năm\s)", "thập": r"(?=\s{1,3}\w)"}
NEXT |= {"nửa": r"(?=\s{1,3}(?:đầu|cuối|sau))", "thứ": SECOND, "chủ": SECOND, "chúa": SECOND}
WORDS = [word for word in BY_TRIGGER if word[0] != "#" and word not in ROMAN]
STARTS = [word + (r"(?!\w)" if word != "t" else "") + NEXT.get(word, "") for word in WORDS]
FIGURES = [rf"{digit}(?:{FIGURE}|[0-9]{{3}}(?![0-9]))" for digit in sorted(DIGITS)]
# One alternative a letter or digit: the engine then skips all other characters quickly.
LETTERS = [
    rf"{letter}(?:{'|'.join(start[1:] for start in group)})"
    for letter, group in groupby(sorted(STARTS), key=lambda start: start[0])
]
TRIGGER = re.compile("|".join(LETTERS + FIGURES))
CLOCK = r"\d{1,2}\s?(?:h|g|giờ|:)\s?(?:\d{2})?(?:\s?phút)?,?\s{1,3}"
PART = r"(?:(?:rạng\s)?sáng|trưa|chiều|tối|đêm)\s{1,3}"
BETWEEN = rf"(?:(?:hết|cuối)\s{{1,3}}|{CLOCK}(?=ngày)|{PART}(?=ngày|\d))?"
RANGE = re.compile(rf"\s?-\s?(?=\w)|\s{{1,3}}(?:cho\s)?(?:đến|tới)\s{{1,3}}{BETWEEN}")
LIST = re.compile(
    rf"\s?[,;]\s{{0,2}}(?:và\s{{1,3}})?(?:{PART}(?=ngày|\d))?|\s?&\s?"
    rf"|\s{{1,3}}(?:và|hoặc|hay|cùng)\s{{1,3}}(?:{PART}(?=ngày|\d))?|\s{{1,3}}{PART}(?=ngày|\d)"
)
NOW = re.compile(
    rf"\s{{1,3}}(?:cho\s)?(?:đến|tới)\s{{1,3}}{either('now')}(?!\w)|\s?-\s?nay(?!\w)|\s{{1,3}}trở\slại\sđây"
)
LEAD = re.compile(
    r"(?<!\w)(?:(?:giai\sđoạn|nhiệm\skỳ|nhiệm\skì|niên\skh[óo][áa]|thời\skỳ|năm\shọc)\s{1,3})?"
    rf"(?:từ\s{{1,3}}(?:(?:đầu|giữa|cuối|sau)\s{{1,3}}|{CLOCK}|{PART})?)?$"
)
LEADS = ("từ", "đoạn", "kỳ", "kì", "niên", "học")
LEAD_REACH = 24
KEY = re.compile(r"[0-9]{1,5}|[^\W\d_]{1,5}")
LONGEST = 12  # points of one list or period
LONGEST_YEARS = 300
HALF_A_YEAR = 183
DASHES = {"–": "-", "—": "-", "‑": "-", "−": "-", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " "}


@dataclass(frozen=True, slots=True)
class Series:
    """Points in order and the signs between them: "list" or "range" (one fewer), `open` when "đến nay" ends it."""

    points: tuple[Point, ...]
    joins: tuple[str, ...]
    lead: int  # where "từ" or "giai đoạn" before the first point begins
    open: int | None = None  # where "đến nay" ends


def plainly(text: str) -> str:
    """The text in small letters with one kind of dash and space, character for character."""
    plain = text.lower()
    if len(plain) != len(text):
        plain = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    for odd, even in DASHES.items():
        plain = plain.replace(odd, even)
    return plain


def scan(text: str, published: date | None) -> Iterator[DateFact]:
    """Every date of a text in order."""
    plain = plainly(text)
    taken, before = 0, None
    for hit in TRIGGER.finditer(plain):
        start = hit.start()
        if start < taken or not _begins(plain, start):
            continue
        first = _point(plain, start, published, _key(plain, hit), None)
        if first is None:
            continue
        series = _series(plain, first, published)
        if first.headed or not first.complete:
            taken = first.end if first.complete else series.points[-1].start
        for fact in _facts(text, plain, series, published):
            taken = max(taken, fact.end)
            before = anchored(plain, fact, before)
            yield before


def _key(plain: str, found: re.Match[str]) -> str:
    """The trigger of the rules that can begin with a word or number."""
    word = found.group()
    if word[0] not in DIGITS:
        return word
    if len(word) > 2:
        return "####" if len(word) == 4 else ""
    end = found.end()
    if plain[end : end + 1] in ("/", ".", "-"):
        return "#/"
    return "#tháng" if plain[end : end + 8].lstrip().startswith("tháng") else "#"


def _begins(plain: str, start: int) -> bool:
    """Whether a trigger is a word or number of its own, not the tail of "COVID-19" or "4.664"."""
    last = plain[start - 1] if start else " "
    if last == " ":
        return True
    if last.isalnum() or last == "_":
        return False
    return not (plain[start] in DIGITS and last in "./,:-_" and start > 1 and plain[start - 2].isalnum())


def _point(plain: str, pos: int, published: date | None, key: str, first: Point | None) -> Point | None:
    """The point at `pos`; behind `first` also one that only continues a list."""
    family = first.rule.split()[0] if first else None
    for rule in BY_TRIGGER.get(key, ()):
        if (rule.after is None or rule.after == family) and (point := rule.match(plain, pos, published)):
            turn = 0 if point.year else context.toward(plain, point.end)
            return replace(point, toward=turn) if turn else point
    return None


def _series(plain: str, first: Point, published: date | None) -> Series:
    """The longest run of points that starts with `first`."""
    points: list[Point] = [first]
    joins: list[str] = []
    lead = _lead(plain, first.start)
    while len(points) < LONGEST:
        end = points[-1].end
        if points[-1].complete and (now := NOW.match(plain, end)):
            return Series(tuple(points), tuple(joins), lead, now.end())
        kind, join = "range", RANGE.match(plain, end)
        if not join:
            kind, join = "list", LIST.match(plain, end)
        if not join:
            break
        word = KEY.match(plain, join.end())
        point = _point(plain, join.end(), published, _key(plain, word), first) if word else None
        mixed = kind == "range" and (lead < first.start or not first.alone)
        if point is None or (point.grain != first.grain and not mixed):
            break
        points.append(point)
        joins.append(kind)
    return Series(tuple(points), tuple(joins), lead)


def _lead(plain: str, start: int) -> int:
    """Where "từ" or "giai đoạn" before a point begins; the point's start where there is none."""
    reach = max(0, start - LEAD_REACH)
    window = plain[reach:start]
    if not any(word in window for word in LEADS):
        return start
    led = LEAD.search(plain, reach, start)
    return led.start() if led else start


def _facts(text: str, plain: str, series: Series, published: date | None) -> Iterator[DateFact]:
    """The facts of a series: one for each period, one for each other point."""
    points = list(series.points)
    sure = context.trust(text, plain, series.points, series.lead < points[0].start)
    while points and (not points[-1].complete or context.cut(plain, points, series.joins)):
        points.pop()
    if not points or not sure or context.repeated(plain, points[-1].end):
        return
    joins = series.joins[: len(points) - 1]
    points = _filled(points, joins, published)
    index = 0
    while index < len(points):
        start = series.lead if index == 0 else points[index].start
        now = series.open if index == len(series.points) - 1 else None
        if index < len(joins) and joins[index] == "range" and (fact := _period(points, index, start, published)):
            yield replace(fact, confidence=fact.confidence * sure)
            index += 2
            continue
        point = points[index]
        moment = point.resolve(published)
        if moment and now:
            moment = Moment(moment.first, None, edtf.period(moment.edtf, None))
            yield _fact(point, start, now, moment, sure)
        elif moment and point.alone:
            yield _fact(point, point.start, point.end, moment, sure)
        index += 1


def _filled(points: list[Point], joins: tuple[str, ...], published: date | None) -> list[Point]:
    """Points with what they lack taken from their neighbours, the later first."""
    for index in range(len(points) - 1):
        this, other = points[index], points[index + 1]
        if other.complete and other.grain in ("day", "month") and other.year is None and this.year is not None:
            points[index + 1] = _after(this, replace(other, year=this.year))
    for index in range(len(points) - 2, -1, -1):
        this, other = points[index], points[index + 1]
        if joins[index] == "range" and not other.dated and (moment := other.resolve(published)):
            other = replace(other, year=moment.first.year)
        points[index] = _before(this.filled(other), other, joins[index], this.year is None)
    return points


def _after(this: Point, other: Point) -> Point:
    """The second end a year later where the year of the first would put it before that."""
    if this.year is None or other.year is None:
        return other
    first, second = this.at(this.year), other.at(other.year)
    return replace(other, year=other.year + 1) if first and second and second.first < first.first else other


def _before(this: Point, other: Point, join: str, guessed: bool) -> Point:
    """The point a year earlier where a guessed year would put it behind the one that follows it."""
    if not guessed or this.year is None or other.year is None:
        return this
    first, second = this.at(this.year), other.at(other.year)
    slack = 0 if join == "range" else HALF_A_YEAR
    if first and second and (first.first - second.first).days > slack:
        return replace(this, year=this.year - 1)
    return this


def _period(points: list[Point], index: int, start: int, published: date | None) -> DateFact | None:
    """The period between two points; None where they are not in order."""
    first, second = points[index], points[index + 1]
    begin, end = first.resolve(published), second.resolve(published)
    if not begin or not end or not end.last or begin.first >= end.last:
        return None
    if end.last.year - begin.first.year > LONGEST_YEARS:
        return None
    moment = Moment(begin.first, end.last, edtf.period(begin.edtf, end.edtf))
    return _fact(first, start, second.end, moment, 1.0)


def _fact(point: Point, start: int, end: int, moment: Moment, sure: float) -> DateFact:
    return DateFact(
        start=start, end=end, rule=point.rule, confidence=point.confidence * sure,
        first=moment.first, last=moment.last, edtf=moment.edtf,
    )  # fmt: skip
