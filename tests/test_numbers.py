"""Numbers: every example beside the rules, and that any number written the Vietnamese way reads back to itself."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.facts import plain_number
from extract.numbers import Number, find_numbers, read_number
from extract.numbers.examples import NEGATIVE, POSITIVE

MEGABYTE = ("1", "tỷ ", "năm ")
LONG = (
    "1", "1 ", "1/", "1/1/1/", "tháng 1, ", "1.111", "tỷ ", "năm ", "hai ", "một trăm ", "1 tỷ ", "0913 ", "“3 ",
    "10 hộ ",
)  # fmt: skip
TEXT = st.text(alphabet="0123456789.,/-– \u00a0\nnămtỷriệuhaibgkđồ%(“$x", max_size=60)


def label(number: Number) -> str:
    """A number as the examples write it."""
    if number.value is None:
        return f"{plain_number(number.low)}–{plain_number(number.high)}"
    return f"{plain_number(number.value)}" + (f"/{plain_number(number.total)}" if number.total is not None else "")


def vietnamese(value: int, decimals: str = "", separator: str = ".") -> str:
    """`value` grouped by `separator`, with decimals after a comma."""
    return f"{value:,}".replace(",", separator) + (f",{decimals}" if decimals else "")


DIGIT = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def spoken(value: int) -> str:
    """`value` below 10**12 in words, as a reader says it."""
    parts = []
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, value = divmod(value, scale)
        if group:
            parts.append(f"{_group(group, bool(parts))} {name}".strip())
    return " ".join(parts)


def _group(group: int, full: bool) -> str:
    hundreds, rest = divmod(group, 100)
    words = [f"{DIGIT[hundreds]} trăm"] if hundreds or full else []
    tens, unit = divmod(rest, 10)
    if tens > 1:
        words.append(f"{DIGIT[tens]} mươi")
    elif tens:
        words.append("mười")
    elif unit and words:
        words.append("linh")
    if unit:
        after_tens = {5: "lăm"} if tens == 1 else {1: "mốt", 5: "lăm"} if tens else {}
        words.append(after_tens.get(unit, DIGIT[unit]))
    return " ".join(words)


@pytest.mark.parametrize(("text", "expected"), POSITIVE)
def test_positive(text: str, expected: str) -> None:
    assert "|".join(label(number) for number in find_numbers(text)) == expected


@pytest.mark.parametrize("text", NEGATIVE)
def test_negative(text: str) -> None:
    assert find_numbers(text) == []


@given(st.integers(0, 10**12), st.sampled_from([".", "\u00a0", "\u2009", ""]))
def test_whole_numbers_read_back(value: int, separator: str) -> None:
    written = vietnamese(value, separator=separator)
    assert [number.value for number in find_numbers(f"Có {written} hộ")] == [value]


@given(st.integers(0, 10**9), st.from_regex(r"[0-9]{1,2}", fullmatch=True))
def test_decimals_read_back(value: int, decimals: str) -> None:
    assert read_number(vietnamese(value, decimals)) == Decimal(f"{value}.{decimals}")


@given(st.integers(1, 10**12 - 1))
def test_words_read_back(value: int) -> None:
    assert read_number(spoken(value)) == value


@given(st.integers(1, 999), st.integers(1000, 9999))
def test_ranges_and_shares_read_back(low: int, high: int) -> None:
    (made,) = find_numbers(f"từ {low} - {vietnamese(high)} hộ")
    assert (made.low, made.high) == (low, high)
    (share,) = find_numbers(f"có {low}/{high} hộ")
    assert (share.value, share.total) == (low, high)


@given(TEXT)
def test_any_text_gives_ordered_spans(text: str) -> None:
    end = 0
    for number in find_numbers(text):
        assert end <= number.start < number.end <= len(text)
        assert 0 < number.confidence <= 1
        end = number.end


@pytest.mark.parametrize("piece", LONG)
def test_long_lines_take_linear_time(piece: str) -> None:
    text = piece * ((10**6 if piece in MEGABYTE else 10**5) // len(piece.encode()))
    start = time.process_time()
    find_numbers(text)
    assert time.process_time() - start < 2
