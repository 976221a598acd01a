"""The queue of review: the facts that a query finds and nobody decided on, the least certain first, copies left out."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import Any, get_args

from corpus.query import Match, Query, matches
from corpus.search import JOINS, Where
from corpus.store import Corpus
from extract.facts import Kind

Key = tuple[float, int]  # certainty and id: the order of the queue
MOST = 5_000  # where filters leave fewer facts, all of them are looked at and sorted
COUNTED = 1_000  # facts that are counted in the index
FIRST: Key = (-1.0, 0)
# Each kind is a stretch of the index, in order; `state` and the rest stand in words, so that the partial index serves.
OPEN = "f.state = 'open' AND f.retired_at IS NULL AND f.original_id IS NULL"
# In two steps, as sure and surer: of a pair compared with a pair SQLite would search the index for the first alone.
AHEAD = (("f.certainty = ?1 AND f.id > ?2", "f.id"), ("f.certainty > ?1", "f.certainty, f.id"))
BEHIND = (("f.certainty = ?1 AND f.id < ?2", "f.id DESC"), ("f.certainty < ?1", "f.certainty DESC, f.id DESC"))


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
        self.conditions: list[str] = []
        self.values: list[Any] = []
        self.few: list[Key] | None = None
        self._narrow()

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
            return min(len(self.few), MOST), len(self.few) > MOST
        if self.conditions:  # more than MOST, or they were few
            return MOST, True
        found = self._count()
        return min(found, COUNTED), found > COUNTED

    def number(self, key: Key) -> int:
        """How many stand before a key, plus one; at most COUNTED + 1 where the index is counted."""
        if self.few is not None:
            return bisect_left(self.few, key) + 1
        return min(sum(self._count(which, key) for which, _ in BEHIND), COUNTED) + 1

    def _count(self, which: str = "TRUE", key: Key = FIRST) -> int:
        """How many of each kind there are, no more than COUNTED + 1 of any being counted."""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {self._source(which)} LIMIT {COUNTED + 1})"
        return sum(self.conn.execute(sql, (*key, kind, *self.values)).fetchone()[0] for kind in self.kinds)

    def _stretch(self, steps: tuple[tuple[str, str], ...], key: Key, limit: int) -> list[Key]:
        """At most `limit` keys of each kind."""
        found: list[Key] = []
        for kind in self.kinds:
            missing = limit
            for which, order in steps:
                sql = f"SELECT f.certainty, f.id FROM {self._source(which)} ORDER BY {order} LIMIT {missing}"
                keys = [tuple(row) for row in self.conn.execute(sql, (*key, kind, *self.values))]
                found += keys
                missing -= len(keys)
                if not missing:
                    break
        return found

    def _source(self, which: str) -> str:
        """The facts of the index that meet the conditions; ?1 and ?2 are a key, ?3 a kind, then come their values."""
        conditions = " AND ".join([OPEN, "f.kind = ?3", which, *self.conditions])
        return f"facts AS f INDEXED BY facts_to_review {JOINS if self.conditions else ''} WHERE {conditions}"

    def _narrow(self) -> None:
        """Looks at all facts of a narrow query, the words in the sentence first, exact before folded."""
        tried: list[tuple[Match | None, str]]
        found = matches(self.query.words)
        tried = [(match, within) for match in found for within in ("sentence", "article")] or [(None, "sentence")]
        for match, within in tried:
            where = Where(self.corpus, self.query)
            if match:
                where.among(match, within)
            elif self.open and not where.narrow:
                return
            self.conditions, self.values = where.conditions, where.values
            kinds = json.dumps(self.kinds)
            conditions = [
                *where.conditions,
                "f.kind IN (SELECT value FROM json_each(?))",
                *([OPEN] if self.open else []),
            ]
            sql = f"SELECT f.certainty, f.id FROM facts AS f {JOINS} WHERE {' AND '.join(conditions)} LIMIT {MOST + 1}"
            few = sorted(map(tuple, self.conn.execute(sql, (*where.values, kinds))))
            self.few = few if len(few) <= MOST or not self.open else None
            if few:
                return
