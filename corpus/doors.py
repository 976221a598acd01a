"""The doors of this room: the commands that need nothing but a corpus, and the options that every door shares."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from corpus.query import Query

Door = Callable[..., Any]
DAY = click.DateTime(["%Y-%m-%d"])


def with_db(door: Door) -> Door:
    """Gives a command --db."""
    return click.option(
        "--db",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="BAOTINH_DB",
        default="baotinh.db",
        show_default=True,
        help="The corpus file; the WARC files lie in a folder beside it. Also BAOTINH_DB.",
    )(door)


def as_day(ctx: click.Context, option: click.Parameter, moment: Any) -> date | None:  # noqa: ANN401
    """What click.DateTime gives, as a day."""
    return moment.date() if moment else None


FILTERS = (
    click.option("--kind", type=click.Choice(("date", "place", "count", "money")), help="Only facts of this kind."),
    click.option("--place", help="Only facts of this unit and all below it, such as 'An Giang' or 'An Giang/Phú Tân'."),
    click.option("--since", type=DAY, callback=as_day, help="Only articles published on this day or later."),
    click.option("--until", type=DAY, callback=as_day, help="Only articles published on this day or earlier."),
    click.option("--min", "low", type=float, help="Only figures of at least this value, in whole units."),
    click.option("--max", "high", type=float, help="Only figures of at most this value."),
)


def with_filters(door: Door) -> Door:
    """Gives a command the filters of `search`."""
    for option in reversed(FILTERS):
        door = option(door)
    return door


def query_of(words: tuple[str, ...], since: date | None, until: date | None, **wishes: Any) -> Query:  # noqa: ANN401
    """The query that WORDS and the filters make."""
    from corpus.query import Query, measure_of

    if wishes.get("measure"):
        wishes["measure"] = measure_of(wishes["measure"])
    days = {"since": since and since.isoformat(), "until": until and until.isoformat()}
    return Query.of({"words": " ".join(words)} | days | wishes)


@click.command()
@with_db
@click.argument("words", nargs=-1)
@with_filters
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many to print.")
@click.option("--format", "shape", type=click.Choice(("table", "json", "csv")), default="table", show_default=True)
def search(db: Path, words: tuple[str, ...], shape: str, **wishes: Any) -> None:  # noqa: ANN401
    """Search the facts: WORDS in the sentence (or else the article), with or without diacritics, and filters.

    Example: baotinh search "dân vận khéo" --kind count --place "An Giang"
    """
    from corpus import search as finding
    from corpus.report import FORMATS
    from corpus.store import open_corpus

    query = query_of(words, **wishes)
    with open_corpus(db, create=False) as corpus:
        click.echo(FORMATS[shape](finding.search(corpus, query)))


@click.command()
@with_db
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.argument("words", nargs=-1)
@with_filters
@click.option("--measure", help="Only figures of this measure.")
@click.option("--site", help="Only this paper, by its id in the catalogue.")
@click.option("--accepted", is_flag=True, help="Only what a person accepted or corrected.")
@click.option("--today", is_flag=True, help="Take --place by today's units, and add the columns of today's units.")
@click.option("--copies", type=click.Choice(("once", "all")), default="once", show_default=True,
              help="Whether an article that several papers run goes out once or each time.")  # fmt: skip
@click.option(
    "--format", "shape", type=click.Choice(("csv", "xlsx", "parquet", "jsonl")), default="csv", show_default=True
)
def export(
    db: Path,
    folder: Path,
    words: tuple[str, ...],
    shape: str,
    accepted: bool,
    copies: str,
    **wishes: Any,  # noqa: ANN401
) -> None:
    """Write the dataset's tables into DIR: everything, or what WORDS and filters find as `search` does.

    Example: baotinh export dataset "dân vận khéo" --place "An Giang" --format xlsx
    """
    from corpus.export import export as write
    from corpus.store import open_corpus

    query = query_of(words, copies=copies == "all", **wishes)
    with open_corpus(db, create=False) as corpus:
        for file, rows in write(corpus, folder, shape, query, accepted=accepted):
            click.echo(f"  {rows:>8,}  {file}" if rows else f"  {'':>8}  {file}")


@click.command()
@with_db
@click.option("--measure", help="Only this measure, such as mo_hinh_dan_van_kheo or 'mô hình dân vận khéo'.")
@click.option("--place", help="Only figures that speak for this unit or one below it, such as 'An Giang'.")
@click.option("--since", type=DAY, callback=as_day, help="Only articles published on this day or later.")
@click.option("--until", type=DAY, callback=as_day, help="Only articles published on this day or earlier.")
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
        click.echo(FORMATS[shape](FINDERS[kind or "all"](corpus, query_of((), **wishes))))


@click.command()
@with_db
@click.argument("measure")
@click.option("--rows", default="province", show_default=True, help="What goes down, such as province, unit or role.")
@click.option("--columns", default="year", show_default=True, help="What goes across, such as year, month or role.")
@click.option("--today", is_flag=True, help="Group provinces by the provinces of today.")
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
def table(db: Path, measure: str, shape: str, out: Path | None, **wishes: Any) -> None:  # noqa: ANN401
    """Print a pivot table of the figures of MEASURE; every cell's figures stay in `baotinh export`.

    Example: baotinh table "mô hình dân vận khéo" --rows province --columns year --today
    """
    from corpus.frames import WRITTEN, note, pivot

    if shape == "xlsx" and out is None:
        raise click.UsageError("--format xlsx needs --out FILE")
    made = pivot(db, measure, **wishes)
    said = WRITTEN[shape](made, out)
    if said:
        click.echo(said)
    click.echo(note(made), err=shape == "csv" and out is None)


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
@click.option("--port", type=click.IntRange(0, 65535), default=8808, show_default=True, help="0 takes a free one.")
def serve(db: Path, port: int) -> None:
    """Open the corpus as web pages on 127.0.0.1.

    Example: baotinh serve --port 8808
    """
    from corpus.web.app import run

    run(db, port, announce=lambda url: click.echo(f"{url}  (Ctrl-C stops it)"))


@click.command()
@with_db
@click.argument("fact", type=int, required=False)
@click.argument("decision", type=click.Choice(("accept", "correct", "reject", "open")), required=False)
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="What is other, in JSON: value=4664.")
@click.option("--note", default="", help="Why.")
@click.option("--by", default=getpass.getuser, help="Who decides.  [default: your login]")
def review(db: Path, fact: int | None, decision: str | None, changes: tuple[str, ...], note: str, by: str) -> None:
    """Decide on FACT (accept, correct, reject, or open again); without it, list the least certain facts.

    Example: baotinh review 17 correct --set value=4664 --note "misprint"
    """
    from corpus.report import as_queue
    from corpus.review import decide, queue
    from corpus.store import open_corpus

    if (fact is None) != (decision is None):
        raise click.UsageError("a decision needs a FACT, and a FACT a decision: accept, correct, reject or open")
    with open_corpus(db, create=False) as corpus:
        if fact is None:
            click.echo(as_queue(queue(corpus)))
            return
        try:
            correction = dict(_change(change) for change in changes)
            decide(corpus, fact, decision, who=by, note=note, correction=correction or None)  # type: ignore[arg-type]
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"fact {fact}: {decision} by {by}")


def _change(said: str) -> tuple[str, Any]:
    """KEY=VALUE, the value as JSON or, where it is none, as the words it is."""
    key, _, value = said.partition("=")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


DOORS = (search, review, observations, table, export, import_, serve)
