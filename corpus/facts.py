"""Facts: what one reading of an article found, kept so that only differences are written and reviews stay with them."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.duplicates import link_copies
from corpus.records import FACT, FRAME, Draft, Place, drafts
from corpus.store import BATCH, Corpus, batches, insert, now

Records = Sequence[Mapping[str, Any]]  # as extract.language.records gives them
Reading = tuple[sqlite3.Row, list[Draft]]  # an article as it was read, and what was found in it
COMPARED = ("key", "sentence_id", "place_id", *FACT)
SENTENCE = ("id", "article_id", "start", "end", "text")
OBSERVATION = ("fact_id", "place_id", "part_of", *FRAME)
PARTY = ("fact_id", "party", "start", "end", "text")
NEW = ("id", "article_id", "run_id", "day", "frame_confidence", *COMPARED)
INSERT = f"INSERT INTO facts ({', '.join(NEW)}) VALUES (?{', ?' * (len(NEW) - 1)})"
SURE = FRAME.index("confidence")
CHANGE = f"UPDATE facts SET {' = ?, '.join(COMPARED)} = ?, run_id = ?, retired_at = NULL WHERE id = ?"
FRAMES = f"INSERT INTO observations ({', '.join(OBSERVATION)}) VALUES (?{', ?' * (len(OBSERVATION) - 1)})"
PARTIES = f"INSERT INTO observation_parties ({', '.join(PARTY)}) VALUES (?{', ?' * (len(PARTY) - 1)})"
AMONG = "IN (SELECT value FROM json_each(?))"
AT_ONCE = 20  # articles looked up together


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
    writing = Writing(corpus, run_id, version)
    batch: dict[int, Reading] = {}
    size = 0
    for article, records in _looked_up(corpus, readings):
        found = drafts(article["url"], article["text"], records)
        if batch and (size + len(found) > BATCH or article["id"] in batch):
            writing.write(list(batch.values()))
            batch, size = {}, 0
        batch[article["id"]] = article, found
        size += 1 + len(found)
    if batch:
        writing.write(list(batch.values()))
    return writing.saved


def _looked_up(corpus: Corpus, readings: Iterable[tuple[int, Records]]) -> Iterator[tuple[sqlite3.Row, Records]]:
    """The readings with their articles."""
    sql = f"SELECT id, url, text, digest, published_day FROM articles WHERE id {AMONG}"
    for batch in batches(readings, AT_ONCE):
        marks = json.dumps([article_id for article_id, _ in batch])
        articles = {row["id"]: row for row in corpus.conn.execute(sql, (marks,))}
        for article_id, records in batch:
            if article_id not in articles:
                raise ValueError(f"no article {article_id}")
            yield articles[article_id], records


class Writing:
    """Readings being written, a batch in each transaction: `saved` counts, `places` are the ids of places met."""

    def __init__(self, corpus: Corpus, run_id: int | None, version: str) -> None:
        self.corpus, self.run_id, self.version = corpus, run_id, version
        self.saved = Saved()
        self.places: dict[Place | None, int | None] = {None: None}

    def write(self, batch: list[Reading]) -> None:
        """Writes readings of different articles, in one transaction."""
        with self.corpus.write() as conn:
            batch = self._unchanged(conn, batch)
            sql = f"SELECT * FROM facts WHERE article_id {AMONG}"
            old = _by(conn, sql, [article["id"] for article, _ in batch], "article_id")
            sentence_ids = _sentences(conn, batch, old)
            for place in (place for _, found in batch for draft in found for place in draft.places):
                if place and place not in self.places:
                    self.places[place] = place_id(conn, place)
            ids = self._facts(conn, batch, old, sentence_ids)
            self._frames(conn, batch, ids, [row["id"] for rows in old.values() for row in rows])
            link_copies(conn, [article["id"] for article, _ in batch])
            read = [(self.version, article["id"]) for article, _ in batch]
            conn.executemany("UPDATE articles SET extracted_version = ? WHERE id = ?", read)

    def _unchanged(self, conn: sqlite3.Connection, batch: list[Reading]) -> list[Reading]:
        """The readings whose article is still the one that was read."""
        sql = f"SELECT id, digest FROM articles WHERE id {AMONG}"
        digests = dict(map(tuple, conn.execute(sql, (json.dumps([article["id"] for article, _ in batch]),))))
        self.saved.skipped += [article["id"] for article, _ in batch if digests[article["id"]] != article["digest"]]
        return [(article, found) for article, found in batch if digests[article["id"]] == article["digest"]]

    def _facts(
        self,
        conn: sqlite3.Connection,
        batch: list[Reading],
        old: Mapping[int, list[sqlite3.Row]],
        sentence_ids: Mapping[tuple[int, int], int],
    ) -> dict[str, int]:
        """Writes the facts that are new or other than stored and retires those gone; gives the ids by key."""
        (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM facts").fetchone()
        ids: dict[str, int] = {}
        new: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        gone: list[sqlite3.Row] = []
        for article, found in batch:
            pairs, left = _match(old.get(article["id"], []), found)
            gone += left
            for draft in found:
                sentence_id = sentence_ids[article["id"], draft.sentence[0]]
                compared = (draft.key, sentence_id, self.places[draft.place], *draft.row)
                row = pairs.get(draft.key)
                if row is None:
                    ids[draft.key] = last = last + 1
                    sure = draft.frame.row[SURE] if draft.frame else None
                    new.append((last, article["id"], self.run_id, article["published_day"], sure, *compared))
                    continue
                ids[draft.key] = row["id"]
                if row["retired_at"] is None and tuple(row[name] for name in COMPARED) == compared:
                    self.saved.kept += 1
                else:
                    changed.append((*compared, self.run_id, row["id"]))
        at = now()
        conn.executemany(CHANGE, changed)
        conn.executemany(INSERT, new)
        retire = "UPDATE facts SET retired_at = ?, original_id = NULL WHERE id = ?"
        conn.executemany(retire, [(at, row["id"]) for row in gone])
        self.saved.added += len(new)
        self.saved.changed += len(changed)
        self.saved.retired += len(gone)
        return ids

    def _frames(self, conn: sqlite3.Connection, batch: list[Reading], ids: Mapping[str, int], known: list[int]) -> None:
        """Writes the observations that differ and takes away those whose fact no longer has a frame."""
        old = _by(conn, f"SELECT {', '.join(OBSERVATION)} FROM observations WHERE fact_id {AMONG}", known, "fact_id")
        parties = f"SELECT {', '.join(PARTY)} FROM observation_parties WHERE fact_id {AMONG} ORDER BY 1, 2, 3"
        old_parties = _by(conn, parties, known, "fact_id")
        frames: list[tuple[Any, ...]] = []
        named: list[tuple[Any, ...]] = []
        gone: list[tuple[int]] = []
        for _, found in batch:
            spans = {draft.span: ids[draft.key] for draft in found if draft.frame}
            for draft in found:
                fact_id, frame = ids[draft.key], draft.frame
                rows = [tuple(row) for row in old.get(fact_id, [])]
                said = [tuple(row) for row in old_parties.get(fact_id, [])]
                wanted: list[tuple[Any, ...]] = []
                people: list[tuple[Any, ...]] = []
                if frame:
                    whole = spans.get(frame.part_of) if frame.part_of else None
                    wanted = [(fact_id, self.places[frame.scope], whole, *frame.row)]
                    people = sorted((fact_id, *party) for party in frame.parties)
                if (rows, said) != (wanted, people):
                    gone += [(fact_id,)] if rows else []
                    frames += wanted
                    named += people
        conn.executemany("DELETE FROM observation_parties WHERE fact_id = ?", gone)
        conn.executemany("DELETE FROM observations WHERE fact_id = ?", gone)
        conn.executemany(FRAMES, frames)
        conn.executemany(PARTIES, named)


def _by(conn: sqlite3.Connection, sql: str, ids: list[int], column: str) -> dict[int, list[sqlite3.Row]]:
    """The rows that `sql` finds for a JSON list of ids, by `column`."""
    found: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
    if ids:
        for row in conn.execute(sql, (json.dumps(ids),)):
            found[row[column]].append(row)
    return found


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


def _sentences(
    conn: sqlite3.Connection, batch: list[Reading], old: Mapping[int, list[sqlite3.Row]]
) -> dict[tuple[int, int], int]:
    """Ids of the evidence sentences by article and start; a known sentence that moved keeps its row."""
    stock: defaultdict[tuple[int, str], list[sqlite3.Row]] = defaultdict(list)
    sql = f"SELECT * FROM sentences WHERE article_id {AMONG} ORDER BY start"
    for article_id, rows in _by(conn, sql, list(old), "article_id").items():
        for row in rows:
            stock[article_id, row["text"]].append(row)
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM sentences").fetchone()
    ids: dict[tuple[int, int], int] = {}
    new: list[tuple[Any, ...]] = []
    for article, found in batch:
        for start, end, text in _evidence(found):
            known = stock[article["id"], text]
            if not known:
                ids[article["id"], start] = last = last + 1
                new.append((last, article["id"], start, end, text))
                continue
            row = min(known, key=lambda row: abs(row["start"] - start))
            known.remove(row)
            ids[article["id"], start] = row["id"]
            if (row["start"], row["end"]) != (start, end):
                conn.execute("UPDATE sentences SET start = ?, end = ? WHERE id = ?", (start, end, row["id"]))
    insert(conn, "sentences", SENTENCE, new)
    return ids


def _evidence(found: list[Draft]) -> list[tuple[int, int, str]]:
    """The sentences that the facts of an article stand in, one for each start."""
    longest: dict[int, tuple[int, int, str]] = {}
    for draft in found:  # a fact that runs over the sentence's end makes it longer
        start, end, _ = draft.sentence
        if start not in longest or end > longest[start][1]:
            longest[start] = draft.sentence
    return sorted(longest.values())


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
