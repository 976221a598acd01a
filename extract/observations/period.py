"""Period: the days a figure speaks for, from the time words that govern it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Literal

from extract.facts import DateFact, MoneyFact, Span
from extract.observations.cues import INSIDE_WORDS, family
from extract.observations.layout import Figure, Layout, Sentence, last_comma

Period = tuple[date | None, date | None]
Kind = Literal["now", "upto", "span", "day", "vague"]

# Words that may stand between the start of a clause and the date that frames it.
LEAD = re.compile(
    r"(?:[\W_]|chỉ|tính|riêng|trong|vào|từ|đến|tới|hết|hôm|sau|sáng|chiều|tối|trưa|đêm|ngày|năm|đầu|giữa|cuối|tháng|quý"
    r"|các|suốt|giai đoạn|cả|kể|bước|sang|trước|đó|như|đặc biệt|và|nhất là|cũng|ngay|còn|với|chung|nhưng|mặt trận"
    r"|(?:gần|hơn) \d+(?= năm qua)|ttxvn|cttđt|được biết|thực tế|nhờ vậy|nhờ đó|do đó|vì vậy|theo đó|tổng cộng"
    r"|tại thời điểm|mới|đây|vừa|qua)*"
)
AND_THEN = re.compile(r" (?:và|còn|rồi)(?: đến| sang)? ")  # "năm 2020 thu 2 tỷ đồng và năm 2021 thu 3 tỷ đồng"
UPTO = re.compile(
    r"(?:(?:tính |cập nhật |lũy kế )?(?:đến|tới)(?: hết| cuối)?|(?<!trước )(?<!\w)(?P<end>hết))(?: thời điểm)?"
    r"(?: \d+ ?(?:giờ|h)(?: ?\d+)?(?: phút)?)?(?: sáng| trưa| chiều| tối)?(?: ngày| tháng| quý| năm)?\s*$"
)
# "Thống kê của tỉnh lúc 17 giờ ngày 25/10 cho thấy …" counts up to that day.
COUNTED_BY = re.compile(
    r"(?:thống kê|tổng hợp|số liệu|cập nhật)[^,;:.]*(?:lúc|vào|giờ|sáng|chiều|tối|ngày) ?(?:ngày )?$"
)
SO_LONG_AFTER = re.compile(r"(?:ngày|tuần|tháng|năm) (?:kể )?(?:từ|sau) $")  # "Nửa tháng kể từ ngày 7/10, …"
MEETING_OF = re.compile(r"(?:[^\W\d]+ ){0,2}(?:hội nghị|buổi họp|cuộc họp|đại hội)[^,;:]*")
AT_MEETING = re.compile(r"(?:tại|trong|ở) (?:hội nghị|buổi|lễ|ngày hội|chương trình|cuộc|kỳ họp)[^,;:]*")
FROM = re.compile(r"(?:kể )?từ\s*$")
OPEN = re.compile(r"\s*[,)]")  # "Kể từ tháng 8/2025, xã …" and "(từ ngày 4/6)" run on
NOW_AFTER = re.compile(r"\s*(?:cho )?(?:đến|tới) nay")
LISTED = re.compile(
    r"\s*(?:,|và|,\s*và|-|–|\)? ?(?:đến|tới)(?: hết| cuối)?|;)?\s*(?:các |trong )?(?:năm |tháng |quý |giai đoạn )?\s*"
)
# "Cầu xong tháng 4, còn dư 12 triệu đồng": when the work was done.
WORK_DONE = re.compile(r"(?<!\w)(?:xong|hoàn thành|khánh thành|khởi công|thông xe)(?: vào| từ| trong| hồi)? $")
# "… 780 triệu đồng, được khánh thành hôm qua" dates the work, "chuyển sang năm 2026" what is put off.
OF_THE_WORK = re.compile(
    r",(?: [^\W\d]+){0,3} (?:khánh thành|hoàn thành|khởi công|thông xe|bàn giao|sử dụng|vận hành)(?!\w)"
)
MOVED_TO = re.compile(r"(?<!\w)(?:chuyển|dời|lùi) (?:sang|đến|tới)(?: [^\W\d]+)? *$")
CUT = re.compile(r"[,;:]")
# "Cả năm công trình" are five works.
IN_YEAR = re.compile(
    r"(?<!\w)(?:trong|cả) năm(?! (?:học|\d|nay|ngoái|qua|tới|sau|trước))(?!\w)"
    r"(?! (?:công trình|dự án|thôn|bản|làng|hộ|người|em|ngôi|căn|trường|tổ|đội|nhóm)(?!\w))"
)
# "Năm qua" is the year that a review is of, as its first sentence says; "5 năm qua" is a length.
PAST_YEAR = re.compile(r"(?<!\d )(?<![^\W\d] )(?<!\w)năm (?:vừa )?qua(?!\w)")
SINCE_NEW_YEAR = re.compile(r"(?<!\w)từ đầu năm(?! \d)(?: đến nay| tới nay)?(?!\w)")
FLOODS = {"trận lũ", "cơn bão"}
LOSS = re.compile(r"[^,;:]*? (?:gây|làm|khiến)(?: [^,;:]*)? thiệt hại(?!\w)")  # "Trận lũ tháng 10 gây thiệt hại …"
AS_PLANNED = re.compile(r"\W*(?:theo )?kế hoạch ")  # "Theo kế hoạch năm 2022, huyện bố trí 18 tỷ đồng"
BORN = re.compile(r"(?<!\w)(?<!học )(?<!thí )(?<!vệ )(?<!nữ )(?<!an )sinh (?:ngày |năm )?$")
# What a bracket dates: "qua 3 năm (2015 - 2017)", "sau 10 ngày phát động (từ 11 đến 20/9)".
COUNTED_ROUNDS = re.compile(
    r"(?:lần|đợt|kỳ|năm|giai đoạn|thời kỳ|nhiệm kỳ|tháng|\d+ (?:ngày|tuần|tháng|năm)(?: [^\W\d]+){0,4}"
    r"|ngày(?: [^\W\d]+){1,3})\s*\($"
)
SINCE_THEN = re.compile(r" (?:sau|kể từ|từ khi|thực hiện)(?!\w)")  # "năm đầu tiên sau hợp nhất" is the year told of
LIVING = re.compile(r" (?:đang )?(?:sống|ở|ngụ|cư trú|công tác|làm|là|học|trú)(?!\w)")  # "hiện sống tại …"
THINGS = re.compile(r" (?:vật|trường|tượng|thực|hữu|kim|hành)(?!\w)")  # "tiền mặt cùng hiện vật"
# "Qua 10 năm", "sáu tháng" and "cũng thời gian ấy" mean a span that the text has dated before.
LENGTH = re.compile(
    r"(?<!\w)(?P<number>\d+|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) (?P<unit>năm|tháng)"
    r"(?! (?:đầu|cuối|nay|học|tuổi|liền|trước|sau|nữa|tới|một|\d))(?<!năm(?= qua))(?!\w)"
)
SO_LONG = re.compile(rf"(?<!\w)(?:trong|suốt)(?: hơn| gần)? {LENGTH.pattern}")
LATER = re.compile(
    r"(?<!\w)(?:(?:\d+|một|hai|ba|bốn|năm|mấy|vài|ít) (?:ngày|hôm|tuần|tháng)|hôm|ngày hôm|tuần) sau(?= ?,| đó)"
)
THAT_TIME = re.compile(
    r"(?<!\w)(?:(?:thời gian|giai đoạn|nhiệm kỳ) (?:ấy|đó|này|nói trên|trên|vừa qua|qua)"
    r"|(?:trong|cả|suốt|hết) (?P<term>nhiệm kỳ|giai đoạn)(?! (?:\(?\d|tới|mới|đầu|sau|i|ii|iii)(?!\w))"
    r"|(?:cùng )?(?P<year>năm) (?:ấy|đó))(?!\w)"
)
DIGITS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
# "Sau hơn ba tuần" runs from the day on which the thing was begun to the day of the paper.
AFTER_SO_LONG = re.compile(
    r"(?<!\w)(?:sau|qua)(?: hơn| gần| khoảng| chỉ)? (?:\d+|nửa|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
    r" (?:ngày|tuần|tháng)(?!\w)"
)
LEANING = re.compile(f"{LENGTH.pattern}|{AFTER_SO_LONG.pattern}|{THAT_TIME.pattern}")
BEGUN = re.compile(r"(?:phát động|khởi động|bắt đầu|mở|ra mắt|thành lập|triển khai|hoạt động)(?: [^\W\d]+){0,4} $")
NOISE_REACH = 60
LAST_QUARTER = 10  # the month from which "cả năm" can be told of the year of the paper


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression and the days it stands for; `leads`: it opens its clause, `noise`: it only names things."""

    start: int
    end: int
    period: Period | None
    kind: Kind
    leads: bool
    noise: bool = False
    reported: bool = False

    @property
    def span(self) -> Span:
        """The offsets as a pair."""
        return self.start, self.end


