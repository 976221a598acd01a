"""Export: the dataset's tables, streamed into CSV, XLSX, Parquet or JSON Lines beside a Frictionless datapackage."""

from __future__ import annotations

import csv
import json
import os
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from corpus.report import harmless
from corpus.schema import CorpusError
from corpus.store import Corpus

TABLES = Path(__file__).with_name("tables.toml")
CHUNK = 10_000  # rows in memory at once
EXCEL_ROWS = 1_048_576
EXCEL_CELL = 32_767  # characters
ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}

Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the dataset: its SQL, and its fields as tables.toml has them (name, sql, type, vi, en)."""

    name: str
    vi: str
    en: str
    source: str
    order: str
    fields: tuple[dict[str, str], ...]

    @property
    def header(self) -> list[str]:
        """The fields' names."""
        return [field["name"] for field in self.fields]

    def rows(self, corpus: Corpus) -> Rows:
        """The rows in a stable order, dates as days and truths as booleans."""
        columns = ", ".join(f'{field["sql"]} AS "{field["name"]}"' for field in self.fields)
        cursor = corpus.conn.cursor()
        cursor.row_factory = None
        makers = [MAKERS.get(field["type"], _as_it_is) for field in self.fields]
        for row in cursor.execute(f"SELECT {columns} FROM {self.source} ORDER BY {self.order}"):
            yield tuple(None if cell is None else make(cell) for make, cell in zip(makers, row, strict=True))


def _as_it_is(cell: object) -> object:
    return cell


def _number(cell: float) -> int | float:
    return int(cell) if float(cell).is_integer() else cell


MAKERS: dict[str, Callable[[Any], Any]] = {"date": date.fromisoformat, "boolean": bool, "number": _number}


@lru_cache(maxsize=1)
def tables() -> tuple[Table, ...]:
    """The dataset's tables, the main one first."""
    with TABLES.open("rb") as file:
        found = tomllib.load(file)
    return tuple(
        Table(name, table["vi"], table["en"], table["from"], table["order"], tuple(table["fields"]))
        for name, table in found.items()
    )


def export(corpus: Corpus, folder: Path, shape: str) -> Iterator[tuple[str, int]]:
    """Writes every table into `folder` as `shape` ("csv", "xlsx", "parquet", "jsonl") and gives each file and its rows.

    A file gets its name when it is whole, so that what was stopped leaves none; CorpusError where a sheet of Excel
    cannot hold a table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}
    if shape == "xlsx":
        name = "baotinh.xlsx"
        with Whole(folder / name) as target:
            counts = _write_xlsx(corpus, target.path)
        yield name, sum(counts.values())
        files = dict.fromkeys(counts, name)
    else:
        for table in tables():
            name = f"{table.name}.{shape}"
            with Whole(folder / name) as target:
                rows = WRITERS[shape](table, table.rows(corpus), target.path)
            files[table.name] = name
            yield name, rows
    with Whole(folder / "datapackage.json") as target:
        text = json.dumps(_package(shape, files), ensure_ascii=False, indent=2)
        target.path.write_text(text + "\n", encoding="utf-8")


class Whole:
    """Writes under a temporary name and renames it when all went well."""

    def __init__(self, final: Path) -> None:
        self.final = final
        self.path = final.with_name(f".{final.name}.part")

    def __enter__(self) -> Whole:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            os.replace(self.path, self.final)
        else:
            self.path.unlink(missing_ok=True)


def _write_csv(table: Table, rows: Rows, path: Path) -> int:
    """UTF-8 with BOM, so that Excel reads Vietnamese; cells that a spreadsheet would run are made harmless."""
    number = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.header)
        for row in rows:
            writer.writerow(
                [
                    str(cell).lower() if isinstance(cell, bool) else "" if cell is None else harmless(cell)
                    for cell in row
                ]
            )
            number += 1
    return number


def _write_jsonl(table: Table, rows: Rows, path: Path) -> int:
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            record = dict(zip(table.header, row, strict=True))
            file.write(json.dumps(record, ensure_ascii=False, default=date.isoformat) + "\n")
            number += 1
    return number


def _write_parquet(table: Table, rows: Rows, path: Path) -> int:
    schema = pa.schema([(field["name"], ARROW[field["type"]]) for field in table.fields])
    number = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while chunk := list(islice(rows, CHUNK)):
            columns = [
                pa.array(column, type=kind) for column, kind in zip(zip(*chunk, strict=True), schema.types, strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            number += len(chunk)
    return number


WRITERS: dict[str, Callable[[Table, Rows, Path], int]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
}


def _write_xlsx(corpus: Corpus, path: Path) -> dict[str, int]:
    """One book: a front sheet that explains the fields, then a sheet a table; gives each sheet's rows."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    counts: dict[str, int] = {}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": "Báo Tỉnh", "created": None})
        bold = book.add_format({"bold": True})
        formats = {
            "date": book.add_format({"num_format": "dd/mm/yyyy"}),
            "number": book.add_format({"num_format": "#,##0.##"}),
        }
        front = book.add_worksheet("Giải thích")
        front.set_column(0, 1, 18)
        front.set_column(2, 3, 70)
        lines = [("Bảng", "Cột", "Nghĩa", "Meaning")]
        for table in tables():
            lines.append((table.name, "", table.vi, table.en))
            lines += [(table.name, field["name"], field["vi"], field["en"]) for field in table.fields]
        for number, line in enumerate(lines):
            front.write_row(number, 0, line, bold if number == 0 else None)
        for table in tables():
            counts[table.name] = _write_sheet(book, table, table.rows(corpus), bold, formats)
    return counts


