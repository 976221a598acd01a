"""The topic of a crawl: its phrases matched on slugs, link words and titles, without diacritics, on whole syllables."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

TOPICS = Path(__file__).with_name("topics.toml")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
SHORT = 300  # characters of a link's words, which stand on page after page
_MARKS = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """Lower case, no diacritics, đ as d, other characters one space: "Dân vận – khéo" is "dan van kheo"."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold())).replace("đ", "d")
    return _NOT_WORD.sub(" ", bare).strip()


@lru_cache(50_000)
def _folded(text: str) -> str:
    return fold(text)


@dataclass(frozen=True, slots=True)
class Topic:
    """Folded phrases as one pattern; `searches` are the phrases, as written, to ask a search page. Empty is false."""

    pattern: re.Pattern[str] | None
    searches: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.pattern is not None

    def matches(self, text: str) -> bool:
        """Whether a phrase stands in the text; the empty topic matches everything."""
        if self.pattern is None:
            return True
        return self.pattern.search(_folded(text) if len(text) < SHORT else fold(text)) is not None

    def matches_url(self, url: str) -> bool:
        """Whether a phrase stands in the path of the URL (the slug), percent-encoded or not."""
        return self.matches(unquote(urlsplit(url).path))


def default_phrases() -> tuple[str, ...]:
    """The phrases of topics.toml: the topic a crawl has when nobody says another."""
    return tuple(_entries())


def topic_of(phrases: Iterable[str]) -> Topic:
    """The topic of some phrases; those of topics.toml bring their exceptions, others are taken as they are."""
    known, written = _entries(), [phrase for phrase in phrases if fold(phrase)]
    if not written:
        return Topic(None, ())
    entries = [known.get(phrase, {"text": phrase}) for phrase in written]
    searches = tuple(str(entry["text"]) for entry in entries if entry.get("search")) or tuple(written)
    return Topic(re.compile("|".join(_pattern(entry) for entry in entries)), searches)


def _pattern(entry: dict[str, object]) -> str:
    before, after = ([fold(str(word)) for word in _list(entry.get(side))] for side in ("before", "after"))
    behind = "".join(rf"(?<!\b{word} )" for word in before)
    ahead = rf"(?! (?:{'|'.join(after)})\b)" if after else ""
    return rf"\b{behind}{fold(str(entry['text']))}\b{ahead}"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


@cache
def _entries() -> dict[str, dict[str, object]]:
    with TOPICS.open("rb") as file:
        return {entry["text"]: entry for entry in tomllib.load(file)["phrase"]}
