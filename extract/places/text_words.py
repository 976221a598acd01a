"""A text's words: where they stand, which are capitalised, what lies between them."""

from __future__ import annotations

import re

from extract.places.gazetteer import WORD

SPACES = (" ", "\u00a0")  # between capitalised words of one run


class Words:
    """A text's words with their offsets, small and spelled forms."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [match.span() for match in WORD.finditer(text)]
        self.raw = [text[start:end] for start, end in self.spans]
        self.low = [word.lower() for word in self.raw]
        self.capital = [word[0].isupper() for word in self.raw]

    def gap(self, before: int, after: int) -> str:
        """What stands between two words."""
        return self.text[self.spans[before][1] : self.spans[after][0]]

    def joined(self, at: int, pattern: re.Pattern[str]) -> bool:
        """Whether the word at `at` follows its predecessor over such a gap."""
        return 0 < at < len(self.raw) and pattern.match(self.gap(at - 1, at)) is not None

    def spaced(self, at: int) -> bool:
        """Whether the word at `at` follows its predecessor over one space."""
        if not 0 < at < len(self.raw):
            return False
        before, start = self.spans[at - 1][1], self.spans[at][0]
        return start - before == 1 and self.text[before] in SPACES

    def run_end(self, at: int) -> int:
        """The end of the run of capitalised words that begins at `at`."""
        end = at + 1
        while end < len(self.raw) and self.capital[end] and self.spaced(end):
            end += 1
        return end

    def run_start(self, at: int) -> int:
        """The start of the run of capitalised words that the word at `at` is in."""
        while at > 0 and self.capital[at - 1] and self.spaced(at):
            at -= 1
        return at
