"""Finding: where a text names a unit, with the levels that its prefix, its list or its name allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from extract.counts.vocabulary import CLOSES, OCCASIONS
from extract.facts import Level
from extract.places import surroundings
from extract.places import words as vocabulary
from extract.places.gazetteer import Names, names
from extract.places.spelling import plain_spell, spell
from extract.places.text_words import Words
from extract.places.units import load

NAME_GAP = re.compile(r"[ \u00a0]?$|\s?[-–—]\s?$|['’‘`´]\s?$")  # between the words of one name
PREFIX_GAP = re.compile(r"\s?\.?[ \u00a0]?$")  # between a prefix and its name
LIST_GAP = re.compile(r"(?:\s?[,;]\s|\s?[,;]?\s(?:và|với|cùng|hoặc|hay)\s)$")
CHAIN_GAP = re.compile(r"\s?(?:[,(\-–—/]\s?)?(?:(?:nay |trước |vốn |trực |đều |cùng )?(?:thuộc|của|ở|tại)\s)?$")
BYGONE = re.compile(r"\s\(?(?:cũ|trước đây|trước kia)\b")
APART = re.compile(r";|\s(?:và|với|cùng|hoặc|hay)\s")
ROMAN = re.compile(r"[IVX]+")
APOSTROPHES = frozenset({"", "'", "’", "‘", "`", "´"})
LONGEST_UNKNOWN = 4
LONGEST_GAP = 16
BARE: frozenset[Level] = frozenset({"province", "district", "commune"})


@dataclass(slots=True)
class Mention:
    """A name at `start:end`; `name` its words as spelled for comparing, `keys` the units that may be meant.

    `prefix` is the prefix as words.tsv writes it, None for a bare name; `levels` what it may be. `listed` is the
    mention before it in a list, `next` the one that follows it over such a gap as lists and chains have. `guarded`
    tells that the words around a bare name speak against a unit smaller than a province (quotes, a company, a byline),
    `organ` that the words before it give its level ("Huyện ủy"), `headed` that a list's heading does ("2 xã là"),
    `bygone` that "cũ" stands behind it, `apart` that "và" or ";" parts it from the next, `body` that it ends the name
    of a school, hospital or post, `street` that a road's name stands before it in a list, `located` that "ở" does.
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
    bygone: bool = False
    apart: bool = False
    body: bool = False
    street: bool = False
    located: bool = False
    listed: Mention | None = field(default=None, repr=False)
    next: Mention | None = field(default=None, repr=False)


def find_mentions(text: str) -> list[Mention]:
    """Every mention that the words allow, in order; deciding.py drops what the text does not bear out."""
    words, index = Words(text), names()
    signed = surroundings.signatures(text)
    found: list[Mention] = []
    behind = 0  # the word that follows the last mention
    for at, capital in enumerate(words.capital):
        follows = at == behind > 0
        if at < behind or not (capital or follows or words.low[at] in vocabulary.PREFIX_START):
            continue
        if signed and any(start <= words.spans[at][0] < end for start, end in signed):
            continue
        mention, after = _next_of_list(words, index, at, found[-1]) if follows and found[-1].plural else (None, at)
        if mention is None:
            mention, after = _read(words, index, at)
        if mention is None and follows:
            mention, after = _next_of_list(words, index, at, found[-1])
        if mention is not None:
            found.append(mention)
            behind = after
    _link(text, found)
    return found


def _read(words: Words, index: Names, at: int) -> tuple[Mention | None, int]:
    if words.low[at] in vocabulary.PREFIX_START and not _starts_name(words, index, at):
        for prefix, name_at in _prefixes(words, at):
            mention, after = _prefixed(words, index, at, prefix, name_at)
            if mention is not None:
                return mention, after
    if words.raw[at] in GLUED and at + 1 < len(words.raw) and words.raw[at + 1].isdigit() and not words.gap(at, at + 1):
        return _prefixed(words, index, at, words.low[at], at + 1)
    if words.capital[at]:
        return _bare(words, index, at)
    return None, at


def _next_of_list(words: Words, index: Names, at: int, before: Mention) -> tuple[Mention | None, int]:
    """The next name of a list such as "các phường 1, 2 và 3" or "các ấp Hòa An, Hòa Lợi"; it keeps the prefix."""
    numbers = before.prefix in FULL_NUMBER and _only_number(words, at, before)
    if before.prefix is None or not (before.plural or before.levels == {"hamlet"} or numbers):
        return None, at
    at_name = at
    if words.low[at] in LIST_WORDS and at + 1 < len(words.raw):
        at_name += 1
    if not LIST_GAP.match(words.text[before.end : words.spans[at_name][0]]) or next(_prefixes(words, at_name), None):
        return None, at
    mention, after = _prefixed(words, index, at_name, before.prefix, at_name)
    if mention is not None:
        mention.plural = before.plural
    return mention, after


