"""Times the rules of dates, money and counts on one article against trafilatura on its page: the ratio stays under 0.2.

usage: python benchmarks/rules.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import trafilatura

from extract.counts import find_counts
from extract.dates import find_dates
from extract.money import find_money
from extract.numbers import find_numbers

LENGTH = 5000
ROUNDS = 30
PUBLISHED = date(2024, 7, 15)
# One paragraph in three holds figures, as in the provincial press.
FIGURES = (
    "Sáng 12/7, Ban Dân vận huyện họp đánh giá nửa năm làm việc. Từ đầu năm đến nay, các xã duy trì 1.236 mô hình, "
    "tăng 48 mô hình, giúp hơn 900 hộ có thêm việc làm. Người dân góp gần 3,6 tỷ đồng và hiến đất mở rộng lối đi. "
)
TALK = (
    "Cán bộ nghe bà con nói về chuyện học hành của trẻ nhỏ, về giá lúa, về con đường còn lầy lội mỗi mùa mưa. Việc gì "
    "khó thì bàn đi bàn lại cho thấu đáo, việc nào dễ thì làm ngay để mọi người tin tưởng và cùng nhau gánh vác. "
)
LINK = "<li class='item'><a href='/tin/{0}.html' title='Tin {0}'>Bài đọc thêm của chuyên mục {0}</a></li>"


def best(call: Callable[[], object]) -> float:
    """The least of `ROUNDS` times of `call`, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def rules(text: str) -> int:
    """How many facts of the three kinds the rules find in `text`."""
    numbers = find_numbers(text)
    dates = find_dates(text, PUBLISHED)
    money = find_money(text, numbers)
    return len(dates) + len(money) + len(find_counts(text, numbers, [fact.span for fact in (*dates, *money)]))


def main() -> None:
    """Prints both times in milliseconds and their ratio."""
    paragraphs = [FIGURES if at % 3 == 0 else TALK for at in range(LENGTH // len(TALK) + 1)]
    text = "\n".join(paragraphs)[:LENGTH]
    body = "".join(f"<p class='text'>{paragraph}</p>" for paragraph in text.split("\n"))
    links = "".join(LINK.format(at) for at in range(200))
    menu = f"<nav><ul>{links}</ul></nav>"
    page = (
        f"<html><head><title>Dân vận</title></head><body>{menu}<div id='main'><article><h1>Dân vận</h1>{body}</article>"
        f"<aside><ul>{links}</ul></aside></div><footer>{menu}</footer></body></html>"
    )
    ours, theirs = best(lambda: rules(text)), best(lambda: trafilatura.extract(page))
    print(f"rules {ours * 1000:.2f} ms, trafilatura {theirs * 1000:.2f} ms, ratio {ours / theirs:.3f}")


if __name__ == "__main__":
    main()
