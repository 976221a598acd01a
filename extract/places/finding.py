"""Finding: where a text names a unit, with the levels that its prefix, its list or its name allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from extract.facts import Level
from extract.places import words as vocabulary
from extract.places.gazetteer import WORD, Names, names
from extract.places.spelling import plain_spell, spell
from extract.places.units import load
from extract.text import UPPER

NAME_GAP = re.compile(r"[ \u00a0]?$|\s?[-–—]\s?$|['’‘`´]\s?$")  # between the words of one name
RUN_GAP = re.compile(r"[ \u00a0]$")  # between capitalised words of one run
PREFIX_GAP = re.compile(r"\s?\.?[ \u00a0]?$")  # between a prefix and its name
LIST_GAP = re.compile(r"(?:\s?[,;]\s|\s?[,;]?\s(?:và|với|cùng|hoặc|hay)\s)$")
CHAIN_GAP = re.compile(r"\s?(?:[,(\-–—/]\s?)?(?:(?:nay |trực |đều |cùng )?(?:thuộc|của|ở|tại)\s)?$")
COMPANY_GAP = re.compile(r"\s?[-–&]?\s?$")
BYLINE = re.compile(r".*(?:[Bb]ài|[ẢảAa]nh|[Tt]in|[Tt]heo|ẢNH|BÀI|TIN)\s?[:-]\s*|[\s(-]*")
HEADING = re.compile(
    r"(?:các|những|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|\d+)\s(xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh)\b"
    r"[^.;:,()\n]*?(?:\s?:\s?|\s(?:là|gồm|như|gồm có|là:)\s|\s\()$"
)
LONGEST_HEADING = 70
# A name in capitals with the title in the line below it, and a line or bracket that credits a source.
SIGNATURES = (
    re.compile(rf"^[ \t]*[{UPPER}]{{2,}}(?:[ \t][{UPPER}]+){{1,4}}[ \t]*\n\s*[^\n.!?]{{1,100}}$(?=\s*(?:\n\(|\Z))", re.M),
    re.compile(r"^[ \t(]*(?:Theo|Nguồn|Bài|Ảnh|Tin)(?:(?:,| và) ảnh)?[: ][^\n.!?,]{1,60}\)?[ \t]*$", re.M),
    re.compile(r"\((?:Theo|Nguồn|Ảnh)[: ][^\n()]{1,60}\)"),
)
ROMAN = re.compile(r"[IVX]+")
QUOTES = frozenset("“”\"'‘’")
LONGEST_UNKNOWN = 4
LONGEST_GAP = 16
BARE: frozenset[Level] = frozenset({"province", "district", "commune"})


@dataclass(slots=True)
class Mention:
    """A name at `start:end`; `name` its words as spelled for comparing, `keys` the units that may be meant.

    `prefix` is the prefix as words.tsv writes it, None for a bare name; `levels` what it may be. `listed` is the
    mention before it in a list, `next` the one that follows it over such a gap as lists and chains have. `guarded`
    tells that the words around a bare name speak against a unit smaller than a province (quotes, a company, a byline),
    `organ` that the words before it give its level ("Huyện ủy"), `headed` that a list's heading does ("2 xã là").
    """

    start: int
    end: int
    name: str
    written: str
    levels: frozenset[Level]
    keys: tuple[str, ...]
    prefix: str | None = None
    organ: bool = False
    plural: bool = False
    guarded: bool = False
    headed: bool = False
    listed: Mention | None = field(default=None, repr=False)
    next: Mention | None = field(default=None, repr=False)


class Words:
    """A text's words with their offsets, small and spelled forms."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [match.span() for match in WORD.finditer(text)]
        self.raw = [text[start:end] for start, end in self.spans]
        self.low = [word.lower() for word in self.raw]
        self.capital = [word[0].isupper() for word in self.raw]

    def gap(self, before: int, after: int) -> str:
        """What stands between two words."""
        return self.text[self.spans[before][1] : self.spans[after][0]]

    def joined(self, at: int, pattern: re.Pattern[str]) -> bool:
        """Whether the word at `at` follows its predecessor over such a gap."""
        return 0 < at < len(self.raw) and pattern.match(self.gap(at - 1, at)) is not None

    def run_end(self, at: int) -> int:
        """The end of the run of capitalised words that begins at `at`."""
        end = at + 1
        while end < len(self.raw) and self.capital[end] and self.joined(end, RUN_GAP):
            end += 1
        return end

    def run_start(self, at: int) -> int:
        """The start of the run of capitalised words that the word at `at` is in."""
        while at > 0 and self.capital[at - 1] and self.joined(at, RUN_GAP):
            at -= 1
        return at


