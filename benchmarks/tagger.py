"""What underthesea's tagger would add to the rules: places by its named entities, nouns that counting does not know.

    python benchmarks/tagger.py [GOLD.jsonl …]        (needs the extra "tagger"; the project's own gold by default)

Places are compared by span alone, the easiest measure for the tagger; nouns by whether it calls a counted noun one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click
from tabulate import tabulate
from underthesea import ner, pos_tag

from extract.facts import Span
from extract.language import read
from extract.passage import Passage
from extract.text import sentences

GOLD = sorted((Path(__file__).parents[1] / "tests" / "gold").glob("*.jsonl"))
WORDS = 8  # syllables after a number that the tagger sees


def tagged_places(text: str) -> list[Span]:
    """The spans that the tagger calls LOC, found again in the text word by word."""
    spans: list[Span] = []
    for start, end in sentences(text):
        at = start
        for word, _, _, tag in ner(text[start:end]):
            found = text.find(word, at, end)
            if found < 0:
                continue
            at = found + len(word)
            if tag == "I-LOC" and spans and spans[-1][1] >= found - 1:
                spans[-1] = (spans[-1][0], at)
            elif tag.endswith("LOC"):
                spans.append((found, at))
    return spans


def overlap_f1(gold: Sequence[Span], found: Sequence[Span]) -> tuple[int, int, int]:
    """Gold spans met by a found one, found ones that meet none, gold ones met by none."""
    met = sum(any(a < y and x < b for x, y in found) for a, b in gold)
    false = sum(not any(a < y and x < b for a, b in gold) for x, y in found)
    return met, false, len(gold) - met


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def main(files: tuple[Path, ...]) -> None:
    """Prints both measurements as tables."""
    records = [json.loads(line) for file in files or GOLD for line in file.read_text(encoding="utf-8").splitlines()]
    started = time.perf_counter()
    readings = list(read(map(Passage.of, records)))
    sums = {"rules": [0, 0, 0, time.perf_counter() - started], "tagger": [0, 0, 0, 0.0]}
    nouns = []
    for record, reading in zip(records, readings, strict=True):
        places = [fact for fact in record["facts"] if fact["kind"] == "place"]
        wanted = [(fact["start"], fact["end"]) for fact in places]
        started = time.perf_counter()
        tagged = tagged_places(record["text"])
        sums["tagger"][3] += time.perf_counter() - started
        ruled = [fact.span for fact in reading.facts if fact.kind == "place"]
        for name, found in (("rules", ruled), ("tagger", tagged)):
            sums[name][:3] = [a + b for a, b in zip(sums[name][:3], overlap_f1(wanted, found), strict=True)]
        for fact in reading.facts:
            if fact.rule == "count.unknown":
                words = " ".join(record["text"][fact.start :].split()[:WORDS])
                right = any(
                    g["kind"] == "count" and g["start"] < fact.end and fact.start < g["end"] for g in record["facts"]
                )
                tags = pos_tag(words)
                nouns.append((words, tags[1][1] if len(tags) > 1 else "", "count" if right else "none"))
    rows = [(name, tp, fp, fn, 2 * tp / (2 * tp + fp + fn), seconds) for name, (tp, fp, fn, seconds) in sums.items()]
    click.echo(
        tabulate(
            rows, headers=("places", "met", "false", "missed", "F1", "seconds (rules: of all kinds)"), floatfmt=".3f"
        )
    )
    click.echo("\n" + tabulate(nouns, headers=("a noun that counting does not know", "tag", "gold")))


if __name__ == "__main__":
    main()
