import pytest
from lxml import html

from extract.article import clean_html
from extract.cleaning.fallback import read_unmarked

ONE = "Từ đầu tháng, đội xe ôm của thị trấn nhận chở miễn phí các cụ già đi khám bệnh định kỳ ở trạm y tế xã."
TWO = "Mỗi tuần hai buổi, mười sáu chiếc xe chia nhau bốn tuyến, sáng đưa đi, trưa đón về tận ngõ từng nhà."
THREE = "Tiền xăng do quỹ của đội lo, phần còn thiếu được mấy tiệm tạp hóa quanh chợ góp thêm mỗi người một ít."
REMARK = "Nghe mà thương quá, giá mà khu phố tôi cũng có đội xe như thế này thì các cụ đỡ phải nhờ con cháu."
HEADLINES = "".join(f"<li><a href='/{n}'>Bản tin số {n} về phong trào làm đường ở xã</a></li>" for n in range(10))
AROUND = f"<div class='comments'><p>{REMARK}</p><p>{REMARK}</p></div><div><h3>Đọc nhiều</h3><ul>{HEADLINES}</ul></div>"
MENU = "<ul><li><a href='/s'>Xã hội</a></li></ul>"
PAGE = f"<html><head><title>Đội xe không đồng</title></head><body>{MENU}{{}}{{}}</body></html>"
CARD = "<div class='k'><h3><a href='/k'>Thêm một đội xe chở người già đi khám bệnh</a></h3><p>21/11/2026 8:15</p></div>"


@pytest.mark.parametrize(
    "body",
    [
        f"<ul class='x'><li>{ONE}</li><li>{TWO}</li><li>{THREE}</li></ul>",
        f"<dl><dd>{ONE}</dd><dd>{TWO}</dd><dd>{THREE}</dd></dl>",
        f"<app-body><app-line>{ONE}</app-line><app-line>{TWO}</app-line><app-line>{THREE}</app-line></app-body>",
        f"<div><font>{ONE}</font><br><font>{TWO}</font><br><font>{THREE}</font></div>",
        f"<center>{ONE}<br><br>{TWO}<br><br>{THREE}</center>",
        f"<main>{ONE}<br><br>{TWO}<br><br>{THREE}</main>",
        f"{ONE}<br><br>{TWO}<br><br>{THREE}",
        f"<aside><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></aside>",
        "".join(f"<section><div><div><p>{line}</p></div></div></section>" for line in (ONE, TWO, THREE)),
    ],
)
def test_a_body_in_odd_tags_is_read_whole_and_alone(body: str) -> None:
    article = clean_html(PAGE.format("<h1>Đội xe không đồng</h1>" + body, AROUND))
    assert article.body.split("\n") == [ONE, TWO, THREE]
    assert (article.title, article.not_article) == ("Đội xe không đồng", None)


def test_links_alone_are_no_text() -> None:
    assert read_unmarked(html.document_fromstring(PAGE.format("", f"<ul>{HEADLINES}</ul>"))) is None
    assert clean_html(PAGE.format("<h1>Xã hội</h1>", f"<ul>{HEADLINES}</ul>")).not_article == "listing"


@pytest.mark.parametrize(
    "around",
    [
        "<div class='header__top'><span>Thứ Bảy, 21-11-2026</span></div>{}",
        "<header><p>21/11/2026 08:15</p></header>{}",
        f"{{}}{CARD}",
    ],
)
def test_a_clock_or_a_neighbours_date_is_not_the_articles(around: str) -> None:
    body = f"<h1>Đội xe không đồng</h1><div class='c'><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div>"
    assert clean_html(PAGE.format(around.format(body), "")).published is None
