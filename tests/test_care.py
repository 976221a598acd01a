"""Care: copies that open, checks that find what is broken, room got back without loss."""

import sqlite3
from pathlib import Path

import pytest

from corpus.articles import save_article
from corpus.care import backup, check, compact
from corpus.facts import save_reading
from corpus.pages import save_page
from corpus.query import Query
from corpus.search import search
from corpus.store import Corpus, CorpusError, open_corpus
from extract.article import Article

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
