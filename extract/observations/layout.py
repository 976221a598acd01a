"""Layout: a passage cut into sentences that hold their dates, places and figures, with the folded text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.facts import CountFact, DateFact, Fact, MoneyFact, PlaceFact, Span
from extract.observations.cues import family, lowered
from extract.passage import Passage
from extract.text import UPPER, sentences

Figure = CountFact | MoneyFact
PARAGRAPH = re.compile(r"\n")
PERSON = re.compile(
    rf"\s*(?:[Gg]ia đình |[Hh]ộ )?(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ụ|[Ee]m|[Cc]háu) [{UPPER}]"
    r"|\s*(?:[Mm]ột|[Cc]ó) (?:cụ|ông|bà|chị|anh|em|cháu|hộ|người|gia đình|nhà|cậu|cô|mạnh thường quân)(?!\w)"
)
# A person told of before, and one whose home opens the sentence.
PRONOUN = re.compile(
    r"(?<!\w)(?<!đồng )(?<!các )(?<!vợ )(?:ông|bà|anh|chị|cụ|cô|gia đình (?:ông|bà|anh|chị|em))"
    r"(?! (?:con|em|nội|ngoại|cha|mẹ|chị|anh|bà|lão)(?!\w))(?= \w)"
)
AT_HOME = re.compile(r"(?:tại|ở|đến|về|như)(?: [^,;:]*)?, ?$", re.IGNORECASE)
COMMA = re.compile(r",")
SPEAKER = re.compile(r"(?<!\w)(?:cho biết|cho hay|chia sẻ|kể|nói|chủ tịch|bí thư|giám đốc|trưởng|phó)(?!\w)")
LONGEST_SENTENCE = 2500
# An outlet's or a place's mark before the first words of a paragraph: "(GLO)- ", "LSO - ", "BẮC GIANG - ".
OUTLET = re.compile(
    rf"\s*(?:\([^()\n]{{2,20}}\)\s*[-–—]?|[{UPPER}]{{2,8}}(?: [{UPPER}]{{1,7}}){{0,3}}\s*[-–—](?!\w)"
    r"|[a-z]+\.(?:vn|com)\s*[-–—])\s*"
)
# Between the rates of a list: "60 triệu đồng với nhà sập, 30 triệu đồng …", "hộ A được 5 triệu đồng, nhà sập 40 triệu".
ALSO_FOR = re.compile(
    r" (?:đối với|với|cho)(?: [^\W\d]+){1,6}(?:,| và|, còn) "
    r"|(?:,|;| và|, còn) (?:hộ|nhà|người|gia đình|trường hợp)(?: [^\W\d]+){0,5} "
)
BRACKET_REACH = 30  # characters between a count and the bracket with the rate of each ("20 suất học bổng (…/suất)")
EACH_PLACE_FREE = 90  # characters before a figure in which "mỗi", "bình quân" make it a rate


@dataclass(slots=True)
class Sentence:
    """Offsets `start` to `end` in the text, the number of its paragraph, and the facts inside it in order."""

    start: int
    end: int
    paragraph: int
    dates: list[DateFact] = field(default_factory=list)
    places: list[PlaceFact] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def before(self, figure: Figure) -> int:
        """Where the figure before `figure` in this sentence ends, or the sentence's start."""
        return max((other.end for other in self.figures if other.end <= figure.start), default=self.start)

    def after(self, figure: Figure) -> int:
        """Where the next figure of this sentence starts, or the sentence's end."""
        return min((other.start for other in self.figures if other.start >= figure.end), default=self.end)


@dataclass(slots=True)
class Layout:
    """A passage, its text folded (`low`, same offsets), and its sentences."""

    passage: Passage
    low: str
    sentences: list[Sentence]
    segments: dict[Span, int] = field(default_factory=dict)  # what was found once: segments' starts, and rates
    rates: dict[Span, bool] = field(default_factory=dict)

    def paragraph(self, position: int) -> int:
        """The number of the paragraph in which `position` lies."""
        at = bisect_right(self.sentences, position, key=lambda sentence: sentence.start) - 1
        return self.sentences[max(at, 0)].paragraph

    def clause_start(self, position: int, start: int) -> int:
        """The start of the clause around `position`: after the last ; or : or open bracket, not before `start`."""
        bracket = self.low.rfind("(", start, position)
        if self.low.find(")", bracket, position) >= 0:
            bracket = -1
        cut = max(bracket, self.low.rfind(";", start, position), self.low.rfind(":", start, position))
        return start if cut < 0 else cut + 1

    def segment_start(self, position: int, start: int) -> int:
        """The start of the segment around `position`: after the last semicolon, or the words “trong đó”."""
        known = self.segments.get((position, start))
        if known is not None:
            return known
        cut = max(self.low.rfind(";", start, position) + 1, start)
        for match in family("part").finditer(self.low, cut, position):
            cut = match.end()
        self.segments[position, start] = cut
        return cut

    def clause_end(self, position: int, end: int) -> int:
        """The end of the clause around `position`: before the next ; or ), not after `end`."""
        cuts = [cut for sign in (";", ")", "(", ":") if (cut := self.low.find(sign, position, end)) >= 0]
        return min(cuts, default=end)


def last_comma(low: str, start: int, end: int) -> int:
    """The offset of the last comma of a stretch that is none of a number ("3,6"); -1 where there is none."""
    at = low.rfind(",", start, end)
    while at >= 0 and low[at + 1 : at + 2].isdigit():
        at = low.rfind(",", start, at)
    return at


