"""Rules of money: an amount before or behind its currency, or with a multiplier alone where the talk is of money."""

from __future__ import annotations

import re
from csv import DictReader, excel_tab
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from extract.counts.vocabulary import NOUNS, noun_at
from extract.facts import MoneyFact
from extract.numbers import Number, read_number
from extract.qualifiers import qualify

SPACES = " \u00a0\u2009\u202f"
SPACE = f"[{SPACES}]"
REACH = 90  # characters before an amount in which the talk of money is looked for
CLAUSE = 120  # characters before a range in which "mỗi căn" may tell what it is the price of


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(DictReader(file, dialect=excel_tab))


def _either(forms: list[str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))


CURRENCIES = {row["form"].lower(): row["currency"] for row in _rows("currencies.tsv")}
NEEDS_SCALE = {row["form"] for row in _rows("currencies.tsv") if row["needs"] == "scale"}
SIGNS = [form for form in CURRENCIES if not form[-1].isalpha()]
NAMES = [row["form"] for row in _rows("currencies.tsv") if row["form"][-1].isalpha()]
BEHIND = re.compile(rf"{SPACE}{{0,2}}(?P<form>(?i:{_either(NAMES)})(?!\w)|{_either(SIGNS)})")
# What an amount with its currency behind it goes on with, looked at first.
OPENS = re.compile(rf"{SPACE}{{0,2}}(?i:[{re.escape(''.join(sorted({form[0] for form in CURRENCIES})))}])")
CODES = [name for name in NAMES if name.isupper()]
BEFORE = re.compile(rf"(?:(?<!\w)(?:{_either(CODES)}|Rs\.?){SPACE}?|US\$|[$€£₩₫])$")
LAST_OF_CODE = {code[-1] for code in CODES} | set("s.$€£₩₫")
# After a plain number "đồng" opens another noun here; after a multiplier only compatriots are counted.
DONG_NOUN = re.compile(r" (?:chí|bào|hồ|đội|nghiệp|hương|ruộng|lúa|muối|cỏ|phục(?! vụ| hồi)|hành|diễn|tác giả)\b")
DONG_PEOPLE = re.compile(r" (?:chí|bào)\b")
DO_NOUN = re.compile(r" (?:thị|vật|đốc|hộ|đô)\b")
# "2 đô la và 23 xen"; the word for cents may be left out at the end of a clause.
CENTS = re.compile(
    rf"{SPACE}(?:và{SPACE})?(?:(?P<cents>\d\d?|[^\W\d_]+(?: [^\W\d_]+){{0,2}}?){SPACE}(?:xen|cents?)\b"
    r"|(?P<bare>\d\d)(?=\s*$|[.,;]\s))"
)
HALF = re.compile(rf"{SPACE}rưỡi\b")
MONEY_WORDS = {row["word"] for row in _rows("context.tsv") if row["side"] == "money"}
MONEY_TALK = re.compile(rf"\b(?:{_either(sorted(MONEY_WORDS))})\b")
THING_TALK = re.compile(rf"\b(?:{_either([row['word'] for row in _rows('context.tsv') if row['side'] == 'thing'])})\b")
# What may follow an amount whose currency is left out: a sign, the end, or a word that opens no counted noun.
FREE = re.compile(
    r"$|\s*[.,;:!?)\]”’\"…/\n–-]|\s+(?:để|cho|và|từ|của|do|trong|tại|ở|vào|nhằm|gồm|đã|được|đến|là|với|trên|theo|bằng|"
    r"hỗ trợ|xây|sửa|mua|giúp|nữa|thì|mà|mỗi|một|/|hoặc|so|năm|vốn|tiền|tăng|giảm|để|qua|ra|lên|xuống|chăm lo|trao|"
    r"phục vụ|làm|chưa|cùng|khi|nhờ|thông qua|ủng hộ|đầu tư|chi|gửi|tặng|rồi|nên|vì|còn|không)\b"
)
RATE = re.compile(
    rf"{SPACE}?/{SPACE}?(?:1{SPACE})?(?P<first>[^\W\d_]+[23]?)(?P<more>(?:{SPACE}?/{SPACE}?(?:1{SPACE})?[^\W\d_]+[23]?)*)"
)
EACH_BEHIND = re.compile(rf"{SPACE}(?:mỗi|một){SPACE}(?P<what>(?!phần|số|cách|lúc|khi|trong)[^\W\d_]+)")
EACH_BEFORE = re.compile(rf"[Mm]ỗi{SPACE}(?P<what>[^\W\d_]+)(?!.*[Mm]ỗi{SPACE})")
HEAD_RATE = re.compile(r"bình quân(?: mỗi)?(?: đầu)? (?P<what>người|hộ)|/(?:đầu )?(?P<other>người)")
CLAUSE_END = re.compile(r"[.;\n]")
# A free shop, bus or kitchen, and a toll of none: the amount is nil and the phrase a name.
NIL = Decimal(0)
LEAST_IN_K = 30_000


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its currency: the fact's span and the rule that found it."""

    number: Number
    start: int
    end: int
    currency: str
    rule: str
    confidence: float


