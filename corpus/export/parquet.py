"""Parquet: typed columns, written in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.export.tables import Field, Rows, Table

CHUNK = 5_000  # rows in memory at once
LONG = 1_000_000  # characters in memory at once, about
TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("ms", tz="UTC"),
    "list": pa.list_(pa.string()),
    "object": pa.string(),
}


def arrow_type(field: Field) -> Any:  # noqa: ANN401 (pyarrow has no types)
    """The Arrow type of a settled field: a category is dictionary-coded."""
    return pa.dictionary(pa.int32(), pa.string()) if field.category else TYPES[field.type]


def batches(table: Table, rows: Rows) -> Any:  # noqa: ANN401
    """The rows as Arrow record batches."""
    schema = schema_of(table)
    for chunk in _chunks(table, rows):
        columns = [
            pa.array(column, type=kind) for column, kind in zip(zip(*chunk, strict=True), schema.types, strict=True)
        ]
        yield pa.record_batch(columns, schema=schema)


def _chunks(table: Table, rows: Rows) -> Iterator[list[tuple[Any, ...]]]:
    """Rows together, fewer where they hold long texts."""
    texts = [place for place, field in enumerate(table.fields) if field.name == "text"]
    chunk: list[tuple[Any, ...]] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += sum(len(row[place]) for place in texts)
        if len(chunk) == CHUNK or size > LONG:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def schema_of(table: Table) -> Any:  # noqa: ANN401
    """The Arrow schema of a settled table."""
    return pa.schema([(field.name, arrow_type(field)) for field in table.fields])


def write_parquet(table: Table, rows: Rows, path: Path) -> int:
    """Zstandard, a row group a chunk."""
    number = 0
    with pq.ParquetWriter(path, schema_of(table), compression="zstd") as writer:
        for batch in batches(table, rows):
            writer.write_batch(batch)
            number += batch.num_rows
    return number
