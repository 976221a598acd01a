"""Review: people's decisions on facts, append-only, with what they were made on, so that one grown stale is seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Literal, get_args

from corpus.correction import checked, keep_places
from corpus.query import Query
from corpus.queue import ahead
from corpus.search import Row, plain, rows
from corpus.store import Corpus, batches, now

Decision = Literal["accept", "correct", "reject", "open"]  # open takes a decision back
CHUNK = 200  # decisions compared with the extraction at a time
EXTRACTED = (
    "SELECT f.*, p.level, p.path, o.fact_id IS NOT NULL AS framed, o.measure, o.role, w.path AS scope, "
    "o.has_period, o.period_from, o.period_to FROM facts AS f LEFT JOIN places AS p ON p.id = f.place_id "
    "LEFT JOIN observations AS o ON o.fact_id = f.id LEFT JOIN places AS w ON w.id = o.place_id "
    "WHERE f.id IN (SELECT value FROM json_each(?))"
)
INSERT = (
    "INSERT INTO reviews (fact_id, decision, correction, seen, note, who, at, act, undoes) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Conflict(ValueError):
    """What was to be decided is no longer what the person saw; `facts` are the ids at fault. Nothing was written."""

    def __init__(self, facts: list[int]) -> None:
        super().__init__(f"decided by somebody else or extracted anew meanwhile: fact {', '.join(map(str, facts))}")
        self.facts = facts


def decide(
    corpus: Corpus,
    facts: int | Iterable[int],
    decision: Decision,
    *,
    who: str,
    note: str = "",
    correction: Mapping[str, Any] | None = None,
    expected: Mapping[int, str] | None = None,
) -> list[int]:
    """Adds a decision on one fact or on several, an act that `undo` takes back whole; gives the reviews' ids.

    `correction` holds what is other than extracted, under the guidelines' keys: {"value": 4664}, {"period": [None,
    "2022-01-18"]}. `expected` holds the `token` of each fact as it was seen: where one is another now, Conflict, and
    nothing is written. ValueError for a fact that is not there, a decision without its correction, or a correction that
    the kind of fact cannot have.
    """
    if decision not in get_args(Decision):
        raise ValueError(f"a decision is one of {', '.join(get_args(Decision))}, not {decision!r}")
    if (decision == "correct") != bool(correction):
        raise ValueError("a correction goes with the decision 'correct', and only with it")
    wanted = [facts] if isinstance(facts, int) else list(facts)
    ids: list[int] = []
    for batch in batches(wanted) if expected is None else [wanted]:
        with corpus.write() as conn:
            at = now()
            _known(conn, who, at)
            if expected is not None and (other := [each for each in batch if token(conn, each) != expected.get(each)]):
                raise Conflict(other)
            for fact_id in batch:
                seen = extracted(conn, fact_id)
                said = checked(conn, fact_id, seen, correction) if correction else None
                if said:
                    keep_places(conn, json.loads(said))
                act = ids[0] if ids else _next(conn)
                row = (fact_id, decision, said, json.dumps(seen, ensure_ascii=False), note, who, at, act, None)
                ids.append(int(conn.execute(INSERT, row).lastrowid or 0))
    return ids


def last_act(corpus: Corpus, who: str) -> int | None:
    """What `undo` would take back: the last act of a person that is no undoing and was not undone; None for none."""
    sql = (
        "SELECT coalesce(act, id) FROM reviews AS r WHERE who = ? AND undoes IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM reviews AS u WHERE u.undoes = coalesce(r.act, r.id)) ORDER BY id DESC LIMIT 1"
    )
    row = corpus.conn.execute(sql, (who,)).fetchone()
    return row[0] if row else None


def undo(corpus: Corpus, act: int, *, who: str) -> list[int]:
    """Takes an act of one's own back: what stood before it on each fact is said again; gives the ids of the facts.

    Conflict, and nothing is written, where another decision came after it or it was undone already; ValueError for an
    act that is not there.
    """
    with corpus.write() as conn:
        at = now()
        sql = "SELECT id, fact_id FROM reviews WHERE (act = ?1 OR id = ?1) AND who = ?2 AND undoes IS NULL ORDER BY id"
        made = conn.execute(sql, (act, who)).fetchall()
        if not made:
            raise ValueError(f"{who} has not decided anything under {act}")
        stacks = {row["fact_id"]: _standing(conn, row["fact_id"]) for row in made}
        if other := [row["fact_id"] for row in made if [*map(_id, stacks[row["fact_id"]])][-1:] != [row["id"]]]:
            raise Conflict(other)
        undoing = _next(conn)
        for row in made:
            before = stacks[row["fact_id"]][-2:-1]
            seen = before[0]["seen"] if before else json.dumps(extracted(conn, row["fact_id"]), ensure_ascii=False)
            said = (before[0]["decision"], before[0]["correction"]) if before else ("open", None)
            conn.execute(INSERT, (row["fact_id"], *said, seen, "", who, at, undoing, act))
    return [row["fact_id"] for row in made]


def _standing(conn: sqlite3.Connection, fact_id: int) -> list[sqlite3.Row]:
    """The decisions on a fact that nobody took back, the one in force last."""
    standing: list[sqlite3.Row] = []
    sql = (
        "SELECT id, coalesce(act, id) AS act, undoes, decision, correction, seen FROM reviews "
        "WHERE fact_id = ? ORDER BY at, id"
    )
    for row in conn.execute(sql, (fact_id,)):
        if row["undoes"] is None:
            standing.append(row)
        else:
            standing = [kept for kept in standing if kept["act"] != row["undoes"]]
    return standing


def _id(row: sqlite3.Row) -> int:
    return int(row["id"])


def _next(conn: sqlite3.Connection) -> int:
    """The id that the next review will have; only inside a transaction."""
    return int(conn.execute("SELECT coalesce(max(id), 0) + 1 FROM reviews").fetchone()[0])


def _known(conn: sqlite3.Connection, who: str, at: str) -> None:
    conn.execute("INSERT OR IGNORE INTO users (name, created_at) VALUES (?, ?)", (who, at))


def queue(corpus: Corpus, limit: int = 20) -> list[Row]:
    """The facts that nobody decided on, the least certain first, copies left out."""
    return rows(corpus, ahead(corpus, Query(), limit))


def token(conn: sqlite3.Connection, fact_id: int) -> str:
    """What changes when anybody decides on a fact or extraction says something else of it."""
    (review,) = conn.execute("SELECT review_id FROM facts WHERE id = ?", (fact_id,)).fetchone() or (None,)
    said = json.dumps(extracted(conn, fact_id), ensure_ascii=False, sort_keys=True)
    return f"{review or 0}-{blake2b(said.encode(), digest_size=8).hexdigest()}"


def extracted(conn: sqlite3.Connection, fact_id: int) -> dict[str, Any]:
    """What extraction says of a fact, corrections apart, under the guidelines' keys; ValueError if there is none."""
    for row in conn.execute(EXTRACTED, (json.dumps([fact_id]),)):
        return _said(row)
    raise ValueError(f"there is no fact {fact_id}")


