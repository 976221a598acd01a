"""Where the article's text stands in a page: the element of most paragraphs, or what its CMS family names so."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import cast

from lxml.cssselect import CSSSelector

from extract.cleaning.blocks import hidden, is_block, is_junk_name
from extract.cleaning.fallback import read_unmarked
from extract.cleaning.page import Element, Page, names, text_of

LIKELY = re.compile(r"article|body|content|detail|entry|main|post|story|text|fck|maincontent|news", re.IGNORECASE)
UNLIKELY = re.compile(r"comment|footer|sidebar|related|list|menu|widget|promo|right|aside|header|box", re.IGNORECASE)
SHORTEST_PARAGRAPH = 40  # letters; shorter lines tell nothing
SHORTEST_BODY = 120
# Tags whose own text may be the whole body, its lines parted by breaks.
HOLDERS = frozenset({"div", "td", "section", "article", "main", "center", "pre", "body"})
LONGEST_STORY = 600  # letters of paragraphs that a photo story may have beside its captions
LARGEST_CARD = 12  # elements directly in it
TEASERS = 3  # from which teasers make a page a list, where nothing in it is surely a text
PICTURES = 3  # from which pictures with captions are a photo story
HIGHEST_CLIMB = 3  # parents looked at
HEADED_STORY = 0.8  # the same, where the parent holds the title too
SAME_STORY = 0.25  # the share of new text from which a parent is taken for the whole body


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A CMS family: `fingerprint` and the selectors of families.toml, compiled; a missing one finds nothing."""

    name: str
    selectors: dict[str, CSSSelector]

    def find(self, what: str, root: Element) -> list[Element]:
        """The elements that a selector finds, in document order."""
        selector = self.selectors.get(what)
        return cast("list[Element]", selector(root)) if selector else []


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """The families of families.toml, in its order."""
    with Path(__file__).with_name("families.toml").open("rb") as file:
        entries = tomllib.load(file)["family"]
    return tuple(
        Family(name=entry["name"], selectors={key: CSSSelector(css) for key, css in entry.items() if key != "name"})
        for entry in entries
    )


def family_of(root: Element) -> Family | None:
    """The first family whose fingerprint and body are in the page."""
    return next(
        (family for family in families() if family.find("fingerprint", root) and family.find("body", root)), None
    )


def find_body(page: Page, family: Family | None) -> Element | None:
    """The element that holds the article's paragraphs; None where the page has none worth the name."""
    if family:
        for element in family.find("drop", page.root):
            # A head inside the body goes when title, lead and stamp have been read from it.
            headed = family.find("title", element) or family.find("lead", element)
            if element.getparent() is not None and not headed:
                element.drop_tree()
        own = max(family.find("body", page.root), key=lambda element: len(text_of(element)), default=None)
        if own is not None and len(text_of(own)) >= SHORTEST_PARAGRAPH:
            return own
    declared = [element for element in page.root.xpath("//*[@itemprop='articleBody']") if element.tag != "meta"]
    for element in declared:
        if _prose(element) >= SHORTEST_BODY:
            return element
    junk = _junk_blocks(page.root)
    densest = _gallery(page.root, _densest(page.root, junk), junk)
    if page.written is not None and (densest is None or len(text_of(densest)) < SHORTEST_BODY):
        page.root.body.append(page.written)
        return page.written
    return densest if _confident(page.root, densest, junk) else _unmarked(page.root, densest)


def _confident(root: Element, body: Element | None, junk: frozenset[Element]) -> bool:
    """Whether an element is surely the text: long, or most of what the page has of paragraphs, or pictures."""
    if body is None:
        return False
    own = _prose(body)
    pictured = next(body.iter("figcaption"), None) is not None
    return pictured or own > LONGEST_STORY or (own >= SHORTEST_BODY and own >= _clean_prose(root, junk) / 2)


def _unmarked(root: Element, body: Element | None) -> Element | None:
    """What trafilatura reads, if that is more than `body`, and no list of teasers."""
    cards = (part for part in _lines(root) if own_prose(part) >= SHORTEST_PARAGRAPH and _is_card(part))
    if len(list(islice(cards, TEASERS))) == TEASERS:
        return body
    read = read_unmarked(root)
    if read is None or (body is not None and len(text_of(read)) <= len(text_of(body))):
        return body
    lines = [text_of(line) for line in read]
    originals = [part for part in _lines(root) if part.tag != "body" and text_of(part) in lines]
    opening = [part for part in _lines(root) if part.tag != "body" and text_of(part).startswith(lines[0])]
    # Before the outermost element of a line: inner ones go with it.
    if originals or opening:
        (originals or opening[-1:])[0].addprevious(read)
    else:
        root.body.append(read)
    for part in originals:
        part.drop_tree()
    return read


