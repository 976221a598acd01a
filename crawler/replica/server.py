"""The replica press on the loopback: one HTTP server a paper, a log of every request, faults on demand."""

from __future__ import annotations

import dataclasses
import gzip
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path

from crawler.replica.articles import Block, ReplicaArticle, load_articles
from crawler.replica.bulletins import bulletins
from crawler.replica.faults import Faults
from crawler.replica.newsroom import Newsroom, Reply
from crawler.replica.papers import Paper, load_families, load_papers
from crawler.replica.scale import editions, reprints
from crawler.sites import Site

BULLETINS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One line of the log; `time` is seconds of the monotonic clock, `conditions` the If-… headers that came."""

    time: float
    site: str
    method: str
    path: str
    status: int
    user_agent: str
    conditions: dict[str, str]


class Press:
    """The running papers; use `open_press` to start and stop them."""

    def __init__(self, papers: list[Paper], faults: Faults, bulletin_count: int, reprint_count: int) -> None:
        self.faults = faults
        self.log: list[Request] = []
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self.servers: list[_Server] = []
        families, articles = load_families(), load_articles(papers)
        names = {paper.id: paper.name for paper in papers}
        for paper in papers:
            own = [article for article in articles if article.site == paper.id]
            own += reprints(paper, names, articles, reprint_count) + bulletins(paper, bulletin_count)
            server = _Server(self)
            server.room = Newsroom(paper, families[paper.family], f"http://127.0.0.1:{server.server_port}/", own)
            self.servers.append(server)

    @property
    def rooms(self) -> dict[str, Newsroom]:
        """The papers at work by site id."""
        return {server.room.paper.id: server.room for server in self.servers}

    @property
    def sites(self) -> list[Site]:
        """The catalogue entries of the papers that are running."""
        return [_site(room) for room in self.rooms.values()]

    @property
    def articles(self) -> list[ReplicaArticle]:
        """Originals and near-copies as they stand now, without the daily bulletins."""
        everything = (article for room in self.rooms.values() for article in room.articles)
        return [article for article in everything if not article.id.startswith("bulletin-")]

    def article(self, id: str) -> ReplicaArticle:
        """The article with this id; KeyError when no paper prints it."""
        return {article.id: article for article in self.articles}[id]

    def edit(self, id: str, blocks: tuple[Block, ...]) -> ReplicaArticle:
        """Change an article's text, as a correction does."""
        return self.rooms[self.article(id).site].edit(id, blocks)

    def withdraw(self, id: str) -> None:
        """Take an article off: its address answers 410 and no list names it."""
        self.rooms[self.article(id).site].gone.add(id)

    def restore(self, id: str) -> None:
        """Put a withdrawn article back."""
        for room in self.rooms.values():
            room.gone.discard(id)

    def catalogue(self, path: Path) -> Path:
        """Write a catalogue (sites.toml) of the running papers to `path`."""
        path.write_text("\n".join(_entry(site) for site in self.sites), "utf-8")
        return path

    def close(self) -> None:
        """Stop every server; answers that never end are cut."""
        self.closing.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, press: Press) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.press = press
        self.room: Newsroom

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "replica"
    timeout = 30

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the press keeps its own log."""

    def _answer(self) -> None:
        press, room = self.server.press, self.server.room
        reply = press.faults.answer(room, self.path) or room.respond(self.path)
        if reply.status == 200 and self._unchanged(reply):
            reply = Reply(body=b"", status=304, type=reply.type, etag=reply.etag, modified=reply.modified)
        self._log(reply.status)
        # A reader that hangs up is no error of the press.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._send(reply)

    def _unchanged(self, reply: Reply) -> bool:
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return reply.etag is not None and f'"{reply.etag}"' in tags
        since = self.headers.get("If-Modified-Since")
        return bool(since and reply.modified and reply.modified <= parsedate_to_datetime(since))

    def _log(self, status: int) -> None:
        conditions = {name: value for name, value in self.headers.items() if name.lower().startswith("if-")}
        entry = Request(
            time=time.monotonic(),
            site=self.server.room.paper.id,
            method=self.command,
            path=self.path,
            status=status,
            user_agent=self.headers.get("User-Agent", ""),
            conditions=conditions,
        )
        with self.server.press.lock:
            self.server.press.log.append(entry)

    def _send(self, reply: Reply) -> None:
        if reply.status == 0:
            return
        body = self._head(reply)
        if self.command == "HEAD":
            return
        if not (reply.pace or reply.endless):
            self.wfile.write(body)
            return
        pieces = cycle([body]) if reply.endless else (body[at : at + 1024] for at in range(0, len(body), 1024))
        for piece in pieces:
            self.wfile.write(piece)
            if self.server.press.closing.wait(reply.pace):
                return

    def _head(self, reply: Reply) -> bytes:
        """Send status and headers; the body as it must follow, squeezed where the reader takes gzip."""
        body, headers = reply.body, dict(reply.headers)
        squeezable = reply.type.startswith("text/") and body and not (reply.pace or reply.endless)
        if squeezable and "Content-Encoding" not in headers and "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        if reply.status != 304:
            headers["Content-Type"] = reply.type
        if reply.status != 304 and not reply.endless:
            headers["Content-Length"] = str(len(body))
        if reply.etag:
            headers["ETag"] = f'"{reply.etag}"'
        if reply.modified:
            headers["Last-Modified"] = format_datetime(reply.modified.astimezone(UTC), usegmt=True)
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        return body


@contextmanager
def open_press(
    papers: Sequence[str] | None = None,
    *,
    faults: Faults | None = None,
    bulletin_count: int = BULLETINS,
    sites: int = 0,
    reprint_count: int = 0,
) -> Iterator[Press]:
    """Start the papers (all, or those with these ids) on free ports of 127.0.0.1; stop them at the end.

    For measuring, `sites` adds further editions until there are so many papers, and each paper also runs up to
    `reprint_count` articles of the others: 20 sites with 44 reprints serve over 2,000 addresses.
    """
    known = load_papers() if papers is None else [paper for paper in load_papers(extra=True) if paper.id in papers]
    chosen = editions(known, sites)
    press = Press(chosen, faults or Faults(), bulletin_count, reprint_count)
    for server in press.servers:
        server.start()
    try:
        yield press
    finally:
        press.close()


def _site(room: Newsroom) -> Site:
    paper, family = room.paper, room.family
    return Site(
        id=paper.id,
        name=paper.name,
        home=room.home,
        province=paper.province,
        province_2024=paper.province_2024,
        search=room.home.rstrip("/") + family.search,
        article=family.pattern,
        note=f"replica of family {paper.family}, skin {paper.skin}",
    )


def _entry(site: Site) -> str:
    fields = {field.name: getattr(site, field.name) for field in dataclasses.fields(site)}
    # A JSON string is a TOML string too, as long as it holds no \u escapes.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items() if value]
    return "\n".join(["[[site]]", *lines]) + "\n"
