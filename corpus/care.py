"""Care of the file: a consistent copy while in use, a check of everything that must hold, and getting room back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from corpus.deferred import FULL_TEXT
from corpus.schema import differences
from corpus.store import BATCH, Corpus, CorpusError

PAGES_AT_ONCE = 2048  # of the database, after which Ctrl-C is heard

# What must have no row, and how to say that it has.
ORPHANS = {
    "facts whose sentence is another article's": (
        "SELECT f.id FROM facts AS f JOIN sentences AS s ON s.id = f.sentence_id WHERE s.article_id <> f.article_id"
    ),
    "facts that lie outside their sentence": (
        "SELECT f.id FROM facts AS f JOIN sentences AS s ON s.id = f.sentence_id "
        "WHERE f.retired_at IS NULL AND (f.start < s.start OR f.end > s.end)"
    ),
    "facts that are not the text at their offsets": (
        "SELECT f.id FROM facts AS f JOIN sentences AS s ON s.id = f.sentence_id "
        "WHERE f.retired_at IS NULL AND substr(s.text, f.start - s.start + 1, f.end - f.start) <> f.text"
    ),
    "copies of a copy": (
        "SELECT a.id FROM articles AS a JOIN articles AS o ON o.id = a.original_id WHERE o.original_id IS NOT NULL"
    ),
    "facts whose state is not their last review's": (
        "SELECT f.id FROM facts AS f LEFT JOIN reviews AS r ON r.id = f.review_id "
        "WHERE f.state <> coalesce(r.decision, 'open') "
        "OR f.review_id IS NOT (SELECT max(id) FROM reviews WHERE fact_id = f.id)"
    ),
}


def backup(corpus: Corpus, target: Path | str) -> int:
    """Copies the corpus to `target` as it is at one moment, while others read and write; gives the bytes written.

    The WARC files stay where they are: copy their folder as well. CorpusError if the file is there already or cannot
    be written.
    """
    target = Path(target)
    if target.exists():
        raise CorpusError(f"{target}: is there already; give another name")
    if not target.parent.is_dir():
        raise CorpusError(f"{target}: its folder does not exist")
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(partial)) as copy, _one_moment(corpus):
            corpus.conn.backup(copy, pages=PAGES_AT_ONCE)
            # Not quick_check: SQLite 3.40 sees NULLs where a key's columns stand in another order than the table's.
            (sound,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except (sqlite3.Error, OSError) as error:
        raise CorpusError(f"{target}: the copy failed ({error})") from error
    else:
        if sound != "ok":
            raise CorpusError(f"{corpus.path}: damaged ({sound}); run `baotinh check`")
        partial.rename(target)
    finally:
        for part in (partial, *(partial.with_name(partial.name + end) for end in ("-wal", "-shm", "-journal"))):
            part.unlink(missing_ok=True)
    return target.stat().st_size


@contextmanager
def _one_moment(corpus: Corpus) -> Iterator[None]:
    """Holds what the corpus is now for reading: a copy in steps would begin again whenever somebody writes."""
    corpus.conn.execute("BEGIN")
    try:
        corpus.conn.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()  # the moment begins with the first read
        yield
    finally:
        corpus.conn.rollback()


def check(corpus: Corpus, archive: Path | None = None) -> Iterator[str]:
    """Everything that is wrong, one line each: schema, damage, full text against its content, orphans, WARC files.

    `archive` is the folder of the WARC files, beside the corpus unless given. The file is only read.
    """
    conn = corpus.conn
    yield from (f"schema: {difference}" for difference in differences(conn))
    yield from (f"damaged: {row[0]}" for row in conn.execute("PRAGMA integrity_check(20)") if row[0] != "ok")
    for table, row_id, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield f"{table} {row_id}: its row of {parent} is missing"
    for table in FULL_TEXT:
        if not _agrees(corpus, table):
            yield f"{table}: not what its content says; run `baotinh compact`"
    for what, sql in ORPHANS.items():
        found = [row[0] for row in conn.execute(sql)]
        if found:
            yield f"{len(found)} {what}, the first is {found[0]}"
    folder = archive or corpus.archive
    sql = "SELECT warc_file, max(warc_offset + warc_length), count(*) FROM pages WHERE warc_file IS NOT NULL GROUP BY 1"
    for name, end, pages in conn.execute(sql):
        path = folder / name
        if not path.is_file():
            yield f"{path}: missing, with {pages} pages"
        elif end and path.stat().st_size < end:
            yield f"{path}: cut short, {path.stat().st_size} bytes where {end} are known"


def _agrees(corpus: Corpus, table: str) -> bool:
    """Whether a full-text table holds what its view gives."""
    with corpus.write() as conn:  # FTS5's check is written as an insert, though it changes nothing
        try:
            conn.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if "malformed" not in str(error):
                raise
            return False
    return True


def compact(corpus: Corpus) -> int:
    """Drops sentences that no fact stands in, rebuilds the full text, refreshes statistics; gives the bytes won.

    Nobody else may write meanwhile; the file needs as much room again while this runs. CorpusError says what is amiss.
    """
    before = corpus.path.stat().st_size
    idle = "SELECT id FROM sentences AS s WHERE NOT EXISTS (SELECT 1 FROM facts WHERE sentence_id = s.id) LIMIT ?"
    while True:
        with corpus.write() as conn:
            if not conn.execute(f"DELETE FROM sentences WHERE id IN ({idle})", (BATCH,)).rowcount:
                break
    for table in FULL_TEXT:
        with corpus.write() as conn:
            conn.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
    try:
        for command in ("ANALYZE", "VACUUM"):
            corpus.conn.execute(command)
        (waits, *_) = corpus.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL
        mend = f"it needs {before:,} bytes free beside it" if full else "close the programs that use it"
        raise CorpusError(f"{corpus.path}: cannot be compacted now ({error}); {mend}") from error
    if waits:
        raise CorpusError(f"{corpus.path}: still read by another program; the room is free once that is closed")
    return before - corpus.path.stat().st_size
