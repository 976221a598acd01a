"""The project's own gold: passages annotated before the extractor read them, scored as the guidelines say."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extract.language import KINDS, read, records
from extract.passage import passages
from extract.text import fold

GOLD = Path(__file__).parent / "gold"
FRAME = ("scope", "period")

# F1 by kind; "frames" is that of money and model counts with scope and period right. They only rise.
FLOORS: dict[str, dict[str, float]] = {
    "first": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.98},
    "second": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.98},
    "third": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.98},
    "fourth": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.98},
    "fifth": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.95},
    "sixth": {"date": 0.98, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.99},
    "seventh": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.93},
}
Fact = dict[str, Any]


def name(text: str) -> str:
    """A name without case, accents and punctuation, as names are compared."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def value(fact: Fact) -> tuple[Any, ...]:
    """What must be equal in a hit, by kind."""
    if fact["kind"] == "date":
        return fact["from"], fact["to"]
    if fact["kind"] == "place":
        return fact["level"], *map(name, fact["path"])
    return tuple(fact.get(key) for key in ("value", "min", "max", "currency"))


def hit(gold: Fact, found: Fact) -> bool:
    """Whether kind, place in the text and value agree; of a count's unit the head is enough."""
    if gold["kind"] != found["kind"] or gold["start"] >= found["end"] or found["start"] >= gold["end"]:
        return False
    if value(gold) != value(found):
        return False
    if gold["kind"] != "count":
        return True
    wanted, got = name(gold["unit"]).split(), name(found["unit"]).split()
    return wanted[0] == got[0] or set(wanted) <= set(got) or set(got) <= set(wanted)


def framed(fact: Fact) -> bool:
    return fact["kind"] == "money" or bool(fact.get("model"))


def frame(fact: Fact) -> tuple[Any, ...]:
    return tuple([name(str(step)) for step in fact.get(key) or ()] for key in FRAME)


class Score:
    """Hits, false alarms and misses of one gold file, by kind and for the frames, and the words of each failure."""

    def __init__(self) -> None:
        self.tally = {kind: [0, 0, 0] for kind in (*KINDS, "frames")}
        self.failures: list[str] = []

    def add(self, row: Fact, found: list[Fact]) -> None:
        """Counts one passage; what overlaps an optional fact of its kind counts neither way."""
        left = sorted(found, key=lambda fact: fact["start"])
        for gold in row["facts"]:
            match = next((fact for fact in left if hit(gold, fact)), None)
            if match:
                left.remove(match)
            if not gold.get("optional"):
                self.count(row, gold, match)
        optional = [fact for fact in row["facts"] if fact.get("optional")]
        for fact in left:
            if not any(same_ground(fact, other) for other in optional):
                self.tally[fact["kind"]][1] += 1
                self.tally["frames"][1] += framed(fact)
                self.failures.append(f"{row['id']} false alarm {fact['kind']} {fact['text']!r} {value(fact)}")

    def count(self, row: Fact, gold: Fact, match: Fact | None) -> None:
        """A fact that must be found: its hit or miss, and whether its frame is right."""
        self.tally[gold["kind"]][0 if match else 2] += 1
        if not match:
            self.failures.append(f"{row['id']} missed {gold['kind']} {gold['text']!r} {value(gold)}")
        if framed(gold):
            right = match is not None and frame(gold) == frame(match)
            self.tally["frames"][0 if right else 2] += 1
            self.tally["frames"][1] += match is not None and not right
            if match and not right:
                self.failures.append(f"{row['id']} frame of {gold['text']!r}: {frame(match)}, not {frame(gold)}")

    def f1(self, kind: str) -> float:
        """The harmonic mean of precision and recall."""
        hits, alarms, misses = self.tally[kind]
        return 2 * hits / (2 * hits + alarms + misses)


def same_ground(fact: Fact, other: Fact) -> bool:
    return fact["kind"] == other["kind"] and fact["start"] < other["end"] and other["start"] < fact["end"]


def rows(stem: str) -> list[Fact]:
    return [json.loads(line) for line in (GOLD / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module", params=FLOORS)
def scored(request: pytest.FixtureRequest) -> tuple[str, Score]:
    score = Score()
    lines = (GOLD / f"{request.param}.jsonl").read_text(encoding="utf-8").splitlines()
    given, texts = zip(*passages(lines), strict=True)
    for row, reading in zip(given, read(texts), strict=True):
        score.add(row, records(reading))
    return request.param, score


@pytest.mark.parametrize("kind", [*KINDS, "frames"])
def test_quality_holds(scored: tuple[str, Score], kind: str) -> None:
    stem, score = scored
    floor = FLOORS[stem][kind]
    assert score.f1(kind) >= floor, "\n".join([f"{stem} {kind}: {score.f1(kind):.3f} < {floor}", *score.failures])


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for stem in FLOORS for row in rows(stem)])
def test_gold_keeps_its_own_form(row: Fact) -> None:
    text = row["text"]
    assert unicodedata.is_normalized("NFC", text)
    for fact in row["facts"]:
        assert text[fact["start"] : fact["end"]] == fact["text"], fact
        assert not any(same_ground(fact, other) for other in row["facts"] if other is not fact), fact
        if fact["kind"] == "date":
            assert (fact["to"] or "9999") >= fact["from"]
            assert date.fromisoformat(fact["from"])
        if fact["kind"] == "count":
            assert fact["text"].lower().endswith(fact["unit"]), fact
        assert not framed(fact) or all(key in fact for key in FRAME), fact
        assert not fact.get("model") or fact["role"] in {"registered", "implemented", "recognised", "other"}, fact


def test_the_scorer_tells_right_from_wrong() -> None:
    place = {"kind": "place", "text": "Hòa", "start": 0, "end": 3, "level": "commune", "path": ["Phú Yên", "Hòa"]}
    assert hit(place, place | {"path": ["Phú Yên", "Hoà"], "end": 2})
    assert not hit(place, place | {"level": "district"})
    assert not hit(place, place | {"start": 3, "end": 6})
    score = Score()
    score.add(
        {"id": "x", "facts": [place, place | {"start": 5, "end": 8, "optional": True}]},
        [place | {"start": 6, "end": 8}],
    )
    assert score.tally["place"] == [0, 0, 1]
