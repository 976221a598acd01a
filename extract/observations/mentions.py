"""Mentions: the units that a sentence speaks of, named ("huyện Phú Tân") or meant ("trên địa bàn huyện")."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from extract.facts import PlaceFact, Span
from extract.observations.cues import ends_with, family
from extract.observations.layout import Layout, Sentence, last_comma

Path = tuple[str, ...]
Part = Literal["subject", "place", "object", "near"]

UNIT_WORD = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu|thành(?= ủy| đoàn)|thị(?= ủy))"
    r"(?: ủy| đoàn)?(?!\w)"
)
# All units of a level speak for the unit above: "cả 31 xã, thị trấn", "các huyện, thành phố".
PLURAL = re.compile(
    r"(?<!\w)(?:(?:tất cả |cả |tất cả các |toàn bộ )(?:\d+(?:/\d+)? )?"
    r"|\d+(?:/\d+)? (?=[^\W\d]+(?: [^\W\d]+)?, )|các )"
    r"(?P<units>(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố)"
    r"(?:(?:,| và) (?:xã|phường|đặc khu|thị trấn|huyện|thị xã|thành phố))*)(?! cũ)(?!\w)"
)
KIND_OF_UNIT = re.compile(
    r"\s*(?:(?:miền núi|vùng cao|vùng xa|vùng sâu|vùng biên|biên giới|nghèo|ven biển|ven đô|đảo|bãi ngang|cù lao|trẻ"
    r"|mới|thuần nông|anh hùng|khó khăn) )*"
)
NEXT_IN_LINE = re.compile(
    r"(?<!\w)(?:kế|tiếp|rồi|sau|thứ (?:hai|nhì|ba))(?: (?:theo|tiếp|nữa|đó))?(?: (?:đến|là|tới))+ $"
)
CONTRAST = re.compile(r"(?<!\w)(?<!vẫn )(?<!hiện )(?<!chỉ )(?<!nay )(?:còn|trong khi) $")
OWNER = re.compile(r"(?<!\w)(?:của|thuộc) $")
# A unit of before a merger is named in passing only: "sau hợp nhất với tỉnh X", "trước thuộc huyện Y".
MERGED = re.compile(
    r"(?<!\w)(?:(?:hợp nhất|sáp nhập|nhập|sắp xếp|tách)(?: (?:với|từ|vào|cùng|của|cả|các|hai|ba|bốn|\d+|tỉnh|huyện|xã"
    r"|phường|thị trấn|thành phố|một phần|phần|toàn bộ))*"
    r"|(?:vốn|khi còn|lúc còn|còn là|trước|trước đây|trước kia|xưa|nguyên|cũ)"
    r"(?: (?:là|thuộc|của|địa bàn|tỉnh|huyện|xã|thị trấn|phường|thành phố))+) $"
)
# "Đoàn công tác của phường A đến thăm. Đoàn đã trao …": the guests, and their deed told in the next sentence.
DELEGATION = re.compile(
    r"(?<!\w)đoàn (?:công tác|đại biểu|cán bộ|lãnh đạo|thiện nguyện|từ thiện|cứu trợ)(?: [^\W\d]+){0,6}? $"
)
HAMLET_WORD = re.compile(
    r"(?:(?:(?<!\w)(?:trong|toàn|cả|của)|,) |(?<=[.!?] )|(?<=\n))(?P<word>thôn|ấp|bản|buôn|làng|khóm|xóm)"
    r"(?= (?:đã|đóng|góp|hiến|có|cùng|vận động|huy động|đạt|xây|nhận|được|thu|chi)(?!\w)|,)"
)
THE_DELEGATION = re.compile(
    r"(?:[^\W\d]+ này, |cùng ngày, )?(?P<who>đoàn)(?= (?:đã|cũng|còn|trao|tặng|hỗ trợ|ủng hộ|gửi))"
)
# "Cũng như xã Trà Dơn, xã Trà Vân …": only likened to. "Nhóm bạn trẻ từ phường A tặng …": who acts, from where.
LIKENED = re.compile(r"\W*(?:cũng như|giống(?: như| với)?|tương tự(?: như)?|khác(?: với| hẳn)?|không (?:như|giống)) ")
CAME_FROM = re.compile(
    r"[^;:]*(?<!\w)(?:nhóm|đoàn|đội|câu lạc bộ|hội|chi hội|bà con|thanh niên|cán bộ|nhân dân)"
    r"(?: [^\W\d]+){0,6} (?:đến )?từ $"
)
# "Từ xã A, bà con gửi …": the givers' home opens the sentence.
FROM_HOME = re.compile(r"\W*từ (?:các )?")
GIVES = re.compile(
    r" (?:đã |cũng |còn |vừa |lại )*"
    r"(?:trao|tặng|góp|gửi|ủng hộ|hỗ trợ|quyên góp|đóng góp|tài trợ|thưởng|mang|đem)(?!\w)"
)
THEY_GIVE = re.compile(rf",(?: [^\W\d]+){{1,4}}?{GIVES.pattern}")
# "người con quê hương đang sống ở TP. Hồ Chí Minh": a donor's home elsewhere is nobody's unit here.
HOME_AWAY = re.compile(
    r"(?<!\w)(?:người con|con em|con cháu|đồng hương|kiều bào|việt kiều|xa quê|xa xứ|doanh nhân|nhà hảo tâm"
    r"|mạnh thường quân|nghệ sĩ|họa sĩ|ca sĩ|cựu học sinh|bạn bè|người thân)(?: [^\W\d]+){0,8} (?:ở|tại) $"
)
# "cá đưa về TP. Hà Giang bán": the market is not whose the goods are.
CARRIED = re.compile(
    r"(?<!\w)(?:đưa|chở|mang|gánh|đem|xuất|gửi)(?: [^\W\d]+){0,3} (?:về|ra|lên|xuống|đến|tới|vào|sang) $"
)
SOLD = re.compile(r"(?: để)? (?:bán|tiêu thụ)(?!\w)")
# "phối hợp với Chùa Bảo Quang (TP. Đông Hà)": where a partner is at home.
PARTNER = re.compile(r"(?<!\w)(?:phối hợp(?: với| cùng)?|cùng(?: với)?)(?: [^\W\d]+){1,8} \($")
DONORS_HOME = re.compile(r"[^\W\d]+ (?:trong|trên|khắp) $")  # "của 160 tổ chức trong cả nước"
WHOLE = re.compile(r"(?<!\w)(?:toàn|cả) $")
MANY = re.compile(
    r"(?:các|những|mỗi|từng|nhiều|hai|ba|bốn|năm|liên|ngoài|một số|số|\d|cấp|hợp tác|thị|ngoại|nội|từ|giữa|trên|một|mấy"
    r"|ngân sách|(?:tỉnh|huyện|xã|quận|phường|thị xã|thành phố),|/) $"
)
NOT_A_UNIT = re.compile(
    r" (?:hội|viên|lộ|thành|bạn|khác|lỵ|nào|(?:đến|tới) (?:cơ sở|huyện|xã|thôn|khu|các|từng))(?!\w)"
    r"|,? (?:huyện|thị|phường|xã|thành phố)(?!\w)|/"
)
PROVINCE_CITIES = {"Hồ Chí Minh", "Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế"}
LEVEL_OF = {
    "tỉnh": "province", "thành phố": "city", "thành": "city", "huyện": "district", "quận": "district",
    "thị xã": "district", "thị": "district", "xã": "commune", "phường": "commune", "thị trấn": "commune",
    "đặc khu": "commune",
}  # fmt: skip
PREFIX = re.compile(r"(?:tỉnh|thành phố|tp|huyện|quận|thị xã|tx|xã|phường|thị trấn|tt|đặc khu|p|q|x|h)\b")
SHORT = {"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn", "p": "phường", "q": "quận", "x": "xã", "h": "huyện"}
JOIN_UP = re.compile(
    rf"\s*(?:,|\(|-|–|thuộc|của|ở|tại)?\s*\)?\s*(?:(?:huyện|xã|thị xã|thành phố){KIND_OF_UNIT.pattern})?"
)
JOIN_LIST = re.compile(
    r"\s*(?:(?:,|;|và|,\s*và|-|–|/|\))\s*(?:(?:các|ở|tại|cùng) )?|cùng |các )?"
    r"(?:tỉnh|huyện|xã|phường|thành phố|thị xã)?\s*"
)
LEAD = re.compile(r"(?:[\W_]|hiện|nay|đến|toàn|riêng|tại|ở|còn|như|năm|từ|trong|\d)*")
BARE = re.compile(r"[\s,(]*(?:là|đạt|:|với|có|gần|hơn|trên|khoảng|được)?[\s:(]*")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `start` to `end` that mean a unit, or a list of `members`; path None: several provinces or the country."""

    start: int
    end: int
    path: Path | None
    unit: str | None
    part: Part
    named: bool
    hamlet: bool = False
    members: tuple[Path, ...] = ()
    whole: bool = False  # "toàn tỉnh", "cả huyện"


