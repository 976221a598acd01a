"""The doors of figures: what each speaks for, what contradicts what, series, and pivot tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.doors.options import as_text, query_of, say, with_db, with_filters

if TYPE_CHECKING:
    from corpus.frames import How


@click.command()
@with_db
@with_filters("measure", "role", "place", "today", "since", "until")
@click.option("--conflicts", "kind", flag_value="conflicts", help="Pairs of articles that contradict one another.")
@click.option("--series", "kind", flag_value="series", help="What articles tell of one measure and place over time.")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True, help="How many; 0 is all.")
@click.option("--format", "shape", type=click.Choice(("table", "json", "csv")), default="table", show_default=True)
def observations(db: Path, kind: str | None, shape: str, **wishes: Any) -> None:  # noqa: ANN401
    """Print figures with what they speak for: place, period, role; or their conflicts and series.

    Example: baotinh observations --place "An Giang" --series
    """
    from corpus.observations import FINDERS, FORMATS
    from corpus.store import open_corpus

    with open_corpus(db, create=False) as corpus:
        say(FORMATS[shape](FINDERS[kind or "all"](corpus, query_of(corpus, **wishes))))


@click.command()
@with_db
@click.argument("measure", callback=as_text)
@click.option("--rows", default="province", show_default=True, help="What goes down, such as province, unit or role.")
@click.option("--columns", default="year", show_default=True, help="What goes across, such as year, month or role.")
@click.option("--today", is_flag=True, help="Group provinces by the provinces of today, and take --place so.")
@with_filters("role", "place", "site", "province", "since", "until", "qualifier")
@click.option("--accepted", is_flag=True, help="Only figures that a person accepted or corrected.")
@click.option(
    "--how",
    type=click.Choice(("max", "sum", "last", "count")),
    default="max",
    show_default=True,
    help="What a cell holds: the largest figure told, their sum, the one published last, their number.",
)
@click.option("--format", "shape", type=click.Choice(("table", "csv", "xlsx")), default="table", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; xlsx needs one.")
def table(
    db: Path,
    measure: str,
    rows: str,
    columns: str,
    accepted: bool,
    how: How,
    shape: str,
    out: Path | None,
    **wishes: Any,  # noqa: ANN401
) -> None:
    """Print a pivot table of the figures of MEASURE; every cell's figures stay in `baotinh export`.

    Example: baotinh table "mô hình dân vận khéo" --rows province --columns year --today
    """
    from corpus.frames import WRITTEN, note, pivot
    from corpus.store import open_corpus

    if shape == "xlsx" and out is None:
        raise click.UsageError("--format xlsx needs --out FILE")
    with open_corpus(db, create=False) as corpus:
        query = query_of(corpus, measure=measure, **wishes)
    made = pivot(
        db,
        query.measure or measure,
        rows=rows,
        columns=columns,
        today=query.today,
        how=how,
        query=query,
        accepted=accepted,
    )
    said = WRITTEN[shape](made, out)
    if said:
        click.echo(said)
    click.echo(note(made), err=shape == "csv" and out is None)


DOORS = (observations, table)
