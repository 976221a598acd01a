"""Evaluation: facts found against gold, as the guidelines define a hit: how many are right, how many were found, how
often qualifier, role and frame are right too, and whether the confidences keep what they promise."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from extract.language import KINDS
from extract.passage import Passage, RecordError, passages
from extract.text import fold, sentences

BINS = 10
Fact = dict[str, Any]
Verdict = tuple[float, bool]  # a confidence, and whether the fact is right
# What is compared beside the value, by kind; a figure with a frame also has the frame and, a count, its role compared.
BESIDE = {"count": ("qualifier", "model"), "money": ("qualifier",)}
FRAME = ("scope", "period")


@dataclass(slots=True)
class Tally:
    """How many facts were rightly found, wrongly found, and missed; rates are 0 where there is nothing to divide by."""

    hits: int = 0
    alarms: int = 0
    misses: int = 0

    @property
    def precision(self) -> float:
        """The share of the found that is right."""
        return self.hits / (self.hits + self.alarms) if self.hits else 0.0

    @property
    def recall(self) -> float:
        """The share of the right that was found."""
        return self.hits / (self.hits + self.misses) if self.hits else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.hits / (2 * self.hits + self.alarms + self.misses) if self.hits else 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.hits + other.hits, self.alarms + other.alarms, self.misses + other.misses)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as in the gold: `what` is "missed", "false" or the name of what is other about a hit."""

    passage: str
    what: str
    fact: Fact
    text: str
    wanted: object = None
    got: object = None

    def __str__(self) -> str:
        said = f": {shown(self.got)}, should be {shown(self.wanted)}" if self.what not in {"missed", "false"} else ""
        return f"{self.passage}  {self.what} {self.fact['kind']}{said}  {summary(self.fact)}\n    {self.evidence}"

    @property
    def evidence(self) -> str:
        """The sentence with the fact in «…»."""
        start, end = self.fact["start"], self.fact["end"]
        first, last = next(((a, b) for a, b in sentences(self.text) if a <= start < b), (start, end))
        marked = f"{self.text[first:start]}«{self.text[start:end]}»{self.text[end : max(last, end)]}"
        return " ".join(marked.split())


