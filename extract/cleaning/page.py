"""A page of HTML as a tree, with what its head and its JSON-LD say of the article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, TypeAlias

from lxml import html
from lxml.html import HtmlElement

from extract.text import normalise

Element: TypeAlias = HtmlElement
# Stray document tags inside a document end it early in some parsers; one document needs none of them.
DOCUMENT_TAG = re.compile(r"<!DOCTYPE[^>]*>|</?(?:html|body)\b[^>]*>|<\?xml[^>]*>|<!--\?xml[^>]*>", re.IGNORECASE)
# Characters that no XML tree holds.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A whole body given to a script as a string: outputData = "<p>…", $("#content").html("&lt;p&gt;…").
SCRIPTED = re.compile(r"""[=(]\s*("(?:[^"\\]|\\.){300,}")""")
LANGUAGE = re.compile(r"""<html\b[^>]*?\blang=["']?([\w-]+)""", re.IGNORECASE)
SPACE = re.compile(r"[ \t\n\r\f]+")
ARTICLE_TYPE = re.compile(r"Article$|^BlogPosting$|^Report$|^WebPage$")
SILENT = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "svg",
    "select",
    "textarea",
    "button",
    "nav",
    "title",
    "footer",
    "ins",
)


@dataclass(frozen=True, slots=True)
class Page:
    """`linked`: JSON-LD of an article, dated ones first; `meta`: name → contents; `written`: a body in a script."""

    root: Element
    linked: tuple[dict[str, Any], ...]
    types: frozenset[str]
    meta: dict[str, list[str]]
    language: str | None
    written: Element | None

    def first(self, *names: str) -> str | None:
        """The first non-empty content of the named meta tags, in the order asked."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), None)


def read_page(text: str) -> Page:
    """The page of an HTML text; nested documents, comments and stray end tags do no harm."""
    language = LANGUAGE.search(text)
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    inner = DOCUMENT_TAG.sub(" ", CONTROL.sub(" ", text))
    root = html.document_fromstring(f"<html><body>{inner}</body></html>", parser=parser, ensure_head_body=True)
    objects = [
        item
        for script in root.iter("script")
        if "ld+json" in (script.get("type") or "")
        for item in _objects(script.text or "")
    ]
    articles = [item for item in objects if any(ARTICLE_TYPE.search(kind) for kind in _types(item))]
    articles.sort(key=lambda item: "datePublished" not in item)
    types = frozenset(kind for item in objects for kind in _types(item))
    meta = _meta(root)
    written = _written_by_script(root)
    silent: list[Element] = list(root.iter(*SILENT))
    for element in silent:
        # The foot of an article may hold its byline; the page's never does.
        if element.tag != "footer" or next(element.iterancestors("article"), None) is None:
            element.drop_tree()
    return Page(root, tuple(articles), types, meta, language.group(1) if language else None, written)


def _written_by_script(root: Element) -> Element | None:
    """The longest text of paragraphs that an inline script holds as a string, as an element; None if there is none."""
    found: list[str] = []
    for script in root.iter("script"):
        for literal in SCRIPTED.findall(script.text or ""):
            try:
                value = str(json.loads(literal, strict=False))
            except json.JSONDecodeError:
                continue
            value = unescape(value) if "&lt;p" in value else value
            found += [value] if "<p" in value and "</p" in value else []
    longest = max(found, key=len, default=None)
    return html.fragment_fromstring(longest, create_parent="div") if longest else None


def text_of(element: Element) -> str:
    """The text of an element, runs of plain white space as one space, NBSP kept inside."""
    return SPACE.sub(" ", "".join(element.itertext())).strip()


def spaced(text: str) -> str:
    """A text beside the article's (offsets count in none of it): NFC, every run of NBSP and odd spaces one space."""
    return " ".join(normalise(text).split())


def names(element: Element) -> str:
    """The class names and the id of an element, for matching."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()


def _meta(root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = SPACE.sub(" ", unescape(element.get("content") or "")).strip()
        for key in ("property", "name", "itemprop"):
            if name := element.get(key):
                found.setdefault(name.strip().lower(), []).append(content)
    for title in root.iter("title"):
        found.setdefault("title", []).append(text_of(title))
        break
    for link in root.xpath("//link[@rel='canonical']/@href"):
        found.setdefault("canonical", []).append(str(link))
    return found


def _objects(source: str) -> Iterator[dict[str, Any]]:
    try:
        value = json.loads(source.strip().rstrip(";"), strict=False)
    except json.JSONDecodeError:
        # Raw newlines are let pass above; a trailing comma is the other common fault.
        try:
            value = json.loads(re.sub(r",(\s*[}\]])", r"\1", source), strict=False)
        except json.JSONDecodeError:
            return
    yield from _walk(value)


def _walk(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(item)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        yield from _walk(value.get("@graph"))


def _types(item: dict[str, Any]) -> list[str]:
    kinds = item.get("@type")
    return [str(kind) for kind in kinds] if isinstance(kinds, list) else [str(kinds)]
