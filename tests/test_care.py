"""Care: copies that open, checks that find what is broken, room got back without loss."""

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.articles import save_article
from corpus.care import backup, check, compact
from corpus.facts import save_reading
from corpus.pages import save_page
from corpus.query import Query
from corpus.schema import mendable
from corpus.search import search
from corpus.store import Corpus, CorpusError, open_corpus
from extract.article import Article
from pipeline import main

TEXT = "Đến nay, toàn tỉnh có 845 mô hình. Bà con góp công làm 12 cây cầu."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with open_corpus(tmp_path / "a.db") as corpus:
        keep(corpus, TEXT)
    return tmp_path / "a.db"


def keep(corpus: Corpus, text: str) -> None:
    article = Article(title="Dân vận", body=text, published="2023-11-20", url="https://bao.example/1")
    article_id = save_article(corpus, article)
    assert article_id
    start = text.index("12 cây cầu")
    found = {"kind": "count", "text": "12 cây cầu", "start": start, "end": start + 10, "value": 12, "unit": "cây cầu",
             "qualifier": "exact", "rule": "t", "confidence": 0.9}  # fmt: skip
    save_reading(corpus, article_id, [found], None, "1")


def test_a_sound_corpus_has_nothing_wrong(path: Path) -> None:
    with open_corpus(path) as corpus:
        assert list(check(corpus)) == []


BROKEN = [
    ("INSERT INTO sentences_exact (sentences_exact, rowid, text) VALUES ('delete', 1, 'cầu')", "sentences_exact"),
    ("UPDATE facts SET text = 'khác'", "not the text at their offsets"),
    ("UPDATE facts SET start = 0", "outside their sentence"),
    ("UPDATE facts SET state = 'accept'", "last review"),
    ("PRAGMA foreign_keys = OFF; UPDATE facts SET run_id = 7", "row of runs is missing"),
    ("CREATE TRIGGER extra AFTER INSERT ON sites BEGIN DELETE FROM runs; END", "foreign trigger extra"),
]


@pytest.mark.parametrize(("harm", "word"), BROKEN)
def test_what_is_broken_is_found(path: Path, harm: str, word: str) -> None:
    with open_corpus(path) as corpus:
        corpus.conn.executescript(harm)
        assert any(word in line for line in check(corpus))


def test_missing_and_cut_warc_files_are_found(path: Path, tmp_path: Path) -> None:
    with open_corpus(path) as corpus:
        page = {"status": 200, "warc_offset": 100, "warc_length": 50}
        save_page(corpus, page | {"url": "https://bao.example/1", "warc_file": "gone.warc.gz"})
        save_page(corpus, page | {"url": "https://bao.example/2", "warc_file": "cut.warc.gz"})
        corpus.archive.mkdir()
        (corpus.archive / "cut.warc.gz").write_bytes(b"x" * 120)
        told = list(check(corpus))
    assert len(told) == 2
    assert "missing" in told[1]
    assert "cut short, 120 bytes where 150" in told[0]


def test_a_backup_taken_while_somebody_writes_is_whole(path: Path, tmp_path: Path) -> None:
    with open_corpus(path) as corpus, open_corpus(path) as writer, writer.write() as conn:
        conn.execute("INSERT INTO users (name, created_at) VALUES ('lan', '2026-01-01')")  # not committed yet
        assert backup(corpus, tmp_path / "copy.db") == (tmp_path / "copy.db").stat().st_size
    with open_corpus(tmp_path / "copy.db", create=False) as copy:
        assert list(check(copy)) == []
        assert search(copy, Query(words="cây cầu")).total == 1
        assert copy.conn.execute("SELECT count(*) FROM users").fetchone()[0] == 0


