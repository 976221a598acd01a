"""The HTML of a paper: its articles, listings, print twins and error pages, rendered from templates/."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from crawler.replica.articles import LOCAL, ReplicaArticle, slug

if TYPE_CHECKING:
    from crawler.replica.newsroom import Newsroom

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
MENU_LINKS = 64


@cache
def environment() -> Environment:
    """Jinja2 with the filters that the templates need."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "entities": entities,
        "escaped_json": escaped_json,
        "raw_json": raw_json,
        "nbsp": nbsp,
        "american": american,
        "half_day": half_day,
        "weekday": weekday,
        "utc": utc,
        "slug": slug,
    }
    return made


def article(room: Newsroom, shown: ReplicaArticle) -> bytes:
    """An article's page with everything that stands around it."""
    others = [other for other in room.articles if other.id != shown.id]
    others.sort(key=lambda other: other.section != shown.section)
    return _render(room, "article", article=shown, related=others[:5], title=shown.title)


def listing(
    room: Newsroom, title: str, articles: list[ReplicaArticle], *, base: str, page: int, last: int, more: str = ""
) -> bytes:
    """A list of articles: home page, section or search result; `base` is empty where there is no pager.

    `more` is what its button loads, where it has one that names an address.
    """
    return _render(room, "listing", articles=articles, title=title, base=base, page=page, last=last, more=more)


def printed(room: Newsroom, shown: ReplicaArticle) -> bytes:
    """The print twin: the same text without menus."""
    return _template(room, "print.html", article=shown, title=shown.title)


def missing(room: Newsroom) -> bytes:
    """The page for an address that leads nowhere."""
    return _template(room, "missing.html", title="Không tìm thấy trang")


def feed_index(room: Newsroom) -> bytes:
    """The page that lists a paper's RSS feeds."""
    return _template(room, "feeds.html", title="RSS")


def _render(room: Newsroom, kind: str, **values: object) -> bytes:
    return _template(room, f"{room.paper.family.lower()}_{kind}.html", **values)


def _template(room: Newsroom, name: str, **values: object) -> bytes:
    everything = room.articles
    frame = {
        "room": room,
        "paper": room.paper,
        "home": room.home,
        "now": datetime.now(LOCAL),
        "menu": [everything[index % len(everything)] for index in range(MENU_LINKS)] if everything else [],
        "latest": everything[:8],
        "weight": _weight(room.paper.family, room.paper.id),
    }
    return environment().get_template(name).render(frame | values).encode()


@cache
def _weight(family: str, paper: str) -> Markup:
    return Markup(environment().get_template("weight.html").render(family=family, paper=paper))


def entities(text: object) -> Markup:
    """Decimal entities for every letter outside ASCII, as OneCMS writes titles and menus."""
    return Markup("".join(char if ord(char) < 128 else f"&#{ord(char)};" for char in str(escape(str(text)))))


def escaped_json(value: object) -> Markup:
    r"""A JSON value with letters outside ASCII as \uXXXX."""
    return Markup(json.dumps(value).replace("</", "<\\/"))


def raw_json(value: object) -> Markup:
    """A JSON value with its letters as they are."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("</", "<\\/"))


def nbsp(text: str, every: int = 7) -> Markup:
    """The text with every n-th space as an entity, the way pasted Word text comes out."""
    words = text.split(" ")
    parts = (str(escape(word)) + ("&nbsp;" if index % every == every - 1 else " ") for index, word in enumerate(words))
    return Markup("".join(parts).rstrip())


def american(moment: datetime) -> str:
    """M/D/YYYY h:mm:ss AM/PM, without a zone."""
    return f"{moment.month}/{moment.day}/{moment.year} {moment.hour % 12 or 12}:{moment:%M:%S} {moment:%p}"


def half_day(moment: datetime) -> str:
    """DD/MM/YYYY h:mm SA or CH, as SharePoint writes it in Vietnamese."""
    return f"{moment:%d/%m/%Y} {moment.hour % 12 or 12}:{moment:%M} {'SA' if moment.hour < 12 else 'CH'}"


def weekday(moment: datetime) -> str:
    """Thứ Hai … Chủ Nhật."""
    return WEEKDAYS[moment.weekday()]


def utc(moment: datetime) -> str:
    """The moment in UTC as ISO 8601 with Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