def read_times(layout: Layout, sentence: Sentence) -> list[Time]:
    """The time expressions of a sentence in order, lists of dates joined into one."""
    found = [_dated(layout, sentence, group) for group in _groups(layout, sentence)]
    low, published = layout.low, layout.passage.published
    for kind in ("now", "vague"):
        for match in family(kind).finditer(low, sentence.start, sentence.end):
            start, end = match.span()
            if any(time.start - 8 < end and start < time.end + 12 and time.kind != "day" for time in found):
                continue
            if _says_no_time(low, start, end):
                continue
            now: Period | None = (None, published) if kind == "now" and published else None
            leads = _leads(layout, sentence, start)
            if kind == "now" or leads:
                found.append(Time(start, end, now, "now" if kind == "now" else "vague", leads))
    for match in IN_YEAR.finditer(low, sentence.start, sentence.end):
        year = _year_in_force(layout, match)
        if year:
            days = (date(year, 1, 1), date(year, 12, 31))
            found.append(Time(*match.span(), days, "span", _leads(layout, sentence, match.start())))
    for start, end, dated in _dated_before(layout, sentence):
        if all(time.end <= start or end <= time.start for time in found):
            found.append(Time(start, end, dated, "span", True))
    found += list(_undated(layout, sentence, found))
    for match in SINCE_NEW_YEAR.finditer(low, sentence.start, sentence.end):
        if published and not any(time.start < match.end() and match.start() < time.end for time in found):
            leads = _leads(layout, sentence, match.start())
            found.append(Time(*match.span(), (date(published.year, 1, 1), published), "span", leads))
    return sorted(found, key=lambda time: time.start)


