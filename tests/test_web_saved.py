"""Saved searches on the pages, their feeds behind secret addresses, and results as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as XML

import pytest
from conftest import Baotinh, client_of
from lxml import html
from openpyxl import load_workbook
from starlette.testclient import TestClient

from corpus.articles import save_article
from corpus.export import found
from corpus.facts import save_reading
from corpus.feed import ATOM
from corpus.query import Query
from corpus.saved import saved_searches
from corpus.search import search
from corpus.store import Corpus, open_corpus
from corpus.users import lock_user, save_user
from corpus.web import exports
from corpus.web.app import create_app
from corpus.web.web import Settings
from extract.article import Article

PASSWORD = "lua chin dong bang"
NS = {"a": ATOM}


def keep(corpus: Corpus, number: int, noun: str = "mô hình", body: str = "Xã có {}.", url: str | None = None) -> None:
    words = f"{number} {noun}"
    text = body.format(words)
    article = Article(title=f"Tin số {number}", body=text, url=url or f"https://bao.example/{number}",
                      published=f"2024-01-{number:02}", site="bao")  # fmt: skip
    article_id = save_article(corpus, article)
    assert article_id
    start = text.index(words)
    fact = {"kind": "count", "text": words, "start": start, "end": start + len(words), "value": number, "unit": noun,
            "qualifier": "exact", "rule": "t", "confidence": 0.9}  # fmt: skip
    save_reading(corpus, article_id, [fact], None, "1")


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        corpus.conn.execute("INSERT INTO sites (id, name, home) VALUES ('bao', 'Báo Thử', 'https://bao.example/')")
        for number in (11, 12):
            keep(corpus, number)
        yield corpus


@pytest.fixture
def web(corpus: Corpus) -> Iterator[TestClient]:
    with client_of(corpus.path) as client:
        yield client


def save(web: TestClient, name: str = "mô hình", query: str = "?q=mo+hinh") -> None:
    assert web.post("/saved", data={"name": name, "query": query}, follow_redirects=False).status_code == 303


def feed_of(web: TestClient) -> str:
    (address,) = html.fromstring(web.get("/saved").text).xpath("//a[@type='application/atom+xml']/@href")
    return str(address)


def test_a_search_is_saved_seen_and_forgotten(web: TestClient, corpus: Corpus) -> None:
    page = web.get("/?q=mo+hinh&kind=count")
    (form,) = html.fromstring(page.text).xpath("//form[@action='/saved']")
    web.post("/saved", data={field.name: field.value for field in form.iter("input")})
    (saved,) = saved_searches(corpus)
    assert (saved.name, saved.owner, saved.query) == ("mo hinh, Số đếm", "", Query(words="mo hinh", kind="count"))
    assert "không có gì mới" in web.get("/saved").text
    keep(corpus, 13)
    listed = web.get("/saved").text
    (new,) = html.fromstring(listed).xpath("//p[@class='new']/a/@href")
    told = html.fromstring(web.get(new).text)
    assert told.xpath("//ol[@class='results']//strong/text()") == ["13 mô hình"]
    keep(corpus, 14)  # stored after the list was made: stays new
    (last,) = html.fromstring(listed).xpath("//input[@name='last']/@value")
    web.post("/saved/seen", data={"name": saved.name, "last": last})
    assert "<strong>1</strong> dữ kiện mới" in web.get("/saved").text
    web.post("/saved/forget", data={"name": saved.name})
    assert saved_searches(corpus) == []
    assert web.post("/saved/forget", data={"name": saved.name}).status_code == 404


def test_the_command_line_and_the_pages_share_the_searches(web: TestClient, corpus: Corpus, baotinh: Baotinh) -> None:
    done = baotinh("search", "mô hình", "--min", "12", "--save", "từ dòng lệnh", "--db", corpus.path)
    assert done.returncode == 0
    (address,) = html.fromstring(web.get("/saved").text).xpath("//h2/a/@href")
    assert "Kết quả: 1 dữ kiện" in web.get(address).text


@pytest.mark.parametrize(
    ("name", "query"),
    [("", "?q=x"), ("  ", "?q=x"), ("x" * 101, "?q=x"), ("a\nb\x00", "?q=x"), ("a", "?since=x")],
)
def test_what_cannot_be_saved_is_said(web: TestClient, corpus: Corpus, name: str, query: str) -> None:
    assert web.post("/saved", data={"name": name, "query": query}).status_code == 400
    assert saved_searches(corpus) == []


def test_hostile_names_show_as_text(web: TestClient) -> None:
    save(web, "<script>alert(1)</script>\"'", '?q="><script>')
    assert "<script>alert" not in web.get("/saved").text
    told = XML.fromstring(web.get(feed_of(web)).content)
    assert told.findtext("a:title", namespaces=NS) == "<script>alert(1)</script>\"' – Báo Tỉnh"


def test_a_feed_has_what_atom_demands(web: TestClient, corpus: Corpus) -> None:
    keep(corpus, 13, body="Xã có {} <b>mới</b> & \x0b lạ.", url="javascript:alert(1)")
    save(web)
    address = feed_of(web)
    web.cookies.clear()  # a feed reader does not sign in
    answer = web.get(address)
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = XML.fromstring(answer.content)
    assert feed.tag == f"{{{ATOM}}}feed"
    entries = feed.findall("a:entry", NS)
    assert [entry.findtext("a:title", namespaces=NS) for entry in entries] == [
        f"{number} mô hình · Tin số {number}" for number in (13, 12, 11)
    ]
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", NS)) == 1
        assert datetime.fromisoformat(element.findtext("a:updated", namespaces=NS) or "").tzinfo
        assert (element.findtext("a:id", namespaces=NS) or "").startswith("urn:uuid:")
        assert element.findtext("a:author/a:name", namespaces=NS)
    ids = [element.findtext("a:id", namespaces=NS) for element in (feed, *entries)]
    assert len(set(ids)) == len(ids)
    (own,) = feed.findall("a:link[@rel='self']", NS)
    assert own.get("href") == f"http://127.0.0.1{address}"
    links = {link.get("rel"): link.get("href") for link in entries[1].findall("a:link", NS)}
    assert links == {"alternate": "http://127.0.0.1/articles/2#f2", "via": "https://bao.example/12"}
    assert {link.get("rel") for link in entries[0].findall("a:link", NS)} == {"alternate"}
    assert entries[0].findtext("a:summary", namespaces=NS) == "Xã có 13 mô hình <b>mới</b> & \ufffd lạ."
    again = web.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_entry_keeps_its_id_when_extraction_runs_again(web: TestClient, corpus: Corpus) -> None:
    save(web)
    first = web.get(feed_of(web)).content
    corpus.conn.execute("UPDATE articles SET extracted_version = NULL")
    keep(corpus, 11)
    ids = [XML.fromstring(feed).findall("a:entry/a:id", NS) for feed in (first, web.get(feed_of(web)).content)]
    assert [entry.text for entry in ids[0]] == [entry.text for entry in ids[1]]


def test_a_feed_tells_what_was_stored_last_first(web: TestClient, corpus: Corpus) -> None:
    save(web)
    keep(corpus, 5)  # published before the others
    titles = XML.fromstring(web.get(feed_of(web)).content).findall("a:entry/a:title", NS)
    assert titles[0].text == "5 mô hình · Tin số 5"


def test_a_feed_dies_with_its_search(web: TestClient) -> None:
    save(web)
    address = feed_of(web)
    save(web)  # saved again it is the same search
    assert web.get(address).status_code == 200
    web.post("/saved/forget", data={"name": "mô hình"})
    assert web.get(address).status_code == 404
    save(web)
    assert web.get(address).status_code == 404
    assert web.get(feed_of(web)).status_code == 200


@pytest.mark.parametrize("token", ["x", "WyIiLCJtIl0.aaaa", "é", "a.b.c"])
def test_a_forged_feed_is_none(web: TestClient, token: str) -> None:
    assert web.get(f"/feeds/{token}.atom").status_code == 404


@pytest.fixture
def team(corpus: Corpus) -> Iterator[TestClient]:
    for name, role in (("doc", "reader"), ("lan", "reviewer"), ("thu", "reviewer")):
        save_user(corpus, name, role, PASSWORD)  # type: ignore[arg-type]
    app = create_app(Settings(path=corpus.path, secret="only in tests"))
    with TestClient(app, base_url="http://127.0.0.1", headers={"Origin": "http://127.0.0.1"}) as client:
        yield client


def enter(browser: TestClient, name: str) -> None:
    browser.post("/sign-in", data={"name": name, "password": PASSWORD})


def test_each_has_their_own_searches(team: TestClient, corpus: Corpus) -> None:
    enter(team, "lan")
    save(team)
    address = feed_of(team)
    enter(team, "thu")
    assert "Chưa lưu tìm kiếm nào" in team.get("/saved").text
    assert team.post("/saved/forget", data={"name": "mô hình"}).status_code == 404
    assert [saved.name for saved in saved_searches(corpus, owner="lan")] == ["mô hình"]
    team.cookies.clear()
    assert team.get(address).status_code == 200
    lock_user(corpus, "lan")
    assert team.get(address).status_code == 404


def test_a_reader_saves_nothing(team: TestClient, corpus: Corpus) -> None:
    enter(team, "doc")
    assert "/saved" not in team.get("/?q=mo+hinh").text
    assert team.get("/saved").status_code == 403
    assert team.post("/saved", data={"name": "a", "query": "?q=x"}).status_code == 403
    assert saved_searches(corpus, owner="doc") == []
    assert team.get("/export?q=mo+hinh&format=csv").status_code == 200


def test_the_machines_own_feeds_end_where_people_sign_in(corpus: Corpus, team: TestClient) -> None:
    with client_of(corpus.path) as own:
        save(own)
        address = feed_of(own)
        assert own.get(address).status_code == 200
    assert team.get(address).status_code == 404


QUERY = Query(words="dân vận khéo", kind="count", sort="value")


def exported(path: Path, shape: str) -> bytes:
    with client_of(path) as web:
        answer = web.get("/export", params={"q": QUERY.words, "kind": "count", "sort": "value", "format": shape})
    assert answer.status_code == 200
    name = answer.headers["content-disposition"]
    assert name.startswith('attachment; filename="baotinh-dan-van-kheo-count-20')
    assert name.endswith(f'.{shape}"')
    return answer.content


@pytest.mark.parametrize("shape", ["csv", "jsonl", "xlsx"])
def test_a_file_holds_exactly_the_result(demo: tuple[object, Path], demo_corpus: Corpus, shape: str) -> None:
    wanted = search(demo_corpus, replace(QUERY, limit=1000)).rows
    content = exported(demo[1], shape)
    if shape == "csv":
        keys = [row["key"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
    elif shape == "jsonl":
        records = [json.loads(line) for line in content.decode().splitlines()]
        keys = [record["key"] for record in records]
        assert [(record["value"], record["sentence"]) for record in records] == [
            (row.value, row.sentence) for row in wanted
        ]
    else:
        sheet = load_workbook(io.BytesIO(content))["found"]
        header, *rows = sheet.iter_rows(values_only=True)
        keys = [row[header.index("key")] for row in rows]
        assert len(rows) == len(wanted)
    assert keys == [row.key for row in wanted]
    assert len(keys) > 20


def test_beyond_what_can_be_paged_through_the_file_holds_all(
    demo_corpus: Corpus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    query = Query(words="mo hinh", sort="date")
    every = {row.key for row in search(demo_corpus, replace(query, limit=1000)).rows}
    for module in ("corpus.search", "corpus.where", "corpus.export.found"):
        monkeypatch.setattr(f"{module}.CAP", 7)
    number = found.write_found(demo_corpus, query, "jsonl", tmp_path / "f.jsonl")
    records = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {record["key"] for record in records} == every
    assert number == len(records) == len(every)
    days = [record["published"] or "" for record in records]
    assert days == sorted(days, reverse=True)


def test_cells_that_a_spreadsheet_would_run_are_harmless(web: TestClient, corpus: Corpus) -> None:
    keep(corpus, 13, noun='=HYPERLINK("x")', body="=1+1 {}")
    rows = list(csv.DictReader(io.StringIO(web.get("/export?q=hyperlink&format=csv").content.decode("utf-8-sig"))))
    assert [(row["unit"], row["sentence"][:5]) for row in rows] == [('\'=HYPERLINK("x")', "'=1+1")]


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/export?q=x&format=parquet", 400, "Không có định dạng này"),
        ("/export?since=x&format=csv", 400, "Ngày viết như"),
        ("/export?q=khongco&format=csv", 200, "key"),
    ],
)
def test_an_export_that_cannot_be_is_said(web: TestClient, address: str, status: int, said: str) -> None:
    answer = web.get(address)
    assert (answer.status_code, said in answer.text) == (status, True)


def test_who_comes_while_large_files_are_written_is_told(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "WAIT", 0.01)
    with exports.AT_ONCE, exports.AT_ONCE:
        assert web.get("/export?q=mo+hinh&format=csv").status_code == 503
    assert web.get("/export?q=mo+hinh&format=csv").status_code == 200


def test_a_sheet_that_is_too_small_is_said(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.export.xlsx.MOST_ROWS", 2)
    answer = web.get("/export?q=mo+hinh&format=xlsx")
    assert (answer.status_code, "CSV hay JSON Lines" in answer.text) == (413, True)
    assert web.get("/?q=mo+hinh").status_code == 200  # and the connection goes on
