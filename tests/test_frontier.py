"""What a site's frontier asks next, given what was found: search results among menus, the last page of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from crawler.discovery import Page, Sitemap
from crawler.frontier import Frontier
from crawler.links import Link
from crawler.plan import Plan
from crawler.report import SiteReport
from crawler.search import Search
from crawler.sites import Site
from crawler.topic import topic_of
from crawler.wishes import HELD, Wish

HOME = "https://bao.example/"
SITE = Site(id="thu", name="Báo Thử", home=HOME, search="/tim?q={query}")
MENU = ["/gia-lua-he-thu-nhich-len-1003.html", "/bong-da-dem-qua-co-gi-la-1004.html"]
FOUND = "/ba-con-thon-dong-gop-dat-1001.html"


def frontier(*topic: str, site: Site = SITE, **wishes: object) -> Frontier:
    plan = Plan(sites=[site], archive=Path("warc"), run="t", topic=topic, **wishes)  # type: ignore[arg-type]
    return Frontier(site, plan, topic_of(topic), SiteReport())


def opened(*topic: str, **wishes: object) -> Frontier:
    """One that holds nothing back any more."""
    made = frontier(*topic, **wishes)  # type: ignore[arg-type]
    made.held.open.update(HELD)
    return made


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
    assert asked(site.after_listing(page("/tim?q=1", [FOUND, *MENU, FOUND]), wish)) == {}
    site.waiting = 1
    assert list(asked(site.done(wish)).values()) == ["feed"]
    assert list(asked(site.done(Wish(HOME + "rss", "feed"))).values()) == ["control"]
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
    site = opened()
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
    site = opened(since=date(2024, 5, 1))
    shown = page("/tin/?page=3", [FOUND, "/tin/?page=4"], " ".join(days))
    wishes = asked(site.after_listing(shown, Wish(HOME + "tin/?page=3", "listing")))
    assert ("/tin/?page=4" in wishes) == goes_on
    assert FOUND in wishes


def test_results_of_other_days_are_not_asked() -> None:
    site = opened("dân vận", since=date(2024, 5, 1), until=date(2024, 5, 31))
    links = {
        f"/dan-van-kheo-o-xom-{number}.html": f"{number}/{month}/2024" for number, month in ((3, 5), (4, 4), (5, 6))
    }
    shown = "".join(f'<li><a href="{link}">Tin</a> {day}</li>' for link, day in links.items())
    assert asked(site.after_listing(page("/tim?q=1", [], shown), Wish(HOME + "tim?q=1", "search"))) == {
        "/dan-van-kheo-o-xom-3.html": "article"
    }


def test_a_button_for_more_is_followed_until_nothing_comes() -> None:
    site = opened()
    button = '<button class="load-more" data-url="/api/tin?page=2">Xem thêm</button>'
    assert "/api/tin?page=2" in asked(
        site.after_listing(page("/tin/", [FOUND], button), Wish(HOME + "tin/", "listing"))
    )
    second = Wish(HOME + "api/tin?page=2", "listing")
    assert "/api/tin?page=3" in asked(site.after_listing(page("/api/tin?page=2", MENU), second))
    third = Wish(HOME + "api/tin?page=3", "listing")
    assert asked(site.after_listing(Page(b'{"items": []}', HOME + "api/tin?page=3"), third)) == {}


def settled(site: Frontier, shown: Page) -> list[str]:
    """What is asked beside the home page, the sitemap being missing and the search read."""
    kinds = list(asked(site.after_home(shown)).values())
    while site.waiting:
        kinds += asked(site.done(Wish(HOME, "sitemap"))).values()
    return kinds


def test_feeds_and_sections_are_asked_where_no_sitemap_has_the_home_pages_articles() -> None:
    home = page("/", [FOUND, *MENU, "/tin/"])
    assert settled(frontier(), home) == ["article", "article", "article", "sitemap", "listing", "feed"]
    site = frontier()
    asked(site.after_home(home))
    asked(site.after_sitemap(Sitemap(pages=[Link(HOME[:-1] + path) for path in (FOUND, *MENU)]), 0))
    assert asked(site.done(Wish(HOME + "sitemap.xml", "sitemap"))) == {}


def test_feeds_are_spared_where_lists_go_on_over_pages() -> None:
    site = frontier()
    asked(site.after_home(page("/", [FOUND, *MENU, "/tin/"])))
    assert list(asked(site.done(Wish(HOME, "sitemap"))).values()) == ["listing"]
    asked(site.after_listing(page("/tin/", [FOUND, "/tin/?page=2"]), Wish(HOME + "tin/", "listing")))
    assert asked(site.done(Wish(HOME + "tin/", "listing"))) == {}
    assert asked(site.done(Wish(HOME + "tin/?page=2", "listing"))) == {}
    assert site.held.wishes == []


ARCHIVE = [f"/khu-pho-{number}-lam-dan-van-kheo-20{number}.html" for number in range(10, 20)]


def walk(found: list[str]) -> tuple[Frontier, list[str]]:
    """The parts of an archive of ten years, one article on the topic in each, that are asked with these results."""
    site = frontier("dân vận")
    asked(site.after_home(page("/", MENU)))
    asked(site.after_listing(page("/tim?q=1", [*found, *MENU]), Wish(HOME + "tim?q=1", "search")))
    years = [Link(f"{HOME}sitemap-{2010 + number}.xml", "", f"{2010 + number}-12-31") for number in range(10)]
    asked(site.after_sitemap(Sitemap(children=years), 0))
    site.waiting, parts = 1, []
    waiting = [Wish(HOME + "sitemap.xml", "sitemap")]
    while waiting:
        further = list(site.done(waiting.pop()))
        for wish in further:
            parts.append(wish.url.removeprefix(HOME))
            if wish.kind == "sitemap":
                entry = Link(HOME[:-1] + ARCHIVE[int(wish.url[-8:-4]) - 2010])
                list(site.after_sitemap(Sitemap(pages=[entry]), 1))
        waiting += further
    return site, [part for part in parts if part.startswith("sitemap")]


def test_a_search_that_finds_what_parts_of_the_archive_show_spares_the_others() -> None:
    site, parts = walk(ARCHIVE)
    assert parts == ["sitemap-2019.xml", "sitemap-2010.xml", "sitemap-2014.xml", "sitemap-2016.xml", "sitemap-2012.xml"]
    assert site.search.believed()


@pytest.mark.parametrize("found", [ARCHIVE[5:], ARCHIVE[8:], []], ids=["the newer half", "the newest", "nothing"])
def test_a_search_that_misses_what_the_archive_shows_spares_nothing(found: list[str]) -> None:
    site, parts = walk(found)
    assert sorted(parts) == [f"sitemap-{year}.xml" for year in range(2010, 2020)]
    assert not site.search.believed()


def test_a_finished_run_is_followed_by_a_handful_of_requests_where_the_home_page_is_as_it_was() -> None:
    home = page("/", [FOUND, *MENU, "/tin/"])
    again = frontier("dân vận", finished=["thu"])
    again.met_before(home)
    assert settled(again, home) == ["search", "sitemap"]
    new = frontier("dân vận", finished=["thu"])
    new.met_before(page("/", [*MENU, "/tin/"]))
    assert settled(new, home) == ["search", "sitemap", "listing", "feed"]


def test_a_home_page_without_articles_says_nothing_of_what_is_new() -> None:
    site = frontier(finished=["thu"])
    site.met_before(page("/", [FOUND, *MENU, "/tin/"]))
    assert settled(site, page("/", ["/tin/"])) == ["sitemap", "listing", "feed"]


def test_parts_of_a_sitemap_that_a_finished_run_left_out_are_not_asked_later() -> None:
    home = HOME
    known = {home: {"outcome": "listing", "fetched_at": "2024-05-10T07:00:00+07:00"},
             f"{home}tin-2.xml": {"outcome": "listing", "fetched_at": "2024-05-10T07:00:00+07:00"}}  # fmt: skip
    site = frontier(finished=["thu"], memory=known)
    shown = page("/", MENU)
    site.met_before(shown)
    asked(site.after_home(shown))
    assert site.quiet
    days = {"tin-1.xml": "2024-05-01", "tin-2.xml": "2024-05-10", "tin-3.xml": "2024-05-12", "tin.xml": None,
            "tin-2023-1.xml": None}  # fmt: skip
    children = [Link(f"{home}{name}", "", day) for name, day in days.items()]
    assert asked(site.after_sitemap(Sitemap(children=children), 0)).keys() == {"/tin-2.xml", "/tin-3.xml"}
    site.quiet = False
    assert asked(site.after_sitemap(Sitemap(children=children), 0)).keys() == {"/tin.xml"}


def test_a_list_is_not_walked_on_where_it_shows_what_a_finished_run_met() -> None:
    site = opened(finished=["thu"])
    shown = page("/tin/?page=1", [*MENU, "/tin/?page=2"])
    site.met_before(shown)
    assert asked(site.after_listing(shown, Wish(HOME + "tin/?page=1", "listing"))).keys() == set(MENU)
    more = page("/tin/?page=1", [FOUND, *MENU, "/tin/?page=2"])
    assert "/tin/?page=2" in asked(site.after_listing(more, Wish(HOME + "tin/?page=1", "listing")))


@pytest.mark.parametrize(("kept", "off", "misled"), [(0, 9, False), (0, 10, True), (4, 11, False), (3, 10, True)])
def test_a_search_misleads_where_nearly_all_it_finds_is_off_the_topic(kept: int, off: int, *, misled: bool) -> None:
    search = Search()
    search.kept, search.off = kept, off
    assert search.misleads() == misled


def test_the_frame_is_what_stands_on_every_article_page() -> None:
    search = Search()
    search.front = {"menu", "result"}
    search.read(Counter({"menu": 1, "result": 2, "other": 1}))
    assert [search.is_result(url) for url in ("menu", "result", "other", "none")] == [None, None, True, False]
    related = [Counter(["menu", "result"]), Counter(["menu", "result", "result"]), Counter(["menu", "a"])]
    assert [search.framed(times) for times in related] == [False, False, True]
    assert [search.is_result(url) for url in ("menu", "result", "other", "none")] == [False, True, True, False]