@dataclass(slots=True)
class Evaluation:
    """The result over some passages: tallies by kind and of frames ("end to end"), and all that was other.

    `attributes` holds for "count.role" and the like how many are right and how many were compared; `verdicts` for each
    kind the confidences of the found facts and whether these are right.
    """

    passages: int = 0
    kinds: dict[str, Tally] = field(default_factory=lambda: {kind: Tally() for kind in KINDS})
    frames: Tally = field(default_factory=Tally)
    same_span: Counter[str] = field(default_factory=Counter)
    attributes: dict[str, list[int]] = field(default_factory=dict)
    verdicts: dict[str, list[Verdict]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    differences: list[Difference] = field(default_factory=list)

    def add(self, gold: Fact, found: Iterable[Fact]) -> None:
        """Counts one passage: a gold record and what was found in its text.

        What hits or overlaps an optional fact of its kind counts neither way.
        """
        self.passages += 1
        name, text = str(gold.get("id", "")), gold.get("text", "")
        left = sorted((fact for fact in found if fact["kind"] in self.kinds), key=lambda fact: fact["start"])
        for wanted in gold["facts"]:
            match = next((fact for fact in left if is_hit(wanted, fact)), None)
            if match is not None:
                left = [fact for fact in left if fact is not match]
            if wanted.get("optional"):
                continue
            if match is None:
                self.kinds[wanted["kind"]].misses += 1
                self.frames.misses += is_framed(wanted)
                self.differences.append(Difference(name, "missed", wanted, text))
            else:
                self._hit(name, text, wanted, match)
        optional = [fact for fact in gold["facts"] if fact.get("optional")]
        for fact in left:
            if any(overlap(fact, other) for other in optional):
                continue
            self.kinds[fact["kind"]].alarms += 1
            self.frames.alarms += is_framed(fact)
            self._judge(fact, right=False)
            self.differences.append(Difference(name, "false", fact, text))

    def _hit(self, name: str, text: str, wanted: Fact, found: Fact) -> None:
        kind = wanted["kind"]
        self.kinds[kind].hits += 1
        self.same_span[kind] += (wanted["start"], wanted["end"]) == (found["start"], found["end"])
        self._judge(found, right=True)
        asked = list(BESIDE.get(kind, ()))
        if is_framed(wanted):
            asked += ["role", *FRAME] if kind == "count" else FRAME
            whole = all(_said(wanted, key) == _said(found, key) for key in FRAME)
            self.frames += Tally(hits=1) if whole else Tally(alarms=1, misses=1)
        for key in asked:
            right = _said(wanted, key) == _said(found, key)
            cell = self.attributes.setdefault(f"{kind}.{key}", [0, 0])
            cell[0] += right
            cell[1] += 1
            if not right:
                self.differences.append(Difference(name, key, wanted, text, wanted.get(key), found.get(key)))

    def _judge(self, fact: Fact, *, right: bool) -> None:
        if "confidence" in fact:
            self.verdicts[fact["kind"]].append((fact["confidence"], right))

    @property
    def all(self) -> Tally:
        """The kinds together."""
        return sum(self.kinds.values(), Tally())

    def record(self) -> dict[str, Any]:
        """Everything counted, for JSON."""
        tallies = self.kinds | {"all": self.all, "end to end": self.frames}
        said: dict[str, Any] = {"passages": self.passages}
        for name, tally in tallies.items():
            said[name] = {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1, "hits": tally.hits,
                          "alarms": tally.alarms, "misses": tally.misses}  # fmt: skip
        for kind in KINDS:
            said[kind]["same span"] = self.same_span[kind]
        said["attributes"] = {name: {"right": right, "of": of} for name, (right, of) in sorted(self.attributes.items())}
        said["calibration"] = {
            kind: {"error": calibration_error(told), "facts": len(told), "bins": calibration(told)}
            for kind, told in self.verdicts.items()
            if told
        }
        return said


def evaluate(pairs: Iterable[tuple[Fact, Iterable[Fact]]]) -> Evaluation:
    """The evaluation of gold records, each with the facts found in its text."""
    result = Evaluation()
    for gold, found in pairs:
        result.add(gold, found)
    return result


def is_hit(wanted: Fact, found: Fact) -> bool:
    """Whether a found fact is the gold's: the kind and value are the same and the spans overlap.

    Of a count's unit the head is enough, or one noun within the other.
    """
    if not overlap(wanted, found) or value(wanted) != value(found):
        return False
    if wanted["kind"] != "count":
        return True
    one, other = (_name(fact.get("unit") or "").split() for fact in (wanted, found))
    return bool(one and other) and (one[0] == other[0] or set(one) <= set(other) or set(other) <= set(one))


def overlap(one: Fact, other: Fact) -> bool:
    """Whether two facts of one kind share words."""
    return bool(one["kind"] == other["kind"] and one["start"] < other["end"] and other["start"] < one["end"])


def is_framed(fact: Fact) -> bool:
    """Whether a fact has a frame to be right about: money and model counts."""
    return fact["kind"] == "money" or (fact["kind"] == "count" and bool(fact.get("model")))


def value(fact: Fact) -> tuple[Any, ...]:
    """The normalised value, by kind, a count's noun apart."""
    get = fact.get
    if fact["kind"] == "date":
        return get("from"), get("to")
    if fact["kind"] == "place":
        return get("level"), *map(_name, get("path") or ())
    return get("value"), get("min"), get("max"), get("currency") if fact["kind"] == "money" else None


def summary(fact: Fact) -> str:
    """A fact's value in a line: "4664 mô hình", "district An Giang/Phú Tân", "2021-01-01 – 2021-12-31"."""
    if fact["kind"] == "date":
        return f"{fact.get('from') or '…'} – {fact.get('to') or '…'}"
    if fact["kind"] == "place":
        return f"{fact.get('level')} {'/'.join(fact.get('path') or ())}"
    number = fact.get("value") if fact.get("value") is not None else f"{fact.get('min')}–{fact.get('max')}"
    return f"{number} {fact.get('unit') if fact['kind'] == 'count' else fact.get('currency')}"


def shown(said: object) -> str:
    """A value as JSON writes it."""
    return json.dumps(said, ensure_ascii=False)


def _said(fact: Fact, key: str) -> object:
    """What a fact says beside its value, as it is compared: names plain, a missing `model` false."""
    said = fact.get(key)
    if key == "model":
        return bool(said)
    return said if said is None or key != "scope" else list(map(_name, said))


def _name(text: str) -> str:
    """A name without case, diacritics and punctuation."""
    folded = fold(unicodedata.normalize("NFC", text))
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split())


