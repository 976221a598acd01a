import json
from pathlib import Path

import pytest

from extract.article import clean_text

SHARED = Path(__file__).parents[2] / "shared"
SEEDS = SHARED / "seeds"

LEAD = "Nhờ góp công và góp đất, xã Vĩnh Thuận đã mở xong 3 tuyến đường dân sinh trước mùa mưa năm nay."
BODY = [
    "Tuyến dài nhất nối ấp Tư với chợ xã, mặt đường rộng 3 m, tổng kinh phí 2,4 tỷ đồng do dân và xã cùng lo.",
    "Nhiều hộ dời hàng rào, chặt bỏ vườn cây đang cho trái để con đường được thẳng hơn và xe chở lúa vào tận ruộng.",
]
TITLE = "Góp đất mở đường ở Vĩnh Thuận"


def page(*lines: str) -> str:
    return "\n\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        page(TITLE, "05/06/2023 - 07:40", LEAD, "A A", *BODY, "HOÀI THU"),
        page("Tiếng Việt | English", "05/06/2023 - 07:40", TITLE, LEAD, *BODY, "Hoài Thu", "Chia sẻ bài viết"),
        page("Thứ Hai, 05/06/2023 7h40", TITLE, f" - {LEAD}", *BODY, "Bài và ảnh: Hoài Thu", "Gửi cho bạn bè"),
        page(
            TITLE, "05/06/2023 7:40 SA", LEAD, *BODY, "HOÀI THU", "Phó trưởng ban của huyện", "Xem nhiều nhất"
        ).replace("\n", "\r\n"),
    ],
)
def test_the_looks_of_a_copied_page_give_one_article(text: str) -> None:
    article = clean_text(text)
    assert (article.title, article.lead, article.body.split("\n")) == (TITLE, LEAD, BODY)
    assert (article.authors, article.origin) == (("Hoài Thu",), None)
    assert article.published == "2023-06-05T07:40:00+07:00"
    assert article.not_article is None


def test_a_month_only_and_a_title_on_one_line() -> None:
    article = clean_text(page(f" date 2022-02 {TITLE}", LEAD, *BODY, "(baodongxa.com.vn)"))
    assert (article.title, article.published, article.precision) == (TITLE, "2022-02", "month")
    assert article.origin == "baodongxa.com.vn"


def test_a_title_glued_to_the_lead_is_cut_off() -> None:
    article = clean_text(f"Thứ Hai, 5/6/2023\n{TITLE}{LEAD} {BODY[0]}\n\n{BODY[1]}\n")
    assert article.title == TITLE
    assert article.lead.startswith(LEAD)


def test_a_caption_under_the_title_stands_apart() -> None:
    article = clean_text(page(TITLE, "Người dân ấp Tư san mặt đường mới", LEAD, *BODY))
    assert article.captions == ("Người dân ấp Tư san mặt đường mới",)
    assert article.lead == LEAD


def test_nbsp_stays_and_invisible_letters_go() -> None:
    article = clean_text(page(TITLE, LEAD, BODY[0].replace("2,4 tỷ", "2,4\u00a0tỷ\u200b"), BODY[1]))
    assert "2,4\u00a0tỷ đồng" in article.body


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "too short"),
        (page(TITLE, "05/06/2023"), "too short"),
        (
            page(
                "New roads open", *["The road was opened before the rainy season and people were pleased with it."] * 4
            ),
            "foreign edition",
        ),
    ],
)
def test_what_is_no_article_is_said_to_be_none(text: str, reason: str) -> None:
    assert clean_text(text).not_article == reason


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds (../shared/seeds) are not on this machine")
def test_the_seeds_give_every_clean_field() -> None:
    with (SHARED / "gold" / "dev.jsonl").open(encoding="utf-8") as file:
        wanted = [row["clean"] for line in file if "clean" in (row := json.loads(line))]
    files = sorted(SEEDS.glob("*.txt"))
    assert len(wanted) == len(files) == 5
    for path, want in zip(files, wanted, strict=True):
        article = clean_text(path.read_text(encoding="utf-8"))
        assert article.title == want["title"]
        author = want["author"]
        assert [name.casefold() for name in article.authors] == ([author.casefold()] if author else [])
        assert article.origin == want["origin"]
        assert want["published"].startswith((article.published or "")[:10])
        assert (article.precision == "month") == (want.get("published_precision") == "month")
        assert [line for line in want["boilerplate"] + want["metadata"] if line in article.text.split("\n")] == []
