"""What the command line prints: the corpus in numbers, its figures, and the results of a search."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tabulate import tabulate

from corpus.search import Results, Row
from corpus.store import Corpus

WIDTH = 100  # characters of a sentence shown around the fact
ROWS = 12
HARMFUL = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def summary(corpus: Corpus) -> str:
    """How many articles, copies and facts by kind the corpus holds, one a line."""
    one = "SELECT count(*) FROM articles WHERE original_id IS {}"
    (originals,), (copies,) = (corpus.conn.execute(one.format(end)).fetchone() for end in ("NULL", "NOT NULL"))
    kinds = corpus.conn.execute("SELECT kind, count(*) FROM facts WHERE retired_at IS NULL GROUP BY kind ORDER BY kind")
    lines = [(originals, "articles"), (copies, "copies of them in other papers")]
    lines += [(number, f"{kind} facts") for kind, number in kinds]
    return "\n".join(f"  {number:>8,}  {what}" for number, what in lines)


def crawled(report: Mapping[str, Any]) -> str:
    """What a crawl did, a line a site: articles seen, fetched, kept and why others were not; then the alarms."""
    columns = ("seen", "fetched", "new", "changed", "unchanged", "gone", "off_topic", "duplicate", "bytes", "seconds")
    rows = []
    for site, figures in report["sites"].items():
        errors = ", ".join(f"{cause} {number}" for cause, number in figures["errors"].items())
        rows.append((site, *(figures[column] for column in columns), errors))
    table = str(tabulate(rows, headers=("site", *(column.replace("_", " ") for column in columns), "errors")))
    lines = [f"{site}: {said}" for site, figures in report["sites"].items() for said in figures.get("alarms", ())]
    parts = [table]
    if lines:
        parts.append("\n".join(["These sites clean worse than they did; their layout may have changed:", *lines]))
    if report["interrupted"]:
        parts.append("stopped before the end; run it again to go on")
    return "\n\n".join(parts)


def figures(corpus: Corpus) -> str:
    """The largest model counts and sums of money with role, place and period, as a table."""
    half = """
        SELECT kind, trim(coalesce(qualifier_text, '') || ' ' || text) AS figure, role, scope, period_from, period_to,
               has_period, title
        FROM current_observations WHERE {} ORDER BY confidence DESC, value DESC LIMIT ?"""
    found = [
        row
        for wanted in ("model = 1", "kind = 'money'")
        for row in corpus.conn.execute(half.format(wanted), (ROWS // 2,))
    ]
    rows = [
        (
            row["figure"],
            row["role"],
            " / ".join(json.loads(row["scope"] or "[]")),
            _days((row["period_from"], row["period_to"])) if row["has_period"] else "",
            shorten(row["title"], 44),
        )
        for row in found
    ]
    return str(tabulate(rows, headers=("figure", "role", "place", "period", "article"), disable_numparse=True))


def as_table(results: Results) -> str:
    """Results for a terminal: figure, place, days, paper and day, and the sentence with the fact in «…»."""
    rows = [
        (
            row.text,
            " / ".join(row.place),
            _days(row.days),
            f"{row.paper or row.site or ''} {row.published or ''}".strip(),
            marked(row, WIDTH),
        )
        for row in results.rows
    ]
    table = tabulate(rows, headers=("fact", "place", "days", "paper", "sentence"), disable_numparse=True)
    first, last = results.query.offset + 1, results.query.offset + len(rows)
    more = "at least " if results.more else ""
    return f"{table}\n\n{first}–{last} of {more}{results.total:,}" if rows else "nothing found"


def as_queue(queue: Sequence[Row]) -> str:
    """Facts to decide on, with the number by which `baotinh review` calls each."""
    rows = [
        (row.id, f"{row.confidence:.2f}", row.kind, " / ".join(row.place), _days(row.days), marked(row, WIDTH))
        for row in queue
    ]
    headers = ("fact", "sure", "kind", "place", "days", "sentence")
    return str(tabulate(rows, headers=headers, disable_numparse=True)) if rows else "nothing is left to decide"


def as_json(results: Results) -> str:
    """Results as JSON Lines, one fact a line."""
    return "\n".join(json.dumps(asdict(row), ensure_ascii=False) for row in results.rows)


def as_csv(results: Results) -> str:
    """Results as CSV with a header; lists joined, cells that a spreadsheet would run made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Row.__dataclass_fields__)
    for row in results.rows:
        writer.writerow(harmless(_flat(value)) for value in asdict(row).values())
    return out.getvalue().rstrip("\n")


FORMATS: dict[str, Callable[[Results], str]] = {"table": as_table, "json": as_json, "csv": as_csv}


def harmless(cell: object) -> object:
    """A cell that a spreadsheet shows as it is: text that begins like a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(HARMFUL) else cell


def marked(row: Row, width: int) -> str:
    """About `width` characters of the sentence with the fact in «…» in their midst."""
    start, end = row.mark
    room = max(0, width - (end - start)) // 2
    head, tail = row.sentence[:start], row.sentence[end:]
    before = f"…{head[-room:]}" if len(head) > room else head
    after = f"{tail[:room]}…" if len(tail) > room else tail
    return " ".join(f"{before}«{row.sentence[start:end]}»{after}".split())


def shorten(text: str, width: int) -> str:
    """At most `width` characters of a text."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _days(days: Sequence[str | None] | None) -> str:
    if not days:
        return ""
    first, last = days
    return first or "" if first == last else f"{first or '…'} – {last or '…'}"


def _flat(value: object) -> object:
    return "/".join(str(part) for part in value if part is not None) if isinstance(value, tuple | list) else value
