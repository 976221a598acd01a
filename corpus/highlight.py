"""Highlights: where the words that a query asks for stand in a text, on the original characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from corpus.query import PIECE, WORD
from extract.facts import Span
from extract.text import fold, one_tone


class Piece(NamedTuple):
    """A piece of a text; `hit` says whether the query asked for it."""

    text: str
    hit: bool


class Words:
    """The words and phrases of a query; `exact` tells those with diacritics apart, as the search did."""

    def __init__(self, words: str = "", *, exact: bool = False) -> None:
        self.form: Callable[[str], str] = _exactly if exact else fold
        self.terms: dict[str, list[tuple[tuple[str, ...], bool]]] = {}  # (its syllables, whether the last is a prefix)
        self.prefixes: tuple[str, ...] = ()
        self.last: tuple[str, list[Span]] = ("", [])  # a sentence is asked for in three parts
        for piece in PIECE.finditer(unicodedata.normalize("NFC", words)):
            if not piece["minus"] and piece["word"] not in {"OR", "HOẶC"}:
                star = piece["star"] or (piece["word"] or "").endswith("*")
                self._add(piece["word"] or piece["phrase"] or "", starred=bool(star))

    def _add(self, said: str, *, starred: bool) -> None:
        term = tuple(map(self.form, WORD.findall(said)))
        if len(term) == 1 and starred:
            self.prefixes += (term[0],)
        elif term:
            self.terms.setdefault(term[0], []).append((term, starred))

    def spans(self, text: str) -> list[Span]:
        """Where they stand in a text, in order; words with nothing but space between them are one span."""
        spans: list[Span] = []
        for start, end in self._found(text) if self.terms or self.prefixes else ():
            if spans and (start <= spans[-1][1] or text[spans[-1][1] : start].isspace()):
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((start, end))
        return spans

    def _found(self, text: str) -> Iterator[Span]:
        tokens = [(match.start(), match.end(), self.form(match.group())) for match in WORD.finditer(text)]
        for number, (start, end, form) in enumerate(tokens):
            if form.startswith(self.prefixes):
                yield start, end
            for term, starred in self.terms.get(form, ()):
                there = [token[2] for token in tokens[number : number + len(term)]]
                whole = there == list(term)
                if whole or (starred and there[:-1] == list(term[:-1]) and there[-1].startswith(term[-1])):
                    yield start, tokens[number + len(there) - 1][1]

    def pieces(self, text: str, start: int = 0, end: int | None = None) -> list[Piece]:
        """`text[start:end]` cut at the edges of what was asked for; the pieces together are that text."""
        end = len(text) if end is None else end
        pieces: list[Piece] = []
        position = start
        if self.last[0] != text:
            self.last = text, self.spans(text)
        for span in self.last[1]:
            first, last = max(span[0], position), min(span[1], end)
            if first < last:
                pieces += [Piece(text[position:first], False), Piece(text[first:last], True)]
                position = last
        return [piece for piece in [*pieces, Piece(text[position:end], False)] if piece.text]


def _exactly(syllable: str) -> str:
    return one_tone(unicodedata.normalize("NFC", syllable)).lower()
