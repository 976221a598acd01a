"""A passage: a text with what is known about it, the one input of every finder."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


class RecordError(ValueError):
    """A line that is no record with a text, said in one line."""


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

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Passage:
        """The passage of a record with `text`, `title`, `published` (day or month), `province` and `source`.

        The text becomes NFC; ValueError for a day that is none.
        """
        published = record.get("published")
        return cls(
            text=unicodedata.normalize("NFC", record["text"]),
            title=record.get("title") or "",
            published=date.fromisoformat(f"{published}-01"[:10]) if published else None,
            province=record.get("province"),
            source=record.get("source"),
        )


def passages(lines: Iterable[str]) -> Iterator[tuple[dict[str, Any], Passage]]:
    """The records of JSON Lines in the guidelines' form with their passages; RecordError names the line at fault."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            yield record, Passage.of(record)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecordError(f"line {number}: not a record with id and text ({error!r})") from error
