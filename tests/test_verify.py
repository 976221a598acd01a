"""`baotinh check` and `verify`: a corpus whose pages are there passes, and each harm is said with its page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Baotinh, Run

from corpus.care import backup
from corpus.store import Corpus, open_corpus
from corpus.verify import archived_pages, harms, misplaced, without_page
from crawler.archive import verified


@pytest.fixture
def copied(demo: tuple[Run, Path], tmp_path: Path) -> Iterator[Corpus]:
    """A copy of the demo's corpus, to be harmed."""
    with open_corpus(demo[1]) as original:
        backup(original, tmp_path / "v.db")
        shutil.copytree(original.archive, tmp_path / "v-warc")
    with open_corpus(tmp_path / "v.db") as corpus:
        yield corpus


@pytest.mark.parametrize("door", [("check",), ("check", "--quick"), ("verify",)])
def test_the_demo_passes(demo: tuple[Run, Path], baotinh: Baotinh, door: tuple[str, ...]) -> None:
    done = baotinh(*door, "--db", demo[1])
    assert (done.returncode, done.stdout.strip()) == (0, "all is well"), done.stdout + done.stderr


def test_every_article_has_its_page(copied: Corpus) -> None:
    assert list(without_page(copied)) == []
    assert list(harms(verified(copied.archive, archived_pages(copied)))) == []
    read = {page["id"]: body for page, body, _ in verified(copied.archive, archived_pages(copied))}
    articles = copied.conn.execute("SELECT page_id FROM articles").fetchall()
    assert len(articles) > 50
    assert all(read[row["page_id"]] for row in articles)


def made(corpus: Corpus) -> list[Any]:
    """Pages of which articles are made."""
    sql = "SELECT p.*, a.id AS article FROM pages AS p JOIN articles AS a ON a.page_id = p.id ORDER BY p.id LIMIT 5"
    return corpus.conn.execute(sql).fetchall()


def test_harm_is_said_with_its_page(copied: Corpus, baotinh: Baotinh) -> None:
    first, second, third, fourth, fifth = made(copied)
    with (copied.archive / first["warc_file"]).open("r+b") as stream:
        stream.seek(first["warc_offset"] + 900)
        stream.write(b"\0" * 40)
    with copied.write() as conn:
        conn.execute("UPDATE pages SET digest = 'X' WHERE id = ?", (second["id"],))
        conn.execute("UPDATE pages SET warc_file = 'lost.warc.gz' WHERE id = ?", (third["id"],))
        conn.execute("UPDATE facts SET text = 'khác' WHERE article_id = ?", (fourth["article"],))
        conn.execute("UPDATE articles SET page_id = NULL WHERE id = ?", (fifth["article"],))
    checked, verified_again, quick = (
        baotinh(*door, "--db", copied.path) for door in (("check",), ("verify",), ("check", "--quick"))
    )
    assert {done.returncode for done in (checked, verified_again, quick)} == {1}

    def said(done: Run, url: str) -> str:
        return "".join(line for line in done.stdout.splitlines() if line.startswith(f"{url}: "))

    for done in (checked, verified_again):
        assert "no whole response record" in said(done, first["url"])
        assert "digests to" in said(done, second["url"])
    for done in (checked, verified_again, quick):
        assert "lost.warc.gz: missing, with 1 pages" in done.stdout
        assert "facts that are not the text at their offsets" in done.stdout
    assert "do not stand in the text" in said(verified_again, fourth["url"])
    assert "no page in the archive" in said(verified_again, fifth["url"])
    assert not said(quick, first["url"])
    assert checked.stdout.splitlines()[-1] == "problems: 4"


def test_check_reads_pages_of_which_no_article_was_made(copied: Corpus, baotinh: Baotinh) -> None:
    sql = "SELECT id, url FROM pages WHERE warc_file IS NOT NULL AND id NOT IN (SELECT page_id FROM articles) LIMIT 1"
    page, url = copied.conn.execute(sql).fetchone()
    with copied.write() as conn:
        conn.execute("UPDATE pages SET digest = 'X' WHERE id = ?", (page,))
    done = baotinh("check", "--db", copied.path)
    assert (done.returncode, done.stdout.startswith(f"{url}: its record digests to")) == (1, True)
    assert baotinh("check", "--quick", "--db", copied.path).stdout == "all is well\n"


def test_facts_are_held_against_the_text_made_again(copied: Corpus) -> None:
    page = next(page for page in made(copied) if copied.conn.execute(
        "SELECT 1 FROM facts WHERE article_id = ?", (page["article"],)).fetchone())  # fmt: skip
    (text,) = copied.conn.execute("SELECT text FROM articles WHERE id = ?", (page["article"],)).fetchone()
    assert list(misplaced(copied, lambda *_: text)(page, b"")) == []
    assert "facts do not stand" in next(misplaced(copied, lambda *_: f"Mới: {text}")(page, b""))
