"""Rules of counts: which number before a noun counts things, and which is a name, an ordinal, a measure or a slogan."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.counts import vocabulary
from extract.counts.vocabulary import COUNTLESS, EACH, LOCATIVE, ORDINALS, SPACED, SPACES, VERB_LIKE, Noun, noun_at
from extract.facts import CountFact, Span
from extract.numbers import Number
from extract.qualifiers import qualify
from extract.text import UPPER

# "05 (năm) hộ": the number said again in brackets, as documents do.
SAID_AGAIN = re.compile(rf"[{SPACES}]\([^()\d\n]{{2,40}}\)(?=[{SPACES}])")
EDGE = re.compile(r"[\W\d_]+")
LIST_BEFORE = re.compile(rf"\d[,;]?[{SPACES}](?:và[{SPACES}])?$")
SLOGAN = re.compile(r"[“\"‘'«](?=[^”\"’'»\n]{1,28}[”\"’'»])")
QUOTES = frozenset("“\"‘'«")
PERCENT = re.compile(rf"[{SPACES}]?(?:%|‰|phần trăm\b)")
DENOMINATORS = {Decimal(10) ** power for power in range(8)}
CLOCK = {(Decimal(24), Decimal(7)), (Decimal(24), Decimal(24)), (Decimal(7), Decimal(7))}
COUNTED_TOTALS = {"tổng", "trong", "bộ", "thiểu"}  # "dân tộc thiểu số 12 hộ"
OPENS_OTHER = frozenset("%‰p(")  # what a percentage or a number said again begins with
KIN = {"mẹ", "bà", "ông", "anh", "chị", "em", "con", "cháu", "cụ", "bên", "mặt"}
# A crop season is no count: "2 vụ lúa", "3 vụ/năm".
CROP = re.compile(rf"[{SPACES}](?:lúa|màu|mùa|tôm|cá|rau|ngô|dưa|khoai|đông|xuân|hè|(?:trong|mỗi|một) năm)\b|/năm")
ROMAN = re.compile(rf"[{SPACES}][IVX]+\b")  # "8 khóa XIII": a congress's ordinals
SCORE_BEFORE = re.compile(r"(?:đạt|giành|tăng|giảm|được|cộng|trừ|chấm|hơn|mức)\s(?:\w+\s)?$")
SITE = re.compile(rf"\bđiểm (?:{'|'.join(sorted(vocabulary.SITES))})\b")  # "số điểm bầu giảm 318 điểm"
CLAUSE = 80  # characters before a number in which it may be said what points they are
LONGEST_SITE = 8
OVER = re.compile(r"\b(?:có|còn|đã|đạt|gồm|tổng|với|hỗ trợ|giúp|công nhận|thành lập|thu hút)\s$", re.IGNORECASE)
PART_OF = {"trường", "nhà"}  # "điểm trường 4 phòng học": its size
STREET = re.compile(rf"[{SPACES}][{UPPER}]")  # "428 đường Nguyễn Huệ": a house's number
PER_HEAD = re.compile(rf"\d(?:[{SPACES}][^\W\d_]+){{1,3}}[{SPACES}]trên[{SPACES}]$")  # "5,6 ca trên 100.000 dân"
HIGH = 100  # no ward or hamlet has so high a number
MODEL_UNITS = frozenset({"mô hình", "điển hình", "gương điển hình"})
DIVIDED_UNITS = frozenset({"tập thể", "cá nhân"})
DIVISION = re.compile(r"\b(?:trong đó|trong số (?:đó|này)|gồm|bao gồm|chia (?:ra|thành|theo))\b|[(:]", re.IGNORECASE)
AWARD = re.compile(r"\b(?:khen|thưởng|tặng|tôn vinh|biểu dương|vinh danh)\b", re.IGNORECASE)
STOP = re.compile(r"[.!?]\s|\n")
LINKED_STOP = re.compile(r"[.!?]\s+(?:Trong (?:đó|số)|Gồm|Bao gồm)")
# Confidence of a fact by the kind of noun: read by eye in the replica and in saved pages before the rules were mended
# on them, 5 of 447 counts of known nouns were wrong and 4 of 19 unknown nouns cut short.
CONFIDENCE = {"unknown": 0.75, "classifier": 0.85}
KNOWN = 0.98


@dataclass(frozen=True, slots=True)
class Context:
    """The words before a number: three syllables at most, nearest first."""

    first: str
    second: str
    third: str

    @property
    def ordinal(self) -> bool:
        """Whether "tổ 5", "thứ 2", "nghị quyết 68" stand here; "mỗi tổ 5 hộ" and "tổng số 5 hộ" do not."""
        if self.first == "số":
            return self.second not in COUNTED_TOTALS
        if self.first in ORDINALS and self.second not in EACH and self.third not in EACH:
            return not (self.first == "tổ" and self.second == "chức")
        pair = f"{self.second} {self.first}"
        return pair in ORDINALS and self.third not in EACH


def context(text: str, start: int) -> Context:
    """The context of a number that begins at `start`."""
    if not start or text[start - 1] not in SPACES:
        return Context("", "", "")
    words: list[str] = []
    for word in text[max(0, start - 30) : start - 1].lower().replace("\u00a0", " ").split(" ")[:-4:-1]:
        if word.isalpha():
            words.append(word)
            continue
        cut = EDGE.split(word)
        words.append(cut[-1])
        if len(cut) > 1:
            break
    return Context(*words, *[""] * (3 - len(words)))


def count_at(text: str, number: Number, previous: CountFact | None) -> CountFact | None:
    """The count that `number` opens, or None; `previous` is the count before it."""
    value = number.value
    if (value is None and number.low is None) or (number.words == 1 and (value is None or value < 2)):
        return None  # "một" is vague
    at = _noun_start(text, number)
    noun = noun_at(text, at) if at is not None else None
    if noun is None or at is None or noun.kind in COUNTLESS:
        return None
    read = _whole(number)
    if read is None or _denominator(text, number) or _barred(text, number, noun):
        return None
    qualifier, span = qualify(text, number.start, noun.end)
    where = span and text[slice(*span)].lower() in {"trên", "dưới"} and _locative(number, noun)
    if span and where and not OVER.search(text, max(0, span[0] - 12), span[0]):
        qualifier, span = "exact", None
    return CountFact(
        start=number.start, end=noun.end, rule=f"count.{noun.kind if noun.kind == 'unknown' else 'known'}",
        confidence=round(CONFIDENCE.get(noun.kind, KNOWN) * read.confidence, 3),
        value=read.value, low=read.low, high=read.high, total=read.total,
        qualifier=qualifier, qualifier_span=span, unit=noun.form,
        model=_is_model(text, noun.form, (number.start, noun.end), previous),
    )  # fmt: skip


def _noun_start(text: str, number: Number) -> int | None:
    """Where the noun would begin; None where a sign, a line's end or a percent stands there."""
    end = number.end
    while text[end : end + 1] in SPACED:
        end += 1
    sign = text[end : end + 1]
    if sign in OPENS_OTHER:
        if PERCENT.match(text, number.end):
            return None
        if again := SAID_AGAIN.match(text, number.end):
            end = again.end()
            while text[end : end + 1] in SPACED:
                end += 1
    if end > number.end:
        return end
    if end < len(text) and text[end].isalpha() and not number.words:
        noun = noun_at(text, end)
        return end if noun and noun.kind not in {"unknown", "classifier"} and len(noun.form) > 1 else None
    return None


