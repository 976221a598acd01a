"""What a site's documents say: robots.txt, sitemaps, feeds, lists of links, search forms, an article's head."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from html import escape
from string import Formatter
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from lxml import etree, html
from trafilatura.feeds import FeedParameters, determine_feed, find_links
from trafilatura.sitemaps import DETECT_LINKS, DETECT_SITEMAP_LINK, SITEMAP_FORMAT, extract_robots_sitemaps

from crawler.links import Link, belongs, normal, page_number
from crawler.plan import VIETNAM
from crawler.sites import Site
from crawler.topic import fold

MAX_UNPACKED = 64 * 1024 * 1024
MAX_LOCATIONS = 50_000
BESIDE = 4  # levels above a link at which its day is looked for
_TEXT_ENOUGH = 250
_MISSING = ("khong tim thay", "khong ton tai", "404 not found", "page not found", "loi 404", "error 404")
_SHOWN = "//body//text()[not(ancestor::script or ancestor::style or ancestor::option)]"
_path = partial(etree.XPath, smart_strings=False)
_TITLE = _path("//title/text()")
_HEADINGS = _path("//h1//text()")
_DESCRIBED = _path("//meta[@name='description' or @name='keywords']/@content")
_OWN_TEXT = _path("//body//text()[not(ancestor::a or ancestor::script or ancestor::style or ancestor::option)]")
_CANONICAL = _path("//link[@rel='canonical']/@href | //meta[@name='canonical']/@content")
_OG_TYPE = _path("//meta[@property='og:type']/@content")
_SCRIPTS = _path("//script[not(@src)]/text()")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_DATA = _path("//script[@type='application/ld+json']/text()")
_STRAY = re.compile(r"(?i)<(?:/?html|\?xml)[^>]*>")
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)(?!\d)|(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_MORE = re.compile(r"load more|loadmore|view more|viewmore|xem them|xemthem|tai them|xem tiep")
_MORE_ADDRESS = ("data-url", "data-href", "data-link", "data-api", "data-ajax", "data-next", "href")
_ADDRESS_KEYS = ("url", "link", "href", "permalink", "share_url", "path")
_TITLE_KEYS = ("title", "name", "headline")
_QUERY_NAMES = {"q", "s", "keyword", "keywords", "key", "query", "tukhoa", "search", "text", "phrase"}


@dataclass(slots=True)
class Sitemap:
    """One sitemap file: `children` are sitemaps, `pages` the rest; `news` a news sitemap, which holds two days only."""

    children: list[Link] = field(default_factory=list)
    pages: list[Link] = field(default_factory=list)
    news: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What a fetched page says of itself: its canonical URL, and whether it is an article, or no page at all."""

    canonical: str | None
    article: bool
    missing: bool


def robots_sitemaps(text: str, url: str) -> list[str]:
    """The Sitemap lines of a robots.txt, as URLs; a file of any length up to 500 kB is read."""
    lines = [line for line in text[:500_000].splitlines() if line.strip().lower().startswith("sitemap")]
    parts = urlsplit(url)
    return list(extract_robots_sitemaps("\n".join(lines), f"{parts.scheme}://{parts.netloc}"))


def unpacked(body: bytes) -> bytes:
    """The body without its gzip wrapping, whatever headers and name say; ValueError when broken or above 64 MB."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as file:
            plain = file.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"broken gzip: {error}") from error
    if len(plain) > MAX_UNPACKED:
        raise ValueError("unpacks to more than 64 MB")
    return plain


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """The locations of a sitemap (index, urlset, news, text, gzip), at most 50,000; ValueError for what is none."""
    plain = unpacked(body)
    start = plain[:2000].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if "<html" in start.lower():
        raise ValueError("HTML instead of a sitemap")
    if not SITEMAP_FORMAT.match(start):
        found = DETECT_LINKS.findall(plain.decode("utf-8", "replace"))
        return Sitemap(pages=[Link(link) for link in found[:MAX_LOCATIONS]])
    sitemap = Sitemap(news=b"sitemap-news" in plain[:2000])
    for link, is_child in _locations(plain, url):
        (sitemap.children if is_child else sitemap.pages).append(link)
        if len(sitemap.children) + len(sitemap.pages) >= MAX_LOCATIONS:
            break
    return sitemap


def _locations(plain: bytes, url: str) -> Iterator[tuple[Link, bool]]:
    """Each entry once; a child listed inside <urlset> is known by its name ending in .xml."""
    walk = etree.iterparse(io.BytesIO(plain), tag=("{*}url", "{*}sitemap"), recover=True, resolve_entities=False)
    for _, entry in walk:
        values = {etree.QName(child).localname: (child.text or "").strip() for child in entry if _is_element(child)}
        titles = [title.text for title in entry.iter("{*}title") if title.text]
        location = normal(urljoin(url, values.get("loc", ""))) if values.get("loc") else None
        if location and location != url:
            link = Link(location, titles[0].strip() if titles else "", values.get("lastmod") or None)
            yield link, etree.QName(entry).localname == "sitemap" or bool(DETECT_SITEMAP_LINK.search(location))
        entry.clear()


def read_feed(body: bytes, url: str) -> list[Link]:
    """The entries of an RSS, Atom or JSON feed with their titles; empty for anything else."""
    try:
        plain = unpacked(body)
        root = etree.fromstring(plain, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    except (ValueError, etree.XMLSyntaxError):
        return []
    entries = list(root.iter("{*}item", "{*}entry")) if root is not None else []
    links = [link for entry in entries if (link := _entry(entry, url))]
    if links or b"<html" in plain[:2000].lower():
        return links
    parts = urlsplit(url)
    parameters = FeedParameters(f"{parts.scheme}://{parts.netloc}", parts.netloc, url)
    found = find_links(plain.decode("utf-8", "replace").strip(), parameters)
    return [Link(address) for link in found if (address := normal(urljoin(url, link)))]


def _entry(entry: etree._Element, url: str) -> Link | None:
    title, address, day = "", "", None
    for child in entry:
        name = etree.QName(child).localname if _is_element(child) else ""
        if name == "title":
            title = " ".join("".join(map(str, child.itertext())).split())
        elif name == "link" and child.get("rel", "alternate") == "alternate":
            address = address or child.get("href") or (child.text or "").strip()
        elif name in ("pubDate", "published"):
            day = _feed_day((child.text or "").strip())
    link = normal(urljoin(url, address)) if address else None
    return Link(link, title, day=day) if link else None


def _feed_day(said: str) -> date | None:
    """The day in Vietnam of a feed's date, None for what is none."""
    try:
        at = datetime.fromisoformat(said) if said[:4].isdigit() else parsedate_to_datetime(said)
    except ValueError:
        return None
    return at.astimezone(VIETNAM).date() if at.tzinfo else at.date()