def find_mentions(text: str) -> list[Mention]:
    """Every mention that the words allow, in order; deciding.py drops what the text does not bear out."""
    words, index = Words(text), names()
    signed = [match.span() for pattern in SIGNATURES for match in pattern.finditer(text)]
    found: list[Mention] = []
    at = 0
    while at < len(words.raw):
        if any(start <= words.spans[at][0] < end for start, end in signed):
            at += 1
            continue
        mention, after = _read(words, index, at)
        if mention is None and found and at > 0 and words.spans[at - 1][1] == found[-1].end:
            mention, after = _next_of_list(words, index, at, found[-1])
        if mention is None:
            at += 1
            continue
        found.append(mention)
        at = after
    _link(text, found)
    return found


def _read(words: Words, index: Names, at: int) -> tuple[Mention | None, int]:
    if words.low[at] in vocabulary.PREFIX_START and not _starts_name(words, index, at):
        for prefix, name_at in _prefixes(words, at):
            mention, after = _prefixed(words, index, at, prefix, name_at)
            if mention is not None:
                return mention, after
    glued = re.fullmatch(r"[PQ]", words.raw[at]) and words.joined(at + 1, re.compile("$"))
    if glued and words.raw[at + 1].isdigit():
        return _prefixed(words, index, at, words.low[at], at + 1)
    if words.capital[at]:
        return _bare(words, index, at)
    return None, at


def _next_of_list(words: Words, index: Names, at: int, before: Mention) -> tuple[Mention | None, int]:
    """The next name of a list such as "các phường 1, 2 và 3" or "các ấp Hòa An, Hòa Lợi"; it keeps the prefix."""
    if before.prefix is None or not (before.plural or before.levels == {"hamlet"}):
        return None, at
    at_name = at
    if words.low[at] in LIST_WORDS and at + 1 < len(words.raw):
        at_name += 1
    if not LIST_GAP.match(words.text[before.end : words.spans[at_name][0]]):
        return None, at
    mention, after = _prefixed(words, index, at_name, before.prefix, at_name)
    if mention is not None:
        mention.plural = True
    return mention, after


def _starts_name(words: Words, index: Names, at: int) -> bool:
    """Whether a capitalised hamlet word is the first of a longer name: "Buôn Ma Thuột"."""
    hamlet = words.capital[at] and "hamlet" in vocabulary.PREFIX.get(words.low[at], ())
    return hamlet and _longest(words, index, at, frozenset({"district"}))[0] > at + 1


def _prefixes(words: Words, at: int) -> Iterator[tuple[str, int]]:
    """The prefixes that begin at a word, longest first, with the place of the name behind each."""
    for count in (3, 2, 1):
        last = at + count - 1
        if last + 1 >= len(words.raw):
            continue
        prefix = " ".join(words.low[at : last + 1])
        if prefix not in vocabulary.PREFIX or not words.joined(last + 1, PREFIX_GAP):
            continue
        if any(not words.joined(step, PREFIX_GAP) for step in range(at + 1, last + 1)):
            continue
        short = prefix in vocabulary.KIND
        before = " ".join((words.low[at - 1], prefix)) if words.joined(at, RUN_GAP) else ""
        if before in vocabulary.NOT_PREFIX or (short and not words.raw[at][0].isupper()):
            continue
        if not short and "." in words.gap(last, last + 1):
            continue
        yield prefix, last + 1


def _prefixed(words: Words, index: Names, at: int, prefix: str, name_at: int) -> tuple[Mention | None, int]:
    levels = vocabulary.PREFIX[prefix]
    start = words.spans[at][0]
    if words.raw[name_at] == "số" and "hamlet" in levels and words.joined(name_at + 1, RUN_GAP):
        name_at += 1
    if words.raw[name_at].isdigit() or (prefix in FULL_NUMBER and ROMAN.fullmatch(words.raw[name_at])):
        mention, after = _numbered(words, index, start, prefix, name_at)
        if mention is not None:
            mention.plural = _plural(words, at)
        return mention, after
    if not words.capital[name_at] or (words.low[at - 1] == "trưởng" and _person(words, name_at)):
        return None, at
    end, keys = _longest(words, index, name_at, levels)
    run = words.run_end(name_at)
    if end < run and "commune" in levels and not _may_stop(words, end, run):
        keys, end = (), run
    if not keys:
        unknown = _unknown_end(words, name_at, prefix)
        keys = _misspelt(words, name_at, unknown or words.run_end(name_at), levels)
        if unknown is None and not keys:
            return None, at
        end = unknown or words.run_end(name_at)
    written = words.text[words.spans[name_at][0] : words.spans[end - 1][1]]
    span_end = words.spans[end - 1][1]
    form = " ".join(map(spell, words.raw[name_at:end]))
    return Mention(start, span_end, form, written, levels, keys, prefix, plural=_plural(words, at)), end


