"""The extractor's JSON records as rows: pure, so that nothing of it happens inside a transaction."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from extract.facts import Span
from extract.text import fold, sentences

# Columns of facts that come from the record alone, in the order of Draft.row.
FACT = ("kind", "start", "end", "text", "date_from", "date_to", "edtf", "former", "value", "value_max", "value_low",
        "value_high", "total", "unit", "model", "currency", "per", "qualifier", "qualifier_text", "rule", "confidence",
        "candidates")  # fmt: skip
FRAME = ("measure", "role", "period_from", "period_to", "has_period", "as_of", "link", "off_by", "confidence",
         "evidence")  # fmt: skip
NO_QUANTITY = (None,) * 11  # from value to qualifier_text
PARTIES = ("source", "donor", "recipient")

Place = tuple[str, str | None, str, str]  # path as JSON, level, unit key or "", folded path


class Frame(NamedTuple):
    """An observation's row: FRAME's values, its scope, the span of the figure it is a part of, its parties."""

    row: tuple[Any, ...]
    scope: Place | None
    part_of: Span | None
    parties: tuple[tuple[str, int, int, str], ...]


class Draft(NamedTuple):
    """A fact ready to be written: its key, FACT's values, the sentence it stands in, the place it names, its frame."""

    key: str
    row: tuple[Any, ...]
    sentence: tuple[int, int, str]
    place: Place | None
    frame: Frame | None

    @property
    def span(self) -> Span:
        """Offsets into the article's text."""
        return self.row[1], self.row[2]

    @property
    def places(self) -> tuple[Place | None, Place | None]:
        """The place that it names and the one that it speaks for."""
        return self.place, self.frame.scope if self.frame else None

    @property
    def kind(self) -> str:
        """The fact's kind."""
        return str(self.row[0])


def drafts(url: str, text: str, records: Sequence[Mapping[str, Any]]) -> list[Draft]:
    """The records of one article (extract.language.records) as drafts; ValueError where a span is not its text.

    The key is made of URL, kind, normalised value, the sentence's words and the occurrence among equals. The same fact
    twice on one span is kept once.
    """
    spans = sentences(text)
    starts = [start for start, _ in spans]
    folded = lru_cache(maxsize=None)(lambda sentence: " ".join(fold(sentence).split()))
    seen: Counter[str] = Counter()
    made: dict[tuple[str, Span], Draft] = {}
    for record in sorted(records, key=lambda record: (record["start"], record["end"], record["kind"])):
        start, end = record["start"], record["end"]
        if (record["kind"], (start, end)) in made:
            continue
        if text[start:end] != record["text"]:
            raise ValueError(
                f"{url}: the {record['kind']} at {start} reads {text[start:end]!r}, not {record['text']!r}"
            )
        first, last = spans[max(0, bisect_right(starts, start) - 1)]
        first, last = min(first, start), max(last, end)
        sentence = text[first:last]
        same = "\x1f".join((record["kind"], _value_key(record), folded(sentence)))
        seen[same] += 1
        same = f"{same}\x1f{seen[same]}"
        made[record["kind"], (start, end)] = Draft(
            key=blake2b(f"{url}\x1f{same}".encode(), digest_size=10).hexdigest(),
            row=_row(record),
            sentence=(first, last, sentence),
            place=place(record["path"], record.get("level"), record.get("unit_key"))
            if record["kind"] == "place"
            else None,
            frame=_frame(record) if record.get("measure") else None,
        )
    return list(made.values())


def place(path: Sequence[str], level: str | None = None, unit_key: str | None = None) -> Place:
    """A path of names from the province down as a row of `places`."""
    return _place(tuple(path), level, unit_key)


@lru_cache(maxsize=4096)
def _place(path: tuple[str, ...], level: str | None, unit_key: str | None) -> Place:
    return json.dumps(list(path), ensure_ascii=False), level, unit_key or "", "/".join(map(fold, path))


def _row(record: Mapping[str, Any]) -> tuple[Any, ...]:
    """FACT's values of a record."""
    get = record.get
    kind = record["kind"]
    head = (kind, record["start"], record["end"], record["text"])
    tail = (
        get("rule", ""),
        float(get("confidence", 1.0)),
        json.dumps(get("candidates")) if get("candidates") else None,
    )
    former = int(get("former", False))
    if kind in {"date", "place"}:
        return (*head, get("from"), get("to"), get("edtf"), former, *NO_QUANTITY, *tail)
    numbers = (get("value", get("min")), get("max"), get("value_low"), get("value_high"), get("total"))
    model = int(record["model"]) if "model" in record else None
    said = (get("unit"), model, get("currency"), get("per"), get("qualifier"), get("qualifier_text"))
    return (*head, None, None, None, former, *(None if n is None else float(n) for n in numbers), *said, *tail)


def _value_key(record: Mapping[str, Any]) -> str:
    """The normalised value alone: what makes two facts of one sentence two."""
    if record["kind"] == "date":
        return f"{record['from']}/{record['to']}"
    if record["kind"] == "place":
        return f"{record['level']}:{'/'.join(record['path'])}"
    numbers = (record.get(name) for name in ("value", "min", "max"))
    what = record.get("unit") if record["kind"] == "count" else record.get("currency")
    return ";".join("" if number is None else f"{float(number):.15g}" for number in numbers) + f" {what}"


def _frame(record: Mapping[str, Any]) -> Frame:
    period = record.get("period")
    off_by = record.get("off_by")
    row = (
        record["measure"],
        record.get("role") or "other",
        period[0] if period else None,
        period[1] if period else None,
        int(bool(period)),
        record.get("as_of"),
        record.get("link"),
        float(off_by) if off_by is not None else None,
        float(record.get("frame_confidence", 0.5)),
        json.dumps(record.get("evidence", []), ensure_ascii=False),
    )
    part_of = record.get("part_of")
    parties = ((name, record.get(name)) for name in PARTIES)
    return Frame(
        row=row,
        scope=place(record["scope"], None, record.get("scope_unit")) if record.get("scope") else None,
        part_of=(part_of[0], part_of[1]) if part_of else None,
        parties=tuple((name, said["start"], said["end"], said["text"]) for name, said in parties if said),
    )
