"""Measures the crawler on a replica press of 20 sites and 2,000 articles: what it finds, what it costs, how fast it is.

usage: python benchmarks/crawling.py [--sites 20] [--reprints 44] [--bulletins 56] [--delay 1.0]

The full crawl and the refresh after it keep their delays; the last part, without any, sets the crawler (which parses,
judges and keeps WARC records safe on the disk) against plain Scrapy writing bodies to files on the same press: once
following every link as its CrawlSpider does, once spared even that, with the crawler's addresses given to it in a list.
All figures come from the press's own log.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule
from tabulate import tabulate

from crawler.replica import Press, Request, open_press
from crawler.topic import default_phrases

FOUND, COST, AGAIN, RATIO = 0.99, 1.3, 5, 0.8  # the bars
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Crawled:
    """One crawl: the captures in order, the requests that the press saw, the processor's seconds (start included)."""

    captures: list[dict[str, Any]]
    log: list[Request]
    busy: float

    @property
    def kept(self) -> set[str]:
        """The URLs of articles stored as new or changed."""
        return {one["url"] for one in self.captures if one["outcome"] in ("new", "changed")}

    @property
    def rate(self) -> float:
        """Pages a second between the first and the last request."""
        times = [request.time for request in self.log]
        return len(times) / (max(times) - min(times))

    @property
    def work(self) -> float:
        """Milliseconds of the processor for each page: other programs' load tells little on it."""
        return 1000 * self.busy / len(self.log)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a crawl asked for: addresses of articles, everything; least seconds between two requests to one site."""

    articles: int
    requests: int
    least_delay: float


def crawl(press: Press, folder: Path, run: str, **wishes: object) -> Crawled:
    """Crawls the press in a process of its own; `wishes` are fields of a Plan. RuntimeError says what went wrong."""
    entries = [{key: value for key, value in asdict(site).items() if value} for site in press.sites]
    plan = {"sites": entries, "archive": str(folder / "warc"), "run": run, "topic": default_phrases(), "delay": 0.0}
    file = folder / f"{run}.json"
    file.write_text(json.dumps(plan | wishes), "utf-8")
    before = len(press.log)
    lines, busy = _run([sys.executable, "-m", "crawler", str(file)])
    return Crawled([json.loads(line) for line in lines[:-1]], press.log[before:], busy)


def plain(press: Press, folder: Path, urls: Sequence[str], *, most: int = 0) -> Crawled:
    """Fetches the addresses with plain Scrapy in a process of its own, bodies into files of `folder`.

    With `most` it follows all links of what it fetches until it has so many pages.
    """
    folder.mkdir()
    (folder / "urls.txt").write_text("\n".join(urls), "utf-8")
    before = len(press.log)
    _, busy = _run([sys.executable, __file__, "--plain", str(folder), "--most", str(most)])
    return Crawled([], press.log[before:], busy)


def _run(command: list[str]) -> tuple[list[str], float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.splitlines(), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Plain(CrawlSpider):
    """What anybody writes first: every address, every link where wanted, every body into a file."""

    name = "plain"
    rules = (Rule(LinkExtractor(), callback="keep", follow=True),)
    folder: Path
    most: int

    async def start(self) -> Any:  # noqa: ANN401
        """A request for each address."""
        callback = None if self.most else self.keep
        for url in (self.folder / "urls.txt").read_text("utf-8").splitlines():
            yield scrapy.Request(url, callback, dont_filter=True)

    def keep(self, response: Response) -> None:
        """Writes the body."""
        (self.folder / f"{hash(response.url):x}").write_bytes(response.body)


def fetch_plainly(folder: Path, most: int) -> None:
    """Runs the plain spider with Scrapy's own settings, its log aside."""
    process = AsyncCrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "HTTPERROR_ALLOW_ALL": True,
                                   "CLOSESPIDER_PAGECOUNT": most})  # fmt: skip
    process.crawl(Plain, folder=folder, most=most)
    process.start()


def cost(press: Press, crawled: Crawled) -> Cost:
    """Counts what the press's log says of a crawl; asking for robots.txt counts too."""
    paths = {site: {article.path for article in room.articles} for site, room in press.rooms.items()}
    by_site: dict[str, list[float]] = {site: [] for site in paths}
    for request in crawled.log:
        by_site[request.site].append(request.time)
    gaps = [after - before for times in by_site.values() for before, after in pairwise(sorted(times))]
    articles = sum(request.path in paths[request.site] for request in crawled.log)
    return Cost(articles, len(crawled.log), min(gaps, default=0.0))


