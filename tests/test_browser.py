"""The pages in a real browser: searched, reviewed by keyboard, signed in to, refused, and free of serious barriers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import NEEDED, chromium, served
from openpyxl import load_workbook
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from corpus.review import decide
from corpus.store import open_corpus
from corpus.users import save_user

pytestmark = NEEDED
PASSWORD = "lua chin dong bang"
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def copied(demo: tuple[object, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of one's own to write to, with its archive."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(demo[1], folder / "demo.db")
    shutil.copytree(demo[1].with_name("demo-warc"), folder / "demo-warc")
    return folder / "demo.db"


@pytest.fixture(scope="module")
def address(copied: Path) -> Iterator[str]:
    with served(copied) as link:
        yield link


@pytest.fixture(scope="module")
def state(browser: Browser, address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of somebody who opened the one-time link."""
    file = tmp_path_factory.mktemp("state") / "cookies.json"
    with browser.new_context() as context:
        context.new_page().goto(address)
        context.storage_state(path=file)
    return file


def refused_by_policy(said: ConsoleMessage) -> bool:
    """Whether the browser refused something of our own pages (of an archived page it must)."""
    return said.type == "error" and "Failed to load resource" not in said.text and "/archive/" not in said.text


@pytest.fixture
def page(browser: Browser, address: str, state: Path) -> Iterator[Page]:
    """A desktop page, signed in; an error in a script, or anything that the policy forbids, fails the test."""
    base = re.match(r"http://[^/]+", address)
    assert base
    with browser.new_context(base_url=base[0], storage_state=state, viewport=DESKTOP) as context:  # type: ignore[arg-type]
        shown = context.new_page()
        wrong: list[str] = []
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        shown.on("console", lambda said: wrong.append(said.text) if refused_by_policy(said) else None)
        yield shown
        assert wrong == []


@pytest.mark.parametrize("words", ["dân vận khéo", "dan van kheo"])
def test_search_with_and_without_diacritics(page: Page, words: str) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kết quả:")).to_be_visible()
    expect(page.locator("ol.results > li").first.locator("mark").first).to_be_visible()
    assert "q=d" in page.url


def test_the_link_opens_once(browser: Browser, address: str, state: Path) -> None:
    with browser.new_context() as context:
        second = context.new_page()
        answer = second.goto(address)
        assert answer
        assert answer.status == 403
        expect(second.get_by_text("Mỗi đường dẫn chỉ dùng được một lần")).to_be_visible()


def test_sign_in_and_be_refused(browser: Browser, tmp_path: Path, copied: Path) -> None:
    db = tmp_path / "team.db"
    shutil.copy(copied, db)
    with open_corpus(db) as corpus:
        save_user(corpus, "doc", "reader", PASSWORD)
    with served(db) as link, browser.new_context(base_url=link.rstrip("/")) as context:
        page = context.new_page()
        page.goto("/?q=dan+van")
        page.get_by_label("Tên").fill("doc")
        page.get_by_label("Mật khẩu").fill("wrong password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("không khớp")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Kết quả:")).to_be_visible()
        expect(page.get_by_role("link", name="Duyệt")).to_have_count(0)
        refused = page.goto("/review")
        assert refused
        assert refused.status == 403


def test_an_archived_page_is_shown_and_runs_nothing(page: Page) -> None:
    page.goto("/?q=dan+van+kheo")
    page.locator("ol.results > li").first.locator("p.source a").first.click()
    page.get_by_role("link", name="Trang đã lưu").click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("body")).to_contain_text(re.compile(r"\w+"))
    assert page.locator("iframe").get_attribute("sandbox") == ""


def decisions(db: Path) -> list[tuple[str, str]]:
    with open_corpus(db) as corpus:
        rows = corpus.conn.execute("SELECT decision, text FROM review_log ORDER BY id")
        return [(row["decision"], row["text"]) for row in rows]


def case_of(page: Page) -> str:
    return page.locator("#case strong").inner_text()


def press(page: Page, key: str) -> None:
    """Presses a key and waits until the desk shows another fact, or the same one decided otherwise."""
    desk = page.locator("#desk").element_handle()
    page.keyboard.press(key)
    page.wait_for_function("desk => !desk.isConnected", arg=desk)


def test_ten_facts_are_reviewed_by_keyboard_and_two_taken_back(page: Page, copied: Path) -> None:
    before = len(decisions(copied))
    page.goto("/review?kind=count")
    seen = []
    for key in "1131113111":
        seen.append(case_of(page))
        press(page, key)
    words = {"1": "accept", "3": "reject"}
    told = [(words[key], text) for key, text in zip("1131113111", seen, strict=True)]
    assert decisions(copied)[before:] == told
    expect(page.locator("#live")).to_contain_text("Tiếp theo")
    press(page, "Backspace")
    press(page, "Backspace")
    assert decisions(copied)[before + 10 :] == [("open", seen[9]), ("open", seen[8])]
    press(page, "ArrowRight")
    press(page, "ArrowLeft")
    assert len(decisions(copied)) == before + 12


