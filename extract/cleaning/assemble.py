"""A page's parts put together: title, lead, body, bylines and stamps told by their place around the main text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from extract.cleaning.blocks import Block, blocks_of, hidden, rules
from extract.cleaning.byline import (
    AUTHOR_CLASS,
    AUTHOR_LINK,
    PROSE_END,
    SOURCE_CLASS,
    Credit,
    is_name,
    read_credit,
    take_credits,
)
from extract.cleaning.main_text import Family, family_of, find_body
from extract.cleaning.origin import is_own, own_names
from extract.cleaning.page import Element, Page, names, text_of
from extract.cleaning.published import UPDATED, Stamp, decide, read_machine, read_stamp, stated
from extract.text import fold, normalise

LEAD_CLASS = re.compile(
    r"sapo|(^|[-_ ])(?:lead|chapeau|chappeau|summary|standfirst|abstract|excerpt|intro|pHead|teaser|description|desc)($|[-_ ])|"
    r"(?:detail|article|news|post|title)[-_]{1,2}(?:desc|description|summary|lead|intro)",
    re.IGNORECASE,
)
TITLE_CLASS = re.compile(
    r"(?:title|heading|headline)[-_]?(?:detail|news|article|post|main)|(?:detail|article|news|post|main)[-_]{0,2}(?:title|heading|headline)",
    re.IGNORECASE,
)
CLOCK_CLASS = re.compile(r"now|clock|today|current|title-time|header-date|date-?time-?top", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"comment|binh-?luan|relat|lien-?quan|sidebar|most-?view|tin-?khac|footer|latest|cung-?chuyen-?muc", re.IGNORECASE
)
SITE_SUFFIX = re.compile(r"\s+[|–—-]\s+[^|–—]{2,60}$")
SHORTEST_LEAD = 40  # letters
LONGEST_STAMP = 90  # letters
FAR = 60  # elements before the title or after the text, still its neighbourhood
HEAD = 6  # blocks at the start of a body where a title, a lead or a byline may be repeated


@dataclass(frozen=True, slots=True)
class Place:
    """The elements of a page in order, and where in it the title, the start and the end of the body stand."""

    elements: list[Element]
    title: int
    body: int
    end: int
    holders: frozenset[Element]

    def around(self) -> list[tuple[int, Element]]:
        """(rank, element) from before the title to after the text, the body itself left out: the nearer the smaller."""
        found = []
        for index in range(max(0, self.title - FAR), min(len(self.elements), self.end + FAR)):
            if self.title <= index <= self.body:
                rank = 0
            elif index < self.title:
                rank = 10 + (self.title - index) // 8
            elif index > self.end:
                rank = 20 + (index - self.end) // 8
            else:
                continue
            element = self.elements[index]
            if isinstance(element.tag, str) and not _elsewhere(element, self.holders):
                found.append((rank, element))
        return found


def assemble(page: Page, url: str | None) -> dict[str, Any]:
    """The fields of an article (as Article names them) that a page gives; empty where it has none."""
    family = family_of(page.root)
    body = find_body(page, family)
    elements = list(page.root.iter())
    title_element, title = _title(page, family, body, elements)
    place = _place(elements, title_element, body)
    lead = _lead(page, family, place, title)
    stamps = _stamps(family, page.root, place)
    own = own_names(url or page.first("canonical", "og:url"), page.first("og:site_name"), *_publishers(page))
    marked = _marked_credit(family, page.root, place)
    blocks = _body_blocks(body, family)
    blocks = _without_head(blocks, title, lead)
    if not lead:
        lead, blocks = _bold_lead(blocks)
    blocks, closing = take_credits(_without_related(blocks))
    published, modified = decide(stamps, *stated(page))
    authors = closing.authors or marked.authors or _stated_authors(page, own)
    origin = next((said for said in (closing.origin, marked.origin) if said and not is_own(said, own)), None)
    return {
        "title": normalise(title),
        "lead": normalise(lead),
        "authors": tuple(normalise(name) for name in authors if not is_own(name, own)),
        "origin": normalise(origin) if origin else None,
        "published": published,
        "modified": modified,
        "section": _section(page),
        **_texts(blocks),
    }


def _place(elements: list[Element], title: Element | None, body: Element | None) -> Place:
    index = {element: number for number, element in enumerate(elements)}
    start = index[body] if body is not None else len(elements)
    end = start + sum(1 for _ in body.iter()) - 1 if body is not None else len(elements)
    return Place(elements, index[title] if title is not None else max(0, start - 20), start, end, _holders(body))


def _elsewhere(element: Element, holders: frozenset[Element]) -> bool:
    """Whether an element stands in another part of the page; `holders`, the body and what is around it, never do."""
    for part in (element, *element.iterancestors()):
        if part in holders:
            return False
        if ELSEWHERE.search(names(part)) or part.tag == "aside" or hidden(part):
            return True
    return False


def _holders(body: Element | None) -> frozenset[Element]:
    return frozenset([body, *body.iterancestors()] if body is not None else [])


def _like(one: str, other: str) -> float:
    first, second = fold(normalise(one)).strip(), fold(normalise(other)).strip()
    if not first or not second:
        return 0.0
    return 1.0 if first == second else SequenceMatcher(None, first, second, autojunk=False).ratio()


def _title(
    page: Page, family: Family | None, body: Element | None, elements: list[Element]
) -> tuple[Element | None, str]:
    """The heading nearest before the text that the head knows too; the head's own title where the page shows none."""
    heads = [
        page.first("og:title"),
        *(str(item.get("headline") or item.get("name") or "") for item in page.linked[:1]),
        page.first("title"),
    ]
    said = [SITE_SUFFIX.sub("", head) for head in heads if head] + [head for head in heads if head]
    chosen = family.find("title", page.root) if family else []
    shown = chosen + [
        item for item in elements if item.tag == "h1" or (isinstance(item.tag, str) and TITLE_CLASS.search(names(item)))
    ]
    shown = [item for item in shown if 8 <= len(text_of(item)) <= 300 and not _elsewhere(item, _holders(body))]
    order = {element: number for number, element in enumerate(elements)}
    start = order[body] if body is not None else 0
    inside = set(body.iter()) if body is not None else set()

    def fitness(item: Element) -> tuple[float, bool, bool, int]:
        alike = max((_like(text_of(item), head) for head in said), default=0.0)
        near = order[item] <= start or item in inside
        return (round(alike, 1) if alike > 0.5 else 0.0, item.tag == "h1", near, -abs(start - order[item]))

    best = max(shown, key=fitness, default=None)
    if best is not None and (fitness(best)[0] or best.tag == "h1" or best in chosen):
        return best, text_of(best)
    return None, said[0] if said else ""


