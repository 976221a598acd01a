"""What documents say of further pages: sitemaps of every make, feeds, lists, search forms, heads."""

from __future__ import annotations

import gzip
import json
import time

import pytest

from crawler.discovery import MAX_LOCATIONS, Page, read_feed, read_sitemap, robots_sitemaps
from crawler.links import Link, is_article, month_of, next_page, normal, shape, step_of
from crawler.sites import Site

SITE = Site(id="thu", name="Báo Thử", home="https://bao.example/")
HOME = "https://bao.example/"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*urls: str) -> bytes:
    return f'<?xml version="1.0"?><urlset {NS}>{"".join(urls)}</urlset>'.encode()


def url(path: str, more: str = "") -> str:
    return f"<url><loc>{HOME}{path}</loc>{more}</url>"


def test_robots_txt_names_sitemaps_in_any_case() -> None:
    text = "User-agent: *\nsitemap: /a.xml\nSITEMAP: https://bao.example/b.xml # mới\n"
    assert robots_sitemaps(text, f"{HOME}robots.txt") == [f"{HOME}a.xml", f"{HOME}b.xml"]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip without header"])
def test_a_sitemap_with_children_inside_urlset(packed: bool) -> None:
    body = urlset(url("a-1.html", "<lastmod>2024-03-01</lastmod>"), url("news-2024-3.xml"))
    sitemap = read_sitemap(gzip.compress(body) if packed else body, f"{HOME}sitemap.xml")
    assert sitemap.pages == [Link(f"{HOME}a-1.html", "", "2024-03-01")]
    assert [child.url for child in sitemap.children] == [f"{HOME}news-2024-3.xml"]


def test_an_index_without_namespace_and_a_text_sitemap() -> None:
    index = f"<?xml version='1.0'?><sitemapindex><sitemap><loc>{HOME}x</loc></sitemap></sitemapindex>".encode()
    assert [child.url for child in read_sitemap(index, f"{HOME}s.xml").children] == [f"{HOME}x"]
    assert [link.url for link in read_sitemap(f"{HOME}a\n{HOME}b\n".encode(), f"{HOME}s.txt").pages] == [
        f"{HOME}a", f"{HOME}b"]  # fmt: skip


def test_a_news_sitemap_gives_titles_and_is_known_as_one() -> None:
    body = (
        f'<?xml version="1.0"?><urlset {NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>{HOME}a-1.html</loc><news:news><news:title>Dân vận khéo</news:title></news:news></url></urlset>"
    ).encode()
    sitemap = read_sitemap(body, f"{HOME}s.xml")
    assert (sitemap.news, sitemap.pages) == (True, [Link(f"{HOME}a-1.html", "Dân vận khéo")])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!doctype html><html><body>Trang chu</body></html>", "HTML"),
        (gzip.compress(b"<urlset>" * 500)[:40], "gzip"),
        (gzip.compress(b"<urlset>" + b" " * (70 * 1024 * 1024)), "64 MB"),
    ],
    ids=["html", "truncated gzip", "bomb"],
)
def test_what_is_no_sitemap_is_said(body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_sitemap(body, f"{HOME}sitemap.xml")


def test_entities_are_not_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    assert read_sitemap(bomb + f"<urlset><url><loc>{HOME}&b;</loc></url></urlset>".encode(), HOME).pages == []


def test_a_sitemap_of_50000_urls_is_read_and_more_are_not() -> None:
    body = urlset(*(url(f"bai-{number}.html", "<lastmod>2024-01-01</lastmod>") for number in range(MAX_LOCATIONS + 10)))
    start = time.process_time()
    assert len(read_sitemap(body, f"{HOME}sitemap.xml").pages) == MAX_LOCATIONS
    assert time.process_time() - start < 30


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><title>Báo</title><item><title><![CDATA[Bài <b>một</b>]]></title>"
        f"<link> {HOME}a-1.html </link></item></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Bài &lt;b>một&lt;/b></title>'
        f'<link rel="self" href="/x"/><link href="{HOME}a-1.html"/></entry></feed>',
    ],
    ids=["rss", "atom"],
)  # fmt: skip
def test_feeds_give_links_with_titles(feed: str) -> None:
    assert read_feed(feed.encode(), f"{HOME}rss") == [Link(f"{HOME}a-1.html", "Bài <b>một</b>")]