def test_a_backup_is_one_moment_though_somebody_writes_all_the_while(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.care.PAGES_AT_ONCE", 1)
    done, started = threading.Event(), threading.Event()

    def write() -> None:
        with open_corpus(path) as writer:
            for number in itertools.count():
                with writer.write() as conn:  # two rows that belong together
                    for half in ("a", "b"):
                        row = (f"{number}{half}", "2026-01-01")
                        conn.execute("INSERT INTO users (name, created_at) VALUES (?, ?)", row)
                started.set()
                if done.is_set():
                    return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert started.wait(30)
        with open_corpus(path) as corpus:
            backup(corpus, tmp_path / "copy.db")
    finally:
        done.set()
        thread.join(30)
    with open_corpus(tmp_path / "copy.db", create=False) as copy, open_corpus(path) as corpus:
        assert list(check(copy)) == []
        sql = "SELECT count(*) FROM users"
        copied, (written,) = copy.conn.execute(sql).fetchone()[0], corpus.conn.execute(sql).fetchone()
        assert (copied % 2, 0 < copied <= written) == (0, True)


def test_a_backup_is_one_file_that_is_used_like_the_first(path: Path, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    with open_corpus(path) as corpus:
        backup(corpus, tmp_path / "copies/copy.db")
    assert [file.name for file in (tmp_path / "copies").iterdir()] == ["copy.db"]
    with open_corpus(tmp_path / "copies/copy.db") as copy:
        assert copy.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_copy_that_fails_leaves_nothing(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "copies").mkdir()

    @contextmanager
    def fails(corpus: Corpus) -> Iterator[None]:
        raise sqlite3.OperationalError("database or disk is full")
        yield

    monkeypatch.setattr("corpus.care._one_moment", fails)
    with open_corpus(path) as corpus, pytest.raises(CorpusError, match=r"the copy failed .*full"):
        backup(corpus, tmp_path / "copies/copy.db")
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_full_disk_is_told_by_the_room_it_takes(path: Path) -> None:
    with open_corpus(path) as corpus:
        (pages,) = corpus.conn.execute("PRAGMA page_count").fetchone()
        corpus.conn.execute(f"PRAGMA max_page_count = {pages}")  # as if the disk ended here
        harm = "UPDATE articles SET body = body || replace(hex(zeroblob(100000)), '00', ' mô hình')"
        with pytest.raises(sqlite3.OperationalError) as full, corpus.write() as conn:
            conn.execute(harm)
    assert mendable(full.value)


DOORS = [
    (("backup", "{db}"), 1, "there already"),
    (("backup", "none/copy.db"), 1, "folder does not exist"),
    (("backup", "copy.db"), 0, "bytes in copy.db"),
    (("check",), 0, "all is well"),
    (("compact",), 0, "bytes"),
    (("compact", "--db", "none.db"), 1, "no such corpus"),
    (("check", "--db", "text.db"), 1, "not a corpus"),
]


@pytest.mark.parametrize(("given", "status", "said"), DOORS)
def test_the_doors_say_it_in_one_line(
    path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], status: int, said: str
) -> None:
    monkeypatch.chdir(path.parent)
    Path("text.db").write_text("không phải cơ sở dữ liệu " * 40, encoding="utf-8")
    door, *rest = (part.format(db=path) for part in given)
    done = CliRunner().invoke(main, [door, "--db", str(path), *rest], prog_name="baotinh")
    assert (done.exit_code, said in done.output) == (status, True), done.output
    assert len(done.stderr.splitlines()) == (1 if status else done.stderr.count("\n"))


def test_a_damaged_file_is_no_traceback(path: Path) -> None:
    with path.open("r+b") as file:  # the pages behind the schema
        size = path.stat().st_size
        file.seek(size // 2)
        file.write(b"\xff" * (size // 2))
    done = CliRunner().invoke(main, ["check", "--db", str(path)], prog_name="baotinh")
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)


def test_a_backup_writes_over_nothing(path: Path, tmp_path: Path) -> None:
    with open_corpus(path) as corpus:
        with pytest.raises(CorpusError, match="there already"):
            backup(corpus, path)
        with pytest.raises(CorpusError, match="folder"):
            backup(corpus, tmp_path / "none" / "copy.db")


def test_compacting_mends_the_full_text_and_loses_nothing(path: Path) -> None:
    with open_corpus(path) as corpus:
        corpus.conn.execute("INSERT INTO sentences_folded (sentences_folded) VALUES ('delete-all')")
        assert search(corpus, Query(words="cay cau")).within == "article"
        before = corpus.conn.execute("SELECT * FROM all_facts").fetchall()
        compact(corpus)
        assert list(check(corpus)) == []
        assert corpus.conn.execute("SELECT * FROM all_facts").fetchall() == before
        assert search(corpus, Query(words="cay cau")).within == "sentence"


def test_compacting_waits_for_nobody(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.store.TRIES", 1)
    monkeypatch.setattr("corpus.store.BUSY", 0.01)
    with open_corpus(path) as corpus, sqlite3.connect(path) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CorpusError, match="locked"):
            compact(corpus)


def test_compacting_tells_of_a_reader_that_keeps_the_room(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.store.BUSY", 0.01)
    with open_corpus(path) as reader:
        reader.conn.execute("BEGIN")
        reader.conn.execute("SELECT count(*) FROM facts").fetchone()
        with open_corpus(path) as corpus, pytest.raises(CorpusError, match="still read by another program"):
            compact(corpus)
        reader.conn.rollback()
    with open_corpus(path) as corpus:
        compact(corpus)
        assert list(check(corpus)) == []