def _plural(words: Words, at: int) -> bool:
    """Whether a prefix heads a list: "các huyện", "3 tỉnh"."""
    return at > 0 and (words.low[at - 1] in PLURAL or words.low[at - 1].isdigit())


def _person(words: Words, at: int) -> bool:
    return words.low[at] in vocabulary.SURNAME and words.run_end(at) - at > 2


LIST_WORDS = frozenset({"và", "với", "cùng", "hoặc", "hay"})
PLURAL = frozenset({"các", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "những", "nhiều"})
FULL_NUMBER = {"quận": "quận", "q": "quận", "phường": "phường", "p": "phường"}
NUMBERED_HAMLET = frozenset({"ấp", "khóm", "thôn", "buôn", "tổ dân phố", "khu phố", "xóm"})


def _numbered(words: Words, index: Names, start: int, prefix: str, at: int) -> tuple[Mention | None, int]:
    end = words.spans[at][1]
    digits, decimal = words.raw[at].isdigit(), words.text[end : end + 1] in tuple(".,/")
    if len(words.raw[at]) > 2 and digits or (decimal and words.text[end + 1 : end + 2].isdigit()):
        return None, at
    number = str(int(words.raw[at])) if digits else words.raw[at]
    if prefix in FULL_NUMBER:
        word = FULL_NUMBER[prefix]
        after, keys = _number_and_name(words, index, at, f"{word} {number}")
        keys = keys or index.numbered.get(spell(f"{word} {number}"), ())
        written = f"{word.capitalize()} {words.text[words.spans[at][0] : words.spans[after - 1][1]]}"
        if not keys:
            return None, at
        form = spell(written)
        return Mention(start, words.spans[after - 1][1], form, written, vocabulary.PREFIX[prefix], keys, prefix), after
    if prefix in NUMBERED_HAMLET:
        written = f"{prefix} {number}"
        return Mention(start, end, written, written, vocabulary.PREFIX[prefix], (), prefix), at + 1
    return None, at


def _number_and_name(words: Words, index: Names, at: int, form: str) -> tuple[int, tuple[str, ...]]:
    """The end and the units of a name such as "phường 2 Bảo Lộc"."""
    run = words.run_end(at)
    for end in range(run, at + 1, -1):
        keys = index.keys.get(" ".join((spell(form), *map(spell, words.raw[at + 1 : end]))), ())
        if keys:
            return end, keys
    return at + 1, ()


def _longest(words: Words, index: Names, at: int, levels: frozenset[Level]) -> tuple[int, tuple[str, ...]]:
    """The end of the longest known name of such a level from a word on, with its units; (at, ()) without one."""
    first = spell(words.raw[at])
    best, form = at, ""
    keys: tuple[str, ...] = ()
    for end in range(at, min(len(words.raw), at + index.longest.get(first, 0))):
        if end > at and not words.joined(end, NAME_GAP):
            break
        form = f"{form} {spell(words.raw[end])}" if form else first
        if index.levels.get(form, frozenset()) & levels:
            best, keys = end + 1, index.keys[form]
    return best, keys


def _may_stop(words: Words, end: int, run: int) -> bool:
    """Whether a name may end inside a run of capitals: before a person's name, initials, or in a line of capitals."""
    rest = words.raw[end:run]
    surname = words.low[end] in vocabulary.SURNAME and len(rest) > 1
    return surname or rest[0].isupper() or words.raw[end - 1].isupper()


def _misspelt(words: Words, at: int, end: int, levels: frozenset[Level]) -> tuple[str, ...]:
    """The units whose name differs only in its marks: "huyện Đăk Pơ" for Đak Pơ."""
    if "hamlet" in levels or end - at < 2:
        return ()
    units = load()
    keys = units.by_plain_name.get(plain_spell(words.text[words.spans[at][0] : words.spans[end - 1][1]]), ())
    return tuple(key for key in keys if units.units[key].level in levels)


def _unknown_end(words: Words, at: int, prefix: str) -> int | None:
    """The end of a commune's or hamlet's name that no table holds; None where the words are no name."""
    levels = vocabulary.PREFIX[prefix]
    if not levels & {"commune", "hamlet"} or prefix in vocabulary.KIND:
        return None
    end = words.run_end(at)
    while end < len(words.raw) and words.raw[end].isdigit() and words.joined(end, RUN_GAP) and end - at < 3:
        end += 1
    low_follows = end < len(words.raw) and words.joined(end, RUN_GAP) and not words.capital[end]
    if any(word.isupper() and len(word) > 1 for word in words.raw[at:end]) or end - at > LONGEST_UNKNOWN:
        return None
    if end - at == 1 and (low_follows or "commune" in levels):
        return end if prefix in NUMBERED_HAMLET and words.low[at] not in vocabulary.LEAD else None
    return end