def _undated(layout: Layout, sentence: Sentence, found: list[Time]) -> Iterator[Time]:
    """What opens a clause and no date gives: a length ("Trong ba năm, quỹ nhận …"), a later day ("Hai hôm sau, …")."""
    low = layout.low
    for match in chain(*(pattern.finditer(low, sentence.start, sentence.end) for pattern in (SO_LONG, LATER))):
        fresh = all(time.end <= match.start() or match.end() <= time.start for time in found)
        if fresh and _leads(layout, sentence, match.start()):
            yield Time(*match.span(), None, "vague", True)


def _says_no_time(low: str, start: int, end: int) -> bool:
    """Whether a cue of "now" or of a vague time is part of another word or phrase."""
    if INSIDE_WORDS.search(low, max(0, start - 7), start):
        return True
    if PAST_YEAR.match(low, start):
        return True
    if low.startswith("năm đầu", start) and SINCE_THEN.match(low, end):
        return True
    return low[start:end] == "hiện" and bool(LIVING.match(low, end) or THINGS.match(low, end))


def _groups(layout: Layout, sentence: Sentence) -> list[list[DateFact]]:
    """The dates of a sentence, those that a list or a range joins in one group."""
    groups: list[list[DateFact]] = []
    for fact in sentence.dates:
        before = groups[-1][-1] if groups else None
        if before and fact.start < before.end:
            continue
        joined = before and LISTED.fullmatch(layout.low, before.end, fact.start) and fact.first and before.last
        if before and joined and not _contains(fact, before):  # "ngày 3-12, năm 2025 toàn tỉnh …" are two frames
            groups[-1].append(fact)
        else:
            groups.append([fact])
    return groups


