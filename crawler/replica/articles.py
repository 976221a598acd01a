"""The replica's articles: originals from articles/<paper>.toml, near-copies made from them by articles/copies.toml."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from crawler.replica.papers import Paper, load_families

ARTICLES = Path(__file__).with_name("articles")
LOCAL = timezone(timedelta(hours=7))
MARKS = {"## ": "subhead", "[ảnh] ": "caption"}

Block = tuple[Literal["paragraph", "subhead", "caption"], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaArticle:
    """One article as its paper prints it: what cleaning must find, and the address it stands at.

    `blocks` are paragraphs, sub-heads and captions in reading order; `expected` the model counts and money read
    from the text by a person (empty: not read). `topic` tells whether it speaks of công tác dân vận. `copy_of` is the
    id of the article that a near-copy was made from.
    """

    id: str
    site: str
    title: str
    lead: str
    blocks: tuple[Block, ...]
    published: datetime
    section: str
    province: str | None
    authors: tuple[str, ...] = ()
    origin: str | None = None
    credit: str = ""
    kicker: str = ""
    tags: tuple[str, ...] = ()
    topic: bool = True
    copy_of: str | None = None
    expected: tuple[Mapping[str, Any], ...] = ()
    path: str = ""
    print_path: str = ""
    url: str = ""
    modified: datetime | None = None

    @property
    def paragraphs(self) -> list[str]:
        """The body's paragraphs without lead, sub-heads and captions."""
        return [text for kind, text in self.blocks if kind == "paragraph"]

    @property
    def captions(self) -> list[str]:
        """The captions of the pictures."""
        return [text for kind, text in self.blocks if kind == "caption"]

    @property
    def subheads(self) -> list[str]:
        """The headings inside the body."""
        return [text for kind, text in self.blocks if kind == "subhead"]

    @property
    def number(self) -> int:
        """The article's number in its paper's addresses: six digits, always the same."""
        return 100_000 + int(self.digest[:8], 16) % 800_000

    @property
    def digest(self) -> str:
        """A hexadecimal name made from site and id."""
        return hashlib.sha1(f"{self.site}/{self.id}".encode()).hexdigest()

    @property
    def version(self) -> str:
        """A fingerprint of what a reader sees, for ETag."""
        seen = (self.title, self.lead, self.blocks, self.authors, self.origin, self.modified)
        return hashlib.sha1(repr(seen).encode()).hexdigest()[:16]


def load_articles(papers: list[Paper]) -> list[ReplicaArticle]:
    """Originals and near-copies of these papers, each with its path; ValueError names an entry that is wrong."""
    by_id = {paper.id: paper for paper in papers}
    originals = [_original(entry, paper) for paper in papers for entry in _entries(paper.id, "article")]
    known = {article.id: article for article in originals}
    if len(known) < len(originals):
        raise ValueError("two articles with one id")
    made = [
        _copy(entry, known[entry["of"]], by_id[entry["paper"]])
        for entry in _entries("copies", "copy")
        if entry["paper"] in by_id and entry["of"] in known
    ]
    return [addressed(article, by_id[article.site]) for article in originals + made]


def _entries(name: str, kind: str) -> list[dict[str, Any]]:
    path = ARTICLES / f"{name}.toml"
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))[kind] if path.exists() else []
    return entries


def addressed(article: ReplicaArticle, paper: Paper) -> ReplicaArticle:
    """The article with the path that its paper's family gives it."""
    family = load_families()[paper.family]
    parts = {
        "slug": _portal_slug(article.title) if paper.family == "P" else slug(article.title, strip=paper.family != "A"),
        "number": article.number + (10_000_000 if paper.family == "B" else 0),
        "section": article.section,
        "yyyymm": f"{article.published:%Y%m}",
        "hex": article.digest[:7],
    }
    return replace(article, path=family.article.format(**parts), print_path=family.print.format(**parts))


def slug(title: str, *, strip: bool = True) -> str:
    """Latin letters, digits and hyphens; without `strip` a bracket before the first word leaves its hyphen."""
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d"))
    made = re.sub("[^a-z0-9]+", "-", "".join(char for char in plain if not unicodedata.combining(char)))
    return made.strip("-") if strip else made.rstrip("-")


def _portal_slug(title: str) -> str:
    # The portals keep capitals and typographic quotes in their slugs, so that the address must be percent-encoded.
    plain = unicodedata.normalize("NFD", title.replace("đ", "d").replace("Đ", "D"))
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return quote(re.sub("[^A-Za-z0-9“”]+", "-", kept).strip("-"))


def _original(entry: dict[str, Any], paper: Paper) -> ReplicaArticle:
    fields = dict(entry)
    blocks = tuple(_block(piece) for piece in re.split(r"\n\s*\n", fields.pop("text").strip()))
    published = datetime.fromisoformat(fields.pop("published")).replace(tzinfo=LOCAL)
    paper.section_name(fields["section"])
    if paper.province:
        merged = published >= datetime(2025, 7, 1, tzinfo=LOCAL)
        fields.setdefault("province", paper.province if merged else paper.province_2024)
    lists: dict[str, Any] = {name: tuple(fields.pop(name, ())) for name in ("authors", "tags", "expected")}
    return ReplicaArticle(site=paper.id, blocks=blocks, published=published, **lists, **fields)


def _block(piece: str) -> Block:
    text = " ".join(piece.split("\n")).strip()
    for mark, kind in MARKS.items():
        if text.startswith(mark):
            return kind, text[len(mark) :]  # type: ignore[return-value]
    return "paragraph", text


def _copy(entry: dict[str, Any], original: ReplicaArticle, paper: Paper) -> ReplicaArticle:
    """A near-copy: other title and day, a credit line, perhaps cut (`drop`, `keep`), reworded (`swap`) or retitled."""
    paragraphs = [block for block in original.blocks if block[0] != "caption" or not entry.get("no_pictures")]
    kept = [block for index, block in enumerate(paragraphs) if index not in entry.get("drop", ())][: entry.get("keep")]
    for old, new in entry.get("swap", ()):
        if not any(old in text for _, text in kept) and old not in original.lead:
            raise ValueError(f"copy of {original.id} by {paper.id}: {old!r} is not in the text")
        kept = [(kind, text.replace(old, new)) for kind, text in kept]
    lead = original.lead
    for old, new in entry.get("swap", ()):
        lead = lead.replace(old, new)
    return replace(
        original,
        id=f"{original.id}-{paper.id}",
        site=paper.id,
        title=entry["title"],
        lead=entry.get("lead", lead),
        blocks=tuple(kept),
        published=datetime.fromisoformat(entry["published"]).replace(tzinfo=LOCAL),
        section=entry["section"],
        authors=tuple(entry.get("authors", ())),
        origin=entry["origin"],
        credit=entry["credit"],
        kicker="",
        copy_of=original.id,
        expected=(),
    )
