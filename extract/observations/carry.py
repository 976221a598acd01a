"""Carry: the time that an earlier sentence set and that still holds, and what sets one for the sentences behind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extract.facts import MoneyFact
from extract.observations.cues import family
from extract.observations.layout import Figure, Layout, Sentence, last_comma, per_one
from extract.observations.mentions import Path
from extract.observations.period import LOSS, PAST_YEAR, Time, of_a_meeting, to_come
from extract.observations.role import kind_of
from extract.observations.scope import OF_THE_GIFTS
from extract.observations.topic import ALONE, related, within

WORK = re.compile(
    r"(?<!\w)(?:cầu|đường|nhà|trường|công trình|trụ sở|cống|kênh|sân|chợ|trạm|hội trường|bia|đài|(?<!trực )tuyến|căn)"
    r"(?!\w)"
)
# "khởi công tuyến đường … trị giá 75 triệu đồng": the worth of a work is its cost.
BUILT = re.compile(
    r"(?<!\w)(?:cầu|đường|nhà|trường|công trình|trụ sở|cống|kênh|sân|chợ|trạm|tuyến|căn)(?!\w)"
    r"[^;]*(?<!\w)(?:trị giá|tổng giá trị)(?:,? [^\W\d]+){0,3} $"
)
EACH_WORK = re.compile(r"(?<!\w)mỗi (?:căn|ngôi|nhà|cầu|cây cầu|công trình|tuyến|điểm trường)(?: [^\W\d]+){0,5} $")
DEEDS = re.compile(r"(?<!\w)(?:được|đã|đang|vận động|huy động|tiếp nhận|hỗ trợ|trao|tặng|chi|dành|giúp|thu|góp)(?!\w)")
ON_A_DAY = re.compile(r"(?<!\w)(?:sáng|chiều|tối|trưa|diễn ra|vào|tổ chức|khai mạc)(?: ngày)? $")
REVIEWED = re.compile(r"(?<!\w)(?:tổng kết|sơ kết|đánh giá)(?: [^\W\d]+){0,8} $")  # "tổng kết … năm 2025"
SAME_DAY = re.compile(r"(?<!\w)(?:cùng ngày|trong ngày|ngày hôm đó)(?! càng)(?!\w)")
SAME_TIME = re.compile(r"(?<!\w)cùng (?:thời điểm|thời gian|đợt|dịp)(?! (?:này|năm|với))(?!\w)")
THE_GUESTS = re.compile(r"đoàn (?:đã |cũng |còn )?(?:trao|tặng|hỗ trợ|ủng hộ|gửi)(?!\w)")
ELSEWHERE = re.compile(r"(?:còn |riêng )?(?:tại|ở|về|trên địa bàn)(?!\w)")  # "Ở xã Tân An, …" tells of another day
AT_IT = re.compile(r"(?:hội nghị|buổi lễ|chương trình|ban tổ chức)(?!\w)")  # "Hội nghị tuyên dương 85 mô hình"
SINCE = re.compile(r"(?<=\w )từ (?:ngày |đầu |cuối )?$")  # "những chốt gác dựng từ tháng 3/2020": of the thing
CLOSING = re.compile(r"(?:cuối|kết thúc) (?:buổi|chương trình|ngày hội|đêm|lễ)(?!\w)")  # what it brought in by its end
BRACKETED = re.compile(r"\((?:gần |hơn |trên |khoảng |với )*$")  # "như xã Tân An (20 mô hình)"
SHORT_SPAN = 60  # days up to which the end of a span is a day that "cùng ngày" can mean
SAME_DAY_REACH = 40  # characters from a segment's start in which "cùng ngày" opens it


@dataclass(frozen=True, slots=True)
class Carried:
    """The time in force after a sentence, its paragraph and scope.

    `occasion` is the day of a meeting told of, `stock` the day up to which the text last counted what is owed or left.
    """

    time: Time | None
    paragraph: int
    path: Path | None
    occasion: Time | None = None
    stock: Time | None = None


def held(layout: Layout, sentence: Sentence, figure: Figure, path: Path | None, carried: Carried) -> Time | None:
    """The time of an earlier sentence that still holds for a figure with the scope `path`."""
    low, time = layout.low, carried.time
    near = sentence.paragraph - carried.paragraph <= 1
    if near and (that_day := _that_day(layout, sentence, figure, time)):
        return that_day
    if time and time.kind == "day" and PAST_YEAR.search(low, sentence.start, figure.start):
        return None
    if near and SAME_TIME.search(low, sentence.start, figure.start):
        return time
    if time and time.kind == "day" and OF_THE_GIFTS.match(low, sentence.start):
        works = WORK.search(low, time.end, sentence.start)
        return time if sentence.paragraph == carried.paragraph and not works else None
    if (
        near
        and carried.stock
        and family("stock").search(low, layout.segment_start(figure.start, sentence.start), figure.start)
    ):
        return carried.stock
    awarded = carried.occasion is not None and _awarded(layout, sentence, figure)
    return carried.occasion if awarded else time if _holds(layout, sentence, figure, path, carried) else None


def _that_day(layout: Layout, sentence: Sentence, figure: Figure, time: Time | None) -> Time | None:
    """The day that "cùng ngày" means: a day told of before, or the last of a few."""
    if time is None or time.period is None or time.kind in {"now", "vague"}:
        return None
    since, last = time.period
    few = (last - since).days < SHORT_SPAN if since and last else True
    if few and SAME_DAY.search(layout.low, sentence.start, figure.start):
        return replace(time, period=(last, last), kind="day")
    return None


def _awarded(layout: Layout, sentence: Sentence, figure: Figure) -> bool:
    """Whether the figure was handed over or honoured at the meeting of an earlier sentence ("Tại hội nghị, …")."""
    low, stop = layout.low, layout.clause_end(figure.end, sentence.end)
    there = family("sameday").search(low, sentence.start, figure.start) or AT_IT.match(low, sentence.start)
    if CLOSING.match(low, sentence.start):
        return True
    if there is None or _told_there(layout, sentence, figure):
        return False
    return family("award").search(low, there.end(), stop) is not None


def _told_there(layout: Layout, sentence: Sentence, figure: Figure) -> bool:
    """Whether a figure was only reported at the meeting named before it, and so is not of its day."""
    there = family("sameday").search(layout.low, sentence.start, figure.start)
    there = there or AT_IT.match(layout.low, sentence.start)
    return there is not None and family("report").search(layout.low, there.end(), figure.start) is not None


def _holds(layout: Layout, sentence: Sentence, figure: Figure, path: Path | None, carried: Carried) -> bool:
    low, time = layout.low, carried.time
    segment = layout.segment_start(figure.start, sentence.start)
    planned = family("plan").search(low, segment, figure.start) is not None
    if time is None or planned or time.kind == "vague" or per_one(layout, sentence, figure):
        return False
    same_day = family("sameday").search(low, sentence.start, segment + SAME_DAY_REACH) is not None
    same_day = same_day and not _told_there(layout, sentence, figure)
    same_day = same_day or THE_GUESTS.match(low, sentence.start) is not None
    tied = same_day or family("back").search(low, sentence.start, figure.start) is not None
    tied = tied or low.startswith("trong số đó", figure.end + 1) or ALONE.match(low, sentence.start) is not None
    tied = tied or ALONE.match(low, segment) is not None
    tied = tied or family("part").search(low, sentence.start, figure.start) is not None
    tied = tied or BRACKETED.search(low, sentence.start, figure.start) is not None
    framed = time.leads and time.kind == "span" and kind_of(figure) != "thing" and event(layout, sentence, figure)
    tied_in = tied or time.kind == "day" or (framed and carried.paragraph == sentence.paragraph)
    most = family("most").search(low, sentence.start, figure.start) is not None
    named = any(fact.path == path and fact.end <= figure.start for fact in sentence.places)
    another = named and within(path, carried.path) and not most  # "Phụ nữ huyện Phù Yên cũng góp được 65 triệu đồng"
    elsewhere = time.kind == "day" and (another or ELSEWHERE.match(low, sentence.start) is not None)
    touching = same_day or carried.path == path or (related(path, carried.path) and tied_in and not elsewhere)
    if not touching or (same_day and time.kind != "day"):
        return False
    if carried.paragraph != sentence.paragraph:
        same = carried.path == path and sentence.paragraph == carried.paragraph + 1
        return time.kind == "span" and time.leads and same and tied
    if time.kind in {"now", "upto"}:
        return tied or (time.kind == "upto" and family("stock").search(low, segment, figure.start) is not None)
    if time.kind == "day":
        return (most or event(layout, sentence, figure)) and not cost_of_work(layout, sentence, figure)
    return (
        not cost_of_work(layout, sentence, figure)
        or tied
        or not time.leads
        or DEEDS.search(low, sentence.start, figure.start) is not None
    )


def event(layout: Layout, sentence: Sentence, figure: Figure) -> bool:
    """Whether the figure's clause tells of something given or done, which happens on a day."""
    start = layout.segment_start(figure.start, sentence.start)
    return family("event").search(layout.low, start, layout.clause_end(figure.end, sentence.end)) is not None


