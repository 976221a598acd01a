"""Runs: what each refresh, extraction and import did, site by site, and whether it still does it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from corpus.refresh import Child
from corpus.store import Corpus

State = Literal["running", "done", "interrupted"]

SILENT = timedelta(minutes=30)  # a run not heard of for so long has died
FACTS = ("added", "changed", "retired", "kept")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: `started` and `finished` in UTC, `arguments` and `report` as they were noted."""

    id: int
    kind: str
    version: str
    arguments: Mapping[str, Any]
    started: str
    finished: str | None
    report: Mapping[str, Any]
    state: State

    @property
    def seconds(self) -> float | None:
        """How long it took, or has taken so far; None where nobody knows when it died."""
        if self.finished is None and self.state != "running":
            return None
        end = datetime.fromisoformat(self.finished) if self.finished else datetime.now(UTC)
        return (end - datetime.fromisoformat(self.started)).total_seconds()

    @property
    def sites(self) -> Mapping[str, Mapping[str, Any]]:
        """What was done, by site; empty for what is no crawl."""
        sites = self.report.get("sites")
        return sites if isinstance(sites, dict) else {}

    @property
    def totals(self) -> Counter[str]:
        """The numbers of all sites together; those of the report itself where it tells of no site."""
        numbers: Counter[str] = Counter()
        for told in self.sites.values() or [self.report]:
            numbers.update({name: value for name, value in told.items() if isinstance(value, int | float)
                            and not isinstance(value, bool)})  # fmt: skip
        return numbers

    @property
    def errors(self) -> Counter[str]:
        """How many errors there were, by cause."""
        causes: Counter[str] = Counter()
        for told in self.sites.values():
            causes.update(told.get("errors", {}))
        return causes

    @property
    def facts(self) -> int | None:
        """How many facts were written, for a run that reads articles."""
        known = [self.report[name] for name in FACTS[:2] if isinstance(self.report.get(name), int)]
        return sum(known) if known else None


def runs(corpus: Corpus, child: Child | None, limit: int, offset: int = 0) -> list[Run]:
    """The runs, the latest first; `child` is the refresh that was started last."""
    rows = corpus.conn.execute("SELECT * FROM runs ORDER BY id DESC LIMIT ? OFFSET ?", (limit, offset)).fetchall()
    return [_run(corpus, row, child) for row in rows]


def run_of(corpus: Corpus, id: int, child: Child | None) -> Run | None:
    """The run of a number; None where there is none."""
    row = corpus.conn.execute("SELECT * FROM runs WHERE id = ?", (id,)).fetchone()
    return _run(corpus, row, child) if row else None


def run_of_child(corpus: Corpus, child: Child) -> Run | None:
    """The run that a started refresh has noted; None where it has not come so far."""
    sql = "SELECT * FROM runs WHERE kind = 'refresh' AND started_at >= ? ORDER BY id LIMIT 1"
    row = corpus.conn.execute(sql, (child.started_at,)).fetchone()
    return _run(corpus, row, child) if row else None


def number_of_runs(corpus: Corpus) -> int:
    """How many runs there are."""
    return int(corpus.conn.execute("SELECT count(*) FROM runs").fetchone()[0])


def _run(corpus: Corpus, row: sqlite3.Row, child: Child | None) -> Run:
    report = json.loads(row["report"] or "{}")
    return Run(
        row["id"], row["kind"], row["version"], json.loads(row["arguments"]), row["started_at"], row["finished_at"],
        report, _state(corpus, row, report, child),
    )  # fmt: skip


def _state(corpus: Corpus, row: sqlite3.Row, report: Mapping[str, Any], child: Child | None) -> State:
    """A run without an end is the child's while that lives; one begun elsewhere runs while something is heard of it."""
    if row["finished_at"]:
        return "interrupted" if report.get("interrupted") else "done"
    if child and row["started_at"] >= child.started_at and row["kind"] in {"refresh", "extract"}:
        return "running" if child.running else "interrupted"
    sql = "SELECT max(fetched_at) FROM (SELECT run_id, fetched_at FROM pages ORDER BY id DESC LIMIT 1) WHERE run_id = ?"
    heard = corpus.conn.execute(sql, (row["id"],)).fetchone()[0] or row["started_at"]
    later = corpus.conn.execute("SELECT 1 FROM runs WHERE kind = ? AND id > ?", (row["kind"], row["id"])).fetchone()
    silent = datetime.now(UTC) - datetime.fromisoformat(heard)
    return "interrupted" if later or silent > SILENT else "running"
