"""Daily bulletins (prices, weather, power cuts): what fills menus and sidebars of a paper and is off every topic.

Real papers make such items from a form each day; so are these, from a seeded table, and no one's prose is imitated.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from crawler.replica.articles import LOCAL, ReplicaArticle, addressed
from crawler.replica.papers import Paper

FIRST = datetime(2025, 9, 1, 6, 0, tzinfo=LOCAL)


def bulletins(paper: Paper, count: int) -> list[ReplicaArticle]:
    """`count` bulletins of the paper, one a day from 1 September 2025, the same at every call.

    They go round the sections, so that older articles stand on a listing's second page.
    """
    chance = random.Random(paper.id)
    return [addressed(_bulletin(paper, number, chance), paper) for number in range(count)]


def _bulletin(paper: Paper, number: int, chance: random.Random) -> ReplicaArticle:
    day = FIRST + timedelta(days=number, minutes=chance.randrange(90))
    place = paper.province or "cả nước"
    title, lead, lines = (_pork, _weather, _power, _gold)[number % 4](day, place, chance)
    return ReplicaArticle(
        id=f"bulletin-{number:03d}",
        site=paper.id,
        title=title,
        lead=lead,
        blocks=tuple(("paragraph", line) for line in lines),
        published=day,
        section=paper.sections[number // 4 % len(paper.sections)][0],
        province=paper.province,
        topic=False,
    )


def _pork(day: datetime, place: str, chance: random.Random) -> tuple[str, str, list[str]]:
    low = chance.randrange(58, 66)
    title = f"Giá heo hơi ngày {day.day}/{day.month}/{day.year} tại {place}"
    lines = [f"{kind}: {low + step}.000 đồng/kg." for kind, step in (("Loại 1", 4), ("Loại 2", 2), ("Heo nái", 0))]
    return title, "Bảng giá tham khảo do các thương lái báo về sáng nay.", lines


def _weather(day: datetime, place: str, chance: random.Random) -> tuple[str, str, list[str]]:
    low = chance.randrange(22, 26)
    title = f"Thời tiết {place} ngày {day.day}-{day.month}-{day.year}"
    sky = chance.choice(["Nhiều mây, chiều có mưa rào", "Trời nắng, ít mây", "Có mưa vài nơi, gió nhẹ"])
    return title, f"{sky}.", [f"Nhiệt độ thấp nhất {low} độ C.", f"Nhiệt độ cao nhất {low + 8} độ C."]


def _power(day: datetime, place: str, chance: random.Random) -> tuple[str, str, list[str]]:
    title = f"Lịch tạm ngừng cấp điện {place} ngày {day.day}.{day.month}.{day.year}"
    start = chance.randrange(6, 9)
    lines = [f"Tuyến {chance.randrange(471, 489)}: từ {start} giờ đến {start + 5} giờ, bảo dưỡng lưới."]
    return title, "Điện lực mong khách hàng thông cảm và chủ động sắp xếp công việc.", lines


def _gold(day: datetime, place: str, chance: random.Random) -> tuple[str, str, list[str]]:
    buy = chance.randrange(120, 140)
    title = f"Giá vàng trong nước ngày {day.day}/{day.month}/{day.year}"
    return title, "Giá niêm yết lúc mở cửa.", [f"Vàng miếng: mua {buy},5, bán {buy + 2},5 (triệu đồng/lượng)."]
