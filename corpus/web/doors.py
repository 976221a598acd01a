"""The doors of the web pages' people: who may sign in, and tokens for programs."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from corpus.doors import with_db
from corpus.users import ROLES

ASKED = click.option(
    "--password",
    envvar="BAOTINH_PASSWORD",
    help="The password; asked for where it is not given. Also BAOTINH_PASSWORD.",
)


@click.group()
def users() -> None:
    """Say who may sign in to the web pages.

    Example: baotinh users add thu --role reviewer
    """


@users.command("add")
@with_db
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="Each may do what those before it may.")
@ASKED
def add(db: Path, name: str, role: str, password: str | None) -> None:
    """Add NAME, or give a known one another role or password.

    Example: baotinh users add thu --role reviewer
    """
    from corpus.store import open_corpus
    from corpus.users import save_user

    if password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with open_corpus(db) as corpus:
        new = save_user(corpus, name, role, password)  # type: ignore[arg-type]
    click.echo(f"{name}: {'added' if new else 'changed'}, {role}")


@users.command("list")
@with_db
def list_users(db: Path) -> None:
    """List the users, their roles, and whether they can sign in.

    Example: baotinh users list
    """
    from corpus.store import open_corpus
    from corpus.users import users as known

    with open_corpus(db, create=False) as corpus:
        for user in known(corpus):
            click.echo(f"{user.name}  {user.role}{'' if user.signs_in else '  (no password: cannot sign in)'}")


@users.command("lock")
@with_db
@click.argument("name")
def lock(db: Path, name: str) -> None:
    """Take the password of NAME away: open sessions end, decisions stay.

    Example: baotinh users lock thu
    """
    from corpus.store import open_corpus
    from corpus.users import lock_user

    with open_corpus(db, create=False) as corpus:
        lock_user(corpus, name)
    click.echo(f"{name}: locked")


@users.command("token")
@with_db
@click.argument("name", required=False)
def token(db: Path, name: str | None) -> None:
    """Print a token with which a program of NAME (yourself, where nobody signs in) may ask the JSON API for a year.

    Example: curl -H "Authorization: Bearer $(baotinh users token)" http://127.0.0.1:8808/api/v1/facts
    """
    from corpus.store import CorpusError, open_corpus
    from corpus.users import fingerprint
    from corpus.web.session import secret_of, signed

    with open_corpus(db, create=False) as corpus:
        mark = fingerprint(corpus, name) if name else None
        if name and mark is None:
            raise CorpusError(f"there is no user {name!r} who can sign in; `baotinh users list` names them")
    click.echo(signed(secret_of(db), name or getpass.getuser(), mark, "token"))
