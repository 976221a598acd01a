"""The replica press: its articles, their pages, what machines read of it, and its faults."""

import csv
import gzip
import json
import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from conftest import body, get, status

from crawler import sites
from crawler.replica import Press, ReplicaArticle, open_press
from crawler.replica.articles import load_articles, slug
from crawler.replica.papers import load_families, load_papers
from crawler.replica.pictures import png

SHARED = Path(__file__).parents[2] / "shared"
ARTICLES = load_articles(load_papers())
ORIGINALS = [article for article in ARTICLES if article.copy_of is None]
NAME = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
UNIT = r"\b([Xx]ã|[Pp]hường|[Tt]hị trấn|[Hh]uyện|[Tt]hị xã|[Đđ]ặc khu|tỉnh) ((?:{0}+|\d+)(?: (?:{0}+|\d+))*)"


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with open_press() as running:
        yield running


def flat(markup: str) -> str:
    """The words of a page or text: tags out, entities read, spaces single."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).replace("\xa0", " ").split())


def whole(article: ReplicaArticle) -> str:
    return "\n".join([article.title, article.lead, *(text for _, text in article.blocks)])


def test_there_is_enough_to_read() -> None:
    copies = [article for article in ARTICLES if article.copy_of]
    on_topic = [article for article in ORIGINALS if article.topic]
    read = [article for article in ORIGINALS if article.expected]
    assert len(ARTICLES) >= 60
    assert len(copies) >= 15
    assert len(on_topic) >= 35
    assert len(read) >= 40
    assert len(ORIGINALS) - len(on_topic) >= 8
    assert len({article.province for article in ORIGINALS}) >= 20
    years = {article.published.year for article in ORIGINALS}
    assert years == set(range(2019, 2027))
    assert sum(article.published.date() >= date(2025, 7, 1) for article in ORIGINALS) >= 10


@pytest.mark.parametrize("article", [a for a in ORIGINALS if a.expected], ids=lambda article: article.id)
def test_an_article_is_a_real_piece_of_a_paper(article: ReplicaArticle) -> None:
    words = len(" ".join([article.lead, *article.paragraphs]).split())
    assert 180 <= words <= 600
    assert article.lead
    assert 3 <= len(article.paragraphs) <= 8
    assert unicodedata.is_normalized("NFC", whole(article))


@pytest.mark.parametrize("article", [a for a in ARTICLES if a.copy_of], ids=lambda article: article.id)
def test_a_copy_says_where_it_comes_from_and_keeps_the_text(article: ReplicaArticle) -> None:
    [original] = [other for other in ORIGINALS if other.id == article.copy_of]
    assert article.site != original.site
    assert article.title != original.title
    assert article.published > original.published
    assert article.origin in article.credit or article.origin.upper() in article.credit
    shared = set(article.paragraphs) & set(original.paragraphs)
    assert len(shared) >= len(article.paragraphs) - 1 >= 2


@pytest.mark.parametrize("article", [a for a in ORIGINALS if a.expected], ids=lambda article: article.id)
def test_expected_figures_stand_in_the_text(article: ReplicaArticle) -> None:
    text = whole(article)
    for figure in article.expected:
        assert figure["text"] in text
        assert figure["qualifier"] in {"exact", "less", "more", "approx", "at_least", "at_most"}
        assert ("value" in figure) != ("min" in figure)
        assert all(len(day) in (0, 10) for day in figure.get("period", []))
        assert figure["kind"] == "money" or figure["role"] in {"registered", "implemented", "recognised", "other"}
        digits = re.sub(r"[^\d]", "", re.split(r"[ /]", figure["text"])[0])
        assert str(figure.get("value", figure.get("min"))).startswith(digits.lstrip("0") or "0")


def test_the_topic_is_what_speaks_of_mass_mobilisation() -> None:
    for article in ARTICLES:
        assert article.topic == ("dân vận" in re.sub("nhân dân vận", "", whole(article).lower())), article.id


def test_many_articles_are_read() -> None:
    assert sum(bool(article.expected) for article in ORIGINALS) >= 25


def test_every_model_count_of_a_read_article_is_expected() -> None:
    """A person may overlook one; the plain words "số mô hình" are easy to find again."""
    for article in ORIGINALS:
        if article.expected:
            found = re.findall(
                r"(?<![\w/.,-])((?:\d{1,3}(?:\.\d{3})+|\d+)(?:/\d+)? mô hình)", whole(article)[len(article.title) :]
            )
            missing = Counter(set(found)) - Counter({figure["text"] for figure in article.expected})
            assert not missing, (article.id, missing)


def _units() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    paths = [SHARED / "admin" / f"units_{era}_2025-07.csv" for era in ("pre", "post")]
    if not all(path.exists() for path in paths):
        pytest.skip("shared/admin is not here")
    eras = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        names = {
            (_bare(row["province"]), _plain(row[level]))
            for row in rows
            for level in ("ward", "district")
            if level in row
        }
        eras.append(names | {("", _plain(row["province"])) for row in rows})
    return eras[0], eras[1]


def _bare(province: str) -> str:
    return _plain(re.sub("^(Tỉnh|Thành phố) ", "", province))


def _plain(name: str) -> str:
    return slug(name).replace("-", "")


def test_the_places_named_existed_on_the_day() -> None:
    before, after = _units()
    letters = "[{}]".format("".join(char for char in map(chr, range(0x41, 0x1EFA)) if char.isupper()))
    unit = re.compile(UNIT.format(rf"{letters}[\w']*"))
    seen = 0
    for article in ORIGINALS:
        units = after if article.published.date() >= date(2025, 7, 1) else before
        for prefix, name in unit.findall(whole(article)):
            # A number after a name may be a figure of the sentence ("xã Liêu Tú 19 căn", "khối phường 604 mô hình").
            tried = {name, " ".join(word for word in name.split() if not word.isdecimal())}
            if "" in tried:
                continue
            own = {(_plain(article.province or ""), _plain(f"{prefix} {one}")) for one in tried}
            provinces = {("", _plain(f"tỉnh {one}")) for one in tried} if prefix == "tỉnh" else set()
            assert (own & units) or (provinces & (before | after)), (article.id, prefix, name)
            seen += 1
    assert seen > 120


def test_no_sentence_is_taken_from_the_seeds_or_the_gold() -> None:
    texts = [path.read_text("utf-8") for path in sorted((SHARED / "seeds").glob("*.txt"))]
    gold = SHARED / "gold" / "dev.jsonl"
    if not texts or not gold.exists():
        pytest.skip("shared/seeds and shared/gold are not here")
    texts += [json.loads(line)["text"] for line in gold.read_text("utf-8").splitlines()]
    theirs = {run for text in texts for run in _runs(text)}
    for article in ORIGINALS:
        assert not theirs & set(_runs(whole(article))), article.id


def _runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())
    return [tuple(words[at : at + 12]) for at in range(len(words) - 11)]


def test_every_page_holds_its_text_and_has_the_weight_of_a_real_one(press: Press) -> None:
    assert len(press.articles) == len(ARTICLES)
    for article in press.articles:
        page = body(article.url)
        assert 60_000 <= len(page) <= 300_000, article.url
        text = flat(page.decode()).lower()
        for piece in [article.title, article.lead, *article.paragraphs, *article.captions, *article.subheads]:
            assert flat(piece).lower() in text, (article.url, piece)
        assert article.credit in flat(page.decode()) or article.authors
        assert page.count(b"href=") > 60


def test_listings_lead_to_the_articles_page_by_page(press: Press) -> None:
    room = press.rooms["song-hau"]
    first, second = body(f"{room.home}xa-hoi/").decode(), body(f"{room.home}xa-hoi/?p=2").decode()
    column = re.compile(r'id="colcate1".*?</footer>', re.S)
    urls = [re.findall(r'class="b-title" href="([^"]+)"', column.search(page)[0]) for page in (first, second)]
    expected = [article.url for article in room.articles if article.section == "xa-hoi"]
    assert urls[0] + urls[1] == expected
    assert status(f"{room.home}xa-hoi/?p=99") == 404


@pytest.mark.parametrize("site", [paper.id for paper in load_papers()])
def test_search_finds_the_phrase(press: Press, site: str) -> None:
    room = press.rooms[site]
    wanted = next(article for article in press.articles if article.site == site and "dân vận" in whole(article).lower())
    page = body(room.home.rstrip("/") + room.search_path("dân vận")).decode()
    assert unescape(page).count(wanted.path) >= 1
    assert status(room.home + "tim-kiem-khong-co") == 404


def test_tag_and_day_pages_list_their_articles(press: Press) -> None:
    tagged, dated = press.rooms["thu-bon"], press.rooms["ayun"]
    assert press.article("da-nang-lu-2025").path in body(f"{tagged.home}cuu-tro-ptag.html").decode()
    column = body(f"{dated.home}doi-song/?bydate=25-08-2021").decode().split('class="cate-title"')[1]
    assert column.count("story__heading") == column.count(press.article("dak-doa-2021").path) // 2 == 1
    assert status(f"{dated.home}doi-song/?bydate=01-01-2001") == 404


def test_robots_sitemaps_and_feeds_name_every_article(press: Press) -> None:
    for site, room in press.rooms.items():
        robots = body(f"{room.home}robots.txt").decode()
        assert robots.startswith("User-agent: *")
        assert (f"Sitemap: {room.home}sitemap.xml" in robots) == room.family.in_robots
        everything = {article.url for article in room.articles}
        if room.family.sitemap is None:
            assert status(f"{room.home}sitemap.xml") == 404
        else:
            assert _sitemap(f"{room.home}sitemap.xml") == everything, site
        if room.family.feed:
            feeds = [body(room.home.rstrip("/") + room.feed_path(section)) for section, _ in room.paper.sections]
            items = [item for feed in feeds for item in ElementTree.fromstring(feed).iter("item")]
            assert {item.findtext("link") for item in items} <= everything
            assert all(parsedate_to_datetime(item.findtext("pubDate")).tzinfo for item in items)


def _sitemap(url: str) -> set[str]:
    raw = body(url)
    tree = ElementTree.fromstring(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
    places = {place.text for place in tree.iter(f"{NAME}loc")}
    return set().union(*map(_sitemap, places)) if tree.tag == f"{NAME}sitemapindex" else places


def test_conditional_requests_are_answered_304_until_the_text_changes(paper: Press) -> None:
    article = next(article for article in paper.articles if article.id == "can-loc-2022")
    with get(article.url) as reply:
        tag, day = reply.headers["ETag"], reply.headers["Last-Modified"]
    assert status(article.url, If_None_Match=tag) == 304
    assert status(article.url, If_Modified_Since=day) == 304
    assert status(article.url, If_None_Match='"other"') == 200
    new = paper.edit(article.id, (*article.blocks, ("paragraph", "Tòa soạn xin đính chính.")))
    assert new.url == article.url
    assert status(article.url, If_None_Match=tag) == 200
    assert status(article.url, If_Modified_Since=day) == 200
    assert "Tòa soạn xin đính chính." in body(article.url).decode()
    assert paper.log[1].conditions == {"If-None-Match": tag}


def test_a_withdrawn_article_is_gone_from_lists_until_restored(paper: Press) -> None:
    article = paper.articles[0]
    paper.withdraw(article.id)
    assert status(article.url) == 410
    assert article.url not in _sitemap(f"{paper.sites[0].home}sitemap.xml")
    paper.restore(article.id)
    assert status(article.url) == 200


def test_the_log_tells_who_asked_for_what(paper: Press) -> None:
    status(paper.sites[0].home, User_Agent="baotinh-test")
    [line] = paper.log
    assert (line.site, line.method, line.path, line.status, line.user_agent) == (
        "ngan-sau",
        "GET",
        "/",
        200,
        "baotinh-test",
    )


def test_the_catalogue_can_be_loaded(press: Press, tmp_path: Path) -> None:
    assert sites.load(press.catalogue(tmp_path / "sites.toml")) == press.sites
    assert {site.id for site in press.sites} == {paper.id for paper in load_papers()}
    assert all(site.home.startswith("http://127.0.0.1:") for site in press.sites)


def test_the_traps_of_the_families_are_there(press: Press) -> None:
    def page(id: str) -> str:
        return body(press.article(id).url).decode()

    a, b, c, d, e, p = map(
        page,
        [
            "my-xuyen-hien-dat-2022",
            "chi-linh-covid-2021",
            "phu-yen-dang-ky-2019",
            "duc-hoa-2020",
            "huong-khe-2020",
            "lang-son-2022",
        ],
    )
    assert a.index("<h1>") < a.index('<h1 class="fw700">')
    assert '<base href="http://images.' in a
    assert "/tim-kiem/hiến đất.html" in a
    assert '<meta name="canonical"' in b
    assert 'content="3/4/2021 4:10:00 PM"' in b
    assert "2021-03-04T16:10:00Z" in b
    assert b.count('"@type":"NewsArticle"') == b.count('"@type":"Article"') == 1
    assert b.index("application/ld+json") > b.index("</footer>")
    assert "&#225;" in b
    assert c.count("<html") == 2
    assert c.count("<b>Không&nbsp;") + c.count("MsoNormal") > 3
    assert "Bút danh" in c
    assert c.count('<time class="time">') > 1
    assert d.index("</html>") < d.index("<head>")
    assert '"name":"vamcotv"' in d
    assert '<div class="sapo">' in d
    assert "..." in d[d.index('<div class="sapo">') : d.index('<div id="content-detail">')]
    assert "Nữ miền Bắc" in e
    assert "Gửi cho bạn bè" in p
    assert "Xem nhiều nhất" in p
    assert press.article("bong-da-2024").path.startswith("/-podcast-")


def test_pictures_are_png() -> None:
    picture = png("/image/1.png")
    assert struct.unpack(">II", picture[16:24]) == (96, 60)
    assert png("/image/1.png") == picture != png("/image/2.png")
    size = struct.unpack(">I", picture[33:37])[0]
    assert len(zlib.decompress(picture[41 : 41 + size])) == 60 * (1 + 96 * 3)


def test_the_press_can_be_made_large() -> None:
    with open_press(sites=20, reprint_count=44, bulletin_count=56) as running:
        assert len(running.sites) == len({site.home for site in running.sites}) == 20
        assert sum(len(room.articles) for room in running.rooms.values()) >= 2000
        second = [article for article in running.articles if article.site == "song-hau-2"]
        assert len(second) >= 40
        assert all(article.copy_of and article.credit.startswith("Theo ") for article in second)
        text = flat(body(second[-1].url).decode())
        assert all(flat(paragraph) in text for paragraph in second[-1].paragraphs)


def test_families_are_all_used() -> None:
    assert set(load_families()) == {paper.family for paper in load_papers(extra=True)}


def test_paths_are_safe_to_request(press: Press) -> None:
    for article in press.articles:
        assert article.path == quote(article.path, safe="/%-")


def test_a_button_loads_addresses_or_a_piece_of_html_until_there_are_none() -> None:
    with open_press(["song-gianh"], bulletin_count=90) as press:
        [room] = press.rooms.values()
        page = body(f"{room.home}thoi-su").decode()
        assert page.count("<time>") == 10
        assert 'data-url="/api/tin?chuyen_muc=thoi-su&amp;offset=10&amp;limit=10"' in page
        more = json.loads(body(f"{room.home}api/tin?chuyen_muc=thoi-su&offset=20&limit=10"))
        wanted = [article.path for article in room.articles if article.section == "thoi-su"]
        assert [one["url"] for one in more["data"]] == wanted[20:30]
        assert (
            f'href="{room.articles[-1].path}"'
            not in json.loads(body(f"{room.home}api/tin?chuyen_muc=xa-hoi&offset=10&limit=10"))["html"]
        )
        assert json.loads(body(f"{room.home}api/tin?chuyen_muc=thoi-su&offset=500&limit=10"))["data"] == []


def test_a_sharepoint_list_shows_whole_texts_and_pages_by_number() -> None:
    with open_press(["kenh-ray"], bulletin_count=120) as press:
        [room] = press.rooms.values()
        second = body(f"{room.home}Lists/TinTuc/TongQuat.aspx?PageIndex=2").decode()
        assert len(re.findall(r"ChiTiet\.aspx\?ItemID=\d+", second)) == 10
        assert "PageIndex=4" in second
        assert "__doPostBack" in second
        article = room.articles[0]
        assert flat(article.paragraphs[0]) in flat(body(article.url).decode())
