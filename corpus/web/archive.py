"""The archived page of an article: as text, or as it looked, shut in a sandbox in which no script runs."""

from __future__ import annotations

import sqlite3

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from corpus.web.language import gettext
from corpus.web.web import corpus_of, page, web_of
from extract.charset import decode
from extract.cleaning.mht import page_of

# Nothing is loaded and nothing runs: not from the paper, not from here. Its own style sheet may colour it.
SEALED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'"
)
SAVED_WHOLE = ("multipart/related", "message/rfc822")


def archive_page(request: Request) -> Response:
    """The captures of an article's page, the newest first, and one of them in a frame."""
    corpus, article = corpus_of(request), request.path_params["article"]
    found = corpus.conn.execute("SELECT id, title, url, page_id FROM articles WHERE id = ?", (article,)).fetchone()
    if found is None:
        raise HTTPException(404, gettext("There is no such article."))
    sql = (
        "SELECT id, url, fetched_at, content_type FROM pages WHERE warc_file IS NOT NULL AND id IN (SELECT ?2 UNION "
        "SELECT page_id FROM article_versions WHERE article_id = ?1) ORDER BY fetched_at DESC"
    )
    captures = corpus.conn.execute(sql, (article, found["page_id"])).fetchall()
    wanted = request.query_params.get("page", "")
    shown = next((each for each in captures if str(each["id"]) == wanted), captures[0] if captures else None)
    return page(request, "archive.html", {"article": found, "captures": captures, "shown": shown})


def captured(request: Request) -> Response:
    """A capture for the frame, sealed; a text file as plain text."""
    content_type, body = _capture(request)
    if "html" not in content_type and not content_type.startswith(SAVED_WHOLE):
        return PlainTextResponse(decode(body))
    text = _html(content_type, body)
    headers = {"content-security-policy": SEALED, "content-type": "text/html; charset=utf-8"}
    return Response(text.encode(errors="replace"), headers=headers)


def source(request: Request) -> Response:
    """A capture's source as plain text."""
    content_type, body = _capture(request)
    text = _html(content_type, body) if content_type.startswith(SAVED_WHOLE) else decode(body)
    return PlainTextResponse(text.encode(errors="replace"))


def _capture(request: Request) -> tuple[str, bytes]:
    """(content type, body) of the page in the address; 404 with the reason where the archive does not have it."""
    sql = "SELECT url, content_type, warc_file, warc_offset FROM pages WHERE id = ? AND warc_file IS NOT NULL"
    corpus = corpus_of(request)
    row: sqlite3.Row | None = corpus.conn.execute(sql, (request.path_params["page"],)).fetchone()
    read = web_of(request).settings.read_page
    if row is None or read is None:
        raise HTTPException(404, gettext("There is no such page."))
    try:
        body = read(corpus.archive / row["warc_file"], row["warc_offset"])
    except (ValueError, OSError) as error:
        said = gettext("The archive no longer has this page unharmed; “baotinh verify” says more.")
        raise HTTPException(404, said) from error
    return (row["content_type"] or "text/html").lower(), body


def _html(content_type: str, body: bytes) -> str:
    if content_type.startswith(SAVED_WHOLE):
        try:
            body, declared, _ = page_of(body)
        except ValueError as error:
            raise HTTPException(404, gettext("This saved file holds no page.")) from error
        return decode(body, declared)
    return decode(body, content_type.partition("charset=")[2].strip("\"' ;") or None)


ROUTES = [
    Route("/articles/{article:int}/archive", archive_page, name="archive"),
    Route("/archive/{page:int}/page", captured, name="captured"),
    Route("/archive/{page:int}/source", source, name="source"),
]
