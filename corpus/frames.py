"""Frames: the dataset's tables as pandas DataFrames with right dtypes, and pivot tables of its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import xlsxwriter
from tabulate import tabulate

from corpus.export.chosen import chosen
from corpus.export.parquet import batches, schema_of
from corpus.export.tables import tables
from corpus.export.xlsx import MADE
from corpus.query import Query, measure_of
from corpus.report import harmless
from corpus.schema import CorpusError
from corpus.store import open_corpus

How = Literal["max", "sum", "last", "count"]

EVERYTHING = Query()
GROUPS = ("province", "year", "month", "published_year", "role", "qualifier", "unit", "kind", "currency", "paper",
          "site", "review", "scope_unit", "unit_today")  # fmt: skip
# From "the true value lies below the figure" to "above it".
QUALIFIERS = ("less", "at_most", "approx", "exact", "at_least", "more")
NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def observations(
    db: Path | str, query: Query = EVERYTHING, *, accepted: bool = False, today: bool = True
) -> pd.DataFrame:
    """The figures that a query finds, a row each, with today's units (`province_today`, `unit_today`).

    Whole numbers are Int64 (float64 where a column has fractions), days datetime64, repeated words categories,
    `qualifier` an ordered one. `year`, `month` and `published_year` are derived: a figure's year is that of its last
    day, or of its first where the end is open.
    """
    frame = _read(db, "observations", query, accepted=accepted, today=today)
    day = frame["as_of"].fillna(frame["period_to"]).fillna(frame["period_from"])
    frame["year"] = day.dt.year.astype("Int64")
    frame["month"] = day.dt.strftime("%Y-%m")
    frame["published_year"] = frame["published"].dt.year.astype("Int64")
    return frame


def facts(db: Path | str, query: Query = EVERYTHING, *, accepted: bool = False) -> pd.DataFrame:
    """Every date, place, count and sum of money that a query finds and what these refer to, rejected ones too."""
    return _read(db, "facts", query, accepted=accepted)


def articles(db: Path | str, query: Query = EVERYTHING, *, accepted: bool = False) -> pd.DataFrame:
    """The articles of the facts that a query finds, or all."""
    return _read(db, "articles", query, accepted=accepted)


def sites(db: Path | str) -> pd.DataFrame:
    """The newspapers and portals."""
    return _read(db, "sites")


def units(db: Path | str) -> pd.DataFrame:
    """The administrative units with the days between which they existed."""
    return _read(db, "units")


def succession(db: Path | str) -> pd.DataFrame:
    """Which units of today a unit went into, whole or in part."""
    return _read(db, "succession")


def reviews(db: Path | str, query: Query = EVERYTHING) -> pd.DataFrame:
    """People's decisions on facts."""
    return _read(db, "reviews", query)


def pivot(
    db: Path | str,
    measure: str,
    *,
    rows: str = "province",
    columns: str = "year",
    today: bool = False,
    how: How = "max",
    query: Query = EVERYTHING,
    accepted: bool = False,
) -> pd.DataFrame:
    """A table of one measure's figures: `rows` down, `columns` across (of GROUPS).

    A cell holds the largest figure told ("max": many papers tell one figure, and a province's figure holds its
    districts'), their "sum", the one published "last", or their "count". Parts and shares of another figure are left
    out, rates, currencies but the commonest, and what has no row or column. `today` groups by the provinces of today.
    `attrs` tells how many `figures` are in the table and, by reason, how many were `left_out`. CorpusError for a
    measure of which there is no figure, or a column that is not in GROUPS.
    """
    given = observations(db, replace(query, measure=measure_of(measure)), accepted=accepted)
    if given.empty:
        if accepted or query.mapping().keys() - {"measure", "today", "copies"}:
            raise CorpusError(f"no figure of measure {measure!r} that meets all that is asked")
        known = measures(db)[:12]
        raise CorpusError(f"no figure of measure {measure!r}; the commonest are {', '.join(known) or 'none'}")
    for name in (rows, columns):
        if name not in GROUPS:
            raise CorpusError(f"cannot group by {name!r}, only by {', '.join(GROUPS)}")
    if rows == columns:
        raise CorpusError(f"rows and columns are both {rows!r}")
    down, across = (f"{name}_today" if today and name == "province" else name for name in (rows, columns))
    left_out: dict[str, int] = {}
    kept = given
    currency = given["currency"].mode()
    for why, keeps in {
        "parts of another figure": given["link"].isna(),
        "rates": given["per"].isna(),
        "other currencies": given["currency"].isna() | given["currency"].isin(currency[:1]),
        f"without {rows}": given[down].notna(),
        f"without {columns}": given[across].notna(),
        "without value": given["value"].notna(),
    }.items():
        left_out[why] = len(kept) - int(keeps[kept.index].sum())
        kept = kept[keeps[kept.index]]
    kept = kept.astype({name: "str" for name in (down, across) if isinstance(kept[name].dtype, pd.CategoricalDtype)})
    kept = kept.sort_values(["published", "key"])
    made = kept.pivot_table(index=down, columns=across, values="value", aggfunc=how).sort_index().sort_index(axis=1)
    made.attrs = {
        "measure": measure_of(measure),
        "how": how,
        "currency": None if currency.empty else currency[0],
        "figures": len(kept),
        "left_out": {why: number for why, number in left_out.items() if number},
    }
    return made


