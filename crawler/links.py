"""What a URL says before it is fetched: whose it is, whether an article or a list, which month, which page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from courlan import clean_url, is_not_crawlable
from courlan.filters import FILE_TYPE, lang_filter

from crawler.sites import Site

MENUS = 50_000  # links remembered with what was said of them: a page's menu and columns stand on all others too
_SESSION = re.compile(r"(?i)^(?:phpsessid|jsessionid|aspsessionid\w*|sid|session_?id)$")
_TRACKER = re.compile(r"(?i)^(?:utm_|fbclid|gclid|zarsrc|_ga)")
_SESSION_PATH = re.compile(r"(?i);jsessionid=[^/?#]*|/\(S\([a-z0-9]{20,}\)\)")
# A page made again from another: printer's, AMP, mobile and saved copies.
_TWIN = re.compile(r"(?i)/(?:print|in-trang|savefile|amp|version/mobile)(?:/|$)|[?&](?:print|amp|in)=|\.amp$")
_UTILITY = re.compile(
    r"(?i)/(?:login|dang-nhap|dang-ky|register|admin|api|ajax|rss|feed|epaper|xem-bao|bao-in|lien-he|quang-cao|gioi-thieu)"
    r"(?:[/.?]|$)"
)
_IDENTITY = re.compile(r"-(?:a|d|post|postid|n|id)?\d{4,}$|-[0-9a-f]{7,32}$", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:s?html?|aspx?|php|bbg|amp)$", re.IGNORECASE)
_PAGE_KEY = re.compile(r"(?i)^(?:p|page|trang|pageindex|pagenumber|pageno|currentpage|paged|pn)$")
_OFFSET_KEY = re.compile(r"(?i)^(?:offset|start|skip|limitstart)$")
_SIZE_KEY = re.compile(r"(?i)^(?:limit|size|pagesize|page_size|per_page|count|take)$")
_PAGE_PATH = re.compile(r"(?i)(?:/(?:page|trang)[-/]?|/p/?|-trang-(?!\d{4}))(\d{1,4})(?=[/.]|$)")
_SHAREPOINT_ITEM = re.compile(r"(?i)/lists/[^?]+\.aspx\?(?:[^#]*&)?(?:item)?id=\d+")
_MONTH_PATH = re.compile(r"/(20\d\d)(0[1-9]|1[0-2])/|(?<!\d)(20\d\d)-(0?[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True)
class Link:
    """A URL met somewhere, with what was said of it: the anchor's or feed's words, the sitemap's lastmod.

    `day` is that of publication, where a list or feed shows it beside the link.
    """

    url: str
    title: str = ""
    lastmod: str | None = None
    day: date | None = None


@lru_cache(MENUS)
def normal(url: str) -> str | None:
    """The URL without fragment, session id or tracking parameters; None when it is none of http(s).

    A bare host gets its "/", so that memory knows a home page by one name. courlan cleans the path only: it would
    take away parameters that a search or a listing needs (keyword, cat).
    """
    bare = _SESSION_PATH.sub("", url.strip().split("#")[0])
    try:
        parts = urlsplit(bare)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return None
    web = parts.scheme in ("http", "https") and parts.netloc
    cleaned = clean_url(urlunsplit((*parts[:3], "", ""))) if web else None
    if not cleaned:
        return None
    kept = [(key, value) for key, value in query if not (_SESSION.match(key) or _TRACKER.match(key))]
    whole = cleaned if urlsplit(cleaned).path else f"{cleaned}/"
    return f"{whole}?{urlencode(kept)}" if kept else whole


def absolute(site: Site, where: str) -> str:
    """A URL or path of the catalogue as a URL."""
    return urljoin(site.home, where)


def belongs(url: str, site: Site) -> bool:
    """Whether the URL's host (with or without www) is the site's."""
    return _host(url) in _hosts(site)


@lru_cache(MENUS)
def _host(url: str) -> str:
    return _bare(urlsplit(url).netloc)


@lru_cache(1_000)
def _hosts(site: Site) -> frozenset[str]:
    return frozenset(map(_bare, site.all_hosts))


def is_article(url: str, site: Site) -> bool:
    """Whether the URL looks like an article's: by the catalogue's pattern, else by a long or numbered slug."""
    return _is_article(url, site.article, site.skip)


@lru_cache(MENUS)
def _is_article(url: str, pattern: str | None, skip: str | None) -> bool:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if _excluded(url, path, skip) or page_number(url) is not None:
        return False
    if pattern:
        return bool(re.search(pattern, path) or (parts.query and re.search(pattern, f"{path}?{parts.query}")))
    if is_item(url):
        return True
    slug = _EXTENSION.sub("", path.rstrip("/").rpartition("/")[2])
    parent = path.rstrip("/").rpartition("/")[0].rpartition("/")[2]
    words = slug.count("-") + slug.count("_")
    return words >= 4 or (words >= 2 and bool(_IDENTITY.search(slug) or parent.isdigit()))


def is_item(url: str) -> bool:
    """Whether the URL is one item's of a SharePoint list."""
    return _SHAREPOINT_ITEM.search(url) is not None


