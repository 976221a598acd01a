"""What taking a large corpus away costs: time, size and peak memory of every format, each in a process of its own.

    python benchmarks/large_corpus.py --db big.db --no-copies --review-seconds 0
    python benchmarks/export.py big.db                       every format
    python benchmarks/export.py big.db --format parquet --then-import

The bar: a million facts in less than 300 MB of memory.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import click
from tabulate import tabulate

from corpus.export import SHAPES, export
from corpus.merge import merge
from corpus.store import open_corpus

BAR = 300  # MB of memory

Cost = tuple[float, float, int]  # seconds, peak MB, rows


def cost_of_export(db: str, folder: str, shape: str) -> Cost:
    """Exports everything as `shape`."""
    begun = time.perf_counter()
    with open_corpus(db, create=False) as corpus:
        rows = sum(written.rows for written in export(corpus, Path(folder), shape))
    return time.perf_counter() - begun, peak(), rows


def cost_of_import(db: str, folder: str, _: str) -> Cost:
    """Imports a dataset into a new corpus."""
    begun = time.perf_counter()
    with open_corpus(db) as corpus:
        merged = merge(corpus, Path(folder))
    return time.perf_counter() - begun, peak(), merged.facts


def peak() -> float:
    """The most memory that this process has held, in MB (what it loaded of Python and libraries among it)."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def alone(work: str, *arguments: str) -> Cost:
    """One of the above in a new process, so that each has its own peak."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(globals()[work], arguments)


@click.command()
@click.argument("db", type=click.Path(exists=True, dir_okay=False))
@click.option("--format", "shapes", multiple=True, type=click.Choice(SHAPES), help="Only this one (may be repeated).")
@click.option("--then-import", is_flag=True, help="Also import each jsonl or parquet set into an empty corpus.")
def main(db: str, shapes: tuple[str, ...], then_import: bool) -> None:
    """Prints a line a format; status 1 where one needs more memory than the bar."""
    table = []
    most = 0.0
    for shape in shapes or SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            seconds, memory, rows = alone("cost_of_export", db, f"{folder}/set", shape)
            size = sum(path.stat().st_size for path in Path(f"{folder}/set").iterdir()) / 1e6
            table.append((f"export {shape}", f"{rows:,}", f"{seconds:.1f} s", f"{size:,.0f} MB", f"{memory:.0f} MB"))
            most = max(most, memory)
            if then_import and shape in {"jsonl", "parquet"}:
                seconds, memory, rows = alone("cost_of_import", f"{folder}/new.db", f"{folder}/set", "")
                table.append((f"import {shape}", f"{rows:,} facts", f"{seconds:.1f} s", "", f"{memory:.0f} MB"))
    click.echo(tabulate(table, headers=("", "rows", "time", "size", "peak memory"), disable_numparse=True))
    sys.exit(1 if most > BAR else 0)


if __name__ == "__main__":
    main()