def _whole(number: Number) -> Number | None:
    """The number as a whole one: "4,664 mô hình" can only be 4664; None where it stays a fraction."""
    if number.value is None:
        fractions = [end for end in (number.low, number.high) if end is not None and end != end.to_integral_value()]
        return None if fractions else number
    if number.other is not None and number.other > number.value and number.scale == 1:
        return replace(number, value=number.other, confidence=0.8)
    return number if number.value == number.value.to_integral_value() else None


def _denominator(text: str, number: Number) -> bool:
    """Whether the number stands under a stroke: "500.000 đồng/1 hộ", "8 bác sĩ/10.000 dân"."""
    if number.value not in DENOMINATORS:
        return False
    if text[max(0, number.start - 2) : number.start].rstrip(SPACES).endswith("/"):
        return True
    return number.value >= 1000 and PER_HEAD.search(text, max(0, number.start - 30), number.start) is not None


def _barred(text: str, number: Number, noun: Noun) -> bool:
    """Whether the words around make the number an ordinal, a slogan, a score, a fraction or a vague word."""
    words = context(text, number.start)
    known = noun.kind != "unknown"
    named = ROMAN.match(text, noun.end) or (noun.form in vocabulary.ROADS and STREET.match(text, noun.end))
    if named or (number.words and (words.first == "thứ" or _short_word_barred(number, noun, words))):
        return True
    if words.ordinal and not (known and _counting(text, number, noun, words)):
        return True
    if not known and (number.total is not None or LIST_BEFORE.search(text, max(0, number.start - 6), number.start)):
        return True
    clock = (number.value, number.total) in CLOCK and noun.kind not in {"household", "admin"}
    if clock or (text[number.start - 1 : number.start] in QUOTES and SLOGAN.match(text, number.start - 1)):
        return True
    score = noun.form == "điểm" and SCORE_BEFORE.search(text, max(0, number.start - 20), number.start)
    if score and SITE.search(text, max(0, number.start - CLAUSE), noun.end + LONGEST_SITE):
        score = None
    crop = noun.form == "vụ" and CROP.match(text, noun.end)
    return bool(score or crop)


