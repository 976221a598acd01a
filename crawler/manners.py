"""Middlewares of good manners: robots.txt by RFC 9309, patience when a site asks for it, and the allowance of pages."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost
from twisted.python.failure import Failure

from crawler.settings import HOST_PAUSE_MOST

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

CAUSES: dict[type[Exception], str] = {
    CannotResolveHostError: "host unknown",
    DownloadTimeoutError: "timeout",
    DownloadConnectionRefusedError: "connection refused",
    DownloadCancelledError: "too large",
    ResponseDataLossError: "cut short",
    DownloadFailedError: "connection failed",
    ConnectError: "connection failed",
    ConnectionDone: "connection lost",
    ConnectionLost: "connection lost",
    EOFError: "broken gzip",
    OSError: "broken gzip",
}
NO_SITE = frozenset({"host unknown", "timeout", "connection refused", "connection failed", "connection lost"})
NO_ANSWER: tuple[type[Exception], ...] = (IgnoreRequest, *CAUSES)
MAX_ROBOTS = 500_000  # bytes of a robots.txt that count, as RFC 9309 allows
MAX_CRAWL_DELAY = 60.0
NOTHING = b"User-agent: *\nDisallow: /\n"
EVERYTHING = b""


class Refused(IgnoreRequest):
    """A request that is not sent; `cause` is what the report says of it."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Allowance:
    """Refuses requests above the plan's pages a site, and those to a site that is down; retries count once."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Allowance:
        """Scrapy's way to make it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises Refused, or counts the request."""
        frontier = _frontier(self.crawler, request)
        if frontier is None:
            return
        if frontier.down:
            raise Refused("site down")
        if request.meta["wish"].likely and frontier.search.misleads():
            raise Refused("found by a search that misleads")
        if not request.meta.get("retry_times") and not frontier.spend():
            raise Refused("limit")


class Robots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware in the site's own slot: 4xx allows everything, 5xx and no answer nothing."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The parser for the request's host, fetched once; a redirect is followed five times."""
        netloc = request.url.split("/")[2]
        if netloc in self._parsers:
            parser = self._parsers[netloc]
            return await maybe_deferred_to_future(parser) if isinstance(parser, Deferred) else parser
        waiting: Deferred[RobotParser | None] = Deferred()
        self._parsers[netloc] = waiting
        url, body = f"{request.url.split('/')[0]}//{netloc}/robots.txt", NOTHING
        try:
            body = await self._fetch(url, request)
        finally:
            parsed = build_from_crawler(self._parserimpl, self.crawler, body)
            self._parsers[netloc] = parsed
            waiting.callback(parsed)
        frontier = _frontier(self.crawler, request)
        if frontier is not None:
            frontier.robots_read(url, body.decode("utf-8", "replace"), refused=body is NOTHING)
            self._slow_down(request, parsed.crawl_delay("baotinh"))
        return parsed

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises Refused for what robots.txt forbids."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise Refused("robots") from error

    async def _fetch(self, url: str, request: Request) -> bytes:
        slot = request.meta.get("download_slot")
        assert self.crawler.engine is not None
        for _ in range(5):
            meta = {"dont_obey_robotstxt": True, "download_slot": slot, "max_retry_times": 1}
            asked = Request(url, meta=meta, priority=self.DOWNLOAD_PRIORITY, callback=NO_CALLBACK)
            try:
                response = await self.crawler.engine.download_async(asked)
            except NO_ANSWER:
                return NOTHING
            where = response.headers.get("Location")
            if not (300 <= response.status < 400 and where):
                break
            url = response.urljoin(where.decode("latin-1"))
        keep = getattr(self.crawler.spider, "keep_robots", None)
        if keep is not None:
            keep(response)
        if response.status >= 500 or response.status == 429:
            return NOTHING
        return response.body[:MAX_ROBOTS] if response.status == 200 else EVERYTHING

    def _slow_down(self, request: Request, delay: float | None) -> None:
        """A Crawl-delay above our own becomes the slot's, and out of AutoThrottle's reach."""
        slot = _slot(self.crawler, request)
        frontier = _frontier(self.crawler, request)
        if delay and slot is not None and frontier is not None and delay > slot.delay:
            slot.delay = frontier.crawl_delay = min(delay, MAX_CRAWL_DELAY)


class Patience(RetryMiddleware):
    """Scrapy's retries, with the whole site left alone as long as its Retry-After says, longer after each failure."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Patience:
        """Scrapy's way to make it; it hears of a response before the site's next request leaves."""
        made: Patience = super().from_crawler(crawler)
        crawler.signals.connect(made.downloaded, signals.response_downloaded)
        return made

    def downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        """Counts the delay from the end of each response, and pauses the site where the response asks for it."""
        wait = retry_after(response) if response.status in (429, 503) else None
        pause(self.crawler, request, min(wait or 0.0, HOST_PAUSE_MOST))
        self._tell(request, failed=response.status >= 500, waited=wait is not None)

    def process_request(self, request: Request) -> None:
        """Raises Refused for what would leave after the crawl was stopped."""
        if self._stopped():
            raise Refused("stopped")

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The response, or the request to be tried again; not where more than two minutes are asked for."""
        if (retry_after(response) or 0.0) > HOST_PAUSE_MOST or self._stopped():
            return response
        result: Request | Response = super().process_response(request, response)
        return result

    def process_exception(
        self, request: Request, exception: Exception, spider: Spider | None = None
    ) -> Request | Response | None:
        """None, or the request to be tried again."""
        if CAUSES.get(type(exception)) in NO_SITE:
            self._tell(request, failed=True, waited=False)
        result: Request | Response | None = super().process_exception(request, exception)
        return result

    def _stopped(self) -> bool:
        return self.crawler.engine is not None and not self.crawler.engine.running

    def _tell(self, request: Request, *, failed: bool, waited: bool) -> None:
        frontier = _frontier(self.crawler, request)
        if frontier is not None:
            frontier.failed(really=failed)
            if failed and not waited:
                longer = 2 ** min(frontier.failures, 6)
                pause(self.crawler, request, self.crawler.settings.getfloat("DOWNLOAD_DELAY") * longer)


def let_go(crawler: Crawler) -> None:
    """Refuses all that waits for its turn at a site (a Retry-After may hold it for minutes): the crawl is stopped."""
    for slot in crawler.engine.downloader.slots.values() if crawler.engine is not None else ():
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(Refused("stopped")))  # type: ignore[no-untyped-call]


def retry_after(response: Response) -> float | None:
    """Seconds of a Retry-After header, given in seconds or as a date; None where there is none."""
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time()) if said else None
    except ValueError:
        return None


def pause(crawler: Crawler, request: Request, seconds: float) -> None:
    """No request leaves the site's slot before so many seconds have gone; others go on."""
    slot = _slot(crawler, request)
    if slot is not None:
        # The slot waits until `lastseen` + `delay`; settings.py sees to it that its delay is never 0.
        slot.lastseen = max(slot.lastseen, monotonic() + seconds)


def _slot(crawler: Crawler, request: Request) -> Any:  # noqa: ANN401
    assert crawler.engine is not None
    return crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))


def _frontier(crawler: Crawler, request: Request) -> Any:  # noqa: ANN401
    if request.meta.get("dont_obey_robotstxt"):
        return None
    return getattr(crawler.spider, "frontiers", {}).get(request.meta.get("download_slot"))
