"""The web pages over the demo's corpus: found with and without diacritics, evidence marked, nothing of a page runs."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from conftest import client_of
from starlette.testclient import TestClient

from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.store import CorpusError, open_corpus
from corpus.web.app import create_app, run
from corpus.web.web import Settings
from extract.article import Article


@pytest.fixture(scope="module")
def web(demo: tuple[object, Path]) -> Iterator[TestClient]:
    with client_of(demo[1]) as client:
        yield client


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


def test_an_answer_does_not_wait_for_the_one_before(demo: tuple[object, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    listeners: list[socket.socket] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda _, sockets: listeners.extend(sockets))
    run(Settings(path=demo[1], secret="s", token="once"), 0, lambda address: None)
    [listener] = listeners
    with listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
