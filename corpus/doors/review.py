"""The door of decisions: what to decide on, and a person's word on a fact."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import click

from corpus.doors.options import as_text, with_db


@click.command()
@with_db
@click.argument("fact", type=int, required=False)
@click.argument("decision", type=click.Choice(("accept", "correct", "reject", "open")), required=False)
@click.option(
    "--set", "changes", multiple=True, callback=as_text, metavar="KEY=VALUE", help="What is other, in JSON: value=4664."
)
@click.option("--note", default="", callback=as_text, help="Why.")
@click.option("--by", default=getpass.getuser, callback=as_text, help="Who decides.  [default: your login]")
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


DOORS = (review,)
