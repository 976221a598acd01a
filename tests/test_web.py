"""The web pages over the demo's corpus: found with and without diacritics, evidence marked, nothing of a page runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import client_of
from starlette.testclient import TestClient

from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.store import Corpus, CorpusError, open_corpus
from corpus.web.app import create_app
from corpus.web.web import Settings
from extract.article import Article


@pytest.fixture(scope="module")
def web(demo: tuple[object, Path]) -> Iterator[TestClient]:
    with client_of(demo[1]) as client:
        yield client


@pytest.mark.parametrize("words", ["dân vận khéo", "dan van kheo", '"Dân vận khéo"', "van*", 'x" OR ('])
def test_any_words_are_a_query(web: TestClient, words: str) -> None:
    answer = web.get("/", params={"q": words})
    assert answer.status_code == 200
    assert "Kết quả" in answer.text


def test_a_result_shows_sentence_paper_and_page(web: TestClient) -> None:
    page = web.get("/", params={"q": "dan van kheo", "kind": "count"}).text
    assert '<mark class="count">' in page
    assert 'rel="noopener noreferrer">Đọc trên trang báo</a>' in page
    assert "dân vận khéo" in page.lower()


def test_pages_follow_each_other(web: TestClient) -> None:
    first = web.get("/", params={"kind": "place"}).text
    second = web.get("/", params={"kind": "place", "page": "2"}).text
    assert 'rel="next" href="?kind=place&amp;page=2"' in first
    assert 'rel="prev" href="?kind=place&amp;page=1"' in second
    assert '<ol class="results" start="21">' in second


def test_filters_narrow(web: TestClient, demo_corpus: Corpus) -> None:
    page = web.get("/", params={"kind": "money", "min": "1.000.000.000.000"}).text
    wanted = "kind = 'money' AND coalesce(value_max, value) >= 1e12 AND original_id IS NULL"
    sql = f"SELECT count(*) FROM current_facts WHERE {wanted}"
    (found,) = demo_corpus.conn.execute(sql).fetchone()
    assert f"Kết quả: {found} dữ kiện" in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("since", "hôm qua", "năm-tháng-ngày"), ("min", "nhiều", "con số"), ("kind", "weather", "Loại dữ kiện không có")],
)
def test_a_filter_that_cannot_be_read_is_named(web: TestClient, field: str, typed: str, said: str) -> None:
    answer = web.get("/", params={field: typed})
    assert answer.status_code == 400
    assert said in answer.text


def test_what_is_not_there_is_said(web: TestClient) -> None:
    assert (web.get("/articles/999999").status_code, web.get("/nothing").status_code) == (404, 404)
    assert "Không có trang này" in web.get("/nothing").text


def test_every_answer_forbids_scripts(web: TestClient) -> None:
    for address in ("/", "/static/style.css", "/nothing"):
        assert web.get(address).headers["content-security-policy"].startswith("default-src 'none'")


def test_hostile_text_shows_as_text(tmp_path: Path) -> None:
    body = "Xã có 12 mô hình <script>alert(1)</script> mới."
    with open_corpus(tmp_path / "h.db") as corpus:
        article = Article(
            title="<img src=x onerror=alert(1)>", body=body, url="javascript:alert(1)", published="2024-01-01"
        )
        article_id = save_article(corpus, article)
        assert article_id
        fact = {
            "kind": "count",
            "text": "12 mô hình",
            "start": 6,
            "end": 16,
            "value": 12,
            "unit": "mô hình",
            "rule": "t",
        }
        save_reading(corpus, article_id, [fact], None, "1")
    with client_of(tmp_path / "h.db") as web:
        for address in ("/?q=mo+hinh", f"/articles/{article_id}"):
            page = web.get(address).text
            assert "&lt;script&gt;" in page
            assert "<script>" not in page
            assert "<img" not in page
            assert 'href="javascript:' not in page


def test_only_a_corpus_is_served(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such corpus"):
        create_app(Settings(path=tmp_path / "none.db", secret="s"))