def _bare(words: Words, index: Names, at: int) -> tuple[Mention | None, int]:
    end, keys = _longest(words, index, at, BARE)
    if not keys:
        return None, at
    form = " ".join(map(spell, words.raw[at:end]))
    start, run = words.run_start(at), words.run_end(end - 1)
    levels = index.levels[form]
    organ, headed = _organ(words, at), _heading(words, at)
    if not _left_fits(words, start, at) or (run > end and not _right_fits(words, end, run)):
        return None, at
    if not organ and words.joined(at, RUN_GAP) and _unfit(words, at):
        return None, at
    span = words.spans[at][0], words.spans[end - 1][1]
    written = words.text[slice(*span)]
    guarded = _quoted(words.text, *span) or _signed(words.text, *span) or _in_company(words, at)
    levels = organ or (headed & levels) or levels
    mention = Mention(*span, form, written, levels, keys, organ=bool(organ), guarded=guarded, headed=bool(headed))
    return mention, end


def _heading(words: Words, at: int) -> frozenset[Level]:
    """The levels of a list's heading that ends just before a name: "2 xã kiểu mẫu là", "các xã:", "5 phường ("."""
    start = words.spans[at][0]
    match = HEADING.search(words.text, max(0, start - LONGEST_HEADING), start)
    return vocabulary.PREFIX[match[1]] if match else frozenset()


def _quoted(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] in QUOTES and text[end : end + 1] in QUOTES


def _signed(text: str, start: int, end: int) -> bool:
    """Whether the name stands alone in its line, or behind "Bài, ảnh:", as an author's does."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    rest = text[end : line_end if line_end >= 0 else len(text)]
    return BYLINE.fullmatch(text[line_start:start]) is not None and not rest.strip(" .)/")


def _in_company(words: Words, at: int) -> bool:
    for before in range(at - 1, max(-1, at - 9), -1):
        if any(" ".join(words.low[before : before + count]) in vocabulary.COMPANY for count in (1, 2, 3)):
            return True
        if not words.joined(before + 1, COMPANY_GAP):
            return False
    return False


def _organ(words: Words, at: int) -> frozenset[Level]:
    """The levels that the words before a bare name give: "Huyện ủy", "huyện đảo", "phường biển"."""
    if not words.joined(at, RUN_GAP):
        return frozenset()
    if levels := vocabulary.ORGAN.get(" ".join(words.low[max(0, at - 2) : at])):
        return levels
    for count in (1, 2, 3):
        level_at = at - count - 1
        if level_at < 0 or " ".join(words.low[at - count : at]) not in vocabulary.DESCRIPTOR:
            continue
        for first in (level_at, level_at - 1):
            prefix = " ".join(words.low[max(0, first) : level_at + 1])
            if prefix in vocabulary.PREFIX and prefix not in vocabulary.KIND and prefix not in NUMBERED_HAMLET:
                return vocabulary.PREFIX[prefix] - {"hamlet"}
    return frozenset()


def _left_fits(words: Words, start: int, at: int) -> bool:
    """Whether the capitals before a bare name are an organisation's or a sentence's first word."""
    rest = range(start, at)
    return all((words.raw[i].isupper() and len(words.raw[i]) > 1) or words.low[i] in vocabulary.LEAD for i in rest)


def _right_fits(words: Words, end: int, run: int) -> bool:
    """Whether the capitals behind a bare name begin a person's name, as in "Tỉnh ủy An Giang Trần Văn A"."""
    return (words.low[end] in vocabulary.SURNAME and run - end > 1) or words.raw[end].isupper()


def _unfit(words: Words, at: int) -> bool:
    """Whether the word or two before a bare name tell that a person, a road, a battle bears it."""
    last, pair = words.low[at - 1], " ".join(words.low[max(0, at - 2) : at])
    speaks = vocabulary.PERSON | vocabulary.THING
    return pair not in vocabulary.SPARED and (last in speaks or pair in speaks)


def _link(text: str, found: list[Mention]) -> None:
    for before, after in pairwise(found):
        gap = text[before.end : after.start]
        if len(gap) > LONGEST_GAP:
            continue
        listed = LIST_GAP.match(gap) is not None
        if listed:
            after.listed = before
        if listed or CHAIN_GAP.match(gap):
            before.next = after