def _is_element(node: etree._Element) -> bool:
    return isinstance(node.tag, str)


class Page:
    """An HTML page parsed once; `address` is where it came from. Nothing here raises on odd markup.

    JSON, as what a button loads, is read as the page that its addresses and pieces of HTML would make; `item` says
    what address an object has that names none (see Site).
    """

    def __init__(self, body: bytes, address: str, charset: str | None = None, item: str | None = None) -> None:
        self.address = address
        self._anchors: list[Link] | None = None
        self._links: list[Link] | None = None
        self._own_text: str | None = None
        text = body.decode(charset or "utf-8", "replace")
        text = _as_html(text, item) if text.lstrip()[:1] in ("{", "[") else text
        # Stray </html> right after <html> empties a page for strict parsers; the tags say nothing here.
        self.source = _STRAY.sub("", text).replace("\x00", "")
        try:
            self.tree: Any = html.document_fromstring(self.source or "<p></p>")
        except etree.ParserError:
            self.tree = html.document_fromstring("<p></p>")
        self.base = urljoin(address, (self.tree.xpath("string(//base/@href)") or "").strip() or address)

    def links(self, site: Site) -> list[Link]:
        """The site's own links, one entry a URL with all words of its anchors; a foreign <base> is not believed."""
        if self._links is None:
            words: dict[str, list[str]] = {}
            for link in self.anchors(site):
                words.setdefault(link.url, []).append(link.title)
            self._links = [Link(url, " ".join(dict.fromkeys(said)).strip()) for url, said in words.items()]
        return self._links

    def anchors(self, site: Site) -> list[Link]:
        """The site's own links in the page's order, each as often as it stands there."""
        if self._anchors is None:
            self._anchors = []
            for anchor in self.tree.iter("a"):
                href = (anchor.get("href") or "").strip()
                named = href and not href.startswith(("#", "javascript:", "mailto:", "tel:"))
                if named and (url := self._own(href, site)):
                    said = f"{anchor.get('title', '')} {anchor.text_content()}"
                    self._anchors.append(Link(url, " ".join(said.split())))
        return self._anchors

    def _own(self, href: str, site: Site) -> str | None:
        for base in dict.fromkeys((self.base, self.address)):
            try:
                url = normal(href if href.startswith(("http://", "https://")) else urljoin(base, href))
            except ValueError:
                return None
            if url and belongs(url, site):
                return url
        return None

    def feeds(self, site: Site) -> list[str]:
        """The feeds that the page names, by <link rel=alternate> or by a plain link."""
        parts = urlsplit(self.address)
        root = f"{parts.scheme}://{parts.netloc}"
        found = determine_feed(self.source, FeedParameters(root, parts.netloc, self.address))
        return [url for link in found if (url := normal(link)) and belongs(url, site)]

    def search(self) -> str | None:
        """The URL pattern of the page's GET search form, with {query}."""
        for form in self.tree.iter("form"):
            boxes = [box for box in form.iter("input") if box.get("type", "text") in ("text", "search")]
            names = [box.get("name") for box in boxes]
            query = next((name for name in names if name and name.lower() in _QUERY_NAMES), None)
            if query and form.get("method", "get").lower() == "get":
                return f"{urljoin(self.address, form.get('action') or '')}?{quote(query)}={{query}}"
        return None

    def next_links(self) -> list[str]:
        """What the page calls its next page, by rel=next."""
        found = self.tree.xpath("//*[self::a or self::link][@rel='next' or contains(@class, 'next')]/@href")
        return [url for href in found if (url := normal(urljoin(self.base, href)))]

    def more_links(self) -> list[str]:
        """The addresses that buttons for more ("Xem thêm") name."""
        found = []
        for name in _MORE_ADDRESS:
            for button in self.tree.xpath(f"//*[@{name}]"):
                said = fold(f"{button.get('class', '')} {button.get('id', '')} {button.text_content()}")
                url = normal(urljoin(self.base, button.get(name))) if _MORE.search(said) else None
                found += [url] if url and (name != "href" or page_number(url)) else []
        return list(dict.fromkeys(found))

    def dated_links(self, site: Site) -> list[Link]:
        """The links, each with the one day that stands beside it: in what holds this link and no other."""
        found: dict[str, set[date]] = {}
        for anchor in self.tree.iter("a"):
            url = self._own((anchor.get("href") or "").strip(), site)
            if url:
                found.setdefault(url, set()).update(self._days_beside(anchor, url, site))
        return [
            replace(link, day=days.pop()) if len(days := found.get(link.url, set())) == 1 else link
            for link in self.links(site)
        ]

    def _days_beside(self, anchor: Any, url: str, site: Site) -> set[date]:  # noqa: ANN401
        days: set[date] = set()
        for around in itertools.islice(anchor.iterancestors(), BESIDE):
            hrefs = {other.get("href") or "" for other in around.iter("a")}
            if any(self._own(href.strip(), site) not in (url, None) for href in hrefs):
                break
            days = {day for match in _DAY.finditer(" ".join(around.itertext())) if (day := _day(match))}
        return days

    def days(self) -> list[date]:
        """The days that the page shows, as often as they stand there, times of machines included."""
        said = " ".join([*self.tree.xpath(_SHOWN), *self.tree.xpath("//time/@datetime")])
        return [day for match in _DAY.finditer(said) if (day := _day(match))]

    def head(self, site: Site) -> Head:
        """What the page says of itself."""
        said = fold(f"{' '.join(_TITLE(self.tree))} {' '.join(_HEADINGS(self.tree))}")
        missing = any(mark in said for mark in _MISSING) and len(self.own_text) < 4 * _TEXT_ENOUGH
        declared = "article" in _OG_TYPE(self.tree) or self._declared()
        return Head(self._canonical(site), declared or len(self.own_text) >= _TEXT_ENOUGH, missing)

    @property
    def own_text(self) -> str:
        """The text that is no link's."""
        if self._own_text is None:
            self._own_text = " ".join(" ".join(_OWN_TEXT(self.tree)).split())
        return self._own_text

    def words(self) -> str:
        """All that tells what the page is about: title, headings, description and text, one below the other.

        Where there is hardly a text, what scripts hold counts too: some papers write it from there.
        """
        parts = [_TITLE, _HEADINGS, _DESCRIBED, *([_SCRIPTS] if len(self.own_text) < _TEXT_ENOUGH else [])]
        said = "\n".join([*(" ".join(part(self.tree)) for part in parts), self.own_text])
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), said)

    def _canonical(self, site: Site) -> str | None:
        found = _CANONICAL(self.tree)
        url = normal(urljoin(self.address, found[0])) if found else None
        return url if url and belongs(url, site) and urlsplit(url).path not in ("", "/") else None

    def _declared(self) -> bool:
        for script in _DATA(self.tree):
            try:
                said = json.loads(script)
            except ValueError:
                continue
            items = said if isinstance(said, list) else [said]
            if any(isinstance(item, dict) and "Article" in str(item.get("@type")) for item in items):
                return True
        return False


