"""Signing in and out, the one-time link of a person's own machine, and the choice of language."""

from __future__ import annotations

import hmac
import threading
import time
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from corpus.users import signed_in
from corpus.web.language import LANGUAGES, gettext
from corpus.web.session import COOKIE, LONGEST, session_user, start_session
from corpus.web.web import corpus_of, form_of, page, web_of, with_form

FREE = 3  # failures before anybody has to wait
LONGEST_WAIT = 15 * 60.0  # seconds


@dataclass(slots=True)
class Failures:
    """Failed sign-ins by name and by address; after FREE of them each doubles the wait, from one second."""

    counted: dict[str, tuple[int, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, *keys: str) -> float:
        """Seconds until these may try again, 0 if they may now."""
        with self.lock:
            self._forget()
            return max(0.0, *(self._until(key) - time.monotonic() for key in keys))

    def note(self, *keys: str) -> None:
        """One more failure of each."""
        with self.lock:
            for key in keys:
                self.counted[key] = (self.counted.get(key, (0, 0.0))[0] + 1, time.monotonic())

    def clear(self, *keys: str) -> None:
        """Forgets the failures of these."""
        with self.lock:
            for key in keys:
                self.counted.pop(key, None)

    def _until(self, key: str) -> float:
        number, last = self.counted.get(key, (0, 0.0))
        return last + min(2.0 ** (number - FREE), LONGEST_WAIT) if number >= FREE else 0.0

    def _forget(self) -> None:
        for key, (_, last) in list(self.counted.items()):
            if time.monotonic() - last > 2 * LONGEST_WAIT:
                del self.counted[key]


FAILURES = Failures()


def back_of(said: str | None) -> str:
    """Where to go on: a path of these pages, never another server's address."""
    said = said or "/"
    return said if said.startswith("/") and not said.startswith(("//", "/\\", "/sign-in")) else "/"


def sign_in_page(request: Request) -> Response:
    """The form for name and password; where nobody signs in, the end of the one-time link."""
    back = back_of(request.query_params.get("back"))
    if web_of(request).settings.token is not None:
        return _by_token(request, request.query_params.get("token", ""), back)
    return page(request, "sign_in.html", {"back": back, "name": "", "said": None})


@with_form
def sign_in(request: Request) -> Response:
    """Signs in by name and password; after failures only with a wait between."""
    if web_of(request).settings.token is not None:
        raise HTTPException(405)
    fields = form_of(request)
    back = back_of(fields.get("back"))
    name = fields.get("name", "").strip()
    keys = (f"name {name}", f"address {request.client.host if request.client else ''}")
    if (wait := FAILURES.wait(*keys)) > 0:
        said = gettext("Too many failures: try again in %(seconds)s seconds.") % {"seconds": int(wait) + 1}
        shown = {"back": back, "name": name, "said": said}
        return page(request, "sign_in.html", shown, 429, retry_after=str(int(wait) + 1))
    FAILURES.note(*keys)  # before the slow check, so that many at once do not slip through
    user = signed_in(corpus_of(request), name, fields.get("password", ""))
    if user is None:
        said = gettext("This name and this password do not belong together.")
        return page(request, "sign_in.html", {"back": back, "name": name, "said": said}, 403)
    FAILURES.clear(*keys)
    answer = RedirectResponse(back, 303)
    start_session(request, answer, user.name)
    return answer


def _by_token(request: Request, token: str, back: str) -> Response:
    """Opens the pages for the machine's owner, once for each token."""
    web = web_of(request)
    if session_user(request):
        return RedirectResponse(back, 303)
    with web.lock:
        right = bool(web.token and token) and hmac.compare_digest(token.encode(), str(web.token).encode())
        if right:
            web.token = None
    if not right:
        return page(request, "sign_in.html", {"back": back, "name": None, "said": None}, 403)
    answer = RedirectResponse(back, 303)
    start_session(request, answer, web.settings.owner)
    return answer


def sign_out(request: Request) -> Response:
    """Ends the session on this browser."""
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


def choose_language(request: Request) -> Response:
    """Remembers the language and goes back to the page."""
    answer = RedirectResponse(back_of(request.query_params.get("back")), 303)
    language = request.path_params["language"]
    if language in LANGUAGES:
        answer.set_cookie("language", language, max_age=LONGEST * 26, samesite="lax", httponly=True)
    return answer


ROUTES = [
    Route("/sign-in", sign_in_page, name="sign-in"),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"], name="sign-out"),
    Route("/language/{language}", choose_language, name="language"),
]
