"""Merge: an exported JSON Lines or Parquet set, with its reviews, read into another corpus; nothing twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from corpus.articles import Cleaned, save_articles
from corpus.catalogue import save_sites, save_units
from corpus.duplicates import find_copies
from corpus.export.tables import tables
from corpus.facts import place_id, save_readings
from corpus.records import place
from corpus.schema import CorpusError
from corpus.store import Corpus, batches, finish_run, start_run
from extract.article import Article

Line = dict[str, Any]
FORMATS = ("jsonl", "parquet")
AT_ONCE, AT_ONCE_INTO_NEW = 40, 2_000  # articles in a transaction: beside others at work, and into a new file
PARTIES = ("source", "donor", "recipient")
OBJECTS = {(table.name, field.name) for table in tables() for field in table.fields if field.type == "object"}


@dataclass(slots=True)
class Merged:
    """What an import added, what was there already, and what it could not settle, each a line for a person.

    `conflicts` are facts on which the two sides' last decisions differ (the later one is in force), `left` what
    could not be taken in, and why.
    """

    articles: int = 0
    facts: int = 0
    reviews: int = 0
    known: int = 0
    conflicts: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers, for the run's report."""
        return {
            "articles added": self.articles,
            "facts added": self.facts,
            "reviews added": self.reviews,
            "reviews there already": self.known,
            "conflicts of decisions": len(self.conflicts),
            "left out": len(self.left),
        }


def merge(corpus: Corpus, folder: Path) -> Merged:
    """Reads the dataset in `folder` into a corpus; CorpusError where it is none or is damaged.

    Units are taken where the corpus has none, sites and articles where they are new; facts come with new articles. An
    article that is there already keeps its own text and facts, and takes the reviews of the same facts.
    """
    package = _package(folder)
    merged = Merged()
    run = start_run(corpus, "import", package["version"], {"name": package["name"], "query": package["query"]})
    try:
        _furnish(corpus, folder, package)
        new_file = corpus.conn.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is None
        _take_articles(corpus, folder, run, package["version"], merged, new_file=new_file)
        with corpus.fill() if new_file else nullcontext():
            find_copies(corpus)
        _take_reviews(corpus, folder, merged)
    except (KeyError, TypeError, ValueError, sqlite3.IntegrityError) as error:
        raise CorpusError(f"{folder}: not a whole dataset of Báo Tỉnh ({error!r})") from error
    finish_run(corpus, run, merged.counts())
    return merged


