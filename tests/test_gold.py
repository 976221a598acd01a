"""The project's own gold: passages annotated before the extractor read them, scored as the guidelines say."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from extract.evaluation import FRAME, Evaluation, Fact, evaluate, gold_passages, is_framed, overlap
from extract.language import KINDS, read, records

GOLD = Path(__file__).parent / "gold"

# F1 by kind; "frames" is that of money and model counts with scope and period right. They only rise.
FLOORS: dict[str, dict[str, float]] = {
    "first": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.97},
    "second": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.91},
    "third": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.93},
    "fourth": {"date": 0.99, "place": 0.99, "count": 0.99, "money": 0.99, "frames": 0.98},
}


def rows(stem: str) -> list[Fact]:
    return [json.loads(line) for line in (GOLD / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module", params=FLOORS)
def scored(request: pytest.FixtureRequest) -> tuple[str, Evaluation]:
    with (GOLD / f"{request.param}.jsonl").open(encoding="utf-8") as lines:
        given, texts = zip(*gold_passages(lines), strict=True)
    return request.param, evaluate(zip(given, map(records, read(texts)), strict=True))


@pytest.mark.parametrize("kind", [*KINDS, "frames"])
def test_quality_holds(scored: tuple[str, Evaluation], kind: str) -> None:
    stem, result = scored
    floor = FLOORS[stem][kind]
    reached = (result.kinds | {"frames": result.frames})[kind].f1
    assert reached >= floor, "\n".join([f"{stem} {kind}: {reached:.3f} < {floor}", *map(str, result.differences)])


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for stem in FLOORS for row in rows(stem)])
def test_gold_keeps_its_own_form(row: Fact) -> None:
    text = row["text"]
    assert unicodedata.is_normalized("NFC", text)
    for fact in row["facts"]:
        assert text[fact["start"] : fact["end"]] == fact["text"], fact
        assert not any(overlap(fact, other) for other in row["facts"] if other is not fact), fact
        if fact["kind"] == "date":
            assert (fact["to"] or "9999") >= fact["from"]
            assert date.fromisoformat(fact["from"])
        if fact["kind"] == "count":
            assert fact["text"].lower().endswith(fact["unit"]), fact
        assert not is_framed(fact) or all(key in fact for key in FRAME), fact
        assert not fact.get("model") or fact["role"] in {"registered", "implemented", "recognised", "other"}, fact
