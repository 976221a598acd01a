"""Tìm kiếm đã lưu: searches kept by name, what is new for each, and each as an Atom feed behind a secret address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import parse_qsl

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from corpus.feed import atom
from corpus.saved import (
    Saved,
    forget_search,
    last_stored,
    mark_seen,
    new_facts,
    save_search,
    saved_search,
    saved_searches,
)
from corpus.store import Corpus
from corpus.users import users
from corpus.web.facets import Chip, chips, choices
from corpus.web.form import Form, fields_of
from corpus.web.guard import needs
from corpus.web.language import gettext
from corpus.web.web import corpus_of, form_of, owner_of, page, web_of, with_form

ENTRIES = 50  # facts of a feed
MOST = 100  # saved searches of one owner that the page counts what is new for
LONGEST = 100  # characters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A saved search on the page: its filters, its address and that of what is new, how many are new, its feed."""

    saved: Saved
    words: str
    chips: list[Chip]
    address: str
    new: str
    number: int
    more: bool
    feed: str


@needs("reviewer")
def saved_page(request: Request) -> Response:
    """The asker's saved searches."""
    corpus = corpus_of(request)
    (last,) = corpus.conn.execute("SELECT coalesce(max(id), 0) FROM facts").fetchone()
    owner = owner_of(request)
    listed = choices(corpus)
    lines = [_line(request, saved, listed) for saved in saved_searches(corpus, owner=owner)[:MOST]]
    return page(request, "saved.html", {"lines": lines, "last": last})


def _line(request: Request, saved: Saved, listed: Mapping[str, Mapping[str, str]]) -> Line:
    corpus = corpus_of(request)
    form = Form.of(fields_of(saved.query), corpus)
    results = new_facts(corpus, saved.name, owner=saved.owner, seen=False, limit=1)
    return Line(
        saved=saved,
        words=saved.query.words,
        chips=chips(form, listed),
        address=f"/{form.address()}" if form.asked else "/?sort=date",
        new=f"/{form.address(after=str(saved.last_fact), sort='date')}",
        number=results.total,
        more=results.more,
        feed=f"/feeds/{feed_token(web_of(request).settings.secret, saved)}.atom",
    )


@with_form
@needs("reviewer")
def save(request: Request) -> Response:
    """Keeps the search of an address under a name; 400 for a query that cannot be read or a name that is none."""
    fields = form_of(request)
    corpus = corpus_of(request)
    form = Form.of(dict(parse_qsl(fields.get("query", "").lstrip("/?"))), corpus)
    name = " ".join(fields.get("name", "").split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise HTTPException(400, gettext("The name of a search has 1 to 100 letters."))
    if form.errors:
        raise HTTPException(400, " ".join(form.errors.values()))
    save_search(corpus, name, form.query, owner=owner_of(request))
    return RedirectResponse("/saved", 303)


@with_form
@needs("reviewer")
def seen(request: Request) -> Response:
    """Notes what was stored up to the fact `last` as seen."""
    fields = form_of(request)
    last = fields.get("last", "")
    if not (last.isascii() and last.isdigit() and len(last) < 19):
        raise HTTPException(400, gettext("Up to which fact?"))
    mark_seen(corpus_of(request), _known(request, fields.get("name", "")).name, int(last), owner=owner_of(request))
    return RedirectResponse("/saved", 303)


@with_form
@needs("reviewer")
def forget(request: Request) -> Response:
    """Drops a saved search, and its feed with it."""
    name = _known(request, form_of(request).get("name", "")).name
    forget_search(corpus_of(request), name, owner=owner_of(request))
    return RedirectResponse("/saved", 303)


def _known(request: Request, name: str) -> Saved:
    try:
        return saved_search(corpus_of(request), name, owner=owner_of(request))
    except ValueError as error:
        raise HTTPException(404, gettext("There is no saved search of this name.")) from error


def feed_token(secret: str, saved: Saved) -> str:
    """The secret part of a feed's address: signed, of its owner, its name and the moment it was first saved, so that
    it is dead once the search is forgotten."""
    return str(URLSafeSerializer(secret, salt="feed").dumps([saved.owner, saved.name, saved.created_at]))


def feed_page(request: Request) -> Response:
    """The feed of a saved search as Atom, for readers that cannot sign in; 404 for an address that names none."""
    saved = _of_token(request, request.path_params["token"])
    if saved is None:
        raise HTTPException(404, gettext("There is no such feed; the search may have been forgotten."))
    corpus = corpus_of(request)
    home = str(request.base_url)
    made = atom(
        corpus,
        last_stored(corpus, saved.query, ENTRIES),
        name=saved.name,
        mark=f"{saved.owner}\n{saved.name}\n{saved.created_at}",
        home=home,
        own=str(request.url),
        search=home + Form.of(fields_of(saved.query), corpus).address().lstrip("/"),
    )
    tag = f'"{blake2b(made, digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(made, media_type="application/atom+xml", headers=headers)


def _of_token(request: Request, token: str) -> Saved | None:
    """The saved search of a feed's token: of the machine's owner where nobody signs in, else of one who still may."""
    settings = web_of(request).settings
    corpus = corpus_of(request)
    try:
        owner, name, created = URLSafeSerializer(settings.secret, salt="feed").loads(token)
    except (BadSignature, ValueError):
        return None
    if (owner == "") != (settings.token is not None) or (owner and not _may(corpus, owner)):
        return None
    kept = saved_searches(corpus, owner=owner)
    return next((saved for saved in kept if (saved.name, saved.created_at) == (name, created)), None)


def _may(corpus: Corpus, owner: str) -> bool:
    return any(user.name == owner and user.signs_in and user.may("reviewer") for user in users(corpus))


ROUTES = [
    Route("/saved", saved_page, name="saved"),
    Route("/saved", save, methods=["POST"]),
    Route("/saved/seen", seen, methods=["POST"], name="saved-seen"),
    Route("/saved/forget", forget, methods=["POST"], name="saved-forget"),
    Route("/feeds/{token}.atom", feed_page, name="feed"),
]
