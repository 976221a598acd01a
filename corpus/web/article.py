"""Bài viết: an article with all its facts marked, and the link to the paper."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corpus.web.language import gettext
from corpus.web.web import corpus_of, page


def article_page(request: Request) -> Response:
    """The article of an id, or 404."""
    corpus = corpus_of(request)
    found = corpus.conn.execute(
        "SELECT a.*, s.name AS paper FROM articles AS a LEFT JOIN sites AS s ON s.id = a.site_id WHERE a.id = ?",
        (request.path_params["article"],),
    ).fetchone()
    if found is None:
        raise HTTPException(404, gettext("There is no such article."))
    facts = corpus.conn.execute(
        "SELECT * FROM current_facts WHERE article_id = ? ORDER BY start, end DESC", (found["id"],)
    ).fetchall()
    context = {
        "article": found,
        "authors": json.loads(found["authors"]),
        "paragraphs": article_parts(found["text"], facts),
        "facts": facts,
        "link": found["url"] if found["url"].startswith(("http://", "https://")) else None,
    }
    return page(request, "article.html", context)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a paragraph; `kind` and `id` say which fact it is, None for plain text."""

    text: str
    kind: str | None = None
    id: int | None = None


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


ROUTES = [Route("/articles/{article:int}", article_page, name="article")]
