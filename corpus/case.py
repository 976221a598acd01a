"""A case: a fact with all that a person needs to decide on it: what is said of it, its sentence, what decided."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corpus.correction import corrected
from corpus.review import extracted, token
from corpus.store import Corpus
from extract.facts import Span
from extract.text import sentences

REACH = 1_500  # characters looked at on either side of the sentence
BEFORE, AFTER = 2, 1  # sentences shown on either side
PARTIES = ("source", "donor", "recipient")
SQL = (
    "SELECT f.*, s.text AS sentence, s.start AS sentence_start, s.end AS sentence_end, a.title, a.url, a.published, "
    "a.published_day, a.province, a.text AS article, coalesce(sites.name, a.site_id) AS paper, o.part_of, o.link, "
    "o.off_by, o.evidence, r.correction FROM facts AS f JOIN sentences AS s ON s.id = f.sentence_id "
    "JOIN articles AS a ON a.id = f.article_id LEFT JOIN sites ON sites.id = a.site_id "
    "LEFT JOIN observations AS o ON o.fact_id = f.id LEFT JOIN reviews AS r ON r.id = f.review_id WHERE f.id = ?"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text around a fact; `tags` say what it is: "fact", "sentence", or what it decided ("scope")."""

    text: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A fact to decide on.

    `seen` is what extraction says under the guidelines' keys, `said` the same with the `correction` in force; `token`
    is what `corpus.review.decide` wants back. `pieces` are the sentence and its neighbours, cut where anything begins
    or ends; `evidence` the words that decided with what each decided; `parties` who gave, received and is quoted;
    `whole` the id and words of the figure of which this is a part or share (`link`), `parts` how many parts it has.
    """

    id: int
    kind: str
    text: str
    state: str
    seen: dict[str, Any]
    said: dict[str, Any]
    correction: dict[str, Any] | None
    token: str
    rule: str
    confidence: float
    frame_confidence: float | None
    retired: bool
    original: int | None
    article: int
    title: str
    url: str
    paper: str | None
    published: str | None
    day: str | None
    province: str | None
    pieces: list[Piece]
    evidence: list[tuple[str, str]]
    parties: dict[str, str]
    whole: tuple[int, str] | None
    link: str | None
    parts: int
    off_by: float | None


def case(corpus: Corpus, fact_id: int) -> Case:
    """The case of a fact, retired ones too; ValueError where there is none."""
    conn = corpus.conn
    row = conn.execute(SQL, (fact_id,)).fetchone()
    if row is None:
        raise ValueError(f"there is no fact {fact_id}")
    seen = extracted(conn, fact_id)
    correction = json.loads(row["correction"]) if row["correction"] else None
    sql = "SELECT party, text FROM observation_parties WHERE fact_id = ? ORDER BY start"
    parties = {each["party"]: each["text"] for each in conn.execute(sql, (fact_id,))} if row["evidence"] else {}
    whole = conn.execute("SELECT id, text FROM facts WHERE id = ?", (row["part_of"],)).fetchone()
    (parts,) = conn.execute("SELECT count(*) FROM observations WHERE part_of = ?", (fact_id,)).fetchone()
    evidence = json.loads(row["evidence"] or "[]")
    return Case(
        id=fact_id,
        kind=row["kind"],
        text=row["text"],
        state=row["state"],
        seen=seen,
        said=corrected(seen, correction),
        correction=correction,
        token=token(conn, fact_id),
        rule=row["rule"],
        confidence=row["confidence"],
        frame_confidence=row["frame_confidence"],
        retired=row["retired_at"] is not None,
        original=row["original_id"],
        article=row["article_id"],
        title=row["title"],
        url=row["url"],
        paper=row["paper"],
        published=row["published"],
        day=row["published_day"],
        province=row["province"],
        pieces=pieces(row, evidence),
        evidence=list(dict.fromkeys((each["what"], each["text"]) for each in evidence)),
        parties={name: parties[name] for name in PARTIES if name in parties},
        whole=(whole["id"], whole["text"]) if whole else None,
        link=row["link"],
        parts=parts,
        off_by=row["off_by"],
    )


def pieces(row: sqlite3.Row, evidence: Sequence[dict[str, Any]]) -> list[Piece]:
    """The sentence of a fact and its neighbours; the sentence alone where the article's text has changed since."""
    article: str = row["article"] or ""
    first, last = row["sentence_start"], row["sentence_end"]
    spans = [(each["what"], (each["start"], each["end"]), each["text"]) for each in evidence]
    if article[first:last] != row["sentence"]:
        article, begin, end = " " * first + row["sentence"], first, last
    else:
        begin, end = _around(article, (first, last))
    marks = [("fact", (row["start"], row["end"])), ("sentence", (first, last))]
    marks += [(what, span) for what, span, text in spans if article[slice(*span)] == text]
    return list(_cut(article, (begin, end), marks))


def _around(text: str, sentence: Span) -> Span:
    """From the sentences before to those after, whole ones only."""
    low, high = max(0, sentence[0] - REACH), min(len(text), sentence[1] + REACH)
    spans = [(low + start, low + end) for start, end in sentences(text[low:high])]
    before = [start for start, end in spans if end <= sentence[0] and (start > low or low == 0)][-BEFORE:]
    after = [end for start, end in spans if start >= sentence[1] and (end < high or high == len(text))][:AFTER]
    return min([*before, sentence[0]]), max([*after, sentence[1]])


def _cut(text: str, within: Span, marks: Iterable[tuple[str, Span]]) -> Iterable[Piece]:
    marks = [(tag, (max(start, within[0]), min(end, within[1]))) for tag, (start, end) in marks]
    edges = sorted({*within, *(edge for _, span in marks if span[0] < span[1] for edge in span)})
    for start, end in pairwise(edges):
        tags = dict.fromkeys(tag for tag, span in marks if span[0] <= start and end <= span[1])
        yield Piece(text[start:end], tuple(tags))