@dataclass(slots=True)
class Memory:
    """The units last named, by level and by the word before the name, and the province of the paper."""

    home: Path | None
    latest: dict[str, PlaceFact] = field(default_factory=dict)
    hamlet: PlaceFact | None = None
    delegation: PlaceFact | None = None  # the unit whose "đoàn công tác" was last told of

    def remember(self, fact: PlaceFact, text: str) -> None:
        """Keeps a named unit of the paper's province as the one that its level's word means from here on."""
        if self.home and fact.path[:1] != self.home:
            return
        if fact.level == "hamlet":
            self.hamlet = fact
        prefix = PREFIX.match(text[fact.start : fact.end].lower())
        word = SHORT.get(prefix.group(), prefix.group()) if prefix else fact.level
        if fact.level in {"district", "commune"} and (not prefix or LEVEL_OF.get(word) in {fact.level, "city"}):
            self.latest.pop(fact.level, None) if prefix else None
            self.latest[word] = fact
            self.latest["any " + fact.level] = fact
        if fact.level == "province":
            self.latest["city" if fact.path[0] in PROVINCE_CITIES else "tỉnh"] = fact

    def meant(self, word: str) -> tuple[Path, str | None] | None:
        """The path that "tỉnh", "huyện", "xã" … mean here; None where no unit of that level was named."""
        word = word.removesuffix(" ủy").removesuffix(" đoàn")
        level = LEVEL_OF[word]
        if level == "province":
            return self._province()
        if level == "city":
            fact = self.latest.get("thành phố") or self.latest.get("city")
            if fact is None or (self.home and self.home[0] in PROVINCE_CITIES):
                return (self.home, None) if self.home and self.home[0] in PROVINCE_CITIES else None
            return fact.path, fact.unit
        named = [self.latest[key] for key in (word, level) if key in self.latest]
        fact = max(named, key=lambda fact: fact.start, default=self.latest.get("any " + level))
        if fact is not None:
            return fact.path, fact.unit
        below = self.latest.get("any commune")
        if level == "district" and below is not None and len(below.path) > 2:
            return below.path[:2], None
        return None

    def above(self, units: str) -> tuple[Path, str | None] | None:
        """The path that all units of a level speak for: of communes the district, of districts the province."""
        if re.search(r"huyện|quận|thị xã|thành phố", units):
            return self._province()
        return self.meant("huyện") or self._province()

    def _province(self) -> tuple[Path, str | None] | None:
        fact = self.latest.get("tỉnh")
        if fact and (self.home is None or fact.path == self.home):
            return fact.path, fact.unit
        if self.home:
            return self.home, None
        below = self.latest.get("any district") or self.latest.get("any commune")
        return (below.path[:1], None) if below else None


