"""What is known of one site during a crawl: what was met, asked and found, and what is worth asking next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

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
    same_list,
    search_url,
    shape,
    step_of,
    without_page,
)
from crawler.plan import KNOWN, Memory, Plan, as_day, moment
from crawler.report import SiteReport
from crawler.search import Search
from crawler.sites import Site
from crawler.topic import Topic
from crawler.wishes import AWAITED, HELD, Held, Kind, Wish

MAX_SITEMAPS = 1_000
MAX_SITEMAP_DEPTH = 4
MAX_LISTINGS = 3_000
BARREN = 4  # listing pages of one shape in a row that repeat another's articles before the shape is left alone
STALE = 40  # the same for pages that show, in another order, only articles met before (a menu may have them all)
FAILURES = 6  # failures in a row after which a site counts as down
BELIEVED = 0.9  # share of the home page's articles that a complete sitemap lists, of a list's days that are too old
MISSING = timedelta(days=30)  # for which a guessed sitemap or feed that was not there is not asked again
DATED = 5  # days that a list must show to be judged by them
PROBE: dict[Kind, int] = {"home": 1, "sitemap": 3, "feed": 2, "search": 1, "listing": 1, "article": 2}
NOTHING = "qzxwvjk"  # what no paper writes: a search for it shows the menu and side columns alone


class Frontier:
    """One site of a plan. Its methods take what was found and yield wishes, each URL once a run."""

    def __init__(self, site: Site, plan: Plan, topic: Topic, report: SiteReport) -> None:
        self.site, self.plan, self.topic, self.report = site, plan, topic, report
        self.asked: set[str] = set()
        self.articles: set[str] = set()  # article URLs met
        self.stored: set[str] = set()  # canonical URLs that this run has
        self.lastmod: dict[str, str] = {}
        self.on_sitemap: set[str] = set()
        self.search = Search()
        self.doubtful: list[Link] = []  # on a search's page, but on the home page too
        self.held = Held(open=set(HELD) if plan.probe else set())
        self.before: set[str] = set()  # articles that an earlier run met on the pages that this one asks again
        self.barren: Counter[str] = Counter()  # by shape, as are the next two
        self.stale: Counter[str] = Counter()
        self.shown: dict[str, set[int]] = {}
        self.steps: dict[str, set[int]] = {}  # by list
        self.sitemaps = self.listings = self.spent = self.failures = self.waiting = self.searching = 0
        self.articles_done = 0
        self.home_read = self.quiet = self.down = False
        self.finished = site.id in plan.finished and not plan.revisit
        self.crawl_delay = 0.0
        self.asked_of: Counter[Kind] = Counter()
        self.pattern = ""  # of the search's addresses
        self.retry: list[Wish] = []  # articles that a finished run could not get
        self.robots: list[str] = []

    def memory(self, url: str) -> Memory | None:
        """What an earlier run knows of the URL."""
        known: Memory | Mapping[str, Any] | None = self.plan.memory.get(url)
        return Memory.of(known) if known else None

    def failed_before(self, url: str, known: Memory) -> None:
        """Takes a URL that gave an error last time: an article is tried again though no list shows it."""
        if self.finished and known.status not in (404, 410) and is_article(url, self.site):
            self.retry.append(Wish(url, "article", likely=bool(self.topic) and not self.topic.matches_url(url)))

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
        """What stands beside the home page: sitemaps and the site's search; feeds and sections are held back.

        Where an earlier run went to the end and the home page shows no article since, only what is likeliest to
        announce one is asked.
        """
        self.home_read = True
        site, links = self.site, page.links(self.site) if page else []
        shown = any(is_article(link.url, site) for link in links)  # what is put before a site in trouble shows none
        self.quiet = shown and self.finished and not self.news(links)
        self.search.front = {link.url for link in links}
        pattern = site.search or (page.search() if page else None)
        if pattern and self.topic:
            self.pattern = absolute(site, pattern)
            for phrase in self.topic.searches[: 1 if self.quiet else None]:
                yield from self._ask(Wish(search_url(self.pattern, phrase), "search"))
        yield from self._met(links, "home")
        yield from self._ask_all(self.retry)
        named = [*self.robots, *(absolute(site, where) for where in site.sitemaps)]
        for url in named or [absolute(site, "/sitemap.xml")]:
            yield from self._ask(Wish(url, "sitemap", guess=not named))
        declared = [absolute(site, where) for where in site.feeds]
        feeds = [Wish(url, "feed", guess=not declared) for url in declared or self._feeds(page)]
        if self.quiet:
            yield from [] if self.sitemaps else self._ask_all(feeds[:1])
            return
        for wish in feeds:
            yield from self._hold(wish)
        for where in site.listings:
            yield from self._hold(Wish(absolute(site, where), "listing"))
        yield from self._sections(links, depth=1)

    def _feeds(self, page: Page | None) -> list[str]:
        return (page.feeds(self.site) if page else []) or [absolute(self.site, "/rss")]

    def after_sitemap(self, sitemap: Sitemap, depth: int) -> Iterator[Wish]:
        """A sitemap's articles and children; children outside the plan's days or older than a finished run are none."""
        children = sorted(sitemap.children, key=_newest, reverse=True)
        self.lastmod |= {child.url: child.lastmod for child in children if child.lastmod}
        for child in children:
            if depth < MAX_SITEMAP_DEPTH and self.sitemaps < MAX_SITEMAPS and self._in_days(child):
                wish = Wish(child.url, "sitemap", depth=depth + 1)
                if not self.finished:
                    yield from self._hold(wish)
                elif (self.memory(child.url) or not self._older(child)) and (child.lastmod or not self.quiet):
                    yield from self._ask(wish)
        pages = [link for link in sitemap.pages if belongs(link.url, self.site)]
        for link in pages:
            if link.lastmod:
                self.lastmod[link.url] = link.lastmod
        if not sitemap.news:
            self.on_sitemap.update(link.url for link in pages)
        yield from self._met(pages, "sitemap")

    def _older(self, part: Link) -> bool:
        """Whether a part of a sitemap ended before the last run, which left it out."""
        home = self.memory(normal(self.site.home) or self.site.home)
        last = as_day(home.fetched_at or "") if home else ""
        month = month_of(part.url)
        return as_day(part.lastmod) < last if part.lastmod else bool(month) and f"{month:%Y-%m}" < last[:7]

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
        links = page.dated_links(self.site) if self.plan.since or self.plan.until else page.links(self.site)
        news = not self.finished or self.news(links)
        fresh = {link.url for link in links if is_article(link.url, self.site)} - self.articles
        said = wish.kind == "search"
        yield from self._met(links, wish.kind)
        if said:
            self.search.read(Counter(link.url for link in page.anchors(self.site)))
            yield from self._hinted(links)
        form = shape(wish.url)
        barren = self._judge(form, page, fresh=bool(fresh))
        pager = {link.url: page_number(link.url) or 0 for link in links if same_list(link.url, wish.url)}
        further = sorted((url for url, number in pager.items() if number), key=lambda url: pager[url])
        last = any(pager.values()) and max(pager.values()) <= (page_number(wish.url) or 1)
        further += [url for url in page.next_links() if belongs(url, self.site) and is_listing(url, self.site)]
        following = next_page(wish.url, self._step([wish.url, *further]))
        if following and links and not barren and not last:
            further.append(following)
        further += [url for url in page.more_links() if not is_article(url, self.site)]
        if news and (said or not self._before_since(page)):
            for url in dict.fromkeys(further):
                yield from self._hold(Wish(url, wish.kind, depth=wish.depth))
        if not said:
            yield from self._sections(links, wish.depth + 1)

    def _step(self, urls: list[str]) -> int:
        """What the number in a list's addresses grows by: 1 for pages, the least step seen where it counts articles."""
        steps = self.steps.setdefault(without_page(urls[0]), set())
        steps.update(step for url in urls if same_list(url, urls[0]) and (step := step_of(url)))
        return min(steps, default=1)

    def news(self, links: Iterable[Link]) -> bool:
        """Whether a list shows an article that no earlier run met, as far as memory and the same lists of then say."""
        met = (link.url for link in links if is_article(link.url, self.site) and link.url not in self.before)
        return any(self.memory(url) is None for url in met)

    def met_before(self, page: Page) -> None:
        """Takes a list as an earlier run had it."""
        self.before.update(link.url for link in page.links(self.site))

    def _before_since(self, page: Page) -> bool:
        """Whether a list, newest first, is past the plan's first day: nearly all of five days or more that it shows."""
        days = page.days() if self.plan.since else []
        older = [day for day in days if self.plan.since and day < self.plan.since]
        return len(days) >= DATED and len(older) >= BELIEVED * len(days)

    def after_control(self, page: Page) -> Iterator[Wish]:
        """The results that stood on the home page too, now that menu and side columns are known."""
        self.search.frame = Counter(link.url for link in page.anchors(self.site))
        yield from self._hinted(self.doubtful)

    def after_article(self, page: Page) -> Iterator[Wish]:
        """The same, once some articles' pages have shown what stands on every page."""
        if self.search.frame is None:
            known = self.search.framed(Counter(link.url for link in page.anchors(self.site)))
            yield from self._hinted(self.doubtful if known else [])
        if self.topic and not self.searching and not self.search.answers:  # tags find what a search would have found
            links = [link for link in page.links(self.site) if self._named(link) and is_listing(link.url, self.site)]
            yield from self._ask_all(Wish(link.url, "search", depth=1) for link in links)

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
        if not self.plan.memory:
            return False
        links = [link.url for link in page.links(self.site) if is_article(link.url, self.site)]
        return bool(links) and all((known := self.memory(url)) and known.outcome in KNOWN for url in links)

    def done(self, wish: Wish) -> Iterator[Wish]:
        """What a finished or failed request lets go; each request's wish comes here once."""
        if wish.kind == "home" and not self.home_read:
            yield from self.after_home(None)
        self.waiting -= wish.kind in AWAITED
        self.searching -= wish.kind == "search"
        self.articles_done += wish.kind == "article"
        yield from self._go_on()

    def _go_on(self) -> Iterator[Wish]:
        """What was held back, where nothing is awaited that might make it needless."""
        while self.held.wishes and self.home_read and self.waiting <= 0:
            search = self.search if self.topic else None
            yield from self._ask_all(self.held.next(search, complete=self.sitemap_believed()))
        none_left = self.articles_done >= self.asked_of["article"]  # to show what stands on every page
        if self.doubtful and self.search.frame is None and self.pattern and none_left and self.waiting <= 0:
            yield from self._ask(Wish(search_url(self.pattern, NOTHING), "control"))

    def _hold(self, wish: Wish) -> Iterator[Wish]:
        """The wish where its kind is not held back."""
        self.held.paged |= wish.kind == "listing" and page_number(wish.url) is not None
        if not self.held.keep(wish):
            yield from self._ask(wish)

    def _ask_all(self, wishes: Iterable[Wish]) -> Iterator[Wish]:
        self.waiting += (
            1  # what is read from the archive is done at once, and must not let go what comes after all these
        )
        for wish in wishes:
            yield from self._ask(wish)
        self.waiting -= 1

    def sitemap_believed(self) -> bool:
        """Whether the sitemaps hold nearly all articles of the home page, so that sections need not be walked."""
        shown = {url for url in self.search.front if is_article(url, self.site)}
        return bool(shown) and len(shown & self.on_sitemap) >= BELIEVED * len(shown)

    def failed(self, *, really: bool) -> None:
        """Counts failures in a row of a site that does not answer."""
        self.failures = self.failures + 1 if really else 0
        self.down = self.down or self.failures >= FAILURES

    def _sections(self, links: list[Link], depth: int) -> Iterator[Wish]:
        for link in links:
            if depth > 3 or page_number(link.url) or not is_listing(link.url, self.site):
                continue
            if self._named(link) and depth == 1:
                yield from self._ask(Wish(link.url, "search", depth=depth))
            elif "/tag" not in link.url and "-ptag" not in link.url and "/tim-kiem" not in link.url:
                yield from self._hold(Wish(link.url, "listing", depth=depth))

    def _named(self, link: Link) -> bool:
        """Whether a link says the topic."""
        return bool(self.topic) and (self.topic.matches_url(link.url) or self.topic.matches(link.title))

    def _met(self, links: list[Link], where: Kind) -> Iterator[Wish]:
        for link in filter(self._may_lead, links):
            self.report.met[where] += 1
            self.articles.add(link.url)
            said = not self.topic or self._named(link)
            if said and where != "search":
                self.search.shown.add(link.url)
            known = self.memory(link.url)
            kept = known is not None and known.outcome in ("new", "changed", "unchanged")  # by whatever told the topic
            if (said or kept) and self._wanted(link, said=True):
                yield from self._ask(Wish(link.url, "article", title=link.title))
        self.report.seen = len(self.articles)

    def _hinted(self, found: list[Link]) -> Iterator[Wish]:
        """What the search found and no title says; what stands on the home page too waits for the frame."""
        doubtful = []
        for link in found:
            if not self._may_lead(link) or link.url in self.asked or not self._wanted(link, said=False):
                continue
            if self.finished and link.url in self.before:
                continue
            result = self.search.is_result(link.url)
            if result:
                yield from self._ask(Wish(link.url, "article", title=link.title, likely=True))
            elif result is None:
                doubtful.append(link)
        self.doubtful = doubtful if found is self.doubtful else self.doubtful + doubtful

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
        if link.day:
            return (since or link.day) <= link.day <= (until or link.day)
        if month and until and month > until:
            return False
        if month and since and month < date(since.year, since.month, 1):
            return False
        return not (since and link.lastmod and as_day(link.lastmod) < since.isoformat())

    def _was_missing(self, url: str) -> bool:
        known = self.memory(url) if self.finished else None
        return bool(known and known.outcome == "error" and datetime.now(UTC) - moment(known.fetched_at or "") < MISSING)

    def _ask(self, wish: Wish) -> Iterator[Wish]:
        url = normal(wish.url) or wish.url
        if url in self.asked or not belongs(url, self.site):
            return
        if self.plan.probe and self.asked_of[wish.kind] >= PROBE.get(wish.kind, 0):
            return
        if wish.guess and self._was_missing(url):
            return
        if wish.kind in ("listing", "search"):
            form = shape(url)
            if self.barren[form] >= BARREN or self.stale[form] >= STALE or self.listings >= MAX_LISTINGS:
                return
            self.listings += 1
        self.asked.add(url)
        self.asked_of[wish.kind] += 1
        self.sitemaps += wish.kind == "sitemap"
        self.waiting += wish.kind in AWAITED
        self.searching += wish.kind == "search"
        yield Wish(url, wish.kind, wish.title, wish.depth, wish.likely, wish.guess)


def _newest(link: Link) -> str:
    month = month_of(link.url)
    return link.lastmod or (month.isoformat() if month else "")
