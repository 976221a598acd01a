"""The one spider of the whole press: it asks what the frontiers wish, keeps what comes, and tells them what it held."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from twisted.python.failure import Failure

from crawler.archive import Archive, Place, read_record
from crawler.discovery import Page, read_feed, read_sitemap
from crawler.frontier import Frontier
from crawler.links import belongs, is_article, is_item, normal
from crawler.manners import CAUSES, Refused
from crawler.plan import Capture, Memory, Outcome, Plan
from crawler.report import Report, SiteReport
from crawler.topic import topic_of
from crawler.wishes import PRIORITY, Wish

MAX_REDIRECTS = 5
TELL_EVERY = 2.0  # seconds between two calls of the plan's `progress`
SYNC_EVERY = 0.2  # seconds for which captures wait for one another, to be with the disk at once
SYNC_MOST = 50  # captures
_HTML = re.compile(r"(?i)html")
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w.:-]+)")


class PressSpider(Spider):
    """Crawls the sites of a plan; `keep` gets each capture after its record is with the disk."""

    name = "press"

    def __init__(self, plan: Plan, keep: Callable[[Capture], None], report: Report, archive: Archive) -> None:
        super().__init__()
        self.plan, self.keeping, self.report, self.archive = plan, keep, report, archive
        topic = topic_of(plan.topic)
        self.topic = topic
        for site in plan.sites:
            report.sites[site.id] = SiteReport()
        self.frontiers = {site.id: Frontier(site, plan, topic, report.sites[site.id]) for site in plan.sites}
        by_host = {host: self.frontiers[site.id] for site in plan.sites for host in site.all_hosts}
        for url, said in plan.memory.items():
            known = Memory.of(said)
            if known.outcome == "error" and (frontier := by_host.get(urlsplit(url).netloc)):
                frontier.failed_before(url, known)
        self.in_keep = self.broken = False
        self.told = self.synced = 0.0
        self.written: list[Capture] = []  # which the disk may not have yet

    async def start(self) -> AsyncIterator[Request]:
        """The home pages."""
        for frontier in self.frontiers.values():
            for request in self._requests(frontier, frontier.start()):
                yield request

    def _requests(self, frontier: Frontier, wishes: Iterable[Wish]) -> Iterator[Request]:
        """The requests of wishes; a sitemap that its index says to be as it was is read from the archive."""
        for wish in wishes:
            known = self._archived(frontier.memory(wish.url)) if wish.kind == "sitemap" else None
            if known is not None and frontier.closed(wish.url, known):
                yield from self._read(known, wish.url, frontier, wish, settled=True)
            else:
                yield self._request(frontier, wish, wish.url, {})

    def _request(
        self, frontier: Frontier, wish: Wish, url: str, meta: dict[str, Any], *, whole: bool = False
    ) -> Request:
        """A request for a wish; conditional where memory has what a 304 would leave out, unless `whole`."""
        headers, known = {}, frontier.memory(url)
        usable = known and (wish.kind == "article" or (known.warc_file and known.warc_offset is not None))
        if known and usable and not whole:
            headers = {"If-None-Match": known.etag or "", "If-Modified-Since": known.last_modified or ""}
        priority = PRIORITY[wish.kind] - wish.depth
        return Request(
            url, self.came, headers={name: value for name, value in headers.items() if value}, errback=self.failed,
            priority=priority, dont_filter=True, meta=meta | {"download_slot": frontier.site.id, "wish": wish},
        )  # fmt: skip

    def came(self, response: Response) -> Iterator[Request]:
        """Any response: counted, redirects followed on the site only, the rest by kind and status."""
        frontier, wish = self._of(response.request)
        report = frontier.report
        report.fetched += 1
        report.articles_fetched += wish.kind == "article"
        report.bytes += len(response.body)
        report.ended = monotonic()
        report.started = report.started or report.ended
        self._tell()
        self._archive(response)
        if response.status in (301, 302, 303, 307, 308):
            yield from self._redirected(response, frontier, wish)
        elif wish.kind == "article":
            yield from self._article(response, frontier, wish)
            yield from self._done(frontier, wish)
        else:
            yield from self._index(response, frontier, wish)

    def _tell(self) -> None:
        """The report so far, now and then."""
        if self.plan.progress is None or self.broken or monotonic() - self.told < TELL_EVERY:
            return
        self.told = monotonic()
        self.in_keep = True
        self.plan.progress(self.report)
        self.in_keep = False

    def keep_robots(self, response: Response) -> None:
        """The robots.txt that was obeyed, or what came instead, is archived like a page."""
        assert response.request is not None
        frontier = self.frontiers[response.request.meta["download_slot"]]
        self._keep(frontier, Wish(response.url, "robots"), url=response.url, response=response, outcome="listing",
                   place=self._archive(response))  # fmt: skip

    def failed(self, failure: Failure) -> Iterator[Request]:
        """No response: the cause is counted, and the site's other ways are tried."""
        frontier, wish = self._of(failure.request)  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, Refused):
            cause = error.cause
        elif isinstance(error, IgnoreRequest):
            cause = "too large"  # what HttpCompression refuses to unpack further
        else:
            cause = next((said for kind, said in CAUSES.items() if isinstance(error, kind)), type(error).__name__)
        if cause == "limit":
            frontier.report.left += 1
        elif cause == "stopped":
            return
        elif cause != "site down" or not frontier.report.errors["site down"]:
            frontier.report.errors[cause] += 1
        frontier.report.ended = monotonic()
        if not isinstance(error, Refused):
            frontier.report.lost += wish.kind != "article"
            self._keep(frontier, wish, url=failure.request.url, outcome="error", error=cause)  # type: ignore[attr-defined]
        yield from self._done(frontier, wish)

    def _redirected(self, response: Response, frontier: Frontier, wish: Wish) -> Iterator[Request]:
        location = (response.headers.get("Location") or b"").decode("latin-1")
        target = normal(urljoin(response.url, location)) if location else None
        way = [*response.meta.get("way", []), response.url]
        if target is None or not belongs(target, frontier.site):
            cause = "redirect off the site" if target else "redirect nowhere"
        elif target in way or len(way) > MAX_REDIRECTS:
            cause = "redirect loop"
        elif wish.kind == "article" and not is_article(target, frontier.site):
            self._missing(response, frontier, wish, "redirected to a list")
            yield from self._done(frontier, wish)
            return
        elif wish.kind == "article" and target in frontier.asked:
            self._keep(frontier, wish, url=wish.url, response=response, outcome="duplicate", canonical=target)
            yield from self._done(frontier, wish)
            return
        else:
            frontier.asked.add(target)
            yield self._request(frontier, wish, target, {"way": way})
            return
        frontier.report.errors[cause] += 1
        self._keep(frontier, wish, url=wish.url, response=response, outcome="error", error=cause)
        yield from self._done(frontier, wish)

    def _index(self, response: Response, frontier: Frontier, wish: Wish) -> Iterator[Request]:
        """A page that leads to articles; one that answers 304 is read again from the archive."""
        known, url = frontier.memory(response.url), response.url
        if response.status == 304 and known:
            body = self._archived(known)
            if body is None:
                yield self._request(frontier, wish, url, {}, whole=True)
                return
            yield from self._read(body, url, frontier, wish, settled=True)
        elif response.status == 200:
            place = response.meta["place"]
            self._keep(frontier, wish, url=url, response=response, outcome="listing", place=place)
            settled = bool(known and known.digest == place.digest)
            yield from self._read(response.body, url, frontier, wish, settled=settled, charset=charset_of(response))
        else:
            cause = f"HTTP {response.status}"
            frontier.report.lost += response.status >= 500 or response.status == 429
            if wish.guess:
                self._keep(frontier, wish, url=url, response=response, outcome="error", error=cause)
            elif not (response.status in (404, 410) and wish.kind in ("listing", "search", "control")):
                frontier.report.errors[cause] += 1
            yield from self._done(frontier, wish)

    def _read(
        self, body: bytes, url: str, frontier: Frontier, wish: Wish, *, settled: bool, charset: str | None = None
    ) -> Iterator[Request]:
        """The requests that an index page leads to; those that a settled list leads to come from the archive."""
        if wish.kind == "sitemap":
            yield from self._sitemap(body, url, frontier, wish)
        elif wish.kind == "feed":
            links = read_feed(body, url)
            page = Page(body, url, charset) if not links else None
            yield from self._requests(frontier, frontier.after_feed(links, page))
        else:
            yield from self._list(Page(body, url, charset, frontier.site.item), frontier, wish, settled=settled)
        yield from self._done(frontier, wish)

    def _list(self, page: Page, frontier: Frontier, wish: Wish, *, settled: bool) -> Iterator[Request]:
        if frontier.finished and (before := self._archived(frontier.memory(page.address))):
            frontier.met_before(Page(before, page.address, None, frontier.site.item))
        if wish.kind == "home":
            yield from self._requests(frontier, frontier.after_home(page))
            return
        if wish.kind == "control":
            yield from self._requests(frontier, frontier.after_control(page))
            return
        settled = not frontier.finished and (settled or frontier.settled(page))
        for further in frontier.after_listing(page, Wish(page.address, wish.kind, depth=wish.depth)):
            body_known = self._archived(frontier.memory(further.url)) if settled and further.kind == wish.kind else None
            if body_known is not None:
                yield from self._read(body_known, further.url, frontier, further, settled=True)
            else:
                yield from self._requests(frontier, [further])

    def _sitemap(self, body: bytes, url: str, frontier: Frontier, wish: Wish) -> Iterator[Request]:
        try:
            sitemap = read_sitemap(body, url)
        except ValueError as error:
            if not wish.guess:
                frontier.report.errors[f"sitemap: {error}"] += 1
            return
        yield from self._requests(frontier, frontier.after_sitemap(sitemap, wish.depth))

    def _article(self, response: Response, frontier: Frontier, wish: Wish) -> Iterator[Request]:
        """An article's page: new, changed or not, gone, another page's double, off the topic, or a list after all."""
        known = frontier.memory(response.url) or frontier.memory(wish.url)
        if response.status == 304 and known:
            self._keep(frontier, wish, url=response.url, response=response, outcome="unchanged", known=known)
            return
        if response.status in (404, 410):
            self._missing(response, frontier, wish, f"HTTP {response.status}")
            return
        if response.status != 200 or not _HTML.search(content_type(response) or "html"):
            cause = f"HTTP {response.status}" if response.status != 200 else "not HTML"
            frontier.report.errors[cause] += 1
            self._keep(frontier, wish, url=response.url, response=response, outcome="error", error=cause)
            return
        yield from self._page(response, frontier, wish, known)

    def _page(self, response: Response, frontier: Frontier, wish: Wish, known: Memory | None) -> Iterator[Request]:
        """A page that came whole, judged by what it says."""
        page = Page(response.body, response.url, charset_of(response))
        head = page.head(frontier.site)
        if head.missing:
            self._missing(response, frontier, wish, "soft 404")
            return
        canonical = head.canonical or normal(response.url) or response.url
        if self._double(frontier, response.url, canonical):
            self._keep(frontier, wish, url=response.url, response=response, outcome="duplicate", canonical=canonical)
            return
        if not (head.article or frontier.site.article or is_item(response.url)):
            self._keep(frontier, wish, url=response.url, response=response, outcome="listing",
                       place=response.meta["place"])  # fmt: skip
            yield from self._requests(frontier, frontier.after_listing(page, Wish(response.url, "listing", depth=2)))
            return
        yield from self._requests(frontier, frontier.after_article(page))
        on_topic = not wish.likely or self.topic.matches(page.words())
        frontier.search.kept += wish.likely and on_topic
        frontier.search.off += not on_topic
        if not on_topic:
            self._keep(frontier, wish, url=response.url, response=response, outcome="off topic", canonical=canonical)
            return
        frontier.stored |= {canonical, response.url}
        place: Place = response.meta["place"]
        before = known if known and known.outcome in ("new", "changed", "unchanged") else None
        outcome: Outcome = "new" if before is None else "unchanged" if before.digest == place.digest else "changed"
        self._keep(
            frontier, wish, url=response.url, response=response, outcome=outcome, canonical=canonical, place=place
        )
        for origin in response.meta.get("way", []):
            self._keep(frontier, wish, url=origin, outcome="duplicate", canonical=canonical)

    def _double(self, frontier: Frontier, url: str, canonical: str) -> bool:
        """Whether the page calls itself by another name under which it is or was stored."""
        if canonical in frontier.stored and url not in frontier.stored:
            return True
        known = frontier.memory(canonical) if canonical != url else None
        return bool(known and known.outcome in ("new", "changed", "unchanged"))

    def _missing(self, response: Response, frontier: Frontier, wish: Wish, cause: str) -> None:
        """An article that is not there: gone where an earlier run had it, an error otherwise."""
        known = frontier.memory(wish.url)
        if known and known.outcome in ("new", "changed", "unchanged", "gone"):
            self._keep(frontier, wish, url=wish.url, response=response, outcome="gone", error=cause)
        else:
            frontier.report.errors[cause] += 1
            self._keep(frontier, wish, url=wish.url, response=response, outcome="error", error=cause)

    def _done(self, frontier: Frontier, wish: Wish) -> Iterator[Request]:
        yield from self._requests(frontier, frontier.done(wish))

    def _archive(self, response: Response) -> Place:
        assert response.request is not None
        status = f"{response.status} {'OK' if response.status == 200 else ''}".strip()
        sent, received = _pairs(response.request.headers), _pairs(response.headers)
        moment = response.meta["fetched_at"] = datetime.now(UTC)
        place = response.meta["place"] = self.archive.keep(
            response.url, status=status, body=response.body, received=received, date=moment, sent=sent
        )
        return place

    def _archived(self, known: Memory | None) -> bytes | None:
        """The body of a listing that memory says is in the archive, None when it cannot be had."""
        if not known or not known.warc_file or known.warc_offset is None:
            return None
        try:
            return read_record(self.plan.archive / known.warc_file, known.warc_offset).body
        except (ValueError, OSError):
            return None

    def _keep(
        self, frontier: Frontier, wish: Wish, *, url: str, outcome: Outcome, response: Response | None = None,
        canonical: str | None = None, place: Place | None = None, known: Memory | None = None, error: str | None = None,
    ) -> None:  # fmt: skip
        if wish.kind == "article" and outcome not in ("listing", "error"):
            frontier.report.outcomes[outcome] += 1
        url = normal(url) or url
        answered = response.headers if response is not None else Headers()
        moment = response.meta.get("fetched_at") if response is not None else None
        capture = Capture(
            url=url, canonical=canonical or url, site=frontier.site.id, outcome=outcome, error=error, title=wish.title,
            status=response.status if response is not None else 0, fetched_at=moment or datetime.now(UTC),
            content_type=content_type(response), charset=charset_of(response) or "",
            etag=_text(answered.get("ETag")) or (known.etag if known else None),
            last_modified=_text(answered.get("Last-Modified")) or (known.last_modified if known else None),
            lastmod=frontier.lastmod.get(url) or (known.lastmod if known else None),
            warc_file=place.file if place else known.warc_file if known else None,
            warc_offset=place.offset if place else known.warc_offset if known else None,
            warc_length=place.length if place else None,
            digest=place.digest if place else known.digest if known else None,
            body=response.body if response is not None else b"",
        )  # fmt: skip
        self.written.append(capture)
        if len(self.written) >= SYNC_MOST or monotonic() - self.synced >= SYNC_EVERY:
            self.deliver()

    def deliver(self) -> None:
        """Hands over the captures that wait, once their records are with the disk."""
        captures, self.written = self.written, []
        if self.broken or not captures:
            return
        self.in_keep = True
        self.archive.sync()
        for capture in captures:
            self.keeping(capture)
        self.in_keep = False
        self.synced = monotonic()

    def failed_inside(self, failure: Failure, response: object) -> None:
        """Counts an error of our own for the site of the page; `broken` when it was the keeper's or the disk's."""
        self.broken = self.broken or self.in_keep or isinstance(failure.value, OSError)
        request = getattr(response, "request", None)
        if request is not None:
            frontier, wish = self._of(request)
            frontier.report.errors[f"internal: {type(failure.value).__name__}"] += 1
            frontier.report.lost += wish.kind != "article"
            for further in [] if self.broken else list(self._done(frontier, wish)):
                assert self.crawler.engine is not None
                self.crawler.engine.crawl(further)

    def _of(self, request: Request | None) -> tuple[Frontier, Wish]:
        assert request is not None
        return self.frontiers[request.meta["download_slot"]], request.meta["wish"]


def content_type(response: Response | None) -> str:
    """The Content-Type header as sent, empty where there is none."""
    return (_text(response.headers.get("Content-Type")) or "") if response is not None else ""


def charset_of(response: Response | None) -> str | None:
    """The charset that the Content-Type names, where Python knows it."""
    found = _CHARSET.search(content_type(response))
    if not found:
        return None
    try:
        "".encode(found[1])
    except LookupError:
        return None
    return found[1]


def _text(value: bytes | None) -> str | None:
    return value.decode("latin-1") if value else None


def _pairs(headers: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]
