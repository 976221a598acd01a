"""What the command line prints: the corpus in numbers, its figures, and the results of a search."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tabulate import tabulate

from corpus.query import has_diacritics
from corpus.saved import Saved
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
    elif not any(figures["kept"] or figures["gone"] for figures in report["sites"].values()):
        parts.append("nothing new")
    return "\n\n".join(parts)


def figures(corpus: Corpus) -> str:
    """The largest model counts and sums of money with role, place and period, as a table."""
    half = """
        SELECT kind, trim(coalesce(qualifier_text, '') || ' ' || text) AS figure, role, scope, period_from, period_to,
               has_period, title
        FROM current_observations WHERE {} AND link IS NOT 'part' ORDER BY value DESC LIMIT ?"""
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
    """Results for a terminal: number, fact, place, days, paper and its day, and the sentence with the fact in «…»."""
    rows = [
        (row.id, row.text, " / ".join(row.place), _days(row.days), _paper(row), marked(row, WIDTH))
        for row in results.rows
    ]
    headers = ("no.", "fact", "place", "days", "paper", "sentence")
    table = str(tabulate(rows, headers=headers, disable_numparse=True))
    return f"{table}\n\n{_told(results)}" if rows else _told(results)


def as_long(results: Results) -> str:
    """Results for reading, a block a fact: all that is known of it, its whole sentence, and the page behind it."""
    blocks = []
    for row in results.rows:
        lines = {
            "place": " / ".join(row.place),
            "days": _days(row.days),
            "value": " – ".join(f"{value:,}" for value in (row.value, row.value_max) if value is not None),
            "figure": ", ".join(filter(None, (row.measure, row.role, row.qualifier))),
            "sure": f"{row.confidence:.2f}, {'nobody decided' if row.state == 'open' else f'decided: {row.state}'}",
            "said": marked(row, 2 * len(row.sentence)),
            "page": ", ".join(filter(None, (row.title, _paper(row)))),
            "": row.url,
        }
        said = (f"  {name:<7}{line}" for name, line in lines.items() if line)
        blocks.append("\n".join((f"{row.id}  {row.kind}: {row.text}", *said)))
    return "\n\n".join([*blocks, _told(results)])


def _paper(row: Row) -> str:
    return f"{row.paper or row.site or ''} {(row.published or '')[:10]}".strip()


def _told(results: Results) -> str:
    """Which of how many are shown, and what of the words had to be given up to find them."""
    if not results.total:
        return "nothing found"
    first, last = results.query.offset + 1, results.query.offset + len(results.rows)
    number = f"{'at least ' if results.more else ''}{results.total:,}"
    said = f"{first:,}–{last:,} of {number}" if results.rows else f"nothing from {first:,} on; there are {number}"
    if results.within == "article":
        said += "; no one sentence has all the words: these stand in articles that do"
    if has_diacritics(results.query.words) and not results.exact:
        said += "; found without regard to diacritics"
    return said


def as_searches(found: Sequence[tuple[Saved, Results]]) -> str:
    """Saved searches with what each asks, when its owner last looked, and how much is new."""
    rows = [
        (
            saved.name,
            " ".join(f"{name}={said}" for name, said in saved.query.mapping().items() if name != "limit"),
            (saved.seen_at or "")[:16].replace("T", " "),
            f"{new.total}{'+' if new.more else ''}",
        )
        for saved, new in found
    ]
    return str(tabulate(rows, headers=("name", "asks", "seen at (UTC)", "new"), disable_numparse=True))


def facets_as_table(results: Results) -> str:
    """How many of the facts found have which kind, paper and so on, the most frequent first."""
    rows = [
        (facet if number == 0 else "", value, f"{count:,}")
        for facet, counts in results.facets.items()
        for number, (value, count) in enumerate(list(counts.items())[:ROWS])
    ]
    table = tabulate(rows, headers=("by", "", "facts"), colalign=("left", "left", "right"), disable_numparse=True)
    return f"{table}\n\n{'at least ' if results.more else ''}{results.total:,} facts" if rows else "nothing found"


def facets_as_json(results: Results) -> str:
    """The counts as one JSON object; `more` says that there are more than `total`, and the counts are of these."""
    return json.dumps({"total": results.total, "more": results.more, "facets": results.facets}, ensure_ascii=False)


def facets_as_csv(results: Results) -> str:
    """The counts as CSV: facet, value, facts."""
    cells = ((name, value, number) for name, counts in results.facets.items() for value, number in counts.items())
    return _csv(("facet", "value", "facts"), cells)


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
    return _csv(tuple(Row.__dataclass_fields__), (map(_flat, asdict(row).values()) for row in results.rows))


def _csv(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(map(harmless, row) for row in rows)
    return out.getvalue().rstrip("\n")


FORMATS: dict[str, Callable[[Results], str]] = {"table": as_table, "long": as_long, "json": as_json, "csv": as_csv}
FACET_FORMATS: dict[str, Callable[[Results], str]] = {
    "table": facets_as_table,
    "long": facets_as_table,
    "json": facets_as_json,
    "csv": facets_as_csv,
}


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
