"""Dates: the examples beside the rules, and what holds for every input."""

from __future__ import annotations

import calendar
import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dates import find_dates
from extract.dates.examples import NEGATIVE, POSITIVE, REFERENCE

SEASONS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12), 40: (1, 6), 41: (7, 12)}


def edtf_days(text: str) -> tuple[date, date | None]:
    """A second reader of the EDTF that the rules write: its first and last day."""
    if "/" in text:
        first, last = text.split("/")
        return edtf_days(first)[0], None if last == ".." else edtf_days(last)[1]
    if text.endswith("X"):
        return date(int(text[:-1]) * 10, 1, 1), date(int(text[:-1]) * 10 + 9, 12, 31)
    year, *rest = map(int, text.split("-"))
    if len(rest) == 2:
        return (day := date(year, *rest)), day
    first_month, last_month = (1, 12) if not rest else SEASONS.get(rest[0], (rest[0], rest[0]))
    return date(year, first_month, 1), date(year, last_month, calendar.monthrange(year, last_month)[1])


@pytest.mark.parametrize(("sentence", "dates"), POSITIVE, ids=[sentence for sentence, _ in POSITIVE])
def test_positive_example(sentence: str, dates: dict[str, str]) -> None:
    facts = find_dates(sentence, REFERENCE)
    assert {sentence[fact.start : fact.end]: fact.edtf for fact in facts} == dates
    assert len(facts) == len(dates)
    for fact in facts:
        assert (fact.first, fact.last) == edtf_days(fact.edtf)
        assert 0 < fact.confidence <= 1


@pytest.mark.parametrize("sentence", NEGATIVE)
def test_negative_example(sentence: str) -> None:
    assert [sentence[fact.start : fact.end] for fact in find_dates(sentence, REFERENCE)] == []


def test_enough_examples() -> None:
    assert len(POSITIVE) >= 160
    assert len(NEGATIVE) >= 60


days = st.dates(min_value=date(1000, 1, 1), max_value=date(2099, 12, 31))
FULL = ("{0.day}/{0.month}/{0.year}", "{0.day:02}-{0.month:02}-{0.year}", "ngày {0.day}.{0.month}.{0.year}",
        "ngày {0.day} tháng {0.month} năm {0.year}", "{0.day} tháng {0.month} năm {0.year}",
        "mồng {0.day} tháng {0.month} năm {0.year}", "{0.year}-{0.month:02}-{0.day:02}",
        "ngày {0.day}/{0.month} năm {0.year}", "từ ngày {0.day}/{0.month}/{0.year}")  # fmt: skip
SHORT = ("ngày {0.day}/{0.month}", "sáng {0.day}-{0.month}", "chiều {0.day}.{0.month}", "ngày {0.day} tháng {0.month}",
         "Thứ Hai, {0.day}/{0.month}")  # fmt: skip


@given(day=days, form=st.sampled_from(FULL), published=st.none() | st.dates())
def test_any_day_reads_back(day: date, form: str, published: date | None) -> None:
    (fact,) = find_dates(form.format(day), published)
    assert (fact.first, fact.last, fact.edtf) == (day, day, day.isoformat())


@given(published=days, steps=st.integers(-180, 180), form=st.sampled_from(SHORT))
def test_any_day_of_the_year_around_reads_back(published: date, steps: int, form: str) -> None:
    day = published + timedelta(days=steps)
    facts = find_dates(form.format(day), published)
    if (day.month, day.day) == (2, 29) or day.year > 2099:
        return
    assert [(fact.first, fact.last) for fact in facts] == [(day, day)]


@given(first=days, last=days, form=st.sampled_from(("từ ngày {} đến ngày {}", "từ {} - {}", "({} – {})")))
def test_any_period_reads_back(first: date, last: date, form: str) -> None:
    first, last = min(first, last), max(first, last)
    if first == last or last.year - first.year > 100:
        return
    ends = (f"{day.day}/{day.month}/{day.year}" for day in (first, last))
    facts = find_dates(form.format(*ends), None)
    assert [(fact.first, fact.last) for fact in facts] == [(first, last)]


@given(year=st.integers(1000, 2099), month=st.integers(1, 12),
       form=st.sampled_from(("tháng {1}/{0}", "tháng {1} năm {0}", "tháng {1:02}-{0}", "({1}/{0})")))  # fmt: skip
def test_any_month_reads_back(year: int, month: int, form: str) -> None:
    (fact,) = find_dates(form.format(year, month), None)
    assert (fact.first, fact.last) == edtf_days(f"{year}-{month:02}")


VOCABULARY = """ngày tháng năm quý từ đến nay và 1 12 31 2024 2025 / - . , ( ) đầu cuối sáng hôm qua tuần thứ hai năm
    mười mươi trăm nghìn i iv 1/5 13-14/8 giai đoạn nhiệm kỳ tới này % hộ"""
WORDS = st.sampled_from(VOCABULARY.split())


@given(text=st.text() | st.lists(WORDS, max_size=30).map(" ".join) | st.lists(WORDS, max_size=30).map("".join),
       published=st.none() | st.dates())  # fmt: skip
def test_no_input_raises_and_spans_hold(text: str, published: date | None) -> None:
    facts = find_dates(text, published)
    spans = [fact.span for fact in facts]
    assert spans == sorted(spans)
    assert all(a_end <= b_start for (_, a_end), (b_start, _) in pairwise(spans))
    for fact in facts:
        assert 0 <= fact.start < fact.end <= len(text)
        assert text[fact.start : fact.end].strip() == text[fact.start : fact.end]
        assert fact.first is not None
        assert fact.last is None or fact.first <= fact.last
        assert 0 < fact.confidence <= 1
        assert edtf_days(fact.edtf) == (fact.first, fact.last)


@pytest.mark.parametrize("unit", ["1", "năm ", "1/", "13-", "từ ", "tháng ", "(", " ", "giai đoạn "])
def test_a_megabyte_takes_less_than_two_seconds(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    start = time.process_time()
    find_dates(text, REFERENCE)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("unit", ["ngày 1, ", "2024 ", "1/1/2024 - ", "1 tháng ", "tháng 1, ", "quý i, ", "chiều 1 "])
def test_a_text_of_nothing_but_dates_takes_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    start = time.process_time()
    find_dates(text, REFERENCE)
    assert time.process_time() - start < 2


def test_odd_spaces_and_signs_keep_offsets() -> None:
    text = "🎉 İ Từ\u00a0ngày\u00a01/1 – 5/1/2023 và e\u0301 năm\u202f2020"
    assert [text[fact.start : fact.end] for fact in find_dates(text, None)] == [
        "Từ\u00a0ngày\u00a01/1 – 5/1/2023",
        "năm\u202f2020",
    ]


@pytest.mark.parametrize("text", ["sáng 28-10", "năm nay", "tháng trước", "quý I", "nửa đầu năm", "thứ hai tuần tới"])
def test_leaning_dates_need_a_publication_day(text: str) -> None:
    assert find_dates(text, None) == []
    assert len(find_dates(text, REFERENCE)) == 1
