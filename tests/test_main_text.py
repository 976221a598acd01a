import json
from html import escape

import pytest

from extract.article import Article, clean_html

ONE = "Sáng thứ bảy, hơn một trăm hội viên của ba chi hội ra quân trồng hoa dọc con đường dẫn vào nhà văn hóa xã."
TWO = "Mỗi nhà nhận chăm một đoạn, ai đi làm xa thì gửi tiền mua cây, nên chỉ hai tuần sau đường đã rợp sắc vàng."
THREE = "Xã dự tính nhân rộng cách làm này ra cả chín ấp, mỗi ấp chọn một loài hoa riêng để dễ chăm và dễ nhớ."
LEAD = "Từ chỗ đầy cỏ dại, con đường vào xã nay thành điểm dừng chân của khách qua lại nhờ tay các hội viên."
OTHER = "<a href='/1'>Thêm một tuyến đường hoa ở xã bên</a>"
CARD = "<div class='k'><h3><a href='/{0}'>Thêm một tuyến đường hoa ở xã số {0}</a></h3><p>{1}</p></div>"
OWN_WORDS = "<p><i>* Hãy vào chuyên mục Đời sống để đọc thêm.</i></p>"
HIDDEN = f"<p style='display: none'>{LEAD}</p>"
PROSE = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"


def article(inner: str, head: str = "", title: str = "<h1>Đường hoa của chi hội</h1>") -> Article:
    page = f"<html><head><title>Đường hoa của chi hội</title>{head}</head><body>{title}{inner}</body></html>"
    return clean_html(page)


@pytest.mark.parametrize(
    "inner",
    [
        f'<div class="detail-content">{PROSE}</div>',
        # Paragraphs as div, as lines between breaks, in sections, and in one cell of a layout table.
        f"<div id='text'><div>{ONE}</div><div>{TWO}</div><div>{THREE}</div></div>",
        f"<div id='text'>{ONE}<br><br>{TWO}<br>{THREE}</div>",
        f"<main><section><p>{ONE}</p></section><section><p>{TWO}</p></section><section><p>{THREE}</p></section></main>",
        f"<table><tr><td class='left'>Chuyên mục</td><td>{PROSE}</td></tr></table>",
        f"<div id='text'><p><span><span>{ONE}</span></span></p><p><font>{TWO}</font></p><p>{THREE}</p></div>",
        # Boxes of other articles inside and after the text, with and without telling names.
        f"<div class='c'><p>{ONE}</p><div class='x1'>{OTHER}</div><p>{TWO}</p><p>{THREE}</p></div>",
        f"<div class='c'>{PROSE}<p><b>Tin liên quan:</b></p><ul><li>{OTHER}</li></ul></div>",
        f"<div class='c'>{PROSE}<p>&gt;&gt; Xem thêm: {OTHER}</p></div>",
        f"<div class='d'><div class='c'>{PROSE}</div>{''.join(CARD.format(n, LEAD) for n in range(4))}</div>",
        # The paper's own words after a byline, and comments.
        f"<div class='c'>{PROSE}<p style='text-align:right'><b>HOÀI THU</b></p>{OWN_WORDS}</div>",
        f"<div class='c'>{PROSE}</div><div class='comments'><p>{LEAD}</p><p>{LEAD}</p><p>{LEAD}</p><p>{LEAD}</p></div>",
        # A hidden copy for telephones, scripts inside a paragraph, an empty paragraph.
        f"<div class='c'>{HIDDEN}<p>{ONE}<script>x()</script></p><p>&nbsp;</p><p>{TWO}</p><p>{THREE}</p></div>",
        f"<form action='/'><div class='c'>{PROSE}</div></form>",
        f"<div class='c sidebar-1'>{PROSE}</div>",
    ],
)  # fmt: skip
def test_the_text_is_its_paragraphs_and_nothing_else(inner: str) -> None:
    assert article(inner).body.split("\n") == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src='a'><figcaption>Đường hoa từ trên cao. Ảnh: Hoài Thu</figcaption></figure>",
        "<table><tr><td><img src='a'></td></tr><tr><td><p>Đường hoa từ trên cao. Ảnh: Hoài Thu</p></td></tr></table>",
        "<p><img src='a'></p><p><em>Đường hoa từ trên cao. Ảnh: Hoài Thu</em></p>",
        "<p align='center'><img src='a'></p><p align='center'>Đường hoa từ trên cao. Ảnh: Hoài Thu</p>",
        "<p><img src='a'></p><p>Đường hoa từ trên cao. Ảnh: Hoài Thu</p>",
        "<p><img src='a'><br>Đường hoa từ trên cao. Ảnh: Hoài Thu</p>",
        "<div class='photo'><img src='a'><div>Đường hoa từ trên cao. Ảnh: Hoài Thu</div></div>",
        "<div><img src='a'></div><div class='image-caption'>Đường hoa từ trên cao. Ảnh: Hoài Thu</div>",
    ],
)
def test_a_caption_stands_apart_whatever_its_markup(picture: str) -> None:
    cleaned = article(f"<div class='c'><p>{ONE}</p>{picture}<p>{TWO}</p><p>{THREE}</p></div>")
    assert cleaned.captions == ("Đường hoa từ trên cao. Ảnh: Hoài Thu",)
    assert cleaned.body.split("\n") == [ONE, TWO, THREE]


