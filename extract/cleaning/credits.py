"""Authors and origin that a page gives outside the text: marked elements, a name under the title, the head."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_

from extract.cleaning.blocks import blocks_of, is_caption_name, rules
from extract.cleaning.byline import AUTHOR_CLASS, AUTHOR_LINK, QUOTED, ROLES, SOURCE_CLASS, Credit, is_name, read_credit
from extract.cleaning.main_text import Family
from extract.cleaning.origin import is_own
from extract.cleaning.page import Element, Page, names, text_of
from extract.cleaning.place import Place, elsewhere
from extract.cleaning.published import read_stamp

LONGEST_LINE = 90  # letters
LONGEST_MARKED = 200
LONGEST_SOURCE = 8  # words
JUST_AFTER = 12  # elements after the text
SAID = re.compile(rf"\(?(?:nguồn(?: tin)?|theo)\s*:|\(theo\s|(?:{ROLES})\s*:", re.IGNORECASE)


def marked_credit(family: Family | None, root: Element, place: Place) -> Credit:
    """What elements marked as author or source around the text say: the family's first, then by place.

    Names of several elements of one place ("A" and "B", each in its own link) are all authors.
    """
    credit, group = Credit(), None
    read: set[Element] = set()
    for rank, element, author in _marked(family, root, place):
        inner = any(part in read for part in element.iterancestors())
        if inner or elsewhere(element, place.holders) or len(text_of(element)) > LONGEST_MARKED:
            continue
        said = _author_lines(element) if author else _source_lines(element)
        if said.authors:
            read.add(element)
            group = rank if group is None else group
        names_too = said.authors if rank == group else ()
        credit |= Credit(names_too, said.origin, said.known)
    credit |= _said_after(place)
    return credit if credit.authors else Credit(_unmarked_author(place), credit.origin, credit.known)


def _marked(family: Family | None, root: Element, place: Place) -> list[tuple[int, Element, bool]]:
    """(rank, element, whether for an author) of all marked elements, the likeliest place first."""
    found = [
        (-1, item, what == "author") for what in ("author", "source") if family for item in family.find(what, root)
    ]
    inside = [(30, item) for item in place.elements[place.body : place.end + 1] if isinstance(item.tag, str)]
    for rank, element in sorted(place.around() + inside, key=lambda pair: pair[0]):
        own = names(element)
        linked = AUTHOR_LINK.search(element.get("href") or "") or "author" in (
            element.get("rel"),
            element.get("itemprop"),
        )
        author = bool(AUTHOR_CLASS.search(own) or linked) and not QUOTED.search(own) and not _of_picture(element)
        if element.tag != "meta" and (author or SOURCE_CLASS.search(own)):
            found.append((rank, element, author))
    return found


def _of_picture(element: Element) -> bool:
    return any(part.tag in {"figure", "figcaption"} or is_caption_name(part) for part in element.iterancestors())


def _author_lines(element: Element) -> Credit:
    _part_glued(element)
    said = [read_credit(block.text, marked=True) for block in blocks_of(element)]
    if not any(credit.known for credit in said):
        # A name beside a button or an address on one line: the parts by themselves.
        leaves = [leaf for leaf in element.iter("a", "span", "strong", "b") if not len(leaf)]
        said = [read_credit(text_of(leaf), marked=True) for leaf in leaves]
    return reduce(or_, said, Credit())


def _part_glued(element: Element) -> None:
    """Names, addresses and buttons that only a style sheet sets apart ("<a>A</a><span>B</span>") get a dash between."""
    for part in element.iter("a", "span", "strong", "b"):
        following = part.getnext()
        if following is None or (part.tail or "").strip() or following.tag not in {"a", "span", "strong", "b"}:
            continue
        if text_of(part)[-1:].isalnum() and text_of(following)[:1].isalnum():
            part.tail = " - "


def _source_lines(element: Element) -> Credit:
    for block in blocks_of(element):
        if block.words <= LONGEST_SOURCE:
            origin = read_credit(block.text, marked=True).origin or _bare_source(block.text)
            return Credit((), origin, known=True)
    return Credit()


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
    """A name on its own between title and text, beside a stamp: on its line or in the element around it."""
    for element in place.elements[place.title + 1 : place.body]:
        if element.tag not in {"p", "div", "span", "strong", "b", "em", "i"} or len(element):
            continue
        if elsewhere(element, place.holders) or next(element.iterancestors("a"), None) is not None:
            continue
        line = text_of(element)
        around = [text_of(part) for part in [element, *element.iterancestors()][:3]]
        if not any(len(text) <= LONGEST_MARKED and read_stamp(text) for text in around):
            continue
        said = read_credit(re.split(r"\s[-–|]\s(?=\D{0,12}\d)", line)[0]) if len(line) <= LONGEST_LINE else Credit()
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
