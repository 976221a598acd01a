"""Filling a new file: whole or nothing, and as if every row had been written by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from test_store import BODY, article, count, facts, reading

from corpus.articles import Cleaned, save_articles
from corpus.care import check
from corpus.deferred import FULL_TEXT
from corpus.facts import save_readings
from corpus.schema import differences
from corpus.store import Corpus, open_corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        yield corpus


def test_filling_a_new_file_is_whole_or_nothing_and_leaves_the_cache_as_it_was(corpus: Corpus) -> None:
    def cache() -> int:
        return int(corpus.conn.execute("PRAGMA cache_size").fetchone()[0])

    usual = cache()

    def fill(words: str) -> None:
        with corpus.fill():
            assert cache() < usual < 0  # KB are written as a negative number
            [saved] = save_articles(corpus, [Cleaned(article=article())])
            save_readings(corpus, [(saved or 0, [count(BODY, words, 96)])], None, "1")

    with pytest.raises(ValueError, match="substring"):
        fill("97 mô hình")
    assert cache() == usual
    found = "SELECT rowid FROM articles_folded WHERE articles_folded MATCH 'dan'"
    assert corpus.conn.execute("SELECT id FROM articles").fetchall() == corpus.conn.execute(found).fetchall() == []
    fill("96 mô hình")
    assert cache() == usual
    assert len(facts(corpus)) == 1
    assert list(check(corpus)) == []


def test_what_was_filled_is_as_if_written_row_by_row(tmp_path: Path) -> None:
    def write(corpus: Corpus, fill: bool) -> None:
        changed = Cleaned(article=article(title="Tên khác"))  # one URL twice: the second is a new version
        with corpus.fill() if fill else nullcontext():
            ids = save_articles(corpus, [Cleaned(article=article()), changed])
        with corpus.fill() if fill else nullcontext():
            save_readings(corpus, [(ids[0] or 0, reading())], None, "1")

    found = []
    for fill in (True, False):
        with open_corpus(tmp_path / f"{fill}.db") as corpus:
            write(corpus, fill)
            assert (list(check(corpus)), differences(corpus.conn)) == ([], [])
            words = [
                [row[0] for row in corpus.conn.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (word,))]
                for table in FULL_TEXT
                for word in ("mô", "mo", "khac", "khác")
            ]
            found.append((words, [tuple(row)[1:] for row in facts(corpus)]))
    assert found[0] == found[1]
    assert any(found[0][0])
