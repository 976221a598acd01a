"""The doors of this room: the commands that need neither a database nor the network."""

from __future__ import annotations

import json
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from tabulate import tabulate

if TYPE_CHECKING:
    from extract.evaluation import Evaluation

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
def clean(files: tuple[Path, ...]) -> None:
    """Print each page or text file as an article, one JSON object a line.

    Example: baotinh clean saved-page.html
    """
    from extract.article import clean_file

    for file in files:
        try:
            article = clean_file(file)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        click.echo(json.dumps({"file": str(file)} | article.record(), ensure_ascii=False))


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.File(encoding="utf-8"))
def annotate(source: TextIO) -> None:
    """Print records (id, text, title, published, source, province) with the facts found in them, as JSON Lines.

    Example: baotinh annotate passages.jsonl
    """
    from extract.language import read, records
    from extract.passage import RecordError, passages

    try:
        given, texts = tee(passages(source))
        for (record, _), reading in zip(given, read(passage for _, passage in texts), strict=True):
            facts = {"text": reading.passage.text, "facts": records(reading)}
            click.echo(json.dumps(record | facts, ensure_ascii=False))
    except RecordError as error:
        raise click.ClickException(f"{source.name}: {error}") from error


@click.command()
@click.argument("gold", metavar="GOLD.jsonl", type=click.File(encoding="utf-8"))
@click.argument("predicted", metavar="[PREDICTIONS.jsonl]", required=False, type=click.File(encoding="utf-8"))
@click.option(
    "--errors", is_flag=True, help="List what was missed, falsely found or otherwise said, with its sentence."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(gold: TextIO, predicted: TextIO | None, errors: bool, as_json: bool) -> None:
    """Score PREDICTIONS, or what the rules find now, against GOLD; both as `baotinh annotate` prints.

    A fact is a hit where kind and value are the same and the spans overlap. End to end is the F1 of money and model
    counts of which place and period are right as well.

    Example: baotinh evaluate decided.jsonl --errors
    """
    from extract.evaluation import evaluate as score
    from extract.evaluation import gold_passages, predictions
    from extract.language import read, records
    from extract.passage import RecordError

    file = gold
    try:
        rows = list(gold_passages(gold))
        if predicted is not None:
            file = predicted
            by_id = predictions(predicted)
            if missing := [row["id"] for row, _ in rows if row["id"] not in by_id]:
                said = f"{len(missing)} of {len(rows)} passages have no prediction, the first is {missing[0]}"
                click.echo(f"{predicted.name}: {said}; their facts count as missed", err=True)
            found = (by_id.get(row["id"], []) for row, _ in rows)
        else:
            found = (records(reading) for reading in read(passage for _, passage in rows))
    except RecordError as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    if not rows:
        raise click.ClickException(f"{gold.name}: no passage in it")
    result = score(zip((row for row, _ in rows), found, strict=True))
    if errors:
        for difference in result.differences:
            click.echo(str(difference), err=as_json)
    click.echo(json.dumps(result.record(), ensure_ascii=False) if as_json else _table(result))


def _table(result: Evaluation) -> str:
    """The figures of an evaluation for a terminal."""
    from extract.evaluation import calibration, calibration_error

    lines = [
        (
            name,
            *(f"{rate:.3f}" for rate in (tally.precision, tally.recall, tally.f1)),
            tally.hits,
            tally.alarms,
            tally.misses,
            result.same_span.get(name, ""),
            f"{calibration_error(told):.3f}" if (told := result.verdicts.get(name)) else "",
        )
        for name, tally in (result.kinds | {"all": result.all, "end to end": result.frames}).items()
    ]
    headers = ("", "precision", "recall", "F1", "right", "false", "missed", "same span", "confidence off by")
    parts = [str(tabulate(lines, headers=headers, disable_numparse=True))]
    if result.attributes:
        shares = [(name, f"{right}/{of}") for name, (right, of) in sorted(result.attributes.items())]
        parts.append(str(tabulate(shares, headers=("right beside the value", ""), disable_numparse=True)))
    if told := [verdict for verdicts in result.verdicts.values() for verdict in verdicts]:
        bins = [
            (f"{one['from']:.1f}", int(one["facts"]), f"{one['sure']:.3f}", f"{one['right']:.3f}")
            for one in calibration(told)
        ]
        head = ("confidence from", "facts", "told sure", "right")
        parts.append(str(tabulate(bins, headers=head, disable_numparse=True)))
    return "\n\n".join([*parts, f"{result.passages} passages"])


DOORS = (clean, annotate, evaluate)
