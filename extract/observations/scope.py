"""Scope: the unit a figure speaks for: the clause's subject, else its place, else what the text was speaking of."""

from __future__ import annotations

import re

from extract.facts import CountFact
from extract.observations.cues import family, first
from extract.observations.layout import Figure, Layout, Sentence, per_one
from extract.observations.mentions import BARE, GIVES, Mention, Path
from extract.observations.topic import Scope, Topic, related, scope_of, within

# "các huyện, thành phố" speak for a unit above the level they name.
DISTRICTS = re.compile(r"(?<!\w)(?:các|từng|\d+/\d+) (?:huyện|quận|thị xã)(?!\w)")
# "Các cấp hội" are those of the unit the text is about.
BRANCHES = re.compile(
    r"(?<!\w)(?:các cấp (?:hội|công đoàn|bộ đoàn)|các hội|(?:hội|đoàn thể|công đoàn|mặt trận|mttq) các cấp)(?!\w)"
)
# "bàn giao căn nhà 80 triệu đồng"
A_WORK = re.compile(r"(?<!\w)(?:căn|ngôi|cây|công trình|tuyến|phòng)(?: [^\W\d]+){1,3} $")
FRONTED = re.compile(r"\W*(?:với|từ|bằng|nhờ|có được)(?!\w)")
GIVER = re.compile(r"(?<!\w)do(?:,? [^\W\d]+){0,8} $")
# "Số tiền 85 triệu đồng do cán bộ huyện Đông Hưng quyên góp": a sum that opens its sentence is its giver's.
SUM = re.compile(r"\W*(?:(?:tổng )?(?:số|khoản) tiền )?(?:(?:gần|hơn|trên|khoảng) )?")
AGENT = re.compile(r" được (?:[^\W\d]+ ){0,4}$")  # "dịp này, 30 điển hình được UBND tỉnh tặng Bằng khen"
# What the gifts of the sentence before were worth: "Mỗi suất 500.000 đồng", "Tổng kinh phí 92 triệu đồng".
OF_THE_GIFTS = re.compile(
    r"(?:mỗi (?:phần|suất|túi|món|gói)|tổng (?:kinh phí|trị giá|giá trị|số tiền))(?: quà| học bổng)?(?!\w)"
)
SPEAKS = re.compile(r"(?:Ông|Bà|Anh|Chị|Cụ|Em) [^\W\d_A-ZĐ]")  # "Chị kể, …": the person told of before
# "Thành phố chọn mô hình của phường làm điểm", "vay của Ngân hàng Chính sách xã hội huyện A"
OWNED = re.compile(
    r"(?<!\w)(?:của|thuộc|từ|qua)(?: (?:ngân hàng|phòng giao dịch|quỹ|nguồn vốn|nguồn quỹ)(?: [^\W\d]+){0,6})? $"
)
HERE = re.compile(r"(?<!\w)(?:ở|tại|nơi) (?:đây|đó|ấy)(?!\w)")
THEY = re.compile(
    r"(?:,(?: [^\W\d]+){0,2} |^)(?:đơn vị|ban tổ chức|chương trình)(?: (?:đã|cũng|còn))?"
    r"(?: tổ chức| phối hợp| trao| tặng| thăm| bàn giao| giúp| hỗ trợ)(?!\w)"
)
AFTER = re.compile(r"(?:ở|mà|tại|trên địa bàn|cho|giúp|của|tới|đến|với|về|do|toàn|trong|khắp)(?:,? [^\W\d]+){0,8} $")


# A comma and a verb of its own: "… nhận 2 tỷ đồng, phần dư chuyển cho xã Tân An" says nothing of where the sum belongs.
NEW_CLAUSE = re.compile(
    r",? (?:nhưng|đồng thời)(?!\w)|, (?:còn|riêng|trong khi)(?!\w)"
    r"|,(?: [^\W\d]+){1,4} (?:chuyển|trao|tặng|gửi|bàn giao|hỗ trợ|chi|dành)(?!\w)"
)


