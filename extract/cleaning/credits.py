"""Authors and origin that a page gives outside the text: marked elements, a name under the title, the head."""

from __future__ import annotations

import re

from extract.cleaning.blocks import blocks_of, rules
from extract.cleaning.byline import AUTHOR_CLASS, AUTHOR_LINK, ROLES, SOURCE_CLASS, Credit, is_name, read_credit
from extract.cleaning.main_text import Family
from extract.cleaning.origin import is_own
from extract.cleaning.page import Element, Page, names, text_of
from extract.cleaning.place import Place, elsewhere
from extract.cleaning.published import read_stamp

LONGEST_LINE = 90  # letters
LONGEST_MARKED = 200
JUST_AFTER = 12  # elements after the text
SAID = re.compile(rf"\(?(?:nguồn|theo)\s*:|\(theo\s|(?:{ROLES})\s*:", re.IGNORECASE)


def marked_credit(family: Family | None, root: Element, place: Place) -> Credit:
    """What elements marked as author or source around the text say: the family's first, then by place."""
    credit = Credit()
    known = [(0, item, True) for item in (family.find("author", root) if family else [])]
    known += [(0, item, False) for item in (family.find("source", root) if family else [])]
    inside = [(30, item) for item in place.elements[place.body : place.end + 1] if isinstance(item.tag, str)]
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
        if elsewhere(element, place.holders) or len(text_of(element)) > LONGEST_MARKED:
            continue
        for block in blocks_of(element):
            said = read_credit(block.text, marked=True)
            if author and said.known:
                credit = Credit(credit.authors or said.authors, credit.origin or said.origin, known=True)
            elif not author and not credit.origin and block.words <= 8:
                credit = Credit(credit.authors, said.origin or _bare_source(block.text), known=True)
    credit |= _said_after(place)
    return credit if credit.authors else Credit(_unmarked_author(place), credit.origin, credit.known)


def _said_after(place: Place) -> Credit:
    """What a line of its own after the text credits in so many words ("Nguồn: …", "Bài và ảnh: …")."""
    credit = Credit()
    for element in place.elements[place.end + 1 : place.end + 1 + JUST_AFTER]:
        line = text_of(element) if element.tag in {"p", "div", "span", "em", "strong"} else ""
        if 0 < len(line) <= LONGEST_LINE and SAID.match(line) and not elsewhere(element, place.holders):
            credit |= read_credit(line)
    return credit


def _bare_source(text: str) -> str | None:
    source = re.sub(r"^(?:theo|nguồn)\s*:?\s*", "", text, flags=re.IGNORECASE).strip(" :()")
    return (
        source if source[:1].isupper() and not rules()["junk_line"].match(source) and not read_stamp(source) else None
    )


def _unmarked_author(place: Place) -> tuple[str, ...]:
    """A name alone on its line between title and text, or before a stamp on that line."""
    for element in place.elements[place.title + 1 : place.body]:
        if (
            not isinstance(element.tag, str)
            or element.tag in {"a", "h1", "li"}
            or elsewhere(element, place.holders)
            or len(element)
        ):
            continue
        before = re.split(r"\s[-–|]\s(?=\D{0,12}\d)", text_of(element))[0]
        said = read_credit(before) if len(before) < LONGEST_LINE else Credit()
        if said.authors and not said.origin:
            return said.authors
    return ()


def stated_authors(page: Page, own: frozenset[str]) -> tuple[str, ...]:
    """Authors that JSON-LD or meta tags give where these are persons' names: no publisher, no login, no address."""
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
