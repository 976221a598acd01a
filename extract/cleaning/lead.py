"""The lead (sapo) of an article: between title and text, or a first paragraph in bold."""

from __future__ import annotations

import re

from extract.cleaning.blocks import Block, blocks_of, is_caption_name, rules
from extract.cleaning.byline import PROSE_END, read_credit
from extract.cleaning.main_text import Family
from extract.cleaning.page import Element, Page, names
from extract.cleaning.place import Place, elsewhere
from extract.cleaning.published import read_stamp
from extract.cleaning.title import likeness
from extract.text import fold

LEAD_CLASS = re.compile(
    r"sapo|(^|[-_ ])(?:lead|chapeau|chappeau|summary|standfirst|abstract|excerpt|intro|pHead|teaser|desc|description)"
    r"($|[-_ ])|"
    r"(?:detail|article|news|post|title)[-_]{1,2}(?:desc|description|summary|lead|intro)",
    re.IGNORECASE,
)
# What is left of a dateline whose place stood in an image.
LONE_DASH = re.compile(r"^[\s\u00a0]*[-–—][\s\u00a0]+")
SHORTEST_LEAD = 40  # letters
LONGEST_LEAD = 1200
LONGER = 1.2
LONGEST_LINE = 16  # words


def find_lead(page: Page, family: Family | None, place: Place, title: str) -> str:
    """The lead by the family's selector, by class name, or the first paragraph between title and text; "" if none."""
    described = page.first("og:description", "description") or ""
    candidates = family.find("lead", page.root) if family else []
    inner = place.elements[place.title : min(place.end, place.body + 25)]
    candidates += [
        item
        for item in inner
        if LEAD_CLASS.search(names(item)) or item.get("data-role") == "sapo" or item.get("itemprop") == "description"
    ]
    between = place.elements[place.title : place.body]
    candidates += [
        item
        for item in between
        if item.tag in {"h2", "h3", "p", "strong"} or (item.tag == "div" and (item.text or "").strip())
    ]
    texts = [text for item in candidates if not _apart(item, place) and (text := _lead_text(item))]
    texts = [
        text for text in texts if len(text) >= SHORTEST_LEAD and not _is_line(text) and likeness(text, title) < 0.9
    ]
    if not texts:
        return ""
    first = texts[0]
    # A lead cut short by the system, then the real one: the longer of those that begin alike.
    alike = [text for text in texts if fold(text)[:SHORTEST_LEAD] == fold(first)[:SHORTEST_LEAD]]
    if described and (
        same := [text for text in texts if fold(text)[:SHORTEST_LEAD] == fold(described)[:SHORTEST_LEAD]]
    ):
        alike = same
    longest = max(alike, key=len)
    return longest if len(longest) < LONGEST_LEAD else first


def _is_line(text: str) -> bool:
    """Whether a text is a stamp or a byline rather than a sentence."""
    return len(text.split()) <= LONGEST_LINE and (read_stamp(text) is not None or read_credit(text).known)


def _apart(item: Element, place: Place) -> bool:
    captioned = any(
        part.tag in {"figure", "figcaption"} or is_caption_name(part) for part in (item, *item.iterancestors())
    )
    return item.tag == "meta" or captioned or elsewhere(item, place.holders)


def _lead_text(element: Element) -> str:
    for stamp in element.iter("span"):
        if "location" in names(stamp) and stamp.tail and not stamp.tail[:1].isspace():
            stamp.tail = f" - {stamp.tail}"
    blocks = [
        block
        for block in blocks_of(element)
        if block.kind in {"text", "heading"} and block.linked < 0.8 and not block.item
    ]
    text = " ".join(block.text for block in blocks if not rules()["junk_line"].match(block.text))
    return LONE_DASH.sub("", text)


def bold_lead(blocks: list[Block]) -> tuple[str, list[Block]]:
    """A first paragraph all in bold (or an h2 as long as one) is the lead where nothing else is."""
    for number, block in enumerate(blocks):
        if block.kind in {"image", "caption"}:
            continue
        long = block.words >= 15 and len(blocks) > number + 1
        if long and (block.bold > 0.9 and (PROSE_END.search(block.text) or block.words >= 25)):
            return block.text, blocks[:number] + blocks[number + 1 :]
        break
    return "", blocks


def described_lead(blocks: list[Block], described: str) -> tuple[str, list[Block]]:
    """A first paragraph that the head's description repeats, marked otherwise than the next, where no lead is."""
    texts = [number for number, block in enumerate(blocks) if block.kind == "text"][:2]
    if len(texts) < 2 or blocks[texts[0]].classes == blocks[texts[1]].classes:
        return "", blocks
    first = blocks[texts[0]].text
    if len(first) >= SHORTEST_LEAD and repeats(first, described) and len(first) < LONGEST_LEAD:
        return first, blocks[: texts[0]] + blocks[texts[0] + 1 :]
    return "", blocks


def repeats(text: str, lead: str) -> bool:
    """Whether a paragraph at the head of a body is the lead again, or a part of it."""
    one, other = fold(re.sub(r"\W+", " ", text)).strip(), fold(re.sub(r"\W+", " ", lead)).strip()
    if min(len(one), len(other)) < SHORTEST_LEAD:
        return False
    same = one.startswith(other) and len(one) <= len(other) * LONGER
    return same or (one in other and len(one) > len(other) / 4)