def find_scope(layout: Layout, sentence: Sentence, figure: Figure, mentions: list[Mention], topic: Topic) -> Scope:
    """The scope of a figure, from the mentions of its own sentence first and from the topic last."""
    segment = layout.segment_start(figure.start, sentence.start)
    single = per_one(layout, sentence, figure)
    for start, stop in ((segment, figure.start), (sentence.start, segment)):
        inside = [m for m in mentions if start <= m.start and m.end <= stop and m.part != "near"]
        respective = _respectively(layout, sentence, figure, inside)
        if respective is not None:
            return respective
        if inside and not _anothers(layout, sentence, figure, inside, mentions):
            chosen = _chosen(layout, sentence, figure, inside, single)
            if chosen is not None:
                return chosen
            if related(topic.subject.path, inside[-1].path):
                return topic.subject
    fronted = _main_subject(layout, sentence, figure, mentions)
    if fronted is not None:
        return scope_of(fronted, "subject")
    return _told(layout, sentence, figure, mentions, topic)


def _told(layout: Layout, sentence: Sentence, figure: Figure, mentions: list[Mention], topic: Topic) -> Scope:
    """The unit told of before, or named behind the figure."""
    single = per_one(layout, sentence, figure)
    told = layout.low[sentence.start : figure.start]
    if THEY.search(told):
        return topic.subject
    if HERE.search(told):
        return topic.place
    after = _said_after(layout, sentence, figure, mentions)
    single = single or SPEAKS.match(layout.passage.text, sentence.start) is not None
    local = single or _is_cost(layout, figure)
    carried = topic.place if local and not OF_THE_GIFTS.match(told) else topic.subject
    elsewhere = after is not None and not related(after.path, topic.home.path)
    if after is not None and not (single and (elsewhere or within(carried.path, after.path))):
        return scope_of(after, "after")
    lifted = _lifted(layout, sentence, figure, carried.path, topic.home.path)
    return Scope(lifted, carried.unit if lifted == carried.path else None, carried.how, carried.span)


def _chosen(layout: Layout, sentence: Sentence, figure: Figure, inside: list[Mention], single: bool) -> Scope | None:
    """Of the mentions before a figure the last subject; for one person's money or a model the place within it.

    None where the subject is one told of before, which the text's topic gives ("tại xã Tân An, đơn vị tặng 20 suất").
    """
    subjects = [mention for mention in inside if mention.part == "subject"]
    places = [mention for mention in inside if mention.part != "subject"]
    if not subjects:
        if places[-1].part == "place" and THEY.search(layout.low[places[-1].end : figure.start]):
            return None
        whole = [place for place in places if place.part == "place"]
        return scope_of(whole[-1] if whole and not single else places[-1], "place")
    free = [mention for mention in subjects if not OWNED.search(layout.low, sentence.start, mention.start)]
    subject = (free or subjects)[-1]
    if len(subjects) > 1 and _bare_list(layout, sentence, figure, subject, places):
        subject = subjects[0]
    model = isinstance(figure, CountFact) and figure.model and not _meeting(layout, sentence, figure)
    local = single or model or _is_cost(layout, figure)
    if local:
        given = GIVES.search(layout.low, subject.end, figure.start) is not None  # "Tỉnh tặng mỗi hộ của huyện 1 triệu"
        inner = [place for place in places if within(place.path, subject.path)]
        inner = [place for place in inner if place.part == "place" or (single and not given)]
        if inner:
            return scope_of(inner[-1], "place")
    return scope_of(subject, "subject")


def _bare_list(layout: Layout, sentence: Sentence, figure: Figure, subject: Mention, places: list[Mention]) -> bool:
    """Whether `subject` is a receiver in a list like the one before it ("tỉnh giúp huyện A 5 tỷ, huyện B 3 tỷ")."""
    low = layout.low
    previous = next((other for other in reversed(sentence.figures) if other.end <= subject.start), None)
    if previous is None or not BARE.fullmatch(low, subject.end, figure.start):
        return False
    received = any(place.part == "object" and BARE.fullmatch(low, place.end, previous.start) for place in places)
    return received and layout.segment_start(figure.start, sentence.start) == sentence.start