def _only_number(words: Words, at: int, before: Mention) -> bool:
    """Whether a list's next number counts nothing: those of "Phường 2, 6, 8", not the 6 of "Phường 2, 6 hộ"."""
    closing = words.low[at] in LIST_WORDS
    rest = words.low[at + closing : at + closing + 3]
    if not rest or not rest[0].isdigit():
        return False
    if closing and words.text[before.start : before.end].isdigit():  # "phường 3, 5 và 7 ra quân"
        return True
    goes_on = len(rest) > 2 and rest[1] in LIST_WORDS and (rest[2].isdigit() or rest[2] in vocabulary.PREFIX_START)
    return goes_on or not words.spaced(at + closing + 1)


def _starts_name(words: Words, index: Names, at: int) -> bool:
    """Whether a capitalised hamlet word is the first of a longer name: "Buôn Ma Thuột", "thác Bản Giốc"."""
    if not words.capital[at] or "hamlet" not in vocabulary.PREFIX.get(words.low[at], ()):
        return False
    nature = words.spaced(at) and words.low[at - 1] in vocabulary.THING
    return nature or _longest(words, index, at, frozenset({"district"}))[0] > at + 1


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
        before = " ".join((words.low[at - 1], prefix)) if words.spaced(at) else ""
        elder = " ".join(words.low[max(0, at - 2) : at]) in vocabulary.PERSON  # "già làng xã Phước Bình"
        if (before in vocabulary.NOT_PREFIX and not elder) or (short and not words.raw[at][0].isupper()):
            continue
        if not short and "." in words.gap(last, last + 1):
            continue
        yield prefix, last + 1


def _prefixed(words: Words, index: Names, at: int, prefix: str, name_at: int) -> tuple[Mention | None, int]:
    levels = vocabulary.PREFIX[prefix]
    start = words.spans[at][0]
    if words.raw[name_at] == "số" and "hamlet" in levels and words.spaced(name_at + 1):
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
        end, keys = _misspelt(words, name_at, unknown or words.run_end(name_at), levels)
        if unknown is None and not keys:
            return None, at
        end = end if keys or unknown is None else unknown
    written = words.text[words.spans[name_at][0] : words.spans[end - 1][1]]
    span_end = words.spans[end - 1][1]
    form = " ".join(map(spell, words.raw[name_at:end]))
    return Mention(start, span_end, form, written, levels, keys, prefix, plural=_plural(words, at)), end


def _plural(words: Words, at: int) -> bool:
    """Whether a prefix heads a list: "các huyện", "3 tỉnh"."""
    return at > 0 and (words.low[at - 1] in PLURAL or words.low[at - 1].isdigit())


def _person(words: Words, at: int) -> bool:
    """Whether the name behind "trưởng thôn" is the person's."""
    return words.low[at] in vocabulary.SURNAME or words.run_end(at) - at > 2


GLUED = frozenset({"P", "Q"})  # "Q5"
LIST_WORDS = frozenset({"và", "với", "cùng", "hoặc", "hay"})
PLURAL = frozenset({"các", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "những", "nhiều"})
FULL_NUMBER = {"quận": "quận", "q": "quận", "phường": "phường", "p": "phường"}
NUMBERED_HAMLET = frozenset({"ấp", "khóm", "thôn", "buôn", "tổ dân phố", "khu phố", "xóm"})


def _numbered(words: Words, index: Names, start: int, prefix: str, at: int) -> tuple[Mention | None, int]:
    end = words.spans[at][1]
    digits, decimal = words.raw[at].isdigit(), words.text[end : end + 1] in tuple(".,/")
    if (len(words.raw[at]) > 2 and digits) or (decimal and words.text[end + 1 : end + 2].isdigit()):
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
        if digits and _tells_how_often(words, at):
            return None, at
        return Mention(start, end, written, written, vocabulary.PREFIX[prefix], (), prefix), at + 1
    return None, at


