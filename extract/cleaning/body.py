"""The body of an article: its blocks without what repeats the head, without junk and lists of other articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from extract.cleaning.blocks import LONGEST_CAPTION, Block, blocks_of, is_block, is_caption_name, rules
from extract.cleaning.byline import AUTHOR_CLASS, read_credit
from extract.cleaning.lead import repeats
from extract.cleaning.main_text import Family
from extract.cleaning.page import Element, text_of
from extract.cleaning.place import Place, elsewhere
from extract.cleaning.published import read_stamp
from extract.cleaning.title import likeness
from extract.text import normalise

CARDS = frozenset({"div", "li", "section", "article", "aside"})
SHORTEST_HEADLINE = 5  # words
LONGEST_CARD = 80  # words
HEAD = 6  # blocks at the start of a body where a title, a lead or a byline may be repeated


def body_blocks(body: Element | None, family: Family | None) -> list[Block]:
    """The blocks of a body, what its CMS family puts into it left out."""
    if body is None:
        return []
    for element in family.find("drop", body) if family else []:
        if element.getparent() is not None and element is not body:
            element.drop_tree()
    _drop_cards(body)
    return blocks_of(body)


def _drop_cards(body: Element) -> None:
    """Take the cards of other articles out of a body: a headline that is a link, a line or two of teaser, no more."""
    whole = len(text_of(body))
    for link in list(body.iter("a")):
        if len(text_of(link).split()) < SHORTEST_HEADLINE:
            continue
        card = _card_of(link)
        # The body itself is none, nor a card that is gone already.
        if card is None or card.tag not in CARDS or body not in card.iterancestors():
            continue
        said = text_of(card)
        if len(said.split()) <= LONGEST_CARD and len(said) < whole / 2:
            card.drop_tree()


def _card_of(link: Element) -> Element | None:
    """What holds a headline that stands alone on its line, and a teaser beside it."""
    line = next((part for part in link.iterancestors() if is_block(part.tag)), None)
    if line is None:
        return None
    inner = [part for part in line if is_block(part.tag) and text_of(part)]
    if inner:
        return line if link not in inner[0].iter() and not (line.text or "").strip() else None
    if sum(len(text_of(part)) for part in line.iter("a")) < len(text_of(line)) * 0.9:
        return None
    while (card := line.getparent()) is not None and text_of(card) == text_of(line):
        line = card
    return card


def without_head(blocks: list[Block], title: str, lead: str) -> list[Block]:
    """The blocks without a title, a lead, stamps and marked bylines repeated at their start."""
    for number, block in enumerate(blocks[: HEAD * 3]):
        if title and likeness(block.text, title) > 0.95:
            blocks = [block for block in blocks[:number] if block.kind in {"image", "caption"}] + blocks[number + 1 :]
            break
    kept: list[Block] = []
    begun = False
    for block in blocks:
        if block.kind in {"text", "heading"} and sum(item.kind != "image" for item in kept) < HEAD:
            stamp = block.words <= 16 and read_stamp(block.text)
            marked = AUTHOR_CLASS.search(block.classes) and read_credit(block.text, marked=True).known
            if (sum(item.kind == "text" for item in kept) < 2 and repeats(block.text, lead)) or (
                not begun and (stamp or marked)
            ):
                continue
            begun = begun or block.words > HEAD
        kept.append(block)
    return kept


def without_related(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without junk lines, lists of other articles and paragraphs that are only a link to one."""
    kept: list[Block] = []
    related = False
    for block in blocks:
        if block.kind in {"text", "heading"}:
            if rules()["related_heading"].match(block.text):
                related = True
                continue
            prose = block.linked < 0.5 and block.words > 20
            related = related and not prose
            link_only = block.linked > 0.85 and block.words >= 4
            invited = block.linked > 0.4 and rules()["invitation"].match(block.text)
            button = block.linked > 0.5 and block.words <= 25 and rules()["button"].search(block.text)
            listed = block.linked > 0.5 and block.words <= 25 and read_stamp(block.text)
            if related or link_only or listed or invited or button or rules()["junk_line"].match(block.text):
                continue
        kept.append(block)
    return kept


def texts(blocks: Sequence[Block]) -> dict[str, Any]:
    """Body, captions, sub-heads; a heading before the first paragraph or after the last is among the sub-heads only."""
    blocks = [block for block in blocks if block.kind != "image"]
    lines: list[tuple[str, bool]] = []
    for block in blocks:
        if block.kind != "caption":
            lines.append((normalise(block.text), _is_subhead(block)))
    subheads = tuple(line for line, subhead in lines if subhead)
    while lines and lines[0][1]:
        lines.pop(0)
    while lines and lines[-1][1]:
        lines.pop()
    captions = dict.fromkeys(normalise(block.text) for block in blocks if block.kind == "caption")
    return {"body": "\n".join(line for line, _ in lines), "captions": tuple(captions), "subheads": subheads}


def cover_captions(place: Place) -> tuple[str, ...]:
    """The captions of pictures that stand between the title and the body."""
    between = [item for item in place.elements[place.title + 1 : place.body] if isinstance(item.tag, str)]
    marked = [
        item
        for item in between
        if item.tag == "figcaption" or (item.tag in {"p", "div", "td"} and is_caption_name(item))
    ]
    shown = [item for item in marked if item not in place.holders and not elsewhere(item, place.holders)]
    return tuple(
        dict.fromkeys(text for item in shown if 0 < len((text := normalise(text_of(item))).split()) <= LONGEST_CAPTION)
    )


def _is_subhead(block: Block) -> bool:
    if block.kind == "heading":
        return True
    short = (
        block.kind == "text"
        and block.words <= 20
        and not re.search(r"[.!?…;][”\"’)\]]*$", block.text)
        and not block.item
    )
    return short and (block.bold > 0.9 or (block.text.isupper() and block.words >= 2))