def _write_sheet(book: Any, table: Table, rows: Rows, bold: Any, formats: dict[str, Any]) -> int:  # noqa: ANN401
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    for column, field in enumerate(table.fields):
        sheet.set_column(
            column, column, 50 if field["name"] in {"sentence", "title", "text"} else 16, formats.get(field["type"])
        )
        sheet.write_string(0, column, field["name"], bold)
    number = 0
    for number, row in enumerate(rows, 1):
        if number >= EXCEL_ROWS:
            raise CorpusError(
                f"table {table.name}: more than {EXCEL_ROWS - 1:,} rows do not fit a sheet; use csv or parquet"
            )
        for column, (cell, field) in enumerate(zip(row, table.fields, strict=True)):
            _write_cell(sheet, number, column, cell, formats.get(field["type"]))
    sheet.autofilter(0, 0, number, len(table.fields) - 1)
    return number


def _write_cell(sheet: Any, row: int, column: int, cell: object, shape: Any) -> None:  # noqa: ANN401
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, shape)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, shape)
    elif cell is not None:
        text = str(cell)
        if len(text) > EXCEL_CELL:
            text = text[: EXCEL_CELL - 1] + "…"
        sheet.write_string(row, column, text)


def _package(shape: str, files: dict[str, str]) -> dict[str, Any]:
    """datapackage.json (Frictionless): every table with its fields, typed and explained in both languages."""
    resources = []
    for table in tables():
        fields = [
            {"name": field["name"], "type": field["type"], "title": field["vi"], "description": field["en"]}
            for field in table.fields
        ]
        resource: dict[str, Any] = {
            "name": table.name,
            "path": files[table.name],
            "title": table.vi,
            "description": table.en,
        }
        if shape == "csv":
            resource |= {"format": "csv", "encoding": "utf-8-sig", "mediatype": "text/csv"}
        else:
            resource |= {"format": shape}
        if shape == "xlsx":
            resource["dialect"] = {"excel": {"sheet": table.name}}
        resources.append(resource | {"schema": {"fields": fields}})
    return {"name": "baotinh", "title": "Báo Tỉnh", "resources": resources}
