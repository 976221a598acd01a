"""The doors of this room: the commands that need neither a database nor the network."""

from __future__ import annotations

import json
from itertools import tee
from pathlib import Path
from typing import TextIO

import click

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


DOORS = (clean, annotate)
