"""The schema: what a file must hold, how an old one is brought up, how a wrong one is refused."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.schema import MIGRATIONS, differences, expected, migrate, migrations, objects, statements
from corpus.store import CorpusError, open_corpus

STEPS = [path.stem for path in sorted(MIGRATIONS.glob("*.sql"))]


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_steps_are_numbered_without_a_gap() -> None:
    assert [step[:4] for step in STEPS] == [f"{number:04}" for number in range(1, len(STEPS) + 1)]


def test_every_table_of_ours_is_strict_and_every_view_can_be_read(tmp_path: Path) -> None:
    with open_corpus(tmp_path / "a.db") as corpus:
        tables = {name for kind, name in expected() if kind == "table"}
        strict = {row["name"] for row in corpus.conn.execute("PRAGMA table_list") if row["strict"]}
        full_text = {"articles_exact", "articles_folded", "sentences_exact", "sentences_folded"}
        assert tables - strict == full_text
        for kind, name in expected():
            if kind == "view":
                assert corpus.conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] == 0
        settings = {
            name: corpus.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1}


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_file_of_an_earlier_version_keeps_every_row(tmp_path: Path, step: str) -> None:
    conn = raw(tmp_path / "a.db")
    migrate(conn, stop_before=step)
    conn.execute(
        "INSERT INTO articles (url, title, body, digest, saved_at) VALUES ('u', 'Dân vận', 'Bà con', 'd', 't')"
    )
    conn.execute("INSERT INTO sentences (article_id, start, end, text) VALUES (1, 0, 6, 'Bà con')")
    conn.close()
    with open_corpus(tmp_path / "a.db") as corpus:
        assert [row["url"] for row in corpus.conn.execute("SELECT url FROM articles")] == ["u"]
        assert differences(corpus.conn) == []
        found = "SELECT rowid FROM sentences_folded WHERE sentences_folded MATCH 'ba'"
        assert len(corpus.conn.execute(found).fetchall()) == 1


ALTERED = [
    ("DROP TRIGGER reviews_stay", "no trigger reviews_stay"),
    ("DROP INDEX facts_by_article", "no index facts_by_article"),
    ("DROP VIEW conflicts", "no view conflicts"),
    ("ALTER TABLE sites ADD COLUMN extra TEXT", "table sites differs"),
    ("CREATE TRIGGER mine AFTER INSERT ON sites BEGIN SELECT 1; END", "foreign trigger mine"),
]


@pytest.mark.parametrize(("harm", "word"), ALTERED)
def test_an_altered_schema_is_refused_by_name(tmp_path: Path, harm: str, word: str) -> None:
    open_corpus(tmp_path / "a.db").close()
    conn = raw(tmp_path / "a.db")
    conn.execute(harm)
    conn.close()
    with pytest.raises(CorpusError, match=word):
        open_corpus(tmp_path / "a.db")


def test_a_file_as_the_steps_left_it_is_known_without_running_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_corpus(tmp_path / "a.db").close()
    with monkeypatch.context() as patch:
        patch.setattr("corpus.store.differences", lambda conn: ["looked at closely"])
        open_corpus(tmp_path / "a.db").close()
        conn = raw(tmp_path / "a.db")
        conn.execute("DROP TRIGGER reviews_stay")
        with pytest.raises(CorpusError, match="looked at closely"):
            open_corpus(tmp_path / "a.db")
        conn.close()
        # Nor is a file sealed whose steps read otherwise today.
        steps = tmp_path / "steps"
        steps.mkdir()
        for path in MIGRATIONS.glob("*.sql"):
            (steps / path.name).write_text(path.read_text(encoding="utf-8") + "-- later\n", encoding="utf-8")
        open_corpus(tmp_path / "b.db").close()
        patch.setattr("corpus.schema.MIGRATIONS", steps)
        with pytest.raises(CorpusError, match="looked at closely"):
            open_corpus(tmp_path / "b.db")


def test_somebody_elses_table_may_stay(tmp_path: Path) -> None:
    open_corpus(tmp_path / "a.db").close()
    conn = raw(tmp_path / "a.db")
    conn.execute("CREATE TABLE notes (x)")
    conn.close()
    open_corpus(tmp_path / "a.db").close()


def test_a_file_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    open_corpus(tmp_path / "a.db").close()
    conn = raw(tmp_path / "a.db")
    conn.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('baotinh', '9999_later', '')"
    )
    before = objects(conn)
    with pytest.raises(CorpusError, match="9999_later"):
        open_corpus(tmp_path / "a.db")
    assert objects(conn) == before
    conn.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    conn = raw(tmp_path / "a.db")
    conn.execute("CREATE TABLE facts (x)")  # in the way of the first step
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(conn)
    assert list(objects(conn)) == [("table", "facts")]
    conn.close()


def test_a_corpus_is_opened_and_searched_without_loading_what_analysts_use(tmp_path: Path) -> None:
    open_corpus(tmp_path / "a.db").close()
    asked = (
        "import sys; from corpus.query import Query; from corpus.search import search; "
        "from corpus.store import open_corpus; search(open_corpus('a.db'), Query(words='dân vận')); "
        "print({'pandas', 'numpy', 'sqlite_utils', 'pyarrow', 'spacy'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_statements_keep_triggers_whole() -> None:
    script = "CREATE TABLE a (x); -- one; two\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN\n  SELECT 1;\nEND;\n"
    found = [statement.splitlines()[0].split()[1] for statement in statements(script)]
    assert found == ["TABLE", "TRIGGER"]
    with pytest.raises(ValueError, match="unfinished"):
        list(statements("CREATE TABLE a (x"))


def test_every_step_is_a_file() -> None:
    assert len(migrations()._migrations) == len(STEPS)
