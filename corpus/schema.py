"""The schema: numbered migrations in raw SQL, applied in order, and the check that a file is what they say."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:  # loaded only where a file is made or brought up: it brings pandas, and 70 MB, along
    from sqlite_utils import Database, Migrations

MIGRATIONS = Path(__file__).with_name("migrations")
APPLICATION_ID = 1113670740  # "BaoT" in the file's header
# Made by SQLite, FTS5 and sqlite-utils themselves, each in its own version's words.
FOREIGN = re.compile(r"sqlite_|_sqlite_migrations|idx__sqlite_migrations|.*_(exact|folded)_(data|idx|docsize|config)$")

# What of SQLite's errors is no defect of ours: the disk, rights, another program, a damaged file.
MENDABLE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}  # fmt: skip


class CorpusError(Exception):
    """A file that cannot be used as a corpus, said in one line that tells what to do."""


def mendable(error: sqlite3.Error) -> bool:
    """Whether an error of SQLite is one that a user can mend."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in MENDABLE


def statements(script: str) -> Iterator[str]:
    """The SQL statements of a script, triggers whole."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if re.sub(r"--.*", "", statement).strip():
        raise ValueError(f"unfinished statement: {statement.strip()[:60]}")


@lru_cache(maxsize=1)
def migrations() -> Migrations:
    """The migration set "baotinh": one step for each file NNNN_name.sql."""
    from sqlite_utils import Migrations  # noqa: PLC0415

    steps = Migrations("baotinh")
    for path in sorted(MIGRATIONS.glob("[0-9]*.sql")):

        def step(db: Database, path: Path = path) -> None:
            for statement in statements(path.read_text(encoding="utf-8")):
                db.execute(statement)

        steps(name=path.stem)(step)
    return steps


def migrate(conn: sqlite3.Connection, *, stop_before: str | None = None) -> None:
    """Brings the file to this version's schema in one IMMEDIATE transaction; CorpusError if it is of a newer one."""
    known = applied(conn)
    names = [path.stem for path in sorted(MIGRATIONS.glob("[0-9]*.sql"))]
    if newer := sorted(known - set(names)):
        raise CorpusError(f"made by a newer Báo Tỉnh (schema {newer[-1]}): update this one and open it again")
    if known == set(names):
        return
    from sqlite_utils import Database  # noqa: PLC0415

    db = Database(conn, recursive_triggers=False, execute_plugins=False)
    conn.execute("BEGIN IMMEDIATE")
    try:
        migrations().apply(db, stop_before=stop_before)
        conn.execute(f"PRAGMA user_version = {_seal(conn)}")
        conn.execute("COMMIT")
    except BaseException:
        conn.rollback()
        raise


def applied(conn: sqlite3.Connection) -> set[str]:
    """The names of the steps that a file has had, as sqlite-utils notes them."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return set()
    rows = conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'baotinh'")
    return {row[0] for row in rows}


def objects(conn: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """The SQL of every table, view, trigger and index that is ours, by (type, name)."""
    rows = conn.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name): sql for kind, name, sql in rows if not FOREIGN.match(name)}


def sealed(conn: sqlite3.Connection) -> bool:
    """Whether a file's schema is as these very steps left it: the quick check, for which none need be run again."""
    (seal,) = conn.execute("PRAGMA user_version").fetchone()
    return bool(seal == _seal(conn))


def _seal(conn: sqlite3.Connection) -> int:
    """A number made of the file's schema and of the steps' words."""
    steps = "".join(path.read_text(encoding="utf-8") for path in sorted(MIGRATIONS.glob("[0-9]*.sql")))
    return crc32(f"{sorted(objects(conn).items())}{steps}".encode()) >> 1


@lru_cache(maxsize=1)
def expected() -> dict[tuple[str, str], str]:
    """What `objects` gives for a new corpus of this version."""
    conn = _newest()
    try:
        return objects(conn)
    finally:
        conn.close()


def _newest() -> sqlite3.Connection:
    """An empty corpus of this version in memory."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    for path in sorted(MIGRATIONS.glob("[0-9]*.sql")):
        conn.executescript(path.read_text(encoding="utf-8"))
    return conn


def differences(conn: sqlite3.Connection) -> list[str]:
    """What of the schema is missing or different, and triggers that are not ours; other people's tables may stay."""
    have, want = objects(conn), expected()
    found = [f"no {kind} {name}" for kind, name in sorted(want.keys() - have.keys())]
    found += [
        f"{kind} {name} differs"
        for kind, name in sorted(want)
        if have.get((kind, name), want[kind, name]) != want[kind, name]
    ]
    return found + [f"foreign trigger {name}" for kind, name in sorted(have.keys() - want.keys()) if kind == "trigger"]