def _counting(text: str, number: Number, noun: Noun, words: Context) -> bool:
    """Whether a known noun wins over an ordinal word before the number: "cấp 1.200 thẻ", but not "cấp 3 trường"."""
    if noun.form in vocabulary.OCCASIONS and words.first in vocabulary.LOW and vocabulary.CLOSES.match(text, noun.end):
        return True  # "mỗi tuần xuống xóm 2 buổi."
    if words.first == "nhóm" and noun.kind in {"person", "household"}:
        return True  # "nhóm 5 hộ": its size
    given = words.second in vocabulary.GIVING and words.first in vocabulary.LOW  # "tặng phường 2 máy tính"
    if given or (words.first in PART_OF and noun.kind == "house"):
        return True
    size = number.value if number.value is not None else number.high
    if words.first in vocabulary.LOW and size is not None and size >= HIGH:
        return True
    if words.first not in VERB_LIKE:
        return False
    return size is not None and size >= 10 and number.confidence > 0.5


def _short_word_barred(number: Number, noun: Noun, words: Context) -> bool:
    """A number of one word ("hai xã") counts only before a known noun, and never as "một"."""
    if number.words > 1:
        return False
    if number.value is None or number.scale > 1:
        return number.value is None
    if number.value == 3 and f"ba {noun.form}" in vocabulary.COMPOUNDS:
        return True
    kinless = noun.form not in KIN and noun.form.split()[0] not in KIN
    return number.value < 2 or noun.kind in {"unknown", "classifier"} or not kinless or words.first in {"cả", "thứ"}


def _locative(number: Number, noun: Noun) -> bool:
    """Whether "trên 04 lĩnh vực" tells where, not how many: a small number before a place or field."""
    value = number.value if number.value is not None else number.high
    small = value is not None and value < (20 if noun.form in LOCATIVE else 0)
    return small or number.total is not None


def _is_model(text: str, unit: str, span: Span, previous: CountFact | None) -> bool:
    """Whether the counted things are models, or the collectives and persons that a count of models is divided into."""
    if unit in MODEL_UNITS:
        return True
    if unit not in DIVIDED_UNITS or previous is None or not previous.model:
        return False
    between = text[previous.end : span[0]]
    if len(between) > 250 or AWARD.search(between):
        return False
    behind = STOP.split(text[span[1] : span[1] + 50], maxsplit=1)[0]
    if AWARD.search(behind) and previous.unit not in DIVIDED_UNITS:
        return False
    if STOP.search(between) and not LINKED_STOP.search(between):
        return False
    return previous.unit in DIVIDED_UNITS or DIVISION.search(between) is not None