def calibration(told: Sequence[Verdict]) -> list[dict[str, float]]:
    """For each tenth in which confidences lie: how many, their mean (`sure`) and the share that is right."""
    bins: dict[int, list[Verdict]] = {}
    for verdict in told:
        bins.setdefault(min(int(verdict[0] * BINS), BINS - 1), []).append(verdict)
    return [
        {
            "from": number / BINS,
            "facts": len(one),
            "sure": sum(sure for sure, _ in one) / len(one),
            "right": sum(right for _, right in one) / len(one),
        }
        for number, one in sorted(bins.items())
    ]


def calibration_error(told: Sequence[Verdict]) -> float:
    """How far confidence and the share that is right lie apart in a bin, averaged over the bins by their size."""
    return sum(abs(one["sure"] - one["right"]) * one["facts"] for one in calibration(told)) / max(len(told), 1)


def gold_passages(lines: Iterable[str]) -> Iterator[tuple[Fact, Passage]]:
    """The records of a gold file with their passages; RecordError for a line whose facts are not its text's."""
    seen: set[object] = set()
    for record, passage in passages(lines):
        _check(record, passage.text)
        if record["id"] in seen:
            raise RecordError(f"passage {record['id']!r} is there twice")
        seen.add(record["id"])
        yield record, passage


def predictions(lines: Iterable[str]) -> dict[object, list[Fact]]:
    """The facts of a file of predictions by the id of their passage; RecordError for a line that is none."""
    found: dict[object, list[Fact]] = {}
    for number, line in enumerate(filter(str.strip, lines), 1):
        try:
            record = json.loads(line)
            _check(record)
        except (ValueError, TypeError) as error:
            raise RecordError(f"record {number}: {error}") from error
        if record["id"] in found:
            raise RecordError(f"passage {record['id']!r} is there twice")
        found[record["id"]] = record["facts"]
    return found


def _check(record: object, text: str | None = None) -> None:
    """RecordError where a record has no id or facts, or a fact no kind, span or, in `text`, not its words there."""
    if not (isinstance(record, dict) and isinstance(record.get("id"), str | int)):
        raise RecordError("not a record with an id")
    facts = record.get("facts")
    if not (isinstance(facts, list) and all(isinstance(fact, dict) for fact in facts)):
        raise RecordError(f"passage {record['id']!r} has no list of facts")
    for fact in facts:
        if wrong := _wrong(fact, text):
            raise RecordError(f"passage {record['id']!r}: {wrong}")


def _wrong(fact: Fact, text: str | None) -> str | None:
    """What of a fact cannot be compared, or is not as in `text`."""
    get = fact.get
    start, end, sure = get("start"), get("end"), get("confidence", 1.0)
    names = [said for key in ("path", "scope") if (said := get(key)) is not None]
    if not (isinstance(get("kind"), str) and isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        return f"a fact needs kind, start and end: {shown(fact)[:80]}"
    if not isinstance(sure, int | float) or not 0 <= sure <= 1:
        return f"a confidence is a number from 0 to 1, not {sure!r}"
    if not all(isinstance(said, list) and all(isinstance(name, str) for name in said) for said in names):
        return f"path and scope are lists of names: {shown(fact)[:80]}"
    if not isinstance(get("unit") or "", str):
        return f"a unit is a noun: {shown(fact)[:80]}"
    return _otherwise(fact, text) if text is not None else None


def _otherwise(fact: Fact, text: str) -> str | None:
    """What of a gold fact is not as in its text."""
    start, end = fact["start"], fact["end"]
    if fact["kind"] not in KINDS:
        return f"no kind {fact['kind']!r}, only {', '.join(KINDS)}"
    if end > len(text) or text[start:end] != fact.get("text", text[start:end]):
        return f"{start}–{end} reads {text[start:end]!r}, not {fact.get('text')!r}"
    return None
