"""The options that doors share: the corpus file, the filters of a search, and the query that these make."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from extract.facts import Kind, Level, Qualifier

if TYPE_CHECKING:
    from corpus.query import Query
    from corpus.store import Corpus

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


def as_text(ctx: click.Context, option: click.Parameter, said: Any) -> Any:  # noqa: ANN401
    """A text, or several, that can be looked for: what is no Unicode is wrong usage."""
    for part in said if isinstance(said, tuple) else (said or "",):
        if any("\ud800" <= sign <= "\udfff" for sign in part):
            raise click.BadParameter("not written in UTF-8")
    return said


def as_number(ctx: click.Context, option: click.Parameter, number: float | None) -> float | None:
    """A number that others can be compared with."""
    if number is not None and not math.isfinite(number):
        raise click.BadParameter("not a number that others can be compared with")
    return number


def _choice(values: Any) -> click.Choice[str]:  # noqa: ANN401
    return click.Choice(values)


def _text(*names: str, help: str) -> Door:
    def given(ctx: click.Context, option: click.Parameter, said: str | None) -> str | None:
        return as_text(ctx, option, said) or None  # an empty text asks for nothing

    return click.option(*names, callback=given, help=help)


def _number(*names: str, help: str) -> Door:
    return click.option(*names, type=float, callback=as_number, help=help)


def _day(*names: str, help: str) -> Door:
    return click.option(*names, type=DAY, callback=as_day, metavar="YYYY-MM-DD", help=help)


# By the field of the query that each sets, in the order of the help.
FILTERS: dict[str, Door] = {
    "kind": click.option("--kind", type=_choice(get_args(Kind)), help="Only facts of this kind."),
    "place": _text("--place", help="Only what is of this unit and all below it: 'An Giang', 'An Giang/Phú Tân'."),
    "today": click.option("--today", is_flag=True, help="Take --place by today's units (export: add their columns)."),
    "level": click.option("--level", type=_choice(get_args(Level)), help="Only places of this level."),
    "measure": _text("--measure", help="Only figures of this measure: mo_hinh_dan_van_kheo, 'nhà đại đoàn kết'."),
    "role": _text("--role", help="Only figures of this role: recognised, raised, 'biểu dương'."),
    "unit": _text("--unit", help="Only counts of this noun: 'mô hình', 'căn nhà'."),
    "qualifier": click.option("--qualifier", type=_choice(get_args(Qualifier)), help="Only figures told so."),
    "site": _text("--site", help="Only this paper, by its id or name."),
    "province": _text("--province", help="Only papers of this province, as named on the day of publication."),
    "since": _day("--since", help="Only articles published on this day or later."),
    "until": _day("--until", help="Only articles published on this day or earlier."),
    "first": _day("--from", "first", help="Only dates and periods that reach into the days from this one on."),
    "last": _day("--to", "last", help="Only dates and periods that begin on this day or earlier."),
    "low": _number("--min", "low", help="Only figures of at least this value, in whole units."),
    "high": _number("--max", "high", help="Only figures of at most this value."),
    "confidence": click.option(
        "--confidence", type=click.FloatRange(0, 1), help="Only facts of which the rules are so sure or surer."
    ),
    "state": click.option(
        "--state",
        type=_choice(("open", "accept", "correct", "reject", "decided")),
        help="Only what nobody decided on, what was accepted, corrected, rejected, or any of these three.",
    ),
    "copies": click.option(
        "--copies",
        type=_choice(("once", "all")),
        default="once",
        show_default=True,
        help="Whether what several papers copied is told once or each time.",
    ),
}


def with_filters(*names: str) -> Callable[[Door], Door]:
    """Gives a command the filters of these names, or all of them."""

    def give(door: Door) -> Door:
        for name in reversed(names or list(FILTERS)):
            door = FILTERS[name](door)
        return door

    return give


def query_of(corpus: Corpus, words: tuple[str, ...] = (), **wishes: Any) -> Query:  # noqa: ANN401
    """The query that WORDS and the filters make; a name of which there is nothing is wrong usage."""
    from corpus.named import named
    from corpus.query import Query

    days = {name: day.isoformat() for name, day in wishes.items() if isinstance(day, date)}
    copies = {"copies": wishes["copies"] == "all"} if "copies" in wishes else {}
    try:
        return named(corpus, Query.of({"words": " ".join(words)} | wishes | days | copies))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def say(text: str) -> None:
    """Prints a text, and nothing where there is none (not an empty line)."""
    if text:
        click.echo(text)


def tell(problems: Iterable[str]) -> None:
    """Prints problems as they are found and ends with status 1, or 0 where there are none."""
    number = 0
    for problem in problems:
        number += 1
        click.echo(problem)
    click.echo(f"problems: {number:,}" if number else "all is well")
    sys.exit(1 if number else 0)