def _tells_how_often(words: Words, at: int) -> bool:
    """Whether a number behind a hamlet's word counts visits: "mỗi tuần xuống xóm 2 buổi."."""
    if at + 1 >= len(words.raw) or not words.spaced(at + 1) or words.low[at + 1] not in OCCASIONS:
        return False
    return CLOSES.match(words.text, words.spans[at + 1][1]) is not None


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
    if first not in index.longest:
        return at, ()
    best, form = at, ""
    keys: tuple[str, ...] = ()
    for end in range(at, min(len(words.raw), at + index.longest[first])):
        if end > at and not (words.joined(end, NAME_GAP) and _goes_on(words, end)):
            break
        form = f"{form} {spell(words.raw[end])}" if form else first
        if index.levels.get(form, frozenset()) & levels:
            best, keys = end + 1, index.keys[form]
    return best, keys


def _goes_on(words: Words, at: int) -> bool:
    """Whether a word may go on a name: a capital or number, the rest of "H'leo", or the "trường" of "Nông trường"."""
    letter = words.capital[at] or words.raw[at].isdigit()
    return letter or words.gap(at - 1, at) in APOSTROPHES or words.low[at] == "trường"


def _may_stop(words: Words, end: int, run: int) -> bool:
    """Whether a name may end inside a run of capitals: before a person's name, initials, or in a line of capitals."""
    rest = words.raw[end:run]
    surname = words.low[end] in vocabulary.SURNAME and len(rest) > 1
    return surname or rest[0].isupper() or words.raw[end - 1].isupper()


def _misspelt(words: Words, at: int, end: int, levels: frozenset[Level]) -> tuple[int, tuple[str, ...]]:
    """The end and the units of a name that differs only in its marks: "huyện M’Drak" for M'Đrắk."""
    while end < len(words.raw) and words.gap(end - 1, end) in APOSTROPHES:
        end += 1
    if "hamlet" in levels or end - at < 2:
        return end, ()
    units = load()
    keys = units.by_plain_name.get(plain_spell(words.text[words.spans[at][0] : words.spans[end - 1][1]]), ())
    return end, tuple(key for key in keys if units.units[key].level in levels)


def _unknown_end(words: Words, at: int, prefix: str) -> int | None:
    """The end of a commune's or hamlet's name that no table holds; None where the words are no name."""
    levels = vocabulary.PREFIX[prefix]
    if not levels & {"commune", "hamlet"} or prefix in vocabulary.KIND:
        return None
    end = words.run_end(at)
    while end < len(words.raw) and words.gap(end - 1, end) in APOSTROPHES - {""}:
        end = words.run_end(end)
    while end < len(words.raw) and words.raw[end].isdigit() and words.spaced(end) and end - at < 3:
        end += 1
    low_follows = end < len(words.raw) and words.spaced(end) and not words.capital[end]
    if any(word.isupper() and len(word) > 1 for word in words.raw[at:end]) or end - at > LONGEST_UNKNOWN:
        return None
    beginning = {" ".join(map(spell, words.raw[at : at + count])) for count in (1, 2)}
    if beginning & vocabulary.COMMON or (end - at == 1 and words.low[at] in vocabulary.PEOPLE):
        return None
    if end - at == 1 and (low_follows or "commune" in levels):
        return end if prefix in NUMBERED_HAMLET and words.low[at] not in vocabulary.LEAD else None
    return end


def _bare(words: Words, index: Names, at: int) -> tuple[Mention | None, int]:
    end, keys = _longest(words, index, at, BARE)
    if not keys:
        return None, at
    levelled, headed = surroundings.level_before(words, at), surroundings.heading(words, at)
    body = surroundings.ends_body(words, at)
    if not surroundings.stands_free(words, at, end, levelled=bool(levelled) or body):
        return None, at
    form = " ".join(map(spell, words.raw[at:end]))
    levels = levelled or (headed & index.levels[form]) or index.levels[form]
    start, stop = words.spans[at][0], words.spans[end - 1][1]
    mention = Mention(
        start, stop, form, words.text[start:stop], levels, keys, organ=bool(levelled), headed=bool(headed)
    )
    mention.guarded = surroundings.guarded(words, at, end)
    mention.body, mention.street = body, surroundings.in_streets(words, at)
    mention.located = surroundings.located(words, at, end)
    return mention, end


def _link(text: str, found: list[Mention]) -> None:
    for mention in found:
        mention.bygone = BYGONE.match(text, mention.end) is not None
    for before, after in pairwise(found):
        gap = text[before.end : after.start]
        if len(gap) > LONGEST_GAP:
            continue
        listed = LIST_GAP.match(gap) is not None
        if listed:
            after.listed = before
        if listed or CHAIN_GAP.match(gap):
            before.next = after
            before.apart = APART.search(gap) is not None