def _gallery(root: Element, densest: Element | None, junk: frozenset[Element]) -> Element | None:
    """The pictures of a photo story with hardly a paragraph; `densest` where that holds them or says more."""
    said = _prose(densest) if densest is not None else 0
    if said > LONGEST_STORY:
        return densest
    frames: dict[Element, int] = defaultdict(int)
    letters: dict[Element, int] = defaultdict(int)
    for figure in root.iter("figcaption"):
        linked = sum(len(text_of(link)) for link in figure.iter("a"))
        size = len(text_of(figure)) - linked * 2
        holders = [part for part in figure.iterancestors() if part.tag != "figure"][:HIGHEST_CLIMB]
        if size <= 0 or any(part in junk for part in holders):
            continue
        for part in holders:
            frames[part] += 1
            letters[part] += size
    best = max(frames, key=lambda part: (frames[part], -sum(1 for _ in part.iter())), default=None)
    if best is None or frames[best] < PICTURES or letters[best] < said or best.tag in {"body", "html"}:
        return densest
    return densest if densest is not None and best in densest.iter() else best


def _densest(root: Element, junk: frozenset[Element]) -> Element | None:
    scores: dict[Element, float] = defaultdict(float)
    for element in _lines(root):
        size = own_prose(element)
        if size < SHORTEST_PARAGRAPH or _is_card(element) or _excluded(element, junk):
            continue
        holder = element if element.tag in HOLDERS else element.getparent()
        grand = holder.getparent() if holder is not None else None
        if holder is not None:
            scores[holder] += size
        if grand is not None:
            scores[grand] += size / 2
    if not scores:
        return None
    best = max(scores, key=lambda element: scores[element] * _weight(element))
    return _widened(best, junk)


def own_prose(element: Element) -> int:
    """Letters of an element's own line: its text and inline children, links and inner blocks apart."""
    size, linked = len((element.text or "").strip()), 0
    for child in element:
        size += len((child.tail or "").strip())
        if isinstance(child.tag, str) and not is_block(child.tag):
            inner = len(text_of(child))
            size += inner
            linked += inner if child.tag == "a" else sum(len(text_of(link)) for link in child.iter("a"))
    return 0 if linked > size * 0.5 else size


def _prose(element: Element) -> int:
    return sum(size for part in _lines(element) if (size := own_prose(part)) >= SHORTEST_PARAGRAPH)


def _lines(element: Element) -> Iterator[Element]:
    """The elements that may hold a paragraph: blocks of any name, and a body whose text stands in it bare."""
    return (part for part in element.iter() if part.tag == "body" or is_block(part.tag))


def _junk_blocks(root: Element) -> frozenset[Element]:
    """The blocks that their names or tags set apart; one that holds half the page's prose is none whatever its name."""
    half = _prose(root) / 2
    named = (
        part
        for part in root.iter()
        if part.tag in {"aside", "figcaption", "figure"} or is_junk_name(part) or hidden(part)
    )
    return frozenset(part for part in named if part.tag not in {"body", "html"} and _prose(part) <= half)


def _excluded(element: Element, junk: frozenset[Element]) -> bool:
    return element in junk or any(part in junk for part in element.iterancestors())


def _weight(element: Element) -> float:
    own = names(element)
    weight = 1.0
    if LIKELY.search(own) or element.tag == "article":
        weight *= 1.3
    if UNLIKELY.search(own):
        weight *= 0.6
    return 0.5 if element.tag in {"body", "html"} else weight


def _widened(best: Element, junk: frozenset[Element]) -> Element:
    """Climb while the parent holds much more prose of the same story, as where a box or a section splits the text."""
    for parent in list(best.iterancestors())[:HIGHEST_CLIMB]:
        if parent.tag in {"body", "html"}:
            break
        # With the title comes the lead: that alone makes no wider body.
        headed = next(parent.iter("h1"), None) is not None
        share = HEADED_STORY if headed else SAME_STORY
        if _clean_prose(parent, junk) >= _clean_prose(best, junk) * (1 + share):
            best = parent
    return best


def _clean_prose(element: Element, junk: frozenset[Element]) -> int:
    found = (part for part in _lines(element) if not _is_card(part))
    return sum(
        size for part in found if (size := own_prose(part)) >= SHORTEST_PARAGRAPH * 2 and not _excluded(part, junk)
    )


def teaser_share(body: Element) -> float:
    """The share of a body's paragraphs that are teasers of other articles, 0 to 1; in a listing it is most of them."""
    prose = [part for part in _lines(body) if own_prose(part) >= SHORTEST_PARAGRAPH]
    return sum(map(_is_card, prose)) / len(prose) if prose else 0.0


def _is_card(element: Element) -> bool:
    """Whether a paragraph is the teaser of a card: the only prose beside a headline that is a link."""
    for part in islice(element.iterancestors(), 2):
        if len(part) > LARGEST_CARD:
            break
        headline = any(len(text_of(link).split()) >= 5 for link in part.iter("a") if link.getparent().tag != "p")
        prose = (item for item in _lines(part) if own_prose(item) >= SHORTEST_PARAGRAPH)
        if headline and len(list(islice(prose, 2))) == 1:
            return True
    return False
