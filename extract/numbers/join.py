"""Atoms of numbers joined to what they mean together: multipliers, ranges and shares."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from extract.numbers.number import Number
from extract.numbers.words import WORDS

SCALES = {word: int(entry.value) for word, entry in WORDS.items() if entry.kind in {"scale", "hundred"}}
SCALES |= {"tr": 10**6, "k": 10**3}
SPACE = "[ \u00a0\u2009\u202f]"
SCALE = re.compile(
    rf"{SPACE}{{0,2}}(?P<first>nghìn|ngàn|vạn|triệu|tỷ|tỉ|trăm)\b(?:{SPACE}(?P<second>triệu|tỷ|tỉ)\b)?"
    rf"|(?P<short>tr|[kK])(?:(?P<tail>\d{{1,3}})\b|\b)",
    re.IGNORECASE,
)
SCALE_OPENS = re.compile(rf"{SPACE}{{0,2}}[nvtNVTkK]")  # looked at first: most numbers have no multiplier
HALF = re.compile(rf"{SPACE}rưỡi\b")
RANGE = re.compile(
    rf"{SPACE}?[-–—]{SPACE}?|{SPACE}(?:đến|tới){SPACE}(?:(?:hơn|trên|gần|khoảng|dưới){SPACE})?", re.IGNORECASE
)
BETWEEN = ("giữa ", "Giữa ")
SIGNS = ("-", "–", "—", "/")
SHORTEST_LINK = 4  # characters of " và "; signs are seen before
LONGEST_LINK = 20  # characters between the ends of a range: " đến hơn ", with odd spaces
SPACES = " \u00a0\u2009\u202f"


def with_scale(text: str, number: Number) -> Number:
    """`number` with the multiplier behind it: "2,5 nghìn", "3 triệu rưỡi", "1tr5", "2 nghìn tỷ"."""
    value = number.value
    if not SCALE_OPENS.match(text, number.end):
        return number
    match = SCALE.match(text, number.end)
    if not match or value is None:
        return number
    if match["short"]:
        scale = Decimal(SCALES[match["short"].lower()])
        value *= scale
        if match["tail"]:
            value += scale * Decimal(f"0.{match['tail']}")
    else:
        scale = Decimal(SCALES[match["first"].lower()])
        if match["second"]:
            scale *= SCALES[match["second"].lower()]
        value *= scale
    end = match.end()
    if half := HALF.match(text, end):
        value += scale / 2
        end = half.end()
    other = None if number.other is None else number.other * scale
    return Number(
        start=number.start, end=end, value=value, scale=number.scale * scale, other=other, words=number.words,
        confidence=number.confidence,
    )  # fmt: skip


def with_parts(text: str, numbers: list[Number]) -> list[Number]:
    """Falling parts made one: "1 tỷ 200 triệu" is 1.200.000.000."""
    merged: list[Number] = []
    for number in numbers:
        last = merged[-1] if merged else None
        if (
            number.scale > 1
            and last is not None
            and last.value is not None
            and number.value is not None
            and 1 <= number.start - last.end <= 2
            and text[last.end : number.start].strip(SPACES) == ""
            and last.scale > number.scale > 1
            and number.value < last.scale
            and not last.words
            and not number.words
        ):
            confidence = min(last.confidence, number.confidence)
            value = last.value + number.value
            merged[-1] = replace(
                last, end=number.end, value=value, scale=number.scale, other=None, confidence=confidence
            )
        else:
            merged.append(number)
    return merged


def joined(text: str, numbers: list[Number]) -> list[Number]:
    """Ranges ("5 - 10", "5 đến hơn 10") and shares ("10/10") made of neighbours; longer chains are dates or codes."""
    result: list[Number] = []
    index = 0
    while index < len(numbers):
        number = numbers[index]
        gap = numbers[index + 1].start - number.end if index + 1 < len(numbers) else LONGEST_LINK + 1
        if gap > LONGEST_LINK or (gap == 1 and text[number.end] in SPACES):
            result.append(number)
            index += 1
            continue
        chain = _chain(text, numbers, index)
        if chain > 2:
            index += chain
        elif chain == 2:
            pair = numbers[index], numbers[index + 1]
            made = _share(*pair) if text[pair[0].end] == "/" else _range(*pair)
            result += [made] if made else []
            index += 2
        else:
            made = _spoken_range(text, numbers, index)
            result.append(made or number)
            index += 2 if made else 1
    return result


def _chain(text: str, numbers: list[Number], index: int) -> int:
    """How many numbers from `index` on hang together by signs without a word between."""
    last = index
    while last + 1 < len(numbers):
        left, right = numbers[last].end, numbers[last + 1].start
        if right - left > 3:
            break
        gap = text[left:right]
        sign = gap.strip(SPACES)
        # A stroke with spaces around it parts two things; a dash does not.
        if sign not in SIGNS or (gap != sign and sign == "/"):
            break
        last += 1
    return last - index + 1


def _spoken_range(text: str, numbers: list[Number], index: int) -> Number | None:
    if index + 1 >= len(numbers):
        return None
    left, right = numbers[index], numbers[index + 1]
    if not SHORTEST_LINK <= right.start - left.end <= LONGEST_LINK:
        return None
    between = " và " if text.endswith(BETWEEN, 0, left.start) else ""
    if between and text[left.end : right.start] == between:
        return _range(left, right)
    match = RANGE.match(text, left.end, right.start)
    return _range(left, right) if match and match.end() == right.start else None


def _share(left: Number, right: Number) -> Number | None:
    """A share: "13.867/22.690 tỉ" gives both the multiplier of the second."""
    if left.value is None or right.value is None:
        return None
    value = left.value if left.scale > 1 else left.value * right.scale
    return replace(left, end=right.end, value=value, total=right.value, scale=right.scale, other=None)


def _range(left: Number, right: Number) -> Number | None:
    """A range: a multiplier written once counts for both ends, or is a step lower for the first (800 - 1,2 tỷ)."""
    if left.value is None or right.value is None or (left.scale > 1 and right.scale == 1):
        return None
    low = left.value
    if left.scale == 1 and right.scale > 1:
        low = left.value * right.scale
        if low >= right.value:
            low = left.value * right.scale / 1000
    if low >= right.value:
        return None
    return replace(
        left, end=right.end, value=None, low=low, high=right.value, scale=right.scale, other=None,
        confidence=min(left.confidence, right.confidence) * 0.98,
    )  # fmt: skip
