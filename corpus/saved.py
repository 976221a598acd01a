"""Saved searches: queries by name, and what is new for each since its owner last looked."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from corpus.query import Query
from corpus.search import Results, Row, search
from corpus.store import Corpus, now
from corpus.where import CAP

LATELY = 5_000  # facts that count as stored lately: those of some days


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved search; `last_fact` is the id up to which its owner has seen the facts."""

    name: str
    owner: str
    query: Query
    last_fact: int
    created_at: str
    seen_at: str | None


def save_search(corpus: Corpus, name: str, query: Query, *, owner: str = "") -> None:
    """Keeps a query under a name, in place of an earlier one; what is there now counts as seen.

    `owner` is a user, or "" on a person's own machine. ValueError for a name without a letter.
    """
    if not name.strip():
        raise ValueError("a saved search needs a name")
    said = json.dumps(replace(query, after=None, offset=0).mapping(), ensure_ascii=False)
    sql = (
        "INSERT INTO saved_searches (name, owner, query, last_fact, created_at, seen_at) "
        "VALUES (?1, ?2, ?3, (SELECT coalesce(max(id), 0) FROM facts), ?4, ?4) "
        "ON CONFLICT (owner, name) DO UPDATE SET query = excluded.query, last_fact = excluded.last_fact, "
        "seen_at = excluded.seen_at"
    )
    with corpus.write() as conn:
        conn.execute(sql, (name.strip(), owner, said, now()))


def saved_searches(corpus: Corpus, *, owner: str = "") -> list[Saved]:
    """The owner's saved searches by name."""
    sql = "SELECT name, owner, query, last_fact, created_at, seen_at FROM saved_searches WHERE owner = ? ORDER BY name"
    return [Saved(**{**row, "query": Query.of(json.loads(row["query"]))}) for row in corpus.conn.execute(sql, (owner,))]


def saved_search(corpus: Corpus, name: str, *, owner: str = "") -> Saved:
    """One saved search; ValueError names those that there are."""
    known = {saved.name: saved for saved in saved_searches(corpus, owner=owner)}
    if name not in known:
        raise ValueError(f"no saved search {name!r}; there are: {', '.join(known) or 'none'}")
    return known[name]


def new_facts(corpus: Corpus, name: str, *, owner: str = "", seen: bool = True, limit: int | None = None) -> Results:
    """What a saved search finds among the facts stored since last time, newest first; `seen` notes them as seen.

    `limit` is how many rows to give, by default as many as the search was saved with.
    """
    saved = saved_search(corpus, name, owner=owner)
    (last,) = corpus.conn.execute("SELECT coalesce(max(id), 0) FROM facts").fetchone()
    query = replace(saved.query, after=saved.last_fact, sort="date", limit=limit or saved.query.limit)
    results = search(corpus, query, ())
    if seen:
        mark_seen(corpus, name, last, owner=owner)
    return results


def mark_seen(corpus: Corpus, name: str, last_fact: int, *, owner: str = "") -> None:
    """Notes that the owner has seen what was stored up to a fact's id; what was seen before stays so."""
    with corpus.write() as conn:
        sql = "UPDATE saved_searches SET last_fact = max(last_fact, ?), seen_at = ? WHERE owner = ? AND name = ?"
        conn.execute(sql, (last_fact, now(), owner, name))


def last_stored(corpus: Corpus, query: Query, number: int) -> list[Row]:
    """What a query finds among the facts stored last, the last first; where they are few, the newest ones too."""
    (last,) = corpus.conn.execute("SELECT coalesce(max(id), 0) FROM facts").fetchone()
    found = search(corpus, replace(query, after=None, sort="date", limit=number, offset=0), ())
    lately = search(corpus, replace(query, after=max(0, last - LATELY), sort="date", limit=CAP, offset=0), ())
    alike = (lately.exact, lately.within) == (found.exact, found.within)  # or it found other words for want of these
    by_id = {row.id: row for row in [*found.rows, *(lately.rows if alike else ())]}
    return [by_id[fact] for fact in sorted(by_id, reverse=True)[:number]]


def forget_search(corpus: Corpus, name: str, *, owner: str = "") -> None:
    """Drops a saved search; ValueError where there is none of the name."""
    saved_search(corpus, name, owner=owner)
    with corpus.write() as conn:
        conn.execute("DELETE FROM saved_searches WHERE owner = ? AND name = ?", (owner, name))
