"""The doors of this room: the option that gives a command its catalogue, and `baotinh sites`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from tabulate import tabulate

from crawler.sites import CATALOGUE, Site, choose, load

Door = Callable[..., Any]


def with_catalogue(door: Door) -> Door:
    """Gives a command --catalogue, and the sites in it as `catalogue`."""
    return click.option(
        "--catalogue",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar="BAOTINH_CATALOGUE",
        callback=_sites,
        help="Another catalogue than crawler/sites.toml. Also BAOTINH_CATALOGUE.",
    )(door)


def _sites(ctx: click.Context, _option: click.Parameter, path: Path | None) -> list[Site]:
    """The sites of a file; `ctx.meta["catalogue"]` keeps which, for a command that hands it on."""
    ctx.meta["catalogue"] = path
    try:
        return load(path or CATALOGUE)
    except ValueError as error:
        raise click.BadParameter(f"{path}: {error}") from error


def chosen(catalogue: list[Site], ids: Iterable[str], province: str | None) -> list[Site]:
    """The sites that a user named; what the catalogue does not have is wrong usage."""
    try:
        return choose(catalogue, ids, province)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@click.group("sites", invoke_without_command=True)
@with_catalogue
@click.option("--province", help="Only papers of this province, named as before or after July 2025.")
@click.pass_context
def list_sites(ctx: click.Context, catalogue: list[Site], province: str | None) -> None:
    """List the newspapers and portals of the catalogue.

    Example: baotinh sites --province "An Giang"
    """
    ctx.obj = found = chosen(catalogue, (), province)
    if ctx.invoked_subcommand is None:
        rows = [(site.id, site.name, site.province, site.province_2024, site.home) for site in found]
        click.echo(tabulate(rows, headers=("id", "name", "province", "before July 2025", "home page")))
