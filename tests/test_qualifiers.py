"""Qualifiers: the words before and behind a figure, and those that are none."""

from __future__ import annotations

import re

import pytest

from extract.qualifiers import AFTER_PHRASES, BEFORE_PHRASES, qualify

FIGURE = re.compile(r"[\d.,]*\d( (?:hộ|tỷ đồng))?")
CASES = [
    ("gần 40 hộ", "less", "gần"),
    ("xấp xỉ 40 hộ", "less", "xấp xỉ"),
    ("còn chưa đầy 40 hộ", "less", "chưa đầy"),
    ("Dưới 40 hộ", "less", "Dưới"),
    ("với hơn 40 hộ", "more", "hơn"),
    ("hơn 40 hộ nữa", "more", "hơn"),
    ("lên trên 40 hộ", "more", "trên"),
    ("khoảng hơn 40 hộ", "more", "hơn"),
    ("vượt mốc 40 hộ", "more", "vượt mốc"),
    ("khoảng 40 hộ", "approx", "khoảng"),
    ("ước đạt 40 hộ", "approx", "ước đạt"),
    ("trên dưới 40 hộ", "approx", "trên dưới"),
    ("tầm 40 hộ", "approx", "tầm"),
    ("ít nhất là 40 hộ", "at_least", "ít nhất là"),
    ("không dưới 40 hộ", "at_least", "không dưới"),
    ("từ 40 hộ trở lên", "at_least", "trở lên"),
    ("từ 40 hộ nghèo trở lên", "at_least", "trở lên"),
    ("tối đa 40 hộ", "at_most", "tối đa"),
    ("không quá 40 hộ", "at_most", "không quá"),
    ("từ 40 hộ trở xuống", "at_most", "trở xuống"),
    ("lên tới 40 hộ", "exact", None),
    ("đạt 40 hộ", "exact", None),
    ("cao hơn 2 tỷ đồng", "exact", None),
    ("nhiều hơn 12 hộ so với năm trước", "exact", None),
    ("nhiều hơn 12 hộ", "more", "nhiều hơn"),
    ("đón thêm khách, nhiều hơn 12 hộ", "exact", None),
    ("đã cất nhà (ít hơn 12 hộ)", "exact", None),
    ("còn ít hơn 12 hộ", "less", "ít hơn"),
    ("vượt 40 hộ", "more", "vượt"),
    ("lội bộ vượt 4 con suối", "exact", None),
    ("gùi hàng vượt 2 - 3 quả đồi", "exact", None),
    ("mức lương tối thiểu 4,9 tỷ đồng", "exact", None),
    ("nhanh hơn, 40 hộ", "exact", None),
    ("ở gần\n40 hộ", "exact", None),
    ("người thân gần (40 hộ)", "exact", None),
]


@pytest.mark.parametrize(("text", "qualifier", "words"), CASES)
def test_qualify(text: str, qualifier: str, words: str | None) -> None:
    match = FIGURE.search(text)
    assert match
    found, span = qualify(text, *match.span())
    assert (found, text[slice(*span)] if span else None) == (qualifier, words)


@pytest.mark.parametrize("phrase", sorted(BEFORE_PHRASES))
def test_every_phrase_before(phrase: str) -> None:
    text = f"Xã có {phrase} 40 hộ"
    found, span = qualify(text, len(text) - 5, len(text))
    assert found == BEFORE_PHRASES[phrase]
    assert span == (6, 6 + len(phrase))


@pytest.mark.parametrize("phrase", sorted(AFTER_PHRASES))
def test_every_phrase_behind(phrase: str) -> None:
    assert qualify(f"từ 40 hộ {phrase}", 3, 8)[0] == AFTER_PHRASES[phrase]
