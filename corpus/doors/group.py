"""The group of all doors: how they are told of, and how they fail."""

from __future__ import annotations

import sqlite3
from typing import Any

import click

from corpus.schema import CorpusError, mendable

# As README has them; what is in none comes last.
SECTIONS = {
    "Collect": ("demo", "sites", "refresh", "ingest"),
    "Extract": ("extract", "clean", "annotate"),
    "Look": ("search", "new", "searches", "observations", "table", "serve", "users"),
    "Decide": ("review",),
    "Take away": ("export", "import"),
    "Keep safe": ("backup", "check", "verify", "compact"),
    "Measure": ("gold", "evaluate"),
}
FIRST_SENTENCE = 200  # characters at most


class Doors(click.Group):
    """A group whose commands end with one line and status 1 where a file, a site or a corpus is at fault."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Runs the command; what a user can mend is said in one line, everything else is a defect and shows itself."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # `baotinh … | head`: click ends quietly
            raise
        except (CorpusError, OSError) as error:
            raise click.ClickException(str(error)) from error
        except sqlite3.DatabaseError as error:
            if not mendable(error):
                raise
            raise click.ClickException(f"the corpus cannot be read or written: {error}") from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by what they are for, each with the whole first sentence of its help."""
        named = {name for names in SECTIONS.values() for name in names}
        others = tuple(name for name in self.list_commands(ctx) if name not in named)
        for title, names in (SECTIONS | {"Others": others}).items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name, door.get_short_help_str(FIRST_SENTENCE)) for name, door in found if door is not None]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
