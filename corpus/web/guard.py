"""What stands before every page: safe headers, the reader's language, writes from these pages only, and the sign-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.users import Role, User
from corpus.web import language
from corpus.web.session import session_user

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
READING = {"GET", "HEAD", "OPTIONS"}
OPEN = ("/static/", "/sign-in", "/language/", "/feeds/")  # what needs no sign-in; a feed's address is a secret

Endpoint = Callable[[Request], Response]


class Guard:
    """Sends HEADERS with every response (a page may set its own), sets the language, refuses writes from elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, unless the request is a write that no page of ours sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        asked = cookie_parser(headers.get("cookie", "")).get("language", "")
        language.current.set(asked if asked in language.LANGUAGES else language.DEFAULT)
        if scope["method"] not in READING and not same_origin(headers):
            refused = PlainTextResponse(language.gettext("This write does not come from these pages."), 403)
            await refused(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)


def same_origin(headers: Headers) -> bool:
    """Whether a browser says that a page of this very server sent the request; nothing said is a no."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


class SignIn:
    """Sets `request.state.user`; who is nobody is led to the sign-in (pages) or refused (the API)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does for somebody who has signed in."""
        if scope["type"] != "http" or scope["path"].startswith(OPEN):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        user = session_user(request)
        scope.setdefault("state", {})["user"] = user
        if user:
            await self.app(scope, receive, send)
        elif scope["path"].startswith("/api/"):
            refused = PlainTextResponse("sign in, or send a token: Authorization: Bearer …\n", 401)
            refused.headers["www-authenticate"] = "Bearer"
            await refused(scope, receive, send)
        else:
            back = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
            await RedirectResponse(f"/sign-in?back={back}", 303)(scope, receive, send)


def needs(role: Role) -> Callable[[Any], Any]:
    """Marks an endpoint as for people of this role or a wider one; others get a page that says so (403)."""

    def guarded(endpoint: Endpoint) -> Endpoint:
        @wraps(endpoint)
        def checked(request: Request) -> Response:
            user: User = request.state.user
            if not user.may(role):
                raise HTTPException(403, language.gettext("Your role does not allow this; ask an administrator."))
            return endpoint(request)

        return checked

    return guarded
