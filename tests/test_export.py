"""The exported dataset, read back with other readers than the ones that wrote it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pyarrow.parquet as pq
import pytest

from corpus.articles import save_article
from corpus.duplicates import find_copies
from corpus.export import SHAPES, export, tables, xlsx
from corpus.facts import save_reading
from corpus.query import Query
from corpus.report import harmless
from corpus.review import decide
from corpus.schema import CorpusError
from corpus.store import Corpus, open_corpus
from extract.article import Article

Table = list[dict[str, Any]]
NAMES = [table.name for table in tables()]
KINDS = {field.name: field for table in tables(today=True) for field in table.fields}
TEXT = (
    "Đến nay, xã có 12 mô hình. =1+1 là một phép tính, -5 độ là trời rét.\n"
    + "Bà con góp 40 triệu đồng làm đường. " * 20
)


def read_csv(folder: Path, table: str) -> Table:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_jsonl(folder: Path, table: str) -> Table:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text(encoding="utf-8").split("\n") if line]


def read_parquet(folder: Path, table: str) -> Table:
    rows: Table = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return rows


def read_xlsx(folder: Path, table: str) -> Table:
    book = openpyxl.load_workbook(folder / "baotinh.xlsx", read_only=True)
    header, *rows = book[table].iter_rows(values_only=True)
    book.close()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


READERS = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet, "xlsx": read_xlsx}


def plain(name: str, value: Any) -> str:  # noqa: ANN401, PLR0911
    """A cell as every format can say it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if KINDS[name].type == "object":
        return json.dumps(json.loads(value) if isinstance(value, str) else value, sort_keys=True)
    if isinstance(value, list):
        return KINDS[name].joint.join(value)
    if KINDS[name].type == "datetime" and not isinstance(value, str):
        return value.replace(tzinfo=None).isoformat(timespec="milliseconds")[:22]
    if KINDS[name].type == "datetime":
        return value.removesuffix("Z")[:22]
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def count(text: str, value: int, said: str) -> dict[str, Any]:
    """The record of a count with its frame."""
    start = text.index(said)
    return {
        "kind": "count", "text": said, "start": start, "end": start + len(said), "value": value, "value_low": value,
        "value_high": value, "qualifier": "exact", "unit": said.split(" ", 1)[1], "model": True, "rule": "r",
        "confidence": 0.9, "measure": "models", "role": "implemented", "scope": ["An Giang"], "period": None,
        "frame_confidence": 0.7, "evidence": [{"what": "scope", "start": 0, "end": 3, "text": text[:3]}],
    }  # fmt: skip


def tell(corpus: Corpus, url: str, text: str = TEXT) -> int:
    """An article with one count, `12 mô hình`; gives the count's id."""
    article = save_article(corpus, Article(title=f"@ {url[-1]}", body=text, published="2022-01-18"), url=url)
    save_reading(corpus, article or 0, [count(text, 12, "12 mô hình")], None, "v")
    return int(corpus.conn.execute("SELECT max(id) FROM facts").fetchone()[0])


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "c.db") as corpus:
        yield corpus