def test_keys_typed_into_a_note_decide_nothing(page: Page, copied: Path) -> None:
    before = decisions(copied)
    page.goto("/review?kind=date")
    page.get_by_label("Ghi chú").first.click()
    page.keyboard.type("báo in 3 lần, 1 sai 2")
    assert decisions(copied) == before
    assert page.get_by_label("Ghi chú").first.input_value() == "báo in 3 lần, 1 sai 2"


def test_a_correction_is_checked_and_normalised(page: Page, copied: Path) -> None:
    page.goto("/review?kind=money")
    text = case_of(page)
    page.keyboard.press("2")
    field = page.locator("#correction input[name=value]")
    expect(field).to_be_focused()
    field.fill("năm ngoái")
    press(page, "Enter")
    field = page.locator("#correction input[name=value]")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.input_value() == "năm ngoái"
    field.fill("12 tỷ đồng")
    expect(page.locator("#correction output").filter(has_text="12.000.000.000")).to_be_visible()
    press(page, "Enter")
    with open_corpus(copied) as corpus:
        row = corpus.conn.execute("SELECT text, correction FROM review_log WHERE decision = 'correct'").fetchone()
    assert (row["text"], json.loads(row["correction"])["value"]) == (text, 12_000_000_000)


def test_a_decision_of_somebody_else_meanwhile_is_a_conflict(page: Page, copied: Path) -> None:
    page.goto("/review?kind=place")
    fact = int(page.locator("#decision input[name=fact]").input_value())
    with open_corpus(copied) as corpus:
        decide(corpus, fact, "reject", who="lan")
    page.keyboard.press("1")
    expect(page.locator("#conflict")).to_be_visible()
    expect(page.locator("#desk")).to_contain_text("lan")
    assert decisions(copied)[-1][0] == "reject"
    page.locator("#keep").click()
    assert decisions(copied)[-1][0] == "reject"


def test_the_result_is_downloaded_as_a_workbook(page: Page, tmp_path: Path) -> None:
    page.goto("/?q=dan+van+kheo&kind=count")
    total = int(re.sub(r"\D", "", page.locator("#results").inner_text()))
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    download.value.save_as(tmp_path / "found.xlsx")
    sheet = load_workbook(tmp_path / "found.xlsx")["found"]
    assert sheet.max_row == total + 1


def test_places_are_suggested_as_one_types(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Địa danh")
    box.press_sequentially("phu tan")
    option = page.get_by_role("option", name=re.compile("Phú Tân.*An Giang")).first
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "Phú Tân" in box.input_value()


def test_a_chart_leads_to_its_evidence(page: Page) -> None:
    page.goto("/figures?measure=mo_hinh_dan_van_kheo")
    link = page.locator("svg a, object, iframe").first
    expect(link).to_be_visible()
    cell = page.locator("table td a").first
    said = cell.inner_text()
    cell.click()
    expect(page.locator("main")).to_contain_text(said)
    expect(page.locator("main mark").first).to_be_visible()


ROOMS = (
    "/",
    "/?q=dan+van+kheo",
    "/articles/1",
    "/saved",
    "/review",
    "/review/list",
    "/review/log",
    "/review/samples",
    "/figures",
    "/figures/map",
    "/figures/series",
    "/figures/conflicts",
    "/runs",
    "/runs/1",
    "/sign-in",
)


@pytest.mark.parametrize(
    ("scheme", "size"),
    [
        pytest.param("light", DESKTOP, id="light-desktop"),
        pytest.param("dark", PHONE, id="dark-phone"),
        pytest.param("dark", DESKTOP, id="dark-desktop", marks=pytest.mark.slow),
        pytest.param("light", PHONE, id="light-phone", marks=pytest.mark.slow),
    ],
)
def test_no_serious_barrier(page: Page, scheme: str, size: dict[str, int]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    found = []
    for room in ROOMS:
        page.goto(room)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found += [f"{room}: {wide} pixels too wide"] if wide > 0 else []
        checked = Axe().run(page).response
        assert len(checked["passes"]) > 10, room
        for fault in checked["violations"]:
            if fault["impact"] in {"serious", "critical"}:
                places = [node["html"][:120] for node in fault["nodes"][:3]]
                found.append(f"{room}: {fault['id']}: {places}")
    assert found == []
