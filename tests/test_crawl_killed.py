"""A crawl killed again and again ends as one that was left in peace; a larger one keeps to the bars of its cost."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from test_crawl import crawl_sites, entries

from crawler.archive import iter_records, read_record
from crawler.replica import Press, open_press

PAPERS = ["song-lam", "ngan-sau", "dan-van-moi"]
SEED = 20240721


def kill_one(press: Press, folder: Path, memory: dict[str, Any], chance: random.Random) -> list[dict[str, Any]]:
    """The captures that a crawl had said before it was killed (kill -9) at a moment of chance."""
    plan = {"sites": entries(press), "archive": str(folder / "warc"), "run": "t", "delay": 0.03, "memory": memory}
    file = folder / "killed.json"
    file.write_text(json.dumps(plan), "utf-8")
    few, later = chance.randrange(1, 14), chance.random() * 0.1
    captures = []
    with subprocess.Popen([sys.executable, "-m", "crawler", str(file)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout, start=1):
            if not line.endswith("}\n"):
                break  # half a line: nobody kept it
            said = json.loads(line)
            if "sites" not in said:
                captures.append(said)
            if number == few:
                Timer(later, process.kill).start()
    return captures


def articles(folder: Path, captures: list[dict[str, Any]]) -> dict[str, str]:
    """Each article's digest by URL, its record read back."""
    found = {}
    for one in captures:
        if one["outcome"] == "new":
            assert read_record(folder / "warc" / one["warc_file"], one["warc_offset"]).body
            found[one["url"]] = one["digest"]
    return found


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_a_crawl_killed_at_random_moments_ends_with_the_same_articles(tmp_path: Path, kills: int) -> None:
    chance = random.Random(SEED)
    with open_press(PAPERS, bulletin_count=kills * 15) as press:
        wanted = {article.url for room in press.rooms.values() for article in room.articles}
        captures: list[dict[str, Any]] = []
        for _ in range(kills):
            memory = {one["url"]: one for one in captures}
            captures += kill_one(press, tmp_path, memory, chance)
        before = articles(tmp_path, captures)
        assert before
        assert before.keys() < wanted
        last, _ = crawl_sites(entries(press), tmp_path, memory={one["url"]: one for one in captures})
    after = articles(tmp_path, last)
    assert not before.keys() & after.keys()
    assert before.keys() | after.keys() == wanted
    news = [one["url"] for one in captures if one["outcome"] == "new"]
    assert len(news) == len(set(news))
    broken = [record for file in (tmp_path / "warc").iterdir() for record in iter_records(file) if record.problem]
    assert all(not record.body for record in broken)


def test_a_refresh_asks_no_closed_sitemap_and_finds_what_is_new(tmp_path: Path) -> None:
    with open_press(["ngan-sau"], bulletin_count=20) as press:
        first, _ = crawl_sites(entries(press), tmp_path)
        asked = len(press.log)
        memory = {one["url"]: one for one in first}
        again, _ = crawl_sites(entries(press), tmp_path, memory=memory)
        months = [one.path for one in press.log if one.path.startswith("/sitemaps/")]
        assert len(months) == len(set(months)) >= 5
        assert len(press.log) - asked < 20
        assert articles(tmp_path, again) == {}
        changed = press.edit("can-loc-2022", (("paragraph", "Sửa lại: vườn mẫu nay đã thành khu dân cư kiểu mẫu."),))
        last, _ = crawl_sites(entries(press), tmp_path, memory=memory | {one["url"]: one for one in again})
    assert [one["url"] for one in last if one["outcome"] == "changed"] == [changed.url]
