"""Topic: the unit a text speaks of, sentence by sentence, and the units that its bare words mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.facts import PlaceFact, Span
from extract.observations.cues import family, first, lowered
from extract.observations.layout import Layout, Sentence
from extract.observations.mentions import GIVES, Memory, Mention, Path

WITH = re.compile(r"(?<!\w)(?:phối hợp|cùng)(?: với| cùng)?(?: [^\W\d]+){0,3} $")
ALONE = re.compile(r"\s*(?:chỉ |tính )?riêng(?!\w)")
FEW, MOST = 3, 0.6  # mentions at least, and their share, that make a unit the one a text is about
OWN_WORD = re.compile(r"(?<!\w)(?:thành phố|tp\.?|thị xã|thị trấn|phường|xã) $")


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
    led: bool = False  # whether the subject is that of the text's first sentence


def first_topic(layout: Layout, places: Sequence[PlaceFact]) -> Topic:
    """The topic before the first sentence: the unit that the title names, else the paper's province."""
    title = lowered(layout.passage.title)
    found: list[tuple[int, PlaceFact]] = []
    for fact in places:
        at = title.find(lowered(fact.path[-1])) if fact.path and fact.level != "hamlet" else -1
        namesake = fact.path[-1:] != () and fact.path[-1] in fact.path[:-1]  # "Hà Tĩnh" alone is the province
        if at >= 0 and not (namesake and not OWN_WORD.search(title, 0, at)):
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
    if topic.paragraph == 0 and paragraph == 1 and topic.led and within(topic.subject.path, topic.home.path):
        return replace(topic, led=False, paragraph=paragraph)  # the story that the lead opens with goes on
    if away or (topic.home.how == "title" and topic.subject.path != topic.home.path):
        return Topic(topic.home, topic.home, topic.home, None, paragraph)
    if topic.main is None:
        return topic
    return Topic(topic.main, topic.main, topic.home)


def move_on(layout: Layout, sentence: Sentence, topic: Topic, mentions: list[Mention]) -> Topic:
    """The topic after a sentence."""
    moved = _moved(topic, _at_home(layout, sentence, _without_venue(layout, sentence, mentions), topic))
    if moved is topic:
        return topic
    aside = first("aside", layout.low, sentence.start, sentence.end)
    if ALONE.match(layout.low, sentence.start) and within(moved.subject.path, topic.subject.path):
        return topic  # "Riêng xã Tân An góp 20 triệu đồng. Hội …": an exception, in one sentence
    main = None
    if aside and aside[0] == sentence.start and within(moved.subject.path, topic.subject.path):
        main = topic.main or topic.subject
    elif topic.main and within(moved.subject.path, topic.main.path):
        main = topic.main
    begun = sentence is layout.sentences[0] and within(moved.subject.path, topic.home.path)
    led = begun or (topic.led and moved.subject.path == topic.subject.path)
    return Topic(moved.subject, moved.place, topic.home, main, sentence.paragraph, led)


def _without_venue(layout: Layout, sentence: Sentence, mentions: list[Mention]) -> list[Mention]:
    """The mentions without the place where a higher unit named before it met ("do Tỉnh đoàn tổ chức tại phường …")."""
    if not family("meeting").search(layout.low, sentence.start, sentence.end):
        return mentions
    met: list[Mention] = []
    for mention in mentions:
        hosts = [host for host in met if host.part != "place" and within(mention.path, host.path)]
        met += [] if hosts and mention.part == "place" else [mention]
    return met


def _at_home(layout: Layout, sentence: Sentence, mentions: list[Mention], topic: Topic) -> list[Mention]:
    """The mentions without the units above that only take part or give where the story is and stays.

    "Tại xã A, tỉnh phối hợp với huyện B …" has a partner, "Huyện tặng thôn 5 triệu đồng" a guest.
    """
    low, kept = layout.low, []
    for mention in mentions:
        partner = WITH.search(low, sentence.start, mention.start) is not None
        partner = partner and any(other.part == "place" and within(other.path, mention.path) for other in mentions)
        guest = not mention.named and GIVES.match(low, mention.end) is not None
        if not partner and not (guest and within(topic.subject.path, mention.path)):
            kept.append(mention)
    return kept


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
        where = scope_of(places[-1], "topic")
        if not places[-1].named:
            return topic
        if where.path == topic.home.path:
            return Topic(
                topic.home, topic.home, topic.home
            )  # "Chương trình do tỉnh Hà Giang phát động": of the text's own unit
        return replace(topic, place=where if within(where.path, topic.subject.path) else topic.place)
    head = scope_of(subject, "topic")
    inner = [place for place in places if within(place.path, head.path)]
    return Topic(head, scope_of(inner[-1], "topic") if inner else head, topic.home)


def _siblings(subjects: list[Mention]) -> bool:
    """Whether a sentence goes through units of one level ("Xã A 20 hộ, xã B 15 hộ"), and so is about none of them."""
    paths = {mention.path for mention in subjects if mention.path}
    return len(paths) > 1 and len({len(path) for path in paths}) == 1


def within(path: Path | None, outer: Path | None) -> bool:
    """Whether a path lies inside another, and is not the same."""
    return bool(path and outer and len(path) > len(outer) and path[: len(outer)] == outer)


def related(one: Path | None, other: Path | None) -> bool:
    """Whether one path lies within the other."""
    if one is None or other is None:
        return False
    size = min(len(one), len(other))
    return one[:size] == other[:size]


def scope_of(mention: Mention, how: str) -> Scope:
    """The scope that a mention gives, found in the way `how`."""
    return Scope(mention.path, mention.unit, how, (mention.start, mention.end))
