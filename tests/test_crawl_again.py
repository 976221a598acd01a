"""A crawl after one that went to the end: a handful of requests where nothing is new, and what is new found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from test_crawl import crawl_sites, entries

from crawler.replica import ReplicaArticle, open_press
from crawler.topic import default_phrases

PAPERS = ["song-hau", "song-lam", "da-rang", "ngan-sau", "bang-giang", "dan-van-moi"]  # one of each family


@pytest.mark.parametrize("topic", [default_phrases(), ()], ids=["topic", "everything"])
def test_a_refresh_asks_a_handful_and_finds_what_is_new(topic: tuple[str, ...], tmp_path: Path) -> None:
    with open_press(PAPERS, bulletin_count=30) as press:
        new = {site: newest(room.articles) for site, room in press.rooms.items()}
        for article in new.values():
            press.withdraw(article.id)
        memory: dict[str, Any] = {}

        def crawl() -> tuple[set[str], Counter[str], dict[str, Any]]:
            before = len(press.log)
            wishes = {"topic": topic, "memory": memory, "finished": PAPERS if memory else []}
            captures, report = crawl_sites(entries(press), tmp_path, **wishes)
            memory.update((one["url"], one) for one in captures)
            kept = {one["url"] for one in captures if one["outcome"] in ("new", "changed")}
            return kept, Counter(request.site for request in press.log[before:]), report["sites"]

        first, _, report = crawl()
        assert all(figures["complete"] for figures in report.values())
        nothing, asked, _ = crawl()
        assert nothing == set()
        assert max(asked.values()) <= 5
        for article in new.values():
            press.restore(article.id)
        found, asked, _ = crawl()
        assert found == {press.article(article.id).url for article in new.values()}
        assert not found & first
        assert max(asked.values()) <= 20
        old = next(one for one in press.articles if one.site == "ngan-sau" and one.url in first)
        changed = press.edit(old.id, (("paragraph", "Sửa lại: số hộ hiến đất nay là 52 hộ."),))
        found, asked, _ = crawl()
        assert found == {changed.url}


def newest(articles: list[ReplicaArticle]) -> ReplicaArticle:
    """The last article on the topic whose title says so."""
    return next(one for one in articles if one.topic and "ân vận" in one.title)
