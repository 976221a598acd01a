"""What was decided: who decided what and when, decisions to look at again, and all of them as gold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from corpus.gold import gold_records
from corpus.review import deciders, gone, log, stale
from corpus.store import Corpus, open_corpus
from corpus.web import value
from corpus.web.guard import needs
from corpus.web.review import number_of, with_words
from corpus.web.web import corpus_of, page, web_of

PAGE = 50  # decisions of a page


@needs("reviewer")
def log_page(request: Request) -> Response:
    """Every decision, newest first; `who` asks for one person's, `before` for those before a decision's number."""
    corpus = corpus_of(request)
    who = request.query_params.get("who") or None
    rows = log(corpus, who=who, before=number_of(request.query_params.get("before")), limit=PAGE + 1)
    older = urlencode({**({"who": who} if who else {}), "before": rows[PAGE - 1]["id"]}) if len(rows) > PAGE else None
    context = {"rows": with_words(rows[:PAGE]), "older": older, "people": deciders(corpus), "who": who or ""}
    return page(request, "review_log.html", context)


@needs("reviewer")
def stale_page(request: Request) -> Response:
    """Decisions made on something else than extraction says now, and those on facts that it no longer finds."""
    corpus = corpus_of(request)
    before = number_of(request.query_params.get("before"))
    which = "gone" if request.query_params.get("which") == "gone" else "stale"
    rows = (gone if which == "gone" else stale)(corpus, before=before, limit=PAGE + 1)
    older = urlencode({"which": which, "before": rows[PAGE - 1]["id"]}) if len(rows) > PAGE else None
    rows = [
        {
            **row,
            "seen_words": value.in_short(row["seen"]),
            "now_words": value.in_short(row["now"]) if "now" in row else "",
        }
        for row in with_words(rows[:PAGE])
    ]
    return page(request, "review_stale.html", {"rows": rows, "older": older, "which": which})


@needs("reviewer")
def gold_file(request: Request) -> Response:
    """The decisions as JSON Lines in the guidelines' form, for `baotinh evaluate`."""
    path = web_of(request).settings.path

    def lines() -> Iterator[str]:
        with open_corpus(path, create=False) as corpus:  # the answer is sent by other threads
            yield from gold_lines(corpus)

    headers = {"content-disposition": 'attachment; filename="gold.jsonl"'}
    return StreamingResponse(lines(), media_type="application/jsonl; charset=utf-8", headers=headers)


def gold_lines(corpus: Corpus) -> Iterator[str]:
    """The records of `corpus.gold`, one a line."""
    for record in gold_records(corpus):
        yield json.dumps(record, ensure_ascii=False) + "\n"


ROUTES = [
    Route("/review/log", log_page, name="review-log"),
    Route("/review/stale", stale_page, name="review-stale"),
    Route("/review/gold", gold_file, name="review-gold"),
]
