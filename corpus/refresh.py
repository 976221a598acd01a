"""A refresh as a process of its own: started, watched and stopped through a file beside the corpus, one at a time.

The process holds a lock on that file for as long as it lives, however it ends. So a server that was started again still
knows it, a killed one is not taken for running, and no other process that got its number is ever stopped.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from corpus.store import Corpus, CorpusError, now

try:
    import fcntl
except ImportError:  # not on Windows, where the pages are served all the same
    fcntl = None  # type: ignore[assignment]

LINES = 40  # of what the process said last
MOST = 64_000  # bytes of it that are read

_one = threading.Lock()


@dataclass(frozen=True, slots=True)
class Child:
    """The refresh that was started last: its process, since when (UTC), by whom, and how often it was asked to stop."""

    pid: int
    started_at: str
    who: str
    arguments: tuple[str, ...]
    stops: int = 0
    running: bool = False


def start(corpus: Corpus, command: Sequence[str], who: str) -> Child:
    """Starts `command` in a session of its own, what it says kept beside the corpus; CorpusError where one runs."""
    if fcntl is None:
        raise CorpusError("on this system a refresh is started by `baotinh refresh` only")
    with _one, _notes(corpus).open("a+", encoding="utf-8") as notes:
        try:
            fcntl.flock(notes, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CorpusError("a refresh is running already; wait for its end, or stop it") from error
        # What it said goes to a file, not to a pipe that would end with this program.
        try:
            with _log(corpus).open("wb") as log:
                process = subprocess.Popen(
                    [*command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=(notes.fileno(),),  # and with it the lock
                    env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
                )
        except OSError as error:
            raise CorpusError(f"the refresh does not start: {error.strerror}") from error
        child = Child(process.pid, now(), who, tuple(command))
        _write(notes, child)
    threading.Thread(target=process.wait, daemon=True).start()  # lets its number go once it has ended
    return replace(child, running=True)


def last(corpus: Corpus) -> Child | None:
    """The refresh that was started last, and whether it still runs; None where none was."""
    try:
        with _one, _notes(corpus).open("r", encoding="utf-8") as notes:
            running = _held(notes)
            said = json.load(notes)
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return Child(**{**said, "arguments": tuple(said["arguments"]), "running": running})


def stop(corpus: Corpus) -> bool:
    """Asks the refresh that runs to end in good order, a second time to end at once; False where none runs."""
    child = last(corpus)
    if child is None or not child.running:
        return False
    try:
        os.kill(child.pid, signal.SIGTERM if child.stops else signal.SIGINT)
    except ProcessLookupError:
        return False
    with _notes(corpus).open("r+", encoding="utf-8") as notes:
        _write(notes, replace(child, stops=child.stops + 1, running=False))
    return True


def said(corpus: Corpus) -> list[str]:
    """The last lines that the refresh started last has said."""
    try:
        with _log(corpus).open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - MOST))
            return log.read().decode("utf-8", "replace").splitlines()[-LINES:]
    except FileNotFoundError:
        return []


def _notes(corpus: Corpus) -> Path:
    return corpus.path.with_name(f"{corpus.path.stem}-refresh.json")


def _log(corpus: Corpus) -> Path:
    return corpus.path.with_name(f"{corpus.path.stem}-refresh.log")


def _held(notes: IO[str]) -> bool:
    """Whether another process holds the lock; a lock taken here ends when the file is closed."""
    try:
        fcntl.flock(notes, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _write(notes: IO[str], child: Child) -> None:
    notes.seek(0)
    notes.truncate()
    json.dump({name: value for name, value in asdict(child).items() if name != "running"}, notes, ensure_ascii=False)