def _dated_before(layout: Layout, sentence: Sentence) -> Iterator[tuple[int, int, Period]]:
    """The lengths of time and "thời gian ấy" of a sentence whose days an earlier date of the text gives."""
    if not LEANING.search(layout.low, sentence.start, sentence.end):
        return
    named = [fact for other in layout.sentences for fact in other.dates if fact.end <= sentence.start]
    dated = [(fact.first, fact.last or layout.passage.published) for fact in named]
    spans = [(first, last) for first, last in dated if first and last and first != last]
    for match in LENGTH.finditer(layout.low, sentence.start, sentence.end):
        written = match["number"]
        number = DIGITS.index(written) + 1 if written in DIGITS else int(written)
        months = number * (12 if match["unit"] == "năm" else 1)
        fitting = [days for days in spans if _months(*days) in {months, months + 12 * (match["unit"] == "năm")}]
        if fitting and months not in {1, 12}:  # "sau một năm" is no span that was dated
            yield *match.span(), fitting[-1]
        elif match["unit"] == "tháng" and (days := _year_so_far(layout, sentence, match.start(), number)):
            yield *match.span(), days
    begun = [fact for fact in named if fact.first and fact.first == fact.last and _begins(layout, fact)]
    published = layout.passage.published
    if begun and published:
        for match in AFTER_SO_LONG.finditer(layout.low, sentence.start, sentence.end):
            yield *match.span(), (begun[-1].first, published)
    for match in THAT_TIME.finditer(layout.low, sentence.start, sentence.end):
        wanted = (24, 1200) if match["term"] else (12, 12) if match["year"] else (1, 1200)
        fitting = [days for days in spans if wanted[0] <= _months(*days) <= wanted[1]]
        if fitting:
            yield *match.span(), fitting[-1]


def _year_so_far(layout: Layout, sentence: Sentence, start: int, months: int) -> Period | None:
    """The first months of the year that a bare "10 tháng" at the head of a clause means near the end of them."""
    published = layout.passage.published
    if layout.low.endswith(("sau ", "qua "), sentence.start, start):
        return None  # so long after something else than New Year
    led = LEAD.fullmatch(layout.low, max(sentence.start, last_comma(layout.low, sentence.start, start) + 1), start)
    if published is None or led is None or not 2 < months <= published.month <= months + 2:
        return None
    last = date(published.year, months + 1, 1) if months < 12 else date(published.year + 1, 1, 1)
    return date(published.year, 1, 1), last - timedelta(days=1)


def _begins(layout: Layout, fact: DateFact) -> bool:
    """Whether a day is the one on which something was begun ("phát động từ ngày 1/8")."""
    return BEGUN.search(layout.low, max(0, fact.start - 30), fact.start) is not None


