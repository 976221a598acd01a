"""Measures the places: time to load the table and to read an article, memory, and the ratio to trafilatura.

Run `python benchmarks/places.py PAGE.html...`; the places are read in the text that trafilatura gives of each page.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import trafilatura

from extract.passage import Passage
from extract.places import find_places
from extract.places.units import load

CHARACTERS = 5000


def best(call: Callable[[], object], times: int = 15) -> float:
    """The shortest of several runs, in milliseconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    return min(spent) * 1000


def main() -> None:
    """Prints the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", type=Path)
    pages = parser.parse_args().pages
    tracemalloc.start()
    load()
    find_places(Passage(text="huyện Châu Thành"))
    print(f"table and indexes {tracemalloc.get_traced_memory()[0] / 2**20:.0f} MB")
    tracemalloc.stop()
    print(f"load {best(lambda: (load.cache_clear(), load())):.0f} ms")
    find_places(Passage(text="huyện Châu Thành"))
    for path in pages:
        page = path.read_text(encoding="utf-8")
        text = trafilatura.extract(page) or ""
        passage = Passage(text=text, published=date(2022, 1, 18))
        places = best(lambda passage=passage: find_places(passage))
        ratio = places / best(lambda page=page: trafilatura.extract(page))
        each = places * CHARACTERS / max(1, len(text))
        print(f"{path.name}: {len(text)} characters, {each:.2f} ms per {CHARACTERS}, to trafilatura {ratio:.2f}")


if __name__ == "__main__":
    main()