def with_currency(text: str, number: Number) -> Amount | None:
    """Rules `money.behind` ("40,4 tỷ đồng", "20 euro") and `money.before` ("USD 500", "$10.000")."""
    start = number.start
    near = text[start - 2 : start] if start > 1 else text[:start]
    before = None
    if near and near.rstrip(SPACES)[-1:] in LAST_OF_CODE:
        before = BEFORE.search(text, max(0, start - 6), start)
    if before:
        currency = CURRENCIES.get(before.group().strip(SPACES).lower(), "")
        if currency and currency != "cent":
            return Amount(number, before.start(), number.end, currency, "money.before", 0.95)
    match = BEHIND.match(text, number.end) if OPENS.match(text, number.end) else None
    if not match:
        return None
    form = match["form"].lower()
    if _another_noun(text, number, form, match.end()):
        return None
    confidence = 0.99 if number.scale > 1 or (number.value or number.high or NIL) >= 1000 else 0.93
    if number.words == 1 and number.scale == 1:
        confidence = 0.6
    amount = Amount(number, number.start, match.end(), CURRENCIES[form], "money.behind", confidence)
    return _with_fraction(text, amount) if number.scale == 1 and amount.currency not in {"VND", "cent"} else amount


def _another_noun(text: str, number: Number, form: str, end: int) -> bool:
    """Whether the word is no currency here: "đồng chí", "một đồng" (a penny), "tệ" without a multiplier."""
    if form == "đồng":
        penniless = number.words == 1 and number.value == 1
        if number.scale == 1 and (number.value or 0) < 100 and text.startswith(" tiền", end):
            return True  # "6 đồng tiền chủ chốt"
        return penniless or bool((DONG_PEOPLE if number.scale > 1 else DONG_NOUN).match(text, end))
    if form == "đô" and DO_NOUN.match(text, end):
        return True
    return form in NEEDS_SCALE and number.scale == 1


def _with_fraction(text: str, amount: Amount) -> Amount:
    """The amount with the cents or the half unit that follow: "hai đô la và 23 xen", "hai đô rưỡi"."""
    value = amount.number.value
    half = HALF.match(text, amount.end)
    match = half or CENTS.match(text, amount.end)
    if match is None or value is None:
        return amount
    cents = Decimal(50) if half else read_number(match["cents"] or match["bare"])
    if cents is None or cents >= 100:
        return amount
    return replace(amount, number=replace(amount.number, value=value + cents / 100), end=match.end())


def in_thousands(text: str, number: Number) -> bool:
    """Whether a number is written "500k" and large enough for a sum: "24k" is gold."""
    return number.scale == 1000 and text[number.end - 1] in "kK" and (number.value or NIL) >= LEAST_IN_K


def without_currency(text: str, number: Number, near: bool) -> Amount | None:
    """Rule `money.bare`: "trị giá 15 tỷ"; `near` says that an amount with its currency stands in the sentence."""
    if not FREE.match(text, number.end):
        return None
    window = text[max(0, number.start - REACH) : number.start].lower()
    window = CLAUSE_END.split(window)[-1] if number.scale < 10**9 else window.rpartition("\n")[2]
    talk = [match.end() for match in MONEY_TALK.finditer(window)]
    other = [match.end() for match in THING_TALK.finditer(window)]
    if other and (not talk or other[-1] > talk[-1]) and not near and other[-1] > len(window) - 25:
        return None
    if not talk and not near:
        return Amount(number, number.start, number.end, "VND", "money.bare", 0.7) if number.scale >= 10**9 else None
    return Amount(number, number.start, number.end, "VND", "money.bare", 0.93)


def fact_of(text: str, amount: Amount) -> MoneyFact | None:
    """The fact of an amount, with its qualifier and rate; None for nil ("chuyến xe 0 đồng")."""
    number = _whole(amount)
    if number is None:
        return None
    start, end = amount.start, amount.end
    qualifier, span = qualify(text, start, end)
    return MoneyFact(
        start=start, end=end, rule=amount.rule, confidence=round(amount.confidence * number.confidence, 3),
        value=number.value, low=number.low, high=number.high, total=number.total,
        qualifier=qualifier, qualifier_span=span, currency=amount.currency, per=rate(text, start, end),
    )  # fmt: skip


def _whole(amount: Amount) -> Number | None:
    """The number, with its separators read the other way where dong would come in fractions ("4,664 đồng")."""
    number = amount.number
    if number.value == NIL or (number.value is None and not number.high):
        return None
    other = number.other if number.scale == 1 and amount.currency == "VND" else None
    if other is not None and number.value is not None and other > number.value:
        return replace(number, value=other, confidence=0.8)
    return number


def rate(text: str, start: int, end: int) -> str | None:
    """What the amount is paid for: "ha/năm" of "/ha/năm", "căn" of "mỗi căn", "người/năm" of a head's income a year."""
    before = CLAUSE_END.split(text[max(0, start - CLAUSE) : start])[-1]
    match = RATE.match(text, end)
    behind = ""
    if match:
        behind = re.sub(r"[\s1]", "", match["first"] + match["more"])
    head = HEAD_RATE.search(before)
    each = EACH_BEFORE.search(before)
    first = ""
    if head:
        first = head["what"] or head["other"]
    elif each and "đồng" not in before[each.end() :]:
        first = _payee(before, each.start("what"), each["what"])
    if behind:
        return f"{first}/{behind}" if first and behind in {"năm", "tháng", "ngày", "vụ"} and first != behind else behind
    if first:
        return first
    if each_behind := EACH_BEHIND.match(text, end):
        return _payee(text, each_behind.start("what"), each_behind["what"])
    return None


def _payee(text: str, start: int, syllable: str) -> str:
    """The noun behind "mỗi": one syllable where that is a noun ("căn"), else the whole ("gia đình", "hội viên")."""
    noun = noun_at(text, start)
    whole = noun is not None and noun.kind != "unknown" and (syllable not in NOUNS or noun.kind == "person")
    return noun.form if noun and whole else syllable
