"""Words of order ("tháng trước", "năm sau") that lean on the date named before them in the sentence, not on the paper.

"CPI tháng 5/2024 tăng so với tháng trước" compares with April, whenever it is printed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extract.dates.point import step
from extract.dates.vocabulary import VOCABULARY
from extract.facts import DateFact

ORDER = ("trước", "sau", "tiếp theo")
SENTENCE_END = re.compile(r"[.!?…]\s|\n")
LONGEST = {"month": 31, "quarter": 92, "year": 366}  # days of the longest one


def anchored(plain: str, fact: DateFact, before: DateFact | None) -> DateFact:
    """The fact moved to stand beside `before`, where its words say order and `before` is of its size or smaller."""
    phrase = " ".join(plain[fact.start : fact.end].split())
    if fact.rule != "deictic" or not phrase.endswith(ORDER) or not before or not before.first or not before.last:
        return fact
    unit, steps = VOCABULARY["deictic"][phrase].split()
    days = (before.last - before.first).days + 1
    fits = days <= LONGEST.get(unit, 0) and (unit == "year" or days > LONGEST["month"] - 4)
    if not fits or before.first.year != before.last.year or SENTENCE_END.search(plain, before.end, fact.start):
        return fact
    moment = step(before.first, unit, int(steps))
    return replace(fact, first=moment.first, last=moment.last, edtf=moment.edtf) if moment else fact
