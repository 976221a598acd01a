"""Where the title and the text stand in a page, and what is near them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.cleaning.blocks import hidden
from extract.cleaning.main_text import SHORTEST_PARAGRAPH, own_prose
from extract.cleaning.page import Element, names

ELSEWHERE = re.compile(
    r"comment|binh-?luan|relat(?:ed?|es|ion)(?![a-z])|lien-?quan|sidebar|most-?view|tin-?khac|(?<![a-z-])footer|latest|cung-?chuyen-?muc",
    re.IGNORECASE,
)
FAR = 60  # elements before the title or after the text, still its neighbourhood


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
            if isinstance(element.tag, str) and not elsewhere(element, self.holders):
                found.append((rank, element))
        return found


def place_of(elements: list[Element], title: Element | None, body: Element | None) -> Place:
    """The place of a title and a body; a body that holds the title too begins at the first paragraph after it."""
    index = {element: number for number, element in enumerate(elements)}
    start = index[body] if body is not None else len(elements)
    end = start + sum(1 for _ in body.iter()) - 1 if body is not None else len(elements)
    head = index[title] if title is not None else max(0, start - 20)
    if start < head <= end:
        first = (number for number in range(head + 1, end + 1) if _opens(elements[number]))
        start = next(first, end)
    return Place(elements, head, start, end, holders_of(body))


def _opens(element: Element) -> bool:
    return element.tag in {"figure", "img"} or (
        element.tag in {"p", "div", "td"} and own_prose(element) >= SHORTEST_PARAGRAPH
    )


def elsewhere(element: Element, holders: frozenset[Element]) -> bool:
    """Whether an element stands in another part of the page; `holders`, the body and what is around it, never do."""
    for part in (element, *element.iterancestors()):
        if part in holders:
            return False
        if ELSEWHERE.search(names(part)) or part.tag == "aside" or hidden(part):
            return True
    return False


def holders_of(body: Element | None) -> frozenset[Element]:
    """A body and what is around it: these are never another part of the page."""
    return frozenset([body, *body.iterancestors()] if body is not None else [])
