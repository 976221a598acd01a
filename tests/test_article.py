import json
import subprocess
import sys
import tomllib
import unicodedata
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from extract.article import clean_file, clean_html, credited

SHARED = Path(__file__).parents[2] / "shared"
PAGES = SHARED / "pages"


@pytest.mark.skipif(not PAGES.is_dir(), reason="the real pages (../shared/pages) are not on this machine")
def test_real_pages_are_right_in_every_field(tmp_path: Path) -> None:
    cleaned = tmp_path / "cleaned.jsonl"
    rows = [clean_file(page).record() | {"file": page.name} for page in sorted(PAGES.glob("*.html"))]
    cleaned.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    scorer = [sys.executable, str(PAGES / "score.py"), str(PAGES / "expected.jsonl"), str(cleaned), "--json"]
    tally = json.loads(subprocess.run(scorer, check=True, capture_output=True, text=True).stdout)
    assert rows
    assert {field: count["of"] - count["right"] for field, count in tally.items()} == dict.fromkeys(tally, 0)


HOSTS = {"baoangiang.com.vn": "angiang", "baocantho.com.vn": "cantho", "Báo Long An": "longan", "nhandan.vn": "nhandan"}


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("baoangiang.com.vn", "angiang"),
        ("https://www.baoangiang.com.vn/", "angiang"),
        ("tintucmientay.baoangiang.com.vn", "angiang"),
        ("Báo Long An", "longan"),
        ("Long An", "longan"),
        ("Báo Nhân Dân", "nhandan"),
        ("Reuters", None),
        ("com.vn", None),
        ("", None),
        (None, None),
    ],
)
def test_an_origin_is_resolved_where_the_catalogue_has_it(origin: str | None, site: str | None) -> None:
    assert credited(origin, HOSTS) == site


OWN = Path(__file__).with_name("pages")
EXPECTED = tomllib.loads((OWN / "expected.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_page_of_each_family_gives_its_article(name: str) -> None:
    want = dict(EXPECTED[name])
    body, absent = want.pop("body"), want.pop("absent", [])
    got = clean_file(OWN / name).record()
    given = {key: list(value) if isinstance(value, tuple) else value for key, value in got.items()}
    empty = {
        "lead": "",
        "authors": [],
        "origin": None,
        "published": None,
        "modified": None,
        "captions": [],
        "subheads": [],
    }
    wanted = empty | want | {"not_article": None, "language": "vi"}
    assert {key: unspaced(given[key]) for key in wanted} == wanted
    lines = given["text"].split("\n") if given["text"] else []
    assert [line[: len(start)] for line, start in zip(map(unspaced, lines), body, strict=False)] == body
    assert len(lines) == len(body)
    assert [words for words in absent if words in f"{given['title']} {given['lead']} {given['text']}"] == []


def unspaced(value: object) -> object:
    """The value with its NBSP, which the article keeps, as plain spaces."""
    return value.replace("\u00a0", " ") if isinstance(value, str) else value


PARAGRAPH = (
    "<p>Sáng nay, hội viên phụ nữ xã ven sông trồng hoa dọc 2 km đường làng, góp 300 ngày công và 15 triệu đồng.</p>"
)
ENGLISH = "<p>Local people opened a new road on Monday after months of hard work together.</p>"
LINKS = "".join(
    f'<li><a href="/tin-{n}.html">Bản tin số {n} về phong trào làm đường ở các xã</a></li>' for n in range(12)
)


@pytest.mark.parametrize(
    ("page", "url", "reason"),
    [
        (f"<title>Thời sự</title><h1>Thời sự</h1><ul>{LINKS}</ul>", None, "listing"),
        (f"<title>Trang chủ</title>{PARAGRAPH * 3}<ul>{LINKS}</ul>", "https://bao.example/", "listing"),
        (f"<title>Tìm kiếm: đường</title><h1>Kết quả tìm kiếm</h1><ul>{LINKS}</ul>", None, "search page"),
        (f"<h1>Kết quả</h1>{PARAGRAPH * 3}", "https://bao.example/tim-kiem/làm đường.html", "search page"),
        ("<title>404</title><h1>Không tìm thấy trang</h1><p>Trang bạn tìm không còn nữa.</p>", None, "soft 404"),
        (f"<h1>Bài điều tra</h1>{PARAGRAPH}<p>Vui lòng đăng nhập để đọc tiếp bài viết.</p>", None, "paywall"),
        ('<h1>Bản tin tối</h1><video src="a.mp4"></video><p>Mời xem.</p>', None, "video without text"),
        ("<h1>Tin vắn</h1><p>Đang cập nhật.</p>", None, "too short"),
        (f"<h1>Road opened</h1>{ENGLISH * 4}", None, "foreign edition"),
        ("<h1>Thông báo</h1>" + "<p>ប្រជាជនបានបើកផ្លូវថ្មីមួយនៅក្នុងភូមិរបស់ពួកគេកាលពីព្រឹកមិញនេះ។</p>" * 4, None, "foreign edition"),
        ("", None, "too short"),
        (f"<h1>Làng hoa</h1>{PARAGRAPH * 3}", "https://bao.example/lang-hoa-a1.html", None),
    ],
)  # fmt: skip
def test_a_page_that_is_no_article_is_said_to_be_none(page: str, url: str | None, reason: str | None) -> None:
    article = clean_html(f"<html><body>{page}</body></html>", url=url)
    assert article.not_article == reason


TEXT = PARAGRAPH + PARAGRAPH.replace("nay", "mai").replace("2 km", "3 km") + PARAGRAPH.replace("Sáng", "Chiều")
CARDS = "".join(
    f"<div class='k'><h3><a href='/t{n}'>Bản tin số {n} về phong trào làm đường ở các xã</a></h3>{PARAGRAPH}</div>"
    for n in range(9)
)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        # An article of a portal that prints no date, among its lists of others.
        (f"<title>Làng hoa</title><h1>Làng hoa ven sông</h1><div>{TEXT}</div><ul>{LINKS}</ul>", None),
        (f"<title>Làng hoa</title><h1>Làng hoa ven sông</h1><div>{TEXT}</div>{CARDS}", None),
        # A section: its dated teasers are no article, nor is the line that says what it is about.
        (f"<title>Thời sự</title><h1>Thời sự</h1><span class='date'>3/2/2026 8:00</span><div>{CARDS}</div>", "listing"),
        (f"<title>Thời sự</title><h1>Thời sự</h1>{PARAGRAPH}<ul>{LINKS}</ul>", "listing"),
    ],
)
def test_a_listing_is_told_by_its_build_not_by_a_missing_date(page: str, reason: str | None) -> None:
    assert clean_html(f"<html><body>{page}</body></html>").not_article == reason