def _said(row: sqlite3.Row) -> dict[str, Any]:
    """A row of EXTRACTED under the guidelines' keys."""
    said: dict[str, Any] = {"kind": row["kind"]}
    if row["kind"] == "date":
        return said | {"from": row["date_from"], "to": row["date_to"]}
    if row["kind"] == "place":
        return said | {"level": row["level"], "path": json.loads(row["path"])}
    if row["value_max"] is None:
        said["value"] = plain(row["value"])
    else:
        said |= {"min": plain(row["value"]), "max": plain(row["value_max"])}
    said |= {"total": plain(row["total"]), "qualifier": row["qualifier"]}
    if row["kind"] == "count":
        said |= {"unit": row["unit"], "model": None if row["model"] is None else bool(row["model"])}
    else:
        said |= {"currency": row["currency"], "per": row["per"]}
    if row["framed"]:
        said |= {
            "measure": row["measure"],
            "role": row["role"],
            "scope": json.loads(row["scope"]) if row["scope"] else None,
            "period": [row["period_from"], row["period_to"]] if row["has_period"] else None,
        }
    return said


def stale(corpus: Corpus, *, before: int | None = None, limit: int | None = None) -> list[dict[str, Any]]:
    """Last decisions made on something other than what extraction says now: the rows of review_log, and `now`.

    Newest first; `before` is a review's id, to go on from.
    """
    found: list[dict[str, Any]] = []
    log = _log(corpus, "is_last AND decision <> 'open' AND NOT gone AND id < coalesce(?, 1e18)", before)
    for chunk in batches(log, CHUNK):
        marks = json.dumps([row["fact_id"] for row in chunk])
        says = {row["id"]: _said(row) for row in corpus.conn.execute(EXTRACTED, (marks,))}
        found += [row | {"now": says[row["fact_id"]]} for row in chunk if says[row["fact_id"]] != row["seen"]]
        if limit is not None and len(found) >= limit:
            return found[:limit]
    return found


def gone(corpus: Corpus, *, before: int | None = None, limit: int | None = None) -> list[dict[str, Any]]:
    """Last decisions on facts that extraction no longer finds: the rows of review_log, newest first."""
    condition = "is_last AND decision <> 'open' AND gone AND id < coalesce(?, 1e18) LIMIT ?"
    return list(_log(corpus, condition, before, -1 if limit is None else limit))


def history(corpus: Corpus, fact_id: int) -> list[dict[str, Any]]:
    """Every decision on a fact, newest first: the rows of review_log."""
    return list(_log(corpus, "fact_id = ?", fact_id))


def made(corpus: Corpus, act: int) -> list[dict[str, Any]]:
    """The decisions of one act: the rows of review_log."""
    ids = corpus.conn.execute("SELECT id FROM reviews WHERE act = ?1 OR id = ?1 ORDER BY id DESC", (act,)).fetchall()
    return [row for (review,) in ids for row in _log(corpus, "id = ?", review)]  # a list of ids reads the whole log


def log(
    corpus: Corpus, *, who: str | None = None, before: int | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """Every decision, of one person where one is named, newest first: the rows of review_log."""
    condition = "(?1 IS NULL OR who = ?1) AND id < coalesce(?2, 1e18) LIMIT ?3"
    if who is not None:
        condition = "who = ?1 AND id < coalesce(?2, 1e18) LIMIT ?3"
    return list(_log(corpus, condition, who, before, -1 if limit is None else limit))


def deciders(corpus: Corpus) -> list[str]:
    """Who has decided on anything, by name."""
    sql = "SELECT name FROM users AS u WHERE EXISTS (SELECT 1 FROM reviews WHERE who = u.name) ORDER BY name"
    return [row["name"] for row in corpus.conn.execute(sql)]


def _log(corpus: Corpus, condition: str, *values: int | str | None) -> Iterator[dict[str, Any]]:
    sql = "SELECT *, (SELECT undoes FROM reviews WHERE id = log.id) AS undoes FROM review_log AS log"
    for row in corpus.conn.execute(f"{sql} WHERE {condition}", values):
        said = dict(row)
        said["seen"] = json.loads(row["seen"])
        said["correction"] = json.loads(row["correction"]) if row["correction"] else None
        yield said
