"""DataFrames of a corpus: their dtypes, pivot tables, the command that prints them, and the tutorial."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from conftest import Baotinh

from corpus import frames
from corpus.query import Query
from corpus.schema import CorpusError
from corpus.store import open_corpus
from pipeline import main

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial.md"
MODELS = "mo_hinh_dan_van_kheo"


@pytest.fixture(scope="module")
def db(demo: tuple[object, Path]) -> Path:
    return demo[1]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("observations", {"value": "Int64", "model": "boolean", "period_to": "datetime64", "measure": "category",
                          "sentence": "str", "confidence": "float64", "year": "Int64", "qualifier": "category"}),
        ("facts", {"start": "Int64", "date_from": "datetime64", "kind": "category", "text": "str"}),
        ("articles", {"published_day": "datetime64", "site": "category", "title": "str", "authors": "object"}),
        ("sites", {"id": "str"}),
        ("units", {"first_day": "datetime64", "level": "category"}),
        ("succession", {"share": "category"}),
        ("reviews", {"at": "datetime64", "turn": "Int64"}),
    ],
)  # fmt: skip
def test_columns_have_their_types(table: str, columns: dict[str, str], db: Path) -> None:
    frame = getattr(frames, table)(db)
    assert {name: str(frame[name].dtype).split("[")[0] for name in columns} == columns


def test_a_frame_has_every_row_of_its_table(db: Path) -> None:
    with open_corpus(db) as corpus:
        (number, total) = corpus.conn.execute("SELECT count(*), sum(value) FROM current_observations").fetchone()
    frame = frames.observations(db)
    assert (len(frame), frame["value"].sum()) == (number, total)
    assert set(frames.observations(db, Query(kind="money"))["kind"]) == {"money"}


def test_qualifiers_are_in_order(db: Path) -> None:
    said = frames.observations(db)["qualifier"]
    assert list(said.cat.categories) == list(frames.QUALIFIERS)
    assert (said >= "at_least").sum() == said.isin(["at_least", "more"]).sum() > 0


def test_a_pivot_is_what_a_person_would_make(db: Path) -> None:
    made = frames.pivot(db, MODELS)
    frame = frames.observations(db)
    frame = frame[(frame["measure"] == MODELS) & frame["link"].isna() & frame["year"].notna()]
    frame = frame.dropna(subset=["province", "value"])
    assert made.attrs["figures"] == len(frame) > 20
    largest = {(row.province, row.year): 0 for row in frame.itertuples()}
    for row in frame.itertuples():
        largest[row.province, row.year] = max(largest[row.province, row.year], row.value)
    assert {key: made.loc[key] for key in largest} == largest
    assert made.count().sum() == len(largest)
    assert list(made.index) == sorted(made.index)


def test_today_joins_provinces_that_became_one(db: Path) -> None:
    then, now = (frames.pivot(db, MODELS, today=today, how="sum") for today in (False, True))
    assert {"Hải Dương", "Bến Tre"} <= set(then.index)
    assert not {"Hải Dương", "Bến Tre"} & set(now.index)
    assert {"Hải Phòng", "Vĩnh Long"} <= set(now.index)
    assert now.sum().sum() == then.sum().sum()


def test_money_of_one_currency_is_counted_and_the_rest_is_told(db: Path) -> None:
    made = frames.pivot(db, "so tien", columns="role")
    assert made.attrs["currency"] == "VND"
    assert {"rates", "other currencies"} <= made.attrs["left_out"].keys()
    assert sum(made.attrs["left_out"].values()) + made.attrs["figures"] == (
        (frames.observations(db)["measure"] == "so_tien").sum()
    )


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"measure": "không có"}, "no figure of measure 'không có'; the commonest are"),
        ({"measure": MODELS, "query": Query(since="2090-01-01")}, "that meets all that is asked"),
        ({"measure": MODELS, "rows": "sentence"}, "cannot group by 'sentence'"),
        ({"measure": MODELS, "rows": "year"}, "both 'year'"),
    ],
)
def test_what_cannot_be_a_table_is_said(wishes: dict[str, Any], said: str, db: Path) -> None:
    with pytest.raises(CorpusError, match=said):
        frames.pivot(db, **wishes)


def test_the_command_prints_and_writes_the_table(db: Path, baotinh: Baotinh, tmp_path: Path) -> None:
    shutil.copy(db, tmp_path / "baotinh.db")
    made = frames.pivot(db, MODELS, today=True)
    printed = baotinh("table", "mô hình dân vận khéo", "--rows", "province", "--columns", "year", "--today")
    assert printed.returncode == 0, printed.stderr
    assert f"{made.attrs['figures']} figures of {MODELS}" in printed.stdout
    written = baotinh("table", MODELS, "--today", "--format", "csv", "--out", "t.csv")
    assert written.returncode == 0, written.stderr
    read = pd.read_csv(tmp_path / "t.csv", index_col=0, encoding="utf-8-sig")
    assert read.sum().sum() == made.sum().sum()
    assert baotinh("table", MODELS, "--today", "--format", "xlsx", "--out", "t.xlsx").returncode == 0
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["table"]
    assert sheet.cell(2, 1).value == made.index[0]
    assert sheet.freeze_panes == "B2"
    assert baotinh("table", MODELS, "--format", "xlsx").returncode == 2
    assert "cannot group by" in baotinh("table", MODELS, "--rows", "x").stderr


def test_the_command_takes_the_filters_of_a_search(db: Path, tmp_path: Path) -> None:
    def ask(*given: str) -> Result:
        return CliRunner().invoke(main, ["table", "--db", str(db), *given, "--format", "csv"], prog_name="baotinh")

    made = frames.pivot(db, MODELS, rows="role", query=Query(role="registered", since="2020-01-01"))
    found = ask("mô hình “Dân vận khéo”", "--rows", "role", "--role", "ghi danh", "--since", "2020-01-01")
    assert found.exit_code == 0, found.stderr
    assert found.stdout.splitlines()[1].startswith("registered,")
    assert len(found.stdout.splitlines()) == 2
    assert f"{made.attrs['figures']} figures" in found.stderr
    assert "no measure 'mô hìn dân vận khéo'; there are: mo_hinh_dan_van_kheo" in ask("mô hìn dân vận khéo").stderr


def test_the_tutorial_runs_as_it_is_written(db: Path, tmp_path: Path) -> None:
    shutil.copy(db, tmp_path / "baotinh.db")
    blocks = re.findall(r"```python\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 6
    before = Path.cwd()
    names: dict[str, object] = {}
    os.chdir(tmp_path)
    try:
        for number, block in enumerate(blocks):
            exec(compile(block, f"{TUTORIAL.name}, block {number + 1}", "exec"), names)
    finally:
        os.chdir(before)
    chart = names["chart"]
    assert isinstance(chart, pd.DataFrame)
    assert {"province", "year", "value"} <= set(chart.columns)
    assert len(chart) > 0
    assert (tmp_path / "models.csv").exists()
