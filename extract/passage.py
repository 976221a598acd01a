"""A passage: a text with what is known about it, the one input of every finder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """`text` in NFC; `published` is the day on which the text leans (the first of the month if only that is known).

    `province` is the province of the paper or portal as it was named on that day; `source` is its host name.
    """

    text: str
    title: str = ""
    published: date | None = None
    province: str | None = None
    source: str | None = None
