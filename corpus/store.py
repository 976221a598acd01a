"""The store: one SQLite file, opened and checked, written in short IMMEDIATE transactions; and the runs kept in it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from corpus.deferred import deferred
from corpus.schema import APPLICATION_ID, CorpusError, differences, migrate, sealed

__all__ = [
    "BATCH",
    "Corpus",
    "CorpusError",
    "batches",
    "finish_run",
    "note_run",
    "now",
    "open_corpus",
    "renew_corpus",
    "start_run",
    "upsert",
]

T = TypeVar("T")

BATCH = 500  # rows in one transaction at most
TOGETHER = 100  # rows in one statement at most
COUNTED_FROM = 1_000  # facts from which on statistics are of use
CACHE = 64  # MB of pages kept in memory
CACHE_TO_FILL = 400  # MB, at most, while a new file is filled
BUSY = 10.0  # seconds to wait for another writer before one try fails
TRIES = 6  # times so long does a transaction wait to begin
ASKED_EVERY = 0.003  # seconds


@dataclass(frozen=True, slots=True)
class Corpus:
    """An open corpus: `path` of the file, `conn` with rows as sqlite3.Row; close it, or use it in a `with`."""

    path: Path
    conn: sqlite3.Connection

    @property
    def archive(self) -> Path:
        """The folder of the WARC files, beside the file."""
        return self.path.with_name(f"{self.path.stem}-warc")

    def close(self) -> None:
        """Closes the connection."""
        self.conn.close()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, begun IMMEDIATE so that it cannot fail half-way; keep it short and parse nothing in it."""
        if self.conn.in_transaction:  # part of a larger one
            yield self.conn
            return
        self._begin()
        try:
            yield self.conn
            self.conn.execute("COMMIT")
        except BaseException:
            if self.conn.in_transaction:
                self.conn.rollback()
            raise

    @contextmanager
    def fill(self) -> Iterator[sqlite3.Connection]:
        """One long transaction with a large cache, for a new file that nobody works in yet.

        Indexes and full text of tables that are still empty are made at its end, at once.
        """
        self.conn.execute(f"PRAGMA cache_size = {-CACHE_TO_FILL * 1024}")
        try:
            with self.write() as conn, deferred(conn):
                yield conn
        finally:
            self.conn.execute(f"PRAGMA cache_size = {-CACHE * 1024}")

    def _begin(self) -> None:
        """Begins to write, asking every few ms: SQLite's own waiting grows to 100 ms, in which others come first."""
        until = time.monotonic() + BUSY * TRIES
        self.conn.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    self.conn.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if not _busy(error):
                        raise
                    if time.monotonic() > until:
                        waited = int(BUSY * TRIES)
                        raise CorpusError(
                            f"{self.path}: locked by another program for {waited} s; try again"
                        ) from error
                time.sleep(ASKED_EVERY)
        finally:
            self.conn.execute(f"PRAGMA busy_timeout = {int(BUSY * 1000)}")