def test_html_is_no_feed_and_a_broken_one_gives_what_it_has() -> None:
    assert read_feed(b"<html><body><a href='/a'>a</a></body></html>", f"{HOME}rss") == []
    broken = f"<rss><item><link>{HOME}a-1.html</link>".encode()
    assert [link.url for link in read_feed(broken, HOME)] == [f"{HOME}a-1.html"]


def test_links_are_the_sites_own_with_all_their_words() -> None:
    page = Page(
        '<html></html><base href="https://img.example/"><a href="/a-1.html"><img></a>'
        '<a href="/a-1.html#x">Bài <b>một</b></a><a href="https://khac.example/b">B</a>'
        '<a href="javascript:void(0)">C</a><a href="//bao.example/d?utm_source=x">D</a>'.encode(),
        HOME,
    )
    assert page.links(SITE) == [Link(f"{HOME}a-1.html", "Bài một"), Link(f"{HOME}d", "D")]


def test_a_page_names_its_feeds_and_its_search() -> None:
    page = Page(b'<a href="/rss/cate/xa-hoi/"><i></i></a><form action="/tim"><input name="keyword"></form>', HOME)
    assert page.feeds(SITE) == [f"{HOME}rss/cate/xa-hoi/"]
    assert page.search() == f"{HOME}tim?keyword={{query}}"


def test_a_head_tells_canonical_and_missing() -> None:
    said = "<title>Bài một</title><meta name=canonical content='/a-1.html'><p>" + "Bà con bàn việc làng. " * 20
    head = Page(said.encode(), f"{HOME}a-1.html?x=1").head(SITE)
    assert (head.canonical, head.article, head.missing) == (f"{HOME}a-1.html", True, False)
    assert Page(b"<title>404 Not Found</title>", HOME).head(SITE).missing


def test_a_text_that_only_a_script_holds_tells_the_topic() -> None:
    said = "<title>Bài</title><h1>Bài</h1><script>outputData = '<p>M\\u00f4 h\\u00ecnh dân vận khéo</p>';</script>"
    assert "Mô hình dân vận khéo" in Page(said.encode(), HOME).words()
    assert "dân vận" not in Page(f"{said}<p>{'Chuyện đồng áng. ' * 20}</p>".encode(), HOME).words()


ODD = [b"", b"\x00\xff\xfe", b"<", b"<!-- ", "Chỉ có chữ".encode(), b"<a href='http://[bad'>x</a>"]


@pytest.mark.parametrize("odd", ODD)
def test_odd_pages_raise_nothing(odd: bytes) -> None:
    page = Page(odd, HOME)
    assert page.links(SITE) == []
    assert not page.head(SITE).article


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("https://bao.example", HOME),
        (f"{HOME}a.html;jsessionid=AB12?PHPSESSID=x&utm_source=zalo&page=2#top", f"{HOME}a.html?page=2"),
        (f"{HOME}tim?keyword=d%C3%A2n", f"{HOME}tim?keyword=d%C3%A2n"),
        ("mailto:a@bao.example", None),
        ("http://[bad", None),
    ],
)
def test_one_page_has_one_name(given: str, name: str | None) -> None:
    assert normal(given) == name


@pytest.mark.parametrize(
    ("path", "item"),
    [("Lists/TinTuc/DispForm.aspx?ID=12", True), ("Lists/TinTuc/XemTin.aspx?Loai=1&ItemID=12", True),
     ("Lists/TinTuc/TongQuat.aspx?PageIndex=2", False), ("Pages/Tin.aspx?ID=12", False)],
)  # fmt: skip
def test_an_item_of_a_sharepoint_list_is_an_article(path: str, *, item: bool) -> None:
    assert is_article(f"{HOME}{path}", SITE) == item


