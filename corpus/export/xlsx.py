"""XLSX: one book, a front sheet that explains and a sheet a table, streamed in constant memory."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from corpus.export.tables import Field, Rows, Table
from corpus.report import HARMFUL
from corpus.schema import CorpusError

MOST_ROWS = 1_048_576  # of a sheet, the header among them
MOST_CHARACTERS = 32_767  # of a cell, in UTF-16 units
MOST_LINKS = 30_000  # of a sheet; Excel has 65,530, but each costs a kilobyte of memory until the end
LONGEST_LINK = 2_079
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MADE = datetime(2025, 7, 1)  # the book's own date: the same corpus gives the same bytes
WIDE = {"sentence": 60, "text": 60, "title": 50, "lead": 50, "url": 40, "full_name": 30, "scope": 30, "path": 30}
WIDTHS = {"date": 11, "datetime": 18, "integer": 14, "number": 14, "boolean": 8, "object": 24}
CUT = (
    " … [cắt ở đây; cả {0:,} ký tự có trong bản CSV, Parquet, JSON Lines"
    " / cut here; CSV, Parquet and JSON Lines hold all {0:,} characters]"
)


@dataclass(slots=True)
class Book:
    """A workbook with its formats; `told` counts what could not be shown as it is, by table."""

    book: Any
    told: dict[str, Counter[str]] = field(default_factory=dict)
    formats: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, said in {
            "bold": {"bold": True, "text_wrap": True, "valign": "top"},
            "wrap": {"text_wrap": True, "valign": "top"},
            "date": {"num_format": "dd/mm/yyyy"},
            "datetime": {"num_format": "dd/mm/yyyy hh:mm:ss"},
            "integer": {"num_format": "#,##0"},
            "number": {"num_format": "General"},
            "quoted": {"quote_prefix": True},  # Excel's own apostrophe: stays text when a person edits the cell
            "link": {"font_color": "#0563C1", "underline": 1},
        }.items():
            self.formats[name] = self.book.add_format(said)


def write_xlsx(sheets: Iterable[tuple[Table, Rows]], path: Path, about: list[str]) -> dict[str, int]:
    """The book of these tables, the lines `about` on its front sheet; gives each sheet's rows.

    CorpusError where a sheet cannot hold a table. A text that a cell cannot hold ends with a word about it, and the
    front sheet counts such cells; links beyond the first 30,000 of a sheet stay as text, and are counted too.
    """
    counts: dict[str, int] = {}
    with (
        tempfile.TemporaryDirectory(prefix="baotinh-") as folder,
        xlsxwriter.Workbook(path, OPTIONS | {"tmpdir": folder}) as made,
    ):
        made.set_properties({"title": "Báo Tỉnh", "created": MADE})
        book = Book(made)
        front = made.add_worksheet("Giải thích")
        tables = []
        for table, rows in sheets:
            tables.append(table)
            counts[table.name] = _write_sheet(book, table, rows)
        _write_front(book, front, tables, counts, about)
    return counts


def check_rows(table: str, rows: int) -> None:
    """CorpusError where a sheet cannot hold so many rows."""
    if rows >= MOST_ROWS:
        raise CorpusError(
            f"table {table}: {rows:,} rows do not fit a sheet of Excel ({MOST_ROWS - 1:,}); "
            "narrow it with filters or take csv, parquet or jsonl"
        )


def _write_front(book: Book, front: Any, tables: list[Table], counts: dict[str, int], about: list[str]) -> None:  # noqa: ANN401
    front.set_column(0, 1, 18)
    front.set_column(2, 3, 70)
    bold, wrap = book.formats["bold"], book.formats["wrap"]
    lines: list[tuple[tuple[str, ...], Any]] = [(("", "", line), wrap) for line in about]
    for name, told in book.told.items():
        for what in sorted(TOLD.keys() & told.keys()):
            vi, en = TOLD[what]
            lines.append(((name, "", vi.format(told[what]), en.format(told[what])), bold))
    lines.append((("Bảng / table", "Cột / column", "Nghĩa", "Meaning"), bold))
    for table in tables:
        rows = counts[table.name]
        lines.append(((table.name, "", f"{table.vi} ({rows:,} dòng)", f"{table.en} ({rows:,} rows)"), bold))
        lines += [((table.name, column.name, column.vi, column.en), wrap) for column in table.fields]
    for number, (line, shape) in enumerate(lines):
        for column, said in enumerate(line):
            front.write_string(number, column, said, shape)


TOLD = {
    "cut": (
        "{:,} ô có lời văn dài hơn ô của Excel (32.767 ký tự); mỗi ô ấy ghi rõ ở chỗ cắt",
        "{:,} cells hold a text longer than a cell of Excel (32,767 characters); each says so where it is cut",
    ),
    "unlinked": (
        "{:,} địa chỉ không bấm được (một trang tính có 30.000 liên kết, một liên kết dài nhất 2.079 ký tự)",
        "{:,} addresses cannot be clicked (a sheet has 30,000 links, a link at most 2,079 characters)",
    ),
}


def _write_sheet(book: Book, table: Table, rows: Rows) -> int:
    sheet = book.book.add_worksheet(table.name)
    sheet.freeze_panes(1, 1)
    book.told[table.name] = Counter()
    for number, column in enumerate(table.fields):
        width = WIDE.get(column.name) or WIDTHS.get(column.type, 16)
        sheet.set_column(number, number, width, book.formats.get(column.type))
    for number, name in enumerate(table.header):
        sheet.write_string(0, number, name, book.formats["bold"])
    number = 0
    for number, row in enumerate(rows, 1):
        check_rows(table.name, number)
        for place, (cell, column) in enumerate(zip(row, table.fields, strict=True)):
            if cell is not None:
                _write_cell(book, sheet, (number, place), cell, column)
    sheet.autofilter(0, 0, number, len(table.fields) - 1)
    return number


def _write_cell(book: Book, sheet: Any, at: tuple[int, int], cell: Any, column: Field) -> None:  # noqa: ANN401
    told = book.told[sheet.name]
    shape = book.formats.get(column.type)
    if isinstance(cell, bool):
        sheet.write_boolean(*at, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(*at, cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell, shape)
    elif isinstance(cell, int | float):
        sheet.write_number(*at, cell, shape)
    elif column.link and cell.startswith(("http://", "https://")) and _linked(cell, told):
        sheet.write_url(*at, cell, book.formats["link"], cell)
    else:
        text = column.joint.join(cell) if isinstance(cell, list) else cell
        if _size(text) > MOST_CHARACTERS:
            told["cut"] += 1
            text = _shortened(text)
        sheet.write_string(*at, text, book.formats["quoted"] if text.startswith(HARMFUL) else None)


def _linked(url: str, told: Counter[str]) -> bool:
    """Whether this address can be a link still."""
    fits = _size(url) <= LONGEST_LINK and told["linked"] < MOST_LINKS
    told["linked" if fits else "unlinked"] += 1
    return fits


def _size(text: str) -> int:
    """The length of a text as Excel counts it."""
    return len(text) + sum(character > "\uffff" for character in text) if len(text) > LONGEST_LINK // 2 else len(text)


def _shortened(text: str) -> str:
    """As much of a text as a cell holds, and a word that it is cut."""
    said = CUT.format(len(text))
    kept = text[: MOST_CHARACTERS - len(said)]
    while _size(kept) > MOST_CHARACTERS - len(said):
        kept = kept[:-1000]
    return kept + said