def cost_of_work(layout: Layout, sentence: Sentence, figure: Figure) -> bool:
    """Whether a sum is a work's cost, which the day of its opening does not date."""
    if not isinstance(figure, MoneyFact):
        return False
    if EACH_WORK.search(layout.low, max(sentence.start, figure.start - 40), figure.start):
        return True
    clause = max(layout.clause_start(figure.start, sentence.start), sentence.before(figure))
    if BUILT.search(layout.low, max(clause, last_comma(layout.low, clause, figure.start)), figure.start):
        return True
    cost = family("cost").search(layout.low, max(clause, figure.start - 40), figure.start)
    if cost is not None and WORK.search(layout.low, sentence.start, figure.start):
        return True
    before = next((other for other in reversed(sentence.figures) if other.end <= figure.start), None)
    shared = isinstance(before, MoneyFact) and ";" not in layout.low[before.end : figure.start]
    return shared and before is not None and cost_of_work(layout, sentence, before)  # "vốn 6 tỷ, dân góp 1 tỷ"


def carry_on(
    layout: Layout, sentence: Sentence, times: list[Time], path: Path | None, carried: Carried | None
) -> Carried | None:
    """The frame in force after a sentence: the time that leads it, else one it names; a vague time ends the old one."""
    told = [time for time in times if not time.noise and not to_come(layout, time.period)]
    told = [time for time in told if not LOSS.match(layout.low, time.start, sentence.end)]  # a flood's days date no aid
    usable = [time for time in told if not time.reported and not layout.low.endswith("cùng kỳ ", 0, time.start)]
    chosen = _chosen(layout, sentence, usable)
    days = [time for time in told if time.kind == "day"]
    met = next((time for time in days if time.reported or time.leads or of_a_meeting(layout, sentence, time.end)), None)
    if not chosen and not met:
        return carried
    now = (
        any(layout.low.startswith("nay ", time.start) and time.start > chosen.end for time in times)
        if chosen
        else False
    )
    if chosen and chosen.kind == "span" and now:
        chosen = None  # "Năm 2015, thu nhập là 19 triệu đồng thì nay là 34 triệu đồng"
    near = carried is not None and sentence.paragraph - carried.paragraph <= 1
    occasion = met or (carried.occasion if carried else None)
    counted = [time for time in usable if time.kind == "upto"]
    stock = counted[-1] if counted else (carried.stock if carried and near else None)
    return Carried(chosen, sentence.paragraph, path, occasion, stock)


