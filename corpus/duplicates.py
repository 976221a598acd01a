"""Copies: articles that are one text run by several papers, and their facts, each pointing to the original.

A text's 4-syllable shingles are MinHashed; articles sharing a band of the signature are candidates, found by the index
at the same cost however large the corpus is. A candidate is a copy when the shorter text's words and figures stand in
the longer one: words alone would join this year's report with last year's.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from corpus.store import Corpus
from extract.text import fold, one_tone

Hashes = NDArray[np.uint64]

SHINGLE = 4  # syllables
ROWS, BANDS = 3, 42  # texts sharing half of their shingles meet in a band in 996 of 1,000 cases
FEWEST = 24  # shingles; a shorter text (a caption, a notice) is compared with nothing
LIKELY = 0.4  # containment that the signatures must promise before texts are compared
SAME_WORDS = 0.6  # share of the shorter text's shingles that stand in the longer one
OTHER_FIGURES = 0.2  # share of its figures that may be others in the same words
MOST = 20  # candidates compared in full, likeliest first

WORD = re.compile(r"\d+(?:[.,/-]\d+)*|[^\W\d_]+")  # a figure or a syllable
VALUE = "kind, date_from, date_to, place_id, value, value_max, unit, currency"

_random = np.random.default_rng(20250701)  # fixed: signatures are compared across processes and years
_STEPS = _random.integers(1, 2**63, SHINGLE, dtype=np.uint64) | np.uint64(1)
_PERMUTATIONS = _random.integers(1, 2**63, ROWS * BANDS, dtype=np.uint64) | np.uint64(1)
_BAND_STEPS = _random.integers(1, 2**63, (BANDS, ROWS), dtype=np.uint64) | np.uint64(1)


@dataclass(frozen=True, slots=True)
class Text:
    """What of a text is compared: its distinct shingles' hashes, sorted, and its figures by the words around them."""

    shingles: Hashes
    figures: dict[tuple[str, ...], set[str]]


def compared(text: str) -> Text:
    """The shingles and figures of a text; case and tone placement do not count."""
    words = WORD.findall(one_tone(text).lower())
    hashes = np.array([crc32(word.encode()) for word in words], dtype=np.uint64)
    count = max(0, len(words) - SHINGLE + 1)
    rolled = np.zeros(count, dtype=np.uint64)
    for step, multiplier in enumerate(_STEPS):
        rolled = (rolled ^ (hashes[step : step + count] + multiplier)) * multiplier
    masked = ["0" if word[0].isdigit() else word for word in words]
    figures: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for at, word in enumerate(words):
        if masked[at] == "0":
            figures[*masked[max(0, at - 2) : at], "0", *masked[at + 1 : at + 3]].add(word)
    return Text(np.unique(rolled), dict(figures))


def signature(text: Text) -> NDArray[np.uint32]:
    """The MinHash: for each permutation the least hash of the shingles."""
    permuted = (text.shingles[:, None] * _PERMUTATIONS) >> np.uint64(32)
    return np.asarray(permuted.min(axis=0), dtype=np.uint32)


