"""What a site's frontier asks next, given what was found: search results among menus, the last page of a list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from crawler.discovery import Page
from crawler.frontier import Frontier, Wish
from crawler.plan import Plan
from crawler.report import SiteReport
from crawler.sites import Site
from crawler.topic import topic_of

HOME = "https://bao.example/"
SITE = Site(id="thu", name="Báo Thử", home=HOME, search="/tim?q={query}")
MENU = ["/gia-lua-he-thu-nhich-len-1003.html", "/bong-da-dem-qua-co-gi-la-1004.html"]
FOUND = "/ba-con-thon-dong-gop-dat-1001.html"


def frontier(*topic: str, site: Site = SITE, **wishes: object) -> Frontier:
    plan = Plan(sites=[site], archive=Path("warc"), run="t", topic=topic, **wishes)  # type: ignore[arg-type]
    return Frontier(site, plan, topic_of(topic), SiteReport())


def page(path: str, links: Iterable[str], text: str = "") -> Page:
    anchors = "".join(f'<li><a href="{link}">Đọc tiếp</a></li>' for link in links)
    return Page(f"<title>Trang</title><ul>{anchors}</ul>{text}".encode(), HOME.rstrip("/") + path)


def asked(wishes: Iterable[Wish]) -> dict[str, str]:
    return {wish.url.removeprefix(HOME[:-1]): wish.kind for wish in wishes}


def test_a_result_that_stands_in_the_menu_too_is_told_by_a_search_for_nothing() -> None:
    site = frontier("dân vận")
    searches = asked(site.after_home(page("/", [FOUND, *MENU])))
    assert [path for path, kind in searches.items() if kind == "search"] == ["/tim?q=d%C3%A2n+v%E1%BA%ADn"]
    wish = Wish(HOME + "tim?q=d%C3%A2n+v%E1%BA%ADn", "search")
    first = asked(site.after_listing(page("/tim?q=1", [FOUND, *MENU, FOUND]), wish))
    assert list(first.values()) == ["control"]
    assert asked(site.after_control(page("/tim?q=0", [FOUND, *MENU]))) == {FOUND: "article"}


def test_results_off_the_home_page_need_no_control() -> None:
    site = frontier("dân vận")
    asked(site.after_home(page("/", MENU)))
    assert asked(site.after_listing(page("/tim?q=1", [FOUND]), Wish(HOME + "tim?q=1", "search"))) == {FOUND: "article"}


@pytest.mark.parametrize(
    ("shown", "further"),
    [
        (["/tin/?page=1", "/tin/?page=2"], ["/tin/?page=1", "/tin/?page=2"]),
        (["/tin/?page=2", "/tin/?page=4"], ["/tin/?page=2", "/tin/?page=4"]),
        ([], ["/tin/?page=4"]),
    ],
    ids=["last", "a pager that goes on", "no pager"],
)
def test_the_page_after_the_last_is_not_asked(shown: list[str], further: list[str]) -> None:
    site = frontier()
    wishes = asked(site.after_listing(page("/tin/?page=3", [FOUND, *shown]), Wish(HOME + "tin/?page=3", "listing")))
    assert [path for path, kind in wishes.items() if kind == "listing"] == further


@pytest.mark.parametrize(
    ("days", "goes_on"),
    [
        (["3/1/2024"] * 9 + ["6/5/2024"], False),
        (["3/1/2024"] * 6 + ["6/5/2024"] * 4, True),
        (["3/1/2024"] * 4, True),
        ([], True),
    ],
    ids=["past it, but for today's day", "on its way", "too few to tell", "without days"],
)
def test_a_list_is_not_walked_past_since(days: list[str], goes_on: bool) -> None:
    site = frontier(since=date(2024, 5, 1))
    shown = page("/tin/?page=3", [FOUND, "/tin/?page=4"], " ".join(days))
    wishes = asked(site.after_listing(shown, Wish(HOME + "tin/?page=3", "listing")))
    assert ("/tin/?page=4" in wishes) == goes_on
    assert FOUND in wishes


def test_a_button_for_more_is_followed_until_nothing_comes() -> None:
    site = frontier()
    button = '<button class="load-more" data-url="/api/tin?page=2">Xem thêm</button>'
    assert "/api/tin?page=2" in asked(
        site.after_listing(page("/tin/", [FOUND], button), Wish(HOME + "tin/", "listing"))
    )
    second = Wish(HOME + "api/tin?page=2", "listing")
    assert "/api/tin?page=3" in asked(site.after_listing(page("/api/tin?page=2", MENU), second))
    third = Wish(HOME + "api/tin?page=3", "listing")
    assert asked(site.after_listing(Page(b'{"items": []}', HOME + "api/tin?page=3"), third)) == {}
