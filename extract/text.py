"""Text at the door: NFC once, and same-length foldings so that offsets hold in every form."""

from __future__ import annotations

import re
import unicodedata

from extract.facts import Span

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
# Tone on the second vowel of oa, oe, uy in open syllables ("hoà") is read as the older placement ("hòa").
TONE = re.compile(r"(?<![qQ])([oOuU])([àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ])(?![\w])")
# The capital letters of Vietnamese; a range such as [À-Ỹ] would let small letters in.
UPPER = "A-Z" + "".join(filter(str.isupper, map(chr, range(0xC0, 0x1EFA))))
# A sentence ends at . ! ? … (and closing quotes) before space and a capital, digit, quote or dash, or at a newline.
# One set of signs stands first, which is found several times as fast as two branches that each begin with their own.
SENTENCE_END = re.compile(rf"""[.!?…\n](?:(?<=\n)\n*|(?<!\n)[.!?…]*["”’)\]]*(?=\s+["“‘(\[]?[{UPPER}0-9–-]))""")
ABBREVIATION = re.compile(rf"\b(?:TP|Tp|TX|TT|ThS|TS|PGS|GS|BS|CN|KS|Th\.S|T\.Ư|St|Mr|Ms|ĐT|Tr|tr|v\.v|[{UPPER}])\.$")
LONGEST_ABBREVIATION = 6


def normalise(text: str) -> str:
    """NFC, one kind of newline, no soft hyphens or zero-width characters; odd spaces stay as they are."""
    return INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


class _Folded(dict[int, str]):
    """What each character met so far folds to, by its code point, as str.translate wants it."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        self[code] = {"đ": "d"}.get(base, base) if len(base) == 1 else chr(code)
        return self[code]


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Lower case without diacritics, character for character: `len(fold(t)) == len(t)` for NFC text."""
    return text.translate(_FOLDED)


def one_tone(text: str) -> str:
    """Tone placement made one ("hoà", "thuỵ" → "hòa", "thụy"), character for character, for matching only."""

    def swap(match: re.Match[str]) -> str:
        first, second = (unicodedata.normalize("NFD", char) for char in match.groups())
        return unicodedata.normalize("NFC", first[0] + second[1:]) + second[0]

    return TONE.sub(swap, text)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of `text` in order, without the white space around them."""
    spans: list[Span] = []
    start = 0
    for match in SENTENCE_END.finditer(text):
        before = max(start, match.end() - LONGEST_ABBREVIATION)
        if "\n" in match.group() or not ABBREVIATION.search(text, before, match.end()):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, span))[0] < trimmed[1]]


def _trim(text: str, span: Span) -> Span:
    piece = text[slice(*span)]
    return span[0] + len(piece) - len(piece.lstrip()), span[1] - len(piece) + len(piece.rstrip())
