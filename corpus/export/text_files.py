"""CSV and JSON Lines: the formats that are text."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

from corpus.export.tables import Field, Rows, Table
from corpus.report import harmless


def write_csv(table: Table, rows: Rows, path: Path) -> int:
    """UTF-8 with BOM, so that Excel reads Vietnamese; cells that a spreadsheet would run are made harmless."""
    number = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.header)
        for row in rows:
            writer.writerow([_cell(cell, field) for cell, field in zip(row, table.fields, strict=True)])
            number += 1
    return number


def _cell(cell: Any, field: Field) -> object:  # noqa: ANN401
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if field.type == "datetime":
        return cell.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return harmless(field.joint.join(cell) if field.type == "list" else cell)


def write_jsonl(table: Table, rows: Rows, path: Path) -> int:
    """An object a line, lists and objects as JSON has them."""
    number = 0
    objects = [place for place, field in enumerate(table.fields) if field.type == "object"]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            cells = list(row)
            for place in objects:
                cells[place] = None if cells[place] is None else json.loads(cells[place])
            record = dict(zip(table.header, cells, strict=True))
            file.write(json.dumps(record, ensure_ascii=False, default=_written) + "\n")
            number += 1
    return number


def _written(cell: Any) -> str:  # noqa: ANN401
    """A day or a moment as JSON Lines has it."""
    if not isinstance(cell, date):
        raise TypeError(f"{cell!r} has no JSON")
    return cell.isoformat().replace("+00:00", "Z")