def test_title_authors_and_captions_have_plain_spaces() -> None:
    page = (OWN / "zce.html").read_text(encoding="utf-8")
    spaced = clean_html(page.replace("ngập mặn", "ngập\u00a0mặn").replace("LAM GIANG", "LAM\u2009\u00a0GIANG"))
    assert spaced.title == "Rừng ngập mặn trở lại"
    assert spaced.authors == ("Lam Giang",)
    assert spaced.captions == ("Rừng đước khép tán ven cửa sông. Ảnh: LAM GIANG",)
    assert "Đê\u00a0bao" in clean_html(page.replace("<p>", "<p>Đê\u00a0bao ")).body


def test_an_english_edition_names_its_language() -> None:
    assert clean_html(f"<html><body><h1>Road opened</h1>{ENGLISH * 4}</body></html>").language == "en"


def test_a_saved_mht_gives_the_article_and_its_address(tmp_path: Path) -> None:
    html = (OWN / "zce.html").read_bytes()
    message = MIMEMultipart("related")
    message["Snapshot-Content-Location"] = "https://baovensong.example/rung-ngap-man-tro-lai-post60001.html"
    message.attach(MIMEText(html.decode(), "html", "utf-8"))
    saved = tmp_path / "saved.mht"
    saved.write_bytes(message.as_bytes())
    article = clean_file(saved)
    assert article == clean_html(html, url="https://baovensong.example/rung-ngap-man-tro-lai-post60001.html")
    assert article.authors == ("Lam Giang",)


def test_a_file_of_another_kind_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"report\.pdf: not a page or text file"):
        clean_file(tmp_path / "report.pdf")
    empty = tmp_path / "empty.mht"
    empty.write_bytes(b"Subject: x\n\ntext")
    with pytest.raises(ValueError, match="no HTML page"):
        clean_file(empty)


def test_decomposed_letters_and_odd_spaces() -> None:
    page = (OWN / "zce.html").read_text(encoding="utf-8")
    decomposed = clean_html(unicodedata.normalize("NFD", page).replace("9 tổ", "9\u00a0tổ"))
    assert decomposed.title == "Rừng ngập mặn trở lại"
    assert unicodedata.is_normalized("NFC", decomposed.text)


@pytest.mark.parametrize(
    "page", [b"", b"<", b"\xff\xfe", b"<html></html>", b"\x00\x01<p>a", b"<!-- " * 50, b"<div>" * 3000]
)
def test_any_bytes_give_an_article_value(page: bytes) -> None:
    assert clean_html(page).not_article is not None
