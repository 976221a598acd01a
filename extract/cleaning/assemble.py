"""A page's parts put together: title, lead, body, bylines and stamps told by their place around the main text."""

from __future__ import annotations

from typing import Any

from extract.cleaning.body import body_blocks, cover_captions, texts, without_head, without_related
from extract.cleaning.byline import take_credits
from extract.cleaning.credits import marked_credit, stated_authors
from extract.cleaning.lead import bold_lead, described_lead, find_lead
from extract.cleaning.main_text import family_of, find_body
from extract.cleaning.origin import is_own, own_names
from extract.cleaning.page import Element, Page, spaced
from extract.cleaning.place import place_of
from extract.cleaning.published import decide, stated
from extract.cleaning.stamps import find_stamps
from extract.cleaning.title import find_title
from extract.text import normalise


def assemble(page: Page, url: str | None) -> tuple[dict[str, Any], Element | None]:
    """The fields of an article (as Article names them) that a page gives, empty where it has none, and its body."""
    family = family_of(page.root)
    body = find_body(page, family)
    elements = list(page.root.iter())
    title_element, title = find_title(page, family, body, elements)
    place = place_of(elements, title_element, body)
    lead = find_lead(page, family, place, title)
    stamps = find_stamps(family, page.root, place)
    own = own_names(url or page.first("canonical", "og:url"), page.first("og:site_name"), *_publishers(page))
    marked = marked_credit(family, page.root, place)
    blocks = body_blocks(body, family)
    blocks = without_head(blocks, title, lead)
    if not lead:
        lead, blocks = bold_lead(blocks)
    if not lead:
        lead, blocks = described_lead(blocks, page.first("og:description", "description") or "")
    blocks, closing = take_credits(without_related(blocks))
    cover, parts = cover_captions(place), texts(blocks)
    published, modified = decide(stamps, *stated(page))
    authors = closing.authors or marked.authors or stated_authors(page, own)
    origin = next((said for said in (closing.origin, marked.origin) if said and not is_own(said, own)), None)
    fields = {
        "title": spaced(title),
        "lead": normalise(lead),
        "authors": tuple(spaced(name) for name in authors if not is_own(name, own)),
        "origin": spaced(origin) if origin else None,
        "published": published,
        "modified": modified,
        "section": _section(page),
        **parts,
        "captions": tuple(dict.fromkeys(map(spaced, (*cover, *parts["captions"])))),
    }
    return fields, body


def _publishers(page: Page) -> list[str]:
    found = [item.get("publisher") for item in page.linked]
    return [str(publisher["name"]) for publisher in found if isinstance(publisher, dict) and publisher.get("name")]


def _section(page: Page) -> str | None:
    stated_section = next((item["articleSection"] for item in page.linked if item.get("articleSection")), None)
    if isinstance(stated_section, list):
        stated_section = stated_section[0] if stated_section else None
    said = stated_section or page.first("article:section", "articlesection")
    return spaced(str(said)) if said else None
