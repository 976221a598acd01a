"""The alarm: what counts as suddenly worse, site by site and against the site's own last runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.alarm import alarms, figures, with_alarms
from corpus.articles import save_article
from corpus.catalogue import save_sites
from corpus.facts import save_reading
from corpus.pages import save_page
from corpus.report import crawled
from corpus.store import Corpus, open_corpus, start_run
from crawler.report import SiteReport
from extract.article import Article
from extract.language import read, records
from extract.passage import Passage

LEAD = "Xã ven sông có 12 mô hình dân vận khéo, góp được 3,5 tỷ đồng làm đường. "
TALK = "Bà con bàn nhau việc làng, việc xóm cho tới khuya mới về. "
WELL = LEAD + TALK * 20
DATED = "2024-05-06"


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        save_sites(corpus, [{"id": id, "name": id, "home": f"https://{id}.example/"} for id in ("mot", "hai")])
        yield corpus


def run(corpus: Corpus, site: str, *bodies: str, published: str | None = DATED, refused: str | None = None) -> int:
    run_id = start_run(corpus, "refresh", "1")
    for number, body in enumerate(bodies):
        url = f"https://{site}.example/{run_id}-{number}"
        capture = {"url": url, "site": site, "status": 200, "outcome": "new", "fetched_at": DATED}
        page = save_page(corpus, capture | {"warc_file": "w", "warc_offset": 0}, run_id)
        article = Article(title="Tin", body=body, published=published, not_article=refused)
        saved = save_article(corpus, article, url=url, page_id=page, site=site)
        if saved is not None:
            [reading] = read([Passage(text=body)])
            save_reading(corpus, saved, records(reading), run_id, "1")
    return run_id


def test_figures_are_of_the_runs_own_pages(corpus: Corpus) -> None:
    first = run(corpus, "mot", WELL, WELL)
    second = run(corpus, "mot", TALK)
    assert figures(corpus, second)["mot"].length == len(TALK)
    assert figures(corpus, second)["mot"].facts == 0
    assert figures(corpus, second, before=True) == figures(corpus, first)
    assert figures(corpus, first)["mot"].facts >= 2


@pytest.mark.parametrize(
    ("body", "more", "said"),
    [
        (LEAD, {}, "texts of 72 characters"),
        (WELL, {"published": None}, "0% of its articles have a date, 100% before"),
        (TALK * 20, {}, "0.0 facts an article"),
        (WELL, {"refused": "a list"}, "0% of its pages clean to articles"),
    ],
    ids=["short", "undated", "no facts", "no article"],
)
def test_a_site_that_is_suddenly_worse_is_named(corpus: Corpus, body: str, more: dict[str, str], said: str) -> None:
    run(corpus, "mot", *[WELL] * 10)
    run(corpus, "hai", *[WELL] * 10)
    last = run(corpus, "mot", *[body] * 5, **more)
    [[found]] = alarms(corpus, last).values()
    assert said in found
    report = with_alarms(corpus, last, {"sites": {"mot": {"kept": 5}, "hai": {"kept": 0}}})
    assert (report["sites"]["mot"]["alarms"], report["sites"]["hai"]["alarms"]) == ([found], [])
    assert report["sites"]["mot"]["cleaning"]["pages"] == 5
    sites = {site: SiteReport().as_dict() | figures for site, figures in report["sites"].items()}
    assert f"mot: {found}" in crawled({"sites": sites, "interrupted": False})


def test_a_crawl_that_found_nothing_says_so() -> None:
    quiet, busy = SiteReport(), SiteReport(outcomes=Counter(new=1))
    assert crawled({"sites": {"mot": quiet.as_dict()}, "interrupted": False}).endswith("nothing new")
    both = {"mot": quiet.as_dict(), "hai": busy.as_dict()}
    assert "nothing new" not in crawled({"sites": both, "interrupted": False})
    stopped = crawled({"sites": {"mot": quiet.as_dict()}, "interrupted": True})
    assert stopped.endswith("stopped before the end; run it again to go on")


@pytest.mark.parametrize("bodies", [[WELL] * 5, [TALK] * 4, [WELL, WELL, WELL, TALK, LEAD]])
def test_nothing_is_said_of_a_good_run_or_of_few_pages(corpus: Corpus, bodies: list[str]) -> None:
    run(corpus, "mot", *[WELL] * 10)
    assert alarms(corpus, run(corpus, "mot", *bodies)) == {}


def test_a_site_that_always_was_so_is_left_alone(corpus: Corpus) -> None:
    run(corpus, "mot", *[TALK] * 10, published=None)
    assert alarms(corpus, run(corpus, "mot", *[TALK] * 5, published=None)) == {}
