"""The queue of review: the facts that a query finds and nobody decided on, the least certain first, copies left out."""

from __future__ import annotations

import json
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import get_args

from corpus.kept import kept
from corpus.query import Match, Query, matches
from corpus.store import Corpus
from corpus.where import JOINS, Where
from extract.facts import Kind

Key = tuple[float, int]  # certainty and id: the order of the queue
MOST = 2_000  # facts that are counted
LOOKED = 20_000  # where a query leaves fewer, all are looked at and sorted, else the first come from the index
KEPT = 500  # facts that are taken from the index for a query that narrows it
LONGEST = 300  # seconds that what a query found is kept
FIRST: Key = (-1.0, 0)
# Each kind is a stretch of the index, in order; `state` and the rest stand in words, so that the partial index serves.
OPEN = "f.state = 'open' AND f.retired_at IS NULL AND f.original_id IS NULL"
# In two steps, as sure and surer: of a pair compared with a pair SQLite would search the index for the first alone.
AHEAD = (("f.certainty = ?1 AND f.id > ?2", "f.id"), ("f.certainty > ?1", "f.certainty, f.id"))
BEHIND = (("f.certainty = ?1 AND f.id < ?2", "f.id DESC"), ("f.certainty < ?1", "f.certainty DESC, f.id DESC"))
INDEX = f"facts AS f INDEXED BY facts_to_review WHERE {OPEN} AND f.kind = ?3"


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a fact stands in the queue: the `number`-th of `total` (`more`: at least so many), and its neighbours.

    `fact` is None for an empty queue; `inside` is false for one that the queue does not hold, such as a decided one.
    """

    fact: int | None
    before: int | None
    after: int | None
    number: int
    total: int
    more: bool
    inside: bool


def turn(corpus: Corpus, query: Query, fact: int | None = None) -> Turn:
    """The turn of a fact, or of the first of the queue; ValueError for a fact that is not there."""
    queue = Queue(corpus, query)
    key = queue.key(fact) if fact is not None else next(iter(queue.ahead(FIRST, 1)), None)
    total, more = queue.total()
    if key is None:
        return Turn(None, None, None, 0, total, more, False)
    before, after = queue.behind(key, 1), queue.ahead(key, 1)
    inside = key in queue.ahead((key[0], key[1] - 1), 1)
    return Turn(
        fact=key[1],
        before=before[0][1] if before else None,
        after=after[0][1] if after else None,
        number=queue.number(key),
        total=total,
        more=more,
        inside=inside,
    )


def ahead(corpus: Corpus, query: Query, limit: int, fact: int | None = None) -> list[int]:
    """Ids of the facts in the queue, from its head or from a fact on (that one left out)."""
    queue = Queue(corpus, query)
    key = queue.key(fact) if fact is not None else FIRST
    return [fact_id for _, fact_id in queue.ahead(key, limit)]


class Queue:
    """The queue of a query; without a `state` of its own, of what nobody decided on."""

    def __init__(self, corpus: Corpus, query: Query) -> None:
        self.corpus, self.conn = corpus, corpus.conn
        self.kinds = [query.kind] if query.kind else list(get_args(Kind))
        self.open = query.state in {None, "open"}
        state = None if self.open else query.state
        self.query = replace(query, kind=None, state=state, copies=False, sort=None, limit=20, offset=0)
        self.few: list[Key] | None = None  # None: the index itself is walked
        self.more = False  # whether there are more than those few
        if not self.open:
            self.few, self.more = self._found()
        elif self.query.words or Where(corpus, self.query).narrow:
            asked = ("queue", tuple(self.kinds), json.dumps(self.query.mapping()))
            first, self.more = kept(corpus, asked, self._moment(), self._found)
            self.few = self._still_open(first)

    def key(self, fact: int) -> Key:
        """Where a fact stands or would stand."""
        row = self.conn.execute("SELECT certainty, id FROM facts WHERE id = ?", (fact,)).fetchone()
        if row is None:
            raise ValueError(f"there is no fact {fact}")
        return tuple(row)

    def ahead(self, key: Key, limit: int) -> list[Key]:
        """The next ones, in order."""
        if self.few is not None:
            start = bisect_right(self.few, key)
            return self.few[start : start + limit]
        return sorted(self._stretch(AHEAD, key, limit))[:limit]

    def behind(self, key: Key, limit: int) -> list[Key]:
        """The ones before, the nearest first."""
        if self.few is not None:
            end = bisect_left(self.few, key)
            return self.few[max(0, end - limit) : end][::-1]
        return sorted(self._stretch(BEHIND, key, limit), reverse=True)[:limit]

    def total(self) -> tuple[int, bool]:
        """How many there are, and whether more than that."""
        if self.few is not None:
            return len(self.few), self.more
        found = self._count()
        return min(found, MOST), found > MOST

    def number(self, key: Key) -> int:
        """How many stand before a key, plus one; at most MOST + 1."""
        if self.few is not None:
            return bisect_left(self.few, key) + 1
        return min(sum(self._count(which, key) for which, _ in BEHIND), MOST) + 1

    def _count(self, which: str = "TRUE", key: Key = FIRST) -> int:
        """How many of each kind there are, no more than MOST + 1 of any being counted."""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {INDEX} AND {which} LIMIT {MOST + 1})"
        return sum(self.conn.execute(sql, (*key, kind)).fetchone()[0] for kind in self.kinds)

    def _stretch(self, steps: tuple[tuple[str, str], ...], key: Key, limit: int) -> list[Key]:
        """At most `limit` keys of each kind."""
        found: list[Key] = []
        for kind in self.kinds:
            missing = limit
            for which, order in steps:
                sql = f"SELECT f.certainty, f.id FROM {INDEX} AND {which} ORDER BY {order} LIMIT {missing}"
                keys = [tuple(row) for row in self.conn.execute(sql, (*key, kind))]
                found += keys
                missing -= len(keys)
                if not missing:
                    break
        return found

    def _found(self) -> tuple[list[Key], bool]:
        """The first that the conditions leave, and whether there are more: words in the sentence first, then exact."""
        tried: list[tuple[Match | None, str]]
        found = matches(self.query.words)
        tried = [(match, within) for match in found for within in ("sentence", "article")] or [(None, "sentence")]
        for match, within in tried:
            where = Where(self.corpus, self.query)
            if match:
                where.among(match, within)
            keys, more = self._first(where)
            if keys:
                return keys, more
        return [], False

    def _first(self, where: Where) -> tuple[list[Key], bool]:
        """Of few all, sorted; of many the first KEPT, from the index."""
        conditions = " AND ".join([*where.conditions, *([OPEN] if self.open else [])])
        sql = (
            f"SELECT f.certainty, f.id FROM facts AS f {JOINS} WHERE {conditions} "
            f"AND +f.kind IN (SELECT value FROM json_each(?)) LIMIT {LOOKED + 1}"
        )
        keys = sorted(map(tuple, self.conn.execute(sql, (*where.values, json.dumps(self.kinds)))))
        if len(keys) <= LOOKED or not self.open:
            return keys[:MOST], len(keys) > MOST
        sql = (
            f"SELECT f.certainty, f.id FROM facts AS f INDEXED BY facts_to_review {JOINS} WHERE {conditions} "
            f"AND f.kind = ? ORDER BY f.certainty, f.id LIMIT {KEPT}"
        )
        found = [tuple(row) for kind in self.kinds for row in self.conn.execute(sql, (*where.values, kind))]
        return sorted(found)[:KEPT], True

    def _still_open(self, keys: list[Key]) -> list[Key]:
        """Of kept keys those that nobody decided on since, as sure as extraction is now."""
        ids = json.dumps([fact_id for _, fact_id in keys])
        sql = f"SELECT f.certainty, f.id FROM facts AS f WHERE f.id IN (SELECT value FROM json_each(?)) AND {OPEN}"
        return sorted(map(tuple, self.conn.execute(sql, (ids,))))

    def _moment(self) -> tuple[int, ...]:
        """What is another when there may be others: after a run, an undoing, every KEPT // 2 decisions, and LONGEST."""
        sql = (
            "SELECT (SELECT count(*) FROM runs), (SELECT count(finished_at) FROM runs), "
            "(SELECT count(*) FROM reviews WHERE undoes IS NOT NULL), coalesce((SELECT max(id) FROM reviews), 0)"
        )
        *changes, decided = self.conn.execute(sql).fetchone()
        return (*changes, decided // (KEPT // 2), int(time.monotonic() // LONGEST))