def read_mentions(layout: Layout, sentence: Sentence, memory: Memory) -> list[Mention]:
    """The units a sentence mentions, in order, each with the part it plays; updates `memory` on the way."""
    text, low = layout.passage.text, layout.low
    found: list[Mention] = []
    events: list[tuple[int, PlaceFact | re.Match[str]]] = [(fact.start, fact) for fact in sentence.places]
    taken = [fact.span for fact in (*sentence.places, *sentence.figures)]
    for match in UNIT_WORD.finditer(low, sentence.start, sentence.end):
        start, end = match.span()
        if all(end <= a or b <= start for a, b in taken) and _is_unit(text, low, start, end, sentence):
            events.append((start, match))
    events += [(match.start(), match) for match in PLURAL.finditer(low, sentence.start, sentence.end)]
    listed = _listed(low, sentence) if memory.latest else set()
    for _, event in sorted(events, key=lambda pair: pair[0]):
        if isinstance(event, PlaceFact):
            named_after = any(ends_with(name, low, sentence.start, event.start) for name in ("near", "namesake"))
            if not event.former and not named_after and event.span not in listed:
                memory.remember(event, text)
            if DELEGATION.search(low, max(sentence.start, event.start - 60), event.start):
                memory.delegation = event
            hamlet = event.level == "hamlet"
            found.append(Mention(event.start, event.end, event.path, event.unit, "subject", True, hamlet))
        elif _names_follow(low, event.end(), sentence):
            continue
        elif event.re is PLURAL:
            whole = memory.above(event["units"])
            mention = Mention(*event.span(), *whole, "subject", False) if whole else None
            found += [mention] if mention and _part(layout, sentence, mention) == "subject" else []
        elif meant := memory.meant(event.group()):
            whole_of = WHOLE.search(low, sentence.start, event.start()) is not None
            found.append(Mention(*event.span(), *meant, "subject", False, whole=whole_of))
    found += _understood(low, sentence, memory)
    found.sort(key=lambda mention: mention.start)
    passing = _in_passing(low, sentence) | _likened(low, sentence)
    found = [mention for mention in found if (mention.start, mention.end) not in passing]
    joined = _join(low, [replace(mention, part=_part(layout, sentence, mention)) for mention in found])
    joined = [mention for mention in joined if not _owns(low, mention, joined)]
    joined = [_as_address(sentence, mention) for mention in joined]
    joined = [mention for mention in joined if mention.path is not None or mention.named or mention.part != "object"]
    return [mention for mention in joined if mention.path != () and not mention.hamlet]


