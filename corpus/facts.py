"""Facts: what one reading of an article found, kept so that only differences are written and reviews stay with them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.duplicates import link_facts
from corpus.records import FACT, FRAME, Draft, Place, drafts
from corpus.store import BATCH, Corpus, now
from extract.facts import Span

Records = Sequence[Mapping[str, Any]]  # as extract.language.records gives them
STORED = ("key", "article_id", "sentence_id", "place_id", "run_id", "day", *FACT)
COMPARED = ("key", "sentence_id", "place_id", *FACT)
INSERT = f"INSERT INTO facts (id, {', '.join(STORED)}) VALUES (?{', ?' * len(STORED)})"
CHANGE = f"UPDATE facts SET {' = ?, '.join(COMPARED)} = ?, run_id = ?, retired_at = NULL WHERE id = ?"
FRAME_SQL = (
    f"INSERT INTO observations (fact_id, place_id, part_of, {', '.join(FRAME)}) VALUES (?{', ?' * (len(FRAME) + 2)})"
)


@dataclass(slots=True)
class Saved:
    """How many facts a reading added, changed in place, kept and retired; ids of articles that changed meanwhile."""

    added: int = 0
    changed: int = 0
    kept: int = 0
    retired: int = 0
    skipped: list[int] = field(default_factory=list)


def save_reading(corpus: Corpus, article_id: int, records: Records, run_id: int | None, version: str) -> Saved:
    """Keeps what extractor `version` found in one article, as `save_readings` does."""
    return save_readings(corpus, [(article_id, records)], run_id, version)


def save_readings(corpus: Corpus, readings: Iterable[tuple[int, Records]], run_id: int | None, version: str) -> Saved:
    """Keeps readings, many articles a transaction (never one article in two); ValueError where a span is not its text.

    Facts found again keep their id, reviews and key; facts gone are retired. A fact somebody reviewed is followed when
    its span, sentence or value changed but it plainly is the same: same words, or the same place in the text. An
    article whose text changed since it was read is skipped, and stays to be read.
    """
    saved = Saved()
    batch: list[tuple[sqlite3.Row, list[Draft]]] = []
    rows = 0
    for article_id, records in readings:
        article = corpus.conn.execute(
            "SELECT id, url, text, digest, published_day FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        if article is None:
            raise ValueError(f"no article {article_id}")
        found = drafts(article["url"], article["text"], records)
        if batch and rows + len(found) > BATCH:
            _write(corpus, batch, run_id, version, saved)
            batch, rows = [], 0
        batch.append((article, found))
        rows += 1 + len(found)
    if batch:
        _write(corpus, batch, run_id, version, saved)
    return saved


def _write(
    corpus: Corpus, batch: list[tuple[sqlite3.Row, list[Draft]]], run_id: int | None, version: str, saved: Saved
) -> None:
    with corpus.write() as conn:
        for article, found in batch:
            (digest,) = conn.execute("SELECT digest FROM articles WHERE id = ?", (article["id"],)).fetchone()
            if digest != article["digest"]:
                saved.skipped.append(article["id"])
                continue
            _write_article(conn, article, found, run_id, saved)
            conn.execute("UPDATE articles SET extracted_version = ? WHERE id = ?", (version, article["id"]))


def _write_article(
    conn: sqlite3.Connection, article: sqlite3.Row, found: list[Draft], run_id: int | None, saved: Saved
) -> None:
    article_id = article["id"]
    old = conn.execute("SELECT * FROM facts WHERE article_id = ?", (article_id,)).fetchall()
    sentence_ids = _sentences(conn, article_id, found, known=bool(old))
    pairs, gone = _match(old, found)
    (next_id,) = conn.execute("SELECT coalesce(max(id), 0) + 1 FROM facts").fetchone()
    ids: dict[str, int] = {}
    new: list[tuple[Any, ...]] = []
    for draft in found:
        placed = place_id(conn, draft.place) if draft.place else None
        compared = (draft.key, sentence_ids[draft.sentence[0]], placed, *draft.row)
        row = pairs.get(draft.key)
        if row is None:
            ids[draft.key] = next_id + len(new)
            new.append(
                (
                    ids[draft.key],
                    draft.key,
                    article_id,
                    compared[1],
                    placed,
                    run_id,
                    article["published_day"],
                    *draft.row,
                )
            )
            continue
        ids[draft.key] = row["id"]
        if row["retired_at"] is None and tuple(row[name] for name in COMPARED) == compared:
            saved.kept += 1
        else:
            conn.execute(CHANGE, (*compared, run_id, row["id"]))
            saved.changed += 1
    conn.executemany(INSERT, new)
    at = now()
    conn.executemany(
        "UPDATE facts SET retired_at = ?, original_id = NULL WHERE id = ?", [(at, row["id"]) for row in gone]
    )
    saved.added += len(new)
    saved.retired += len(gone)
    _frames(conn, found, ids, fresh=not old)
    link_facts(conn, article_id)


def _match(old: list[sqlite3.Row], found: list[Draft]) -> tuple[dict[str, sqlite3.Row], list[sqlite3.Row]]:
    """The stored row of each draft's key that is known, and the rows in force that no draft is."""
    by_key = {row["key"]: row for row in old}
    pairs = {draft.key: by_key[draft.key] for draft in found if draft.key in by_key}
    left = [row for row in old if row["key"] not in pairs and (row["retired_at"] is None or row["review_id"])]
    free = [draft for draft in found if draft.key not in pairs]
    for row in [row for row in left if row["review_id"]]:
        follower = _follower(row, free)
        if follower is not None:
            pairs[follower.key] = row
            free.remove(follower)
            left.remove(row)
    return pairs, [row for row in left if row["retired_at"] is None]


