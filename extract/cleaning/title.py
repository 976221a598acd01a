"""The title of an article: the heading that the page shows and its head knows."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from extract.cleaning.main_text import Family
from extract.cleaning.page import Element, Page, names, text_of
from extract.cleaning.place import elsewhere, holders_of
from extract.text import fold, normalise

TITLE_CLASS = re.compile(
    r"(?:title|heading|headline)[-_]?(?:detail|news|article|post|main)|"
    r"(?:detail|article|news|post|main|lbl)[-_]{0,2}(?:title|heading|headline)|tieu-?de",
    re.IGNORECASE,
)
LINES = frozenset({"div", "p", "span", "td", "font", "strong", "b", "h2", "h3", "h4"})
ALIKE = 0.5  # below this two titles are taken as different
SEPARATOR = re.compile(r"\s+[|–—-]\s+")
SITE = re.compile(r"(?:báo|tạp chí|đài|trang|cổng|chuyên trang|kênh)\s|[\w.-]+\.(?:vn|com|net|org)\b", re.IGNORECASE)
LONGEST_SITE = 8  # words
SHORTEST, LONGEST = 8, 300  # letters of a title


def find_title(
    page: Page, family: Family | None, body: Element | None, elements: list[Element]
) -> tuple[Element | None, str]:
    """The heading nearest before the text that the head knows too; the head's own title where the page shows none."""
    heads = [
        page.first("og:title"),
        *(str(item.get("headline") or item.get("name") or "") for item in page.linked[:1]),
        page.first("title"),
    ]
    site = page.first("og:site_name") or ""
    said = [_without_site(head, site) for head in heads if head] + [head for head in heads if head]
    chosen = family.find("title", page.root) if family else []
    shown = chosen + [
        item for item in elements if item.tag == "h1" or (isinstance(item.tag, str) and TITLE_CLASS.search(names(item)))
    ]
    shown = [item for item in shown if SHORTEST <= len(text_of(item)) <= LONGEST and not _is_site(text_of(item), site)]
    shown = [item for item in shown if not elsewhere(item, holders_of(body))]
    order = {element: number for number, element in enumerate(elements)}
    start = order[body] if body is not None else 0
    inside = set(body.iter()) if body is not None else set()

    def fitness(item: Element) -> tuple[float, bool, bool, int]:
        alike = max((likeness(text_of(item), head) for head in said), default=0.0)
        near = order[item] <= start or item in inside
        return (round(alike, 1) if alike > ALIKE else 0.0, item.tag == "h1", near, -abs(start - order[item]))

    best = max(shown, key=fitness, default=None)
    if best is None or not fitness(best)[0]:
        # Old skins print the title in any tag: the line that the head's title repeats.
        wanted = {fold(normalise(head)).strip() for head in said}
        lines = (item for item in elements if item.tag in LINES)
        best = next((item for item in lines if fold(normalise(text_of(item))).strip() in wanted), best)
    if best is not None and (fitness(best)[0] or best.tag == "h1" or best in chosen or fitness(best)[2]):
        return best, text_of(best)
    return None, said[0] if said else ""


def _is_site(text: str, site: str) -> bool:
    """Whether a heading, or a part of a head's title, names the paper."""
    short = len(text.split()) <= LONGEST_SITE
    return short and (bool(SITE.match(text.strip())) or fold(text).strip() == fold(site).strip())


def _without_site(head: str, site: str) -> str:
    """A head's title without the paper's name before or after it."""
    parts = SEPARATOR.split(head)
    if len(parts) < 2:
        return head.strip()
    if _is_site(parts[0], site):
        return head[len(parts[0]) :].strip(" |–—-")
    known = _is_site(parts[-1], site) or (len(parts[-1].split()) <= LONGEST_SITE and "|" in head)
    return head[: -len(parts[-1])].strip(" |–—-") if known else head.strip()


def likeness(one: str, other: str) -> float:
    """How alike two titles are, 0 to 1, without regard to case and diacritics."""
    first, second = fold(normalise(one)).strip(), fold(normalise(other)).strip()
    if not first or not second:
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if first == second or matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return float(first == second)
    return matcher.ratio()
