"""Samples: facts drawn at random on which people decide blind, how far they agree, and their agreement as reviews."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, get_args

from corpus.case import Case, case
from corpus.correction import DERIVED, checked
from corpus.query import Match, Query, matches
from corpus.review import Conflict, Decision, decide, extracted, token
from corpus.store import Corpus, now
from corpus.where import JOINS, Where

LARGEST = 2_000  # facts of a sample
BANDS = (0.6, 0.8, 0.9)  # of certainty; with the kinds the strata from which a sample is drawn
Choice = tuple[str, str | None]  # a decision and its correction in JSON


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample with its size and how many of its facts each person has decided on."""

    id: int
    name: str
    query: Query
    seed: int
    drawn_by: str
    drawn_at: str
    size: int
    people: dict[str, int]

    def finished(self, who: str) -> bool:
        """Whether a person has decided on all of it."""
        return self.people.get(who, 0) >= self.size

    @property
    def done(self) -> list[str]:
        """Who has decided on all of it, by name."""
        return sorted(filter(self.finished, self.people))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people agree on the facts of a kind (None: of all): `kappa` None where chance alone explains all."""

    people: tuple[str, str]
    kind: str | None
    facts: int
    agreed: int
    kappa: float | None


def draw(corpus: Corpus, name: str, query: Query, size: int, seed: int, *, who: str) -> int:
    """Draws a sample under a new name from what a query finds, rejected facts too; gives its id.

    Kinds and bands of certainty are drawn from in proportion, each at least once where `size` allows; the same seed
    draws the same facts from the same corpus. ValueError for a name taken or empty, a size that cannot be, no facts.
    """
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise ValueError("a sample's name has 1 to 100 characters")
    if not 1 <= size <= LARGEST:
        raise ValueError(f"a sample has 1 to {LARGEST} facts")
    strata = _strata(corpus, query)
    chance = random.Random(seed)
    drawn = [fact for key, number in _shares(strata, size).items() for fact in chance.sample(strata[key], number)]
    chance.shuffle(drawn)
    if not drawn:
        raise ValueError("the query finds no facts")
    with corpus.write() as conn:
        at = now()
        conn.execute("INSERT OR IGNORE INTO users (name, created_at) VALUES (?, ?)", (who, at))
        sql = "INSERT INTO samples (name, query, seed, drawn_by, drawn_at) VALUES (?, ?, ?, ?, ?)"
        try:
            said = json.dumps(query.mapping(), ensure_ascii=False)
            sample_id = int(conn.execute(sql, (name, said, seed, who, at)).lastrowid or 0)
        except sqlite3.IntegrityError as error:
            raise ValueError(f"there is a sample {name!r} already") from error
        rows = [
            (sample_id, number, fact, json.dumps(extracted(conn, fact), ensure_ascii=False))
            for number, fact in enumerate(drawn, 1)
        ]
        conn.executemany("INSERT INTO sample_facts (sample_id, number, fact_id, seen) VALUES (?, ?, ?, ?)", rows)
    return sample_id


def _strata(corpus: Corpus, query: Query) -> dict[tuple[str, int], list[int]]:
    """Ids of what a query finds, copies left out, by kind and band of certainty."""
    strata: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    found = matches(query.words)
    tries: list[tuple[Match | None, str]]
    tries = [(match, within) for match in found for within in ("sentence", "article")] or [(None, "sentence")]
    for match, within in tries:
        for state in [query.state] if query.state else [None, "reject"]:  # without a state, search leaves rejected out
            where = Where(corpus, replace(query, state=state, copies=False, sort=None))  # type: ignore[arg-type]
            if match:
                where.among(match, within)
            sql = f"SELECT f.id, f.kind, f.certainty FROM facts AS f {JOINS} WHERE {' AND '.join(where.conditions)}"
            for fact, kind, certainty in corpus.conn.execute(f"{sql} ORDER BY f.id", where.values):
                strata[kind, sum(certainty >= band for band in BANDS)].append(fact)
        if strata:
            break
    return dict(sorted(strata.items()))


def _shares(strata: Mapping[tuple[str, int], Sequence[int]], size: int) -> dict[tuple[str, int], int]:
    """How many to draw from each stratum: in proportion, the largest remainders first, each once where it can be."""
    total = sum(map(len, strata.values()))
    size = min(size, total)
    exact = {key: size * len(facts) / total for key, facts in strata.items()}
    least = int(size >= len(strata))
    shares = {key: max(least, int(share)) for key, share in exact.items()}
    order = sorted(strata, key=lambda key: exact[key] - shares[key], reverse=True)
    while (missing := size - sum(shares.values())) != 0:
        for key in order if missing > 0 else order[::-1]:
            step = 1 if missing > 0 else -1
            if least <= shares[key] + step <= len(strata[key]):
                shares[key] += step
                break
    return shares


def samples(corpus: Corpus) -> list[Sample]:
    """All samples, the newest first."""
    return [sample(corpus, row["id"]) for row in corpus.conn.execute("SELECT id FROM samples ORDER BY id DESC")]


def sample(corpus: Corpus, sample_id: int) -> Sample:
    """A sample; ValueError where there is none."""
    row = corpus.conn.execute("SELECT * FROM samples WHERE id = ?", (sample_id,)).fetchone()
    if row is None:
        raise ValueError(f"there is no sample {sample_id}")
    (size,) = corpus.conn.execute("SELECT count(*) FROM sample_facts WHERE sample_id = ?", (sample_id,)).fetchone()
    people = {who: len(choices) for who, choices in chosen(corpus, sample_id).items()}
    query = Query.of(json.loads(row["query"]))
    return Sample(row["id"], row["name"], query, row["seed"], row["drawn_by"], row["drawn_at"], size, people)


def chosen(corpus: Corpus, sample_id: int) -> dict[str, dict[int, Choice]]:
    """What each person decided last on each fact, taken back ones left out: by person and fact."""
    sql = (
        "SELECT who, fact_id, decision, correction, max(id) FROM sample_decisions WHERE sample_id = ? "
        "GROUP BY who, fact_id"  # SQLite takes the other columns from the row of the maximum
    )
    found: defaultdict[str, dict[int, Choice]] = defaultdict(dict)
    for who, fact, decision, correction, _ in corpus.conn.execute(sql, (sample_id,)):
        if decision != "open":
            found[who][fact] = decision, correction
    return dict(found)


def facts_of(corpus: Corpus, sample_id: int) -> list[int]:
    """Ids of the facts of a sample in the order of the work."""
    sql = "SELECT fact_id FROM sample_facts WHERE sample_id = ? ORDER BY number"
    return [row[0] for row in corpus.conn.execute(sql, (sample_id,))]


def blind_case(corpus: Corpus, sample_id: int, fact_id: int) -> Case:
    """A fact of a sample as extraction gave it when it was drawn, nobody's decision showing; ValueError for no such."""
    seen = _seen(corpus.conn, sample_id, fact_id)
    return replace(case(corpus, fact_id), seen=seen, said=seen, correction=None, state="open", token="")


