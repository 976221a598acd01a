"""The doors through which a dataset goes out and comes in."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from corpus.doors.options import as_text, query_of, with_db, with_filters


@click.command()
@with_db
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.argument("words", nargs=-1, callback=as_text)
@with_filters()
@click.option("--accepted", is_flag=True, help="Only what a person accepted or corrected.")
@click.option(
    "--format", "shape", type=click.Choice(("csv", "xlsx", "parquet", "jsonl")), default="csv", show_default=True
)
def export(
    db: Path, folder: Path, words: tuple[str, ...], shape: str, accepted: bool, **wishes: Any  # noqa: ANN401
) -> None:  # fmt: skip
    """Write the dataset's tables into DIR: everything, or what WORDS and filters find as `search` does.

    Example: baotinh export dataset "dân vận khéo" --place "An Giang" --format xlsx
    """
    from corpus.export import export as write
    from corpus.store import open_corpus

    with open_corpus(db, create=False) as corpus:
        query = query_of(corpus, words, **wishes)
        for file, rows in write(corpus, folder, shape, query, accepted=accepted):
            click.echo(f"  {rows:>8,}  {file}" if rows else f"  {'':>8}  {file}")


@click.command("import")
@with_db
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_(db: Path, folder: Path) -> None:
    """Read an exported jsonl or parquet dataset, with its reviews, into the corpus; nothing twice.

    Example: baotinh import dataset --db mine.db
    """
    from corpus.merge import merge
    from corpus.store import open_corpus

    with open_corpus(db) as corpus:
        merged = merge(corpus, folder)
    for name, number in merged.counts().items():
        click.echo(f"  {number:>8,}  {name}")
    for title, lines in (("conflicts of decisions", merged.conflicts), ("left out", merged.left)):
        for line in lines:
            click.echo(f"{title}: {line}")


@click.command()
@with_db
def gold(db: Path) -> None:
    """Print the passages of which people decided on every fact, as gold for `baotinh evaluate`, one a line.

    Example: baotinh gold > decided.jsonl && baotinh evaluate decided.jsonl
    """
    from corpus.gold import gold_records
    from corpus.store import open_corpus

    left_out: Counter[str] = Counter()
    number = 0
    with open_corpus(db, create=False) as corpus:
        for record in gold_records(corpus, left_out):
            number += 1
            click.echo(json.dumps(record, ensure_ascii=False))
    click.echo(f"{number:,} passages", err=True)
    for why, left in left_out.items():
        click.echo(f"{left:,} left out: {why}", err=True)


DOORS = (export, import_, gold)
