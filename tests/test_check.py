"""`baotinh sites check` over the replica: what is found where, and how an article cleans."""

from __future__ import annotations

from pathlib import Path

from conftest import Baotinh

from crawler.check import checked
from crawler.replica import open_press
from crawler.report import SiteReport
from extract.article import Article


def test_a_check_visits_few_pages_and_cleans_an_article(baotinh: Baotinh, tmp_path: Path) -> None:
    with open_press(["song-lam", "my-thanh", "ayun"], bulletin_count=0) as press:
        press.faults.set("ayun", "500", path="/.*[0-9]{6}")
        press.catalogue(tmp_path / "sites.toml")
        done = baotinh("sites", "--catalogue", "sites.toml", "check", "--delay", "0")
        asked = {site: [one for one in press.log if one.site == site] for site in press.rooms}
    lines = {line.split()[0]: line for line in done.stdout.splitlines()[2:]}
    assert "well:" in lines["song-lam"]
    assert "well:" in lines["my-thanh"]
    assert "none found" in lines["ayun"]
    assert "HTTP 500" in lines["ayun"]
    assert done.returncode == 1
    assert all(len(requests) <= 12 for site, requests in asked.items() if site != "ayun")
    assert lines["song-lam"].split()[1] == "read"


def test_a_site_is_told_by_its_best_article_and_doubts_are_said() -> None:
    bad, short = Article(title="", not_article="a list"), Article(title="Tin", body="Bà con họp.")
    said = checked({"a": SiteReport(), "b": SiteReport()}, {"a": [bad, short], "b": [bad]})
    assert "no date, short: 11 characters" in said
    assert "not cleaned: a list" in said
