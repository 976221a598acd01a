"""The door of the crawler: a plan in, captures out one by one, a report at the end."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from twisted.python.failure import Failure

from crawler.archive import Archive
from crawler.manners import let_go
from crawler.plan import Capture, Memory, Plan
from crawler.report import Report, SiteReport
from crawler.settings import settings_for, user_agent
from crawler.spider import PressSpider

__all__ = ["Capture", "Memory", "Plan", "Report", "SiteReport", "crawl"]

_ran = threading.Event()


class Process(AsyncCrawlerProcess):
    """Scrapy's, that does not wait for the turn of what has not left when it is stopped."""

    async def stop(self) -> None:
        """Stops the crawl; answers under way are waited for."""
        for crawler in self.crawlers:
            let_go(crawler)
        await super().stop()


def crawl(plan: Plan, keep: Callable[[Capture], None]) -> Report:
    """Crawl the plan's sites in this process and hand each capture to `keep`, in the crawling thread.

    The record of a capture is on disk before `keep` sees it. An error raised by `keep` stops the crawl and is raised
    here. Ctrl-C and SIGTERM let what is under way finish and make the report say interrupted (main thread only).
    Scrapy's reactor runs once a process: a second call raises RuntimeError. `plan.memory` should be
    what the last `Capture` of each URL said.
    """
    if _ran.is_set():
        raise RuntimeError("crawl() runs once a process (Scrapy's reactor cannot start again); start another process")
    _ran.set()
    report, failures = Report(interrupted=True), list[Failure]()
    closing: list[asyncio.Future[None]] = []
    main = threading.current_thread() is threading.main_thread()
    with Archive(plan.archive, plan.run, user_agent(plan.contact)) as archive, _handlers_kept(main):
        process = Process(settings_for(plan))
        crawler = process.create_crawler(PressSpider)

        def failed(failure: Failure, response: object, spider: PressSpider) -> None:
            """A bug met on one page is counted for its site; an error of `keep` or of the archive ends the crawl."""
            spider.failed_inside(failure, response)
            if spider.broken and not failures:
                failures.append(failure)
                assert crawler.engine is not None
                closing.append(asyncio.ensure_future(crawler.engine.close_spider_async(reason="broken")))

        def closed(spider: PressSpider, reason: str) -> None:
            report.interrupted = reason != "finished"

        crawler.signals.connect(failed, signals.spider_error)
        crawler.signals.connect(closed, signals.spider_closed)
        process.crawl(crawler, plan=plan, keep=keep, report=report, archive=archive)
        process.start(install_signal_handlers=main)
        if isinstance(crawler.spider, PressSpider):
            crawler.spider.deliver()
    for failure in failures:
        failure.raiseException()
    return report


@contextmanager
def _handlers_kept(main: bool) -> Iterator[None]:
    """Scrapy's signal handlers are put back afterwards to what the program had."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)} if main else {}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