class Row(NamedTuple):
    """A line of the table; `met` is False where the figure misses the bar it has."""

    what: str
    figure: float
    bar: str = ""
    met: bool = True


def at_least(what: str, figure: float, bar: float) -> Row:
    """A row whose figure must not be less than the bar."""
    return Row(what, figure, f">= {bar:g}", figure >= bar)


def at_most(what: str, figure: float, bar: float) -> Row:
    """A row whose figure must not be more than the bar."""
    return Row(what, figure, f"<= {bar:g}", figure <= bar)


def measure(press: Press, folder: Path, delay: float) -> list[Row]:
    """A crawl on the topic, the refresh after it, and a crawl of everything."""
    wanted = {article.url for article in press.articles if article.topic}
    first = crawl(press, folder, "first", delay=delay)
    memory = {capture["url"]: capture for capture in first.captures}
    second = crawl(press, folder, "second", delay=delay, memory=memory, finished=[site.id for site in press.sites])
    whole = crawl(press, folder, "whole", topic=[])
    kept, spent, again, all_spent = first.kept, cost(press, first), cost(press, second), cost(press, whole)
    return [
        Row("articles on the press", sum(len(room.articles) for room in press.rooms.values())),
        Row("articles on the topic", len(wanted)),
        at_least("found, share of them", len(wanted & kept) / len(wanted), FOUND),
        at_most("article pages fetched for each kept", spent.articles / len(kept), COST),
        at_most("all requests for each article kept", spent.requests / len(kept), COST),
        at_most("all requests for each article kept, no topic", all_spent.requests / len(whole.kept), COST),
        at_least("least seconds between two requests to a site", spent.least_delay, delay),
        at_most("article pages fetched by a second refresh", again.articles, 0),
        at_most("all requests of a second refresh, each site", again.requests / len(press.sites), AGAIN),
    ]


def throughput(press: Press, folder: Path) -> list[Row]:
    """Pages a second without delay: the crawler and plain Scrapy taking turns, the best of each.

    To follow links is what a crawl is, so that is what the crawler is held against; a list of addresses that somebody
    else found is the floor: nothing is parsed, judged, squeezed or made safe.
    """
    ours, following, given = [], [], []
    homes = {site: room.home.rstrip("/") for site, room in press.rooms.items()}
    for turn in range(ROUNDS):
        mine = crawl(press, folder, f"fast-{turn}")
        urls = [homes[request.site] + request.path for request in mine.log]
        ours.append(mine)
        starts = [f"{home}/" for home in homes.values()]
        following.append(plain(press, folder / f"following-{turn}", starts, most=len(mine.log)))
        given.append(plain(press, folder / f"given-{turn}", urls))
    crawlers = {"crawler": ours, "plain Scrapy following links": following, "plain Scrapy given a list": given}
    fastest = {name: max(crawled.rate for crawled in turns) for name, turns in crawlers.items()}
    least = {name: min(crawled.work for crawled in turns) for name, turns in crawlers.items()}
    mine_fastest, followed, listed = fastest.values()
    return [
        *(Row(f"pages a second, {name}", rate) for name, rate in fastest.items()),
        *(Row(f"processor's ms a page, {name}", work) for name, work in least.items()),
        at_least("ratio, plain Scrapy following links", mine_fastest / followed, RATIO),
        Row("ratio, plain Scrapy given a list", mine_fastest / listed),
    ]


def main() -> int:
    """Prints the table; 1 where a bar was missed."""
    parser = argparse.ArgumentParser(description="Measures the crawler on the replica press.")
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--reprints", type=int, default=44)
    parser.add_argument("--bulletins", type=int, default=56)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--most", type=int, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.plain:
        fetch_plainly(said.plain, said.most)
        return 0
    with (
        tempfile.TemporaryDirectory() as folder,
        open_press(sites=said.sites, reprint_count=said.reprints, bulletin_count=said.bulletins) as press,
    ):
        rows = [*throughput(press, Path(folder)), *measure(press, Path(folder), said.delay)]
    table = [(row.what, row.figure, row.bar, "" if row.met else "missed") for row in rows]
    print(tabulate(table, headers=("", "measured", "bar", ""), floatfmt=".3f"))
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
