"""The doors of looking: search, saved searches, and what is new for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from corpus.doors.options import as_text, query_of, say, with_db, with_filters

SHAPES = ("table", "long", "json", "csv")
NONE = "no search is saved; `baotinh search … --save NAME` saves one"


@click.command()
@with_db
@click.argument("words", nargs=-1, callback=as_text)
@with_filters()
@click.option(
    "--sort", type=click.Choice(("relevance", "date", "value")), help="[default: relevance of WORDS, or date]"
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many to print.")
@click.option("--page", type=click.IntRange(min=1), help="Which page of so many; the first is 1.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="How many to leave out before the first.")
@click.option("--facets", is_flag=True, help="Count by kind, paper, province, year, measure and role instead.")
@click.option("--save", "name", callback=as_text, help="Keep the search under this name for `baotinh new`.")
@click.option("--format", "shape", type=click.Choice(SHAPES), default="table", show_default=True)
def search(
    db: Path, words: tuple[str, ...], page: int | None, facets: bool, name: str | None, shape: str,
    **wishes: Any,  # noqa: ANN401
) -> None:  # fmt: skip
    """Search the facts: WORDS in the sentence (or else the article), with or without diacritics, and filters.

    Words are joined by AND; "…" is a phrase, tom* a prefix, OR and a leading minus do what they say (put -- before
    the words where one begins with a minus).

    Example: baotinh search "dân vận khéo" --kind count --place "An Giang" --from 2021-01-01 --to 2021-12-31
    """
    from corpus import report
    from corpus import search as finding
    from corpus.saved import save_search
    from corpus.store import open_corpus

    if page and wishes["offset"]:
        raise click.UsageError("either --page or --offset, not both")
    wishes["offset"] = wishes["limit"] * (page - 1) if page else wishes["offset"]
    with open_corpus(db, create=False) as corpus:
        query = query_of(corpus, words, **wishes)
        found = finding.search(corpus, query)
        say((report.FACET_FORMATS if facets else report.FORMATS)[shape](found))
        if name is not None:
            try:
                save_search(corpus, name, query)
            except ValueError as error:
                raise click.UsageError(str(error)) from error
            click.echo(f"saved; `baotinh new {json.dumps(name, ensure_ascii=False)}` tells what comes", err=True)


@click.command()
@with_db
@click.argument("name", required=False, callback=as_text)
@click.option("--keep", is_flag=True, help="Only look: tell the same again next time.")
@click.option("--format", "shape", type=click.Choice(SHAPES), default="table", show_default=True)
def new(db: Path, name: str | None, keep: bool, shape: str) -> None:
    """Print what a saved search, or each of them, finds that was not there last time.

    Example: baotinh new "dân vận khéo"
    """
    from corpus.report import FORMATS
    from corpus.saved import new_facts, saved_search, saved_searches
    from corpus.store import open_corpus
    from corpus.where import CAP

    with open_corpus(db, create=False) as corpus:
        try:
            wanted = [saved_search(corpus, name)] if name is not None else saved_searches(corpus)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        if not wanted:
            click.echo(NONE, err=True)
        for saved in wanted:
            found = new_facts(corpus, saved.name, seen=not keep, limit=CAP)
            more = "more than " if found.more else ""
            click.echo(f"{saved.name}: {more}{found.total:,} new since {saved.seen_at}", err=shape in {"json", "csv"})
            if found.rows:
                say(FORMATS[shape](found))


@click.command()
@with_db
@click.option("--forget", "name", callback=as_text, help="Drop the search of this name.")
def searches(db: Path, name: str | None) -> None:
    """List the saved searches, with what each asks and how much is new.

    Example: baotinh searches --forget "dân vận khéo"
    """
    from corpus.report import as_searches
    from corpus.saved import forget_search, new_facts, saved_searches
    from corpus.store import open_corpus

    with open_corpus(db, create=False) as corpus:
        if name is not None:
            try:
                forget_search(corpus, name)
            except ValueError as error:
                raise click.UsageError(str(error)) from error
        if saved := saved_searches(corpus):
            click.echo(as_searches([(one, new_facts(corpus, one.name, seen=False)) for one in saved]))
        else:
            click.echo(NONE, err=True)


DOORS = (search, new, searches)
