"""Evaluation: what is a hit, what counts neither way, and the numbers of the scorer that the gold came with."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from extract.evaluation import Evaluation, Fact, calibration_error, evaluate, gold_passages, is_hit, predictions
from extract.language import KINDS, read, records
from extract.passage import RecordError
from pipeline import main

SHARED = Path(__file__).parents[2] / "shared"
TEXT = "Đến nay, xã có 12 mô hình. Xã giúp 30 hộ và 5 triệu đồng."
PLACE: Fact = {"kind": "place", "text": "xã", "start": 9, "end": 11, "level": "commune", "path": ["Phú Yên", "Hòa"]}
MODELS: Fact = {"kind": "count", "text": "12 mô hình", "start": 15, "end": 25, "value": 12, "unit": "mô hình",
                "qualifier": "exact", "model": True, "role": "implemented", "scope": ["Phú Yên", "Hòa"],
                "period": [None, "2022-01-18"]}  # fmt: skip
HOUSES: Fact = {
    "kind": "count",
    "text": "30 hộ",
    "start": 35,
    "end": 40,
    "value": 30,
    "unit": "hộ",
    "qualifier": "exact",
}
MONEY: Fact = {"kind": "money", "text": "5 triệu đồng", "start": 44, "end": 56, "value": 5e6, "currency": "VND",
               "qualifier": "exact", "scope": None, "period": None}  # fmt: skip
DATE: Fact = {"kind": "date", "text": "Đến nay", "start": 0, "end": 7, "from": None, "to": "2022-01-18"}

HITS = [
    # gold, what is other in the found fact, whether it is a hit
    (PLACE, {"path": ["Phú Yên", "Hoà"], "end": 10}, True),
    (PLACE, {"path": ["PHÚ YÊN", "hoa"]}, True),
    (PLACE, {"level": "district"}, False),
    (PLACE, {"path": ["Hòa"]}, False),
    (PLACE, {"start": 11, "end": 13}, False),
    (PLACE, {"kind": "date"}, False),
    (DATE, {"end": 3}, True),
    (DATE, {"to": None}, False),
    (MODELS, {"unit": "mô hình điển hình"}, True),
    (MODELS, {"unit": "điển hình"}, False),
    (MODELS, {"unit": ""}, False),
    (MODELS, {"value": 12.0}, True),
    (MODELS, {"value": 13}, False),
    (MODELS, {"role": "other", "period": None}, True),
    (MONEY, {"currency": "USD"}, False),
    (MONEY, {"value": None, "min": 5e6, "max": 6e6}, False),
]


@pytest.mark.parametrize(("gold", "other", "hit"), HITS)
def test_a_hit_has_kind_value_and_words_in_common(gold: Fact, other: Fact, hit: bool) -> None:
    assert is_hit(gold, gold | other) is hit


def scored(gold: list[Fact], found: list[Fact]) -> Evaluation:
    return evaluate([({"id": "x", "text": TEXT, "facts": gold}, found)])


def test_found_missed_and_false_are_counted() -> None:
    result = scored([MODELS, HOUSES, MONEY], [MODELS | {"end": 24}, PLACE, MONEY | {"value": 6e6}])
    tallies = {kind: (tally.hits, tally.alarms, tally.misses) for kind, tally in result.kinds.items()}
    assert tallies == {"date": (0, 0, 0), "place": (0, 1, 0), "count": (1, 0, 1), "money": (0, 1, 1)}
    assert (result.kinds["count"].precision, result.kinds["count"].recall) == (1.0, 0.5)
    assert result.kinds["count"].f1 == pytest.approx(2 / 3)
    assert result.kinds["date"].f1 == 0.0
    assert (result.frames.hits, result.frames.alarms, result.frames.misses) == (1, 1, 1)
    assert result.same_span["count"] == 0
    assert [difference.what for difference in result.differences] == ["missed", "missed", "false", "false"]


def test_what_is_optional_counts_neither_way() -> None:
    optional = MONEY | {"optional": True}
    for found in ([], [MONEY], [MONEY | {"value": 7}]):
        result = scored([optional], found)
        assert (result.all.hits, result.all.alarms, result.all.misses) == (0, 0, 0)
        assert result.verdicts["money"] == []


def test_one_found_fact_hits_once() -> None:
    result = scored([MODELS, MODELS | {"start": 20}], [MODELS])
    assert (result.all.hits, result.all.misses) == (1, 1)


def test_a_wrong_frame_is_found_and_missed_end_to_end() -> None:
    result = scored([MODELS, MONEY], [MODELS | {"scope": None}, MONEY | {"qualifier": "less"}])
    assert (result.all.hits, result.frames.hits, result.frames.alarms, result.frames.misses) == (2, 1, 1, 1)
    assert result.attributes["count.scope"] == [0, 1]
    assert result.attributes["money.qualifier"] == [0, 1]
    assert result.attributes["count.role"] == [1, 1]
    assert "count.role" not in scored([HOUSES], [HOUSES]).attributes


def test_a_difference_is_told_with_its_sentence() -> None:
    missed, other = scored([HOUSES, MODELS], [MODELS | {"role": "other"}]).differences
    assert str(missed) == "x  missed count  30 hộ\n    Xã giúp «30 hộ» và 5 triệu đồng."
    assert 'role count: "other", should be "implemented"' in str(other)


def test_confidences_are_judged() -> None:
    found = [MODELS | {"confidence": 0.9}, HOUSES | {"confidence": 0.4, "value": 3}, PLACE]
    assert scored([MODELS, HOUSES], found).verdicts["count"] == [(0.9, True), (0.4, False)]
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0.0)
    assert calibration_error([(0.99, False)] * 4) == pytest.approx(0.99)
    assert calibration_error([(0.6, True), (0.6, True), (0.95, True), (0.95, False)]) == pytest.approx(0.425)
    assert calibration_error([(1.0, True)]) == calibration_error([]) == 0.0


WRONG = [
    # a record, and the word that says what is wrong
    ({"id": "x", "text": TEXT}, "no list of facts"),
    ({"text": TEXT, "facts": []}, "an id"),
    ({"id": "x", "text": TEXT, "facts": [{"kind": "count"}]}, "needs kind, start and end"),
    ({"id": "x", "text": TEXT, "facts": [MODELS | {"start": 16}]}, "reads"),
    ({"id": "x", "text": TEXT, "facts": [MODELS | {"end": 900}]}, "reads"),
    ({"id": "x", "text": TEXT, "facts": [MODELS | {"kind": "weather"}]}, "no kind 'weather'"),
    ({"id": "x", "text": TEXT, "facts": [PLACE | {"path": "Hòa"}]}, "lists of names"),
    ({"id": "x", "text": TEXT, "facts": [MODELS | {"confidence": 7}]}, "from 0 to 1"),
    ({"id": "x", "text": TEXT, "facts": [MODELS | {"unit": 7}]}, "a noun"),
]


@pytest.mark.parametrize(("record", "word"), WRONG)
def test_gold_that_cannot_be_scored_is_refused(record: Fact, word: str) -> None:
    with pytest.raises(RecordError, match=word):
        list(gold_passages([json.dumps(record)]))


def test_no_passage_is_counted_twice() -> None:
    line = json.dumps({"id": "x", "text": TEXT, "facts": []})
    with pytest.raises(RecordError, match="twice"):
        list(gold_passages([line, line]))
    with pytest.raises(RecordError, match="twice"):
        predictions([line, "\n", line])
    with pytest.raises(RecordError, match="record 1"):
        predictions(["{"])


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["evaluate", *arguments], prog_name="baotinh")


def test_the_door_scores_the_rules_or_a_file(tmp_path: Path) -> None:
    gold, other, empty = (tmp_path / name for name in ("gold.jsonl", "other.jsonl", "empty.jsonl"))
    record = {"id": "x", "text": TEXT, "published": "2022-01-18", "facts": [HOUSES, MONEY]}
    gold.write_text(json.dumps(record) + "\n", encoding="utf-8")
    other.write_text('{"id": "y", "facts": []}\n', encoding="utf-8")
    empty.write_text("", encoding="utf-8")
    by_rules = ask(str(gold), "--json")
    assert by_rules.exit_code == 0, by_rules.output
    assert json.loads(by_rules.stdout)["money"]["hits"] == 1
    table = ask(str(gold)).stdout
    assert "end to end" in table
    assert "confidence from" in table
    missed = ask(str(gold), str(other), "--errors")
    assert "1 of 1 passages have no prediction" in missed.stderr
    assert "missed money" in missed.stdout
    assert json.loads(ask(str(gold), str(other), "--errors", "--json").stdout)["all"]["misses"] == 2
    for wrong in ([str(empty)], [str(other)], [str(gold), str(Path(__file__))]):
        done = ask(*wrong)
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)


def degraded(rows: list[tuple[Fact, list[Fact]]], seed: int) -> list[Fact]:
    """Predictions with something wrong in about half of their facts: lost, doubled, moved, or said otherwise."""
    chance = random.Random(seed)
    changes: list[dict[str, Any]] = [
        {"value": 7}, {"level": "hamlet"}, {"path": ["Đâu Đó"]}, {"from": "1999-01-01"}, {"qualifier": "more"},
        {"model": True}, {"model": False}, {"role": "other"}, {"scope": None}, {"scope": ["Đâu Đó"]},
        {"unit": "hộ dân"}, {"period": None}, {"period": ["1999-01-01", None]}, {"currency": "USD"},
        {"kind": "count", "unit": "x"},
    ]  # fmt: skip
    made = []
    for row, facts in rows:
        found: list[Fact] = []
        for fact in facts:
            roll = chance.random()
            if roll < 0.1:
                continue
            if roll < 0.2:
                found.append(fact)
            other = chance.choice(changes) if roll < 0.5 else {}
            moved = {"start": max(0, fact["start"] - chance.randrange(9))} if roll > 0.9 else {}
            found.append(fact | other | moved)
        made.append({"id": row["id"], "facts": found})
    return made[1:]  # and one passage is not there at all


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize("seed", range(4))
def test_the_numbers_are_those_of_the_golds_own_scorer(tmp_path: Path, seed: int) -> None:
    gold = SHARED / "gold/dev.jsonl"
    with gold.open(encoding="utf-8") as lines:
        given, texts = zip(*gold_passages(lines), strict=True)
    made = degraded(list(zip(given, map(records, read(texts)), strict=True)), seed)
    path = tmp_path / "predicted.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")
    command = [sys.executable, str(SHARED / "gold/score.py"), str(gold), str(path), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    by_id = {row["id"]: row["facts"] for row in made}
    ours = evaluate((row, by_id.get(row["id"], [])) for row in given)
    assert 0.3 < ours.all.f1 < 0.9  # it was degraded
    tallies = ours.kinds | {"all": ours.all, "end to end": ours.frames}
    for name, tally in tallies.items():
        told = theirs[name]
        assert (tally.hits, tally.alarms, tally.misses) == (told["tp"], told["fp"], told["fn"]), name
        assert (tally.precision, tally.recall, tally.f1) == pytest.approx(
            (told["precision"], told["recall"], told["f1"])
        )
    assert [ours.same_span[kind] for kind in KINDS] == [theirs[kind]["strict"] for kind in KINDS]
    assert {name: {"right": right, "of": of} for name, (right, of) in ours.attributes.items()} == theirs["attributes"]
