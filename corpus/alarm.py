"""The alarm: a site whose articles suddenly clean worse than in its runs before has probably changed its layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import mean, median
from typing import Any

from corpus.pages import ARTICLES
from corpus.store import Corpus

ENOUGH = 5  # pages of the run, and twice as many before it, below which nothing is said
BEFORE = 200  # pages of earlier runs that are looked at

PAGES = f"""
SELECT p.not_article IS NULL AS cleaned, length(a.text) AS length, a.published IS NOT NULL AS dated,
       (SELECT count(*) FROM facts WHERE article_id = a.id AND retired_at IS NULL) AS facts
FROM pages AS p LEFT JOIN articles AS a ON a.page_id = p.id
WHERE p.site_id = ? AND p.status = 200 AND p.outcome IN {ARTICLES} AND p.cleaned_at IS NOT NULL
  AND (a.id IS NOT NULL OR p.not_article IS NOT NULL) AND p.run_id {{}} ?
ORDER BY p.id DESC LIMIT {BEFORE}
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """How some pages of a site cleaned: shares of pages that are articles and of articles with a date; the rest a page.

    `length` is the median of the texts in characters, `facts` the mean number of facts an article.
    """

    pages: int
    cleaned: float
    dated: float
    length: float
    facts: float


def figures(corpus: Corpus, run_id: int, *, before: bool = False) -> dict[str, Figures]:
    """The figures of a run by site; `before` gives those of the same sites' last pages of earlier runs."""
    sites = corpus.conn.execute(
        "SELECT DISTINCT site_id FROM pages WHERE run_id = ? AND site_id IS NOT NULL", (run_id,)
    )
    sql = PAGES.format("<" if before else "=")
    found = {site: corpus.conn.execute(sql, (site, run_id)).fetchall() for (site,) in sites.fetchall()}
    return {site: _figures(rows) for site, rows in found.items() if rows}


def _figures(rows: Sequence[Any]) -> Figures:
    articles = [row for row in rows if row["cleaned"]]
    if not articles:
        return Figures(len(rows), 0.0, 0.0, 0.0, 0.0)
    dated = sum(row["dated"] for row in articles) / len(articles)
    facts = mean(row["facts"] for row in articles)
    return Figures(
        len(rows), len(articles) / len(rows), dated, float(median(row["length"] for row in articles)), float(facts)
    )


def alarms(corpus: Corpus, run_id: int) -> dict[str, list[str]]:
    """What is suddenly wrong in a run, by site, said in words; call it when the run's pages are cleaned and read."""
    then = figures(corpus, run_id, before=True)
    found = {site: _worse(now, then[site]) for site, now in figures(corpus, run_id).items() if site in then}
    return {site: said for site, said in found.items() if said}


def _worse(now: Figures, then: Figures) -> list[str]:
    if now.pages < ENOUGH or then.pages < 2 * ENOUGH:
        return []
    said = []
    if now.cleaned < 0.5 * then.cleaned:
        said.append(f"{now.cleaned:.0%} of its pages clean to articles, {then.cleaned:.0%} before")
    if not now.cleaned:
        return said
    if now.length < 0.5 * then.length:
        said.append(f"texts of {now.length:.0f} characters, {then.length:.0f} before")
    if now.dated < 0.5 * then.dated:
        said.append(f"{now.dated:.0%} of its articles have a date, {then.dated:.0%} before")
    if now.facts < 0.2 * then.facts:
        said.append(f"{now.facts:.1f} facts an article, {then.facts:.1f} before")
    return said


def with_alarms(corpus: Corpus, run_id: int, report: dict[str, Any]) -> dict[str, Any]:
    """A crawl's report with each site's figures under `cleaning` and what is suddenly wrong under `alarms`."""
    now, wrong = figures(corpus, run_id), alarms(corpus, run_id)
    sites = {
        site: counts | {"cleaning": asdict(now[site]) if site in now else None, "alarms": wrong.get(site, [])}
        for site, counts in report["sites"].items()
    }
    return report | {"sites": sites}
