"""Export: the dataset's tables, streamed into CSV, XLSX, Parquet or JSON Lines beside a Frictionless datapackage."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from corpus.export import package
from corpus.export.chosen import chosen
from corpus.export.parquet import write_parquet
from corpus.export.tables import Rows, Table, tables
from corpus.export.text_files import write_csv, write_jsonl
from corpus.export.xlsx import check_rows, write_xlsx
from corpus.query import Query
from corpus.store import Corpus

__all__ = ["SHAPES", "Written", "export", "tables"]

BOOK = "baotinh.xlsx"
WRITERS: dict[str, Callable[[Table, Rows, Path], int]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
}
SHAPES = ("csv", "xlsx", "parquet", "jsonl")
EVERYTHING = Query()


class Written(NamedTuple):
    """A file of the dataset and how many rows of tables it holds (0 for what lies beside them)."""

    file: str
    rows: int


def export(
    corpus: Corpus, folder: Path, shape: str, query: Query = EVERYTHING, *, accepted: bool = False
) -> Iterator[Written]:
    """Writes the facts that a query finds, with all that belongs to them, into `folder` as one of SHAPES.

    The query's order and limit do not count; `today` adds the columns of today's units, `accepted` takes only what a
    person accepted or corrected. All files get their names at the end, when they are whole, so that what was stopped
    leaves none; CorpusError where a sheet of Excel cannot hold a table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with chosen(corpus, query, accepted=accepted), Whole(folder) as whole:
        found = [table.settled(corpus) for table in tables(today=query.today)]
        origin = package.provenance(corpus, query, accepted=accepted)
        if shape == "xlsx":
            for table in found:
                check_rows(table.name, table.count(corpus))
            about = [*package.WORDS.values(), f"{package.citation(origin)}", *origin.notes]
            sheets = ((table, table.rows(corpus)) for table in found)
            rows = write_xlsx(sheets, whole.part(BOOK), about)
            files = dict.fromkeys(rows, BOOK)
            yield Written(BOOK, sum(rows.values()))
        else:
            files, rows = {table.name: f"{table.name}.{shape}" for table in found}, {}
            for table in found:
                rows[table.name] = WRITERS[shape](table, table.rows(corpus), whole.part(files[table.name]))
                yield Written(files[table.name], rows[table.name])
        dataset = package.Dataset(
            shape=shape,
            tables=found,
            files=files,
            rows=rows,
            sizes={file: package.digest(whole.part(file)) for file in sorted(set(files.values()))},
            origin=origin,
        )
        for name, text in {
            "README.md": package.readme(dataset),
            "CITATION.cff": package.citation_cff(origin),
            "datapackage.json": package.datapackage(dataset),
        }.items():
            whole.part(name).write_text(text, encoding="utf-8", newline="\n")
            yield Written(name, 0)


class Whole:
    """Files of a folder under temporary names, renamed together when all went well, taken away when not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def part(self, name: str) -> Path:
        """The temporary path of a file."""
        if name not in self.names:
            self.names.append(name)
        return self.folder / f".{name}.part"

    def __enter__(self) -> Whole:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for name in self.names:
            if kind is None:
                os.replace(self.part(name), self.folder / name)
            else:
                self.part(name).unlink(missing_ok=True)