def _months(first: date, last: date) -> int:
    """Months from the first to the last day, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _contains(outer: DateFact, inner: DateFact) -> bool:
    """Whether a date holds another one inside it."""
    if not (outer.first and outer.last and inner.first and inner.last):
        return False
    return outer.first <= inner.first <= inner.last <= outer.last and outer.first < outer.last


def _dated(layout: Layout, sentence: Sentence, group: list[DateFact]) -> Time:
    low, published = layout.low, layout.passage.published
    start, end = group[0].start, group[-1].end
    first, last = group[0].first, group[-1].last
    kind: Kind = "day" if first is not None and first == last else "span"
    since = FROM.search(low, max(sentence.start, start - 8), start)
    if last is None:
        last = published
    elif since and (now := NOW_AFTER.match(low, end, sentence.end)):
        last, end, kind = published, now.end(), "span"
    elif since and len(group) == 1 and OPEN.match(low, end) and published and _one_unit(first, last):
        last, kind = published, "span"
    elif not since and (upto := UPTO.search(low, max(sentence.start, start - 40), start)):
        if upto["end"] and _a_year(first, last):  # what was done by the end of a year is mostly that year's
            upto = None
        start = upto.start() if upto else start
        if upto and not (published and first and first > published):  # "đến năm 2030" aims at that year
            first, kind = None, "upto"
    if kind == "day" and COUNTED_BY.search(low, sentence.start, start):
        first, kind = None, "upto"
    if since and SO_LONG_AFTER.search(low, sentence.start, start):
        return Time(start, end, (first, last), "day", False, True)
    head = _leads(layout, sentence, start) or _met_then(low, sentence, start, end)
    upto_from = start if low.startswith(("đến", "tới"), start) else start - 4
    target = to_come(layout, (first, last)) and low.startswith(("đến", "tới"), upto_from)
    noise = not target and _noise(layout, sentence, start, head)  # "kế hoạch đến năm 2030" names a target
    reported = kind == "day" and _reported(layout, sentence, end)
    return Time(start, end, (first, last), kind, head and not noise, noise, reported)


def _one_unit(first: date | None, last: date) -> bool:
    """Whether a date is one day, month or year, and no period of its own."""
    return first is not None and (last - first).days < 366


def _a_year(first: date | None, last: date) -> bool:
    """Whether a date is a year or longer."""
    return first is None or (last - first).days > 360


def _leads(layout: Layout, sentence: Sentence, start: int) -> bool:
    """Whether only function words stand between the start of the clause (or its last comma) and `start`."""
    low = layout.low
    clause = layout.clause_start(start, sentence.start)
    if clause > sentence.start and low[clause - 1] == "(":
        return COUNTED_ROUNDS.search(low, max(sentence.start, clause - 50), clause) is not None
    comma = last_comma(low, clause, start) + 1
    told = max((other.end for other in sentence.figures if clause <= other.end <= start), default=comma)
    return bool(LEAD.fullmatch(low, max(clause, comma), start) or AND_THEN.fullmatch(low, told, start))


def _met_then(low: str, sentence: Sentence, start: int, end: int) -> bool:
    """Whether a date is that of the meeting at which the sentence happens ("Tại hội nghị sáng 19/12, …")."""
    return AT_MEETING.fullmatch(low, sentence.start, start) is not None and low.startswith(",", end)


def _noise(layout: Layout, sentence: Sentence, start: int, leads: bool) -> bool:
    """Whether a date only names a document, an anniversary or the year that a figure is compared with."""
    low = layout.low
    floor = max(sentence.start, start - NOISE_REACH, *(low.rfind(sign, sentence.start, start) + 1 for sign in ";:"))
    comma = last_comma(low, floor, start) + 1
    compared = family("compare").search(low, max(floor, comma), start)
    if compared is not None:  # "Cùng kỳ năm 2022, con số này là …" is a frame, "so với cùng kỳ" is none
        return not (compared.group() == "cùng kỳ" and LEAD.fullmatch(low, max(floor, comma), compared.start()))
    names = family("name").search(low, max(floor, comma), start)
    if names is None and comma and low[comma:start].strip() in {"ngày", ""} and not leads:
        names = family("name").search(low, floor, start)
    dated = low.startswith("ngày", start) or low[start].isdigit() or low.endswith("ngày ", floor, start)
    if comma and leads and dated and re.search(r"số [\w/-]+\s*,\s*(?:ngày)?\s*$", low[floor:start]):
        return True
    flood = names is not None and names.group() in FLOODS
    if flood and (low.endswith(("trong ", "vào "), floor, start) or LOSS.match(low, start)):
        return False
    if names is not None and AS_PLANNED.fullmatch(low, max(floor, comma), start):
        return False
    return names is not None or BORN.search(low, floor, start) is not None


def _reported(layout: Layout, sentence: Sentence, end: int) -> bool:
    """Whether the day is the day of a meeting or announcement: its main verb tells, it does not give."""
    low = layout.low
    stop = layout.clause_end(end, sentence.end)
    told = family("report").search(low, end, stop)
    if told is None and of_a_meeting(layout, sentence, end):
        return family("award").search(low, end, stop) is None  # "Hội nghị chiều 12/12 đưa ra bảng so sánh"
    done = family("event").search(low, end, stop)
    return told is not None and (done is None or told.start() < done.start())


def of_a_meeting(layout: Layout, sentence: Sentence, end: int) -> bool:
    """Whether the date that ends at `end` belongs to the meeting that opens its sentence ("Hội nghị chiều 12/12 …")."""
    return MEETING_OF.fullmatch(layout.low, sentence.start, end) is not None


def _year_in_force(layout: Layout, words: re.Match[str]) -> int | None:
    """The year that "trong năm" means: the last one named before it, or that of publication, a whole one at its end."""
    published = layout.passage.published
    year: int | None = None
    for sentence in layout.sentences:
        for fact in sentence.dates:
            if fact.end <= words.start() and fact.first and fact.last and fact.first.year == fact.last.year:
                year = fact.first.year if published is None or fact.first <= published else year
    if year is None and published and (words.group().startswith("trong") or published.month >= LAST_QUARTER):
        return published.year
    return year


def best(layout: Layout, times: list[Time], start: int, end: int) -> Time | None:
    """The time that governs `end`: the last that leads its clause or counts up to a day, else the last one told."""
    usable = [time for time in times if start <= time.start and time.end <= end and not time.noise]
    told = [time for time in usable if not time.reported]
    framing = [time for time in usable if (time.leads and not time.reported) or time.kind in {"now", "upto"}]
    own = [time for time in told if time.kind == "span" and time.start > last_comma(layout.low, start, end) > start]
    if own and framing and framing[-1].end < own[-1].start and framing[-1].kind in {"now", "upto"}:
        return own[-1]  # "Đến nay, tổ có 42 thành viên, doanh thu 6 tháng đầu năm đạt 510 triệu đồng"
    chosen = framing or told
    return chosen[-1] if chosen else None


def period_after(layout: Layout, sentence: Sentence, figure: Figure, times: list[Time]) -> Time | None:
    """The time said after a figure, in its own clause and before the next figure ("… 5 tỷ đồng trong năm 2021")."""
    clause = layout.clause_end(figure.end, sentence.end)
    parts = family("part").search(layout.low, figure.end, clause)
    clause = parts.start() if parts else clause  # "26 mô hình, trong đó 4 mô hình được công nhận năm 2024"
    stop = min(sentence.after(figure), clause)
    bracket = layout.low.find("(", figure.end, sentence.after(figure))
    if bracket >= 0 and layout.low[bracket + 1 :].lstrip().startswith(("tính", "đến")):
        stop = sentence.end
    inside = [time for time in times if figure.end <= time.start and time.end <= stop and not time.noise]
    inside = [time for time in inside if time.kind != "now" or "," not in layout.low[figure.end : time.start]]
    if not inside and len(times) == 1 and not times[0].noise and not to_come(layout, times[0].period):
        # One time behind a list of figures holds for them all.
        stop = clause
        inside = [time for time in times if figure.end <= time.start and time.end <= stop and time.kind == "span"]
    inside = [time for time in inside if not _of_something_else(layout, sentence, figure, time)]
    return inside[0] if inside and not inside[0].reported else None


def _of_something_else(layout: Layout, sentence: Sentence, figure: Figure, time: Time) -> bool:
    """Whether a time behind a figure is the next figure's, or that of a work's opening or of the figure's use."""
    low = layout.low
    following = min((other.start for other in sentence.figures if other.start >= time.end), default=sentence.end)
    gap = low[figure.end : time.start]
    if low.startswith("năm học", time.start) or MOVED_TO.search(gap):
        return True
    if isinstance(figure, MoneyFact) and OF_THE_WORK.search(gap):
        return True
    # "… 20 mô hình, doanh thu quý III đạt 9 tỷ đồng"
    return "," in gap and time.end <= following < sentence.end and not CUT.search(low, time.end, following)


def to_come(layout: Layout, period: Period | None) -> bool:
    """Whether a time lies after the publication: what it plans dates nothing that is told behind it."""
    published, first = layout.passage.published, period[0] if period else None
    return published is not None and first is not None and first > published
