"""The search room: filters as people type them, facets and chips that are links, addresses that are the query."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from conftest import client_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from starlette.testclient import TestClient

from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.query import Query
from corpus.review import decide
from corpus.search import search
from corpus.store import Corpus, open_corpus
from corpus.suggest import places_like
from corpus.typed import number_of
from corpus.web.form import FIELDS, PAGE, Form, fields_of, place_label
from corpus.web.search import pages
from corpus.where import CAP
from extract.article import Article


@pytest.fixture(scope="module")
def web(demo: tuple[object, Path]) -> Iterator[TestClient]:
    with client_of(demo[1]) as client:
        yield client


def found(page: str) -> int:
    said = re.search(r"Kết quả: ([\d.]+) dữ kiện", page)
    assert said
    return int(said[1].replace(".", ""))


@pytest.mark.parametrize("words", ["dân vận khéo", "dan van kheo", '"Dân vận khéo"', "van*", 'x" OR (', "<b>", "đ"])
def test_any_words_are_a_query(web: TestClient, words: str) -> None:
    answer = web.get("/", params={"q": words})
    assert answer.status_code == 200
    assert "Kết quả" in answer.text


def test_a_result_shows_all_that_is_known_of_it(web: TestClient, demo_corpus: Corpus) -> None:
    (row, *_) = search(demo_corpus, Query(kind="money", measure="so_tien", sort="value")).rows
    assert row.value
    text = web.get("/", params={"kind": "money", "measure": "so_tien", "sort": "value"}).text
    item = html.fromstring(text).get_element_by_id(f"r{row.id}")
    said = " ".join(item.text_content().split())
    assert f"{row.value:,.0f}\u00a0₫".replace(",", ".").replace("\u00a0", " ") in said
    assert " ".join(row.sentence.split()) in said
    assert [mark.text_content() for mark in item.iter("mark")] == [row.text]
    assert all(part in said for part in (row.title, row.paper or "", "chưa duyệt", *row.place))
    links = [link.get("href") for link in item.iter("a")]
    assert links == [f"/articles/{row.article_id}#f{row.id}", row.url]


def test_searched_words_are_marked_lightly(web: TestClient) -> None:
    for words in ("dan van kheo", "Dân vận khéo"):
        hits = re.findall('<b class="hit">(.*?)</b>', web.get("/", params={"q": words}).text)
        assert {"dân vận khéo"} <= {unescape(hit).lower() for hit in hits}


def test_the_address_is_short_and_the_same_for_the_same_search(web: TestClient) -> None:
    typed = dict.fromkeys(FIELDS, "") | {"q": " dan van ", "kind": "count", "copies": "once", "page": "1"}
    answer = web.get("/", params=typed, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "?q=dan+van&kind=count")
    assert web.get("/", params={"q": "", "kind": ""}, follow_redirects=False).headers["location"] == "/"


@pytest.mark.parametrize(
    "typed",
    [
        {"q": "dân vận -tôm OR “mô hình”", "sort": "value", "page": "2"},
        {"place": "Phú Tân, An Giang", "today": "1", "since": "18/01/2022", "until": "2022"},
        {"place": "Phú Tân, An Giang (huyện, đến 30/06/2025)"},
        {"measure": "nhà đại đoàn kết", "unit": "Mo hinh", "site": "báo ayun", "province": "an giang"},
        {"from": "01/2022", "to": "2022-02", "min": "1 tỷ", "max": "2.000.000.000 đồng", "confidence": "80%"},
        {"state": "decided", "qualifier": "less", "level": "commune", "copies": "all", "role": "recognised"},
    ],
)
def test_an_address_leads_to_itself(demo_corpus: Corpus, typed: dict[str, str]) -> None:
    form = Form.of(typed, demo_corpus)
    assert not form.errors
    again = Form.of(dict(parse_qsl(form.canonical.lstrip("?"))), demo_corpus)
    assert (again.fields, again.query) == (form.fields, form.query)
    from_query = Form.of(fields_of(form.query), demo_corpus)
    assert from_query.query.mapping().items() >= {pair for pair in form.query.mapping().items() if pair[0] != "offset"}
    shown = Form.of(form.shown, demo_corpus)  # what stands in the fields, sent again
    assert shown.query == form.query


@given(low=st.decimals(0, 10**15, places=3), confidence=st.decimals(0, 1, places=6))
def test_a_saved_query_is_found_again_in_the_fields(low: Decimal, confidence: Decimal) -> None:
    fields = fields_of(Query(low=float(low), confidence=float(confidence)))
    assert number_of(fields.get("min", "0")) == float(low)
    assert number_of(fields.get("confidence", "0")) == float(confidence)


def test_a_saved_query_is_shown_as_people_type_it() -> None:
    query = Query(low=1e9, high=2.5, confidence=0.125, since="2021-01-01", until="2021-12-31", first="2022-01-18")
    said = {"since": "2021", "until": "2021", "min": "1.000.000.000", "max": "2,5", "from": "18/01/2022"}
    assert fields_of(query) == said | {"confidence": "0,125"}


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ({"min": "1 tỷ"}, {"low": 1e9}),
        ({"min": "500 trieu", "max": "1.000.000.000"}, {"low": 5e8, "high": 1e9}),
        ({"since": "18/01/2022", "until": "01/2022"}, {"since": "2022-01-18", "until": "2022-01-31"}),
        ({"from": "2021", "to": "2021"}, {"first": "2021-01-01", "last": "2021-12-31"}),
        ({"place": "Phú Tân, An Giang"}, {"place": "An Giang/Phú Tân"}),
        ({"confidence": "0,9"}, {"confidence": 0.9}),
        ({"site": "Báo Sông Hậu"}, {"site": "song-hau"}),
    ],
)
def test_fields_are_read_as_people_type(demo_corpus: Corpus, typed: dict[str, str], query: dict[str, object]) -> None:
    assert Form.of(typed, demo_corpus).query.mapping() == query


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("since", "hôm qua", "18/01/2022, 01/2022 hoặc 2022"),
        ("to", "31/02/2022", "18/01/2022, 01/2022 hoặc 2022"),
        ("min", "nhiều", "1.000.000 hoặc 1 tỷ"),
        ("kind", "weather", "Không có lựa chọn này"),
        ("place", "Atlantis", "Không có địa danh này"),
        ("measure", "khong_co", "Không có mục nào"),
        ("site", "<script>", "Không có mục nào"),
        ("confidence", "150%", "80%"),
        ("today", "x", "Không có lựa chọn này"),
        ("sort", "x", None),
        ("page", "0", "Không có trang kết quả này"),
        ("page", "99999", "Không có trang kết quả này"),
    ],
)
def test_what_cannot_be_read_is_named_beside_its_field(
    web: TestClient, field: str, typed: str, said: str | None
) -> None:
    answer = web.get("/", params={field: typed, "q": "dân vận"})
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    page = html.fromstring(answer.text)
    assert page.get_element_by_id("q").get("value") == "dân vận"
    assert said is None or said in page.text_content()
    if field not in {"sort", "page"}:
        (shown,) = page.xpath(f'//*[@name="{field}"]')
        assert shown.get("aria-invalid") == "true"
        assert page.get_element_by_id(shown.get("aria-describedby")).text_content()
        if shown.tag == "input" and shown.get("type") != "checkbox":
            assert shown.get("value") == typed


def test_an_end_before_its_beginning_is_named(web: TestClient) -> None:
    answer = web.get("/", params={"since": "2023", "until": "2022"})
    assert (answer.status_code, "Mốc cuối nhỏ hơn mốc đầu" in answer.text) == (400, True)


def test_rare_conditions_are_open_when_one_is_set(web: TestClient) -> None:
    assert '<details class="more">' in web.get("/", params={"kind": "count"}).text
    assert '<details class="more" open>' in web.get("/", params={"unit": "mô hình"}).text
    names = set(html.fromstring(web.get("/").text).xpath("//form[@role='search']//@name"))
    assert names == set(FIELDS) - {"after", "sort", "page"}


def test_filters_narrow(web: TestClient, demo_corpus: Corpus) -> None:
    page = web.get("/", params={"kind": "money", "min": "1.000 tỷ"}).text
    wanted = "kind = 'money' AND coalesce(value_max, value) >= 1e12 AND original_id IS NULL"
    (number,) = demo_corpus.conn.execute(f"SELECT count(*) FROM current_facts WHERE {wanted}").fetchone()
    assert found(page) == number


def test_every_facet_leads_to_as_many_facts_as_it_says(web: TestClient) -> None:
    page = html.fromstring(web.get("/", params={"q": "dan van kheo"}).text)
    names = [title.get("id") for title in page.xpath("//aside[@id='facets']//h3")]
    assert names == [f"facet-{name}" for name in ("kind", "place", "year", "measure", "role", "site", "province")]
    for name in names:
        entry = page.xpath(f"//ul[@aria-labelledby='{name}']/li")[0]
        narrowed = web.get(f"/{entry.find('a').get('href')}").text
        assert found(narrowed) == int(entry.xpath("span[@class='number']")[0].text)
        chosen = html.fromstring(narrowed).xpath(f"//ul[@aria-labelledby='{name}']//a[@aria-current]")
        assert [link.get("href") for link in chosen] == ["?q=dan+van+kheo"]


def test_labels_of_facets_are_words(web: TestClient) -> None:
    aside = html.fromstring(web.get("/", params={"q": "dan van kheo"}).text).get_element_by_id("facets")
    said = aside.text_content()
    assert all(word in said for word in ("Số đếm", "mô hình “Dân vận khéo”", "công nhận", "Báo Sông Hậu"))
    assert "mo_hinh" not in said


def test_chosen_filters_are_chips_that_take_themselves_away(web: TestClient) -> None:
    asked = {"q": "mo hinh", "kind": "count", "place": "An Giang", "today": "1", "copies": "all"}
    page = html.fromstring(web.get("/", params=asked).text)
    chips = {" ".join(chip.text_content().split()): chip.get("href") for chip in page.xpath("//ul[@class='chips']//a")}
    assert chips == {
        "Loại: Số đếm ×": "?q=mo+hinh&place=An+Giang&today=1&copies=all",
        "Địa danh: An Giang, theo đơn vị hiện nay ×": "?q=mo+hinh&kind=count&copies=all",
        "kể cả bài đăng lại ×": "?q=mo+hinh&kind=count&place=An+Giang&today=1",
    }


def test_pages_follow_each_other(web: TestClient) -> None:
    first = web.get("/", params={"kind": "place"}).text
    second = web.get("/", params={"kind": "place", "page": "2"}).text
    assert 'rel="next" href="?kind=place&amp;page=2"' in first
    assert 'rel="prev" href="?kind=place"' in second
    assert '<ol class="results" start="21">' in second
    assert '<a href="?kind=place&amp;page=2" aria-current="page" aria-label="Trang 2">2</a>' in second
    beyond = web.get("/", params={"kind": "money", "page": str(CAP // PAGE)})
    assert (beyond.status_code, "Không có trang kết quả này" in beyond.text) == (200, True)


@pytest.mark.parametrize(
    ("this", "last", "named"),
    [
        (1, 1, [1]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
        (4, 5, [1, 2, 3, 4, 5]),
        (1, 0, []),
    ],
)
def test_pages_to_name(this: int, last: int, named: list[int | None]) -> None:
    assert pages(this, last) == named


def test_sorts_are_links_and_stay_in_the_form(web: TestClient, demo_corpus: Corpus) -> None:
    page = html.fromstring(web.get("/", params={"q": "mo hinh", "sort": "value", "kind": "count"}).text)
    assert page.xpath("//a[@aria-current='true' and contains(@href, 'sort=value')]")
    assert page.xpath("//input[@name='sort']/@value") == ["value"]
    ids = [int(item.get("id")[1:]) for item in page.xpath("//ol[@class='results']/li")]
    wanted = search(demo_corpus, Query(words="mo hinh", kind="count", sort="value"))
    assert ids == [row.id for row in wanted.rows]


def test_the_first_visit_tells_what_there_is(web: TestClient, demo_corpus: Corpus) -> None:
    text = web.get("/").text
    page = html.fromstring(text)
    (articles,) = demo_corpus.conn.execute("SELECT count(*) FROM articles WHERE original_id IS NULL").fetchone()
    assert page.xpath("//dl[@class='holds']//dd")[0].text == str(articles)
    examples = page.xpath("//ul[@class='examples']//a/@href")
    assert len(examples) >= 5
    for address in examples:
        assert found(web.get(address).text) > 0, address
    assert len(page.xpath("//ol[@class='results plain']/li")) == 6


def test_an_empty_corpus_says_how_to_begin(tmp_path: Path) -> None:
    open_corpus(tmp_path / "e.db").close()
    with client_of(tmp_path / "e.db") as web:
        assert "baotinh refresh" in web.get("/").text
        assert found(web.get("/", params={"q": "mô hình"}).text) == 0


def test_english(demo: tuple[object, Path]) -> None:
    with client_of(demo[1]) as web:
        web.get("/language/en")
        page = web.get("/", params={"q": "dan van kheo", "kind": "count"}).text
        assert "skilful mass-mobilisation models" in page
        assert "not reviewed" in page
        assert "A day is written like" in web.get("/", params={"since": "x"}).text


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("phu tan", "Phú Tân, An Giang (huyện, đến 30/06/2025)"),
        ("Phú Tân", "Phú Tân, An Giang (huyện, đến 30/06/2025)"),
        ("phu tan, ca m", "Phú Tân, Cà Mau (huyện, đến 30/06/2025)"),
        ("phu tan ca mau", "Phú Tân, Cà Mau (huyện, đến 30/06/2025)"),
        ("xã phú tân", "Phú Tân, An Giang (xã, từ 01/07/2025)"),
        ("an gia", "An Giang (tỉnh, từ 01/07/2025)"),
    ],
)
def test_places_are_suggested(web: TestClient, typed: str, first: str) -> None:
    answer = web.get("/suggest/places", params={"q": typed})
    suggested = answer.json()
    assert suggested[0] == {"label": first, "value": first}
    assert len(suggested) <= 12
    page = web.get("/", params={"place": first})
    assert re.fullmatch(r"place=(pre|post)%3A\d+", page.url.query.decode())
    assert html.fromstring(page.text).get_element_by_id("place").get("value") == first


@pytest.mark.parametrize("typed", ["", " ", "<script>", "%", "zzzz", "x" * 5000, "\x00"])
def test_nothing_to_suggest_is_an_empty_list(web: TestClient, typed: str) -> None:
    assert web.get("/suggest/places", params={"q": typed}).json() == []


def test_every_suggestion_leads_to_its_unit(demo_corpus: Corpus) -> None:
    for typed in ("chau thanh", "tan an", "thanh", "hoa binh", "quan 1"):
        for unit in places_like(demo_corpus, typed):
            assert Form.of({"place": place_label(unit)}, demo_corpus).query.place == unit.key


def test_hostile_text_shows_as_text(tmp_path: Path) -> None:
    body = "Xã có 12 mô hình <script>alert(1)</script> mới."
    with open_corpus(tmp_path / "h.db") as corpus:
        url = "javascript:alert(1)"
        article_id = save_article(corpus, Article(title="<img src=x>", body=body, url=url, published="2024-01-01"))
        assert article_id
        fact = {"kind": "count", "text": "12 mô hình", "start": 6, "end": 16, "value": 12, "unit": "<i>mô hình</i>",
                "measure": "<b>x</b>", "role": "<u>", "scope": ["<s>An Giang"], "period": None, "rule": "t",
                "confidence": 0.9, "qualifier": "exact"}  # fmt: skip
        save_reading(corpus, article_id, [fact], None, "1")
    with client_of(tmp_path / "h.db") as web:
        for address in ("/?q=script", "/", "/?q=<script>&place=<script>", "/?q=" + "%22%3E%3Cscript%3E"):
            page = web.get(address).text
            assert not re.search(r"<(script|img|i|u|s)>|<b>|<script(?! type=\"module\")|<img", page)
            assert 'href="javascript:' not in page
        assert "<mark" in web.get("/?q=script").text


TYPED = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["1", "all", "count", "date", "An Giang", "18/01/2022", "9999", "1 tỷ", "mo_hinh", "decided"]),
    st.sampled_from([*'-(,/%*"²\x00', "9" * 30, "a,", "(a)", "/a/", "tỉnh "]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.sampled_from([*FIELDS, "format"]), TYPED, max_size=4))
def test_no_address_breaks_a_page(web: TestClient, demo_corpus: Corpus, fields: dict[str, str]) -> None:
    answer = web.get("/", params=fields)
    assert answer.status_code in {200, 400}
    form = Form.of(fields, demo_corpus)
    if not form.errors:
        again = Form.of(form.fields, demo_corpus)
        assert (again.fields, again.query) == (form.fields, form.query)


def test_what_is_kept_between_pages_is_never_older_than_a_decision(tmp_path: Path, demo: tuple[object, Path]) -> None:
    path = tmp_path / "d.db"
    shutil.copy(demo[1], path)
    with client_of(path) as web, open_corpus(path) as corpus:

        def told() -> int:
            page = web.get("/", params={"kind": "money"}).text
            found = re.search(r"Kết quả: ([\d.]+)", page)
            assert found
            return int(found[1].replace(".", ""))

        before = told()
        assert told() == before
        (fact,) = corpus.conn.execute(
            "SELECT id FROM current_facts WHERE kind = 'money' AND original_id IS NULL"
        ).fetchone()
        decide(corpus, fact, "reject", who="lan")
        assert told() == before - 1
