"""Blind samples on the pages: drawn by a researcher, decided without seeing others, compared when two are done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import client_of
from starlette.testclient import TestClient
from test_review import keep
from test_web_review import live, shown_fact, signed_in

from corpus.query import Query
from corpus.review import decide, history
from corpus.samples import chosen, decide_blind, draw, facts_of
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


def test_a_researcher_draws_a_sample(web: TestClient, corpus: Corpus) -> None:
    assert "Lấy một mẫu" in web.get("/review/samples").text
    page = web.post("/review/samples", data={"name": "Tháng 11", "size": "2", "seed": "5", "kind": ""})
    assert str(page.url).endswith("/review/samples/1")
    assert "Tháng 11" in page.text
    assert len(facts_of(corpus, 1)) == 2
    money = web.post("/review/samples", data={"name": "Tiền", "size": "9", "seed": "5", "kind": "money"})
    assert money.status_code == 200
    assert facts_of(corpus, 2) == [3]


WRONG = [
    ({"name": "x", "size": "0", "seed": "1"}, "từ 1 đến 2000"),
    ({"name": "x", "size": "nhiều", "seed": "1"}, "từ 1 đến 2000"),
    ({"name": "", "size": "2", "seed": "1"}, "một tên riêng"),
    ({"name": "x", "size": "2", "seed": "1", "q": "không có chữ này"}, "phải tìm thấy"),
    ({"name": "<b>x", "size": "2", "seed": "1", "kind": "weather"}, "&lt;b&gt;x"),
]


@pytest.mark.parametrize(("fields", "said"), WRONG)
def test_what_cannot_be_drawn_is_said(web: TestClient, fields: dict[str, str], said: str) -> None:
    page = web.post("/review/samples", data=fields)
    assert (page.status_code, said in page.text) == (400, True)


def test_a_reviewer_decides_but_draws_none(corpus: Corpus) -> None:
    draw(corpus, "kín", Query(), 4, 1, who="lan")
    with signed_in(corpus, "thu") as thu:
        assert "Lấy một mẫu" not in thu.get("/review/samples").text
        assert thu.post("/review/samples", data={"name": "x", "size": "2", "seed": "1"}).status_code == 403
        assert thu.post("/review/samples/1/settle").status_code == 403
        assert thu.get("/review/samples/1/work").status_code == 200
        assert thu.get("/review/samples/9").status_code == 404


def test_work_goes_from_fact_to_fact_and_shows_nobodys_decision(corpus: Corpus) -> None:
    drawn = draw(corpus, "kín", Query(), 4, 1, who="lan")
    decide(corpus, 1, "correct", who="minh", correction={"value": 99_999}, note="bí mật")
    decide_blind(corpus, drawn, 1, "reject", who="minh", note="bí mật")
    with signed_in(corpus, "thu") as thu:
        page = thu.get("/review/samples/1/work").text
        met = []
        for _ in range(4):
            met.append(shown_fact(page))
            for hidden in ("minh", "bí mật", "99.999", "Đã sửa", "đã sửa"):
                assert hidden not in page
            fields = {"fact": str(met[-1]), "decision": "accept"}
            page = thu.post("/review/samples/1/decide", data=fields).text
        assert met == facts_of(corpus, drawn)
        assert "4 trong 4 ✓" in page
        assert "khi có hai người duyệt xong" in page
    assert [said["decision"] for said in history(corpus, 1)] == ["correct"]


def test_corrections_and_taking_back_are_as_in_the_review(web: TestClient, corpus: Corpus) -> None:
    drawn = draw(corpus, "kín", Query(kind="money"), 1, 1, who="lan")
    wrong = web.post("/review/samples/1/decide", data={"fact": "3", "decision": "correct", "value": "năm 2021"})
    assert (wrong.status_code, 'value="năm 2021"' in wrong.text) == (422, True)
    web.post("/review/samples/1/decide", data={"fact": "3", "decision": "correct", "value": "12 tỷ đồng"})
    assert '"value": 12000000000' in str(chosen(corpus, drawn)["owner"][3][1])
    back = web.post("/review/samples/1/undo")
    assert live(back.text) == "Đã mở lại."
    assert chosen(corpus, drawn) == {}
    assert web.post("/review/samples/1/undo").status_code == 400
    for fields in ({"fact": "1", "decision": "accept"}, {"fact": "3", "decision": "open"}, {}):
        assert web.post("/review/samples/1/decide", data=fields).status_code == 400
    assert web.get("/review/samples/1/work", params={"fact": "1"}).status_code == 404


def test_agreement_shows_when_two_are_done_and_is_settled(corpus: Corpus) -> None:
    drawn = draw(corpus, "đôi", Query(), 4, 1, who="lan")
    facts = facts_of(corpus, drawn)
    for number, each in enumerate(facts):
        decide_blind(corpus, drawn, each, "accept", who="hoa")
        decide_blind(corpus, drawn, each, "reject" if number == 3 else "accept", who="minh")
    decide_blind(corpus, drawn, facts[0], "accept", who="thu")
    with signed_in(corpus, "thu") as thu:  # who has begun sees nothing before the end
        assert "Kappa" not in thu.get("/review/samples/1").text
    with signed_in(corpus, "nga", "researcher") as nga:
        page = re.sub(r"\s+", " ", nga.get("/review/samples/1").text)
        assert '<td class="number">75 %</td><td class="number">0</td>' in page
        assert "Chỗ khác nhau: 1" in page
        assert f'href="/review?fact={facts[3]}"' in page
        assert "Đã bác" in page
        done = nga.post("/review/samples/1/settle")
        assert "Đã ghi vào quyết định duyệt: 3." in done.text
    assert [history(corpus, each)[0]["who"] for each in facts[:3]] == ["nga"] * 3
    assert history(corpus, facts[3]) == []