def _follower(row: sqlite3.Row, free: list[Draft]) -> Draft | None:
    """The draft that a reviewed fact became: the same words nearest by, else the one that overlaps its span."""
    kin = [draft for draft in free if draft.kind == row["kind"]]
    near = sorted(kin, key=lambda draft: abs(draft.span[0] - row["start"]))
    same_words = (draft for draft in near if draft.row[FACT.index("text")] == row["text"])
    overlapping = (draft for draft in near if draft.span[0] < row["end"] and row["start"] < draft.span[1])
    return next(same_words, None) or next(overlapping, None)


def _sentences(conn: sqlite3.Connection, article_id: int, found: list[Draft], *, known: bool) -> dict[int, int]:
    """Ids of the evidence sentences by their start; a known sentence that moved keeps its row."""
    wanted = {draft.sentence[0]: draft.sentence for draft in found}
    for draft in found:  # a fact that runs over the sentence's end makes it longer
        if draft.sentence[1] > wanted[draft.sentence[0]][1]:
            wanted[draft.sentence[0]] = draft.sentence
    rows: list[sqlite3.Row] = []
    if known:
        rows = conn.execute("SELECT * FROM sentences WHERE article_id = ? ORDER BY start", (article_id,)).fetchall()
    stock: defaultdict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        stock[row["text"]].append(row)
    ids: dict[int, int] = {}
    for start, (_, end, text) in sorted(wanted.items()):
        if not stock[text]:
            sql = "INSERT INTO sentences (article_id, start, end, text) VALUES (?, ?, ?, ?)"
            ids[start] = int(conn.execute(sql, (article_id, start, end, text)).lastrowid or 0)
            continue
        row = min(stock[text], key=lambda row: abs(row["start"] - start))
        stock[text].remove(row)
        ids[start] = row["id"]
        if (row["start"], row["end"]) != (start, end):
            conn.execute("UPDATE sentences SET start = ?, end = ? WHERE id = ?", (start, end, row["id"]))
    return ids


def place_id(conn: sqlite3.Connection, place: Place) -> int:
    """The id of a path in `places`, written where it is new."""
    path, level, unit_key, folded = place
    row = conn.execute("SELECT id, level FROM places WHERE path = ? AND unit_key = ?", (path, unit_key)).fetchone()
    if row is None:
        sql = "INSERT INTO places (path, level, unit_key, folded) VALUES (?, ?, ?, ?)"
        return int(conn.execute(sql, (path, level, unit_key, folded)).lastrowid or 0)
    if row["level"] is None and level:
        conn.execute("UPDATE places SET level = ? WHERE id = ?", (level, row["id"]))
    return int(row["id"])


def _frames(conn: sqlite3.Connection, found: list[Draft], ids: dict[str, int], *, fresh: bool) -> None:
    """Writes the observations that differ and takes away those whose fact no longer has a frame."""
    by_span: dict[Span, int] = {draft.span: ids[draft.key] for draft in found if draft.frame}
    frames: list[tuple[Any, ...]] = []
    parties: list[tuple[Any, ...]] = []
    for draft in found:
        fact_id, frame = ids[draft.key], draft.frame
        row: tuple[Any, ...] | None = None
        said: list[tuple[Any, ...]] = []
        if frame:
            scope = place_id(conn, frame.scope) if frame.scope else None
            row = (fact_id, scope, by_span.get(frame.part_of) if frame.part_of else None, *frame.row)
            said = sorted((fact_id, *party) for party in frame.parties)
        old, known = (None, []) if fresh else _framed(conn, fact_id)
        if old is not None and (old != row or known != said):
            conn.execute("DELETE FROM observation_parties WHERE fact_id = ?", (fact_id,))
            conn.execute("DELETE FROM observations WHERE fact_id = ?", (fact_id,))
            old, known = None, []
        if old is None and row is not None:
            frames.append(row)
            parties += said
    conn.executemany(FRAME_SQL, frames)
    conn.executemany(
        "INSERT INTO observation_parties (fact_id, party, start, end, text) VALUES (?, ?, ?, ?, ?)", parties
    )


def _framed(conn: sqlite3.Connection, fact_id: int) -> tuple[tuple[Any, ...] | None, list[tuple[Any, ...]]]:
    """The observation of a fact and its parties, as they are stored."""
    sql = f"SELECT fact_id, place_id, part_of, {', '.join(FRAME)} FROM observations WHERE fact_id = ?"
    row = conn.execute(sql, (fact_id,)).fetchone()
    said = "SELECT fact_id, party, start, end, text FROM observation_parties WHERE fact_id = ?"
    return (tuple(row), [tuple(each) for each in conn.execute(said, (fact_id,))]) if row else (None, [])
