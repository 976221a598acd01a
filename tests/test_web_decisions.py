"""What was decided, on the pages: the log, decisions grown stale, gold to download."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from conftest import client_of
from starlette.testclient import TestClient
from test_review import keep, reading

from corpus.review import decide
from corpus.store import Corpus, open_corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        keep(corpus)
        yield corpus


@pytest.fixture
def web(corpus: Corpus) -> Iterator[TestClient]:
    with client_of(corpus.path) as client:
        yield client


def test_the_log_tells_who_decided_what(web: TestClient, corpus: Corpus) -> None:
    decide(corpus, 1, "correct", who="minh", correction={"value": 854}, note="nhầm số")
    for _ in range(60):
        decide(corpus, 2, "accept", who="lan")
    page = web.get("/review/log").text
    assert page.count("<tr>") == 51
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    rest = web.get(unescape(older[1])).text
    assert (rest.count("<tr>"), "nhầm số" in rest, "854 mô hình" in rest) == (12, True, True)
    assert web.get("/review/log", params={"who": "minh"}).text.count("<tr>") == 2


def test_decisions_at_odds_with_extraction_are_listed(web: TestClient, corpus: Corpus) -> None:
    assert "Không quyết định nào lệch" in web.get("/review/stale").text
    decide(corpus, [1, 2], "accept", who="minh")
    other = reading()
    other[0] |= {"role": "registered"}
    del other[1]
    keep(corpus, found=other)
    page = web.get("/review/stale").text
    assert "triển khai" in page
    assert "đăng ký" in page
    assert 'href="/review?fact=1"' in page
    lost = web.get("/review/stale", params={"which": "gone"}).text
    assert "Xã Đồng Văn" in lost
    assert "không còn tìm thấy" in web.get("/review", params={"fact": "2"}).text


def test_decisions_are_downloaded_as_gold(web: TestClient, corpus: Corpus) -> None:
    decide(corpus, [1, 2, 3, 4], "accept", who="minh")
    answer = web.get("/review/gold")
    assert 'filename="gold.jsonl"' in answer.headers["content-disposition"]
    [passage] = [json.loads(line) for line in answer.text.splitlines()]
    assert {fact["kind"] for fact in passage["facts"]} == {"count", "place", "money", "date"}
