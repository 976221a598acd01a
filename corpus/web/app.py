"""The application: the rooms' routes behind the guard, and the server that runs it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from corpus.store import CorpusError, open_corpus
from corpus.users import users
from corpus.web import (
    api,
    archive,
    article,
    conflicts,
    decisions,
    exports,
    figures,
    map,
    people,
    review,
    runs,
    sample,
    saved,
    search,
    series,
)
from corpus.web.api import Problem
from corpus.web.guard import Guard, SignIn
from corpus.web.language import gettext
from corpus.web.openapi import VERSION
from corpus.web.web import HERE, Settings, Web, page

HOST = "127.0.0.1"
ROOMS = (
    search, exports, saved, article, archive, figures, map, series, conflicts, api,
    review, decisions, sample, runs, people,
)  # fmt: skip


def problem(request: Request, error: Exception) -> Response:
    """A page that says what is wrong."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    known = {404: gettext("There is no such page."), 405: gettext("This address does not take this.")}
    said = error.detail if isinstance(error, HTTPException) else gettext("Something went wrong here; it was noted.")
    if isinstance(error, HTTPException) and said in {"Not Found", "Method Not Allowed"}:
        said = known[status]
    if request.url.path.startswith(f"{VERSION}/"):
        return Problem(status, said).response()
    return page(request, "problem.html", {"said": said}, status)


def create_app(settings: Settings) -> Starlette:
    """The web application over a corpus; CorpusError at once where the file is none."""
    open_corpus(settings.path, create=False).close()
    app = Starlette(
        routes=[
            *(route for room in ROOMS for route in room.ROUTES),
            Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        ],
        middleware=[Middleware(Guard), Middleware(SignIn)],
        exception_handlers={HTTPException: problem, 500: problem},
    )
    app.state.web = Web(settings)
    return app


def people_sign_in(path: Path) -> bool:
    """Whether the corpus has users who can sign in."""
    with open_corpus(path, create=False) as corpus:
        return any(user.signs_in for user in users(corpus))


def run(settings: Settings, port: int, announce: Callable[[str], None], host: str = HOST) -> None:
    """Serves the corpus until Ctrl-C; `announce` gets the address, with the one-time token, once the port answers.

    CorpusError where the file is no corpus, the port is taken, or `host` is open to others and nobody would sign in.
    """
    if host != HOST and settings.token is not None:
        raise CorpusError(f"{host} is open to others: first `baotinh users add NAME --role ROLE`, then serve again")
    app = create_app(settings)
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise CorpusError(f"{host} port {port}: {error.strerror}; give another --port") from error
    # What is accepted inherits it. asyncio sets it only on sockets that name their protocol, and without it a kept
    # connection waits for 40 ms at each answer.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    address = f"http://{host}:{listener.getsockname()[1]}/"
    announce(f"{address}sign-in?token={settings.token}" if settings.token else address)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).run(sockets=[listener])
