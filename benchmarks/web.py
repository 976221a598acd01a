"""How quickly the pages answer: a server as users run it, and eight clients that ask it at once.

python benchmarks/web.py CORPUS [--clients 8] [--seconds 20] [--pause 0]

CORPUS is best what benchmarks/large_corpus.py made (1,000,000 facts); it is reviewed.
Prints, for each kind of page, requests, p50, p95 and the worst in milliseconds, and the server's
processor time a page.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
import urllib.parse
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import NamedTuple

import click
from large_corpus import QUERIES, percentile
from tabulate import tabulate

from corpus.query import Query
from corpus.review import decide
from corpus.store import open_corpus
from corpus.web.form import fields_of


class Server(NamedTuple):
    """A running server, who is signed in to it, and how long it is asked for each row."""

    host: str
    cookie: str
    pid: int
    seconds: float


def address(query: Query) -> str:
    """The search page of a query."""
    return f"/?{urllib.parse.urlencode(fields_of(query))}"


PAGES = {"search": [address(query) for query in QUERIES if fields_of(query)], "review": ["/review"]}


def ask(connection: HTTPConnection, path: str, cookie: str) -> float:
    """Seconds that a page took, to its last byte; an error ends the benchmark."""
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return time.perf_counter() - begun


def client(server: Server, kind: str, pause: float, seed: int, times: list[float]) -> None:
    """Asks pages of a kind, one after the other, in an order of its own."""
    chance = random.Random(seed)
    connection = HTTPConnection(server.host, timeout=60)
    until = time.perf_counter() + server.seconds
    while time.perf_counter() < until:
        times.append(ask(connection, chance.choice(PAGES[kind]), server.cookie))
        if pause:
            connection.close()  # the server does not hold a connection that long
            time.sleep(chance.expovariate(1 / pause))


def reviewing(corpus: Path, pause: float, done: threading.Event) -> None:
    """Decides on a fact every `pause` seconds, so that nothing kept of a search can be shown again."""
    with open_corpus(corpus, create=False) as opened:
        for number in count(1):
            if done.wait(pause):
                return
            decide(opened, number, "accept", who="benchmark")


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(server: Server, kind: str, clients: int, pause: float, beside: str = "") -> list[object]:
    """A row of the table."""
    times: list[float] = []
    for path in PAGES[kind]:
        ask(HTTPConnection(server.host, timeout=60), path, server.cookie)
    used = processor(server.pid)
    threads = [threading.Thread(target=client, args=(server, kind, pause, seed, times)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = [each * 1000 for each in times]
    cost = (processor(server.pid) - used) / len(took) * 1000
    return [kind + beside, pause, len(took), percentile(took, 0.5), percentile(took, 0.95), max(took), cost]


def table(
    server: subprocess.Popen[str], corpus: Path, clients: int, seconds: float, pauses: tuple[float, ...]
) -> list[list[object]]:
    """The rows: each page by itself, then while somebody reviews."""
    assert server.stdout
    link = urllib.parse.urlsplit(server.stdout.readline().split()[0])
    opened = HTTPConnection(link.netloc)
    opened.request("GET", f"{link.path}?{link.query}")
    cookie = (opened.getresponse().getheader("set-cookie") or "").partition(";")[0]
    asked = Server(link.netloc, cookie, server.pid, seconds)
    rows = [measure(asked, kind, clients, pause) for kind in PAGES for pause in pauses]
    done = threading.Event()
    reviewer = threading.Thread(target=reviewing, args=(corpus, 0.2, done))
    reviewer.start()
    try:
        rows += [measure(asked, kind, clients, pause, " while somebody reviews") for kind in PAGES for pause in pauses]
    finally:
        done.set()
        reviewer.join()
    return rows


@click.command()
@click.argument("corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--clients", default=8, show_default=True)
@click.option("--seconds", default=20.0, show_default=True, help="For each row.")
@click.option("--pause", "pauses", multiple=True, type=float, default=(0.0, 1.0), help="Mean seconds between pages.")
def main(corpus: Path, clients: int, seconds: float, pauses: tuple[float, ...]) -> None:
    """Time the pages over CORPUS."""
    command = [sys.executable, "-m", "pipeline", "serve", "--db", str(corpus.resolve()), "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            rows = table(server, corpus, clients, seconds, pauses)
        finally:
            server.terminate()
    heads = ["page", "pause s", "requests", "p50 ms", "p95 ms", "worst ms", "processor ms a page"]
    click.echo(f"{clients} clients, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    click.echo(tabulate(rows, headers=heads, floatfmt=".1f"))


if __name__ == "__main__":
    main()
