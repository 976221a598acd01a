"""What several test modules share: the command line as a user runs it, and the corpus that the demo leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.store import Corpus, open_corpus

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
