"""The crawler over real HTTP on the loopback: each crawl in a process of its own, against a press told to misbehave."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import iter_records, read_record
from crawler.replica import Press

WORDS = "Cán bộ thôn đến từng nhà, nghe bà con góp ý rồi cùng bàn cách làm con đường bê tông qua xóm. " * 5
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Paper:
    """A paper made of answers by path; a callable answers each request anew. `log` holds (path, time, headers)."""

    answers: dict[str, Any] = field(default_factory=dict)
    log: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)
    home: str = ""
    closing: threading.Event = field(default_factory=threading.Event)

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


@contextmanager
def printed() -> Iterator[Paper]:
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
            if int(headers.get("Content-Length", "0")) > len(body) and not headers.get("X-Short"):
                made.closing.wait(20)  # the rest of the answer never comes

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.home = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.daemon_threads = True
    yield made
    made.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def paper() -> Iterator[Paper]:
    with printed() as made:
        yield made


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


def crawl_sites(sites: list[dict[str, Any]], folder: Path, **wishes: object) -> tuple[list[Any], dict[str, Any]]:
    """The captures and the report of a crawl in a process of its own."""
    plan = {"sites": sites, "archive": str(folder / "warc"), "run": "t", "delay": 0.0, "timeout": 3.0} | wishes
    file = folder / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    command = [sys.executable, "-W", "error", "-m", "crawler", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    *captures, report = map(json.loads, done.stdout.splitlines())
    return captures, report


def entries(press: Press) -> list[dict[str, Any]]:
    """The replica's catalogue as a plan's JSON wants it."""
    return [{key: value for key, value in asdict(site).items() if value} for site in press.sites]


def crawled(paper: Paper, folder: Path, site: dict[str, Any] | None = None, **wishes: object) -> Result:
    entry = {"id": "thu", "name": "Báo Thử", "home": f"{paper.home}/"} | (site or {})
    captures, report = crawl_sites([entry], folder, **wishes)
    return Result(captures, report["sites"]["thu"])


@pytest.fixture
def run(paper: Paper, tmp_path: Path) -> Run:
    return partial(crawled, paper, tmp_path)


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
    records = [record for file in (tmp_path / "warc").iterdir() for record in iter_records(file)]
    assert Counter(record.url.removeprefix(paper.home) for record in records) == Counter(
        path for path, _, _ in paper.log
    )
    [kept] = [one for one in result.captures if one["url"].endswith(B)]
    assert read_record(tmp_path / "warc" / kept["warc_file"], kept["warc_offset"]).body == paper.answers[B].encode()
    assert {headers["User-Agent"].split("/")[0] for _, _, headers in paper.log} == {"baotinh"}
    assert not any("Cookie" in headers for _, _, headers in paper.log)


def test_a_second_run_fetches_no_article_and_says_what_changed(paper: Paper, run: Run) -> None:
    def answers(day: str, of_a: object) -> dict[str, object]:
        home = 200, {"Content-Type": "text/html", "ETag": f'"{day}"'}, listing(A, B).encode()
        sitemap = urlset(paper.home, (A, day), (B, "2024-01-02"))
        return {"/": home, "/sitemap.xml": sitemap, A: of_a, B: article("Dân vận")}

    paper.answers = answers("2024-01-01", article("Góp đất"))
    first = run()
    assert first.urls("new") == {A, B}
    memory = first.memory()
    paper.log.clear()
    second = run(memory=memory)
    assert (paper.asked(A), paper.asked(B), second.report["kept"], second.report["fetched"]) == (0, 0, 0, 2)
    assert any(headers.get("If-None-Match") == '"2024-01-01"' for path, _, headers in paper.log if path == "/")
    paper.answers = answers("2094-02-01", article("Góp đất, mở rộng đường"))
    third = run(memory=second.memory(memory))
    assert (third.urls("changed"), third.urls("new"), third.report["changed"]) == ({A}, set(), 1)
    paper.answers = answers("2094-03-01", (410, {}, b""))
    memory = third.memory(memory)
    assert run(memory=memory).urls("gone") == {A}
    assert run(memory=memory, revisit=True).outcomes[B] == "unchanged"


def test_links_of_a_list_that_answers_304_are_not_lost_to_a_run_that_was_stopped(paper: Paper, run: Run) -> None:
    home = 200, {"Content-Type": "text/html", "ETag": '"1"'}, listing(A, B, C).encode()
    paper.answers = {"/": home} | {path: article(f"Bài {path}") for path in (A, B, C)}
    first = run(max_pages=3)
    memory = {url: known for url, known in first.memory().items() if known["outcome"] != "error"}
    assert first.report["left"] > 0
    second = run(memory=memory)
    assert first.urls("new") | second.urls("new") == {A, B, C}
    assert not first.urls("new") & second.urls("new")


def test_the_topic_is_told_before_fetching(paper: Paper, run: Run) -> None:
    found, menu = "/ket-qua-o-huyen-mien-nui-1007.html", "/bai-khong-lien-quan-gi-het-1008.html"
    paper.answers = {"/": listing("/a-b/", A, B, C), "/a-b/": listing(C), B: article("Dân vận khéo"), C: article("Giá"),
                     "/tim?q=d%C3%A2n+v%E1%BA%ADn": listing(A, B, found, menu), A: article("Góp đất"),
                     menu: article("Bóng đá"), found: article("Kết quả").replace("bà con", "tổ dân vận")}  # fmt: skip
    result = run(site={"search": "/tim?q={query}"}, topic=["dân vận"])
    assert result.urls("new") == {B, found}
    assert result.urls("off topic") == {menu}
    assert (paper.asked(A), paper.asked(C)) == (0, 0)


def test_what_a_search_finds_is_left_where_it_is_always_something_else(paper: Paper, run: Run) -> None:
    links = [f"/nhan-dan-cung-nhau-van-dong-{number}.html" for number in range(6001, 6041)]
    paper.answers = {"/": listing(B), B: article("Dân vận khéo"), "/tim?q=d%C3%A2n+v%E1%BA%ADn": listing(*links)}
    paper.answers |= {link: article("Nhân dân vận động nhau").replace("bà con", "nhân dân") for link in links}
    result = run(site={"search": "/tim?q={query}"}, topic=["dân vận khéo", "dân vận"])
    assert result.urls("new") == {B}
    refused = result.report["errors"]["found by a search that misleads"]
    assert refused == len(links) - len(result.urls("off topic")) >= 25


def test_tags_on_the_topic_stand_in_for_a_search(paper: Paper, run: Run) -> None:
    other = "/ket-qua-o-huyen-mien-nui-1007.html"
    tags = listing("/dan-van-kheo-ptag.html", "/bong-da-ptag.html")
    paper.answers = {"/": listing(B), B: article("Dân vận khéo") + tags, "/dan-van-kheo-ptag.html": listing(B, other),
                     other: article("Kết quả").replace("bà con", "tổ dân vận")}  # fmt: skip
    assert run(topic=["dân vận"]).urls("new") == {B, other}
    assert paper.asked("/bong-da-ptag.html") == 0


def test_days_are_told_by_sitemaps_and_addresses(paper: Paper, run: Run) -> None:
    old, new = "/thoi-su/202312/bai-cu-cua-nam-ngoai-0a1b2c3/", "/thoi-su/202402/bai-moi-cua-nam-nay-0a1b2c4/"
    index = "".join(f"<sitemap><loc>{paper.home}/news-{month}.xml</loc></sitemap>" for month in ("2023-1", "2024-2"))
    paper.answers = {
        "/robots.txt": (200, {}, f"Sitemap: {paper.home}/index.xml".encode()),
        "/index.xml": xml(f"<sitemapindex>{index}</sitemapindex>"),
        "/news-2023-1.xml": urlset(paper.home, (C, "2023-01-05")),
        "/news-2024-2.xml": urlset(paper.home, (A, "2024-02-03"), (B, "2023-05-05"), (new, ""), (old, "")),
        "/": listing(),
    } | {path: article(path) for path in (A, B, C, old, new)}
    assert run(since="2024-02-01", until="2024-02-29").urls("new") == {A, new}
    assert paper.asked("/news-2023-1.xml") == 0


def test_robots_txt_is_obeyed(paper: Paper, run: Run) -> None:
    paper.answers = {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /gia-"), "/": listing(A, C), A: article("Một"),
                     C: article("Hai")}  # fmt: skip
    result = run()
    assert (result.urls("new"), paper.asked(C), result.report["errors"]) == ({A}, 0, {"robots": 1})


def test_robots_txt_that_forbids_all_is_obeyed(paper: Paper, run: Run) -> None:
    paper.answers = {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /"), "/": listing(A), A: article("Một")}
    result = run()
    assert [path for path, _, _ in paper.log] == ["/robots.txt"]
    assert (result.report["kept"], result.report["robots"]) == (0, "read")
    assert result.report["errors"]["robots"] >= 1


def test_robots_txt_that_answers_500_forbids_everything(paper: Paper, run: Run) -> None:
    paper.answers = {"/robots.txt": (500, {}, b""), "/": listing(A), A: article("Một")}
    result = run()
    assert (paper.asked("/"), paper.asked(A)) == (0, 0)
    assert result.report["errors"]["robots.txt unavailable"] == 1


def test_a_second_lies_between_two_requests(paper: Paper, run: Run) -> None:
    paper.answers = {"/": listing(A, B), A: article("Một"), B: article("Hai")}
    assert run(delay=0.4).urls("new") == {A, B}
    times = [moment for _, moment, _ in paper.log]
    assert min(after - before for before, after in pairwise(times)) >= 0.39


def test_429_with_retry_after_is_waited_for(paper: Paper, run: Run) -> None:
    answers = iter([(429, {"Retry-After": "1"}, b""), article("Một")])
    paper.answers = {"/": listing(A, B), A: lambda: next(answers), B: article("Hai")}
    assert run().urls("new") == {A, B}
    asked = [moment for path, moment, _ in paper.log if path == A]
    [refused, again] = asked
    assert again - refused >= 1.0
    assert not [path for path, moment, _ in paper.log if refused < moment < refused + 1.0]


def test_a_site_that_goes_down_is_left_alone(paper: Paper, run: Run) -> None:
    links = [f"/bai-viet-so-nay-cua-to-bao-{number}.html" for number in range(2000, 2030)]
    paper.answers = {"/": listing(*links)} | dict.fromkeys(links, (503, {}, b""))
    result = run()
    assert result.report["errors"]["site down"] == 1
    assert sum(paper.asked(link) for link in links) <= 8


def test_an_endless_calendar_ends(paper: Paper, run: Run) -> None:
    days = iter(range(10_000))

    class Calendar(dict[str, Any]):
        def get(self, path: str, default: object = None) -> object:
            known = super().get(path, default)
            return listing(A, f"/lich/2024/{next(days)}/") if path.startswith("/lich/") else known

    paper.answers = Calendar({"/": listing(A, "/lich/2024/0/"), A: article("Một")})
    assert run().urls("new") == {A}
    assert sum(path.startswith("/lich/") for path, _, _ in paper.log) <= 6


FAULTS: dict[str, tuple[object, str, str | None]] = {
    "/bai-khong-con-o-day-nua-2001.html": ((404, {}, b""), "error", "HTTP 404"),
    "/bai-da-bi-go-khoi-trang-2002.html": ((410, {}, b""), "error", "HTTP 410"),
    "/may-chu-bi-loi-khi-doc-2003.html": ((500, {}, b""), "error", "HTTP 500"),
    "/dan-vong-tron-mai-thoi-2004.html": (
        (302, {"Location": "/dan-vong-tron-mai-thoi-2004.html"}, b""), "error", "redirect loop"),
    "/dan-sang-trang-khac-han-2005.html": (
        (301, {"Location": "http://khac.invalid/x"}, b""), "error", "redirect off the site"),
    "/dan-ve-trang-chu-cua-bao-2006.html": ((302, {"Location": "/"}, b""), "error", "redirected to a list"),
    "/trang-noi-khong-tim-thay-2007.html": ("<title>Không tìm thấy trang</title><p>Xin lỗi.</p>", "error", "soft 404"),
    "/gzip-dut-giua-chung-roi-2008.html": (
        (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(b"x" * 9000)[:20]),
        "error", "broken gzip"),
    "/trang-nang-nam-muoi-mega-2009.html": ((200, {"Content-Type": "text/html"}, b"x" * 300_000), "error", "too large"),
    "/tra-loi-khong-bao-gio-het-2010.html": ((200, {"Content-Length": "900"}, b"<html>"), "error", "timeout"),
    "/tra-loi-bi-cat-ngang-than-2011.html": (
        (200, {"Content-Length": "900", "X-Short": "1"}, b"<html>"), "error", "cut short"),
    "/anh-chu-khong-phai-bai-viet-2012.html": ((200, {"Content-Type": "image/png"}, b"\x89PNG"), "error", "not HTML"),
    "/bai-co-tham-so-theo-doi-2013.html?utm_source=zalo&PHPSESSID=abc": (None, "", None),
    "/bai-co-tham-so-theo-doi-2013.html": (article("Một bài"), "new", None),
    "/ban-khac-cua-bai-tren-day-2014.html": (
        article("Một bài", '<link rel="canonical" href="/bai-co-tham-so-theo-doi-2013.html">'), "duplicate", None),
    "/print/bai-co-tham-so-theo-doi-2013.html": (article("Một bài"), "", None),
    "/bai-chuyen-sang-cho-moi-2015.html": (
        (301, {"Location": "/bai-o-cho-moi-cua-trang-2016.html"}, b""), "duplicate", None),
    "/bai-o-cho-moi-cua-trang-2016.html": (article("Bài khác"), "new", None),
}  # fmt: skip


# One crawl of a site where all goes wrong; what is well comes between, or the site would count as down.
@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Paper, Result]]:
    with printed() as paper:
        well = [f"/bai-viet-lanh-lan-so-{number}.html" for number in range(3001, 3001 + len(FAULTS))]
        links = [link for pair in zip(FAULTS, well, strict=True) for link in pair]
        paper.answers = {"/": listing(*links)} | {path: answer for path, (answer, _, _) in FAULTS.items()}
        paper.answers |= {path: article(path) for path in well}
        yield paper, crawled(paper, tmp_path_factory.mktemp("faulty"), max_bytes=200_000, timeout=1.0)


@pytest.mark.parametrize("path", FAULTS)
def test_fault(faulty: tuple[Paper, Result], path: str) -> None:
    paper, result = faulty
    _, outcome, cause = FAULTS[path]
    assert result.outcomes.get(path, "") == outcome
    if cause:
        assert [one["error"] for one in result.captures if one["url"] == paper.home + path] == [cause]
        assert result.report["errors"][cause] >= 1