def _understood(low: str, sentence: Sentence, memory: Memory) -> list[Mention]:
    """The country and its regions, and what stands for a unit told of before: "trong thôn", "Đoàn đã trao …"."""
    found = [
        Mention(*match.span(), None, None, "subject", False)
        for match in family("nation").finditer(low, sentence.start, sentence.end)
        if not DONORS_HOME.search(low, sentence.start, match.start())
    ]
    word = HAMLET_WORD.search(low, sentence.start, sentence.end)
    if word and memory.hamlet and all(fact.start != word.start("word") for fact in sentence.places):
        found.append(Mention(*word.span("word"), memory.hamlet.path[:-1], None, "subject", False))
    if memory.delegation and (came := THE_DELEGATION.match(low, sentence.start, sentence.end)):
        found.append(Mention(*came.span("who"), memory.delegation.path, memory.delegation.unit, "subject", True))
    return found


def _in_passing(low: str, sentence: Sentence) -> set[Span]:
    """The former units that a sentence names only to say what was merged, with the list or line they stand in."""
    passing: set[Span] = set()
    before: Span | None = None
    for fact in sentence.places:
        listed = before is not None and JOIN_LIST.fullmatch(low, before[1], fact.start) is not None
        if fact.former and (listed or MERGED.search(low, max(sentence.start, fact.start - 60), fact.start)):
            passing.add(fact.span)
        before = fact.span
    return passing


def _listed(low: str, sentence: Sentence) -> set[Span]:
    """The units that stand in a list of their level, none of which a bare "xã" or "huyện" means afterwards."""
    return {
        fact.span
        for one, other in pairwise(sentence.places)
        if one.level == other.level and JOIN_LIST.fullmatch(low, one.end, other.start)
        for fact in (one, other)
    }


def _likened(low: str, sentence: Sentence) -> set[Span]:
    """The unit that opens a sentence or segment only to be likened to its subject, with the comma behind it."""
    found: set[Span] = set()
    for fact in sentence.places:
        start = max(sentence.start, low.rfind(";", sentence.start, fact.start) + 1)
        if LIKENED.fullmatch(low, start, fact.start) and low.startswith(",", fact.end):
            found.add(fact.span)
    return found


def _is_unit(text: str, low: str, start: int, end: int, sentence: Sentence) -> bool:
    """Whether "tỉnh", "xã" … means one unit here: not a list of levels, not a plural, not the head of a name."""
    gives = low[sentence.start : start].strip() == "ngân sách"  # "Ngân sách tỉnh bố trí 5 tỷ đồng"
    if (MANY.search(low, max(sentence.start, start - 12), start) and not gives) or NOT_A_UNIT.match(low, end):
        return False
    following = text[end : end + 2].strip()
    return not (following.isupper() and following.isalpha())


def _owns(low: str, mention: Mention, mentions: list[Mention]) -> bool:
    """Whether a unit is only what a lower one before it lies in ("huyện vùng xa của tỉnh Kon Tum đã …")."""
    if mention.path is None or not OWNER.search(low, max(0, mention.start - 8), mention.start):
        return False
    lower = [m for m in mentions if m.end <= mention.start and m.path and m.path[: len(mention.path)] == mention.path]
    return any("," not in low[m.end : mention.start] and len(m.path or ()) > len(mention.path) for m in lower[-1:])


def _names_follow(low: str, end: int, sentence: Sentence) -> bool:
    """Whether the unit's name stands behind the word ("Tỉnh ủy An Giang", "huyện miền núi Vũ Quang")."""
    return any(fact.start >= end and KIND_OF_UNIT.fullmatch(low, end, fact.start) for fact in sentence.places)


def _as_address(sentence: Sentence, mention: Mention) -> Mention:
    """A hamlet as the unit named with it ("thôn A, xã B"): what its people do counts for their commune."""
    if not mention.hamlet:
        return mention
    named = [fact for fact in sentence.places if mention.start <= fact.start < mention.end and fact.level != "hamlet"]
    fact = max(named, key=lambda fact: len(fact.path), default=None)
    return replace(mention, path=fact.path, unit=fact.unit, hamlet=False) if fact else mention


