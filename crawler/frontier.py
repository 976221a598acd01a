"""What is known of one site during a crawl: what was met, asked and found, and what is worth asking next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import quote

from crawler.discovery import Page, Sitemap, read_sitemap, robots_sitemaps
from crawler.links import (
    Link,
    absolute,
    belongs,
    is_article,
    is_listing,
    month_of,
    next_page,
    normal,
    page_number,
    shape,
    without_page,
)
from crawler.plan import KNOWN, Memory, Plan, as_day
from crawler.report import SiteReport
from crawler.sites import Site
from crawler.topic import Topic

Kind = Literal["robots", "home", "sitemap", "feed", "search", "control", "listing", "article"]

MAX_SITEMAPS = 1_000
MAX_SITEMAP_DEPTH = 4
MAX_LISTINGS = 3_000
BARREN = 4  # listing pages of one shape in a row that repeat another's articles before the shape is left alone
STALE = 40  # the same for pages that show, in another order, only articles met before (a menu may have them all)
FAILURES = 6  # failures in a row after which a site counts as down
BELIEVED = 0.9  # share of the home page's articles that a complete sitemap lists, of a list's days that are too old
DATED = 5  # days that a list must show to be judged by them
PROBE: dict[Kind, int] = {"home": 1, "sitemap": 3, "feed": 2, "search": 1, "listing": 1, "article": 2}
NOTHING = "qzxwvjk"  # what no paper writes: a search for it shows the menu and side columns alone
PRIORITY: dict[Kind, int] = {
    "home": 100, "feed": 60, "search": 50, "control": 45, "article": 40, "sitemap": 30, "listing": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A URL to be asked: `likely` an article whose own words do not say the topic but whose company does."""

    url: str
    kind: Kind
    title: str = ""
    depth: int = 0
    likely: bool = False
    guess: bool = False


