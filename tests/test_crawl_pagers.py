"""Papers whose older articles stand behind a button or a query string only: each is found, with a topic and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_crawl import A, B, C, Paper, Run, article, crawl_sites, entries, listing, paper, run  # noqa: F401

from crawler.replica import open_press
from crawler.topic import default_phrases


@pytest.mark.parametrize("topic", [(), default_phrases()], ids=["everything", "topic"])
@pytest.mark.parametrize("site", ["song-gianh", "kenh-ray"], ids=["JSON behind a button", "SharePoint"])
def test_every_article_of_a_paper_without_sitemap_is_found(site: str, topic: tuple[str, ...], tmp_path: Path) -> None:
    with open_press([site, "song-lam"], bulletin_count=120, reprint_count=10) as press:
        [entry] = [entry for entry in entries(press) if entry["id"] == site]
        captures, report = crawl_sites([entry], tmp_path, topic=topic)
        articles = press.rooms[site].articles
        asked = [request for request in press.log if request.site == site]
    wanted = {one.url for one in articles if not topic or (one.topic and not one.id.startswith("bulletin"))}
    kept = {one["url"] for one in captures if one["outcome"] == "new"}
    assert kept == wanted
    assert len(kept) >= 3
    assert report["sites"][site]["errors"] == {}
    assert len(asked) - len(kept) <= 25


PAGERS = {
    "?start=": [f"/tin/?start={step}" for step in (2, 4, 6)],
    "?offset= and limit=": [f"/tin/?limit=2&offset={step}" for step in (2, 4, 6)],
    "/trang-2": [f"/tin/trang-{number}" for number in (2, 3, 4)],
    "/p2": [f"/tin/p{number}" for number in (2, 3, 4)],
    "-trang-2.html": [f"/tin-trang-{number}.html" for number in (2, 3, 4)],
}


@pytest.mark.parametrize("pages", PAGERS.values(), ids=PAGERS)
def test_pages_that_no_pager_names_follow_one_another(paper: Paper, run: Run, pages: list[str]) -> None:  # noqa: F811
    links = [f"/bai-viet-so-nay-cua-bao-{number}.html" for number in range(5001, 5009)]
    shown = [links[at : at + 2] for at in range(0, 8, 2)]
    more = f'<a href="{pages[0]}">Xem thêm</a>'
    paper.answers = {"/": listing("/tin/"), "/tin/": listing(*shown[0]) + more}
    paper.answers |= {page: listing(*two) for page, two in zip(pages, shown[1:], strict=True)}
    paper.answers |= {link: article(link) for link in links}
    assert run().urls("new") == set(links)
