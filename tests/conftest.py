"""What several test modules share: the command line as a user runs it, and the corpus that the demo leaves."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from corpus.store import Corpus, open_corpus
from corpus.web.app import create_app
from corpus.web.web import Settings
from crawler.replica import Press, open_press

Run = subprocess.CompletedProcess[str]
Baotinh = Callable[..., Run]


def run_baotinh(*arguments: str | Path, cwd: Path, **environment: str) -> Run:
    """`baotinh …` in a process of its own (Scrapy's reactor runs once in one), warnings as errors of ours shown."""
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    settings = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(
        command, cwd=cwd, env=settings, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )


@pytest.fixture
def baotinh(tmp_path: Path) -> Baotinh:
    """Runs the command in a folder of its own."""
    return lambda *arguments, **environment: run_baotinh(*arguments, cwd=tmp_path, **environment)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    """What `baotinh demo` said, and the corpus it left (to be read only)."""
    folder = tmp_path_factory.mktemp("demo")
    done = run_baotinh("demo", "--db", "demo.db", cwd=folder)
    assert done.returncode == 0, done.stderr
    return done, folder / "demo.db"


@pytest.fixture
def demo_corpus(demo: tuple[Run, Path]) -> Iterator[Corpus]:
    """The demo's corpus, open."""
    with open_corpus(demo[1], create=False) as corpus:
        yield corpus


@pytest.fixture
def paper() -> Iterator[Press]:
    """One paper of its own for a test that makes it misbehave."""
    with open_press(["ngan-sau"], bulletin_count=12) as running:
        yield running


def get(url: str, **headers: str) -> http.client.HTTPResponse:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    reply: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=20)
    return reply


def status(url: str, **headers: str) -> int:
    try:
        with get(url, **headers) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def body(url: str) -> bytes:
    with get(url) as reply:
        return reply.read()


@contextmanager
def client_of(path: Path, **settings: Any) -> Iterator[TestClient]:  # noqa: ANN401
    """A browser on the corpus's pages, signed in by the one-time link as the machine's owner."""
    app = create_app(Settings(path=path, secret="only in tests", token="once", owner="owner", **settings))
    browser = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(app, base_url="http://127.0.0.1", headers=browser) as client:
        assert client.get("/sign-in", params={"token": "once"}).status_code == 200
        yield client
