"""Times the rules of dates, money and counts against trafilatura: under 0.2 of its time on pages as papers print them.

usage: python benchmarks/rules.py

Three lines: the replica's articles as their papers print them; the replica's articles of a paper put together to one of
5,000 characters on that paper's page, which trafilatura reads at its fastest (its fall-backs are for short texts); and
an invented article dense with figures on a page with next to nothing else.
All times are milliseconds of CPU for 5,000 characters of text, the best of several rounds of both in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import trafilatura

from crawler.replica import Press, ReplicaArticle, open_press
from crawler.replica.pages import article as page_of
from extract.counts import find_counts
from extract.dates import find_dates
from extract.money import find_money
from extract.numbers import find_numbers

LENGTH = 5000
ROUNDS = 7
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
Sample = tuple[str, date, bytes]  # an article's text, its day and its page


def rules(text: str, published: date) -> int:
    """How many facts of the three kinds the rules find in `text`."""
    numbers = find_numbers(text)
    dates = find_dates(text, published)
    money = find_money(text, numbers)
    return len(dates) + len(money) + len(find_counts(text, numbers, [fact.span for fact in (*dates, *money)]))


def text_of(article: ReplicaArticle) -> str:
    """The lead and the paragraphs, as cleaning gives them."""
    return "\n".join([article.lead, *article.paragraphs])


def printed(press: Press) -> list[Sample]:
    """Every article of the replica with its page."""
    return [
        (text_of(article), article.published.date(), press.rooms[article.site].respond(article.path).body)
        for article in press.articles
    ]


def long(press: Press) -> list[Sample]:
    """For each paper one article of `LENGTH` characters, made of all that the replica prints, on that paper's page."""
    blocks = [block for article in press.articles if not article.copy_of for block in article.blocks]
    made = []
    for turn, room in enumerate(press.rooms.values()):
        kept, size = [], 0
        for block in blocks[turn * 20 :] + blocks[: turn * 20]:
            kept.append(block)
            size += len(block[1]) + 1 if block[0] == "paragraph" else 0
            if size >= LENGTH:
                break
        article = replace(room.articles[0], blocks=tuple(kept))
        made.append((text_of(article), article.published.date(), page_of(room, article)))
    return made


def dense() -> list[Sample]:
    """The invented article on its small page."""
    paragraphs = [FIGURES if at % 3 == 0 else TALK for at in range(LENGTH // len(TALK) + 1)]
    text = "\n".join(paragraphs)[:LENGTH]
    body = "".join(f"<p class='text'>{paragraph}</p>" for paragraph in text.split("\n"))
    links = "".join(LINK.format(at) for at in range(200))
    menu = f"<nav><ul>{links}</ul></nav>"
    page = (
        f"<html><head><title>Dân vận</title></head><body>{menu}<div id='main'><article><h1>Dân vận</h1>{body}</article>"
        f"<aside><ul>{links}</ul></aside></div><footer>{menu}</footer></body></html>"
    )
    return [(text, PUBLISHED, page.encode())]


def spent(call: Callable[[], object]) -> float:
    """The seconds of CPU that one call takes."""
    start = time.process_time()
    call()
    return time.process_time() - start


def report(name: str, samples: list[Sample]) -> None:
    """Prints one line: both times for `LENGTH` characters and their ratio."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(spent(lambda: [rules(text, day) for text, day, _ in samples]))
        theirs.append(spent(lambda: [trafilatura.extract(page) for *_, page in samples]))
    characters = sum(len(text) for text, *_ in samples)
    scale = 1000 * LENGTH / characters
    kilobytes = sum(len(page) for *_, page in samples) / len(samples) / 1000
    print(
        f"{name:<28} {len(samples):>3} of {characters // len(samples):>5} characters on {kilobytes:>4.0f} KB: "
        f"rules {min(ours) * scale:5.2f} ms, trafilatura {min(theirs) * scale:6.2f} ms, "
        f"ratio {min(ours) / min(theirs):.3f}"
    )


def main() -> None:
    """Prints the three lines."""
    with open_press() as press:
        printed_samples, long_samples = printed(press), long(press)
    report("the replica's articles", printed_samples)
    report("5,000 characters on its pages", long_samples)
    report("dense, on a bare page", dense())


if __name__ == "__main__":
    main()
