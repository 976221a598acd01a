"""A look at each site: what discovery finds there, and an article or two to see whether they clean well."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tabulate import tabulate

from crawler.crawl import crawl
from crawler.plan import Capture, Plan
from crawler.report import SiteReport
from crawler.sites import Site

WAYS = ("home", "sitemap", "feed", "listing")
SHORT = 400  # characters of a text below which an article is doubted


class Cleaned(Protocol):
    """What cleaning says of a page, as extract.article.Article does."""

    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def published(self) -> str | None: ...  # noqa: D102
    @property
    def not_article(self) -> str | None: ...  # noqa: D102


def check(
    sites: Sequence[Site], *, contact: str | None = None, delay: float = 1.0
) -> dict[str, tuple[SiteReport, list[Capture]]]:
    """Visits each site politely (robots.txt, home, a few sitemaps and feeds, one list, two articles), keeping nothing.

    Gives by site id the report (`met`: links to articles by kind of page; `robots`; `errors`) and the captures of the
    articles with their bodies. As `crawl`, once a process.
    """
    pages: dict[str, list[Capture]] = {site.id: [] for site in sites}

    def keep(capture: Capture) -> None:
        if capture.outcome == "new":
            pages[capture.site].append(capture)

    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(sites=list(sites), archive=Path(folder), run="check", contact=contact, delay=delay, probe=True)
        report = crawl(plan, keep)
    return {id: (figures, pages[id]) for id, figures in report.sites.items()}


def checked(reports: Mapping[str, SiteReport], articles: Mapping[str, Sequence[Cleaned]]) -> str:
    """What `check` found, a line a site: links to articles by where they stood, and how the best article cleaned."""
    rows = []
    for id, report in reports.items():
        best = max(articles[id], key=lambda made: (made.not_article is None, len(made.text)), default=None)
        errors = ", ".join(f"{cause} {number}" for cause, number in report.errors.items())
        rows.append((id, report.robots, *(report.met[way] for way in WAYS), _judged(best), errors))
    return str(tabulate(rows, headers=("site", "robots.txt", *WAYS, "article", "errors"), disable_numparse=True))


def _judged(article: Cleaned | None) -> str:
    if article is None:
        return "none found"
    if article.not_article:
        return f"not cleaned: {article.not_article}"
    doubts = [] if article.published else ["no date"]
    doubts += [] if len(article.text) >= SHORT else ["short"]
    return f"{', '.join(doubts) or 'well'}: {len(article.text)} characters, {article.published or 'no day'}"