def test_a_paragraph_beside_a_small_picture_stays_text() -> None:
    long = f"{ONE} {TWO}"
    cleaned = article(f"<div class='c'><p><img src='a'>{long}</p><p>{TWO}</p><p>{THREE}</p></div>")
    assert cleaned.body.split("\n") == [long, TWO, THREE]


def test_the_caption_of_a_cover_picture_is_kept() -> None:
    cover = "<div><figure><img src='a'><figcaption>Con đường trước ngày trồng hoa</figcaption></figure></div>"
    cleaned = article(f"{cover}<div class='c'>{PROSE}</div>")
    assert cleaned.captions == ("Con đường trước ngày trồng hoa",)
    assert cleaned.lead == ""


@pytest.mark.parametrize(
    "lead",
    [
        f"<p class='sapo'>{LEAD}</p>",
        f"<h2>{LEAD}</h2>",
        f"<div class='article-summary'><p>{LEAD}</p></div>",
        f"<div class='x'>{LEAD}</div>",
        f"<div class='chappeau'>{LEAD}<ul><li>{OTHER}</li></ul></div>",
    ],
)
def test_a_lead_between_title_and_text(lead: str) -> None:
    cleaned = article(f"{lead}<div class='c'>{PROSE}</div>")
    assert (cleaned.lead, cleaned.body.split("\n")) == (LEAD, [ONE, TWO, THREE])


@pytest.mark.parametrize(
    "lead",
    [
        f"<p><strong>{LEAD}</strong></p>",
        f"<h2>{LEAD}</h2>",
        f"<p class='lead'>{LEAD}</p>",
        f"<div class='sapo'>{LEAD}</div><p><b>{LEAD}</b></p>",
        f"<div class='font-bold text-lg'>{LEAD}</div>",
    ],
)
def test_a_lead_inside_the_body(lead: str) -> None:
    cleaned = article(f"<div class='c'>{lead}{PROSE}</div>")
    assert (cleaned.lead, cleaned.body.split("\n")) == (LEAD, [ONE, TWO, THREE])


def test_a_quotation_of_the_lead_further_down_stays() -> None:
    cleaned = article(
        f"<p class='sapo'>{LEAD}</p><div class='c'><p>{ONE}</p><p>{TWO}</p><p>{LEAD}</p><p>{THREE}</p></div>"
    )
    assert cleaned.body.split("\n") == [ONE, TWO, LEAD, THREE]


