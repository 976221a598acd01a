"""Surroundings: what the words around a bare name say of it."""

from __future__ import annotations

import re

from extract.facts import Level, Span
from extract.places import words as vocabulary
from extract.places.text_words import Words
from extract.text import UPPER

DASH = re.compile(r"\s?[-–—]\s?$")
COMPANY_GAP = re.compile(r"\s?[-–&]?\s?$")
BYLINE = re.compile(r".*(?:[Bb]ài|[ẢảAa]nh|[Tt]in|[Tt]heo|ẢNH|BÀI|TIN)\s?[:-]\s*|[\s(-]*")
HEADING = re.compile(
    r"(?:các|những|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|\d+)\s(xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh)"
    r"(?:,\s(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố))*\b"
    r"[^.;:,()\n]*?(?:\s?:\s?|\s(?:là|gồm|như|gồm có|là:)\s|\s\()$"
)
AT = frozenset({"ở", "tại"})
LONGEST_HEADING = 70
LONGEST_BODY = 6
LONGEST_OFFICE = 8
FARMERS = frozenset({"nông"})  # "Hội Nông Dân", and a surname
LIST_END = re.compile(r"(?:,|à|i)\s")  # of "A, B", "A và B", "A với B"
NAME = rf"(?:\s[{UPPER}\d]\w*)+"
STREETS = re.compile(
    rf"(?<!thành )(?<!Thành )(?<!dân )(?<!khu )\b(?:[Đđ]ường|[Pp]hố|[Nn]gõ|[Hh]ẻm){NAME}"
    rf"(?:(?:,|\svà){NAME})*(?:,|\s(?:và|với))\s$"
)
QUOTES = frozenset("“”\"'‘’")
# A name in capitals with the title in the line below it, and a line or bracket that credits a source.
SIGNATURES = (
    re.compile(
        rf"^[ \t]*(?P<name>[{UPPER}]{{2,}}(?:[ \t][{UPPER}]+){{1,4}})[ \t]*\n\s*[^\n.!?]{{1,100}}$(?=\s*(?:\n\(|\Z))",
        re.M,
    ),
    re.compile(r"^[ \t(]*(?:Theo|Nguồn|Bài|Ảnh|Tin)(?:(?:,| và) ảnh)?[: ][^\n.!?,]{1,60}\)?[ \t]*$", re.M),
    re.compile(r"^\s*\((?:Báo|Đài|TTXVN)[^\n()]{0,40}\)", re.M),
    re.compile(r"\((?:Theo|Nguồn|Ảnh)[: ][^\n()]{1,60}\)"),
    # A paper's initials at the head: "TTH - ", "(BBP) – "; a city's ("TPHCM - ") are a place.
    re.compile(r"^[ \t]*\(?(?!TP)[A-ZĐ]{2,7}\)?\s?[-–—](?=\s)", re.M),
)


def signatures(text: str) -> list[Span]:
    """The spans that sign a text or credit a source: they hold no places."""
    return [match.span() for pattern in SIGNATURES for match in pattern.finditer(text) if _signs(match)]


def _signs(match: re.Match[str]) -> bool:
    return "name" not in match.groupdict() or match["name"].split()[0].lower() in vocabulary.SURNAME


def heading(words: Words, at: int) -> frozenset[Level]:
    """The levels of a list's heading that ends just before a name: "2 xã kiểu mẫu là", "các xã:", "5 phường ("."""
    start = words.spans[at][0]
    match = HEADING.search(words.text, max(0, start - LONGEST_HEADING), start)
    return vocabulary.PREFIX[match[1]] if match else frozenset()


def ends_body(words: Words, at: int) -> bool:
    """Whether the words before a name begin that of a body called after its place: "Trường THPT", "Đồn Biên phòng"."""
    if words.low[at] in vocabulary.SURNAME and words.run_end(at) - at > 2:
        return False  # "Trường THPT Hà Huy Tập"
    for count in range(1, min(LONGEST_BODY, at) + 1):
        if not words.spaced(at - count + 1):
            return False
        if " ".join(words.low[at - count : at]) in vocabulary.BODY:
            return True
    return False


def located(words: Words, at: int, end: int) -> bool:
    """Whether "ở", "tại" or "bà con" stands before a name of two words or more."""
    if end - at < 2 or not words.spaced(at):
        return False
    return words.low[at - 1] in vocabulary.LOCATIVE or " ".join(words.low[max(0, at - 2) : at]) in vocabulary.LOCATIVE