def lay_out(passage: Passage, facts: Sequence[Fact]) -> Layout:
    """The layout of a passage; facts that no sentence holds are left out (there are none in practice)."""
    text = passage.text
    found: list[Sentence] = []
    starts: list[int] = []
    paragraph, reached = 0, 0
    for start, end in _bounded(text, sentences(text)):
        paragraph += bool(PARAGRAPH.search(text, reached, start))
        mark = OUTLET.match(text, start, end)
        found.append(Sentence(mark.end() if mark else start, end, paragraph))
        starts.append(start)
        reached = end
    for fact in sorted(facts, key=lambda fact: fact.span):
        at = bisect_right(starts, fact.start) - 1
        if at < 0 or fact.start < found[at].start:  # in an outlet's mark
            continue
        if isinstance(fact, DateFact):
            found[at].dates.append(fact)
        elif isinstance(fact, PlaceFact):
            found[at].places.append(fact)
        elif isinstance(fact, CountFact | MoneyFact):
            found[at].figures.append(fact)
    return Layout(passage, lowered(text), found)


def _bounded(text: str, spans: list[Span]) -> Iterator[Span]:
    """The sentences, those beyond LONGEST_SENTENCE (tables, lists) cut at a sign or space, so work stays linear."""
    for begin, end in spans:
        start = begin
        while end - start > LONGEST_SENTENCE:
            stop = start + LONGEST_SENTENCE
            cut = max(text.rfind(sign, start + 1, stop) + 1 for sign in (";", ",", " "))
            if cut <= start + 1:
                cut = stop
            yield start, cut
            start = cut
        yield start, end


def per_one(layout: Layout, sentence: Sentence, figure: Figure) -> bool:
    """Whether a figure is a rate, or speaks of one person, household or gift ("mỗi suất 500.000 đồng", "/căn")."""
    if not isinstance(figure, MoneyFact):
        return False
    if figure.span not in layout.rates:
        layout.rates[figure.span] = _per_one(layout, sentence, figure)
    return layout.rates[figure.span]


def _per_one(layout: Layout, sentence: Sentence, figure: MoneyFact) -> bool:
    if figure.per or layout.low[figure.end : figure.end + 2].strip().startswith("/"):
        return True
    start = max(layout.clause_start(figure.start, sentence.start), sentence.before(figure))
    if _of_a_person(layout, sentence, figure):
        return True
    if family("each").search(layout.low, max(start, figure.start - EACH_PLACE_FREE), figure.start):
        return True
    before = next((other for other in reversed(sentence.figures) if other.end <= figure.start), None)
    gap = layout.low[before.end : figure.start] if isinstance(before, MoneyFact) else ""
    colon = layout.low.rfind(":", sentence.start, figure.start)
    divided = next((other for other in reversed(sentence.figures) if other.end <= colon), None)
    if divided is not None and ";" not in layout.low[divided.end : figure.start]:
        return per_one(layout, sentence, divided)  # "mỗi nhà 85 triệu đồng: tỉnh hỗ trợ 60 triệu đồng, …"
    listed = ALSO_FOR.fullmatch(gap) is not None  # "mức hỗ trợ 60 triệu đồng với nhà sập, 30 triệu đồng với nhà hỏng"
    return listed and before is not None and per_one(layout, sentence, before)


def _of_a_person(layout: Layout, sentence: Sentence, figure: Figure) -> bool:
    """Whether a person is the segment's subject and no speaker: "Anh Lý (bản Khe Giữa) được hỗ trợ 70 triệu đồng"."""
    text, start = layout.passage.text, layout.segment_start(figure.start, sentence.start)
    named = PERSON.match(text, start) or next(
        (found for comma in COMMA.finditer(text, start, figure.start) if (found := PERSON.match(text, comma.end()))),
        None,
    )
    if named is None:
        named = next(
            (met for met in PRONOUN.finditer(layout.low, start, figure.start) if text[met.end() + 1].islower()), None
        )
        return named is not None and not SPEAKER.search(layout.low, start, figure.start)
    told = SPEAKER.search(layout.low, named.end(), figure.start)
    if told and PRONOUN.search(layout.low, told.end(), figure.start):
        return True  # "Ông Ba cho biết, nhà ông góp 12 triệu đồng"
    if named.start() > start and not AT_HOME.match(layout.low, start, named.start()):
        return False
    return not SPEAKER.search(layout.low, named.end(), figure.start)


def each_of(layout: Layout, sentence: Sentence, before: Figure, figure: Figure) -> bool:
    """Whether a sum is what each thing just counted got or is worth ("50 suất quà, mỗi suất 1 triệu đồng")."""
    if not isinstance(before, CountFact) or not isinstance(figure, MoneyFact):
        return False
    gap, noun = layout.low[before.end : figure.start], before.unit.split()[0]
    if before.start < sentence.start:  # "… gặp mặt 40 người có uy tín. Mỗi người được tặng 500.000 đồng"
        head = layout.low.startswith(f"mỗi {noun} ", sentence.start)
        return head and family("event").search(layout.low, sentence.start, figure.start) is not None
    rate = layout.low[figure.end : figure.end + len(noun) + 3].replace(" ", "").startswith(f"/{noun}")
    return ";" not in gap and (f"mỗi {noun}" in gap or (rate and gap.endswith("(") and len(gap) < BRACKET_REACH))
