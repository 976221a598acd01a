"""Sessions: signed cookies that name a user, and tokens for programs; a changed password ends them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from corpus.store import CorpusError
from corpus.users import User, fingerprint, users
from corpus.web.web import corpus_of, web_of

COOKIE = "baotinh"
LONGEST = 14 * 24 * 3600  # seconds that a session lasts
TOKEN_LONGEST = 366 * 24 * 3600  # seconds that a program's token lasts


def secret_of(path: Path) -> str:
    """The key that signs the sessions of a corpus, in a file beside it that only its owner can read; made when absent.

    CorpusError where the file can be neither read nor written.
    """
    file = path.with_name(f"{path.stem}.key")
    try:
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        with os.fdopen(handle, "w", encoding="ascii") as written:
            written.write(secrets.token_hex(32))
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise CorpusError(f"{file}: {error.strerror}; it signs the sessions") from error


def signed(secret: str, user: str, mark: str | None, purpose: str = "session") -> str:
    """A signed value that names a user; `mark` is the fingerprint of the password."""
    return URLSafeTimedSerializer(secret, salt=purpose).dumps([user, mark])


def start_session(request: Request, response: Response, user: str) -> None:
    """Signs a user in on this browser."""
    response.set_cookie(
        COOKIE,
        signed(web_of(request).settings.secret, user, fingerprint(corpus_of(request), user)),
        max_age=LONGEST,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def session_user(request: Request) -> User | None:
    """The user whom the cookie or, for programs, the token names; None for nobody, an old one or a forged one."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return _named(request, token, "token", TOKEN_LONGEST)
    said = request.cookies.get(COOKIE)
    return _named(request, said, "session", LONGEST) if said else None


def _named(request: Request, said: str, purpose: str, longest: int) -> User | None:
    settings = web_of(request).settings
    try:
        name, mark = URLSafeTimedSerializer(settings.secret, salt=purpose).loads(said, max_age=longest)
    except (BadSignature, ValueError):
        return None
    if settings.token is not None:  # nobody signs in: the machine's owner alone
        return User(name, "admin", False) if name == settings.owner and mark is None else None
    corpus = corpus_of(request)
    if mark is None or mark != fingerprint(corpus, name):
        return None
    return next((user for user in users(corpus) if user.name == name), None)