def _lead(page: Page, family: Family | None, place: Place, title: str) -> str:
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
    texts = [
        text
        for item in candidates
        if item.tag != "meta" and not _elsewhere(item, place.holders) and (text := _lead_text(item))
    ]
    texts = [text for text in texts if len(text) >= SHORTEST_LEAD and _like(text, title) < 0.9]
    if not texts:
        return ""
    first = texts[0]
    # A lead cut short by the system, then the real one: the longer of those that begin alike.
    alike = [text for text in texts if fold(text)[:SHORTEST_LEAD] == fold(first)[:SHORTEST_LEAD]]
    if described and (
        same := [text for text in texts if fold(text)[:SHORTEST_LEAD] == fold(described)[:SHORTEST_LEAD]]
    ):
        alike = same
    return max(alike, key=len) if len(max(alike, key=len)) < 1200 else first


def _lead_text(element: Element) -> str:
    for stamp in element.iter("span"):
        if "location" in names(stamp) and stamp.tail and not stamp.tail[:1].isspace():
            stamp.tail = f" - {stamp.tail}"
    blocks = [
        block
        for block in blocks_of(element)
        if block.kind in {"text", "heading"} and block.linked < 0.8 and not block.item
    ]
    return " ".join(block.text for block in blocks if not rules()["junk_line"].match(block.text))


