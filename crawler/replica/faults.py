"""Faults: what a paper can be told to do wrong, by name, for the addresses that match a pattern.

Set before or while the press runs: `press.faults.set("song-lam", "503", path="/xa-hoi", times=2)`.
"""

from __future__ import annotations

import gzip
import itertools
import re
import threading
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from crawler.replica.charsets import encode_tcvn3, encode_windows_1258
from crawler.replica.newsroom import Newsroom, Reply

MEGABYTE = 1 << 20
SESSIONS = itertools.count(1)


@dataclass(slots=True)
class Fault:
    """One order to misbehave: `times` how often (None: until cleared), `after` how many requests pass untouched."""

    site: str
    name: str
    path: re.Pattern[str]
    times: int | None = None
    after: int = 0


@dataclass
class Faults:
    """The orders in force; the first that matches a request is obeyed."""

    orders: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, site: str, name: str, *, path: str = "", times: int | None = None, after: int = 0) -> None:
        """Order a fault of FAULTS for addresses in which the regular expression `path` is found; KeyError: no such."""
        if name not in FAULTS:
            raise KeyError(f"no fault {name!r}; there are {', '.join(sorted(FAULTS))}")
        with self.lock:
            self.orders.append(Fault(site, name, re.compile(path or FAULTS[name].path), times, after))

    def clear(self, site: str | None = None) -> None:
        """Let one paper, or all, behave again."""
        with self.lock:
            self.orders = [order for order in self.orders if site not in (None, order.site)]

    def answer(self, room: Newsroom, target: str) -> Reply | None:
        """The wrong answer to this request, or None where the paper behaves."""
        with self.lock:
            name = self._take(room.paper.id, target)
        return FAULTS[name].answer(room, target) if name else None

    def _take(self, site: str, target: str) -> str | None:
        for order in self.orders:
            if order.site != site or not order.path.search(target) or order.times == 0:
                continue
            if order.after:
                order.after -= 1
                continue
            if order.times is not None:
                order.times -= 1
            return order.name
        return None


