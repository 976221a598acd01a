"""The exported dataset, read back with other readers than the ones that wrote it."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from corpus.export import export, tables
from corpus.report import harmless
from corpus.store import Corpus

Table = list[dict[str, Any]]


def read_csv(folder: Path, table: str) -> Table:
    text = (folder / f"{table}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def read_jsonl(folder: Path, table: str) -> Table:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()]


def read_parquet(folder: Path, table: str) -> Table:
    rows: Table = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return rows


def read_xlsx(folder: Path, table: str) -> Table:
    sheet = openpyxl.load_workbook(folder / "baotinh.xlsx", read_only=True)[table]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


READERS = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet, "xlsx": read_xlsx}


def plain(value: object) -> str:
    """A cell as every format can say it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}" if not value.is_integer() else str(int(value))
    return str(value)


@pytest.fixture(scope="module")
def folders(demo: tuple[object, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    from corpus.store import open_corpus  # noqa: PLC0415 (the fixture of one corpus does not live this long)

    folder = tmp_path_factory.mktemp("export")
    with open_corpus(demo[1]) as corpus:
        for shape in READERS:
            counts = dict(export(corpus, folder / shape, shape))
            assert all(counts.values())
    return {shape: folder / shape for shape in READERS}


@pytest.mark.parametrize("table", [table.name for table in tables() if table.name != "units"])
def test_every_format_tells_the_same(table: str, folders: dict[str, Path]) -> None:
    read = {
        shape: [{name: plain(cell) for name, cell in row.items()} for row in reader(folders[shape], table)]
        for shape, reader in READERS.items()
    }
    assert read["jsonl"]
    assert read["parquet"] == read["jsonl"] == read["xlsx"]
    assert read["csv"] == [{name: harmless(cell) for name, cell in row.items()} for row in read["jsonl"]]


def test_parquet_and_xlsx_are_typed(folders: dict[str, Path]) -> None:
    schema = pq.read_schema(folders["parquet"] / "observations.parquet")
    assert (str(schema.field("period_to").type), str(schema.field("model").type)) == ("date32[day]", "bool")
    row = next(row for row in read_xlsx(folders["xlsx"], "observations") if row["period_to"])
    assert isinstance(row["period_to"], datetime)
    assert isinstance(row["value"], int | float)


def test_the_package_describes_each_field(folders: dict[str, Path]) -> None:
    package = json.loads((folders["csv"] / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        header = read_csv(folders["csv"], resource["name"])[0].keys()
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(header)
        assert all(field["title"] and field["description"] for field in fields)


def test_the_same_corpus_gives_the_same_bytes(demo_corpus: Corpus, folders: dict[str, Path], tmp_path: Path) -> None:
    for shape in ("csv", "jsonl", "parquet"):
        for name, _ in export(demo_corpus, tmp_path, shape):
            assert (tmp_path / name).read_bytes() == (folders[shape] / name).read_bytes()


def test_a_stopped_export_leaves_no_half_file(
    demo_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "observations.csv").write_text("from before", encoding="utf-8")

    def stop(cell: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("corpus.export.harmless", stop)
    with pytest.raises(KeyboardInterrupt):
        list(export(demo_corpus, tmp_path, "csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["observations.csv"]
    assert (tmp_path / "observations.csv").read_text(encoding="utf-8") == "from before"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("@x", "'@x"), ("-3", "'-3"), ("40,4 tỷ", "40,4 tỷ"), (-3, -3), ("", "")],
)
def test_a_cell_never_runs(cell: object, shown: object) -> None:
    assert harmless(cell) == shown