def measures(db: Path | str) -> list[str]:
    """The measures of which there are figures, the most frequent first."""
    with open_corpus(db, create=False) as corpus:
        sql = "SELECT measure FROM current_observations GROUP BY measure ORDER BY count(*) DESC, measure"
        return [row[0] for row in corpus.conn.execute(sql)]


def _read(
    db: Path | str, name: str, query: Query = EVERYTHING, *, accepted: bool = False, today: bool = False
) -> pd.DataFrame:
    """A table of the dataset as a DataFrame."""
    with open_corpus(db, create=False) as corpus, chosen(corpus, query, accepted=accepted):
        table = next(table for table in tables(today=today) if table.name == name).settled(corpus)
        read = pa.Table.from_batches(batches(table, table.rows(corpus)), schema=schema_of(table))
    frame: pd.DataFrame = read.unify_dictionaries().to_pandas(types_mapper=NULLABLE.get, date_as_object=False)
    if "qualifier" in frame:
        frame["qualifier"] = pd.Categorical(frame["qualifier"], categories=QUALIFIERS, ordered=True)
    return frame


def note(made: pd.DataFrame) -> str:
    """What a pivot holds and what it leaves out, in one line."""
    said = [f"{made.attrs['figures']} figures of {made.attrs['measure']}, {made.attrs['how']} in each cell"]
    if made.attrs["currency"]:
        said.append(made.attrs["currency"])
    left_out = ", ".join(f"{number} {why}" for why, number in made.attrs["left_out"].items())
    return "; ".join([*said, *([f"left out: {left_out}"] if left_out else [])])


def _as_table(made: pd.DataFrame, out: Path | None) -> str:
    shown = made.reset_index().astype("object")
    text = str(tabulate(shown.where(shown.notna(), None), headers="keys", showindex=False, intfmt=",", floatfmt=",g"))
    return _kept(text + "\n", out, "utf-8") if out else text


def _as_csv(made: pd.DataFrame, out: Path | None) -> str:
    safe = made.rename(index=harmless, columns=harmless)
    text = str(safe.to_csv(lineterminator="\n"))
    return _kept(text, out, "utf-8-sig") if out else text.rstrip("\n")


def _kept(text: str, out: Path, encoding: str) -> str:
    out.write_text(text, encoding=encoding, newline="\n")
    return ""


def _as_xlsx(made: pd.DataFrame, out: Path | None) -> str:
    """The table as a book: frozen heads, numbers as numbers, the note below."""
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": made.attrs["measure"], "created": MADE})
        sheet, bold, number = book.add_worksheet("table"), book.add_format({"bold": True}), book.add_format()
        number.set_num_format("#,##0")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, max(1, made.shape[1]), 16, number)
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, [str(made.index.name), *map(str, made.columns)], bold)
        for place, (name, row) in enumerate(made.iterrows(), 1):
            sheet.write_string(place, 0, str(name), bold)
            for column, cell in enumerate(row, 1):
                if not pd.isna(cell):
                    sheet.write_number(place, column, float(cell))
        sheet.write_string(len(made) + 2, 0, note(made))
    return ""


WRITTEN: dict[str, Callable[[pd.DataFrame, Path | None], str]] = {
    "table": _as_table,
    "csv": _as_csv,
    "xlsx": _as_xlsx,
}
