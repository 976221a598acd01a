"""The dataset's tables as tables.toml tells them, and their rows, streamed out of a corpus in a stable order."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus.store import Corpus

TABLES = Path(__file__).parents[1] / "tables.toml"
LARGEST = 2**63 - 1024  # whole numbers beyond it are no int64

Rows = Iterator[tuple[Any, ...]]
CHOSEN = """WITH chosen (number, id, main) AS (SELECT key, value, 1 FROM json_each(?1)),
chosen_articles (id) AS (SELECT value FROM json_each(?1)) """


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column: its SQL, its type (tables.toml names them; a settled `figure` is integer or number), its words."""

    name: str
    sql: str
    type: str
    vi: str
    en: str
    joint: str = ""
    category: bool = False
    today: bool = False
    link: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the dataset: what to read, in which order, its keys and its fields."""

    name: str
    vi: str
    en: str
    source: str
    order: str
    key: tuple[str, ...]
    refer: dict[str, str]
    fields: tuple[Field, ...]

    @property
    def header(self) -> list[str]:
        """The fields' names."""
        return [field.name for field in self.fields]

    def settled(self, corpus: Corpus) -> Table:
        """The same table with each figure's type: integer where this corpus holds whole numbers only, else number."""
        figures = [field for field in self.fields if field.type == "figure"]
        if not figures:
            return self
        broken = ", ".join(
            f"max({field.sql} <> CAST({field.sql} AS INTEGER) OR abs({field.sql}) > {LARGEST})" for field in figures
        )
        found = tuple(corpus.conn.execute(f"SELECT {broken} FROM {self.source}").fetchone())
        types = {field.name: "number" if part else "integer" for field, part in zip(figures, found, strict=True)}
        fields = tuple(replace(field, type=types.get(field.name, field.type)) for field in self.fields)
        return replace(self, fields=fields)

    def count(self, corpus: Corpus) -> int:
        """How many rows there are."""
        return int(corpus.conn.execute(f"SELECT count(*) FROM {self.source}").fetchone()[0])

    def rows(self, corpus: Corpus, chosen: Sequence[int | str] | None = None) -> Rows:
        """The rows: days, moments, truths and lists as Python has them, objects as JSON text.

        `chosen` names the facts or articles, by id and in order, where the tables of `corpus.export.chosen` hold none.
        """
        columns = ", ".join(f'{field.sql} AS "{field.name}"' for field in self.fields)
        sql = f"SELECT {columns} FROM {self.source} ORDER BY {self.order}"
        cursor = corpus.conn.cursor()
        cursor.row_factory = None
        makers = [MAKERS.get(field.type) for field in self.fields]
        found = cursor.execute(sql) if chosen is None else cursor.execute(CHOSEN + sql, (json.dumps(chosen),))
        for row in found:
            yield tuple(
                cell if cell is None or make is None else make(cell) for make, cell in zip(makers, row, strict=True)
            )


def _moment(cell: str) -> datetime:
    return datetime.fromisoformat(cell).astimezone(UTC)


def _number(cell: float) -> int | float:
    return int(cell) if float(cell).is_integer() else cell


MAKERS: dict[str, Callable[[Any], Any]] = {
    "date": lru_cache(maxsize=10_000)(date.fromisoformat),
    "datetime": _moment,
    "boolean": bool,
    "integer": int,
    "number": _number,
    "list": json.loads,
}


def tables(*, today: bool = False) -> tuple[Table, ...]:
    """The dataset's tables, the main one first; `today` adds the columns of today's units."""
    return read_tables(TABLES, today=today)


@lru_cache(maxsize=4)
def read_tables(path: Path, *, today: bool = False) -> tuple[Table, ...]:
    """The tables that a TOML file tells, in its order."""
    with path.open("rb") as file:
        found = tomllib.load(file)
    return tuple(
        Table(
            name,
            table["vi"],
            table["en"],
            table["from"],
            table["order"],
            tuple(table["key"]),
            table.get("refer", {}),
            tuple(field for field in (Field(**said) for said in table["fields"]) if today or not field.today),
        )
        for name, table in found.items()
    )
