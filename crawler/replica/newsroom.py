"""One paper at work: which page answers which address, with its validators."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import parse_qs, quote, unquote, urlsplit

from crawler.replica import feeds, pages
from crawler.replica.articles import LOCAL, Block, ReplicaArticle
from crawler.replica.articles import slug as slug_of
from crawler.replica.papers import Family, Paper
from crawler.replica.pictures import png

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer before it is sent; `etag` and `modified` are its validators where it has any.

    Faults only: `pace` is the seconds between two kilobytes, `endless` repeats the body until the press closes, and
    status 0 cuts the connection without an answer.
    """

    body: bytes
    status: int = 200
    type: str = HTML
    etag: str | None = None
    modified: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)
    pace: float = 0.0
    endless: bool = False


class Newsroom:
    """A paper's articles and bulletins and the pages made of them; `home` is its address with the final slash."""

    def __init__(self, paper: Paper, family: Family, home: str, articles: list[ReplicaArticle]) -> None:
        self.paper, self.family, self.home = paper, family, home
        self.by_path: dict[str, ReplicaArticle] = {}
        self.by_print: dict[str, ReplicaArticle] = {}
        self.gone: set[str] = set()
        for article in articles:
            self._put(replace(article, url=home.rstrip("/") + article.path))

    def _put(self, article: ReplicaArticle) -> None:
        if self.by_path.get(article.path, article).id != article.id:
            raise ValueError(f"two articles at {article.path}")
        self.by_path[article.path] = article
        self.by_print[article.print_path] = article

    @property
    def articles(self) -> list[ReplicaArticle]:
        """What stands on the site now, newest first."""
        there = (article for article in self.by_path.values() if article.id not in self.gone)
        return sorted(there, key=lambda article: article.published, reverse=True)

    def edit(self, id: str, blocks: tuple[Block, ...]) -> ReplicaArticle:
        """The article with other blocks and a new Last-Modified, as after a correction."""
        [old] = [article for article in self.by_path.values() if article.id == id]
        new = replace(old, blocks=blocks, modified=datetime.now(LOCAL).replace(microsecond=0))
        self._put(new)
        return new

    def respond(self, target: str) -> Reply:
        """The reply to a request target such as "/xa-hoi/?p=2"."""
        parts = urlsplit(target)
        path, query = parts.path, parse_qs(parts.query)
        name = target if "ItemID=" in target else path  # SharePoint tells its pages apart by a parameter
        article = self.by_path.get(name) or self.by_print.get(name)
        if article:
            return self._article(article, printed=name == article.print_path)
        for route in (self._machine, self._picture, self._more, self._listing, self._search):
            reply = route(path, query)
            if reply:
                return reply
        return Reply(body=pages.missing(self), status=404)

    def _article(self, article: ReplicaArticle, *, printed: bool) -> Reply:
        if article.id in self.gone:
            return Reply(body=pages.missing(self), status=410)
        body = pages.printed(self, article) if printed else pages.article(self, article)
        return Reply(body=body, etag=article.version, modified=article.modified or article.published)

    def _machine(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        if path == "/robots.txt":
            return Reply(body=feeds.robots(self.home, self.family).encode(), type="text/plain")
        if path.startswith("/sitemap"):
            body = feeds.sitemaps(self.home, self.family, self.articles).get(path)
            return validated(Reply(body=body, type=XML)) if body else None
        if path == "/rss" and self.family.feed:
            return Reply(body=pages.feed_index(self))
        for slug, name in self.paper.sections if self.family.feed else ():
            if path == self.feed_path(slug):
                chosen = [article for article in self.articles if article.section == slug]
                return validated(Reply(body=feeds.rss(self.paper, self.home, name, chosen).encode(), type=XML))
        return None

    def _more(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        """What a button for more loads: addresses and titles in the first section, a piece of HTML in the others."""
        if not self.family.more or path != urlsplit(self.family.more).path:
            return None
        section, offset, size = query["chuyen_muc"][0], int(query["offset"][0]), int(query["limit"][0])
        found = [article for article in self.articles if article.section == section]
        shown = found[offset : offset + size]
        said: dict[str, object] = {"total": len(found)}
        if section == self.paper.sections[0][0]:
            said["data"] = [{"title": article.title, "url": article.path} for article in shown]
        else:
            said["html"] = "".join(f'<li><a href="{article.path}">{article.title}</a></li>' for article in shown)
        return Reply(body=json.dumps(said).encode(), type="application/json")

    def _picture(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        if path.endswith(".png"):
            return validated(Reply(body=png(path), type="image/png"))
        return None

    def _listing(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        asked = query.get(self.family.page or "", ["1"])[0]
        page = max(1, int(asked)) if asked.isdecimal() else 1
        if path == "/":
            return self._list("", self.paper.name, self.articles[: 4 * self.family.per_page], page=1)
        for slug, name in self.paper.sections:
            base = self.listing_path(slug)
            if path.rstrip("/") == base.rstrip("/"):
                chosen = [article for article in self.articles if article.section == slug]
                if "bydate" in query:
                    chosen = [article for article in chosen if f"{article.published:%d-%m-%Y}" == query["bydate"][0]]
                return self._list(base, name, chosen, page, section=slug)
        if path.endswith("-ptag.html"):
            tag = path[1 : -len("-ptag.html")]
            tagged = [article for article in self.articles if tag in map(slug_of, article.tags)]
            return self._list("", tag, tagged, page=1)
        return None

    def _list(self, base: str, title: str, chosen: list[ReplicaArticle], page: int, section: str = "") -> Reply:
        size = self.family.per_page
        last = max(1, -(-len(chosen) // size)) if self.family.page and base else 1
        shown = chosen[(page - 1) * size : page * size] if base else chosen
        more = self.more_path(section) if section and len(chosen) > size else ""
        if not shown:
            return Reply(body=pages.missing(self), status=404)
        etag = hashlib.sha1(repr([base, page, last, [article.version for article in shown]]).encode()).hexdigest()[:16]
        body = pages.listing(self, title, shown, base=base, page=page, last=last, more=more)
        return Reply(body=body, etag=etag, modified=max(article.modified or article.published for article in shown))

    def _search(self, path: str, query: dict[str, list[str]]) -> Reply | None:
        phrase = self._phrase(path, query)
        if phrase is None:
            return None
        words = fold(phrase.strip('"“” '))
        found = [article for article in self.articles if words and words in fold(_everything(article))]
        return Reply(body=pages.listing(self, f"Tìm kiếm: {phrase}", found, base="", page=1, last=1))

    def _phrase(self, path: str, query: dict[str, list[str]]) -> str | None:
        pattern = urlsplit(self.family.search)
        if "{query}" in pattern.path:
            match = re.fullmatch(re.escape(pattern.path).replace(r"\{query\}", "(.+)"), path)
            return unquote(match[1]).replace("+", " ") if match else None
        parameter = next(name for name, [value] in parse_qs(pattern.query).items() if value == "{query}")
        return query.get(parameter, [""])[0] if path == pattern.path else None

    def listing_path(self, section: str) -> str:
        """Where the section's listing stands."""
        return self.family.listing.format(section=section)

    def feed_path(self, section: str) -> str:
        """Where the section's RSS stands (only for a family that has feeds)."""
        return (self.family.feed or "").format(section=section)

    def more_path(self, section: str) -> str:
        """What the button of a section's listing loads first (only for a family that has such buttons)."""
        return (self.family.more or "").format(section=section, offset=self.family.per_page)

    def search_path(self, phrase: str, *, raw: bool = False) -> str:
        """The site's search for a phrase; `raw` leaves spaces and diacritics as some papers do in their links."""
        return self.family.search.format(query=phrase if raw else quote(phrase))


def validated(reply: Reply) -> Reply:
    """The reply with an ETag of its body, for what changes only when its content does."""
    return replace(reply, etag=hashlib.sha1(reply.body).hexdigest()[:16])


def _everything(article: ReplicaArticle) -> str:
    return "\n".join([article.title, article.lead, *(text for _, text in article.blocks)])


def fold(text: str) -> str:
    """Lower case without diacritics, for the papers' own searches."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in apart if not unicodedata.combining(char))
