"""Plain text with the look of a copied page: stamps, title, lead, body, byline, origin, the page's own words."""

from __future__ import annotations

import re
from typing import Any

from extract.cleaning.blocks import CREDIT, Block, rules
from extract.cleaning.byline import PROSE_END, take_credits
from extract.cleaning.lead import LONE_DASH
from extract.cleaning.page import spaced
from extract.cleaning.published import read_stamp
from extract.text import UPPER, normalise

MONTH_ONLY = re.compile(r"^date\s+((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?\s*", re.IGNORECASE)
# A title run into the text: a small letter or a closing quote, then a capital, no space between ("XanhSáng nay").
GLUED = re.compile(rf"(?<=[^\W\d_{UPPER}”\"!?)])(?=[{UPPER}“][^\W\d_{UPPER}])")
LONGEST_TITLE = 40  # words
LONGEST_STAMP = 12
LONGEST_LEAD = 150


def read_plain(text: str) -> dict[str, Any]:
    """The fields of an article (as Article names them) that a plain text gives; the lines keep their spelling."""
    lines = [line.strip(" \t\u00a0\f") for line in normalise(text).split("\n")]
    title, published, rest = _head([line for line in lines if line])
    junk = rules()["junk_line"].match
    rest = [line for line in rest if not junk(line)]
    blocks, credit = take_credits([Block(line) for line in rest])
    blocks, captions = _captions(blocks)
    lead, body = _lead([block.text for block in blocks])
    subheads = tuple(line for line in body[1:-1] if _is_subhead(line))
    return {
        "title": spaced(title),
        "lead": lead,
        "body": "\n".join(body),
        "authors": tuple(map(spaced, credit.authors)),
        "origin": credit.origin,
        "published": published,
        "captions": tuple(map(spaced, captions)),
        "subheads": subheads,
    }


def _head(lines: list[str]) -> tuple[str, str | None, list[str]]:
    """(title, published, the other lines): the stamp stands before or after the title, junk lines around both."""
    published: str | None = None
    title = ""
    for number, line in enumerate(lines[:8]):
        if match := MONTH_ONLY.match(line):
            published, line = "-".join(filter(None, match.groups())), line[match.end() :]  # noqa: PLW2901
            if not line:
                continue
        stamp = read_stamp(line) if len(line.split()) <= LONGEST_STAMP else None
        if stamp:
            published = published or stamp
        elif rules()["junk_line"].match(line):
            continue
        elif not title:
            title, glued = _unglued(line)
            if glued or not _is_title(title):
                return (
                    (title if glued else ""),
                    published,
                    ([glued] if glued else lines[number:]) + (lines[number + 1 :] if glued else []),
                )
        else:
            return title, published, lines[number:]
    return title, published, lines[8:] if len(lines) > 8 else []


def _unglued(line: str) -> tuple[str, str]:
    if len(line.split()) <= LONGEST_TITLE:
        return line, ""
    for match in GLUED.finditer(line):
        if 3 <= len(line[: match.start()].split()) <= LONGEST_TITLE:
            return line[: match.start()], line[match.start() :]
    return line, ""


def _is_title(line: str) -> bool:
    return len(line.split()) <= LONGEST_TITLE and not re.search(r"[.;,]$", line)


def _captions(blocks: list[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """A photo's credit line, or an early line without a full stop before a full paragraph, is a caption."""
    captions: list[str] = []
    kept: list[Block] = []
    for number, block in enumerate(blocks):
        early = number < 3 and number + 1 < len(blocks) and PROSE_END.search(blocks[number + 1].text)
        bare = block.words >= 4 and not block.text.isupper() and not re.search(r"[.!?…:;][”\"’)]*$", block.text)
        photo = block.words <= 60 and CREDIT.search(block.text)
        if photo or (early and bare and block.words <= 60):
            captions.append(block.text)
        else:
            kept.append(block)
    return kept, tuple(captions)


def _lead(lines: list[str]) -> tuple[str, list[str]]:
    """The first paragraph is the lead where others follow it; its dateline's lone dash goes."""
    if len(lines) < 2 or len(lines[0].split()) > LONGEST_LEAD:
        return "", lines
    return LONE_DASH.sub("", lines[0]), lines[1:]


def _is_subhead(line: str) -> bool:
    return 2 <= len(line.split()) <= 20 and not re.search(r"[.!?…;:,][”\"’)\]]*$", line) and line[:1].isupper()
