"""Scope: the unit a figure speaks for: the clause's subject, else its place, else what the text was speaking of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.facts import CountFact, PlaceFact, Span
from extract.observations.cues import family, first, lowered
from extract.observations.layout import Figure, Layout, Sentence, per_one
from extract.observations.mentions import BARE, Memory, Mention, Path

# "các huyện, thành phố" speak for a unit above the level they name.
DISTRICTS = re.compile(r"(?<!\w)(?:các|từng|\d+/\d+) (?:huyện|quận|thị xã)(?!\w)")
# "Các cấp hội" are those of the unit the text is about.
BRANCHES = re.compile(r"(?<!\w)(?:các cấp (?:hội|công đoàn|bộ đoàn)|các hội|(?:hội|đoàn thể|công đoàn) các cấp)(?!\w)")
FEW, MOST = 3, 0.75  # mentions at least, and their share, that make a unit the one a text is about
CITY = re.compile(r"(?<!\w)(?:thành phố|tp\.?) $")
FRONTED = re.compile(r"\W*(?:với|từ|bằng|nhờ|có được)(?!\w)")
GIVER = re.compile(r"(?<!\w)do(?:,? [^\W\d]+){0,8} $")
AGENT = re.compile(r" được (?:[^\W\d]+ ){0,4}$")  # "dịp này, 30 điển hình được UBND tỉnh tặng Bằng khen"
AFTER = re.compile(r"(?:ở|tại|trên địa bàn|cho|giúp|của|tới|đến|với|về|do|toàn|trong|khắp)(?:,? [^\W\d]+){0,8} $")


# A comma and a verb of its own: "… nhận 2 tỷ đồng, phần dư chuyển cho xã Tân An" says nothing of where the sum belongs.
NEW_CLAUSE = re.compile(
    r", (?:còn|riêng|trong khi)(?!\w)"
    r"|,(?: [^\W\d]+){1,4} (?:chuyển|trao|tặng|gửi|bàn giao|hỗ trợ|chi|dành)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """A path (None: the text does not say, or several provinces), its unit's key, how it was found, and the words."""

    path: Path | None
    unit: str | None
    how: str
    span: Span | None


@dataclass(slots=True)
class Topic:
    """What the text speaks of: the last subject, the last place within it, the `main` one during an aside.

    `home` is the unit the whole text is about, to which every paragraph that names no unit comes back.
    """

    subject: Scope
    place: Scope
    home: Scope
    main: Scope | None = None
    paragraph: int = 0


def first_topic(layout: Layout, places: Sequence[PlaceFact]) -> Topic:
    """The topic before the first sentence: the unit that the title names, else the paper's province."""
    title = lowered(layout.passage.title)
    found: list[tuple[int, PlaceFact]] = []
    for fact in places:
        at = title.find(lowered(fact.path[-1])) if fact.path and fact.level != "hamlet" else -1
        namesake = len(fact.path) > 1 and fact.path[-1] == fact.path[0]  # "Hà Tĩnh" alone is the province
        if at >= 0 and not (namesake and not CITY.search(title, 0, at)):
            found.append((-len(fact.path), fact))
    if found:
        fact = min(found, key=lambda pair: pair[0])[1]
        scope = Scope(fact.path, fact.unit, "title", None)
    else:
        home = (layout.passage.province,) if layout.passage.province else None
        titled = home is not None and lowered(home[0]) in title
        paper = Scope(home, None, "title" if titled else "paper", None)
        scope = paper if titled else _most_named(places, home) or paper
    return Topic(scope, scope, scope)


def _most_named(places: Sequence[PlaceFact], home: Path | None) -> Scope | None:
    """The district or commune of the paper's province in which most of a text's places lie, itself named as well."""
    inside = [fact for fact in places if home and fact.path[:1] == home and not fact.former]
    for size in (3, 2):
        lying = Counter(fact.path[:size] for fact in places)
        for fact in inside:
            whole = len(fact.path) == size and fact.level != "hamlet"
            if whole and lying[fact.path] >= max(FEW, MOST * len(places)):
                return Scope(fact.path, fact.unit, "title", None)
    return None


def first_memory(layout: Layout, places: Sequence[PlaceFact]) -> Memory:
    """The memory before the first sentence: "tỉnh" is the paper's province, or the one most named where that is not."""
    named = [fact.path[0] for fact in places if fact.path]
    home = layout.passage.province
    if named and home not in named and home is None:
        home = max(sorted(set(named)), key=named.count)
    return Memory((home,) if home else None)


def come_back(topic: Topic, paragraph: int) -> Topic:
    """The topic at the head of a sentence: an aside within the text's own unit ends with its paragraph."""
    if paragraph == topic.paragraph:
        return topic
    away = not related(topic.subject.path, topic.home.path)
    if away or (topic.home.how == "title" and topic.subject.path != topic.home.path):
        return Topic(topic.home, topic.home, topic.home, None, paragraph)
    if topic.main is None:
        return topic
    return Topic(topic.main, topic.main, topic.home)


def move_on(layout: Layout, sentence: Sentence, topic: Topic, mentions: list[Mention]) -> Topic:
    """The topic after a sentence."""
    moved = _moved(topic, _without_venue(layout, sentence, mentions))
    if moved is topic:
        return topic
    aside = first("aside", layout.low, sentence.start, sentence.end)
    main = None
    if aside and aside[0] == sentence.start and within(moved.subject.path, topic.subject.path):
        main = topic.main or topic.subject
    elif topic.main and within(moved.subject.path, topic.main.path):
        main = topic.main
    return Topic(moved.subject, moved.place, topic.home, main, sentence.paragraph)


