"""The review room: the queue in order, decisions that move on, undoing, conflicts, corrections as people type them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import client_of
from starlette.testclient import TestClient
from test_review import TEXT, fact, keep, reading

from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.query import Query
from corpus.queue import ahead
from corpus.review import decide, history, token
from corpus.store import Corpus, open_corpus
from corpus.users import save_user
from corpus.web import people
from corpus.web.app import create_app
from corpus.web.people import Failures
from corpus.web.web import Settings
from extract.article import Article

PASSWORD = "lua chin dong bang"


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        keep(corpus)
        yield corpus


@pytest.fixture
def web(corpus: Corpus) -> Iterator[TestClient]:
    with client_of(corpus.path) as client:
        yield client


@contextmanager
def signed_in(corpus: Corpus, name: str, role: Any = "reviewer") -> Iterator[TestClient]:  # noqa: ANN401
    people.FAILURES = Failures()
    save_user(corpus, name, role, PASSWORD)
    app = create_app(Settings(path=corpus.path, secret="only in tests"))
    with TestClient(app, base_url="http://127.0.0.1", headers={"Origin": "http://127.0.0.1"}) as client:
        assert client.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 200
        yield client


def shown_fact(page: str) -> int:
    found = re.search(r'name="fact" value="(\d+)"', page)
    assert found, page
    return int(found[1])


def live(page: str) -> str:
    found = re.search(r'<p id="live"[^>]*>(.*?)</p>', page)
    assert found
    return unescape(found[1])


def form(corpus: Corpus, *facts: int, **fields: str) -> dict[str, Any]:
    seen = [f"{each}:{token(corpus.conn, each)}" for each in facts]
    return {"fact": [str(each) for each in facts], "seen": seen, "back": "", **fields}


def states(corpus: Corpus) -> dict[int, str]:
    return {row["id"]: row["state"] for row in corpus.conn.execute("SELECT id, state FROM facts ORDER BY id")}


def test_the_queue_is_decided_from_its_head_to_its_end(web: TestClient, corpus: Corpus) -> None:
    wanted = ahead(corpus, Query(), 9)
    met = []
    page = web.get("/review").text
    for left in range(len(wanted), 0, -1):
        assert f"1 trong {left}" in page
        met.append(shown_fact(page))
        page = web.post("/review/decide", data=form(corpus, met[-1], decision="accept")).text
        assert live(page).startswith("Đã chấp nhận: “")
    assert met == wanted
    assert "không còn gì để duyệt" in page
    assert set(states(corpus).values()) == {"accept"}


def test_a_case_shows_sentence_value_frame_and_what_decided(web: TestClient, corpus: Corpus) -> None:
    frame = {
        "measure": "mo_hinh_dan_van_kheo",
        "role": "implemented",
        "scope": ["Hà Giang"],
        "period": [None, "2023-11-20"],
    }
    found = reading()
    why = {"what": "period", "start": 0, "end": 7, "text": "Đến nay"}
    donor = {"start": TEXT.index("Xã"), "end": TEXT.index("Xã") + 2, "text": "Xã"}
    found[0] |= frame | {"evidence": [why], "donor": donor, "rule": "count.known", "frame_confidence": 0.5}
    keep(corpus, found=found)
    page = re.sub(r"\s+", " ", web.get("/review", params={"fact": "1"}).text)
    assert '<mark class="count">845 mô hình</mark>' in page
    assert '<b class="why" title="thời gian">Đến nay</b>' in page
    for words in (
        "triển khai",
        "Hà Giang",
        "đến 20/11/2023",
        "count.known",
        "90 %",
        "50 %",
        "Xã Đồng Văn góp",
        "https://bao.example/1",
    ):
        assert words in page
    assert f'href="/articles/1#f{1}"' in page


def test_filters_narrow_the_queue_and_stay(web: TestClient, corpus: Corpus) -> None:
    page = web.get("/review", params={"kind": "money"}).text
    assert shown_fact(page) == 3
    assert "1 trong 1" in page
    done = web.post("/review/decide", data=form(corpus, 3, decision="reject") | {"back": "kind=money"})
    assert "kind=money" in str(done.url)
    assert "không còn gì để duyệt" in done.text
    assert web.get("/review", params={"kind": "weather"}).status_code == 400


def test_the_filters_are_shown_when_asked_for(web: TestClient) -> None:
    page = web.get("/review", params={"kind": "money"}).text
    assert 'href="/review?kind=money&amp;choose=1"' in page
    assert "Loại: Số tiền" in page
    assert 'name="since"' not in page
    for address in ("/review", "/review/list"):
        assert 'name="since"' in web.get(address, params={"kind": "money", "choose": "1"}).text


def test_neighbours_are_linked(web: TestClient, corpus: Corpus) -> None:
    first, second, third, _ = ahead(corpus, Query(), 9)
    page = web.get("/review", params={"fact": str(second)}).text
    assert f'rel="prev" href="/review?fact={first}"' in page
    assert f'rel="next" href="/review?fact={third}"' in page
    assert web.get("/review", params={"fact": "99"}).status_code == 404
    assert web.get("/review", params={"fact": "x"}).status_code == 200


def test_accept_correct_undo_undo(web: TestClient, corpus: Corpus) -> None:
    web.post("/review/decide", data=form(corpus, 1, decision="accept"))
    web.post("/review/decide", data=form(corpus, 1, decision="correct", value="854"))
    for state in ("accept", "open"):
        act = re.search(r'name="act" value="(\d+)"', web.get("/review").text)
        assert act
        page = web.post("/review/undo", data={"act": act[1], "back": ""})
        assert live(page.text) == "Đã hoàn tác."
        assert str(page.url).endswith(f"fact=1&undone={act[1]}")
        assert states(corpus)[1] == state
    assert [said["decision"] for said in history(corpus, 1)] == ["open", "accept", "correct", "accept"]
    assert 'name="act"' not in web.get("/review").text
    assert web.post("/review/undo", data={"act": "1"}).status_code == 409
    assert web.post("/review/undo", data={"act": "77"}).status_code == 400


TYPED: list[tuple[int, dict[str, str], dict[str, Any], str]] = [
    (3, {"value": "12 tỷ đồng"}, {"value": 12_000_000_000}, "12.000.000.000 VND (12 tỷ)"),
    (3, {"value": "gần 2,5 tỷ"}, {"value": 2_500_000_000, "qualifier": "less"}, "gần 2.500.000.000 VND"),
    (
        1,
        {"value": "1.854 mô hình", "period": "năm 2022"},
        {"value": 1854, "period": ["2022-01-01", "2022-12-31"]},
        "1.854 mô hình",
    ),
    (1, {"scope": "", "role": "registered"}, {"scope": None, "role": "registered"}, "đăng ký"),
    (4, {"days": "quý I/2022"}, {"from": "2022-01-01", "to": "2022-03-31"}, "01/01/2022 – 31/03/2022"),
]


@pytest.mark.parametrize(("number", "typed", "said", "shown"), TYPED)
def test_corrections_are_typed_as_people_write(  # noqa: PLR0917
    web: TestClient, corpus: Corpus, number: int, typed: dict[str, str], said: dict[str, Any], shown: str
) -> None:
    page = web.post("/review/decide", data=form(corpus, number, decision="correct", note="đọc nhầm", **typed))
    assert page.status_code == 200
    assert shown in live(page.text)
    [last] = history(corpus, number)
    assert last["correction"].items() >= said.items()
    assert last["note"] == "đọc nhầm"


def test_a_wrong_correction_loses_nothing_of_what_was_typed(web: TestClient, corpus: Corpus) -> None:
    typed = {"value": "1.854", "period": "12 tỷ đồng", "scope": "Xứ Mơ", "note": "ghi <chú>"}
    page = web.post("/review/decide", data=form(corpus, 1, decision="correct", **typed))
    assert page.status_code == 422
    text = unescape(page.text)
    assert 'id="fix-period-error">Đây là số tiền; ô này không nhận số tiền.' in text
    assert 'id="fix-scope-error">Vào ngày đăng bài không có đơn vị này' in text
    assert all(f'value="{words}"' in text for words in typed.values())
    assert '<details id="correct" open>' in text
    assert "ghi <chú>" not in page.text
    nothing = web.post("/review/decide", data=form(corpus, 1, decision="correct"))
    assert (nothing.status_code, "Chưa có gì thay đổi" in nothing.text) == (422, True)
    assert history(corpus, 1) == []


READ = [
    (3, "value", "12 tỷ đồng", {"said": "12.000.000.000 VND (12 tỷ)", "error": ""}),
    (4, "days", "năm 2021", {"said": "năm 2021", "error": ""}),
    (4, "days", "12 tỷ đồng", {"said": "", "error": "Đây là số tiền; ô này không nhận số tiền."}),
]


@pytest.mark.parametrize(("number", "field", "typed", "said"), READ)
def test_what_is_typed_is_read_back(web: TestClient, number: int, field: str, typed: str, said: dict[str, str]) -> None:
    assert web.get("/review/read", params={"fact": number, "field": field, "typed": typed}).json() == said
    assert web.get("/review/read", params={"fact": number, "field": "path", "typed": typed}).status_code == 404
    assert web.get("/review/read", params={"fact": 99, "field": field}).status_code == 404


def test_all_that_is_visible_is_accepted_and_undone_as_one(web: TestClient, corpus: Corpus) -> None:
    page = web.get("/review/list").text
    assert page.count('type="checkbox" name="fact"') == 4
    fields = form(corpus, 1, 2, 4, decision="accept", view="list", note="cùng đợt")
    done = web.post("/review/decide", data=fields)
    assert live(done.text) == "Đã chấp nhận: 3 dữ kiện."
    assert "/review/list" in str(done.url)
    assert states(corpus) == {1: "accept", 2: "accept", 3: "open", 4: "accept"}
    act = re.search(r'name="act" value="(\d+)"', done.text)
    assert act
    web.post("/review/undo", data={"act": act[1]})
    assert set(states(corpus).values()) == {"open"}


def test_a_stale_decision_is_not_written_and_may_be_made_again(web: TestClient, corpus: Corpus) -> None:
    fields = form(corpus, 1, decision="correct", value="900", note="của tôi")
    decide(corpus, 1, "reject", who="minh", note="trùng bài")
    page = web.post("/review/decide", data=fields)
    assert page.status_code == 409
    text = unescape(page.text)
    for words in ("Đã có quyết định khác", "minh", "trùng bài", "Đã bác", "900", "của tôi", "Giữ như hiện nay"):
        assert words in text
    assert len(history(corpus, 1)) == 1
    again = re.search(r'<form method="post" action="/review/decide" id="anyway">(.*?)</form>', text, re.DOTALL)
    assert again
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', again[1]))
    assert web.post("/review/decide", data=hidden).status_code == 200
    assert [said["decision"] for said in history(corpus, 1)] == ["correct", "reject"]
    assert history(corpus, 1)[0]["correction"]["value"] == 900


def test_a_fact_read_anew_is_a_conflict_too(web: TestClient, corpus: Corpus) -> None:
    fields = form(corpus, 1, 2, decision="accept", view="list")
    other = reading()
    other[0] |= {"role": "registered"}
    keep(corpus, found=other)
    page = web.post("/review/decide", data=fields)
    assert (page.status_code, "đăng ký" in page.text) == (409, True)
    assert set(states(corpus).values()) == {"open"}
    assert web.post("/review/decide", data=form(corpus, 1, decision="accept") | {"seen": "1:forged"}).status_code == 409


def test_undoing_what_others_decided_since_is_a_conflict(web: TestClient, corpus: Corpus) -> None:
    web.post("/review/decide", data=form(corpus, 1, decision="accept"))
    decide(corpus, 1, "reject", who="minh")
    page = web.post("/review/undo", data={"act": str(history(corpus, 1)[-1]["id"])})
    assert (page.status_code, states(corpus)[1]) == (409, "reject")
    assert 'id="anyway"' not in page.text


def test_of_many_at_once_one_is_written(web: TestClient, corpus: Corpus) -> None:
    fields = form(corpus, 2, decision="accept")
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: web.post("/review/decide", data=fields).status_code, range(8)))
    assert sorted(answers) == [200, *[409] * 7]
    assert len(history(corpus, 2)) == 1


PAGES = (
    "/review",
    "/review/list",
    "/review/log",
    "/review/stale",
    "/review/gold",
    "/review/samples",
    "/review/read?fact=1&field=value",
)


def test_readers_are_refused(corpus: Corpus) -> None:
    with signed_in(corpus, "doc", "reader") as browser:
        assert [browser.get(address).status_code for address in PAGES] == [403] * len(PAGES)
        for address in ("decide", "undo", "samples", "samples/1/decide"):
            assert browser.post(f"/review/{address}", data=form(corpus, 1, decision="accept")).status_code == 403
        assert 'href="/review"' not in browser.get("/").text
    assert set(states(corpus).values()) == {"open"}


def test_two_people_see_each_others_decisions(corpus: Corpus) -> None:
    with signed_in(corpus, "thu") as thu:
        thu.post("/review/decide", data=form(corpus, 1, decision="accept", note="đã gọi hỏi"))
    with signed_in(corpus, "vinh") as vinh:
        page = vinh.get("/review", params={"fact": "1"}).text
        assert "thu" in page
        assert "đã gọi hỏi" in page
        assert 'name="act"' not in page
        act = history(corpus, 1)[0]["id"]
        assert vinh.post("/review/undo", data={"act": str(act)}).status_code == 400
        assert live(vinh.get("/review", params={"done": str(act)}).text) == ""


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"decision": "accept"},
        {"decision": "destroy", "fact": "1"},
        {"fact": "x", "decision": "accept"},
        {"fact": ["1", "2"], "decision": "correct", "value": "5"},
    ],
)
def test_half_a_form_is_refused(web: TestClient, fields: dict[str, str]) -> None:
    assert web.post("/review/decide", data=fields).status_code == 400


def test_a_note_too_long_is_refused_not_cut(web: TestClient, corpus: Corpus) -> None:
    answer = web.post("/review/decide", data=form(corpus, 1, decision="accept", note="x" * 501))
    assert (answer.status_code, "nhiều nhất 500" in answer.text, history(corpus, 1)) == (400, True, [])


def test_what_was_decided_can_be_opened_again(web: TestClient, corpus: Corpus) -> None:
    assert 'value="open"' not in web.get("/review", params={"fact": "1"}).text
    decide(corpus, 1, "accept", who="minh")
    assert 'value="open"' in web.get("/review", params={"fact": "1"}).text
    web.post("/review/decide", data=form(corpus, 1, decision="open", note="chưa chắc"))
    assert states(corpus)[1] == "open"


def test_a_decision_from_elsewhere_is_refused(web: TestClient, corpus: Corpus) -> None:
    answer = web.post(
        "/review/decide", data=form(corpus, 1, decision="accept"), headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, states(corpus)[1]) == (403, "open")


def test_hostile_text_shows_as_text(tmp_path: Path) -> None:
    body = "Xã <script>alert(1)</script> có 12 mô hình mới, =HYPERLINK(1)."
    with open_corpus(tmp_path / "h.db") as corpus:
        article = Article(title="<img src=x>", body=body, url="javascript:alert(1)", published="2024-01-01")
        article_id = save_article(corpus, article)
        assert article_id
        found = fact("count", "12 mô hình", body, value=12, unit="<b>mô hình", qualifier="exact", model=True)
        frame = {"measure": "<i>x", "role": "<u>", "scope": ["<s>"], "period": None}
        evidence = [{"what": "<em>", "start": 3, "end": 11, "text": "<script>"}]
        save_reading(corpus, article_id, [found | frame | {"evidence": evidence}], None, "<rule>")
        decide(corpus, 1, "correct", who="<a>", correction={"unit": "<svg>"}, note="<script>")
        with client_of(corpus.path) as web:
            for address in ("/review?fact=1", "/review/list?state=correct", "/review/log", "/review/stale"):
                page = web.get(address).text
                for tag in (
                    "<script>",
                    "<img",
                    "<i>",
                    "<u>",
                    "<s>",
                    "<em>",
                    "<svg>",
                    "<a>",
                    "<rule>",
                    'href="javascript:',
                ):
                    assert tag not in page, f"{tag} in {address}"
            conflict = web.post(
                "/review/decide", data={"fact": "1", "seen": "1:", "decision": "correct", "value": "<script>"}
            )
            assert conflict.status_code == 409
            assert "<script>" not in conflict.text
