"""A refresh that another program starts, watches and stops: what its run says meanwhile and afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from corpus.store import open_corpus
from crawler.replica import Press, Request


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


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_refresh_tells_how_far_it_is_and_keeps_its_report_when_stopped(
    paper: Press, tmp_path: Path, stop: signal.Signals
) -> None:
    log = paper.log = Log(enough=8)
    settings = {**os.environ, "BAOTINH_CATALOGUE": str(paper.catalogue(tmp_path / "sites.toml"))}
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
