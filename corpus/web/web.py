"""What every page needs: the corpus (one connection for each thread that answers), the templates, who is asking."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from corpus.store import Corpus, open_corpus
from corpus.users import User
from corpus.web import labels, language

HERE = Path(__file__).parent
ReadPage = Callable[[Path, int], bytes]  # a WARC file and the offset of a record: the page's body


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the pages are served: the corpus file, whether people sign in, and what the other rooms lend.

    `token` opens the pages once for `owner` where nobody signs in; `read_page` reads an archived page; `refresh` is the
    command, without its sites, that refreshes the corpus, and `sites` those it knows.
    """

    path: Path
    secret: str
    token: str | None = None
    owner: str = "admin"
    read_page: ReadPage | None = None
    refresh: Sequence[str] = ()
    sites: Sequence[Mapping[str, Any]] = ()


@dataclass(slots=True)
class Web:
    """The application's own state, as `request.app.state.web`."""

    settings: Settings
    local: threading.local = field(default_factory=threading.local)
    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str | None = field(init=False)  # the settings' until it was used
    templates: Jinja2Templates = field(init=False)

    def __post_init__(self) -> None:
        self.token = self.settings.token
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            language.gettext, language.ngettext, newstyle=True, pgettext=language.pgettext, npgettext=language.npgettext
        )
        environment.globals.update(labels=labels, languages=language.LANGUAGES, _=language.say)
        environment.filters.update(days=language.days, day=language.day, number=language.number)
        self.templates = Jinja2Templates(env=environment)

    @property
    def corpus(self) -> Corpus:
        """This thread's connection."""
        if not hasattr(self.local, "corpus"):
            self.local.corpus = open_corpus(self.settings.path, create=False)
        corpus: Corpus = self.local.corpus
        return corpus


def web_of(request: Request) -> Web:
    """The application's state."""
    web: Web = request.app.state.web
    return web


def corpus_of(request: Request) -> Corpus:
    """The corpus, on this thread's connection."""
    return web_of(request).corpus


def user_of(request: Request) -> User:
    """Who is asking; only for pages behind the sign-in."""
    user: User = request.state.user
    return user


def owner_of(request: Request) -> str:
    """Under which name the asker's searches are saved: "" on a person's own machine, as on the command line."""
    return "" if web_of(request).settings.token is not None else user_of(request).name


def with_form(endpoint: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Reads the form of a write before its endpoint runs (in a thread); `form_of` gives it there."""

    @wraps(endpoint)
    async def read(request: Request) -> Response:
        request.state.form = await request.form()
        return await run_in_threadpool(endpoint, request)

    return read


def form_of(request: Request) -> dict[str, str]:
    """The text fields of a form, the last of each name."""
    form: FormData = request.state.form
    return {name: value for name, value in form.items() if isinstance(value, str)}


def page(
    request: Request, template: str, context: Mapping[str, Any] | None = None, status: int = 200, **headers: str
) -> Response:
    """A page made from a template, which knows `user` and `language` besides its context."""
    known = {
        "user": getattr(request.state, "user", None),
        "language": language.current.get(),
        "signs_in": web_of(request).settings.token is None,
    }
    made = web_of(request).templates.TemplateResponse(request, template, {**known, **(context or {})}, status)
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made
