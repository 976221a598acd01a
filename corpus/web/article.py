"""An article's text cut at its facts, so that a template can mark them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a paragraph; `kind` and `id` say which fact it is, None for plain text."""

    text: str
    kind: str | None = None
    id: int | None = None


def article_parts(text: str, facts: Sequence[sqlite3.Row]) -> list[list[Part]]:
    """The paragraphs of a text as parts, every character of them once; of facts that overlap the first stays."""
    paragraphs: list[list[Part]] = [[]]
    position = 0
    for fact in facts:
        if fact["start"] >= position:
            _add(paragraphs, text[position : fact["start"]])
            paragraphs[-1].append(Part(text[fact["start"] : fact["end"]], fact["kind"], fact["id"]))
            position = fact["end"]
    _add(paragraphs, text[position:])
    return [parts for parts in paragraphs if any(part.text.strip() for part in parts)]


def _add(paragraphs: list[list[Part]], text: str) -> None:
    """Adds plain text, a new paragraph at each newline."""
    first, *rest = text.split("\n")
    paragraphs[-1].append(Part(first))
    paragraphs.extend([Part(line)] for line in rest)
