"""All that the pages say, in Vietnamese, in one place; and how they write days and numbers."""

from __future__ import annotations

from collections.abc import Sequence

WORDS = {
    "name": "Báo Tỉnh",
    "about": "Số liệu từ báo chí địa phương, mỗi con số kèm câu văn và trang báo",
    "search": "Tìm kiếm",
    "box": "Từ khóa",
    "hint": "Gõ có dấu hoặc không dấu. “…” là cụm từ, * là đầu từ, dấu trừ là loại ra.",
    "go": "Tìm",
    "clear": "Xóa điều kiện",
    "any": "tất cả",
    "nothing": "Không tìm thấy dữ kiện nào. Hãy thử ít từ hơn, bỏ bớt điều kiện, hoặc gõ không dấu.",
    "in article": "Không câu nào có đủ các từ; đây là dữ kiện trong những bài có đủ các từ ấy.",
    "found": "dữ kiện",
    "at least": "ít nhất",
    "results": "Kết quả",
    "before": "← Trang trước",
    "after": "Trang sau →",
    "paper": "Đọc trên trang báo",
    "article": "Bài viết",
    "facts": "Dữ kiện trong bài",
    "by": "Tác giả",
    "origin": "Nguồn",
    "copy": "Bài này đăng lại một bài đã có.",
    "no page": "Không có trang này.",
    "no article": "Không có bài viết này.",
    "bad day": "Ngày phải có dạng năm-tháng-ngày, ví dụ 2022-01-18.",
    "bad number": "Giá trị phải là một con số, ví dụ 1.000.000.000.",
    "bad kind": "Loại dữ kiện không có.",
    "skip": "Đến nội dung chính",
}
KINDS = {"count": "Số đếm", "money": "Số tiền", "place": "Địa danh", "date": "Thời gian"}
STATES = {"open": "chưa duyệt", "accept": "đã duyệt", "correct": "đã sửa", "reject": "đã loại"}
FILTERS = {
    "kind": "Loại",
    "place": "Địa phương",
    "since": "Đăng từ ngày",
    "until": "đến ngày",
    "min": "Giá trị từ",
    "max": "đến",
    "sort": "Sắp xếp",
}


def days(pair: Sequence[str | None] | None) -> str:
    """A day or a period as Vietnamese readers write it: 18/01/2022, năm 2021, 01/10/2022 – 30/09/2023."""
    if not pair or pair == (None, None):
        return ""
    first, last = pair
    if first and last and first[:4] == last[:4] and first[4:] == "-01-01" and last[4:] == "-12-31":
        return f"năm {first[:4]}"
    if first == last:
        return _day(first)
    if first is None:
        return f"đến {_day(last)}"
    return f"{_day(first)} – {_day(last)}" if last else f"từ {_day(first)}"


def number(value: float | None) -> str:
    """A number with Vietnamese separators: 40.400.000.000 or 40,5."""
    return f"{value:,}".translate(str.maketrans(",.", ".,")) if value is not None else ""


def _day(day: str | None) -> str:
    return "/".join(reversed(day.split("-"))) if day else ""
