"""The text of a page whose markup our own search does not know: trafilatura's reading of the whole page.

Measured on the 71 articles of the replica: our container search alone finds every paragraph on all of them and nothing
else on 66, trafilatura on 61 and 11. On 17 bodies in odd tags (list items, bare lines, elements of a page's own) the
search reads 12 as they should be; trafilatura in fast mode 5, with `favor_precision` 5 (12 come out empty), with
`favor_recall` 10. So the search goes first, and `favor_recall` reads what it has no confident container for. Dates are
not asked of it: on the six undated articles of the replica htmldate gave a wrong day each time (that of the visit, or a
neighbour's), and a wrong day is worse than none; titles it finds where ours does (h1, og:title, title).
"""

from __future__ import annotations

from copy import deepcopy

import trafilatura
from lxml import html

from extract.cleaning.page import Element, text_of

SHORTEST_LINE = 60  # letters
FEWEST_LINES = 2


def read_unmarked(root: Element) -> Element | None:
    """The paragraphs that trafilatura finds in a page, as an element; None where they are hardly a text."""
    text = trafilatura.extract(
        deepcopy(root), fast=True, favor_recall=True, include_comments=False, include_tables=True
    )
    linked = {text_of(link) for link in root.iter("a")}
    lines = [line.strip(" -") for line in (text or "").split("\n")]
    lines = [line for line in lines if line and line not in linked]
    if sum(len(line) >= SHORTEST_LINE for line in lines) < FEWEST_LINES:
        return None
    body: Element = html.fragment_fromstring("<div></div>")
    for line in lines:
        paragraph = html.Element("p")
        paragraph.text = line
        body.append(paragraph)
    return body
