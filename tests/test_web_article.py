"""The article's pages: facts marked, versions compared, copies linked, the archived page shut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import client_of
from starlette.testclient import TestClient

from corpus.articles import save_article
from corpus.store import Corpus, open_corpus
from crawler.archive import read_record
from extract.article import Article

HOSTILE = b"<html><body onload=alert(1)><script>alert(2)</script><p>Trang b\xc3\xa1o</p></body></html>"


def read_page(file: Path, offset: int) -> bytes:
    return read_record(file, offset).body


@pytest.fixture(scope="module")
def web(demo: tuple[object, Path]) -> Iterator[TestClient]:
    with client_of(demo[1], read_page=read_page) as client:
        yield client


def test_every_fact_is_marked_and_listed_once(web: TestClient, demo_corpus: Corpus) -> None:
    (article,) = demo_corpus.conn.execute("SELECT article_id FROM facts GROUP BY 1 ORDER BY count(*) DESC").fetchone()
    page = web.get(f"/articles/{article}").text
    ids = [row[0] for row in demo_corpus.conn.execute("SELECT id FROM current_facts WHERE article_id = ?", (article,))]
    assert [page.count(f'id="f{fact}"') for fact in ids] == [1] * len(ids)
    assert [page.count(f'href="#f{fact}"') for fact in ids] == [1] * len(ids)


def test_copies_are_linked(web: TestClient, demo_corpus: Corpus) -> None:
    sql = "SELECT id, original_id FROM articles WHERE original_id IS NOT NULL"
    copy, original = demo_corpus.conn.execute(sql).fetchone()
    assert f'href="/articles/{original}"' in web.get(f"/articles/{copy}").text
    assert f'href="/articles/{copy}"' in web.get(f"/articles/{original}").text


def test_a_version_shows_what_changed(tmp_path: Path) -> None:
    first = Article(title="Xã có 12 mô hình", body="Toàn xã có 12 mô hình.", url="https://paper.example/1")
    with open_corpus(tmp_path / "v.db") as corpus:
        article = save_article(corpus, first)
        save_article(corpus, replace(first, body="Toàn xã có 14 mô hình."))
    with client_of(tmp_path / "v.db") as web:
        assert f'href="/articles/{article}/versions/2"' in web.get(f"/articles/{article}").text
        page = web.get(f"/articles/{article}/versions/2").text
        assert "<del>12</del><ins>14</ins>" in page
        assert "<ins>" not in web.get(f"/articles/{article}/versions/1").text
        assert web.get(f"/articles/{article}/versions/3").status_code == 404


def test_the_archived_page_is_shown_shut_off(web: TestClient, demo_corpus: Corpus) -> None:
    article, page, title = demo_corpus.conn.execute("SELECT id, page_id, title FROM articles").fetchone()
    frame = web.get(f"/articles/{article}/archive").text
    assert f'<iframe class="archived" sandbox title="Trang đã lưu" src="/archive/{page}/page">' in frame
    shown = web.get(f"/archive/{page}/page")
    assert title.split()[0] in shown.text
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script-src" not in policy
    source = web.get(f"/archive/{page}/source")
    assert source.headers["content-type"].startswith("text/plain")
    assert "<html" in source.text


@pytest.mark.parametrize(
    ("content_type", "shown_as"),
    [("text/html", "text/html"), ("text/plain", "text/plain"), ("image/svg+xml", "text/plain")],
)
def test_nothing_of_a_hostile_page_runs(tmp_path: Path, content_type: str, shown_as: str) -> None:
    with open_corpus(tmp_path / "h.db") as corpus, corpus.write() as conn:
        sql = (
            "INSERT INTO pages (id, url, fetched_at, content_type, warc_file, warc_offset) "
            "VALUES (1, 'https://evil.example/', '2024-01-01', ?, 'x.warc.gz', 0)"
        )
        conn.execute(sql, (content_type,))
    with client_of(tmp_path / "h.db", read_page=lambda file, offset: HOSTILE) as web:
        shown = web.get("/archive/1/page")
        assert shown.headers["content-type"].startswith(shown_as)
        assert shown.headers["x-content-type-options"] == "nosniff"
        if shown_as == "text/html":
            assert shown.headers["content-security-policy"].startswith("sandbox;")
        assert web.get("/archive/1/source").headers["content-type"].startswith("text/plain")


def test_a_page_that_is_gone_is_said(tmp_path: Path) -> None:
    with open_corpus(tmp_path / "g.db") as corpus:
        article = save_article(corpus, Article(title="Tin", body="Xã có 2 mô hình.", url="https://paper.example/2"))
        with corpus.write() as conn:
            columns = "(id, url, fetched_at, warc_file, warc_offset)"
            conn.execute(f"INSERT INTO pages {columns} VALUES (7, 'u', '2024-01-01', 'gone', 0)")
    with client_of(tmp_path / "g.db", read_page=read_page) as web:
        assert "Kho lưu không có trang nào" in web.get(f"/articles/{article}/archive").text
        lost = web.get("/archive/7/page")
        assert (lost.status_code, "không còn trang này nguyên vẹn" in lost.text) == (404, True)
        assert web.get("/archive/8/page").status_code == 404
        assert web.get("/articles/99/archive").status_code == 404
