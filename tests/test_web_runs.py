"""The room of runs: what each did, and a refresh that is started, watched, found again and stopped from the page."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Baotinh, client_of
from starlette.testclient import TestClient
from test_crawl_stopped import Log

from corpus import refresh
from corpus.catalogue import save_sites
from corpus.runs import run_of, runs
from corpus.store import Corpus, CorpusError, finish_run, note_run, open_corpus, start_run
from corpus.users import save_user
from corpus.web.app import create_app
from corpus.web.runs import lasting, wishes_of
from corpus.web.web import Settings
from crawler.replica import Press

PASSWORD = "lua chin dong bang"
SITES = [
    {"id": "ben", "name": "Báo Bến", "home": "https://ben.example/", "province": "An Giang",
     "province_2024": "Kiên Giang"},
    {"id": "-song", "name": "Báo Sông", "home": "https://song.example/", "province": "Cần Thơ",
     "province_2024": "Cần Thơ"},
]  # fmt: skip
FIGURES = {"seen": 70, "fetched": 21, "kept": 4, "new": 3, "changed": 1, "off_topic": 9, "bytes": 1_300_000,
           "seconds": 75.5, "errors": {"timeout": 2, "404": 1}}  # fmt: skip
NOTHING = {"province": "", "since": "", "until": "", "topic": "", "max_pages": ""}
# Tells by a pipe that it is ready, then waits for a signal.
WAITS = "import signal, sys; print('đang chờ'); open(sys.argv[1], 'w').close(); signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); " + WAITS


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as opened:
        save_sites(opened, SITES)
        yield opened


@pytest.fixture
def waiting(corpus: Corpus, tmp_path: Path) -> Iterator[Path]:
    """A pipe that a child opens when it is ready; what still runs at the end is stopped."""
    os.mkfifo(tmp_path / "ready")
    yield tmp_path / "ready"
    while (child := refresh.last(corpus)) and child.running:
        refresh.stop(corpus)
        ended(corpus)


def command(ready: Path, code: str = WAITS) -> list[str]:
    return [sys.executable, "-c", code, str(ready)]


def is_ready(ready: Path) -> None:
    with ready.open() as pipe:
        pipe.read()


def ended(corpus: Corpus, seconds: float = 60) -> bool:
    """Whether the child let its lock go within so many seconds."""

    def wait() -> None:
        with corpus.path.with_name("a-refresh.json").open() as notes:
            fcntl.flock(notes, fcntl.LOCK_SH)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()


def test_the_list_tells_what_each_run_did(corpus: Corpus) -> None:
    crawl = start_run(corpus, "refresh", "1.2", {"sites": ["ben"], "topic": ["dân vận"], "max_pages": 50})
    alarmed = FIGURES | {"alarms": ["no author in 9 of 10"]}
    finish_run(corpus, crawl, {"interrupted": False, "sites": {"ben": alarmed, "song": FIGURES}})
    finish_run(corpus, start_run(corpus, "extract", "1.2"), {"added": 1096, "changed": 4, "kept": 0, "retired": 2})
    with client_of(corpus.path) as web:
        page = web.get("/runs").text
        assert "1 · cập nhật" in page
        assert "2 · đọc bài" in page
        for said in ("<td>42</td><td>8</td>", "<td>1.100</td>", "<td>6</td>", "xong"):
            assert said in page, said
        one = web.get("/runs/1").text
        for said in ("timeout (2), 404 (1)", "1 phút 16 giây", "no author in 9 of 10", "dân vận", "<dd>50</dd>",
                     "đã tải 42 trang, giữ 8 bài, 6 lỗi", "<td>1,3</td>"):  # fmt: skip
            assert said in one, said
        assert "1.096" in web.get("/runs/2").text
        assert web.get("/runs/99").status_code == 404


def test_a_run_that_died_is_interrupted(corpus: Corpus) -> None:
    for _ in range(2):
        note_run(corpus, start_run(corpus, "refresh", "1"), {"interrupted": True, "sites": {"ben": FIGURES}})
    assert [run.state for run in runs(corpus, None, 9)] == ["running", "interrupted"]  # a later one began
    long_ago = (datetime.now(UTC) - timedelta(hours=2)).isoformat(timespec="milliseconds")
    with corpus.write() as conn:
        conn.execute("UPDATE runs SET started_at = ?", (long_ago,))
    assert {run.state for run in runs(corpus, None, 9)} == {"interrupted"}
    with corpus.write() as conn:  # but one of which pages come in lives
        conn.execute(
            "INSERT INTO pages (url, run_id, fetched_at) VALUES ('https://ben.example/1', 2, ?)",
            (datetime.now(UTC).isoformat(),),
        )
    assert [run.state for run in runs(corpus, None, 9)] == ["running", "interrupted"]
    finish_run(corpus, 2, {"interrupted": True, "sites": {}})
    assert [run.state for run in runs(corpus, None, 9)] == ["interrupted", "interrupted"]
    assert run_of(corpus, 1, None) == runs(corpus, None, 9)[1]


def test_a_child_is_found_again_and_one_runs_at_a_time(corpus: Corpus, waiting: Path) -> None:
    assert refresh.last(corpus) is None
    assert not refresh.stop(corpus)
    child = refresh.start(corpus, command(waiting), "lan")
    is_ready(waiting)
    assert refresh.last(corpus) == child
    assert (child.running, child.who) == (True, "lan")
    with pytest.raises(CorpusError, match="running already"):
        refresh.start(corpus, command(waiting), "minh")
    assert refresh.stop(corpus)
    assert ended(corpus)
    known = refresh.last(corpus)
    assert known is not None
    assert (known.running, known.pid, known.stops) == (False, child.pid, 1)
    assert refresh.said(corpus)[0] == "đang chờ"


def test_who_does_not_stop_when_asked_is_stopped_when_asked_again(corpus: Corpus, waiting: Path) -> None:
    refresh.start(corpus, command(waiting, DEAF), "lan")
    is_ready(waiting)
    assert refresh.stop(corpus)
    assert not ended(corpus, 0.2)
    with client_of(corpus.path, refresh=command(waiting)) as web:
        assert "Dừng ngay" in web.get("/runs").text
        assert web.post("/runs/stop", follow_redirects=False).status_code == 303
    assert ended(corpus)


def test_a_killed_child_is_not_taken_for_running(corpus: Corpus, waiting: Path) -> None:
    child = refresh.start(corpus, command(waiting), "lan")
    is_ready(waiting)
    run = start_run(corpus, "refresh", "1")
    found = run_of(corpus, run, refresh.last(corpus))
    assert found is not None
    assert found.state == "running"
    os.kill(child.pid, 9)
    assert ended(corpus)
    found = run_of(corpus, run, refresh.last(corpus))
    assert found is not None
    assert found.state == "interrupted"


def test_what_does_not_start_is_said(corpus: Corpus) -> None:
    with client_of(corpus.path, refresh=["/none/of/this"]) as web:
        answer = web.post("/runs", data={})
        assert answer.status_code == 409
        assert 'role="alert"' in answer.text
    with client_of(corpus.path) as web:
        assert web.post("/runs", data={}).status_code == 404
        assert "Bắt đầu cập nhật" not in web.get("/runs").text


@pytest.mark.parametrize(
    ("typed", "chosen", "wanted"),
    [
        ({}, [], ["--"]),
        ({"since": "18/01/2022", "until": "2022-02-01"}, [], ["--since=2022-01-18", "--until=2022-02-01", "--"]),
        ({"max_pages": "1.000", "topic": "--help"}, ["-song"], ["--topic=--help", "--max-pages=1000", "--", "-song"]),
        ({"province": "Kiên Giang"}, ["ben"], ["--province=Kiên Giang", "--", "ben"]),
    ],
)
def test_a_form_becomes_arguments(typed: dict[str, str], chosen: list[str], wanted: list[str]) -> None:
    assert wishes_of(NOTHING | typed, chosen, SITES) == (wanted, {})


@pytest.mark.parametrize(
    ("typed", "chosen", "field"),
    [
        ({"since": "hôm qua"}, [], "since"),
        ({"since": "31/02/2022"}, [], "since"),
        ({"since": "2022-02-01", "until": "2022-01-01"}, [], "until"),
        ({"max_pages": "0"}, [], "max_pages"),
        ({"max_pages": "many"}, [], "max_pages"),
        ({"province": "Atlantis"}, [], "province"),
        ({"topic": "x" * 101}, [], "topic"),
        ({}, ["ben", "none"], "site"),
    ],
)
def test_what_cannot_be_read_is_named(corpus: Corpus, typed: dict[str, str], chosen: list[str], field: str) -> None:
    _, problems = wishes_of(NOTHING | typed, chosen, SITES)
    assert problems.keys() == {field}
    with client_of(corpus.path, refresh=["/none/of/this"], sites=SITES) as web:
        answer = web.post("/runs", data={**typed, "site": chosen})
        assert answer.status_code == 400
        assert problems[field] in answer.text


@pytest.mark.parametrize(
    ("role", "may"), [("reader", False), ("reviewer", False), ("researcher", True), ("admin", True)]
)
def test_only_who_may_starts_and_stops(corpus: Corpus, waiting: Path, role: Any, *, may: bool) -> None:  # noqa: ANN401
    save_user(corpus, "thu", role, PASSWORD)
    app = create_app(Settings(path=corpus.path, secret="only in tests", refresh=command(waiting), sites=SITES))
    browser = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(app, base_url="http://127.0.0.1", headers=browser, follow_redirects=False) as web:
        web.post("/sign-in", data={"name": "thu", "password": PASSWORD})
        assert ("Bắt đầu cập nhật" in web.get("/runs").text) == may
        assert web.post("/runs", data={}).status_code == (303 if may else 403)
        if may:
            is_ready(waiting)
            assert "Dừng lại" in web.get("/runs").text
            assert web.post("/runs", data={}).status_code == 409
        assert web.post("/runs/stop").status_code == (303 if may else 403)
        assert web.post("/runs", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_refresh_is_started_watched_and_stopped(corpus: Corpus, paper: Press, tmp_path: Path) -> None:
    log = paper.log = Log(enough=8)
    catalogue = paper.catalogue(tmp_path / "sites.toml")
    baotinh = [sys.executable, "-m", "pipeline", "refresh", "--db", str(corpus.path), "--delay", "0.1",
               "--catalogue", str(catalogue)]  # fmt: skip
    sites = [site.record() for site in paper.sites]
    with client_of(corpus.path, refresh=baotinh, sites=sites) as web:
        assert web.post("/runs", data={"site": "ngan-sau"}, follow_redirects=False).status_code == 303
        assert log.reached.wait(60)
        page = web.get("/runs").text
        assert "Đang cập nhật" in page
        assert 'src="/static/runs.js"' in page
        part = web.get("/runs/progress").text
        assert 'data-running="1"' in part
        assert "Đang thu thập" in part
        assert "ngan-sau" in part
        assert "<html" not in part
        with client_of(corpus.path, refresh=baotinh) as other:  # a server that was started again
            assert 'data-running="1"' in other.get("/runs/1").text
            assert other.post("/runs/stop", follow_redirects=False).status_code == 303
        assert ended(corpus)
        page = web.get("/runs").text
        assert "Đang cập nhật" not in page
        assert "bị dừng giữa chừng" in page
        assert 'data-running=""' in web.get("/runs/progress", params={"run": 1}).text
        assert "--topic=" not in json.dumps(refresh.last(corpus).arguments)  # type: ignore[union-attr]
    report = run_of(corpus, 1, refresh.last(corpus))
    assert report is not None
    assert report.totals["fetched"] >= 1
    assert report.arguments["sites"] == ["ngan-sau"]


def test_a_refresh_that_cannot_begin_says_why(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("nonsense", encoding="utf-8")
    baotinh = [sys.executable, "-m", "pipeline", "refresh", "--db", str(corpus.path), "--catalogue",
               str(tmp_path / "bad.toml")]  # fmt: skip
    with client_of(corpus.path, refresh=baotinh, sites=SITES) as web:
        web.post("/runs", data={})
        assert ended(corpus)
        page = web.get("/runs").text
    assert "bad.toml" in page
    assert "<details open>" in page


def test_serve_lends_its_catalogue(baotinh: Baotinh, tmp_path: Path) -> None:
    assert "--catalogue" in baotinh("serve", "--help").stdout
    done = baotinh("serve", "--db", "none.db", "--catalogue", "none.toml")
    assert done.returncode == 2
    assert "none.toml" in done.stderr


def test_hostile_names_show_as_text(corpus: Corpus) -> None:
    name = "<script>alert(1)</script>"
    run = start_run(corpus, name, name, {name: name, "sites": [name]})
    finish_run(corpus, run, {"sites": {name: FIGURES | {"errors": {name: 1}, "alarms": [name]}}})
    finish_run(corpus, start_run(corpus, "extract", "1"), {name: name})
    hostile = [{"id": name, "name": name, "home": "javascript:x", "province": name, "province_2024": name}]
    with client_of(corpus.path, refresh=["x"], sites=hostile) as web:
        for path in ("/runs", "/runs/1", "/runs/2", "/runs/progress?run=1"):
            page = web.get(path).text
            assert "&lt;script&gt;" in page
            assert "<script>" not in page


def test_an_empty_corpus_has_a_page(tmp_path: Path) -> None:
    open_corpus(tmp_path / "e.db").close()
    with client_of(tmp_path / "e.db") as web:
        assert "Chưa thu thập lần nào" in web.get("/runs").text
        assert web.get("/runs/progress").status_code == 200


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, ""), (0.2, "0 giây"), (45, "45 giây"), (200, "3 phút 20 giây"), (7500, "2 giờ 5 phút")],
)
def test_times_in_words(seconds: float | None, said: str) -> None:
    assert lasting(seconds) == said
