"""Atom (RFC 4287): facts as the entries of a feed, for readers that look again and again for what is new."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as XML

from corpus.search import Row
from corpus.store import Corpus

ATOM = "http://www.w3.org/2005/Atom"
FACTS = uuid.uuid5(uuid.NAMESPACE_URL, "tag:baotinh,2025:fact")  # facts' ids are made in it of their keys
SEARCHES = uuid.uuid5(uuid.NAMESPACE_URL, "tag:baotinh,2025:search")
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
LONGEST = 120  # characters of a title


def atom(corpus: Corpus, rows: Sequence[Row], *, name: str, mark: str, home: str, own: str, search: str) -> bytes:
    """The feed of these facts as UTF-8.

    `mark` tells this search from every other for ever; `home` is the address of the pages, `own` that of the feed,
    `search` that of the search. An entry's id stays with its fact however often it is extracted again.
    """
    feed = XML.Element("feed", {"xmlns": ATOM, "xml:lang": "vi"})
    moments = _moments(corpus, rows)
    latest = max(moments.values(), default="1970-01-01T00:00:00+00:00")
    _add(feed, "id", f"urn:uuid:{uuid.uuid5(SEARCHES, mark)}")
    _add(feed, "title", f"{name} – Báo Tỉnh")
    _add(feed, "updated", latest)
    _add(_add(feed, "author"), "name", "Báo Tỉnh")
    _link(feed, "self", own, "application/atom+xml")
    _link(feed, "alternate", search, "text/html")
    for row in rows:
        _entry(feed, row, moments[row.id], home)
    written: bytes = XML.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: XML.Element, row: Row, updated: str, home: str) -> None:
    entry = _add(feed, "entry")
    where = ", ".join(reversed(row.place))
    _add(entry, "id", f"urn:uuid:{uuid.uuid5(FACTS, row.key)}")
    _add(entry, "title", " · ".join(filter(None, (row.text, where, row.title)))[:LONGEST])
    _add(entry, "updated", updated)
    if row.paper or row.site:
        _add(_add(entry, "author"), "name", row.paper or row.site or "")
    page = f"{home}articles/{row.article_id}#f{row.id}"
    _link(entry, "alternate", page, "text/html")
    if row.url.startswith(("http://", "https://")):
        _link(entry, "via", row.url, "text/html")
    for code in (row.kind, row.measure):
        if code:
            XML.SubElement(entry, "category", {"term": code})
    _add(entry, "summary", row.sentence)


def _moments(corpus: Corpus, rows: Sequence[Row]) -> dict[int, str]:
    """When each fact was stored or last decided on, in UTC: an article's version and a fact's last review."""
    sql = (
        "SELECT f.id, max(a.saved_at, coalesce(r.at, '')) FROM facts AS f JOIN articles AS a ON a.id = f.article_id "
        "LEFT JOIN reviews AS r ON r.id = f.review_id WHERE f.id IN (SELECT value FROM json_each(?))"
    )
    found = corpus.conn.execute(sql, (json.dumps([row.id for row in rows]),))
    return {fact: datetime.fromisoformat(at).astimezone(UTC).isoformat(timespec="seconds") for fact, at in found}


def _add(parent: XML.Element, name: str, text: str | None = None) -> XML.Element:
    element = XML.SubElement(parent, name)
    element.text = None if text is None else ILLEGAL.sub("\ufffd", text)
    return element


def _link(parent: XML.Element, relation: str, address: str, kind: str) -> None:
    XML.SubElement(parent, "link", {"rel": relation, "href": ILLEGAL.sub("", address), "type": kind})
