"""Numbers in words: syllables read by a small grammar of groups below a thousand and scales above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from csv import DictReader, excel_tab
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

LONGEST = 40  # syllables read at a time; no number of a newspaper is longer


@dataclass(frozen=True, slots=True)
class Word:
    """A number word: its kind in the grammar and its value."""

    kind: str
    value: Decimal


def _read_words() -> dict[str, Word]:
    with Path(__file__).with_name("words.tsv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: Word(row["kind"], Decimal(row["value"])) for row in DictReader(file, dialect=excel_tab)}


WORDS = _read_words()
LAST_ONLY = {"mốt", "lăm", "nhăm"}
AFTER_TENS = {"tư", *LAST_ONLY}
HEADS = [word for word, entry in WORDS.items() if entry.kind in {"digit", "ten"} and word not in AFTER_TENS]
MORE = rf"(?:[ \u00a0](?:{'|'.join(WORDS)})\b)"  # a further syllable
# Plain alternatives, small and capital: a regex of literals skips through a text fastest. Callers look before it.
# Alone "năm" is the year and "không" says no.
OPENING = [word + (rf"(?={MORE})" if word in {"năm", "không"} else "") for word in HEADS]
HEAD = re.compile(rf"(?:{'|'.join([*OPENING, *map(str.capitalize, OPENING)])})\b{MORE}{{0,{LONGEST - 1}}}")
NOT_YEAR_BEFORE = {"trăm", "mươi", "nghìn", "ngàn", "triệu", "tỷ", "tỉ", "vạn", "phẩy", "chấm", *AFTER_TENS}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was read: the value, its last scale and how many syllables it took."""

    value: Decimal
    scale: Decimal
    length: int


@lru_cache(maxsize=4096)
def read_run(run: str) -> tuple[tuple[int, int, Spoken], ...]:
    """The numbers of a run of number words as `HEAD` finds it, with their offsets in the run; a bare "không" is none.

    The few runs of a newspaper come again and again, so that they are kept.
    """
    syllables = re.split("[ \u00a0]", run.lower())
    found = []
    offset = begin = 0
    while offset < len(syllables):
        spoken = read_words(syllables, offset)
        length = spoken.length if spoken else 1
        end = begin + sum(map(len, syllables[offset : offset + length])) + length - 1
        if spoken and (length > 1 or syllables[offset] != "không"):
            found.append((begin, end, spoken))
        offset += length
        begin = end + 1
    return tuple(found)


def read_words(words: Sequence[str], start: int = 0, *, whole: bool = False) -> Spoken | None:
    """The longest number that begins at `words[start]`; all are keys of `WORDS`. `whole` reads a "năm" at 0 as five."""
    reader = _Reader(words, start, whole)
    return reader.read() if reader.kind() else None


class _Reader:
    """A cursor over number words."""

    def __init__(self, words: Sequence[str], start: int, whole: bool) -> None:
        self.words = words
        self.whole = whole
        self.start = self.at = start

    def kind(self, ahead: int = 0) -> str:
        """The kind of the word `ahead` of the cursor; a "năm" that is the year counts as none."""
        index = self.at + ahead
        if index >= len(self.words):
            return ""
        if self.words[index] == "năm" and not (self.whole and not index) and not self.five(index):
            return ""
        return WORDS[self.words[index]].kind

    def five(self, index: int) -> bool:
        """Whether the "năm" at `index` is five: a scale follows, or an empty ten or a decimal mark stands before."""
        after = self.words[index + 1] if index + 1 < len(self.words) else ""
        before = self.words[index - 1] if index else ""
        if after in NOT_YEAR_BEFORE:
            return True
        if before in {"linh", "lẻ"} or {"phẩy", "chấm"} & set(self.words[:index]):
            return True
        return before == "trăm" and bool(after) and WORDS[after].kind == "digit"

    def take(self) -> Decimal:
        """The value of the word at the cursor, which moves on."""
        self.at += 1
        return WORDS[self.words[self.at - 1]].value

    def read(self) -> Spoken | None:
        """Groups and falling scales: "hai tỷ ba trăm triệu"; a bare digit after a scale is a tenth of it."""
        total, below, last = Decimal(0), None, Decimal(1)
        while self.kind():
            linked = self.kind() == "zero"
            start = self.at
            group = self.group(first=below is None)
            if group is None:
                break
            bare = not linked and self.at - start == 1 and self.kind() != "scale"
            scale = self.scale()
            if below is not None and scale >= below:
                # "một triệu một nghìn tỷ": what was read so far counts the larger scale.
                total, below, last = (total + group) * scale, scale, scale
                continue
            if bare and below is not None and scale == 1 and group < 10:
                total += group * below / 10
                break
            total += group * scale
            if self.kind() == "half":
                unit = scale if scale > 1 else (Decimal(100) if group % 100 == 0 and group else Decimal(1))
                self.take()
                return Spoken(total + unit / 2, scale, self.at - self.start)
            below = last = scale
            if scale == 1:
                break
        if self.at == self.start or below is None:
            return None
        return self.decimal(total, last)

    def scale(self) -> Decimal:
        """The product of the scales at the cursor: "nghìn tỷ" is 10**12."""
        product = Decimal(1)
        while self.kind() == "scale" and product < 10**12:
            product *= self.take()
        return product

    def group(self, *, first: bool) -> Decimal | None:
        """A number below a thousand: "một trăm linh năm", "không trăm mười hai", "hai mươi ba", "bốn ba"."""
        if self.kind() == "ten" or (self.kind() == "zero" and self.kind(1) == "digit" and not first):
            return self.take() + (self.unit() if self.words[self.at - 1] == "mười" else self.take())
        if self.kind() != "digit" or (self.words[self.at] in AFTER_TENS and first and not self.whole):
            return None
        digit = self.take()
        if self.kind() == "hundred":
            return digit * self.take() + self.under_hundred()
        if self.kind() == "tens":
            return digit * self.take() + self.unit()
        pair = digit and self.kind() == "digit" and self.words[self.at] != "không"
        return digit * 10 + self.take() if pair else digit

    def under_hundred(self) -> Decimal:
        """What follows "trăm": "linh năm", "mười hai", "năm mươi mốt", "bốn mốt", "sáu" (sixty), or nothing."""
        kind = self.kind()
        if kind == "zero" and self.kind(1) == "digit":
            self.take()
            return self.take()
        if kind == "ten":
            self.take()
            return 10 + self.unit()
        if kind != "digit" or self.words[self.at] == "không":
            return Decimal(0)
        digit = self.take()
        if self.kind() == "tens":
            self.take()
            return digit * 10 + self.unit()
        return digit * 10 + self.unit()

    def unit(self) -> Decimal:
        """A last digit, or nothing."""
        return self.take() if self.kind() == "digit" and self.words[self.at] != "không" else Decimal(0)

    def decimal(self, whole: Decimal, scale: Decimal) -> Spoken:
        """Digits after "phẩy", then a scale: "hai phẩy năm triệu"."""
        if self.kind() != "point" or self.kind(1) not in {"digit", "ten"}:
            return Spoken(whole, scale, self.at - self.start)
        mark = self.at
        self.take()
        digits = ""
        if self.kind(1) in {"tens", "ten"} or self.kind() == "ten":
            digits = str(self.group(first=False) or 0)
        while self.kind() == "digit":
            digits += str(self.take())
        if not digits:
            self.at = mark
            return Spoken(whole, scale, mark - self.start)
        factor = self.scale()
        return Spoken((whole + Decimal(f"0.{digits}")) * factor, max(scale, factor), self.at - self.start)
