"""Measure: what is counted, as a term of measures.tsv read from the noun and the words behind it."""

from __future__ import annotations

import re
from functools import cache

from extract.facts import CountFact, MoneyFact
from extract.observations.cues import alternation, lowered, rows
from extract.observations.layout import Figure, Layout, Sentence
from extract.text import fold

QUOTES = re.compile(r"[“”\"‘’'«»]|mẫu |, (?=điển hình)")
MONEY_TERMS_FROM = "quy_vi_nguoi_ngheo"  # from this row on, measures.tsv names sums of money
WORD = re.compile(r"\w+")
BEHIND = 60  # characters read behind a count's noun
AROUND = 80  # characters read on either side of a sum of money


@cache
def _terms() -> tuple[dict[str, str], dict[str, str]]:
    """Phrase → term, for counts and for money."""
    counts: dict[str, str] = {}
    money: dict[str, str] = {}
    table = counts
    for term, _, _, phrases in rows("measures.tsv"):
        table = money if term == MONEY_TERMS_FROM else table
        table |= {lowered(phrase): term for phrase in phrases.split(" | ")}
    return counts, money


@cache
def _money_pattern() -> re.Pattern[str]:
    return alternation([phrase for phrase in _terms()[1] if phrase != "đồng"])


def find_measure(layout: Layout, sentence: Sentence, figure: Figure) -> str:
    """The term of a figure; for a noun that measures.tsv does not know, the noun itself folded ("bo_dam")."""
    if isinstance(figure, CountFact):
        return _count_measure(layout, sentence, figure)
    low = layout.low
    sums = [other.end for other in sentence.figures if isinstance(other, MoneyFact) and other.end <= figure.start]
    start = max(layout.clause_start(figure.start, sentence.start), figure.start - AROUND, *sums)
    stop = min(layout.clause_end(figure.end, sentence.end), sentence.after(figure), figure.end + AROUND)
    if sentence.after(figure) < layout.clause_end(figure.end, sentence.end) and "," in low[figure.end : stop]:
        stop = low.rfind(",", figure.end, stop)
    terms, pattern = _terms()[1], _money_pattern()
    before = [match.group() for match in pattern.finditer(QUOTES.sub("", low[start : figure.start]))]
    behind = pattern.search(QUOTES.sub("", low[figure.end : stop]))
    if before:
        return terms[before[-1]]
    return terms[behind.group()] if behind else "so_tien"


def _count_measure(layout: Layout, sentence: Sentence, figure: CountFact) -> str:
    terms = _terms()[0]
    unit = lowered(figure.unit)
    behind = QUOTES.sub("", layout.low[figure.end : min(figure.end + BEHIND, sentence.end)])
    words = f"{unit}{behind}"
    phrase, best = "", terms.get(unit, "")
    for match in WORD.finditer(words):
        phrase = words[: match.end()]
        best = terms.get(phrase, best)
    if figure.model:
        if best in {"mo_hinh", "tap_the", "nguoi", ""} and "dân vận khéo" in layout.low[sentence.start : sentence.end]:
            return "mo_hinh_dan_van_kheo"
        best = {"tap_the": "dien_hinh_tap_the", "nguoi": "dien_hinh_ca_nhan"}.get(best, best)
    return best or "_".join(WORD.findall(fold(unit)))
