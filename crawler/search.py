"""A site's own search: which links of its pages are results, whether it finds the whole topic, whether it misleads."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from operator import and_

FRAMES = 3  # article pages after which the links that stand on every page are known
PARTS = 4  # parts of the archive that must have been looked at, and articles on the topic that
CONFIRMED = 5  # must have been met in them, before the search is believed
SHARE = 0.95  # of what other ways show, that it must have found
MISLED = 10  # results off the topic that are borne with, more where many others are on it


class Search:
    """What is known of one site's search in a run.

    `front` is what the home page links to; `frame` what stands on every page (menu, side columns) and how often, None
    until it is known; `shown` the articles whose titles say the topic, met in other ways; `parts` those ways' pages.
    """

    def __init__(self) -> None:
        self.front: set[str] = set()
        self.frame: Counter[str] | None = None
        self.shown: set[str] = set()
        self.parts = self.kept = self.off = 0
        self._times: Counter[str] = Counter()  # on the search's page that has it most often
        self._frames: list[Counter[str]] = []

    def read(self, times: Counter[str]) -> None:
        """Takes the links of a page of results, each so many times."""
        self._times |= times

    def framed(self, times: Counter[str]) -> bool:
        """Takes the links of an article's page; True when they make the frame known."""
        if self.frame is not None:
            return False
        self._frames.append(times)
        if len(self._frames) < FRAMES:
            return False
        frame = reduce(and_, self._frames)
        self._frames = []
        self.frame = frame or None  # pages without any menu say nothing of the search's
        return bool(frame)

    def is_result(self, url: str) -> bool | None:
        """Whether the search found the page; None where that cannot be told yet."""
        if self.frame is not None:
            return self._times[url] > self.frame[url]
        return None if url in self.front and url in self._times else url in self._times

    @property
    def answers(self) -> bool:
        """Whether it found anything at all."""
        return any(map(self.is_result, self._times))

    def believed(self) -> bool:
        """Whether it found what parts of the archive, spread over all its years, show on the topic."""
        found = self._found()
        return self.parts >= PARTS and found >= CONFIRMED and found >= SHARE * len(self.shown)

    def doubted(self) -> bool:
        """Whether it missed so much of that that no further look will mend it."""
        told = [url for url in self.shown if self.is_result(url) is not None]
        return len(told) - self._found() > (1 - SHARE) * max(len(told), 20)

    def _found(self) -> int:
        return sum(self.is_result(url) is True for url in self.shown)

    def misleads(self) -> bool:
        """Whether what it finds, and no title says, is nearly always off the topic."""
        return self.off >= MISLED and self.off > 3 * self.kept
