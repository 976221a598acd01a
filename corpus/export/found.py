"""A search's result as one file: everything that the query finds, a row a fact, in the order of the search."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from corpus.export import package
from corpus.export.tables import Rows, Table, read_tables
from corpus.export.text_files import write_csv, write_jsonl
from corpus.export.xlsx import check_rows, write_xlsx
from corpus.query import Query, matches
from corpus.search import search
from corpus.store import Corpus, batches
from corpus.where import CAP, JOINS, Where

FOUND = Path(__file__).with_name("found.toml")
WRITERS: dict[str, Callable[[Table, Rows, Path], int]] = {"csv": write_csv, "jsonl": write_jsonl}


def write_found(corpus: Corpus, query: Query, shape: str, path: Path) -> int:
    """Writes what a query finds, whatever its limit and offset, as csv, jsonl or xlsx; gives the number of rows.

    CorpusError where a sheet of Excel cannot hold it.
    """
    (table,) = read_tables(FOUND)
    corpus.conn.execute("BEGIN")  # one moment of the corpus
    try:
        ids = found_ids(corpus, query)
        rows = _rows(corpus, table, ids)
        if shape != "xlsx":
            return WRITERS[shape](table, rows, path)
        check_rows(table.name, len(ids))
        origin = package.provenance(corpus, query, accepted=False)
        asked = json.dumps(origin.query, ensure_ascii=False)
        about = [table.vi, table.en, asked, package.citation(origin)]
        return write_xlsx([(table, rows)], path, about)[table.name]
    finally:
        corpus.conn.rollback()


def found_ids(corpus: Corpus, query: Query) -> list[int]:
    """The ids of all facts that a query finds: first those that can be paged through, as the search orders them; the
    others by value or day."""
    results = search(corpus, replace(query, limit=CAP, offset=0), ())
    first = [row.id for row in results.rows]
    if not results.more:
        return first
    where = Where(corpus, query)
    for match in matches(query.words):
        if match.exact == results.exact:
            where.among(match, results.within)
    order = "f.value DESC, f.id" if query.sort == "value" else "f.day DESC, f.id"
    sql = f"SELECT f.id FROM facts AS f {JOINS} WHERE {' AND '.join(where.conditions)} ORDER BY {order}"
    known = set(first)
    return first + [row[0] for row in corpus.conn.execute(sql, where.values) if row[0] not in known]


def _rows(corpus: Corpus, table: Table, ids: list[int]) -> Rows:
    """The rows of these facts, read few at a time: sorted as a whole they would fill the memory."""
    for some in batches(ids):
        yield from table.rows(corpus, some)