@pytest.fixture(scope="module")
def reviewed(demo: tuple[object, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's corpus with decisions of every sort."""
    path = tmp_path_factory.mktemp("reviewed") / "demo.db"
    shutil.copy(demo[1], path)
    with open_corpus(path) as corpus:
        ids = [row[0] for row in corpus.conn.execute("SELECT id FROM current_observations WHERE value_max IS NULL")]
        decide(corpus, ids[:5], "accept", who="lan")
        decide(corpus, ids[5], "correct", who="lan", correction={"value": 12.5, "scope": ["An Giang", "Phú Tân"]})
        decide(corpus, ids[6:9], "reject", who="minh", note="=tên một chương trình")
        decide(corpus, ids[0], "reject", who="minh")
        decide(corpus, ids[0], "open", who="lan")
    return path


@pytest.fixture(scope="module")
def folders(reviewed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("export")
    with open_corpus(reviewed) as corpus:
        for shape in SHAPES:
            list(export(corpus, folder / shape, shape, Query(copies=True, today=True)))
    return {shape: folder / shape for shape in SHAPES}


@pytest.mark.parametrize("table", [name for name in NAMES if name not in {"units", "succession"}])
def test_every_format_tells_the_same(table: str, folders: dict[str, Path]) -> None:
    read = {
        shape: [{name: plain(name, cell) for name, cell in row.items()} for row in reader(folders[shape], table)]
        for shape, reader in READERS.items()
        if shape != "csv"
    }
    assert read["jsonl"]
    assert read["parquet"] == read["jsonl"] == read["xlsx"]
    numbers = {name for name, field in KINDS.items() if field.type == "figure"}  # -3 is a number there
    harmed = [
        {name: cell if name in numbers else harmless(cell) for name, cell in row.items()} for row in read["jsonl"]
    ]
    read_back = [
        {name: plain(name, cell) if KINDS[name].type in {"object", "datetime"} else cell for name, cell in row.items()}
        for row in read_csv(folders["csv"], table)
    ]
    assert read_back == harmed


@pytest.mark.parametrize("table", NAMES)
def test_duckdb_reads_as_many_rows_of_the_same_keys(table: str, folders: dict[str, Path]) -> None:
    key = next(each.key[0] for each in tables() if each.name == table)
    found = {
        shape: duckdb.sql(f"SELECT {key} FROM {reader}('{folders[shape] / table}.{shape}') ORDER BY ALL").fetchall()
        for shape, reader in (("csv", "read_csv"), ("jsonl", "read_json"), ("parquet", "read_parquet"))
    }
    assert found["csv"] == found["jsonl"] == found["parquet"] != []


def test_parquet_and_xlsx_are_typed(folders: dict[str, Path]) -> None:
    schema = pq.read_schema(folders["parquet"] / "observations.parquet")
    types = {name: str(schema.field(name).type) for name in ("period_to", "model", "value", "value_max", "scope")}
    assert types == {
        "period_to": "date32[day]", "model": "bool", "value": "double", "value_max": "int64",
        "scope": "list<element: string>",
    }  # fmt: skip
    assert str(schema.field("qualifier").type).startswith("dictionary<values=string")
    row = next(row for row in read_xlsx(folders["xlsx"], "observations") if row["period_to"])
    assert isinstance(row["period_to"], datetime)
    assert isinstance(row["value"], int | float)


def test_the_book_explains_itself_and_links_to_the_pages(folders: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(folders["xlsx"] / "baotinh.xlsx")
    assert book.sheetnames == ["Giải thích", *NAMES]
    front = list(book["Giải thích"].iter_rows(values_only=True))
    assert {(table.name, field.name, field.vi, field.en) for table in tables() for field in table.fields} <= set(front)
    sheet = book["observations"]
    column = [cell.value for cell in sheet[1]].index("url") + 1
    assert sheet.cell(2, column).hyperlink.target == sheet.cell(2, column).value
    assert sheet.auto_filter.ref
    assert sheet.freeze_panes == "B2"
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("query", [Query(), Query(place="Tây Ninh"), Query(words="dân vận", copies=True)])
def test_frictionless_finds_the_package_valid(query: Query, reviewed: Path, tmp_path: Path) -> None:
    with open_corpus(reviewed) as corpus:
        list(export(corpus, tmp_path, "csv", query))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])[:3]
    assert [task.name for task in report.tasks] == NAMES


@pytest.mark.slow
def test_frictionless_finds_the_book_valid(folders: dict[str, Path]) -> None:
    report = frictionless.validate(str(folders["xlsx"] / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])[:3]


def test_the_package_describes_each_field_and_its_origin(folders: dict[str, Path]) -> None:
    package = json.loads((folders["csv"] / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        header = read_csv(folders["csv"], resource["name"])[0].keys()
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(header)
        assert all(field["title"] and field["description"] for field in fields)
        assert set(resource["schema"]["primaryKey"]) <= set(header)
    assert package["query"] == {"copies": True, "today": True}
    assert {run["kind"] for run in package["runs"]} == {"demo", "extract"}
    assert package["licenses"][0]["name"] == "ODC-By-1.0"
    assert package["citation"] in (folders["csv"] / "README.md").read_text(encoding="utf-8")
    assert f'version: "{package["version"]}"' in (folders["csv"] / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_corpus_gives_the_same_bytes(
    shape: str, reviewed: Path, folders: dict[str, Path], tmp_path: Path
) -> None:
    with open_corpus(reviewed) as corpus:
        for name, _ in export(corpus, tmp_path, shape, Query(copies=True, today=True)):
            assert (folders[shape] / name).read_bytes() == (tmp_path / f".{name}.part").read_bytes()


def test_a_stopped_export_leaves_no_half_file(
    demo_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "observations.csv").write_text("from before", encoding="utf-8")

    def stop(cell: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("corpus.export.text_files.harmless", stop)
    with pytest.raises(KeyboardInterrupt):
        list(export(demo_corpus, tmp_path, "csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["observations.csv"]
    assert (tmp_path / "observations.csv").read_text(encoding="utf-8") == "from before"


def test_a_killed_export_leaves_nothing_under_a_final_name(demo: tuple[object, Path], tmp_path: Path) -> None:
    killed = """
import os, signal, sys
from pathlib import Path
from corpus.export import export, xlsx
from corpus.store import open_corpus
xlsx._write_front = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with open_corpus(sys.argv[1]) as corpus:
    list(export(corpus, Path(sys.argv[2]), "xlsx"))
"""
    done = subprocess.run([sys.executable, "-c", killed, demo[1], tmp_path / "out"],
                          check=False, timeout=120, env={**os.environ, "TMPDIR": str(tmp_path)})  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert [path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")] == []


def test_accepted_takes_what_people_let_stand(reviewed: Path, tmp_path: Path) -> None:
    with open_corpus(reviewed) as corpus:
        list(export(corpus, tmp_path, "jsonl", accepted=True))
        with pytest.raises(CorpusError, match="not both"):
            list(export(corpus, tmp_path, "jsonl", Query(state="open"), accepted=True))
    rows = read_jsonl(tmp_path, "observations")
    assert sorted(row["review"] for row in rows) == ["accept"] * 4 + ["correct"]
    (corrected,) = [row for row in rows if row["review"] == "correct"]
    assert (corrected["value"], corrected["scope"]) == (12.5, ["An Giang", "Phú Tân"])


def test_filters_leave_only_what_they_find_and_what_it_refers_to(reviewed: Path, tmp_path: Path) -> None:
    with open_corpus(reviewed) as corpus:
        list(export(corpus, tmp_path, "jsonl", Query(kind="money", low=1e9)))
    found, facts, articles = (read_jsonl(tmp_path, name) for name in ("observations", "facts", "articles"))
    assert found
    assert all(row["kind"] == "money" and row["value"] >= 1e9 for row in found)
    keys = {row["key"] for row in facts}
    assert {row["key"] for row in found} | {row["part_of"] for row in found} - {None} <= keys
    assert {row["url"] for row in facts} == {row["url"] for row in articles}


def test_today_names_the_province_that_took_a_place(folders: dict[str, Path]) -> None:
    rows = read_jsonl(folders["jsonl"], "observations")
    assert {row["province_today"] for row in rows if row["scope"] == ["Long An"]} == {"Tây Ninh"}
    assert "province_today" not in tables()[0].header


def test_a_copy_goes_out_once_or_with_its_original(corpus: Corpus, tmp_path: Path) -> None:
    tell(corpus, "https://a.vn/1")
    tell(corpus, "https://b.vn/2")
    assert find_copies(corpus) == 1
    list(export(corpus, tmp_path / "once", "jsonl"))
    list(export(corpus, tmp_path / "all", "jsonl", Query(copies=True)))
    assert [row["url"] for row in read_jsonl(tmp_path / "once", "articles")] == ["https://a.vn/1"]
    (first, second) = read_jsonl(tmp_path / "all", "observations")
    assert (first["copy_of"], second["copy_of"]) == (None, first["key"])
    assert len(read_jsonl(tmp_path / "once", "observations")) == 1


def test_cells_like_formulas_are_harmless_in_spreadsheets_and_as_they_are_elsewhere(
    corpus: Corpus, tmp_path: Path
) -> None:
    tell(corpus, "https://a.vn/1")
    for shape in SHAPES:
        list(export(corpus, tmp_path, shape))
    titles = {shape: reader(tmp_path, "articles")[0]["title"] for shape, reader in READERS.items()}
    assert titles == {"csv": "'@ 1", "jsonl": "@ 1", "parquet": "@ 1", "xlsx": "@ 1"}
    sheet = openpyxl.load_workbook(tmp_path / "baotinh.xlsx")["articles"]
    (cell,) = [cell for cell in sheet[2] if cell.value == "@ 1"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_text_longer_than_a_cell_says_so_and_is_counted(corpus: Corpus, tmp_path: Path) -> None:
    text = TEXT + "🌾" * 20_000
    tell(corpus, "https://a.vn/1", text)
    list(export(corpus, tmp_path, "xlsx"))
    cell = read_xlsx(tmp_path, "articles")[0]["text"]
    assert len(cell.encode("utf-16-le")) // 2 <= xlsx.MOST_CHARACTERS
    assert cell.endswith(xlsx.CUT.format(len(text)))
    front = openpyxl.load_workbook(tmp_path / "baotinh.xlsx")["Giải thích"]
    told = next(row[2] for row in front.iter_rows(values_only=True) if row[0] == "articles")
    assert told.startswith("1 ô có lời văn")


def test_more_rows_than_a_sheet_has_are_refused(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(corpus, "https://a.vn/1")
    monkeypatch.setattr(xlsx, "MOST_ROWS", 1)
    with pytest.raises(CorpusError, match="table observations: 1 rows do not fit"):
        list(export(corpus, tmp_path, "xlsx"))
    assert list(tmp_path.glob("*.xlsx")) == []


def test_more_links_than_a_sheet_has_stay_text(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        tell(corpus, f"https://a.vn/{number}")
    monkeypatch.setattr(xlsx, "MOST_LINKS", 2)
    list(export(corpus, tmp_path, "xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "baotinh.xlsx")["articles"]
    assert [bool(row[0].hyperlink) for row in sheet.iter_rows(min_row=2)] == [True, True, False]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [f"https://a.vn/{number}" for number in range(3)]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("file", ["csv/observations.csv", "xlsx/baotinh.xlsx"])
def test_libreoffice_opens_it(file: str, folders: dict[str, Path], tmp_path: Path) -> None:
    shape, name = file.split("/")
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--convert-to", "html",
               "--outdir", str(tmp_path), str(folders[shape] / name)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (made,) = tmp_path.glob("*.html")
    assert read_jsonl(folders["jsonl"], "observations")[0]["sentence"][:20] in made.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("@x", "'@x"), ("-3", "'-3"), ("40,4 tỷ", "40,4 tỷ"), (-3, -3), ("", "")],
)
def test_a_cell_never_runs(cell: object, shown: object) -> None:
    assert harmless(cell) == shown
