"""Old corpus files: one of each earlier schema version opens, is brought up, and keeps every row, review and word."""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.care import check
from corpus.query import Query
from corpus.review import decide, history
from corpus.schema import MIGRATIONS, applied, differences
from corpus.search import search
from corpus.store import Corpus, open_corpus

FOLDER = Path(__file__).with_name("corpora")
STEPS = [path.stem for path in sorted(MIGRATIONS.glob("*.sql"))]
OLD = sorted(path.name.removesuffix(".db.gz") for path in FOLDER.glob("*.db.gz"))
# What brings no rows of people: SQLite's and FTS5's own, and sqlite-utils' list of steps.
OWN = ("sqlite_", "_sqlite_", "articles_exact", "articles_folded", "sentences_exact", "sentences_folded")


def rows(conn: sqlite3.Connection, columns: dict[str, list[str]]) -> dict[str, Counter[tuple[Any, ...]]]:
    found = {}
    for table, names in columns.items():
        wanted = ", ".join(f'"{name}"' for name in names)
        found[table] = Counter(map(tuple, conn.execute(f"SELECT {wanted} FROM {table}")))
    return found


def columns(conn: sqlite3.Connection) -> dict[str, list[str]]:
    tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table: [row[1] for row in conn.execute(f"PRAGMA table_xinfo({table})")]
        for table in tables
        if not table.startswith(OWN)
    }


@pytest.fixture(params=OLD)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress((FOLDER / f"{request.param}.db.gz").read_bytes()))
    with closing(sqlite3.connect(path)) as conn:
        assert max(applied(conn)) == request.param
    return path


def found(corpus: Corpus, query: Query) -> list[int]:
    return sorted(row.id for row in search(corpus, query).rows)


def test_every_superseded_version_has_its_file() -> None:
    assert set(STEPS[:-1]) <= set(OLD) <= set(STEPS), "make it: python tests/corpora/make.py NAME_OF_THE_STEP"


def test_every_row_is_kept(old: Path) -> None:
    with closing(sqlite3.connect(old)) as conn:
        shape = columns(conn)
        before = rows(conn, shape)
    assert len(shape) >= 18
    assert all(before.values()), "a table of the file is empty, so nothing shows that its rows are kept"
    with open_corpus(old) as corpus:
        assert rows(corpus.conn, shape) == before
        assert applied(corpus.conn) == set(STEPS)
        assert differences(corpus.conn) == []
        assert list(check(corpus)) == []


def test_it_is_searched_as_a_new_one(old: Path) -> None:
    with open_corpus(old) as corpus:
        assert found(corpus, Query(words="mô hình")) == found(corpus, Query(words="mo hinh")) == [1, 2, 4]
        assert found(corpus, Query(words="mô hinh", kind="count")) == [2]  # no text is spelt so: folded
        assert found(corpus, Query(place="huyện Đồng Lĩnh")) == [1, 2]
        assert found(corpus, Query(first="2025-06-25", last="2025-06-25", kind="date")) == [4]
        assert found(corpus, Query(low=70, high=80)) == [2]  # as corrected
        assert found(corpus, Query(words="khóm Đình", kind="place")) == [1, 5]  # in the article's lead alone
        assert found(corpus, Query(state="reject")) == [3]


def test_reviews_are_in_force_and_new_ones_follow(old: Path) -> None:
    with open_corpus(old) as corpus:
        assert [(row["decision"], row["who"], row["gone"]) for row in history(corpus, 2)] == [
            ("correct", "minh", 0), ("accept", "lan", 0)]  # fmt: skip
        assert [row["gone"] for row in history(corpus, 6)] == [1]
        [row] = search(corpus, Query(kind="count")).rows
        assert (row.value, row.state, row.measure, row.place) == (75, "correct", "models", ("Trung Du", "Đồng Lĩnh"))
        decide(corpus, 3, "accept", who="minh")
        assert found(corpus, Query(kind="money")) == [3]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            corpus.conn.execute("DELETE FROM reviews")
