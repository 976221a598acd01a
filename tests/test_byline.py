import pytest

from extract.cleaning.blocks import Block
from extract.cleaning.byline import as_name, is_name, read_credit, take_credits


@pytest.mark.parametrize(
    ("line", "authors", "origin"),
    [
        ("Hoài Thu", ["Hoài Thu"], None),
        ("HOÀI THU", ["Hoài Thu"], None),
        ("Hoài Thu - Quốc Thái", ["Hoài Thu", "Quốc Thái"], None),
        ("HOÀI THU, QUỐC THÁI", ["Hoài Thu", "Quốc Thái"], None),
        ("Hoài Thu và Quốc Thái", ["Hoài Thu", "Quốc Thái"], None),
        ("Bài và ảnh: Hoài Thu", ["Hoài Thu"], None),
        ("Bài, ảnh: HOÀI THU", ["Hoài Thu"], None),
        ("Tin, ảnh: H.Thu", ["H.Thu"], None),
        ("Tin: Hoài Thu - Ảnh: Quốc Thái", ["Hoài Thu"], None),
        ("Bài: Hoài Thu; Ảnh: Quốc Thái, Cẩm Vân", ["Hoài Thu"], None),
        ("Hoài Thu - Ảnh: Quốc Thái", ["Hoài Thu"], None),
        ("Thực hiện: Hoài Thu; Đồ họa: Cẩm Vân", ["Hoài Thu"], None),
        ("Hoài Thu (tổng hợp)", ["Hoài Thu"], None),
        ("Hoài Thu (Theo Reuters, AFP)", ["Hoài Thu"], "Reuters, AFP"),
        ("Hoài Thu/TTXVN", ["Hoài Thu"], "TTXVN"),
        ("Hoài Thu/XYZ-Tây Bắc", ["Hoài Thu"], None),
        ("Hoài Thu/XYZ - Quốc Thái", ["Hoài Thu", "Quốc Thái"], None),
        ("Tin, ảnh: Hoài Thu - Văn phòng Huyện ủy", ["Hoài Thu"], None),
        ("Tác giả bài viết: Hoài Thu", ["Hoài Thu"], None),
        ("Hoài Thu (TTXVN)", ["Hoài Thu"], "TTXVN"),
        ("Theo Hoài Thu", ["Hoài Thu"], None),
        ("Theo TTXVN", [], "TTXVN"),
        ("(Theo TTXVN)", [], "TTXVN"),
        ("Theo Báo Đồng Xa", [], "Báo Đồng Xa"),
        ("Nguồn: Nhịp sống thị trường", [], "Nhịp sống thị trường"),
        ("(baodongxa.com.vn)", [], "baodongxa.com.vn"),
        ("Hoài Thu thực hiện", ["Hoài Thu"], None),
        ("HOÀI THU ghi", ["Hoài Thu"], None),
        ("Theo HOÀI THU (TTXVN)", ["Hoài Thu"], "TTXVN"),
        ("Hoài Thu, Quốc Thái/Báo Đồng Xa", ["Hoài Thu", "Quốc Thái"], "Báo Đồng Xa"),
        ("(baodongxa.example)", [], "baodongxa.example"),
        ("Ảnh: Quốc Thái", [], None),
    ],
)
def test_a_credit_line_is_read(line: str, authors: list[str], origin: str | None) -> None:
    credit = read_credit(line)
    assert credit.known
    assert (list(credit.authors), credit.origin) == (authors, origin)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Theo đó, mỗi hộ được vay 50 triệu đồng.",
        "Theo kế hoạch năm nay",
        "Ban Dân vận Tỉnh ủy",
        "Công an huyện",
        "longantv",
        "admin",
        "Nguồn vốn vay ưu đãi được giải ngân đúng hạn",
        "Tổng kinh phí: 3 tỷ đồng",
        "Xã Vĩnh Thuận: 12 mô hình",
        "Tin vui: Cầu đã xong",
    ],
)
def test_a_line_of_text_is_no_credit(line: str) -> None:
    assert not read_credit(line).known


@pytest.mark.parametrize(
    ("written", "name"), [("TRẦN A NHẤT", "Trần A Nhất"), ("P.V", "P.V"), ("Minh Anh", "Minh Anh"), ("PV", "PV")]
)
def test_capitals_become_a_name_and_initials_stay(written: str, name: str) -> None:
    assert as_name(written) == name


@pytest.mark.parametrize("text", ["Dân Trí", "Báo Đồng Xa", "VnExpress", "Sở Y tế", "nguyễn văn", "Anh 2"])
def test_outlets_offices_and_logins_are_no_names(text: str) -> None:
    assert not is_name(text)


PROSE = Block("Đoạn văn cuối cùng của bài viết này khép lại bằng một dấu chấm như mọi đoạn văn khác.")


def test_the_line_of_office_goes_with_the_name_before_it() -> None:
    tail = [
        Block("LÊ MAI"),
        Block("Trưởng Ban biên soạn của tỉnh"),
        Block("(baodongxa.com.vn)"),
        Block("Gửi cho bạn bè"),
    ]
    rest, credit = take_credits([PROSE, *tail])
    assert rest == [PROSE]
    assert (credit.authors, credit.origin) == (("Lê Mai",), "baodongxa.com.vn")


@pytest.mark.parametrize(
    "last",
    [Block("- Sửa 12 căn nhà"), Block("Xã Đông", item=True), Block("Mọi việc còn ở phía trước"), Block("40,4 tỷ đồng")],
)
def test_a_last_line_that_credits_nobody_stays(last: Block) -> None:
    rest, credit = take_credits([PROSE, last])
    assert rest == [PROSE, last]
    assert not credit.known