def in_streets(words: Words, at: int) -> bool:
    """Whether a name goes on a list of streets: "đường Trần Phú, Tây Sơn"."""
    start = words.spans[at][0]
    if not LIST_END.match(words.text, max(0, start - 2)):
        return False
    return STREETS.search(words.text, max(0, start - LONGEST_HEADING), start) is not None


def level_before(words: Words, at: int) -> frozenset[Level]:
    """The levels that the words before a bare name give: "Huyện ủy", "huyện đảo", "phường biển"."""
    if not words.spaced(at):
        return frozenset()
    if levels := vocabulary.ORGAN.get(" ".join(words.low[max(0, at - 2) : at])):
        return levels
    for count in (1, 2, 3):
        level_at = at - count - 1
        if level_at < 0 or " ".join(words.low[at - count : at]) not in vocabulary.DESCRIPTOR:
            continue
        for first in (max(0, level_at - 1), level_at):
            levels = vocabulary.PREFIX.get(" ".join(words.low[first : level_at + 1]), frozenset()) - {"hamlet"}
            if levels and words.low[level_at] not in vocabulary.KIND:
                return levels
    return frozenset()


def stands_free(words: Words, at: int, end: int, *, levelled: bool) -> bool:
    """Whether a bare name at words `at` to `end` can be a unit's: no part of a longer name, no person, road or battle.

    `levelled` tells that the words before it give its level.
    """
    start, run = words.run_start(at), words.run_end(end - 1)
    if not _left_fits(words, start, at) or (run > end and not _right_fits(words, end, run)):
        return False
    return levelled or not _unfit(words, _first_of_dashed(words, at))


def _left_fits(words: Words, start: int, at: int) -> bool:
    """Whether the capitals before a bare name are an organisation's or a sentence's first word."""
    if start < at and words.low[start] in vocabulary.SURNAME and words.raw[start].isupper():
        return False
    institute = words.spaced(start) and words.low[start - 1] in vocabulary.INSTITUTE
    if institute and 0 < at - start <= 2 and words.low[start] not in vocabulary.SURNAME:
        return True
    rest = range(start, at)
    office = next((i for i in rest[:2] if words.low[i] in vocabulary.OFFICE), at)
    if 2 <= at - office <= LONGEST_OFFICE and all(words.low[i] in vocabulary.LEAD for i in range(start, office)):
        return not any(words.low[i] in vocabulary.SURNAME - FARMERS for i in range(office + 1, at))
    return all((words.raw[i].isupper() and len(words.raw[i]) > 1) or words.low[i] in vocabulary.LEAD for i in rest)


def _right_fits(words: Words, end: int, run: int) -> bool:
    """Whether the capitals behind a bare name begin a person's name, as in "Tỉnh ủy An Giang Trần Văn A"."""
    if words.low[end] in vocabulary.COMPANY:
        return False
    return (words.low[end] in vocabulary.SURNAME and run - end > 1) or words.raw[end].isupper()


def _first_of_dashed(words: Words, at: int) -> int:
    """The first word of a row of names with dashes, as roads have them: "cao tốc Châu Đốc - Cần Thơ"."""
    while at > 1 and words.capital[at - 1] and words.joined(at, DASH):
        at = words.run_start(at - 1)
    return at


def _unfit(words: Words, at: int) -> bool:
    if not words.spaced(at):
        return False
    last, pair = words.low[at - 1], " ".join(words.low[max(0, at - 2) : at])
    speaks = vocabulary.PERSON | vocabulary.THING
    return pair not in vocabulary.SPARED and (last in speaks or pair in speaks)


def guarded(words: Words, at: int, end: int) -> bool:
    """Whether a bare name is quoted, signs the text or is in a company's name: none of a district or commune then."""
    start, stop = words.spans[at][0], words.spans[end - 1][1]
    return _quoted(words.text, start, stop) or _signed(words.text, start, stop) or _in_company(words, at)


def _quoted(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] in QUOTES and text[end : end + 1] in QUOTES


def _signed(text: str, start: int, end: int) -> bool:
    """Whether the name stands alone in its line, or behind "Bài, ảnh:", as an author's does."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    rest = text[end : line_end if line_end >= 0 else len(text)]
    return BYLINE.fullmatch(text[line_start:start]) is not None and not rest.strip(" .)/")


def _in_company(words: Words, at: int) -> bool:
    for before in range(at - 1, max(-1, at - 9), -1):
        if words.low[before] in AT:  # "hợp tác xã hồ tiêu ở Thuận Hạnh"
            return False
        if any(" ".join(words.low[before : before + count]) in vocabulary.COMPANY for count in (1, 2, 3)):
            return True
        if not words.joined(before + 1, COMPANY_GAP):
            return False
    return False