def test_pages_of_a_list() -> None:
    assert next_page(f"{HOME}xa-hoi?p=4") == f"{HOME}xa-hoi?p=5"
    assert next_page(f"{HOME}215/page/19/Phong-su.aspx") == f"{HOME}215/page/20/Phong-su.aspx"
    assert next_page(f"{HOME}xa-hoi/trang-2") == f"{HOME}xa-hoi/trang-3"
    assert next_page(f"{HOME}xa-hoi/p2/") == f"{HOME}xa-hoi/p3/"
    assert next_page(f"{HOME}xa-hoi-trang-9.html") == f"{HOME}xa-hoi-trang-10.html"
    assert next_page(f"{HOME}api?offset=20&limit=10", 10) == f"{HOME}api?offset=30&limit=10"
    assert [step_of(f"{HOME}{path}") for path in ("x?start=15", "x?offset=0&limit=12", "x?page=2")] == [15, 12, None]
    assert next_page(f"{HOME}xa-hoi/") is None
    assert next_page(f"{HOME}mau-ao-dai-thoi-trang-2024.html") is None
    assert shape(f"{HOME}lich/2024/05/?d=1") == shape(f"{HOME}lich/2031/11/?d=30")
    assert [str(month_of(f"{HOME}{path}")) for path in ("x/202503/a/", "news-2025-3.xml", "a-12345678.html")] == [
        "2025-03-01", "2025-03-01", "None"]  # fmt: skip


def test_json_that_a_button_loads_is_read_as_a_page() -> None:
    said = {
        "total": 2,
        "items": [{"title": "Bài <một>", "url": "/a-1.html"}],
        "html": "<li><a href='/b-2.html'>Hai</a></li>",
    }
    page = Page(json.dumps(said).encode(), f"{HOME}api/tin?page=2")
    assert page.links(SITE) == [Link(f"{HOME}a-1.html", "Bài <một>"), Link(f"{HOME}b-2.html", "Hai")]
    assert Page(b"[1, 2", HOME).links(SITE) == []
    plain = Page(b'["/a-1.html", "https://bao.example/b-2.html", "/image.png?", 7]', HOME)
    assert [link.url for link in plain.links(SITE)][:2] == [f"{HOME}a-1.html", f"{HOME}b-2.html"]


def test_addresses_are_made_of_a_lists_fields_where_it_names_none() -> None:
    said = b'{"data": [{"article_slug": "bai-mot", "cate": {"x": 1}, "id": 7, "title": "M"}, {"article_slug": "b"}]}'
    page = Page(said, HOME, None, "/tin/{id}/{article_slug}")
    assert page.links(SITE) == [Link(f"{HOME}tin/7/bai-mot", "M")]


def test_a_button_for_more_names_its_address() -> None:
    page = Page(
        b'<a class="btn-loadmore" data-url="/api/tin?page=2">+</a><div id="x" data-href="/y?page=2">Xem</div>'
        + '<button data-api="/z?page=2">Xem thêm</button>'.encode(),
        HOME,
    )
    assert page.more_links() == [f"{HOME}api/tin?page=2", f"{HOME}z?page=2"]


def test_a_link_has_the_day_that_stands_beside_it_alone() -> None:
    page = Page(
        """<ul><li><a href="/a-1.html"><img></a><h3><a href="/a-1.html">Một</a></h3><span>3/2/2024 - 07:00</span></li>
        <li><a href="/b-2.html">Hai</a> 4/2/2024, sửa 5/2/2024</li></ul><p>6/2/2024</p>
        <div><a href="/c-3.html">Ba</a><a href="/d-4.html">Bốn</a> 7/2/2024</div>""".encode(),
        HOME,
    )
    days = {link.url.removeprefix(HOME): str(link.day) for link in page.dated_links(SITE)}
    assert days == {"a-1.html": "2024-02-03", "b-2.html": "None", "c-3.html": "None", "d-4.html": "None"}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("<pubDate>Mon, 05 Feb 2024 23:30:00 +0000</pubDate>", "2024-02-06"),
        ("<published>2024-02-05T07:00:00+07:00</published>", "2024-02-05"),
        ("<pubDate>hôm qua</pubDate>", "None"),
        ("", "None"),
    ],
)
def test_a_feed_says_the_day(said: str, day: str) -> None:
    feed = f"<rss><channel><item><title>T</title><link>/a-1.html</link>{said}</item></channel></rss>"
    assert [str(link.day) for link in read_feed(feed.encode(), HOME)] == [day]


def test_a_page_shows_its_days() -> None:
    page = Page(
        b"<body>Ng\xc3\xa0y 3/2/2024 - 31.12.2023, 99/1/2024 <time datetime='2024-05-06T07:00'></time>"
        b"<script>'1/1/2020'</script> 2.024.2024</body>",
        HOME,
    )
    assert [str(day) for day in page.days()] == ["2024-02-03", "2023-12-31", "2024-05-06"]
