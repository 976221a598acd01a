"""The catalogue: every former province has its paper, and an entry's mistakes are named."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from crawler.links import belongs, is_article, is_listing
from crawler.sites import choose, load, site_of

SITES = {site.id: site for site in load()}
SHARED = Path(__file__).parents[2] / "shared" / "sites" / "catalogue.csv"


def test_every_former_province_has_a_paper() -> None:
    assert len({site.province_2024 for site in SITES.values()} - {None}) == 63
    assert len({site.province for site in SITES.values()} - {None}) == 34
    assert len({site.home for site in SITES.values()}) == len(SITES) == len(load())


def test_patterns_are_whole() -> None:
    for site in SITES.values():
        assert site.home.startswith("http")
        assert site.home.endswith("/")
        assert not site.search or "{query}" in site.search
        for pattern in filter(None, (site.article, site.skip)):
            assert not re.search(pattern, "/")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared catalogue is not here")
def test_no_entry_of_the_shared_catalogue_is_missing() -> None:
    with SHARED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert {row["homepage"] for row in rows} == {site.home for site in SITES.values()}


@pytest.mark.parametrize(
    ("id", "path", "kind"),
    [
        ("angiang", "/ban-do-cong-tac-mat-tran-a367201.html", "article"),
        ("angiang", "/-podcast-chuyen-lang-a498675.html", "article"),
        ("angiang", "/suc-khoe/bac-si-cua-ban/", "listing"),
        ("angiang", "/print/ban-do-a367201.html", None),
        ("nghean", "/dua-mo-hinh-ve-ban-10230827.html", "article"),
        ("nghean", "/en/a-story-10230827.html", None),
        ("khanhhoa", "/xa-hoi/202503/duong-lang-3f71fbf/", "article"),
        ("bacninh", "/lang-nghe-postid412.bbg", "article"),
        ("danvan", "/Home/Tin-tuc/Dia-phuong/536098/Lang-nghe-dan", "article"),
        ("longan", "/tai-ung-dung/logo.png", None),
    ],
)
def test_urls_are_told_apart(id: str, path: str, kind: str | None) -> None:
    site = SITES[id]
    url = site.home.rstrip("/") + path
    assert (is_article(url, site), is_listing(url, site)) == (kind == "article", kind == "listing")


def test_hosts_with_and_without_www_and_old_domains_belong() -> None:
    assert belongs("https://sggp.org.vn/a", SITES["hcm"])
    assert belongs("https://baophuyen.vn/95/64112/slug/", SITES["phuyen"])
    assert not belongs("https://news.baotayninh.vn/a", SITES["tayninh"])


def test_choose() -> None:
    everything = list(SITES.values())
    assert {site.id for site in choose(everything, (), "kien giang")} == {"kiengiang", "kiengiang-dcs"}
    assert "soctrang" in {site.id for site in choose(everything, (), "Cần Thơ")}
    with pytest.raises(ValueError, match="'nowhere'"):
        choose(everything, ["nowhere"], None)
    with pytest.raises(ValueError, match="'Atlantis'"):
        choose(everything, (), "Atlantis")


def test_the_province_is_that_of_the_day() -> None:
    assert [SITES["soctrang"].province_on(day) for day in ("2022-02", "2025-06-30", "2025-07-01", None)] == [
        "Sóc Trăng", "Sóc Trăng", "Cần Thơ", "Cần Thơ"]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"id": "x", "name": "X"}, "'x': no home"),
        ({"id": "x", "name": "X", "home": "h", "feed": "f"}, "unknown field feed"),
    ],
)
def test_a_wrong_entry_is_named(entry: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        site_of(entry)