def _package(folder: Path) -> dict[str, Any]:
    """The datapackage of a set that can be read; CorpusError for another."""
    try:
        package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        shapes = {resource["format"] for resource in package["resources"]}
        named = {resource["name"] for resource in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{folder}: no datapackage.json of an exported dataset in it") from error
    if package.get("name") != "baotinh" or not {table.name for table in tables()} <= named:
        raise CorpusError(f"{folder}: not a dataset of Báo Tỉnh")
    if not shapes <= set(FORMATS):
        raise CorpusError(f"{folder}: only jsonl and parquet can be imported, not {', '.join(sorted(shapes))}")
    return package


def read_lines(folder: Path, table: str) -> Iterator[Line]:
    """The rows of a table of a dataset: days and moments as ISO text, lists and objects as Python has them."""
    path = folder / f"{table}.jsonl"
    if path.exists():
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from map(json.loads, file)
        return
    with pq.ParquetFile(folder / f"{table}.parquet") as file:
        for batch in file.iter_batches(batch_size=1_000):
            for row in batch.to_pylist():
                yield {name: _plain(table, name, cell) for name, cell in row.items()}


def _plain(table: str, name: str, cell: Any) -> Any:  # noqa: ANN401
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="milliseconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return json.loads(cell) if cell is not None and (table, name) in OBJECTS else cell


def _furnish(corpus: Corpus, folder: Path, package: dict[str, Any]) -> None:
    """Units where there are none, sites that are new, and the runs that the facts come from."""
    if corpus.conn.execute("SELECT 1 FROM units LIMIT 1").fetchone() is None:
        successors = [(row["unit"], row["successor"], row["share"]) for row in read_lines(folder, "succession")]
        save_units(corpus, list(read_lines(folder, "units")), successors)
    known = {row["id"] for row in corpus.conn.execute("SELECT id FROM sites")}
    save_sites(corpus, [row for row in read_lines(folder, "sites") if row["id"] not in known])
    there = {tuple(row) for row in corpus.conn.execute("SELECT kind, version, started_at FROM runs")}
    names = ("kind", "version", "started_at", "finished_at")
    runs = [tuple(said[name] for name in names) for said in package["runs"]]
    with corpus.write() as conn:
        sql = f"INSERT INTO runs ({', '.join(names)}) VALUES (?, ?, ?, ?)"
        conn.executemany(sql, [run for run in runs if run[:3] not in there])


def _take_articles(corpus: Corpus, folder: Path, run: int, version: str, merged: Merged, *, new_file: bool) -> None:
    """Articles that are new, with their facts.

    The rows of articles, facts and observations are in one order, so that they are read side by side.
    """
    facts, frames = (Told(read_lines(folder, table)) for table in ("facts", "observations"))
    size, transaction = (AT_ONCE_INTO_NEW, corpus.fill) if new_file else (AT_ONCE, corpus.write)
    sql = "SELECT text FROM articles WHERE url = ?"
    for rows in batches(read_lines(folder, "articles"), size):
        new: dict[str, tuple[Line, list[Line], list[Line]]] = {}
        for row in rows:
            told, framed = facts.of(row["url"]), frames.of(row["url"])
            known = corpus.conn.execute(sql, (row["url"],)).fetchone()
            known = known or new.get(row["url"], (None,))[0]
            if known is None:
                new[row["url"]] = row, told, _records(told, {frame["key"]: frame for frame in framed})
            elif known["text"] != row["text"]:
                merged.left.append(f"{row['url']}: another version of the text is here and stays")
        with transaction() as conn:  # an article with its facts or not at all
            ids = [saved or 0 for saved in save_articles(corpus, [_cleaned(row) for row, *_ in new.values()])]
            read = zip(ids, (records for *_, records in new.values()), strict=True)
            merged.facts += save_readings(corpus, read, run, f"import of {version}").added
            for article_id, (_, told, _) in zip(ids, new.values(), strict=True):
                _keep_keys(conn, article_id, told)
        merged.articles += len(new)
    for rest in (facts, frames):
        if rest.next:
            raise ValueError(f"facts without their article, or in another order: {rest.next[0]}")


class Told:
    """The rows of a table, given article after article in the order of the articles."""

    def __init__(self, rows: Iterator[Line]) -> None:
        self.groups = groupby(rows, key=lambda row: str(row["url"]))
        self.next: tuple[str, list[Line]] | None = None
        self._advance()

    def of(self, url: str) -> list[Line]:
        """The rows of this article."""
        if self.next is None or self.next[0] != url:
            return []
        rows = self.next[1]
        self._advance()
        return rows

    def _advance(self) -> None:
        url, rows = next(self.groups, (None, iter(())))
        self.next = None if url is None else (url, list(rows))


def _cleaned(row: Line) -> Cleaned:
    lead, text = row["lead"], row["text"]
    lists: Line = {name: tuple(row[name] or ()) for name in ("authors", "captions", "subheads")}
    plain: Line = {name: row[name] for name in ("title", "origin", "published", "modified", "section", "language")}
    body = "" if text == lead else text[len(lead) + 2 :] if lead else text
    article = Article(lead=lead, body=body, **lists, **plain)
    return Cleaned(article=article, url=row["url"], site=row["site"], province=row["province"])


def _records(facts: list[Line], frames: Mapping[str, Line]) -> list[Line]:
    """Rows of facts, and of observations by key, as the records that extraction gave (extract.language.records)."""
    spans = {row["key"]: [row["start"], row["end"]] for row in facts}
    records = []
    for row in facts:
        named = {"from": row["date_from"], "to": row["date_to"]}
        said = row["extracted"] or row | named | frames.get(row["key"], {})
        record = {name: row[name] for name in ("kind", "text", "start", "end", "rule", "confidence")}
        record |= {"former": row["former"], "candidates": row["candidates"]}
        if row["kind"] in {"date", "place"}:
            record |= {name: said[name] for name in ("from", "to", "edtf", "level", "path", "unit_key")}
        else:
            record |= _quantity(row, said)
        if said.get("measure"):
            record |= _frame(said, spans)
        records.append(record)
    return records


def _quantity(row: Line, said: Line) -> Line:
    number = {"value": said["value"]} if said["value_max"] is None else {"min": said["value"], "max": said["value_max"]}
    names = ("value_low", "value_high", "total", "unit", "currency", "per", "qualifier")
    model = {} if said["model"] is None else {"model": bool(said["model"])}
    return number | {name: said[name] for name in names} | model | {"qualifier_text": row["qualifier_text"]}


def _frame(said: Line, spans: Mapping[str, list[int]]) -> Line:
    names = ("measure", "role", "scope", "scope_unit", "as_of", "link", "off_by", "frame_confidence")
    parties = {party["party"]: party for party in said["parties"] or ()}
    return {name: said[name] for name in names} | {
        "period": [said["period_from"], said["period_to"]] if said["has_period"] else None,
        "part_of": spans.get(said["part_of"]),
        "evidence": said["evidence"] or [],
        **{name: parties.get(name) for name in PARTIES},
    }


def _keep_keys(conn: sqlite3.Connection, article_id: int, facts: list[Line]) -> None:
    """Gives facts the dataset's keys where ours differ (a part of an article's facts counts other occurrences)."""
    keys = {(row["kind"], row["start"], row["end"]): row["key"] for row in facts}
    sql = "SELECT id, key, kind, start, end FROM facts WHERE article_id = ?"
    other = [(keys[*row[2:]], row["id"]) for row in conn.execute(sql, (article_id,)) if keys[*row[2:]] != row["key"]]
    conn.executemany("UPDATE facts SET key = 'import:' || id WHERE id = ?", [(fact_id,) for _, fact_id in other])
    conn.executemany("UPDATE facts SET key = ? WHERE id = ?", other)


def _take_reviews(corpus: Corpus, folder: Path, merged: Merged) -> None:
    """Decisions that are new, by fact; of all on a fact the latest is in force."""
    by_fact: dict[str, list[Line]] = {}
    for row in read_lines(folder, "reviews"):
        by_fact.setdefault(row["fact"], []).append(row)
    for batch in batches(by_fact.items(), 50):
        with corpus.write() as conn:
            for key, rows in batch:
                fact = conn.execute("SELECT id, text, review_id FROM facts WHERE key = ?", (key,)).fetchone()
                if fact is None:
                    said = ", ".join(f"{row['decision']} by {row['who']}" for row in rows)
                    merged.left.append(f"fact {key}: not found here ({said})")
                else:
                    _decide(conn, fact, rows, merged)


def _decide(conn: sqlite3.Connection, fact: sqlite3.Row, rows: list[Line], merged: Merged) -> None:
    """Adds what is new of one fact's decisions, and lists it where the last ones of both sides differ."""
    columns = ("decision", "correction", "seen", "note", "who", "at")
    sql = f"SELECT {', '.join(columns)} FROM reviews WHERE fact_id = ? ORDER BY at, id"
    ours = [tuple(row) for row in conn.execute(sql, (fact["id"],))]
    theirs = [_decision(row) for row in rows]
    new = [row for row in theirs if row not in ours]
    merged.known += len(theirs) - len(new)
    if not new:
        return
    for decision, correction, seen, note, who, at in new:
        conn.execute("INSERT OR IGNORE INTO users (name, created_at) VALUES (?, ?)", (who, at))
        conn.execute(f"INSERT INTO reviews (fact_id, {', '.join(columns)}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                     (fact["id"], decision, correction, seen, note, who, at))  # fmt: skip
        _keep_places(conn, json.loads(correction or "{}"))
    merged.reviews += len(new)
    latest = "SELECT id, decision FROM reviews WHERE fact_id = ?1 ORDER BY at DESC, id DESC LIMIT 1"
    conn.execute(f"UPDATE facts SET (review_id, state) = ({latest}) WHERE id = ?1", (fact["id"],))
    if ours and theirs[-1] not in ours and ours[-1] not in theirs and ours[-1][:2] != theirs[-1][:2]:
        merged.conflicts.append(
            f"{fact['text']!r} (fact {fact['id']}): {_told(ours[-1])} here, {_told(theirs[-1])} there"
        )


def _decision(row: Line) -> tuple[Any, ...]:
    """A row of reviews as the corpus keeps it."""
    said = (None if row[name] is None else json.dumps(row[name], ensure_ascii=False) for name in ("correction", "seen"))
    at = datetime.fromisoformat(row["at"]).isoformat(timespec="milliseconds")
    return (row["decision"], *said, row["note"], row["who"], at)


def _told(decision: tuple[Any, ...]) -> str:
    name, correction, _, _, who, at = decision
    return f"{name}{f' to {correction}' if correction else ''} by {who} ({at[:10]})"


def _keep_places(conn: sqlite3.Connection, correction: Line) -> None:
    """Writes the places that a correction names, so that a search finds them."""
    for name, key in (("path", "unit_key"), ("scope", "scope_unit")):
        if correction.get(name):
            place_id(conn, place(correction[name], correction.get("level"), correction.get(key)))