def decide_blind(
    corpus: Corpus,
    sample_id: int,
    fact_id: int,
    decision: Decision,
    *,
    who: str,
    note: str = "",
    correction: Mapping[str, Any] | None = None,
) -> None:
    """Adds a person's decision on a fact of a sample; ValueError as `corpus.review.decide` and for no such fact."""
    if decision not in get_args(Decision):
        raise ValueError(f"a decision is one of {', '.join(get_args(Decision))}, not {decision!r}")
    if (decision == "correct") != bool(correction):
        raise ValueError("a correction goes with the decision 'correct', and only with it")
    with corpus.write() as conn:
        at = now()
        seen = _seen(conn, sample_id, fact_id)
        said = checked(conn, fact_id, seen, correction) if correction else None
        conn.execute("INSERT OR IGNORE INTO users (name, created_at) VALUES (?, ?)", (who, at))
        sql = (
            "INSERT INTO sample_decisions (sample_id, fact_id, decision, correction, note, who, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        conn.execute(sql, (sample_id, fact_id, decision, said, note, who, at))


def undo_blind(corpus: Corpus, sample_id: int, *, who: str) -> int | None:
    """Takes back what a person decided last in a sample; the fact's id, None where nothing is left to take back."""
    mine = chosen(corpus, sample_id).get(who, {})
    sql = "SELECT fact_id FROM sample_decisions WHERE sample_id = ? AND who = ? AND decision <> 'open' ORDER BY id DESC"
    for (fact_id,) in corpus.conn.execute(sql, (sample_id, who)).fetchall():
        if fact_id in mine:
            decide_blind(corpus, sample_id, fact_id, "open", who=who)
            return int(fact_id)
    return None


def _seen(conn: sqlite3.Connection, sample_id: int, fact_id: int) -> dict[str, Any]:
    sql = "SELECT seen FROM sample_facts WHERE sample_id = ? AND fact_id = ?"
    row = conn.execute(sql, (sample_id, fact_id)).fetchone()
    if row is None:
        raise ValueError(f"sample {sample_id} has no fact {fact_id}")
    seen: dict[str, Any] = json.loads(row["seen"])
    return seen


def kappa(pairs: Iterable[tuple[object, object]]) -> float | None:
    """Cohen's kappa of two people's choices; None for none, or where both always chose one and the same."""
    pairs = list(pairs)
    if not pairs:
        return None
    first, second = (Counter(side) for side in zip(*pairs, strict=True))
    by_chance = sum(first[choice] * second[choice] for choice in first) / len(pairs) ** 2
    agreed = sum(one == other for one, other in pairs) / len(pairs)
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def agreement(corpus: Corpus, sample_id: int) -> list[Agreement]:
    """How far each two people who are done agree, of all facts and kind by kind; equal corrections agree."""
    done = sample(corpus, sample_id).done
    choices = {who: said for who, said in chosen(corpus, sample_id).items() if who in done}
    sql = "SELECT f.id, f.kind FROM sample_facts AS s JOIN facts AS f ON f.id = s.fact_id WHERE sample_id = ?"
    kinds = dict(map(tuple, corpus.conn.execute(sql, (sample_id,))))
    found = []
    for one, other in combinations(done, 2):
        for kind in [None, *sorted(set(kinds.values()))]:
            facts = [fact for fact in kinds if kind in {None, kinds[fact]}]
            pairs = [(_plain(choices[one][fact]), _plain(choices[other][fact])) for fact in facts]
            agreed = sum(left == right for left, right in pairs)
            found.append(Agreement((one, other), kind, len(facts), agreed, kappa(pairs)))
    return found


def disagreements(corpus: Corpus, sample_id: int) -> dict[int, dict[str, Choice]]:
    """The facts on which not all who are done chose alike, with the choice of each, in the order of the work."""
    choices = _by_fact(corpus, sample_id)
    return {fact: said for fact, said in choices.items() if len(set(map(_plain, said.values()))) > 1}


def settle(corpus: Corpus, sample_id: int, *, who: str) -> int:
    """Writes into the reviews what all (at least two) who are done agree on; gives how many facts that were.

    Left out is what somebody decided on already in the reviews, and what extraction says something else of by now.
    """
    named = sample(corpus, sample_id)
    written = 0
    if len(named.done) < 2:
        return 0
    for fact, said in _by_fact(corpus, sample_id).items():
        if len(set(map(_plain, said.values()))) > 1:
            continue
        decision, correction = next(iter(said.values()))
        change = json.loads(correction) if correction else None
        change = {name: value for name, value in change.items() if name not in DERIVED} if change else None
        note = f"{named.name}: {', '.join(named.done)}"
        (review,) = corpus.conn.execute("SELECT review_id FROM facts WHERE id = ?", (fact,)).fetchone()
        expected = {fact: token(corpus.conn, fact)}
        if review is None and extracted(corpus.conn, fact) == _seen(corpus.conn, sample_id, fact):
            try:
                decide(corpus, fact, decision, who=who, note=note, correction=change, expected=expected)  # type: ignore[arg-type]
            except Conflict:  # decided in the very moment
                continue
            written += 1
    return written


def _by_fact(corpus: Corpus, sample_id: int) -> dict[int, dict[str, Choice]]:
    """The choices of those who are done, by fact in the order of the work."""
    done = sample(corpus, sample_id).done
    choices = chosen(corpus, sample_id)
    return {fact: {who: choices[who][fact] for who in done} for fact in facts_of(corpus, sample_id) if done}


def _plain(choice: Choice) -> str:
    """A choice as it is compared: corrections by what they say, however they were written."""
    decision, correction = choice
    said = {name: value for name, value in json.loads(correction or "{}").items() if name not in DERIVED}
    return f"{decision} {json.dumps(said, sort_keys=True)}"