def _chosen(layout: Layout, sentence: Sentence, usable: list[Time]) -> Time | None:
    """Of a sentence's times the one that frames what follows."""
    begun = min((figure.start for figure in sentence.figures), default=sentence.end)
    leading = [time for time in usable if time.leads and (time.kind != "now" or time.end <= begun)]
    later = [
        time
        for time in usable
        if (time.kind in {"span", "upto"} and time.start < begun and not _since(layout, time))
        or ON_A_DAY.search(layout.low, sentence.start, time.start)
    ]
    reviewed = [time for time in later if REVIEWED.search(layout.low, sentence.start, time.start)]
    reviewed = [time for time in reviewed if time.kind == "span"]
    spans = [time for time in leading if time.kind == "span"]
    if len({time.period for time in spans}) > 1 and "," in layout.low[spans[-2].end : spans[-1].start]:
        # "năm 2021: 52 km, năm 2022: 71 km" frames nothing that follows, but the years told of before them may.
        return spans[0] if all(_holds_all(spans[0], time) for time in spans[1:]) else None
    return next(reversed(leading or reviewed or later), None)


def _since(layout: Layout, time: Time) -> bool:
    """Whether a time is the one since when a thing stands, which frames nothing told behind it."""
    return SINCE.search(layout.low, max(0, time.start - 12), time.start) is not None


def _holds_all(outer: Time, inner: Time) -> bool:
    """Whether a span of time is longer than another and holds it."""
    (first, last), (since, until) = outer.period or (None, None), inner.period or (None, None)
    if not (first and last and since and until) or outer.period == inner.period:
        return False
    return first <= since and until <= last
