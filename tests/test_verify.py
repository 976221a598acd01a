"""`baotinh verify`: a corpus whose pages are there passes, and each harm is said with its page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Baotinh, Run

from corpus.care import backup
from corpus.store import Corpus, open_corpus
from corpus.verify import article_pages, misplaced
from crawler.archive import verified


@pytest.fixture
def copied(demo: tuple[Run, Path], tmp_path: Path) -> Iterator[Corpus]:
    """A copy of the demo's corpus, to be harmed."""
    with open_corpus(demo[1]) as original:
        backup(original, tmp_path / "v.db")
        shutil.copytree(original.archive, tmp_path / "v-warc")
    with open_corpus(tmp_path / "v.db") as corpus:
        yield corpus


def test_the_demo_passes(demo: tuple[Run, Path], baotinh: Baotinh) -> None:
    done = baotinh("verify", "--db", demo[1])
    assert (done.returncode, done.stdout.strip()) == (0, "all is well"), done.stdout + done.stderr


def test_every_article_has_its_page(copied: Corpus) -> None:
    (articles,) = copied.conn.execute("SELECT count(*) FROM articles").fetchone()
    pages = list(article_pages(copied))
    assert len([page for page in pages if page["current"]]) == articles > 50
    assert [wrong for _, body, wrong in verified(copied.archive, pages) if wrong or not body] == []


def test_harm_is_said_with_its_page(copied: Corpus, baotinh: Baotinh) -> None:
    first, second, third, fourth = list(article_pages(copied))[:4]
    file = copied.archive / first["warc_file"]
    with file.open("r+b") as stream:
        stream.seek(first["warc_offset"] + 900)
        stream.write(b"\0" * 40)
    with copied.write() as conn:
        sql = "UPDATE pages SET {} WHERE url = ?"
        conn.execute(sql.format("digest = 'X'"), (second["url"],))
        conn.execute(sql.format("warc_file = 'lost.warc.gz'"), (third["url"],))
        conn.execute("UPDATE facts SET text = 'khác' WHERE article_id = ?", (fourth["article_id"],))
    done = baotinh("verify", "--db", copied.path)
    assert done.returncode == 1
    said = {url: [line for line in done.stdout.splitlines() if line.startswith(f"{url}: ")] for url in
            (first["url"], second["url"], third["url"], fourth["url"])}  # fmt: skip
    assert "no whole response record" in said[first["url"]][0]
    assert "digests to" in said[second["url"]][0]
    assert "lost.warc.gz is missing" in said[third["url"]][0]
    assert "do not stand in the text" in said[fourth["url"]][0]


def test_facts_are_held_against_the_text_made_again(copied: Corpus) -> None:
    (article, text) = copied.conn.execute(
        "SELECT a.id, a.text FROM articles AS a WHERE EXISTS (SELECT 1 FROM facts WHERE article_id = a.id) LIMIT 1"
    ).fetchone()
    assert misplaced(copied, article, text) is None
    assert "facts do not stand" in (misplaced(copied, article, f"Mới: {text}") or "")