@pytest.mark.parametrize(
    ("head", "title", "wanted"),
    [
        ("", "<h1>Tin nóng hôm nay</h1><h1>Đường hoa của chi hội</h1>", "Đường hoa của chi hội"),
        ("", "<div class='news-title'>Đường hoa của chi hội</div>", "Đường hoa của chi hội"),
        ("<meta property='og:title' content='Đường hoa của chi hội - Báo Thử'>", "", "Đường hoa của chi hội"),
        (
            "<meta property='og:title' content='Tám điều về hoa'>",
            "<h1>Đường hoa của chi hội</h1>",
            "Đường hoa của chi hội",
        ),
        ("", "<h1>Đường hoa <br>của chi hội</h1>", "Đường hoa của chi hội"),
        ("", "<h1>Báo Thử</h1><span id='lblTitle'>Đường hoa của chi hội</span>", "Đường hoa của chi hội"),
        ("<meta property='og:title' content='Xã Đông - Đường hoa của chi hội'>", "", "Xã Đông - Đường hoa của chi hội"),
    ],
)
def test_the_title_is_the_heading_that_the_head_knows(head: str, title: str, wanted: str) -> None:
    assert article(f"<div class='c'>{PROSE}</div><aside><h1>Đọc nhiều</h1></aside>", head, title).title == wanted


@pytest.mark.parametrize(
    ("around", "authors", "origin"),
    [
        ("<span class='author'>Hoài Thu</span>{}", ("Hoài Thu",), None),
        ("<a href='/tac-gia/hoai-thu-12.html'>Hoài Thu</a>{}", ("Hoài Thu",), None),
        ("<p>Hoài Thu - 05/06/2024 07:40</p>{}", ("Hoài Thu",), None),
        ("{}<div class='author'>Theo Hoài Thu</div><div class='source'>Tiền Phong</div>", ("Hoài Thu",), "Tiền Phong"),
        ("{}<p class='author'>Bài và ảnh: HOÀI THU</p>", ("Hoài Thu",), None),
        ("{}<div class='comment'><span class='author'>Bạn Đọc Hiền</span></div>", (), None),
        ("{}<p class='source'>Nguồn: Internet</p>", (), "Internet"),
        ("<p><a class='author'>Hoài Thu</a><a class='author'>Quốc Thái</a></p>{}", ("Hoài Thu", "Quốc Thái"), None),
        ("<p class='authors'><b class='author'>Hoài Thu</b> <i>Email</i></p>{}", ("Hoài Thu",), None),
        ("<div class='author'><a>Hoài Thu</a> <a>Theo dõi tôi</a></div>{}", ("Hoài Thu",), None),
        ("<div class='relative'><span class='author'>Hoài Thu</span></div>{}", ("Hoài Thu",), None),
        ("<article>{}<footer><p class='author'>Hoài Thu</p></footer></article>", ("Hoài Thu",), None),
        ("<div><span>Hoài Thu</span> <span>05/06/2024 07:40</span></div>{}", ("Hoài Thu",), None),
        ("<div><a href='/'><span>Tây Nguyên</span></a> <span>05/06/2024 07:40</span></div>{}", (), None),
        ("<span class='place'>Lào Cai</span>{}", (), None),
        ("{}<p class='end'>Nguồn: Thanh Niên</p>", (), "Thanh Niên"),
        ("{}<div><span>Bài và ảnh: Hoài Thu</span></div>", ("Hoài Thu",), None),
        ("<span class='author'>Báo Thử</span>{}", (), None),
        ("<span class='author'>admin</span>{}", (), None),
    ],
)
def test_bylines_around_the_text(around: str, authors: tuple[str, ...], origin: str | None) -> None:
    head = "<meta property='og:site_name' content='Báo Thử'>"
    cleaned = article(around.format(f"<div class='c'>{PROSE}</div>"), head)
    assert (cleaned.authors, cleaned.origin) == (authors, origin)
    assert cleaned.body.split("\n") == [ONE, TWO, THREE]


LINKED = """<script type="application/ld+json">
{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "HOÀI THU"}],}</script>"""


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ("<meta name='author' content='Hoài Thu'>", ("Hoài Thu",)),
        ("<meta name='author' content='VCCorp.vn'><meta property='article:author' content='Hoài Thu'>", ("Hoài Thu",)),
        ("<meta name='author' content='https://www.facebook.com/bao'>", ()),
        ("<meta name='author' content='longantv'>", ()),
        ("<meta name='author' content='Dân Trí'>", ()),
        (LINKED, ("Hoài Thu",)),
    ],
)  # fmt: skip
def test_an_author_of_the_head_counts_where_it_is_a_person(head: str, authors: tuple[str, ...]) -> None:
    assert article(f"<div class='c'>{PROSE}</div>", head).authors == authors