def _respectively(layout: Layout, sentence: Sentence, figure: Figure, inside: list[Mention]) -> Scope | None:
    """The unit whose turn it is in "A, B và C lần lượt 5 tỷ, 4 tỷ và 3 tỷ"."""
    for mention in inside:
        at = layout.low.find("lần lượt", mention.end, figure.start)
        if at < 0 or not mention.members:
            continue
        turns = [other.start for other in sentence.figures if other.start > at]
        if len(turns) == len(mention.members):
            path = mention.members[turns.index(figure.start)]
            return Scope(path, None, "subject", (mention.start, mention.end))
    return None


def _main_subject(layout: Layout, sentence: Sentence, figure: Figure, mentions: list[Mention]) -> Mention | None:
    """The subject behind a fronted figure ("Với 95 triệu đồng xã hội hóa, xã đã lắp …")."""
    start = layout.segment_start(figure.start, sentence.start)
    if not FRONTED.match(layout.low, start):
        return None
    comma = layout.low.find(",", figure.end, sentence.end)
    behind = [m for m in mentions if comma >= 0 and m.start > comma and m.part == "subject" and m.path]
    return behind[0] if behind else None


def _is_cost(layout: Layout, figure: Figure) -> bool:
    """Whether a sum is a work's cost, whose unit is the work's and not the giver's ("kinh phí 2 tỷ đồng do …")."""
    near = max(0, figure.start - 40)
    cost = family("cost").search(layout.low, near, figure.start)
    return (cost or A_WORK.search(layout.low, near, figure.start)) is not None


def _anothers(
    layout: Layout, sentence: Sentence, figure: Figure, inside: list[Mention], mentions: list[Mention]
) -> bool:
    """Whether the units before a figure are the receivers of earlier ones, and its own is named behind it."""
    earlier = [other.end for other in sentence.figures if other.end <= figure.start]
    if not earlier or any(mention.part != "object" or mention.start < earlier[0] for mention in inside):
        return False
    own = _said_after(layout, sentence, figure, mentions)
    return own is not None


def _meeting(layout: Layout, sentence: Sentence, figure: Figure) -> bool:
    return family("meeting").search(layout.low, sentence.start, figure.end + 30) is not None


def _said_after(layout: Layout, sentence: Sentence, figure: Figure, mentions: list[Mention]) -> Mention | None:
    """The unit said behind a figure in its own clause ("… cho người nghèo ở xã Tân An")."""
    province = (layout.passage.province,) if layout.passage.province else None
    stop = layout.clause_end(figure.end, sentence.end)
    parted = first("part", layout.low, figure.end, stop)
    stop = parted[0] if parted and parted[0] > figure.end + 1 else stop
    for mention in mentions:
        if figure.end <= mention.start < stop and mention.part != "near":
            following = sentence.after(figure)
            own_figure = mention.end <= following < stop and "," in layout.low[figure.end : mention.start]
            if own_figure or NEW_CLAUSE.search(layout.low, figure.end, mention.start):
                return None
            agent = AGENT.search(layout.low, figure.end, mention.start)
            there = family("sameday").search(layout.low, sentence.start, figure.start)
            if GIVER.search(layout.low, figure.end, mention.start):
                acts = SUM.fullmatch(layout.low, sentence.start, figure.start) and mention.named
                return mention if acts and mention.path and mention.path[:1] == province else None
            return mention if (agent and there) or AFTER.search(layout.low, figure.end, mention.start) else None
    return None


def _lifted(layout: Layout, sentence: Sentence, figure: Figure, path: Path | None, home: Path | None) -> Path | None:
    """A path raised to the province of its districts, or to the text's `home` where all its branches act."""
    plural = path is not None and DISTRICTS.search(layout.low, sentence.start, sentence.end)
    if path and plural:
        return path[:1]
    branches = BRANCHES.search(layout.low, sentence.start, figure.start)
    return home if branches and within(path, home) else path