def is_listing(url: str, site: Site) -> bool:
    """Whether the URL may be a section, topic or tag page worth walking (it is not an article, a file or a form)."""
    return not is_article(url, site) and _is_listing(url, site.skip)


@lru_cache(MENUS)
def _is_listing(url: str, skip: str | None) -> bool:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if _excluded(url, path, skip) or _UTILITY.search(path):
        return False
    keys = [key for key, _ in parse_qsl(parts.query)]
    return path.count("/") <= 4 and len(keys) <= 2 and not FILE_TYPE.search(path)


@lru_cache(MENUS)
def page_number(url: str) -> int | None:
    """The number of a list's further page (?p=3, /page/3/) or of its first article (?offset=20), None for others."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if _is_place(key) and value.isdecimal() and len(value) <= 5:
            return int(value)
    found = _PAGE_PATH.search(parts.path)
    return int(found[1]) if found else None


@lru_cache(MENUS)
def without_page(url: str) -> str:
    """The URL without its page number and final slash: the name that all pages of a listing share."""
    parts = urlsplit(url)
    query = [(key, value) for key, value in parse_qsl(parts.query) if not _is_place(key)]
    path = _PAGE_PATH.sub("", parts.path).rstrip("/")
    return urlunsplit(parts._replace(path=path, query=urlencode(query)))


def step_of(url: str) -> int | None:
    """Articles from one page to the next of a list that counts them: its limit, else its offset; None for others."""
    query = parse_qsl(urlsplit(url).query)
    offset = next((int(value) for key, value in query if _OFFSET_KEY.match(key) and value.isdecimal()), None)
    if offset is None:
        return None
    sizes = [int(value) for key, value in query if _SIZE_KEY.match(key) and value.isdecimal() and int(value)]
    return sizes[0] if sizes else offset or None


def next_page(url: str, step: int = 1) -> str | None:
    """The URL of the page after this numbered one, None when it has no number; `step` is what the number grows by."""
    number = page_number(url)
    if number is None:
        return None
    parts = urlsplit(url)
    if _PAGE_PATH.search(parts.path):
        path = _PAGE_PATH.sub(lambda match: match[0].replace(match[1], str(number + step)), parts.path)
        return urlunsplit(parts._replace(path=path))
    query = [(key, str(number + step) if _is_place(key) else value) for key, value in parse_qsl(parts.query)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _is_place(key: str) -> bool:
    return bool(_PAGE_KEY.match(key) or _OFFSET_KEY.match(key))


def shape(url: str) -> str:
    """The URL with digits as 0 and values of parameters left out: pages of one calendar or pager share it."""
    parts = urlsplit(url)
    keys = "&".join(sorted(key for key, _ in parse_qsl(parts.query)))
    return f"{parts.netloc}{re.sub(r'[0-9]+', '0', parts.path)}?{keys}"


def search_url(pattern: str, phrase: str) -> str:
    """A search pattern with the phrase in its place of {query}, percent-encoded."""
    return pattern.replace("{query}", quote(phrase)).replace("%7Bquery%7D", quote(phrase))


def same_list(url: str, other: str) -> bool:
    """Whether two URLs are pages of one listing: the same but for the page's number."""
    return without_page(url) == without_page(other)


@lru_cache(MENUS)
def month_of(url: str) -> date | None:
    """The first day of the month that the URL names (/202503/, news-2025-3.xml), None when it names none."""
    found = _MONTH_PATH.search(urlsplit(url).path)
    if not found:
        return None
    year, month = (found[1], found[2]) if found[1] else (found[3], found[4])
    return date(int(year), int(month), 1)


def _excluded(url: str, path: str, skip: str | None) -> bool:
    query = urlsplit(url).query
    twin = _TWIN.search(f"{path}?{query}" if query else path)
    foreign = not lang_filter(url, "vi") or (skip is not None and re.search(skip, path))
    return bool(twin or foreign or FILE_TYPE.search(path) or is_not_crawlable(url))


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")