Answer = Callable[[Newsroom, str], Reply | None]
ANY = r"^/(?!robots\.txt)"
PAGE = r"^/(?!robots\.txt|rss|sitemap|.*\.(png|xml|rss)$)"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a fault answers, the addresses it touches unless told, and what it is."""

    answer: Answer
    path: str
    gloss: str


def _status(status: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda room, target: Reply(body=b"<h1>%d</h1>" % status, status=status, headers=named)


def _redirect(to: Callable[[Newsroom, str], str], status: int = 302) -> Answer:
    return lambda room, target: Reply(body=b"", status=status, headers={"Location": to(room, target)})


def _rewritten(change: Callable[[Reply], Reply]) -> Answer:
    def answer(room: Newsroom, target: str) -> Reply | None:
        reply = room.respond(target)
        return change(reply) if reply.status == 200 and reply.type.startswith("text/html") else None

    return answer


def _in_charset(name: str, encode: Callable[[str], bytes]) -> Answer:
    def change(reply: Reply) -> Reply:
        text = re.sub(r'charset=("?)utf-8', rf"charset=\1{name}", reply.body.decode())
        return replace(reply, body=encode(text), type=f"text/html; charset={name}", etag=None)

    return _rewritten(change)


def _truncated_gzip(reply: Reply) -> Reply:
    squeezed = gzip.compress(reply.body)
    return replace(reply, body=squeezed[: len(squeezed) // 2], headers={"Content-Encoding": "gzip"}, etag=None)


def _slow(reply: Reply) -> Reply:
    return replace(reply, pace=0.05)


def _endless(room: Newsroom, target: str) -> Reply:
    return Reply(
        body=b"<!DOCTYPE html><html><body>" + b"<p>v\xc3\xa0 c\xe1\xbb\xa9 th\xe1\xba\xbf</p>\n" * 500, endless=True
    )


def _soft_404(room: Newsroom, target: str) -> Reply:
    missing = room.respond("/khong-co-trang-nay")
    return replace(missing, status=200)


def _calendar(room: Newsroom, target: str) -> Reply | None:
    if not target.startswith("/lich"):
        reply = room.respond(target)
        link = '<a href="/lich?ngay=0">Lịch sự kiện</a></body>'.encode()
        return replace(reply, body=reply.body.replace(b"</body>", link, 1))
    day = int((re.findall(r"\d+", target) or ["0"])[0])
    links = "".join(f'<a href="/lich?ngay={day + step}">Ngày {day + step}</a> ' for step in range(1, 8))
    return Reply(body=f"<!DOCTYPE html><html><body><h1>Lịch ngày {day}</h1>{links}</body></html>".encode())


def _links(change: Callable[[Newsroom, str], list[str]]) -> Answer:
    """Every link to an article becomes links to the addresses that `change` gives; the twins answer as it does."""

    def answer(room: Newsroom, target: str) -> Reply | None:
        plain = re.sub(r"(;jsessionid=\w+|[?&](utm_\w+|sid)=\w+|^/amp(?=/)|\.amp$)", "", target)
        reply = room.respond(plain)
        if reply.status != 200 or not reply.type.startswith("text/html"):
            return reply if plain != target else None

        def spread(match: re.Match[bytes]) -> bytes:
            path = match[2].decode()
            if path not in room.by_path:
                return match[0]
            first, *more = ((home + twin).encode() for twin in change(room, path))
            return b"".join(b'<a href="%s">AMP</a> ' % twin for twin in more) + match[1] + first + b'"'

        home = room.home.rstrip("/")
        link = rb'(<a [^>]*?href=")(?:%s)?(/[^"]*)"' % re.escape(home.encode())
        return replace(reply, body=re.sub(link, spread, reply.body), etag=None, modified=None)

    return answer


def _session(room: Newsroom, path: str) -> list[str]:
    return [f"{path}?sid={next(SESSIONS):08x}"]


def _twins(room: Newsroom, path: str) -> list[str]:
    return [path, f"{path}?utm_source=zalo&amp;utm_medium=social", f"/amp{path}", room.by_path[path].print_path]


def _sitemap(count: int) -> Answer:
    def answer(room: Newsroom, target: str) -> Reply:
        home = room.home
        real = "".join(
            f"<url><loc>{a.url}</loc><lastmod>{a.published.isoformat()}</lastmod></url>" for a in room.articles
        )
        more = (
            f"<url><loc>{home}luu-tru/trang-{n}.html</loc><lastmod>2011-01-01</lastmod></url>\n" for n in range(count)
        )
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{real}{"".join(more)}</urlset>'
        return Reply(body=body.encode(), type="application/xml")

    return answer


def _bomb(room: Newsroom, target: str) -> Reply:
    """200 MB of blanks in some 200 KB of gzip."""
    squeezer = zlib.compressobj(wbits=31)
    pieces = [squeezer.compress(b"<urlset>")] + [squeezer.compress(b" " * MEGABYTE) for _ in range(200)]
    return Reply(body=b"".join([*pieces, squeezer.flush()]), type="application/x-gzip")


def _huge(room: Newsroom, target: str) -> Reply:
    filler = b"<p>" + b"x" * 1018 + b"</p>"
    return Reply(body=b"<!DOCTYPE html><html><body>" + filler * (50 * 1024) + b"</body></html>")


def _down(room: Newsroom, target: str) -> Reply:
    return Reply(body=b"", status=0)


def _forbids(room: Newsroom, target: str) -> Reply:
    return Reply(body=b"User-agent: *\nDisallow: /\n", type="text/plain")


FAULTS: dict[str, Kind] = {
    "404": Kind(_status(404), PAGE, "not found"),
    "410": Kind(_status(410), PAGE, "gone"),
    "429": Kind(_status(429, Retry_After="1"), PAGE, "too many requests, come back in a second"),
    "500": Kind(_status(500), PAGE, "server error"),
    "503": Kind(_status(503, Retry_After="1"), PAGE, "unavailable; `times` for a while"),
    "redirect": Kind(_redirect(lambda room, target: f"{target}?moved"), r"^/(?!robots)[^?]*$", "moved once"),
    "loop": Kind(_redirect(lambda room, target: target), PAGE, "redirected to itself for ever"),
    "off-site": Kind(_redirect(lambda room, target: "http://ngoai.example/"), PAGE, "redirected to another host"),
    "slow": Kind(_rewritten(_slow), PAGE, "a kilobyte every 50 ms"),
    "endless": Kind(_endless, PAGE, "never ends"),
    "truncated-gzip": Kind(_rewritten(_truncated_gzip), PAGE, "half of a gzip body"),
    "wrong-charset": Kind(_in_charset("iso-8859-1", lambda text: text.encode()), PAGE, "UTF-8 labelled ISO 8859-1"),
    "windows-1258": Kind(_in_charset("windows-1258", encode_windows_1258), PAGE, "bytes of windows-1258, labelled so"),
    "tcvn3": Kind(_in_charset("x-user-defined", encode_tcvn3), PAGE, "bytes of TCVN3 (ABC fonts), of no use labelled"),
    "nfd": Kind(
        _rewritten(lambda reply: replace(reply, body=unicodedata.normalize("NFD", reply.body.decode()).encode())),
        PAGE,
        "decomposed letters",
    ),
    "soft-404": Kind(_soft_404, PAGE, "the page for missing pages with status 200"),
    "calendar": Kind(_calendar, PAGE, "a calendar whose days never end"),
    "session-ids": Kind(_links(_session), PAGE, "a new sid= in every link"),
    "duplicates": Kind(_links(_twins), PAGE, "utm, AMP and print addresses beside each article's own"),
    "sitemap-50000": Kind(_sitemap(50_000), r"^/sitemap\.xml", "a sitemap of 50,000 more addresses"),
    "sitemap-bomb": Kind(_bomb, r"^/sitemap\.xml", "a sitemap of 200 MB in 200 KB of gzip"),
    "robots-forbids": Kind(_forbids, r"^/robots\.txt", "robots.txt closes the whole site"),
    "robots-missing": Kind(_status(404), r"^/robots\.txt", "no robots.txt"),
    "robots-5xx": Kind(_status(503), r"^/robots\.txt", "robots.txt answers 503"),
    "huge": Kind(_huge, PAGE, "a page of 50 MB"),
    "down": Kind(_down, r"^/", "cuts every connection; `after` for halfway"),
}
