"""The words of dates, read from vocabulary.tsv (columns list, phrase, value, gloss)."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from importlib.resources import files


def _load() -> dict[str, dict[str, str]]:
    lists: defaultdict[str, dict[str, str]] = defaultdict(dict)
    with files("extract.dates").joinpath("vocabulary.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            lists[row["list"]][row["phrase"]] = row["value"]
    return dict(lists)


VOCABULARY = _load()
MONTHS = {word: int(value) for word, value in VOCABULARY["month"].items()}
DIGITS = {word: int(value) for word, value in VOCABULARY["digit"].items()}
SCALES = {word: int(value) for word, value in VOCABULARY["scale"].items()}
FILLERS = frozenset(VOCABULARY["filler"])


def words(*lists: str) -> frozenset[str]:
    """The phrases of the named lists."""
    return frozenset(phrase for name in lists for phrase in VOCABULARY[name])


def either(*lists: str) -> str:
    """A regular expression of the phrases of the named lists, longest first, any white space between words."""
    phrases = sorted(words(*lists), key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(re.escape(phrase).replace(r"\ ", r"\s{1,3}") for phrase in phrases) + ")"


def number(spelled: str) -> int | None:
    """The value of a number in words below ten thousand, also read digit by digit ("một chín tám tư"); else None."""
    tokens = spelled.split()
    if len(tokens) > 2 and all(token in DIGITS or token in FILLERS for token in tokens):
        return int("".join(str(DIGITS.get(token, 0)) for token in tokens))
    total, pending = 0, None
    for token in tokens:
        if token in FILLERS:
            continue
        if token in SCALES:
            if pending is None and token != "mười":
                return None
            total += (1 if pending is None else pending) * SCALES[token]
            pending = None
        elif token not in DIGITS:
            return None
        elif pending is None:
            pending = DIGITS[token]
        elif pending < 10:  # "ba tám" for ba mươi tám
            pending = pending * 10 + DIGITS[token]
        else:
            return None
    return total + (pending or 0)