def open_corpus(path: Path | str, *, create: bool = True) -> Corpus:
    """Opens a corpus, made new or migrated where needed; CorpusError for what is none, is newer, damaged or locked."""
    path = Path(path)
    if not path.exists() and not create:
        raise CorpusError(f"{path}: no such corpus; `baotinh demo` or `baotinh refresh` makes one")
    if path.is_dir() or not path.parent.is_dir():
        raise CorpusError(f"{path}: {'a folder, not a file' if path.is_dir() else 'its folder does not exist'}")
    try:
        # The web server opens a corpus in one thread and may close it in another; it never shares one.
        conn = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise CorpusError(f"{path}: cannot be opened ({error})") from error
    try:
        _prepare(conn)
    except CorpusError as error:
        conn.close()
        raise CorpusError(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        conn.close()
        why = "locked by another program; try again" if _busy(error) else f"not a corpus ({error})"
        raise CorpusError(f"{path}: {why}") from error
    return Corpus(path, conn)


def renew_corpus(path: Path) -> None:
    """Takes away a corpus that only holds the demo, with its archive; CorpusError where it holds anything else."""
    if not path.exists():
        return
    with open_corpus(path) as corpus:
        kinds = {row["kind"] for row in corpus.conn.execute("SELECT DISTINCT kind FROM runs")}
        pages = corpus.conn.execute("SELECT 1 FROM pages LIMIT 1").fetchone()
        archive = corpus.archive
    if pages and not {"demo"} <= kinds <= {"demo", "extract"}:
        raise CorpusError(f"{path}: holds other pages than the demo's; give another --db")
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        part.unlink(missing_ok=True)
    shutil.rmtree(archive, ignore_errors=True)


def _prepare(conn: sqlite3.Connection) -> None:
    conn.row_factory = sqlite3.Row
    (application,) = conn.execute("PRAGMA application_id").fetchone()
    (tables,) = conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (tables or application):
        raise CorpusError("a database, but not a corpus of Báo Tỉnh; give another --db")
    if not tables:
        conn.execute("PRAGMA journal_mode = WAL")
    migrate(conn)
    if not sealed(conn) and (wrong := differences(conn)):
        raise CorpusError(f"the schema was altered ({'; '.join(wrong[:3])}); restore a backup")
    cache = f"cache_size = {-CACHE * 1024}"
    for setting in ("foreign_keys = ON", "synchronous = NORMAL", "temp_store = MEMORY", cache):
        conn.execute(f"PRAGMA {setting}")


def _busy(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The rows in lists of at most `size`, each for one transaction."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def insert(conn: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts new rows, many in a statement: FTS5 writes a segment at each statement whose triggers fill full text."""
    marks = f"({', '.join('?' * len(columns))})"
    for batch in batches(rows, TOGETHER):
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * len(batch))}"
        conn.execute(sql, [value for row in batch for value in row])


def upsert(table: str, columns: tuple[str, ...], key: str) -> str:
    """The SQL that inserts a row of `columns` or, where `key` is there already, writes over it what differs."""
    marks = ", ".join("?" * len(columns))
    others = [column for column in columns if column != key]
    changes = ", ".join(f"{column} = excluded.{column}" for column in others)
    old, new = (", ".join(f"{prefix}{column}" for column in others) for prefix in (f"{table}.", "excluded."))
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) "
        f"ON CONFLICT ({key}) DO UPDATE SET {changes} WHERE ({old}) IS NOT ({new})"
    )


def now() -> str:
    """This moment in UTC as ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def start_run(corpus: Corpus, kind: str, version: str, arguments: Mapping[str, Any] | None = None) -> int:
    """Notes the start of a refresh or extraction by program `version`; gives the run's id."""
    row = (kind, version, json.dumps(dict(arguments or {}), ensure_ascii=False, default=str), now())
    with corpus.write() as conn:
        sql = "INSERT INTO runs (kind, version, arguments, started_at) VALUES (?, ?, ?, ?)"
        return int(conn.execute(sql, row).lastrowid or 0)


def note_run(corpus: Corpus, run_id: int, report: Mapping[str, Any]) -> None:
    """Notes what a run has done so far; `finished_at` stays NULL while it runs."""
    text = json.dumps(dict(report), ensure_ascii=False, default=str)
    with corpus.write() as conn:
        conn.execute("UPDATE runs SET report = ? WHERE id = ?", (text, run_id))


def finish_run(corpus: Corpus, run_id: int, report: Mapping[str, Any]) -> None:
    """Notes the end of a run with its counts; where the facts have doubled, what SQLite plans by is counted anew."""
    text = json.dumps(dict(report), ensure_ascii=False, default=str)
    with corpus.write() as conn:
        conn.execute("UPDATE runs SET finished_at = ?, report = ? WHERE id = ?", (now(), text, run_id))
    if _doubled(corpus.conn):
        with corpus.write() as conn:
            conn.execute("ANALYZE")


def _doubled(conn: sqlite3.Connection) -> bool:
    """Whether there are twice as many facts, and a thousand, as when they were counted last."""
    counted = 0
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
        row = conn.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'facts_by_article'").fetchone()
        counted = int(row["stat"].split()[0]) if row else 0
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM facts").fetchone()
    return bool(last > 2 * counted + COUNTED_FROM)
