"""Which facts and articles go into a dataset: what a query finds, and what that refers to, so that no key dangles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from corpus.query import Match, Query, State, matches
from corpus.schema import CorpusError
from corpus.store import Corpus
from corpus.where import JOINS, Where

CACHE = -16384  # KiB, as SQLite writes it
BESIDE = {"copies", "today", "sort", "limit", "offset"}  # what of a query leaves nothing out of a dataset

REFERRED = """
INSERT OR IGNORE INTO temp.found (id, main)
SELECT other.id, 0 FROM temp.found AS n JOIN facts AS f ON f.id = n.id LEFT JOIN observations AS o ON o.fact_id = n.id
JOIN facts AS other ON other.id IN (o.part_of, f.original_id) WHERE other.retired_at IS NULL"""
# The index gives an article's facts together, so that little is sorted at once.
CHOSEN = """
INSERT INTO temp.chosen (id, main)
SELECT f.id, n.main FROM facts AS f INDEXED BY facts_by_article CROSS JOIN temp.found AS n ON n.id = f.id
ORDER BY f.article_id, f.start, f.end, f.kind, f.key"""
ARTICLES = """
INSERT OR IGNORE INTO temp.chosen_articles SELECT article_id FROM facts WHERE id IN (SELECT id FROM temp.found);
INSERT OR IGNORE INTO temp.chosen_articles
  SELECT original_id FROM articles WHERE id IN (SELECT id FROM temp.chosen_articles) AND original_id IS NOT NULL"""


@contextmanager
def chosen(corpus: Corpus, query: Query, *, accepted: bool = False) -> Iterator[None]:
    """Holds one moment of the corpus in tables `chosen` (facts in order), `found` (the same by id), `chosen_articles`.

    `main` marks the facts that the query finds (a rejected one too unless the query names a state), the others are
    what these are part of or copies of; `accepted` takes only what a person accepted or corrected. CorpusError where
    the query names a state beside `accepted`.
    """
    if accepted and query.state:
        raise CorpusError("either accepted facts or a state, not both")
    conn = corpus.conn
    (cache,) = conn.execute("PRAGMA cache_size").fetchone()
    conn.execute(f"PRAGMA cache_size = {CACHE}")  # what is read once needs none
    conn.execute("BEGIN")
    try:
        conn.execute("CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, main INTEGER NOT NULL)")
        conn.execute(
            "CREATE TEMP TABLE chosen (number INTEGER PRIMARY KEY, id INTEGER NOT NULL, main INTEGER NOT NULL)"
        )
        conn.execute("CREATE TEMP TABLE chosen_articles (id INTEGER PRIMARY KEY)")
        _find(corpus, query, _states(query, accepted=accepted))
        while conn.execute(REFERRED).rowcount > 0:
            pass
        conn.execute(CHOSEN)
        if not accepted and not query.mapping().keys() - BESIDE:
            conn.execute("INSERT INTO chosen_articles SELECT id FROM articles WHERE ? OR original_id IS NULL",
                         (query.copies,))  # fmt: skip
        for statement in ARTICLES.split(";"):
            conn.execute(statement)
        yield
    finally:
        conn.rollback()  # nothing but the temporary tables was written
        conn.execute(f"PRAGMA cache_size = {cache}")


def _states(query: Query, *, accepted: bool) -> list[State | None]:
    return ["accept", "correct"] if accepted else [query.state] if query.state else [None, "reject"]


def _find(corpus: Corpus, query: Query, states: list[State | None]) -> None:
    """Fills `found` as `search` would look: words in the sentence first, exact before folded, the article last."""
    plans: list[tuple[Match | None, str]]
    plans = [(match, within) for match in matches(query.words) for within in ("sentence", "article")]
    for match, within in plans or [(None, "sentence")]:
        number = 0
        for state in states:
            where = Where(corpus, replace(query, state=state))
            if match:
                where.among(match, within)
            sql = f"SELECT f.id, 1 FROM facts AS f {JOINS} WHERE {' AND '.join(where.conditions)}"
            number += corpus.conn.execute(f"INSERT OR IGNORE INTO temp.found (id, main) {sql}", where.values).rowcount
        if number:
            return
