"""Numbers as the Vietnamese press writes them, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extract.numbers.digits import DIGITS, habit, read_digits
from extract.numbers.join import joined, with_parts, with_scale
from extract.numbers.number import Number
from extract.numbers.words import HEAD, WORDS, read_run, read_words

__all__ = ["Number", "find_numbers", "read_number"]

# A letter, or a hyphen with a letter before it, makes digits part of a name: A1, QL91, COVID-19.
NAME_BEFORE = re.compile(r"[^\W\d_](?:[-–.]?)$")
# A currency's code may touch its digits: USD1,23.
CODE_BEFORE = re.compile(r"(?<![^\W_])(?:VN[DĐ]|USD|EUR|GBP|JPY|CNY|KRW|THB|INR|AED|SGD|AUD|HKD|TWD|CHF|MYR|Rs\.?)$")
# A document's number: 05-CT/TW, 68/NQ-CP, 131/2020/NĐ-CP.
DOCUMENT = re.compile(r"[-–/](?!VN[DĐ]\d|USD\d)(?:[A-ZĐƯ]{2}|[A-ZĐ][-/]|\d{4}/[A-ZĐ])")
FRACTION = re.compile(r" phần (?:một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|trăm|nghìn|vạn)\b")
SENTENCE_BEFORE = re.compile(r"(?:^|[.!?:;…\n“\"(\-–])\s*$")
PHONE = re.compile(r"0\d{2}|0\d[. ]")
STROKES = ("-", "–", "/")  # what may open the rest of a document's number
PHONE_GAP = (" ", ".", "-")
LETTER_SCALES = {"k": 10**3, "K": 10**3, "M": 10**6, "m": 10**6, "t": 10**9, "T": 10**9, "tr": 10**6, "G": 10**9}
SHORT = re.compile(r"(?P<digits>\d[\d.,]*|,\d+)(?P<scale>k|K|M|tr|t|G)(?P<tail>\d{1,3})?")


def find_numbers(text: str) -> list[Number]:
    """Every number of `text`, in order, none overlapping; a text that is nothing but a number is read whole."""
    if len(text) <= 200 and (alone := _alone(text)):
        return [alone]
    found = [*_in_digits(text), *_in_words(text)]
    found.sort(key=lambda number: number.start)
    return joined(text, with_parts(text, found))


def read_number(text: str) -> Decimal | None:
    """The value of a text that is one number and nothing else, in digits or words; None where it is not."""
    numbers = find_numbers(text.strip())
    return numbers[0].value if len(numbers) == 1 and numbers[0].end == len(text.strip()) else None


def _alone(text: str) -> Number | None:
    """A whole text read as one number: "năm" is five here, "2t3" two billion three hundred million."""
    body = text.strip()
    start = text.find(body)
    if not body or body[-1] == "%":
        return None
    if short := SHORT.fullmatch(body):
        digits = short["digits"]
        reading = read_digits(f"0{digits}" if digits[0] == "," else digits)
        scale = Decimal(LETTER_SCALES[short["scale"]])
        if reading:
            value = (reading.value + Decimal(f"0.{short['tail'] or 0}")) * scale
            return Number(start=start, end=start + len(body), value=value, scale=scale, confidence=0.9)
    syllables = body.lower().split()
    spoken = read_words(syllables, whole=True) if all(syllable in WORDS for syllable in syllables) else None
    if spoken and spoken.length == len(syllables):
        return Number(
            start=start, end=start + len(body), value=spoken.value, scale=spoken.scale, words=spoken.length,
            confidence=0.95,
        )  # fmt: skip
    return None


def _in_digits(text: str) -> Iterator[Number]:
    tokens = list(DIGITS.finditer(text))
    custom = habit(text, tokens)
    phone_end = -2
    for match in tokens:
        start, end = match.span()
        token = match.group()
        if start - 1 == phone_end and text[phone_end] in PHONE_GAP:
            phone_end = end
            continue
        if token[0] == "0" and PHONE.match(token):
            phone_end = end  # 0913 456 789, 02763.822.123: every piece belongs to it
            continue
        named = start and text[start - 1] != " " and NAME_BEFORE.search(text, max(0, start - 2), start)
        if named and not CODE_BEFORE.search(text, max(0, start - 5), start):
            continue
        reading = read_digits(token, custom)
        if reading is None or (text[end : end + 1] in STROKES and DOCUMENT.match(text, end)):
            continue
        number = Number(start=start, end=end, value=reading.value, other=reading.other, confidence=reading.confidence)
        yield with_scale(text, number)


def _in_words(text: str) -> Iterator[Number]:
    for match in HEAD.finditer(text):
        start = match.start()
        if start and (text[start - 1].isalnum() or text[start - 1] == "_"):
            continue
        if text[start].isupper() and not SENTENCE_BEFORE.search(text, max(0, start - 4), start):
            continue
        for first, last, spoken in read_run(match.group()):
            begin, end = start + first, start + last
            if not FRACTION.match(text, end):
                yield Number(
                    start=begin, end=end, value=spoken.value, scale=spoken.scale, words=spoken.length,
                    confidence=0.97 if spoken.length > 1 else 0.93,
                )  # fmt: skip
