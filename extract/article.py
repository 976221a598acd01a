"""An article: a page or a text file cleaned into what a person would type out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from extract.charset import decode
from extract.cleaning import origin as outlets
from extract.cleaning.assemble import assemble
from extract.cleaning.mht import page_of
from extract.cleaning.page import read_page
from extract.cleaning.plain_text import read_plain
from extract.cleaning.refusal import SHORT_BODY, language_of, refusal
from extract.text import normalise

Precision = Literal["minute", "day", "month"]
KINDS = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".mht": "multipart/related",
    ".mhtml": "multipart/related",
    ".txt": "text/plain",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """`published` and `modified` are ISO 8601 as far as known: 2022-01-18T06:02:00+07:00, 2022-01-18 or 2022-02.

    `body` holds the paragraphs joined by newlines; lead, captions and byline stand apart. Sub-heads stand in the body
    at their place and in `subheads`; one before the first paragraph or after the last is in `subheads` only. `origin`
    is the outlet credited, as written or as a host name. `not_article` gives the reason where the page is none (the
    rest may be empty then).
    """

    title: str
    lead: str = ""
    body: str = ""
    authors: tuple[str, ...] = ()
    origin: str | None = None
    published: str | None = None
    modified: str | None = None
    captions: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    section: str | None = None
    site: str | None = None
    language: str = "vi"
    url: str | None = None
    not_article: str | None = None

    @property
    def text(self) -> str:
        """The text that facts' offsets count in: lead and body, a blank line between."""
        return "\n\n".join(part for part in (self.lead, self.body) if part)

    @property
    def precision(self) -> Precision | None:
        """How exactly the publication moment is known."""
        known: dict[int, Precision] = {7: "month", 10: "day"}
        return known.get(len(self.published), "minute") if self.published else None

    def record(self) -> dict[str, Any]:
        """The JSON object that `baotinh clean` prints; `text` is the body."""
        record = asdict(self)
        return record | {"text": record.pop("body")}


def clean_html(page: bytes | str, *, url: str | None = None, charset: str | None = None) -> Article:
    """The article of a page of HTML; `charset` is the one declared with it, `url` its address where known.

    Any page gives an article: where it is none, `not_article` says why. Names in capitals are written as names
    ("TRỌNG TÍN" → "Trọng Tín"). `site` is left to the caller, who knows the catalogue (see `credited` for origins).
    """
    text = decode(page, charset) if isinstance(page, bytes) else normalise(page)
    read = read_page(text)
    fields, body = assemble(read, url)
    reason = refusal(read, body, url, fields)
    language = language_of(f"{fields['title']} {fields['lead']} {fields['body']}")
    return Article(**fields, language=language, url=url or read.first("canonical", "og:url"), not_article=reason)


def clean_text(text: str, *, url: str | None = None) -> Article:
    """The article of a plain text that was copied from a page: a title and a stamp first, byline and origin last."""
    fields = read_plain(text)
    said = f"{fields['lead']} {fields['body']}".strip()
    language = language_of(f"{fields['title']} {said}")
    reason = "too short" if len(said) < SHORT_BODY else None if language == "vi" else "foreign edition"
    return Article(**fields, language=language, url=url, not_article=reason)


def clean_page(page: bytes, *, content_type: str, url: str | None = None) -> Article:
    """The article of bytes of HTML, plain text or MHTML, told by their media type ("text/html; charset=utf-8")."""
    kind, _, parameters = content_type.lower().partition(";")
    charset = re.search(r"charset=[\"']?([\w-]+)", parameters)
    if kind.strip() == "text/plain":
        return clean_text(decode(page, charset and charset[1]), url=url)
    if kind.strip() in {"multipart/related", "message/rfc822"}:
        html, declared, address = page_of(page)
        return clean_html(html, url=address or url, charset=declared)
    return clean_html(page, url=url, charset=charset and charset[1])


def clean_file(path: Path) -> Article:
    """The article of a saved .html, .htm, .xhtml, .mht, .mhtml or .txt file; ValueError for another kind of file."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise ValueError(f"{path.name}: not a page or text file ({', '.join(KINDS)})")
    return clean_page(path.read_bytes(), content_type=kind)


def credited(origin: str | None, hosts: Mapping[str, str]) -> str | None:
    """The catalogue id of an origin (host or paper's name) through `hosts`, host or name → id; None where unknown."""
    return outlets.credited(origin, hosts)
