"""The application: routes, headers and one corpus connection for each thread that answers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.search import search
from corpus.store import Corpus, CorpusError, open_corpus
from corpus.web.article import article_parts
from corpus.web.form import Form, page_links
from corpus.web.words import FILTERS, KINDS, STATES, WORDS, days, number

HOST = "127.0.0.1"
HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}


class SafeHeaders:
    """Sends the security headers with every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, with HEADERS added."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS.items()]
            await send(message)

        await self.app(scope, receive, with_headers)


class Pages:
    """The pages over one corpus file; a connection is opened once in each thread of the server."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.local = threading.local()
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(w=WORDS, kinds=KINDS, filters=FILTERS, states=STATES)
        environment.filters.update(days=days, number=number)
        self.templates = Jinja2Templates(env=environment)

    @property
    def corpus(self) -> Corpus:
        """This thread's connection."""
        if not hasattr(self.local, "corpus"):
            self.local.corpus = open_corpus(self.path, create=False)
        corpus: Corpus = self.local.corpus
        return corpus

    def search(self, request: Request) -> Response:
        """The search box, its filters and what they find; a filter that cannot be read is named (400)."""
        form = Form.of(request.query_params)
        results = search(self.corpus, form.query) if form.asked and not form.errors else None
        context = {"form": form, "results": results, "links": page_links(form, results) if results else {}}
        return self.templates.TemplateResponse(request, "search.html", context, 400 if form.errors else 200)

    def article(self, request: Request) -> Response:
        """An article with all its facts marked, and the link to the paper."""
        found = self.corpus.conn.execute(
            "SELECT a.*, s.name AS paper FROM articles AS a LEFT JOIN sites AS s ON s.id = a.site_id WHERE a.id = ?",
            (request.path_params["article"],),
        ).fetchone()
        if found is None:
            raise HTTPException(404, WORDS["no article"])
        facts = self.corpus.conn.execute(
            "SELECT * FROM current_facts WHERE article_id = ? ORDER BY start, end DESC", (found["id"],)
        ).fetchall()
        context = {
            "article": found,
            "authors": json.loads(found["authors"]),
            "paragraphs": article_parts(found["text"], facts),
            "facts": facts,
            "link": found["url"] if found["url"].startswith(("http://", "https://")) else None,
        }
        return self.templates.TemplateResponse(request, "article.html", context)

    def problem(self, request: Request, error: Exception) -> Response:
        """A page that says what is wrong."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        said = error.detail if isinstance(error, HTTPException) and status != 404 else WORDS["no page"]
        return self.templates.TemplateResponse(request, "problem.html", {"said": said}, status)


def create_app(path: Path) -> Starlette:
    """The web application over the corpus at `path`; CorpusError at once where that is none."""
    open_corpus(path, create=False).close()
    pages = Pages(path)
    return Starlette(
        routes=[
            Route("/", pages.search, name="search"),
            Route("/articles/{article:int}", pages.article, name="article"),
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        ],
        middleware=[Middleware(SafeHeaders)],
        exception_handlers={HTTPException: pages.problem},
    )


def run(path: Path, port: int, announce: Callable[[str], None]) -> None:
    """Serves the corpus on 127.0.0.1 until Ctrl-C; `announce` gets the address once the port answers.

    CorpusError where the file is no corpus or the port is taken.
    """
    app = create_app(path)
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        raise CorpusError(f"port {port}: {error.strerror}; give another --port") from error
    announce(f"http://{HOST}:{listener.getsockname()[1]}/")
    uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).run(sockets=[listener])
