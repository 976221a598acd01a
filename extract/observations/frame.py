"""Frame: the period of a figure with what was carried from earlier sentences, and how sure the whole frame is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.facts import CountFact, MoneyFact, Span
from extract.observations.carry import cost_of_work, event
from extract.observations.cues import family, rows
from extract.observations.layout import Figure, Layout, Sentence, per_one
from extract.observations.period import LEAD, WORK_DONE, Period, Time, best, period_after, to_come
from extract.observations.role import kind_of
from extract.observations.topic import Scope

# A model count told in the present speaks for the day of publication: "Mặt trận xã duy trì 7 mô hình".
STATE = re.compile(
    r"(?<!\w)(?:(?P<kept>duy trì|giữ vững|đang(?! phấn đấu| chuẩn bị| xem xét)(?: [^\W\d]+){1,3})|có|gồm)(?: được)?"
    r"(?: gần| hơn| trên| khoảng| tổng số| tổng cộng)* *$"
)
KEPT_BEHIND = re.compile(r"(?: [^\W\d]+){0,2} (?:vẫn |đang |được |luôn )*(?P<kept>duy trì|hoạt động)(?!\w)")
PAST_STATE = re.compile(r"(?<!\w)(?:khi đó|lúc đó|lúc ấy|ban đầu|từng) ")
OF_THAT_YEAR = re.compile(r" (?:của|vào|trong|hồi|ở|cho)(?: cả)? ?")  # "cao hơn mức 165 triệu đồng của năm 2020"
COMPARED_WITH = r"\s*\((?:là |chỉ |chỉ có )?"
HEADS = re.compile(r"[^;]*:")
FLOW = re.compile(r"\s*/(?:người/|hộ/)?(?:tháng|năm|ngày)(?!\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """A period, how it was found, the words that decided, and whether it is a total up to its last day."""

    period: Period | None
    how: str
    span: Span | None
    cumulative: bool = False


def find_period(layout: Layout, sentence: Sentence, figure: Figure, times: list[Time], earlier: Time | None) -> Found:
    """The period of a figure: said in its sentence before it, said behind it, or in an earlier one."""
    given = _in_comparison(layout, sentence, figure, times) or _in_turn(layout, sentence, figure)
    if given is not None:
        return given
    own = best(layout, times, sentence.start, figure.start)
    behind = period_after(layout, sentence, figure, times)
    touching = behind is not None and behind.kind == "span" and _touches(layout, figure, behind)
    if own and own.kind in {"day", "now"} and touching:
        own = None  # "Ngày 18-9, tỉnh ký cho vay 90 tỷ đồng trong năm 2026"
    if own is not None and (_of_another(layout, sentence, figure, own, times) or _of_work(layout, figure, own)):
        own, earlier = None, None
    total = own is not None and own.kind in {"now", "upto"} and sentence.before(figure) > own.end
    rated = isinstance(figure, MoneyFact) and own is not None and sentence.before(figure) > own.end
    rated = rated and FLOW.match(layout.low, figure.end) is not None  # an income is told as it is now
    if rated or (total and per_one(layout, sentence, figure)):  # "Đến nay đã dựng 20 căn nhà, mỗi căn 60 triệu đồng"
        own, earlier = None, None
    opened = own is not None and (own.kind == "day" or _a_month(own)) and cost_of_work(layout, sentence, figure)
    if own is not None and not opened and not (own.kind == "day" and own.reported):
        if own.kind == "day" and not own.leads and not event(layout, sentence, figure):
            own = None
        else:
            return _as_found(own, "said" if own.leads or own.kind in {"now", "upto"} else "named")
    if behind is not None and isinstance(figure, MoneyFact) and to_come(layout, behind.period):
        planned = family("plan").search(layout.low, sentence.start, figure.start)
        behind = behind if planned or touching else None  # "tổng vốn 90 tỷ đồng, hoàn thành năm 2028"
    if behind is not None and not (behind.kind == "day" and cost_of_work(layout, sentence, figure)):
        return _as_found(behind, "behind")
    state = isinstance(figure, CountFact) and figure.model and _state(layout, sentence, figure)
    first = all(kind_of(other) != "model" or other.start >= figure.start for other in sentence.figures)
    kept = state and state["kept"] and first and (earlier is None or earlier.kind == "span")
    if own is None and earlier is not None and not kept:
        return _as_found(earlier, "carried")
    if state:
        published = layout.passage.published
        return Found((None, published) if published else None, "state", None, True)
    return Found(None, "unsaid", None)


def _touches(layout: Layout, figure: Figure, time: Time) -> bool:
    """Whether only a preposition stands between a figure and a time behind it."""
    return OF_THAT_YEAR.fullmatch(layout.low, figure.end, time.start) is not None


def _honoured_then(layout: Layout, figure: Figure, time: Time) -> bool:
    """Whether a figure is honoured at the meeting whose day opens its sentence ("Ngày 5/3, huyện tổng kết, khen …")."""
    if not (time.reported and time.leads and time.kind == "day" and time.end <= figure.start):
        return False
    return kind_of(figure) == "model" and family("award").search(layout.low, time.end, figure.start) is not None


def _of_another(layout: Layout, sentence: Sentence, figure: Figure, own: Time, times: list[Time]) -> bool:
    """Whether a time was said of another unit, in an earlier segment that it does not open, or of another figure."""
    follows = not own.leads and own.kind == "span" and any(other.end <= own.start for other in sentence.figures)
    if follows and period_after(layout, sentence, figure, times):
        return True  # "vận động 2 tỷ đồng trong năm 2020 và 3 tỷ đồng trong năm 2021"
    semicolon = layout.low.rfind(";", own.end, figure.start)
    if semicolon < 0 or LEAD.fullmatch(layout.low, sentence.start, own.start):
        return False
    floor = layout.segment_start(own.start, sentence.start)
    if HEADS.match(layout.low, own.end, sentence.figures[0].start):
        return False  # "công bố kết quả năm 2023: …; …"
    told = any(floor <= other.start < semicolon for other in sentence.figures)
    if isinstance(figure, MoneyFact) and not own.leads and own.kind not in {"now", "upto"} and told:
        return True  # "năm 2017 vay 50 triệu đồng; giờ mỗi lứa thu 60 triệu đồng"
    own_unit = any(own.end < fact.start and semicolon < fact.start < figure.start for fact in sentence.places)
    before = any(fact.end <= own.start for fact in sentence.places)
    before = before and all(other.start > own.start for other in sentence.figures)
    return own_unit and before


def _a_month(time: Time) -> bool:
    """Whether a time is one month, in which a work may have been opened as on a day."""
    first, last = time.period or (None, None)
    return first is not None and last is not None and (first.year, first.month) == (last.year, last.month)


def _of_work(layout: Layout, figure: Figure, own: Time) -> bool:
    """Whether a time is that of a work's completion, told before the sum ("Cầu xong tháng 4, còn dư 12 triệu đồng")."""
    done = isinstance(figure, MoneyFact) and WORK_DONE.search(layout.low, max(0, own.start - 20), own.start)
    return bool(done) and layout.low.startswith(",", own.end)