class Frontier:
    """One site of a plan. Its methods take what was found and yield wishes, each URL once a run."""

    def __init__(self, site: Site, plan: Plan, topic: Topic, report: SiteReport) -> None:
        self.site, self.plan, self.topic, self.report = site, plan, topic, report
        self.asked: set[str] = set()
        self.articles: set[str] = set()  # article URLs met
        self.stored: set[str] = set()  # canonical URLs that this run has
        self.lastmod: dict[str, str] = {}
        self.on_sitemap: set[str] = set()
        self.front: set[str] = set()  # everything the home page links to
        self.doubtful: list[tuple[Link, int]] = []  # on a search's page so often, but on the home page too
        self.frame: Counter[str] | None = None  # what a search shows, and how often, that finds nothing
        self.held: list[Wish] = []  # listings, until the sitemaps are read
        self.barren: Counter[str] = Counter()  # by shape, as are the next two
        self.stale: Counter[str] = Counter()
        self.shown: dict[str, set[int]] = {}
        self.sitemaps = self.listings = self.spent = self.failures = self.waiting = 0
        self.home_read = self.news_only = self.down = False
        self.crawl_delay = 0.0
        self.asked_of: Counter[Kind] = Counter()
        self.search = ""  # the pattern in use
        self.robots: list[str] = []

    def memory(self, url: str) -> Memory | None:
        """What an earlier run knows of the URL."""
        known: Memory | Mapping[str, Any] | None = self.plan.memory.get(url)
        return Memory.of(known) if known else None

    def spend(self) -> bool:
        """Takes one page of the allowance; False when none is left."""
        if self.plan.max_pages is not None and self.spent >= self.plan.max_pages:
            return False
        self.spent += 1
        return True

    def robots_read(self, url: str, text: str, *, refused: bool) -> None:
        """Takes the Sitemap lines of a robots.txt; a refused one (5xx, no answer) is counted as an error."""
        self.robots += [link for link in robots_sitemaps(text, url) if belongs(link, self.site)]
        self.report.robots = "unavailable" if refused else "read" if text else "missing"
        if refused:
            self.report.errors["robots.txt unavailable"] += 1

    def start(self) -> Iterator[Wish]:
        """The home page, from which the rest follows."""
        yield from self._ask(Wish(normal(self.site.home) or self.site.home, "home"))

    def after_home(self, page: Page | None) -> Iterator[Wish]:
        """Everything that stands beside the home page: sitemaps, feeds, the site's search, its sections (held back)."""
        self.home_read = True
        site = self.site
        named = [*self.robots, *(absolute(site, where) for where in site.sitemaps)]
        for url in named or [absolute(site, "/sitemap.xml")]:
            yield from self._ask(Wish(url, "sitemap", guess=not named))
        declared = [absolute(site, where) for where in site.feeds]
        feeds = declared or (page.feeds(site) if page else []) or [absolute(site, "/rss")]
        for url in feeds:
            yield from self._ask(Wish(url, "feed", guess=not declared))
        pattern = site.search or (page.search() if page else None)
        if pattern and self.topic:
            self.search = absolute(site, pattern)
            for phrase in self.topic.searches:
                yield from self._ask(Wish(search_url(self.search, phrase), "search"))
        for where in site.listings:
            yield from self._ask(Wish(absolute(site, where), "listing"))
        if page:
            links = page.links(site)
            self.front = {link.url for link in links}
            yield from self._met(links, "home")
            yield from self._sections(links, depth=1)

    def after_sitemap(self, sitemap: Sitemap, depth: int) -> Iterator[Wish]:
        """A sitemap's children (newest month first, those outside the plan's days left out) and articles."""
        self.news_only = self.news_only or sitemap.news
        children = sorted(sitemap.children, key=_newest, reverse=True)
        self.lastmod |= {child.url: child.lastmod for child in children if child.lastmod}
        for child in children:
            if depth < MAX_SITEMAP_DEPTH and self.sitemaps < MAX_SITEMAPS and self._in_days(child):
                yield from self._ask(Wish(child.url, "sitemap", depth=depth + 1))
        pages = [link for link in sitemap.pages if belongs(link.url, self.site)]
        for link in pages:
            if link.lastmod:
                self.lastmod[link.url] = link.lastmod
        if not sitemap.news:
            self.on_sitemap.update(link.url for link in pages)
        yield from self._met(pages, "sitemap")

    def closed(self, url: str, body: bytes) -> bool:
        """Whether a sitemap need not be asked again, `body` being what an earlier run has of it.

        Its index must give the lastmod that it gave then, and that must be honest: no entry is newer.
        """
        known, lastmod = self.memory(url), self.lastmod.get(url)
        if not known or not lastmod or known.lastmod != lastmod:
            return False
        try:
            entries = read_sitemap(body, url)
        except ValueError:
            return False
        days = [as_day(link.lastmod) for link in [*entries.pages, *entries.children] if link.lastmod]
        return bool(days) and max(days) <= as_day(lastmod) < as_day(known.fetched_at or "")

    def after_feed(self, links: Iterable[Link], page: Page | None) -> Iterator[Wish]:
        """A feed's articles; `page` where HTML came instead (an index of feeds)."""
        yield from self._met(list(links), "feed")
        if page:
            for url in page.feeds(self.site):
                yield from self._ask(Wish(url, "feed"))

    def after_listing(self, page: Page, wish: Wish) -> Iterator[Wish]:
        """A listing's or search result's articles, its further pages while they bring something new, its sections."""
        links = page.links(self.site)
        fresh = {link.url for link in links if is_article(link.url, self.site)} - self.articles
        said = wish.kind == "search"
        yield from self._met(links, wish.kind)
        if said:
            times = Counter(link.url for link in page.anchors(self.site))
            yield from self._hinted([(link, times[link.url]) for link in links])
        form = shape(wish.url)
        barren = self._judge(form, page, fresh=bool(fresh))
        pager = {link.url: page_number(link.url) or 0 for link in links if same_list(link.url, wish.url)}
        further = [url for url, number in pager.items() if number]
        last = any(pager.values()) and max(pager.values()) <= (page_number(wish.url) or 1)
        further += [url for url in page.next_links() if belongs(url, self.site) and is_listing(url, self.site)]
        following = next_page(wish.url)
        if following and links and not barren and not last:
            further.append(following)
        further += page.more_links()
        if wish.kind != "listing" or not self._before_since(page):
            for url in dict.fromkeys(further):
                yield from self._ask(Wish(url, wish.kind, depth=wish.depth))
        if not said:
            yield from self._sections(links, wish.depth + 1)

    def _before_since(self, page: Page) -> bool:
        """Whether a list, newest first, is past the plan's first day: nearly all of five days or more that it shows."""
        days = page.days() if self.plan.since else []
        older = [day for day in days if self.plan.since and day < self.plan.since]
        return len(days) >= DATED and len(older) >= BELIEVED * len(days)

    def after_control(self, page: Page) -> Iterator[Wish]:
        """The results that stood on the home page too, now that menu and side columns are known."""
        self.frame = Counter(link.url for link in page.anchors(self.site))
        doubtful, self.doubtful = self.doubtful, []
        yield from self._hinted(doubtful)

    def _judge(self, form: str, page: Page, *, fresh: bool) -> bool:
        """Counts a list page that leads nowhere: an endless calendar's days differ in address, not in articles."""
        sequence = hash(tuple(link.url for link in page.anchors(self.site) if link.url in self.articles))
        shown = self.shown.setdefault(form, set())
        barren = not fresh and sequence in shown
        shown.add(sequence)
        self.barren[form] = self.barren[form] + 1 if barren else 0
        self.stale[form] = 0 if fresh else self.stale[form] + 1
        return barren

    def settled(self, page: Page) -> bool:
        """Whether every article that a listing links to is known from an earlier run."""
        links = [link.url for link in page.links(self.site) if is_article(link.url, self.site)]
        return bool(links) and all((known := self.memory(url)) and known.outcome in KNOWN for url in links)

    def release(self) -> Iterator[Wish]:
        """The sections held back, once no sitemap is awaited; none where those list what the home page shows."""
        if self.waiting or not self.home_read:
            return
        held, self.held = self.held, []
        if not self.sitemap_believed():
            for wish in held:
                yield from self._ask(wish)

    def sitemap_believed(self) -> bool:
        """Whether the sitemaps hold nearly all articles of the home page, so that sections need not be walked."""
        shown = {url for url in self.front if is_article(url, self.site)}
        return bool(shown) and len(shown & self.on_sitemap) >= BELIEVED * len(shown)

    def failed(self, *, really: bool) -> None:
        """Counts failures in a row of a site that does not answer."""
        self.failures = self.failures + 1 if really else 0
        self.down = self.down or self.failures >= FAILURES

    def _sections(self, links: list[Link], depth: int) -> Iterator[Wish]:
        for link in links:
            if depth > 3 or page_number(link.url) or not is_listing(link.url, self.site):
                continue
            named = bool(self.topic) and (self.topic.matches_url(link.url) or self.topic.matches(link.title))
            if named and depth == 1:
                yield from self._ask(Wish(link.url, "search", depth=depth))
            elif "/tag" not in link.url and "-ptag" not in link.url and "/tim-kiem" not in link.url:
                self.held.append(Wish(link.url, "listing", depth=depth))
        yield from self.release()

    def _met(self, links: list[Link], where: Kind) -> Iterator[Wish]:
        for link in filter(self._may_lead, links):
            self.report.met[where] += 1
            self.articles.add(link.url)
            said = not self.topic or self.topic.matches(link.title) or self.topic.matches_url(link.url)
            if said and self._wanted(link, said=True):
                yield from self._ask(Wish(link.url, "article", title=link.title))
        self.report.seen = len(self.articles)

    def _hinted(self, found: list[tuple[Link, int]]) -> Iterator[Wish]:
        """What a search's page shows, each so many times; menu and side columns are told by a search for nothing."""
        for link, times in found:
            if not self._may_lead(link) or link.url in self.asked or not self._wanted(link, said=False):
                continue
            if link.url not in self.front if self.frame is None else times > self.frame[link.url]:
                yield from self._ask(Wish(link.url, "article", title=link.title, likely=True))
            elif self.frame is None and self.search:
                self.doubtful.append((link, times))
                yield from self._ask(Wish(search_url(self.search, NOTHING), "control"))

    def _may_lead(self, link: Link) -> bool:
        return belongs(link.url, self.site) and is_article(link.url, self.site) and self._in_days(link)

    def _wanted(self, link: Link, *, said: bool) -> bool:
        known = self.memory(link.url)
        if known is None or known.outcome not in KNOWN:
            return True
        if known.outcome == "off topic" and said:
            return True
        return self.plan.revisit or known.older_than(link.lastmod)

    def _in_days(self, link: Link) -> bool:
        """Whether the link may lead into the plan's days; what tells no day may."""
        month, since, until = month_of(link.url), self.plan.since, self.plan.until
        if month and until and month > until:
            return False
        if month and since and month < date(since.year, since.month, 1):
            return False
        return not (since and link.lastmod and as_day(link.lastmod) < since.isoformat())

    def _ask(self, wish: Wish) -> Iterator[Wish]:
        url = normal(wish.url) or wish.url
        if url in self.asked or not belongs(url, self.site):
            return
        if self.plan.probe and self.asked_of[wish.kind] >= PROBE.get(wish.kind, 0):
            return
        if wish.kind in ("listing", "search"):
            form = shape(url)
            if self.barren[form] >= BARREN or self.stale[form] >= STALE or self.listings >= MAX_LISTINGS:
                return
            self.listings += 1
        self.asked.add(url)
        self.asked_of[wish.kind] += 1
        if wish.kind == "sitemap":
            self.sitemaps += 1
            self.waiting += 1
        yield Wish(url, wish.kind, wish.title, wish.depth, wish.likely, wish.guess)


def search_url(pattern: str, phrase: str) -> str:
    """A search pattern with the phrase in its place of {query}, percent-encoded."""
    return pattern.replace("{query}", quote(phrase)).replace("%7Bquery%7D", quote(phrase))


def same_list(url: str, other: str) -> bool:
    """Whether two URLs are pages of one listing: the same but for the page's number."""
    return without_page(url) == without_page(other)


def _newest(link: Link) -> str:
    month = month_of(link.url)
    return link.lastmod or (month.isoformat() if month else "")
