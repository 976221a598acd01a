"""Numbers in digits: which separator groups and which divides is told by the form, then by the text's own habit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Habit = Literal["vietnamese", "english", "unknown"]

LONGEST = 24  # digits and signs; longer runs are no figures of a newspaper
# Odd spaces group digits ("4 664" with NBSP or a thin space); so does a plain space, less surely.
# It begins with one digit, not a run, so that the engine skips all else quickly.
DIGITS = re.compile(r"\d\d*(?:[.,]\d+)*(?:(?<!\d{4})[ \u00a0\u2009\u202f]\d{3}(?!\d))*(?:,\d+)?")
VIETNAMESE = re.compile(r"(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?")
ENGLISH = re.compile(r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?")
SPACED = re.compile(r"[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+(?:,\d+)?")
# What settles the habit: two groups, a group and a decimal, or a short decimal with a comma (a dot may be a day: 18.6).
VIETNAMESE_SIGN = re.compile(r"\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}")
ENGLISH_SIGN = re.compile(r"\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:,\d{3})+\.\d+")
ENGLISH_DECIMAL = re.compile(r"\d+\.\d{1,2}")
LARGE = re.compile(r"\s(?:triệu|t[ỷỉ])")


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of digits, its confidence, and the value under the other habit where there are two."""

    value: Decimal
    confidence: float
    other: Decimal | None = None


def habit(text: str, tokens: list[re.Match[str]]) -> Habit:
    """Which of the two systems of separators the `tokens` of `text` follow; they are matches of `DIGITS`."""
    balance = 0
    for match in tokens:
        token = match.group()
        if token.isdecimal() or len(token) > LONGEST:
            continue
        if VIETNAMESE_SIGN.fullmatch(token):
            balance += 1
        elif ENGLISH_SIGN.fullmatch(token) or (ENGLISH_DECIMAL.fullmatch(token) and LARGE.match(text, match.end())):
            balance -= 1
    if balance == 0:
        return "unknown"
    return "vietnamese" if balance > 0 else "english"


def read_digits(token: str, custom: Habit = "unknown") -> Reading | None:
    """The value of `token` as `DIGITS` finds it, or None where it is no number (7.3.2021, 12.34.56)."""
    if len(token) > LONGEST:
        return None
    if token.isdecimal():
        return Reading(Decimal(token), 1.0)
    return _separated(token, custom)


@lru_cache(maxsize=4096)
def _separated(token: str, custom: Habit) -> Reading | None:
    if SPACED.fullmatch(token):
        whole = re.sub(r"\s", "", token)
        return Reading(Decimal(whole.replace(",", ".")), 0.85 if " " in token else 0.95)
    vietnamese = Decimal(token.replace(".", "").replace(",", ".")) if VIETNAMESE.fullmatch(token) else None
    english = Decimal(token.replace(",", "")) if ENGLISH.fullmatch(token) else None
    return _choose(token, vietnamese, english, custom)


def _choose(token: str, vietnamese: Decimal | None, english: Decimal | None, custom: Habit) -> Reading | None:
    """One of two readings: "4.664" is 4664 in nearly every paper, "4,664" may be either."""
    if vietnamese is None:
        return None if english is None else Reading(english, 0.9 if custom == "english" else 0.7)
    if english is None:
        return Reading(vietnamese, 1.0)
    if custom == "english":
        return Reading(english, 0.8, vietnamese)
    return Reading(vietnamese, 0.99 if "." in token else 0.7, english)