def _as_found(time: Time, how: str) -> Found:
    cumulative = time.kind in {"now", "upto"} or (time.period is not None and time.period[0] is None)
    return Found(time.period, how, time.span, cumulative)


def _in_comparison(layout: Layout, sentence: Sentence, figure: Figure, times: list[Time]) -> Found | None:
    """The year compared with, where the figure is its ("so với năm 2020 (1.532 mô hình)"), or a meeting's own day."""
    for time in times:
        if _honoured_then(layout, figure, time):
            return _as_found(time, "said")
        gap = layout.low[time.end : figure.start]
        within = layout.clause_start(time.start, sentence.start)
        bracket = r"\s*(?::|là|có|chỉ có|đạt)\s*" if layout.low.startswith("(cùng kỳ", within - 1) else COMPARED_WITH
        if time.noise and time.end <= figure.start and re.fullmatch(bracket, gap):
            named = family("compare").search(layout.low, sentence.start, time.start)
            return _as_found(time, "compared") if named else None
        behind = layout.low[figure.end : time.start]
        if time.noise and figure.end <= time.start and OF_THAT_YEAR.fullmatch(behind):
            named = family("compare").search(layout.low, sentence.before(figure), figure.start)
            return _as_found(time, "compared") if named else None
    return None


def _in_turn(layout: Layout, sentence: Sentence, figure: Figure) -> Found | None:
    """The year whose turn it is in "năm 2020 và 2021, tỉnh công nhận lần lượt 60 mô hình, 75 mô hình"."""
    at = layout.low.rfind("lần lượt", sentence.start, figure.start)
    dates = [fact for fact in sentence.dates if fact.end <= at]
    turns = [other.start for other in sentence.figures if other.start > at]
    if at < 0 or len(dates) < 2 or len(turns) != len(dates):
        return None
    fact = dates[turns.index(figure.start)]
    return Found((fact.first, fact.last), "said", fact.span)


def _state(layout: Layout, sentence: Sentence, figure: Figure) -> re.Match[str] | None:
    """The "có" or "duy trì" before the figure, or before the one that it stands in a list with."""
    low = layout.low
    if kept := KEPT_BEHIND.match(low, figure.end):
        return kept
    segment = layout.segment_start(figure.start, sentence.start)
    if PAST_STATE.search(low, segment, figure.start) or family("vague").search(low, segment, figure.start):
        return None
    for other in [*reversed([other for other in sentence.figures if other.end <= figure.start]), None]:
        start = max(layout.clause_start(figure.start, sentence.start), other.end if other else sentence.start)
        if state := STATE.search(low, start, figure.start):
            return state
        if other is None or family("verb").search(low, other.end, figure.start):
            return None
        figure = other
    return None


PRIOR, PRIOR_WEIGHT = 0.9, 5  # what a way with few verdicts is worth, and how many verdicts that weighs


def sureness(scope: Scope, found: Found) -> float:
    """The confidence of a frame: that its scope and its period are both right, from how each was found."""
    return round(precision("scope", scope.how) * precision("period", found.how), 3)


@cache
def precision(part: str, how: str) -> float:
    """How often a way of finding a scope or a period was right, by the counts of confidence.tsv.

    `right_first` of `told_first` are verdicts on passages at their first reading, before any rule had seen them: the
    fourth gold set, and passages that now stand in the observation table. `right_gold` of `told_gold` are those on the
    four gold sets after the rules were mended on them. Alone the first are too few and the second too kind.
    """
    told = [list(map(int, row[3:])) for row in rows("confidence.tsv") if row[:2] == [part, how]]
    right, of = (sum(row[at] + row[at + 2] for row in told) for at in (0, 1))
    return (right + PRIOR * PRIOR_WEIGHT) / (of + PRIOR_WEIGHT)