def test_an_origin_in_brackets_after_the_last_sentence_is_taken_off() -> None:
    cleaned = article(f"<div class='c'><p>{ONE}</p><p>{TWO}</p><p>{THREE} (TTXVN)</p></div>")
    assert (cleaned.origin, cleaned.body.split("\n")[-1]) == ("TTXVN", THREE)


@pytest.mark.parametrize(
    "literal", [json.dumps(PROSE), json.dumps(PROSE).replace("/", "\\/"), json.dumps(escape(PROSE))]
)
def test_a_body_that_a_script_writes_is_read(literal: str) -> None:
    cleaned = article(f"<div id='content'></div><script>var outputData = {literal};</script>")
    assert cleaned.body.split("\n") == [ONE, TWO, THREE]


def test_control_characters_do_no_harm() -> None:
    cleaned = article(f"<div class='c'>{PROSE}</div><script>x</script>\x02 \x0b<aside>\x00</aside>\ufffe")
    assert cleaned.body.split("\n") == [ONE, TWO, THREE]


def test_a_body_thousands_of_elements_deep_is_read() -> None:
    cleaned = article("<div>" * 1500 + PROSE + "</div>" * 1500)
    assert ONE in cleaned.body


ROW = "<li><a href='/{0}'>Thêm một tuyến đường hoa ở xã số {0}</a> <span class='time'>0{0}/03/2024 08:00</span></li>"


@pytest.mark.parametrize(
    "around",
    [
        "{}<div class='other'><ul>" + "".join(map(ROW.format, range(1, 6))) + "</ul></div>",
        "<ul class='tops'>" + "".join(map(ROW.format, range(1, 6))) + "</ul>{}",
        "<div class='today'>Thứ Hai, 4/3/2024</div>{}",
    ],
)
def test_a_date_of_a_list_or_of_the_visit_is_not_the_articles(around: str) -> None:
    assert article(around.format(f"<div class='c'>{PROSE}</div>")).published is None


@pytest.mark.parametrize("count", [5, 20])
def test_a_section_page_of_teasers_is_a_listing(count: int) -> None:
    cards = "".join(CARD.format(number, LEAD) for number in range(count))
    rows = "".join(map(ROW.format, range(1, 9)))
    assert article(f"<div class='list'>{cards}</div><ul>{rows}</ul>", title="<h1>Xã hội</h1>").not_article == "listing"


@pytest.mark.parametrize(
    "card",
    [
        f"<div><div>{OTHER}</div><p>{LEAD}</p></div>",
        f"<div><h3>{OTHER}{OTHER}</h3><p>{LEAD}</p></div>",
        "<p><a href='/1'>Thêm một tuyến đường hoa ở xã bên</a> ĐỌC NGAY</p>",
        "<p>Mời bạn xem thêm video:</p>",
        "<div>0:00 / 0:00 Nam miền Bắc Nữ miền Bắc Nam miền Nam</div>",
    ],
)
def test_a_card_or_a_players_voices_among_the_paragraphs_go(card: str) -> None:
    assert article(f"<div class='c'><p>{ONE}</p>{card}<p>{TWO}</p><p>{THREE}</p></div>").body.split("\n") == [
        ONE,
        TWO,
        THREE,
    ]


def test_a_paragraph_that_the_description_repeats_is_the_lead_where_it_is_marked_off() -> None:
    described = f"<meta property='og:description' content='{LEAD}'>"
    marked = article(f"<div class='c'><div class='x'>{LEAD}</div>{PROSE}</div>", described)
    assert (marked.lead, marked.body.split("\n")) == (LEAD, [ONE, TWO, THREE])
    plain = article(f"<div class='c'><p>{LEAD}</p>{PROSE}</div>", described)
    assert (plain.lead, plain.body.split("\n")) == ("", [LEAD, ONE, TWO, THREE])


def test_a_title_in_any_tag_is_known_by_the_heads() -> None:
    inner = f"<div class='k1'>Chủ nhật, 14/08/2016 | 3:07:25 PM</div><div class='c'>{PROSE}</div>"
    cleaned = article(inner, title="<span class='k0'>Đường hoa của chi hội</span>")
    assert (cleaned.title, cleaned.published) == ("Đường hoa của chi hội", "2016-08-14T15:07:00+07:00")
