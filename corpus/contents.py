"""Contents: what a corpus holds in all, for somebody who has not asked anything yet."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from corpus.search import Row, rows
from corpus.store import Corpus

KEPT = 60.0  # seconds for which the figures are kept while a refresh changes them all the time
NEWEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Articles (copies left out), facts by kind, papers, provinces by articles and measures by figures, the commonest
    first; first and last day of publication, and the end of the last refresh (UTC), where there are any."""

    articles: int
    facts: dict[str, int]
    papers: int
    provinces: dict[str, int]
    measures: dict[str, int]
    days: tuple[str | None, str | None]
    refreshed: str | None


State = tuple[int | None, ...]
_kept: dict[Path, tuple[State, float, Contents]] = {}


def contents(corpus: Corpus) -> Contents:
    """What the corpus holds: counted again when something was stored since, but once in KEPT seconds at most."""
    state = tuple(corpus.conn.execute(
        "SELECT (SELECT max(id) FROM facts), (SELECT max(id) FROM articles), (SELECT max(id) FROM runs), "
        "(SELECT count(finished_at) FROM runs WHERE id = (SELECT max(id) FROM runs))").fetchone())  # fmt: skip
    kept = _kept.get(corpus.path)
    if kept and (kept[0] == state or time.monotonic() - kept[1] < KEPT):
        return kept[2]
    made = _counted(corpus)
    _kept[corpus.path] = state, time.monotonic(), made
    return made


def _counted(corpus: Corpus) -> Contents:
    def counts(sql: str) -> dict[str, int]:
        return dict(corpus.conn.execute(f"{sql} ORDER BY 2 DESC, 1").fetchall())

    (articles, first, last, papers, refreshed) = corpus.conn.execute(
        "SELECT (SELECT count(*) FROM articles) - (SELECT count(*) FROM articles WHERE original_id IS NOT NULL), "
        "(SELECT min(published_day) FROM articles), (SELECT max(published_day) FROM articles), "
        "(SELECT count(*) FROM sites WHERE EXISTS (SELECT 1 FROM articles WHERE site_id = sites.id)), "
        "(SELECT max(finished_at) FROM runs WHERE kind IN ('demo', 'refresh', 'ingest'))"
    ).fetchone()
    return Contents(
        articles=articles,
        facts=counts("SELECT kind, count(*) FROM facts WHERE retired_at IS NULL GROUP BY 1"),
        papers=papers,
        provinces=counts("SELECT province, count(*) FROM articles WHERE province IS NOT NULL GROUP BY 1"),
        measures=counts("SELECT measure, count(*) FROM observations GROUP BY 1"),
        days=(first, last),
        refreshed=refreshed,
    )


def newest(corpus: Corpus, number: int = NEWEST) -> list[Row]:
    """The newest figures (counts and sums, one of each article) that nobody rejected, the newest first."""
    sql = (
        "SELECT id, day, article_id FROM facts WHERE kind = ? AND retired_at IS NULL AND day IS NOT NULL "
        "AND original_id IS NULL AND state <> 'reject' ORDER BY day DESC LIMIT 200"
    )
    found = [tuple(row) for kind in ("count", "money") for row in corpus.conn.execute(sql, (kind,))]
    by_article: dict[int, int] = {}
    for fact, _, article in sorted(found, key=lambda row: (row[1], row[0]), reverse=True):
        by_article.setdefault(article, fact)
    return rows(corpus, list(by_article.values())[:number])