def _stamps(family: Family | None, root: Element, place: Place) -> list[Stamp]:
    placed = [(0, item) for item in (family.find("stamp", root) if family else [])] + place.around()
    inside = place.elements[place.body : place.end]
    placed += [
        (5, item)
        for item in inside[:40]
        if isinstance(item.tag, str) and re.search(r"date|time|pub", names(item), re.IGNORECASE)
    ]
    found: list[Stamp] = []
    for rank, element in placed:
        if CLOCK_CLASS.search(names(element)) or any(part.tag == "header" and rank for part in element.iterancestors()):
            continue
        text = text_of(element)
        if element.tag == "time" and (moment := read_machine(element.get("datetime") or "")):
            found.append(Stamp(moment, rank, _updated_before(element, text)))
        if len(text) > LONGEST_STAMP or not any(char.isdigit() for char in text):
            continue
        before, label, after = _split_update(text)
        if moment := read_stamp(before):
            found.append(Stamp(moment, rank, _updated_before(element, text)))
        if label and (moment := read_stamp(after)):
            found.append(Stamp(moment, rank, updated=True))
    return found


def _split_update(text: str) -> tuple[str, bool, str]:
    match = UPDATED.search(text)
    return (text[: match.start()], True, text[match.end() :]) if match else (text, False, "")


def _updated_before(element: Element, text: str) -> bool:
    parent = element.getparent()
    whole = text_of(parent) if parent is not None else ""
    return len(whole) <= LONGEST_STAMP and bool(UPDATED.search(whole.partition(text)[0]))


def _marked_credit(family: Family | None, root: Element, place: Place) -> Credit:
    """What elements marked as author or source around the text say: the family's first, then those before, then after it."""
    credit = Credit()
    known = [(0, item, True) for item in (family.find("author", root) if family else [])]
    known += [(0, item, False) for item in (family.find("source", root) if family else [])]
    inside = [(30, item) for item in place.elements[place.body : place.end] if isinstance(item.tag, str)]
    for _, element in sorted(place.around() + inside, key=lambda pair: pair[0]):
        if element.tag != "meta":
            author = (
                AUTHOR_CLASS.search(names(element))
                or AUTHOR_LINK.search(element.get("href") or "")
                or element.get("rel") == "author"
            )
            author = author or element.get("itemprop") == "author"
            if author or SOURCE_CLASS.search(names(element)):
                known.append((1, element, bool(author)))
    for _, element, author in known:
        if _elsewhere(element, place.holders) or len(text_of(element)) > 200:
            continue
        for block in blocks_of(element):
            said = read_credit(block.text, marked=True)
            if author and said.known:
                credit = Credit(credit.authors or said.authors, credit.origin or said.origin, known=True)
            elif not author and not credit.origin and block.words <= 8:
                credit = Credit(credit.authors, said.origin or _bare_source(block.text), known=True)
    return credit if credit.authors else Credit(_unmarked_author(place), credit.origin, credit.known)


def _bare_source(text: str) -> str | None:
    source = re.sub(r"^(?:theo|nguồn)\s*:?\s*", "", text, flags=re.IGNORECASE).strip(" :()")
    return (
        source if source[:1].isupper() and not rules()["junk_line"].match(source) and not read_stamp(source) else None
    )


def _unmarked_author(place: Place) -> tuple[str, ...]:
    """A name alone on its line between title and text, where a stamp or a role stands on the same line or none is marked."""
    for element in place.elements[place.title + 1 : place.body]:
        if (
            not isinstance(element.tag, str)
            or element.tag in {"a", "h1", "li"}
            or _elsewhere(element, place.holders)
            or len(element)
        ):
            continue
        before = re.split(r"\s[-–|]\s(?=\D{0,12}\d)", text_of(element))[0]
        said = read_credit(before) if len(before) < LONGEST_STAMP else Credit()
        if said.authors and not said.origin:
            return said.authors
    return ()


