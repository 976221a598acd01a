"""Bài viết: an article with all its facts marked, its versions with what changed, and its copies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corpus.search import Row, rows
from corpus.versions import Change, changes, copies, versions
from corpus.web.language import gettext
from corpus.web.web import corpus_of, page

FACTS = "SELECT id, kind, start, end, state FROM all_facts WHERE article_id = ? ORDER BY start, end DESC"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a paragraph; `kind` and `id` say which fact it is, None for plain text."""

    text: str
    kind: str | None = None
    id: int | None = None


def article_page(request: Request) -> Response:
    """The article of an id, or 404; ?rejected=1 marks the facts too that people rejected."""
    corpus, article = corpus_of(request), _article(request)
    rejected = request.query_params.get("rejected") == "1"
    every = corpus.conn.execute(FACTS, (article["id"],)).fetchall()
    facts = [fact for fact in every if rejected or fact["state"] != "reject"]
    found = rows(corpus, [fact["id"] for fact in facts])
    context = {
        "article": article,
        "authors": json.loads(article["authors"]),
        "captions": json.loads(article["captions"]),
        "paragraphs": article_parts(article["text"], facts),
        "kinds": _by_kind(found),
        "versions": versions(corpus, article["id"]),
        "copies": copies(corpus, article["id"]),
        "hidden": len(every) - len(facts),
        "link": article["url"] if article["url"].startswith(("http://", "https://")) else None,
    }
    return page(request, "article.html", context)


def version_page(request: Request) -> Response:
    """A version of an article against the one before it, or 404."""
    article = _article(request)
    known = {version.number: version for version in versions(corpus_of(request), article["id"])}
    number = request.path_params["version"]
    if number not in known:
        raise HTTPException(404, gettext("There is no such version of the article."))
    before = known[max((each for each in known if each < number), default=number)]
    context = {
        "article": article,
        "versions": list(known.values()),
        "version": known[number],
        "before": before if before.number < number else None,
        "paragraphs": _paragraphs(list(changes(before.text, known[number].text))),
    }
    return page(request, "version.html", context)


def article_parts(text: str, facts: Sequence[sqlite3.Row]) -> list[list[Part]]:
    """The paragraphs of a text as parts, every character of them once; of facts that overlap the first stays."""
    paragraphs: list[list[Part]] = [[]]
    position = 0
    for fact in facts:
        if fact["start"] >= position:
            _add(paragraphs, text[position : fact["start"]])
            paragraphs[-1].append(Part(text[fact["start"] : fact["end"]], fact["kind"], fact["id"]))
            position = fact["end"]
    _add(paragraphs, text[position:])
    return [parts for parts in paragraphs if any(part.text.strip() for part in parts)]


def _add(paragraphs: list[list[Part]], text: str) -> None:
    """Adds plain text, a new paragraph at each newline."""
    first, *rest = text.split("\n")
    paragraphs[-1].append(Part(first))
    paragraphs.extend([Part(line)] for line in rest)


def _paragraphs(found: list[Change]) -> list[list[Change]]:
    """The changes of each paragraph of the two texts."""
    paragraphs: list[list[Change]] = [[]]
    for change in found:
        first, *rest = change.text.split("\n")
        paragraphs[-1].append(Change(change.kind, first))
        paragraphs.extend([Change(change.kind, line)] for line in rest)
    return [parts for parts in paragraphs if any(part.text.strip() for part in parts)]


def _by_kind(found: Sequence[Row]) -> dict[str, list[Row]]:
    """The facts of each kind, figures first, in the order of the text."""
    kinds = {kind: [row for row in found if row.kind == kind] for kind in ("count", "money", "place", "date")}
    return {kind: facts for kind, facts in kinds.items() if facts}


def _article(request: Request) -> sqlite3.Row:
    sql = "SELECT a.*, s.name AS paper FROM articles AS a LEFT JOIN sites AS s ON s.id = a.site_id WHERE a.id = ?"
    found: sqlite3.Row | None = corpus_of(request).conn.execute(sql, (request.path_params["article"],)).fetchone()
    if found is None:
        raise HTTPException(404, gettext("There is no such article."))
    return found


ROUTES = [
    Route("/articles/{article:int}", article_page, name="article"),
    Route("/articles/{article:int}/versions/{version:int}", version_page, name="version"),
]
