"""How the corpus bears its size: loading, searching, finding copies and reviewing, on a seeded corpus made here.

    python benchmarks/large_corpus.py                        100,000 articles, 1,000,000 facts
    python benchmarks/large_corpus.py --articles 10000       a tenth of it
    python benchmarks/large_corpus.py --db big.db    leaves the file, and only searches it when it is there

The texts are those of benchmarks/stories.py; making them is not in the times.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import click
from tabulate import tabulate

from benchmarks.stories import NAMES, PROVINCES, stories, words
from corpus.articles import Cleaned, save_article, save_articles
from corpus.catalogue import save_sites, save_units
from corpus.duplicates import find_copies
from corpus.facts import save_readings
from corpus.query import Query
from corpus.review import decide
from corpus.search import search
from corpus.store import Corpus, CorpusError, batches, finish_run, open_corpus, start_run

PEOPLE_WHO_REVIEW = ("lan", "minh", "hoa", "quang")


def furnish(corpus: Corpus) -> None:
    """Writes the sites and units."""
    provinces = words(PROVINCES)
    sites = [
        {"id": f"s{n}", "name": f"Báo {name}", "home": f"https://s{n}.example/"} for n, name in enumerate(provinces)
    ]
    save_sites(corpus, [*sites, {"id": "portal", "name": "Cổng tin", "home": "https://portal.example/"}])
    units: list[dict[str, Any]] = [
        {"key": f"pre:{name}", "code": str(n), "era": "pre", "level": "province", "full_name": f"tỉnh {name}",
         "name": name, "path": [name], "last_day": "2025-06-30"}
        for n, name in enumerate(provinces)
    ] + [
        {"key": f"post:{name}", "code": str(n), "era": "post", "level": "province", "full_name": f"tỉnh {name}",
         "name": name, "path": [name], "first_day": "2025-07-01"}
        for n, name in enumerate(provinces) if n % 2 == 0
    ] + [
        {"key": f"pre:{name}/{below}", "code": f"{n}.{m}", "era": "pre", "level": "district", "name": below,
         "full_name": f"huyện {below}", "parent": f"pre:{name}", "path": [name, below], "last_day": "2025-06-30"}
        for n, name in enumerate(provinces) for m, below in enumerate(NAMES)
    ]  # fmt: skip
    into = {unit["key"]: f"post:{provinces[provinces.index(unit['path'][0]) // 2 * 2]}" for unit in units}
    save_units(corpus, units, [(key, to, "whole") for key, to in into.items() if key.startswith("pre:")])


@dataclass(slots=True)
class Spent:
    """Seconds of the clock and of the processor that some writing took, texts already made, and the facts written."""

    clock: float = 0.0
    processor: float = 0.0
    facts: int = 0

    @contextmanager
    def measured(self, facts: int = 0) -> Iterator[None]:
        """Adds what the block takes."""
        clock, processor = time.perf_counter(), time.process_time()
        yield
        self.clock += time.perf_counter() - clock
        self.processor += time.process_time() - processor
        self.facts += facts

    def told(self) -> str:
        """Facts a second by the clock and by the processor."""
        return f"{self.facts / self.clock:,.0f} facts/s ({self.facts / self.processor:,.0f} by processor time)"


def load(corpus: Corpus, articles: int, seed: int) -> tuple[list[tuple[str, str]], dict[int, int]]:
    """Loads the corpus: the rows of the table about it, and the original by article id.

    All but the last tenth (at most 2,000 articles) goes in as into a new file, in one long transaction whose end counts
    with the facts; the rest as beside others at work, 500 rows at a time. Making the texts is not counted.
    """
    furnish(corpus)
    told = stories(articles, seed)
    ids: list[int] = []
    truth: dict[int, int] = {}
    rows: list[tuple[str, str]] = []
    last = articles - min(2_000, articles // 10)
    for name, several, size, stage in (
        ("loading a new file", islice(told, last), 1_000, corpus.fill),
        ("the same at full size in short transactions", told, 40, nullcontext),
    ):
        whole, into, long = Spent(), Spent(), ExitStack()
        long.enter_context(stage())
        for batch in batches(several, size):
            facts = sum(len(each.records) for each in batch)
            cleaned = [Cleaned(article=each.article, site=each.site, province=each.province) for each in batch]
            with whole.measured(facts):
                saved = [one or 0 for one in save_articles(corpus, cleaned)]
                with into.measured(facts):
                    readings = zip(saved, (each.records for each in batch), strict=True)
                    save_readings(corpus, readings, None, "bench")
            ids += saved
            pairs = zip(saved, batch, strict=True)
            truth |= {one: ids[each.copy_of] for one, each in pairs if each.copy_of is not None}
        with whole.measured(), into.measured():
            long.close()
        rows.append((f"{name}: articles, full text, facts", whole.told()))
        rows.append(("- of it facts, frames, evidence's full text", into.told()))
    return rows, truth


QUERIES = [
    Query(),
    Query(words="dân vận"),
    Query(words="dan van"),
    Query(words='"mô hình"', kind="count"),
    Query(words="ao nuoi to*", kind="money"),
    Query(words="lúa OR tôm", kind="count", sort="date"),
    Query(words="đường hoa -trường", sort="value"),
    Query(words="chợ phiên vùng cao", place="Hà Giang"),
    Query(words="tủ sách", province="An Giang", since="2020-01-01"),
    Query(kind="count", measure="models", role="implemented", place="An Giang"),
    Query(kind="money", low=50e9, high=80e9),
    Query(kind="money", sort="value", offset=200),
    Query(kind="place", place="Gia Lai", today=True),
    Query(place="huyện Phú Lộc"),
    Query(kind="date", first="2021-03-01", last="2021-03-31"),
    Query(measure="models", first="2022-01-01", last="2022-06-30"),
    Query(site="s7", kind="count", qualifier="exact", confidence=0.9),
    Query(words="hoà bình", copies=True),
    Query(words="khong co tu nay"),
    Query(state="decided", sort="date"),
]


def time_queries(path: str, rounds: int, answer: Any) -> None:  # noqa: ANN401
    """Asks the mix `rounds` times: (seconds by query, by the clock and the processor; hits, peak memory in MB)."""
    with open_corpus(path, create=False) as corpus:
        search(corpus, Query(words="một"))
        seconds: list[list[tuple[float, float]]] = [[] for _ in QUERIES]
        totals = [0] * len(QUERIES)
        for _ in range(rounds):
            for number, query in enumerate(QUERIES):
                clock, processor = time.perf_counter(), time.process_time()
                totals[number] = search(corpus, query).total
                seconds[number].append((time.perf_counter() - clock, time.process_time() - processor))
    answer.put((seconds, totals, peak_memory()))


def peak_memory() -> float:
    """MB that this process held at most; getrusage tells the parent's instead where that held more on starting it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def in_process(work: Callable[..., None], *given: object) -> Any:  # noqa: ANN401
    """What `work` puts into the queue that it gets last, run in a fresh process."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=work, args=(*given, answer))
    process.start()
    found = answer.get()
    process.join()
    return found


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def report_queries(path: Path, rounds: int, each: bool) -> list[tuple[str, str]]:
    """The rows of the table about searching."""
    seconds, totals, memory = in_process(time_queries, str(path), rounds)
    if each:
        shown = []
        for query, total, took in zip(QUERIES, totals, seconds, strict=True):
            medians = (statistics.median(part) * 1000 for part in zip(*took, strict=True))
            shown.append((query.mapping(), total, *(f"{median:.1f}" for median in medians)))
        click.echo(tabulate(shown, headers=("query", "hits", "median ms", "of processor")))
    rows = []
    for name, part in (("search", 0), ("- of processor", 1)):
        flat = [took[part] * 1000 for taken in seconds for took in taken]
        said = f"{percentile(flat, 0.5):.1f} / {percentile(flat, 0.95):.1f} / {max(flat):.1f} ms"
        rows.append((f"{name} p50 / p95 / worst", said))
    return [*rows, ("search peak memory", f"{memory:.0f} MB")]


def report_copies(corpus: Corpus, truth: dict[int, int]) -> list[tuple[str, str]]:
    """The rows about copies: time an article, precision and recall over (copy, original)."""
    begun = time.perf_counter()
    find_copies(corpus)
    spent = time.perf_counter() - begun
    found = dict(map(tuple, corpus.conn.execute("SELECT id, original_id FROM articles WHERE original_id IS NOT NULL")))
    (articles,) = corpus.conn.execute("SELECT count(*) FROM articles").fetchone()
    right = len(found.items() & truth.items())
    return [
        ("copies: precision / recall", f"{right / max(1, len(found)):.4f} / {right / max(1, len(truth)):.4f}"),
        ("copies: time an article", f"{spent / articles * 1000:.2f} ms"),
    ]


def review_for(path: str, who: str, seconds: float, facts: int, answer: Any) -> None:  # noqa: ANN401
    """One writer of reviews: (reviews made, failures, milliseconds of each)."""
    chance = random.Random(who)
    took: list[float] = []
    failed = 0
    with open_corpus(path, create=False) as corpus:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.perf_counter()
            try:
                decide(corpus, chance.randrange(1, facts + 1), chance.choice(("accept", "reject")), who=who)
            except CorpusError:
                failed += 1
            took.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.02)
    answer.put((len(took) - failed, failed, took))


def read_for(path: str, seconds: float, answer: Any) -> None:  # noqa: ANN401
    """One reader: the number of searches."""
    searches = 0
    with open_corpus(path, create=False) as corpus:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            search(corpus, QUERIES[searches % len(QUERIES)])
            searches += 1
    answer.put(searches)


def report_reviews(corpus: Corpus, seconds: float, seed: int) -> list[tuple[str, str]]:
    """The rows about four reviewers beside a pipeline that writes and a reader that searches, six processes."""
    (before, facts) = corpus.conn.execute(
        "SELECT (SELECT count(*) FROM reviews), (SELECT max(id) FROM facts)"
    ).fetchone()
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    people = [
        context.Process(target=review_for, args=(str(corpus.path), who, seconds, facts, answer))
        for who in PEOPLE_WHO_REVIEW
    ]
    searched = context.Queue()
    people.append(context.Process(target=read_for, args=(str(corpus.path), seconds, searched)))
    for person in people:
        person.start()
    end = time.monotonic() + seconds
    written = 0
    more = stories(1_000_000, seed + 1)
    while time.monotonic() < end:
        told = next(more)
        article_id = save_article(corpus, told.article, url=f"{told.article.url}/{seconds}", site=told.site)
        save_readings(corpus, [(article_id or 0, told.records)], None, "bench")
        written += 1
    told_by = [answer.get() for _ in PEOPLE_WHO_REVIEW]
    for person in people:
        person.join()
    made = sum(made for made, *_ in told_by)
    (after,) = corpus.conn.execute("SELECT count(*) FROM reviews").fetchone()
    took = [each for *_, taken in told_by for each in taken]
    return [
        (
            "reviews made / failed / lost",
            f"{made} / {sum(failed for _, failed, _ in told_by)} / {made - (after - before)}",
        ),
        ("articles written / searches meanwhile", f"{written} / {searched.get()}"),
        ("review p95 / worst", f"{percentile(took, 0.95):.1f} / {max(took):.1f} ms"),
    ]


@click.command()
@click.option("--articles", default=100_000, show_default=True, help="Articles, of ten facts each.")
@click.option("--seed", default=7, show_default=True)
@click.option("--rounds", default=5, show_default=True, help="Times that the 20 queries are asked.")
@click.option("--review-seconds", default=30.0, show_default=True, help="How long people review; 0 leaves it out.")
@click.option("--copies/--no-copies", default=True, show_default=True, help="Whether copies are looked for.")
@click.option("--each", is_flag=True, help="A line for each query.")
@click.option("--db", type=click.Path(path_type=Path), help="Where to make the corpus; searched only if it is there.")
def main(  # noqa: PLR0917
    articles: int, seed: int, rounds: int, review_seconds: float, copies: bool, each: bool, db: Path | None
) -> None:
    """Measures loading, copies, searching and reviewing, and prints a table of each."""
    with tempfile.TemporaryDirectory() as folder:
        path = db or Path(folder) / "bench.db"
        there = path.exists()
        with open_corpus(path) as corpus:
            if not there:
                loading, truth = load(corpus, articles, seed)
                click.echo(tabulate(loading))
                if copies:
                    click.echo(tabulate(report_copies(corpus, truth)))
                finish_run(corpus, start_run(corpus, "import", "bench"), {})
            click.echo(tabulate(report_queries(path, rounds, each)))
            if review_seconds:
                click.echo(tabulate(report_reviews(corpus, review_seconds, seed)))
            corpus.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = ("file", f"{path.stat().st_size / 1e6:,.0f} MB")
        busy = ("load of the machine, 1 min, at the end", f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        click.echo(tabulate([size, busy]))


if __name__ == "__main__":
    main()