def _without_venue(layout: Layout, sentence: Sentence, mentions: list[Mention]) -> list[Mention]:
    """The mentions without the place where a higher unit named before it met ("do Tỉnh đoàn tổ chức tại phường …")."""
    if not family("meeting").search(layout.low, sentence.start, sentence.end):
        return mentions
    met: list[Mention] = []
    for mention in mentions:
        hosts = [host for host in met if host.part != "place" and within(mention.path, host.path)]
        met += [] if hosts and mention.part == "place" else [mention]
    return met


def _moved(topic: Topic, mentions: list[Mention]) -> Topic:
    usable = [mention for mention in mentions if mention.part != "near" and mention.path is not None]
    # A bare "tỉnh" in a district's story gives or orders; the story stays the district's.
    usable = [m for m in usable if m.named or m.whole or not within(topic.home.path, m.path)]
    subjects = [mention for mention in usable if mention.part == "subject"]
    listed = [mention for mention in usable if mention.part in {"subject", "place"} and mention.named]
    if len(listed) > 1 and _siblings(listed):
        inside = within(listed[0].path, topic.subject.path)
        return topic if inside else replace(topic, subject=topic.home, place=topic.home)
    places = [mention for mention in usable if mention.part in {"place", "object"}]
    subject = subjects[0] if subjects else next((mention for mention in places if mention.part == "place"), None)
    if subject is None:
        if not places:
            return topic
        where = _scope(places[-1], "topic")
        if not places[-1].named:
            return topic
        return replace(topic, place=where if within(where.path, topic.subject.path) else topic.place)
    head = _scope(subject, "topic")
    inner = [place for place in places if within(place.path, head.path)]
    return Topic(head, _scope(inner[-1], "topic") if inner else head, topic.home)


def _siblings(subjects: list[Mention]) -> bool:
    """Whether a sentence goes through units of one level ("Xã A 20 hộ, xã B 15 hộ"), and so is about none of them."""
    paths = {mention.path for mention in subjects if mention.path}
    return len(paths) > 1 and len({len(path) for path in paths}) == 1


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
            return _chosen(layout, sentence, figure, inside, single)
    fronted = _main_subject(layout, sentence, figure, mentions)
    if fronted is not None:
        return _scope(fronted, "subject")
    after = _said_after(layout, sentence, figure, mentions)
    carried = topic.place if single else topic.subject
    elsewhere = after is not None and not related(after.path, topic.home.path)
    if after is not None and not (single and (elsewhere or within(carried.path, after.path))):
        return _scope(after, "after")
    lifted = _lifted(layout, sentence, figure, carried.path, topic.home.path)
    return Scope(lifted, carried.unit if lifted == carried.path else None, carried.how, carried.span)


def _chosen(layout: Layout, sentence: Sentence, figure: Figure, inside: list[Mention], single: bool) -> Scope:
    """Of the mentions before a figure the last subject; for one person's money or a model the place within it."""
    subjects = [mention for mention in inside if mention.part == "subject"]
    places = [mention for mention in inside if mention.part != "subject"]
    if not subjects:
        whole = [place for place in places if place.part == "place"]
        return _scope(whole[-1] if whole and not single else places[-1], "place")
    subject = subjects[-1]
    if len(subjects) > 1 and _bare_list(layout, sentence, figure, subject, places):
        subject = subjects[0]
    local = single or (isinstance(figure, CountFact) and figure.model and not _meeting(layout, sentence, figure))
    if local:
        inner = [place for place in places if within(place.path, subject.path) and (single or place.part == "place")]
        if inner:
            return _scope(inner[-1], "place")
    return _scope(subject, "subject")


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
    return family("cost").search(layout.low, max(0, figure.start - 40), figure.start) is not None


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
        if figure.end <= mention.start and mention.end <= stop and mention.part != "near":
            following = sentence.after(figure)
            own_figure = mention.end <= following < stop and "," in layout.low[figure.end : mention.start]
            if own_figure or NEW_CLAUSE.search(layout.low, figure.end, mention.start):
                return None
            agent = AGENT.search(layout.low, figure.end, mention.start)
            there = family("sameday").search(layout.low, sentence.start, figure.start)
            given_by = GIVER.search(layout.low, figure.end, mention.start) is not None
            works_giver = given_by and _is_cost(layout, figure)
            if works_giver or (given_by and not (mention.named and mention.path and mention.path[:1] == province)):
                return None
            return mention if (agent and there) or AFTER.search(layout.low, figure.end, mention.start) else None
    return None


def _lifted(layout: Layout, sentence: Sentence, figure: Figure, path: Path | None, home: Path | None) -> Path | None:
    """A path raised to the province of its districts, or to the text's `home` where all its branches act."""
    plural = path is not None and DISTRICTS.search(layout.low, sentence.start, sentence.end)
    if path and plural:
        return path[:1]
    branches = BRANCHES.search(layout.low, sentence.start, figure.start)
    return home if branches and within(path, home) else path


def within(path: Path | None, outer: Path | None) -> bool:
    """Whether a path lies inside another, and is not the same."""
    return bool(path and outer and len(path) > len(outer) and path[: len(outer)] == outer)


def related(one: Path | None, other: Path | None) -> bool:
    """Whether one path lies within the other."""
    if one is None or other is None:
        return False
    size = min(len(one), len(other))
    return one[:size] == other[:size]


def _scope(mention: Mention, how: str) -> Scope:
    return Scope(mention.path, mention.unit, how, (mention.start, mention.end))
