"""The doors of care: a copy while in use, and getting room back."""

from __future__ import annotations

from pathlib import Path

import click

from corpus.doors.options import with_db


@click.command()
@with_db
@click.argument("file", type=click.Path(path_type=Path))
def backup(db: Path, file: Path) -> None:
    """Copy the corpus to FILE as it is at this moment, while others read and write.

    Example: baotinh backup baotinh-2026-11-21.db
    """
    from corpus.care import backup as copy
    from corpus.store import open_corpus

    with open_corpus(db, create=False) as corpus:
        click.echo(f"  {copy(corpus, file):,} bytes in {file}")
        if corpus.archive.is_dir():
            click.echo(f"  the archived pages are not in it: copy the folder {corpus.archive} as well")


@click.command()
@with_db
def compact(db: Path) -> None:
    """Give unused room back, rebuild the full text, and refresh the statistics that make searches quick.

    Example: baotinh compact
    """
    from corpus.care import compact as shrink
    from corpus.store import open_corpus

    with open_corpus(db, create=False) as corpus:
        won = shrink(corpus)
    click.echo(f"  {abs(won):,} bytes {'won' if won >= 0 else 'more, for statistics and full text'}")


DOORS = (backup, compact)
