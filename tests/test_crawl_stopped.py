"""Crawls that are stopped: what a run says meanwhile and afterwards, and how the next one goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_crawl import Answer, Paper, Result, Run, article, listing, paper, run  # noqa: F401

from corpus.store import open_corpus
from crawler.replica import Press, Request, open_press


class Log(list[Request]):
    """A press's log that says when so many requests came."""

    def __init__(self, enough: int) -> None:
        self.enough, self.reached = enough, threading.Event()

    def append(self, request: Request) -> None:
        super().append(request)
        if len(self) >= self.enough:
            self.reached.set()


def last_run(db: Path) -> tuple[str | None, dict[str, Any]]:
    with open_corpus(db, create=False) as corpus:
        sql = "SELECT finished_at, report FROM runs WHERE kind = 'refresh' ORDER BY id DESC LIMIT 1"
        finished, report = corpus.conn.execute(sql).fetchone()
    return finished, json.loads(report or "{}")


@pytest.fixture
def press() -> Iterator[Press]:
    with open_press(["ngan-sau"], bulletin_count=12) as press:
        yield press


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_refresh_tells_how_far_it_is_and_keeps_its_report_when_stopped(
    press: Press, tmp_path: Path, stop: signal.Signals
) -> None:
    log = press.log = Log(enough=8)
    settings = {**os.environ, "BAOTINH_CATALOGUE": str(press.catalogue(tmp_path / "sites.toml"))}
    command = [sys.executable, "-m", "pipeline", "refresh", "--topic", "", "--db", "a.db", "--delay", "0.1", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, env=settings, stdout=subprocess.PIPE, text=True) as process:
        assert log.reached.wait(30)
        finished, so_far = last_run(tmp_path / "a.db")
        process.send_signal(stop)
        said, _ = process.communicate(timeout=60)
    assert finished is None
    assert so_far["sites"]["ngan-sau"].keys() >= {"seen", "fetched", "kept"}
    assert so_far["sites"]["ngan-sau"]["fetched"] >= 1
    assert process.returncode == 1
    finished, report = last_run(tmp_path / "a.db")
    assert finished is not None
    assert report["interrupted"]
    assert report == json.loads(said)
    assert 7 <= report["sites"]["ngan-sau"]["fetched"] <= len(log)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["Ctrl-C", "kill", "kill -9"])
def test_a_stopped_crawl_goes_on_where_it_was(paper: Paper, run: Run, tmp_path: Path, stop: signal.Signals) -> None:  # noqa: F811
    links = [f"/bai-viet-so-nay-cua-to-bao-{number}.html" for number in range(4000, 4030)]
    paper.answers = {"/": listing(*links)} | {link: article(link) for link in links}
    plan = {"sites": [{"id": "thu", "name": "Báo Thử", "home": f"{paper.home}/"}], "archive": str(tmp_path / "warc"),
            "run": "t", "delay": 0.05}  # fmt: skip
    (tmp_path / "plan.json").write_text(json.dumps(plan), "utf-8")
    command = [sys.executable, "-m", "crawler", str(tmp_path / "plan.json")]
    captures = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said = json.loads(line)
            if "sites" in said:
                assert said["interrupted"]
                continue
            captures.append(said)
            if len(captures) == 8:
                process.send_signal(stop)
    assert process.returncode == (-signal.SIGKILL if stop == signal.SIGKILL else 1)
    before = Result(captures, {})
    after = run(memory=before.memory())
    assert before.urls("new") | after.urls("new") == set(links)
    assert not before.urls("new") & after.urls("new")
    assert len(before.urls("new")) < len(links)


def test_a_stop_does_not_wait_for_what_a_site_asked_to_be_waited_for(paper: Paper, tmp_path: Path) -> None:  # noqa: F811
    refused = threading.Event()

    def later() -> Answer:
        refused.set()
        return 503, {"Retry-After": "100"}, b""

    paper.answers = {"/": later}
    plan = {"sites": [{"id": "thu", "name": "Báo Thử", "home": f"{paper.home}/"}], "archive": str(tmp_path / "warc"),
            "run": "t", "delay": 0.0}  # fmt: skip
    (tmp_path / "plan.json").write_text(json.dumps(plan), "utf-8")
    command = [sys.executable, "-m", "crawler", str(tmp_path / "plan.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert refused.wait(20)
        process.terminate()
        said, _ = process.communicate(timeout=20)
    report = json.loads(said.splitlines()[-1])
    assert report["interrupted"]
    assert report["sites"]["thu"]["errors"] == {}