def _publishers(page: Page) -> list[str]:
    found = [item.get("publisher") for item in page.linked]
    return [str(publisher["name"]) for publisher in found if isinstance(publisher, dict) and publisher.get("name")]


def _stated_authors(page: Page, own: frozenset[str]) -> tuple[str, ...]:
    """Authors that JSON-LD or meta tags give, where they read as a person's name: no publisher, no login, no address."""
    said: list[str] = []
    for item in page.linked:
        people = item.get("author")
        for person in people if isinstance(people, list) else [people]:
            if isinstance(person, dict) and person.get("@type", "Person") != "Organization":
                said.append(str(person.get("name") or ""))
            elif isinstance(person, str):
                said.append(person)
    said += [
        value
        for name in ("article:author", "dable:author", "author", "cms-author", "sohuu:author")
        for value in page.meta.get(name, ())
    ]
    for value in said:
        credit = read_credit(value)
        if credit.authors and all(is_name(name) and not is_own(name, own) for name in credit.authors):
            return credit.authors
    return ()


def _section(page: Page) -> str | None:
    stated_section = next((item["articleSection"] for item in page.linked if item.get("articleSection")), None)
    if isinstance(stated_section, list):
        stated_section = stated_section[0] if stated_section else None
    said = stated_section or page.first("article:section", "articlesection")
    return normalise(str(said)).strip() if said else None


def _body_blocks(body: Element | None, family: Family | None) -> list[Block]:
    if body is None:
        return []
    for element in family.find("drop", body) if family else []:
        if element.getparent() is not None and element is not body:
            element.drop_tree()
    return blocks_of(body)


def _without_head(blocks: list[Block], title: str, lead: str) -> list[Block]:
    """The blocks without a title, a lead, stamps and marked bylines repeated at their start."""
    for number, block in enumerate(blocks[: HEAD * 3]):
        if title and _like(block.text, title) > 0.95:
            blocks = [block for block in blocks[:number] if block.kind in {"image", "caption"}] + blocks[number + 1 :]
            break
    kept: list[Block] = []
    for block in blocks:
        if block.kind in {"text", "heading"} and sum(item.kind != "image" for item in kept) < HEAD:
            stamp = block.words <= 10 and read_stamp(block.text)
            marked = AUTHOR_CLASS.search(block.classes) and read_credit(block.text, marked=True).known
            if stamp or marked or _repeats(block.text, lead):
                continue
        kept.append(block)
    return kept


def _repeats(text: str, lead: str) -> bool:
    one, other = fold(re.sub(r"\W+", " ", text)).strip(), fold(re.sub(r"\W+", " ", lead)).strip()
    if min(len(one), len(other)) < SHORTEST_LEAD:
        return False
    return (
        one.startswith(other) or one == other or (other.startswith(one)) or (one in other and len(one) > len(other) / 4)
    )


def _bold_lead(blocks: list[Block]) -> tuple[str, list[Block]]:
    """A first paragraph all in bold (or an h2 as long as one) is the lead where nothing else is."""
    for number, block in enumerate(blocks):
        if block.kind in {"image", "caption"}:
            continue
        long = block.words >= 15 and len(blocks) > number + 1
        if long and (block.bold > 0.9 and (PROSE_END.search(block.text) or block.words >= 25)):
            return block.text, blocks[:number] + blocks[number + 1 :]
        break
    return "", blocks


def _without_related(blocks: Sequence[Block]) -> list[Block]:
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
            if related or link_only or invited or rules()["junk_line"].match(block.text):
                continue
        kept.append(block)
    return kept


def _texts(blocks: Sequence[Block]) -> dict[str, Any]:
    """Body, captions and sub-heads; a heading before the first paragraph or after the last stands only among the sub-heads."""
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
