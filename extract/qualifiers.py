"""Qualifiers: the words around a figure that make it a bound or an estimate ("gần", "hơn", "từ … trở lên")."""

from __future__ import annotations

import re
from csv import DictReader, excel_tab
from pathlib import Path
from typing import cast

from extract.facts import Qualifier, Span

REACH = 32  # characters before a figure that may hold its qualifier
AHEAD = 60  # characters behind it that may
LONGEST = 5  # words of the longest phrase
WORD = re.compile(r"[^\W\d_]+")
# "cao hơn 5 hộ": a difference, which is exact; "lương tối thiểu" is the wage's name.
COMPARED = {"cao hơn", "sớm hơn", "muộn hơn", "đông hơn", "lương tối thiểu"}
DIFFERENCE = {"vượt", "nhiều hơn", "ít hơn", "thấp hơn", "kém hơn", "lớn hơn", "nhỏ hơn"}
# "có 90 hộ, ít hơn 5 hộ": behind a comma it compares with what was said; "có ít hơn 5 hộ" bounds.
ADDED = re.compile(r"[,(–-]\s?(?:(?:và|nhưng|tức|lại|còn)\s)?$")
AGAINST = re.compile(r"[^.;\n]{0,60}?\b(?:so với|cùng kỳ)\b")
# "vượt 3 con suối": a way over them, no bound.
CROSSED = re.compile(
    r"\d+(?:\s?[-–]\s?\d+)?\s(?:(?:ngọn|con|quả|dãy|cái|khúc|trái|rặng)\s)?"
    r"(?:núi|đèo|dốc|đồi|suối|sông|khe|thác|ghềnh)(?!\w)"
)
# "từ 5 hộ trở lên": the words that close a bound stand within one noun phrase.
AFTER = re.compile(r"(?:[ \u00a0][^\W\d_]+){0,3}?[ \u00a0](?P<phrase>(?:trở|đổ) (?:lên|xuống|lại))\b")


def _read_phrases(side: str) -> dict[str, Qualifier]:
    with Path(__file__).with_name("qualifiers.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(DictReader(file, dialect=excel_tab))
    return {row["phrase"]: cast(Qualifier, row["qualifier"]) for row in rows if row["side"] == side}


BEFORE_PHRASES = _read_phrases("before")
AFTER_PHRASES = _read_phrases("after")
FROM_PHRASES = _read_phrases("from")  # "lương từ 6 triệu đồng": "từ" says so alone, unless "đến" or "lên" follows
FROM = "từ"
SECOND_END = re.compile(r"\s(?:[^\W\d_]+\s){0,3}?(?:đến|tới|lên|xuống|sang|thành)\b|\s?[-–—]\s?\d")
WITHIN = re.compile(r"\d[^\W\d_\s]*\s?(?:[-–—]|(?:\s[^\W\d_]+){0,3}?\s(?:đến|tới)\s)")
LAST_WORDS = {phrase.split()[-1] for phrase in (*BEFORE_PHRASES, *FROM_PHRASES)}
OPENING = "(“\"'‘[–-"


def qualify(text: str, start: int, end: int) -> tuple[Qualifier, Span | None]:
    """The qualifier of the figure `text[start:end]` and the span of the words that say so ("exact", None: none)."""
    behind = text[end : end + AHEAD]
    if ("trở " in behind or "đổ " in behind) and (match := AFTER.match(text, end)):
        span = match.span("phrase")
        return AFTER_PHRASES.get(match["phrase"], "exact"), span
    near = text[max(0, start - REACH) : start].rsplit(None, 1)
    if not near or near[-1].lower().lstrip(OPENING) not in LAST_WORDS:
        return "exact", None
    return _said_before(text, start, end)


def _said_before(text: str, start: int, end: int) -> tuple[Qualifier, Span | None]:
    """The qualifier that the words before the figure say."""
    words = _words_before(text, start)
    for count in range(min(LONGEST, len(words)), 0, -1):
        begin = words[-count][0]
        phrase = " ".join(word for _, word in words[-count:])
        if phrase in FROM_PHRASES and not (SECOND_END.match(text, end) or WITHIN.search(text, start, end)):
            begin = words[-1][0]
            return FROM_PHRASES[phrase], (begin, begin + len(FROM))
        if phrase in COMPARED:
            return "exact", None
        if phrase in BEFORE_PHRASES:
            added = phrase != "vượt" and ADDED.search(text, max(0, begin - REACH), begin)
            if phrase in DIFFERENCE and (added or AGAINST.match(text, end)):
                return "exact", None
            if phrase == "vượt" and CROSSED.match(text, start):
                return "exact", None
            return BEFORE_PHRASES[phrase], (begin, words[-1][0] + len(words[-1][1]))
    return "exact", None


def _words_before(text: str, start: int) -> list[tuple[int, str]]:
    """The last words before `start` (offset, lower case), none with a sign between it and the figure."""
    low = max(0, start - REACH)
    words: list[tuple[int, str]] = []
    at = start
    for match in reversed(list(WORD.finditer(text, low, start))):
        if len(words) == LONGEST or text[match.end() : at].strip(" \u00a0\u2009\u202f"):
            break
        if match.end() == at or (match.start() == low and low and text[low - 1].isalpha()):
            break
        words.append((match.start(), match.group().lower()))
        at = match.start()
    return words[::-1]