def _day(match: re.Match[str]) -> date | None:
    day, month, year = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _as_html(text: str, item: str | None) -> str:
    """JSON as HTML: its pieces of HTML, a link for each address and object that has one; other text as it is."""
    try:
        said = json.loads(text)
    except ValueError:
        return text
    pieces, waiting = [], [said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and "<a " in value:
            pieces.append(value)
        elif isinstance(value, str) and value.startswith(("/", "http://", "https://")):
            pieces.append(f'<a href="{escape(value)}"></a>')
        elif isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            address, title = (_first(value, keys) for keys in (_ADDRESS_KEYS, _TITLE_KEYS))
            address = address or _made(item, value)
            if address:
                pieces.append(f'<a href="{escape(address)}">{escape(title)}</a>')
            waiting += reversed([part for key, part in value.items() if key not in _ADDRESS_KEYS])
    return f"<body>{''.join(pieces)}</body>"


def _made(item: str | None, values: dict[str, Any]) -> str:
    """The address that the pattern makes of an object's fields, empty where it has not all of them."""
    fields = {name: values.get(name) for _, name, _, _ in Formatter().parse(item or "") if name}
    if not item or not all(isinstance(value, str | int) for value in fields.values()):
        return ""
    return item.format_map({name: quote(str(value)) for name, value in fields.items()})


def _first(values: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((values[key] for key in keys if isinstance(values.get(key), str)), "")
