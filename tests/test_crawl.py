"""The crawler over real HTTP on the loopback: each crawl in a process of its own, against a press told to misbehave."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import read_record

WORDS = "Cán bộ thôn đến từng nhà, nghe bà con góp ý rồi cùng bàn cách làm con đường bê tông qua xóm. " * 5
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Paper:
    """A paper made of answers by path; a callable answers each request anew. `log` holds (path, time, headers)."""

    answers: dict[str, Any] = field(default_factory=dict)
    log: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)
    home: str = ""

    def asked(self, path: str) -> int:
        return sum(1 for asked, _, _ in self.log if asked == path)

    def answer(self, path: str) -> Answer:
        found = self.answers.get(path)
        found = found() if callable(found) else found
        if found is None:
            return 404, {}, b"<html><title>404</title></html>"
        return found if isinstance(found, tuple) else (200, {"Content-Type": "text/html; charset=utf-8"}, page(found))


def page(said: str) -> bytes:
    return said.encode()


def article(title: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{WORDS}</p></body></html>"


def listing(*links: str) -> str:
    anchors = "".join(f'<li><a href="{link}">{link.strip("/").replace("-", " ")}</a></li>' for link in links)
    return f"<html><head><title>Trang tin</title></head><body><ul>{anchors}</ul></body></html>"


def xml(body: str) -> Answer:
    return 200, {"Content-Type": "application/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()


def urlset(home: str, *entries: tuple[str, str]) -> Answer:
    urls = "".join(f"<url><loc>{home}{path}</loc><lastmod>{day}</lastmod></url>" for path, day in entries)
    return xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')


@pytest.fixture
def paper() -> Iterator[Paper]:
    made = Paper()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.log.append((self.path, time.monotonic(), dict(self.headers)))
            status, headers, body = made.answer(self.path)
            tag = headers.get("ETag")
            if status == 200 and tag and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.home = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Result:
    captures: list[dict[str, Any]]
    report: dict[str, Any]

    @property
    def outcomes(self) -> dict[str, str]:
        return {"/" + one["url"].split("/", 3)[3]: one["outcome"] for one in self.captures}

    def urls(self, outcome: str) -> set[str]:
        return {path for path, said in self.outcomes.items() if said == outcome}

    def memory(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        return (before or {}) | {capture["url"]: capture for capture in self.captures}


Run = Callable[..., Result]


@pytest.fixture
def run(paper: Paper, tmp_path: Path) -> Run:
    def start(site: dict[str, Any] | None = None, **wishes: object) -> Result:
        entry = {"id": "thu", "name": "Báo Thử", "home": f"{paper.home}/"} | (site or {})
        plan = {"sites": [entry], "archive": str(tmp_path / "warc"), "run": "t", "delay": 0.0, "timeout": 5.0} | wishes
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(plan), "utf-8")
        command = [sys.executable, "-W", "error", "-m", "crawler", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.stderr == ""
        assert done.returncode == 0
        *captures, report = map(json.loads, done.stdout.splitlines())
        return Result(captures, report["sites"]["thu"])

    return start


A = "/ba-con-thon-dong-gop-dat-lam-duong-1001.html"
B = "/dan-van-kheo-o-xa-vung-cao-1002.html"
C = "/gia-lua-he-thu-nhich-len-1003.html"


def test_a_simple_site_end_to_end(paper: Paper, run: Run, tmp_path: Path) -> None:
    paper.answers = {"/": listing("/thoi-su/", A), "/thoi-su/": listing(B, C, "/thoi-su/?page=2"),
                     "/thoi-su/?page=2": listing("/them-mot-bai-viet-nua-1004.html"), A: article("Góp đất làm đường"),
                     B: article("Dân vận khéo"), C: article("Giá lúa"),
                     "/them-mot-bai-viet-nua-1004.html": article("Thêm một bài")}  # fmt: skip
    result = run()
    assert result.urls("new") == {A, B, C, "/them-mot-bai-viet-nua-1004.html"}
    assert result.report["kept"] == 4
    assert result.report["errors"] == {}
    [kept] = [one for one in result.captures if one["url"].endswith(B)]
    assert read_record(tmp_path / "warc" / kept["warc_file"], kept["warc_offset"]).body == paper.answers[B].encode()
    assert {headers["User-Agent"].split("/")[0] for _, _, headers in paper.log} == {"baotinh"}
    assert not any("Cookie" in headers for _, _, headers in paper.log)
