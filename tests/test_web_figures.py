"""The rooms of figures: tables, charts, map, series and contradictions, each number with its evidence behind it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import client_of
from lxml import etree
from lxml import html as pages
from starlette.testclient import TestClient
from test_figures import FUND, MODELS, fill

from corpus.figures import Wish, figures_of, tabulated
from corpus.observations import conflicts
from corpus.query import Query
from corpus.review import decide
from corpus.store import Corpus, open_corpus


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("figures") / "f.db"
    fill(path)
    return path


@pytest.fixture
def corpus(db: Path) -> Iterator[Corpus]:
    with open_corpus(db, create=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def web(db: Path) -> Iterator[TestClient]:
    with client_of(db) as client:
        yield client


def cells(page: str) -> dict[tuple[str, str], str]:
    """The table of a page: (row, column) → what the cell says."""
    (table,) = pages.fromstring(page).xpath("//table")
    heads = [" ".join(cell.text_content().split()) for cell in table.xpath("thead//th")]
    found = {}
    for row in table.xpath("tbody/tr"):
        said = [" ".join(cell.text_content().split()) for cell in row]
        found |= {(said[0], head): cell for head, cell in zip(heads[1:], said[1:], strict=True) if cell}
    return found


def test_a_cell_leads_to_its_figures(web: TestClient) -> None:
    page = web.get("/figures", params={"measure": MODELS}).text
    assert cells(page)["An Giang (đến 30/06/2025)", "2022"] == "1.420 (2)"
    (address,) = [
        link for link in pages.fromstring(page).xpath("//tbody//td/a/@href")
        if {"place": ["pre:89"], "first": ["2022"], "last": ["2022"]}.items() <= parse_qs(urlsplit(link).query).items()
    ]  # fmt: skip
    behind = web.get(address).text
    assert re.findall(r'<mark class="count">(.*?)</mark>', behind) == ["1.420 mô hình", "1.240 mô hình"]
    assert 'href="https://song.example/2022-12-28.html"' in behind
    assert "2 số liệu" in behind


def test_todays_units_hold_what_went_into_them_whole(web: TestClient) -> None:
    found = cells(web.get("/figures", params={"measure": MODELS, "units": "today", "how": "sum"}).text)
    assert found["An Giang", "2022"] == "3.315 (3)"
    assert found["An Giang", "2025"] == "2.015"
    assert ("Tuyên Quang", "2022") in found  # Hà Giang went there


def test_a_qualifier_stands_before_its_number(web: TestClient) -> None:
    found = cells(web.get("/figures", params={"measure": MODELS}).text)
    assert found["Hà Giang", "2022"] == "< 312"
    assert found["An Giang (đến 30/06/2025)", "2023"] == "> 1.500"


def test_years_role_and_acceptance_narrow(web: TestClient, db: Path, corpus: Corpus, tmp_path: Path) -> None:
    found = cells(web.get("/figures", params={"measure": MODELS, "first": "2022", "last": "2022"}).text)
    assert {year for _, year in found} == {"2022", "Mọi năm"}
    assert "Không có số liệu nào để lập bảng" in web.get("/figures", params={"measure": MODELS, "role": "lent"}).text
    assert tabulated(corpus, Wish(measure=MODELS, accepted=True)).figures == 0


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("first", "năm ngoái", "Năm là một con số"), ("how", "median", "Không có lựa chọn này"), ("role", "x", "lựa chọn"),
     ("level", "hamlets", "lựa chọn"), ("units", "tomorrow", "lựa chọn")],
)  # fmt: skip
def test_a_field_that_cannot_be_read_is_named(web: TestClient, field: str, typed: str, said: str) -> None:
    answer = web.get("/figures", params={field: typed, "measure": MODELS})
    assert answer.status_code == 400
    assert said in answer.text


def svgs(page: str) -> list[etree._Element]:
    return [etree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]


@pytest.mark.parametrize(
    "address",
    [f"/figures?measure={MODELS}", f"/figures/map?measure={MODELS}", f"/figures/map?measure={MODELS}&units=today",
     f"/figures/series?measure={MODELS}&place=An+Giang", f"/figures?measure={FUND}"],
)  # fmt: skip
def test_every_mark_of_a_chart_leads_somewhere(web: TestClient, address: str) -> None:
    page = web.get(address)
    assert page.status_code == 200
    assert " style=" not in page.text
    drawn = svgs(page.text)
    assert drawn
    links = [node.get("href", "") for svg in drawn for node in svg.iter("{http://www.w3.org/2000/svg}a")]
    assert links
    for link in set(links):
        path, _, anchor = link.partition("#")
        there = web.get(path)
        assert there.status_code == 200
        assert f'id="{anchor}"' in there.text if anchor else "<mark" in there.text


def test_the_map_shows_the_provinces_of_its_time(web: TestClient) -> None:
    def rows(**wishes: str) -> dict[str, str]:
        page = web.get("/figures/map", params={"measure": MODELS, **wishes}).text
        return {place: said for (place, head), said in cells(page).items() if head == "Giá trị"}

    assert rows() == {"An Giang (đến 30/06/2025)": "> 1.500", "Kiên Giang": "655", "Hà Giang": "< 312"}
    assert rows(units="today") == {"An Giang": "2.015", "Tuyên Quang": "< 312"}


def test_a_corpus_of_before_the_coordinates_says_what_to_do(tmp_path: Path) -> None:
    fill(tmp_path / "f.db")
    with open_corpus(tmp_path / "f.db") as corpus, corpus.write() as conn:
        conn.execute("UPDATE units SET lat = NULL, lon = NULL")
    with client_of(tmp_path / "f.db") as web:
        page = web.get("/figures/map", params={"measure": MODELS})
        assert page.status_code == 200
        assert "baotinh extract" in page.text


def test_dots_grow_with_their_values(web: TestClient) -> None:
    (svg,) = svgs(web.get("/figures/map", params={"measure": MODELS}).text)
    links = list(svg.iter("{http://www.w3.org/2000/svg}a"))
    assert [link.get("aria-label", "").split(":")[0].split(" (")[0] for link in links] == [
        "An Giang", "Kiên Giang", "Hà Giang"]  # fmt: skip
    sizes = []
    for link in links:
        (dot,) = svg.xpath(f"//*[@id='{link[-1].get('href')[1:]}']")
        numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", dot.get("d"))]
        sizes.append(max(numbers) - min(numbers))
    assert len(sizes) == 3
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0] / sizes[1]) ** 2 == pytest.approx(1500 / 655, rel=0.02)  # the area is the value


def test_a_series_marks_bounds_and_what_is_contradicted(web: TestClient) -> None:
    page = web.get("/figures/series", params={"measure": MODELS, "place": "An Giang"}).text
    said = [
        [" ".join(cell.text_content().split()) for cell in row] for row in pages.fromstring(page).xpath("//tbody/tr")
    ]
    assert [line[0] for line in said] == ["năm 2020", "năm 2022", "năm 2022", "năm 2023", "năm 2025"]
    assert ["có bài nói ngược lại" in line for line in said] == [False, True, True, False, False]
    assert said[3][1] == "hơn 1.500"
    assert page.count("warn-stroke") >= 2
    overview = web.get("/figures/series", params={"measure": MODELS}).text
    assert "1 nơi có nhiều bài nói tới" in overview
    assert 'place=An+Giang">An Giang</a>' in overview


def test_contradictions_show_both_sentences(web: TestClient) -> None:
    page = web.get("/figures/conflicts").text
    (pair,) = pages.fromstring(page).xpath("//section")
    assert sorted(re.findall(r'<mark class="count">(.*?)</mark>', page)) == ["1.240 mô hình", "1.420 mô hình"]
    assert "năm 2022" in pair.text_content()
    assert web.get("/figures/conflicts", params={"place": "Kiên Giang"}).text.count("<section") == 0
    assert web.get("/figures/conflicts", params={"measure": MODELS, "place": "An Giang"}).text.count("<section") == 1


def test_a_contradiction_that_a_person_settled_is_gone(tmp_path: Path) -> None:
    fill(tmp_path / "f.db")
    with client_of(tmp_path / "f.db") as web, open_corpus(tmp_path / "f.db") as corpus:
        assert web.get("/figures/conflicts").text.count("<section") == 1
        (pair,) = conflicts(corpus, Query(limit=0))
        decide(corpus, pair.one.fact, "reject", who="lan")
        page = web.get("/figures/conflicts").text
        assert page.count("<section") == 0
        assert "1 cặp đã được giải quyết" in page
        assert figures_of(corpus, [pair.one.fact]) == []


@pytest.mark.parametrize("path", ["", "/map", "/series", "/conflicts", "/evidence", "?measure=none", "/series?place=x"])
def test_an_empty_corpus_has_pages_too(tmp_path: Path, path: str) -> None:
    open_corpus(tmp_path / "e.db").close()
    with client_of(tmp_path / "e.db") as web:
        assert web.get(f"/figures{path}").status_code == 200


def test_hostile_names_show_as_text(tmp_path: Path) -> None:
    fill(tmp_path / "f.db")
    name = "<script>alert(1)</script>"
    with open_corpus(tmp_path / "f.db") as corpus, corpus.write() as conn:
        conn.execute("UPDATE sites SET name = ?", (name,))
        conn.execute("UPDATE articles SET url = 'javascript:' || id")
        for column, table in (("measure", "observations"), ("path", "places")):
            said = f'["{name}"]' if column == "path" else name
            extra = ", unit_key = '', folded = id" if column == "path" else ""
            where = " WHERE id = (SELECT min(id) FROM places)" if column == "path" else ""
            conn.execute(f"UPDATE {table} SET {column} = ?{extra}{where}", (said,))
    with client_of(tmp_path / "f.db") as web:
        for path in ("", "/map", "/series", f"/series?place={name}", "/conflicts", "/evidence", f"?role={name}"):
            page = web.get(f"/figures{path}").text
            assert "<script>alert" not in page
            assert 'href="javascript:' not in page
        assert html.escape(name) in web.get("/figures").text
