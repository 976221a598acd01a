"""The dates that a page shows around its text, the nearer to the title the better."""

from __future__ import annotations

import re

from extract.cleaning.main_text import Family
from extract.cleaning.page import Element, names, text_of
from extract.cleaning.place import Place
from extract.cleaning.published import UPDATED, Stamp, read_machine, read_stamps

CLOCK_CLASS = re.compile(r"now|clock|today|current|title-time|header-date|date-?time-?top", re.IGNORECASE)
STAMP_CLASS = re.compile(r"date|time|pub", re.IGNORECASE)
# The head of the site, where the day of the visit is shown; an article's own head holds its title too.
HEADER_NAME = re.compile(r"header|topbar|top-bar|masthead", re.IGNORECASE)
LATEST = 22  # the rank of the last stamps after a text that may be its own; later ones are other articles'
LONGEST_STAMP = 90  # letters
LONGEST_ROW = 400
HEADLINE = 5  # words from which a link is a headline


def find_stamps(family: Family | None, root: Element, place: Place) -> list[Stamp]:
    """The stamps around a body, each with its rank: the family's own and those between title and text first."""
    placed = [(0, item) for item in (family.find("stamp", root) if family else [])] + place.around()
    inside = place.elements[place.body : place.end + 1]
    placed += [
        (5, item)
        for item in inside[:40]
        if isinstance(item.tag, str) and re.search(r"date|time|pub", names(item), re.IGNORECASE)
    ]
    found: list[Stamp] = []
    for rank, element in placed:
        if any(CLOCK_CLASS.search(names(part)) for part in element.iter()):
            continue
        if rank > LATEST or _beside_headline(element, place) or (rank and _in_site_head(element, place)):
            continue
        text = text_of(element)
        if element.tag == "time" and (moment := read_machine(element.get("datetime") or "")):
            found.append(Stamp(moment, rank, _updated_before(element, text)))
        if len(text) > LONGEST_STAMP or not any(char.isdigit() for char in text):
            continue
        before = _updated_before(element, text)
        found += [Stamp(moment, rank, updated or before) for moment, updated in read_stamps(text)]
    return found


def _beside_headline(element: Element, place: Place) -> bool:
    """Whether a stamp belongs to a link to another article, in its row of a list or its card."""
    for part in [element, *element.iterancestors()][:3]:
        if part in place.holders or len(text_of(part)) > LONGEST_ROW:
            return False
        if any(len(text_of(link).split()) >= HEADLINE for link in part.iter("a")):
            return True
    return False


def _in_site_head(element: Element, place: Place) -> bool:
    """Whether an element before the title stands in the site's head rather than in the article's."""
    title = place.elements[place.title] if place.title < len(place.elements) else None
    around = {title, *title.iterancestors()} if title is not None else set()
    for part in [element, *element.iterancestors()]:
        if part in around:
            return False
        if HEADER_NAME.search(names(part)) or part.tag == "header":
            return True
    return False


def _updated_before(element: Element, text: str) -> bool:
    parent = element.getparent()
    whole = text_of(parent) if parent is not None else ""
    return len(whole) <= LONGEST_STAMP and bool(UPDATED.search(whole.partition(text)[0]))