def bands(signed: NDArray[np.uint32]) -> list[int]:
    """The signature's bands as one signed 64-bit integer each."""
    mixed = (signed.astype(np.uint64).reshape(BANDS, ROWS) * _BAND_STEPS).sum(axis=1, dtype=np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _BAND_STEPS[:, 0]
    return [int(band) for band in mixed.view(np.int64)]


def are_copies(one: Text, other: Text) -> bool:
    """Whether the shorter text is told in the longer: its words, with the same figures where the words are the same."""
    shorter, longer = sorted((one, other), key=lambda text: len(text.shingles))
    if len(shorter.shingles) < FEWEST:
        return False
    shared = len(np.intersect1d(shorter.shingles, longer.shingles, assume_unique=True))
    if shared < SAME_WORDS * len(shorter.shingles):
        return False
    shared_places = shorter.figures.keys() & longer.figures.keys()
    others = sum(not shorter.figures[place] & longer.figures[place] for place in shared_places)
    return others <= OTHER_FIGURES * len(shared_places)


def find_copies(corpus: Corpus, articles: Iterable[int] | None = None) -> int:
    """Compares articles that are new or have a new text (or just these) with all before; gives the number of copies."""
    if articles is None:
        sql = (
            "SELECT a.id FROM articles AS a LEFT JOIN article_signatures AS s ON s.article_id = a.id "
            "WHERE s.version IS NOT a.version ORDER BY a.id"
        )
        articles = [row[0] for row in corpus.conn.execute(sql)]
    return sum(_place(corpus, article_id) for article_id in articles)


def _place(corpus: Corpus, article_id: int) -> bool:
    """Puts one article with its copies; whether it has any."""
    version, whole = corpus.conn.execute("SELECT version, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    text = compared(whole)
    signed = signature(text) if len(text.shingles) >= FEWEST else np.zeros(0, dtype=np.uint32)
    keys = bands(signed) if len(signed) else []
    found = _copies(corpus.conn, article_id, text, signed, keys) if keys else []
    with corpus.write() as conn:
        _forget(conn, article_id)
        sql = "INSERT INTO article_signatures (article_id, version, shingles, signature) VALUES (?, ?, ?, ?)"
        conn.execute(sql, (article_id, version, len(text.shingles), signed.tobytes()))
        conn.executemany("INSERT OR IGNORE INTO article_bands VALUES (?, ?)", [(band, article_id) for band in keys])
        if found:
            _group(conn, {article_id, *found})
    return bool(found)


def _copies(
    conn: sqlite3.Connection, article_id: int, text: Text, signed: NDArray[np.uint32], keys: list[int]
) -> list[int]:
    """Ids of the articles of which this text is a copy, or which are copies of it."""
    sql = (
        "SELECT article_id, shingles, signature FROM article_signatures WHERE article_id <> ? AND article_id IN "
        "(SELECT article_id FROM article_bands WHERE band IN (SELECT value FROM json_each(?)))"
    )
    likely: list[tuple[float, int]] = []
    for other_id, size, blob in conn.execute(sql, (article_id, json.dumps(keys))):
        alike = float(np.mean(np.frombuffer(blob, dtype=np.uint32) == signed))
        shared = alike / (1 + alike) * (size + len(text.shingles))
        likely.append((shared / min(size, len(text.shingles)), other_id))
    nearest = sorted(likely, reverse=True)[:MOST]
    texts = {
        other_id: conn.execute("SELECT text FROM articles WHERE id = ?", (other_id,)).fetchone()[0]
        for promise, other_id in nearest
        if promise >= LIKELY
    }
    return [other_id for other_id, other in texts.items() if are_copies(text, compared(other))]


def _forget(conn: sqlite3.Connection, article_id: int) -> None:
    """Takes an article's signature, bands and group away, before it is placed anew."""
    row = conn.execute("SELECT signature FROM article_signatures WHERE article_id = ?", (article_id,)).fetchone()
    if row is None:
        return
    keys = bands(np.frombuffer(row[0], dtype=np.uint32)) if row[0] else []
    conn.executemany("DELETE FROM article_bands WHERE band = ? AND article_id = ?", [(key, article_id) for key in keys])
    conn.execute("DELETE FROM article_signatures WHERE article_id = ?", (article_id,))
    rest = {row[0] for row in conn.execute("SELECT id FROM articles WHERE original_id = ?", (article_id,))}
    free = "UPDATE articles SET original_id = NULL WHERE id = ? OR original_id = ?"
    conn.execute(free, (article_id, article_id))
    link_facts(conn, article_id)
    if rest:
        _group(conn, rest)


def _group(conn: sqlite3.Connection, members: set[int]) -> None:
    """Makes one group of these articles and of the groups they are in, under its original."""
    marks = json.dumps(sorted(members))
    roots = "SELECT coalesce(original_id, id) FROM articles WHERE id IN (SELECT value FROM json_each(?))"
    sql = (
        "SELECT a.id, a.site_id, a.origin, a.published, length(a.body) AS size, s.name, s.home FROM articles AS a "
        f"LEFT JOIN sites AS s ON s.id = a.site_id WHERE a.id IN ({roots}) OR a.original_id IN ({roots}) "
        "OR a.id IN (SELECT value FROM json_each(?))"
    )
    rows = conn.execute(sql, (marks, marks, marks)).fetchall()
    original = _original(rows)
    for row in rows:
        points_to = None if row["id"] == original else original
        conn.execute("UPDATE articles SET original_id = ? WHERE id = ?", (points_to, row["id"]))
    for row in rows:
        link_facts(conn, row["id"])


def _original(rows: list[sqlite3.Row]) -> int:
    """The article of a paper that others credit; else the first of those that credit nobody; else the first."""

    def rank(row: sqlite3.Row) -> tuple[bool, bool, str, int, int]:
        credited = any(_credits(other["origin"], row) for other in rows if other["id"] != row["id"])
        borrowed = bool(row["origin"]) and not _credits(row["origin"], row)
        return not credited or borrowed, borrowed, row["published"] or "9", -row["size"], row["id"]

    return int(min(rows, key=rank)["id"])


def _credits(origin: str | None, row: sqlite3.Row) -> bool:
    """Whether a credit ("baoangiang.com.vn", "Báo An Giang", a site's id) means this article's paper."""
    if not origin or not row["site_id"]:
        return False
    host = row["home"].partition("://")[2].partition("/")[0].removeprefix("www.")
    said = fold(origin).removeprefix("www.")
    return said in {fold(row["site_id"]), host} or fold(row["name"]) in said or (bool(host) and host in said)


def link_copies(conn: sqlite3.Connection, article_ids: list[int]) -> None:
    """Points facts to the same ones of their original, for those of these articles that are copies or have any."""
    among = "IN (SELECT value FROM json_each(?1))"
    sql = (
        f"SELECT id FROM articles WHERE original_id IS NOT NULL AND id {among} "
        f"UNION SELECT original_id FROM articles WHERE original_id {among}"
    )
    for (article_id,) in conn.execute(sql, (json.dumps(article_ids),)).fetchall():
        link_facts(conn, article_id)


def link_facts(conn: sqlite3.Connection, article_id: int) -> None:
    """Points the facts of a copy to the same facts of its original, for this article and for its copies."""
    sql = (
        "UPDATE facts SET original_id = NULL WHERE article_id = ? AND original_id IS NOT NULL "
        "AND (SELECT original_id FROM articles WHERE id = article_id) IS NULL"
    )
    conn.execute(sql, (article_id,))
    sql = "SELECT id, original_id FROM articles WHERE (id = ? OR original_id = ?) AND original_id IS NOT NULL"
    change = "UPDATE facts SET original_id = ? WHERE id = ? AND original_id IS NOT ?"
    for copy_id, original_id in conn.execute(sql, (article_id, article_id)).fetchall():
        originals = {key: fact_id for fact_id, keys in _told(conn, original_id) for key in keys}
        for fact_id, keys in _told(conn, copy_id):
            known = next((originals[key] for key in keys if key in originals), None)
            conn.execute(change, (known, fact_id, known))


def _told(conn: sqlite3.Connection, article_id: int) -> list[tuple[int, tuple[tuple[object, ...], ...]]]:
    """The facts in force with what tells them: their value in its sentence, or else their value alone."""
    sql = (
        f"SELECT f.id, s.text, {VALUE} FROM facts AS f JOIN sentences AS s ON s.id = f.sentence_id "
        "WHERE f.article_id = ? AND f.retired_at IS NULL ORDER BY f.start DESC"
    )
    rows = conn.execute(sql, (article_id,))
    return [
        (fact_id, ((*value, " ".join(fold(sentence).split())), (*value, None))) for fact_id, sentence, *value in rows
    ]