def _part(layout: Layout, sentence: Sentence, mention: Mention) -> Part:
    low, start = layout.low, mention.start
    clause = layout.clause_start(start, sentence.start)
    comma = max(clause, last_comma(low, clause, start) + 1)
    came = CAME_FROM.fullmatch(low, comma, start) and GIVES.match(low, mention.end)
    if came or (FROM_HOME.fullmatch(low, sentence.start, start) and THEY_GIVE.match(low, mention.end)):
        return "subject"
    if _is_near(layout, sentence, mention, comma):
        return "near"
    told = any(figure.end <= start and CONTRAST.search(low, figure.end, start) for figure in sentence.figures)
    if told or not low[clause:start].strip() or NEXT_IN_LINE.search(low, comma, start):
        return "subject"
    segment = max(clause, layout.segment_start(start, sentence.start))
    if ends_with("at", low, max(sentence.start, comma - 1), start):
        return "object" if family("verb").search(low, max(comma, segment), _at_start(low, comma, start)) else "place"
    if family("verb").search(low, max(comma, segment), start):
        return "object"
    return "subject"


def _is_near(layout: Layout, sentence: Sentence, mention: Mention, comma: int) -> bool:
    """Whether a unit is only where something comes from or lies beside, a firm's, a partner's or a donor's home."""
    low, start = layout.low, mention.start
    if ends_with("near", low, comma, start) or _of_a_firm(low, comma, start):
        return True
    if CARRIED.search(low, comma, start) and SOLD.match(low, mention.end):
        return True
    if mention.path and mention.path[0] != layout.passage.province and HOME_AWAY.search(low, comma, start):
        return True
    clause = layout.clause_start(start, sentence.start)
    if not low.startswith("(", clause - 1):
        return False
    away = mention.path is not None and mention.path[0] != layout.passage.province
    away = away and all(fact.end < clause - 2 or fact.start >= clause for fact in sentence.places)
    return away or PARTNER.search(low, sentence.start, clause) is not None  # "quỹ Thành Tâm (TP. Hồ Chí Minh) tài trợ"


def _at_start(low: str, floor: int, start: int) -> int:
    found = [match.start() for match in family("at").finditer(low, floor, start)]
    return found[-1] if found else start


def _of_a_firm(low: str, floor: int, start: int) -> bool:
    """Whether a unit stands in a firm's name or address; a cooperative's address is where it works."""
    firms = list(family("firm").finditer(low, max(floor, start - 70), start))
    local = bool(firms) and firms[-1].group() == "hợp tác xã" and ends_with("at", low, firms[-1].end(), start)
    acted = bool(firms) and GIVES.search(low, firms[-1].end(), start)  # "Công ty May A tặng xã B 20 suất quà"
    return bool(firms) and not local and not acted


def _join(low: str, mentions: list[Mention]) -> list[Mention]:
    """Neighbours made one: a unit with the one it lies in becomes the lower; a list becomes what its units share."""
    joined: list[Mention] = []
    listed = False
    for mention in mentions:
        before = joined[-1] if joined else None
        gap = low[before.end : mention.start] if before else ""
        level = len((before.members or (before.path or (),))[-1]) if before else 0
        in_line = mention.named and level == len(mention.path or ()) and JOIN_LIST.fullmatch(gap) is not None
        if before and listed and before.path is None and in_line:
            joined[-1] = replace(before, end=mention.end, members=(*before.members, mention.path or ()))
            continue
        if before is None or before.path is None or mention.path is None:
            joined.append(mention)
            listed = False
            continue
        shared = _shared(before.path, mention.path)
        if shared in (before.path, mention.path) and JOIN_UP.fullmatch(gap) and not listed:
            lower = max(before, mention, key=lambda m: len(m.path or ()))
            if lower.hamlet and before.part != "subject":
                lower = min(before, mention, key=lambda m: len(m.path or ()))
            joined[-1] = replace(lower, start=before.start, end=mention.end, part=before.part)
        elif in_line:
            path = shared or None
            members = (*(before.members or (before.path,)), mention.path)
            joined[-1] = Mention(before.start, mention.end, path, None, before.part, True, members=members)
            listed = True
        else:
            joined.append(mention)
            listed = False
    return joined


def _shared(one: Path, other: Path) -> Path:
    """The steps that two paths have in common."""
    size = 0
    while size < min(len(one), len(other)) and one[size] == other[size]:
        size += 1
    return one[:size]
