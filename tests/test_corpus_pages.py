"""What the crawler must know of its earlier runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.pages import finished
from corpus.store import Corpus, finish_run, note_run, open_corpus, start_run

WISHES: dict[str, Any] = {"topic": ("dân vận",), "since": date(2024, 1, 1), "until": None}
DONE = {"interrupted": False, "sites": {"trungdu": {"complete": True}, "thu-bon": {"complete": True}}}


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        yield corpus


def ran(corpus: Corpus, report: dict[str, Any] | None = None, **wishes: object) -> int:
    run = start_run(corpus, "refresh", "1", {"sites": ["trungdu", "thu-bon"]} | WISHES | wishes)
    if report is not None:
        finish_run(corpus, run, report)
    return run


@pytest.mark.parametrize(
    ("then", "now", "covered"),
    [
        ({}, {}, True),
        ({}, {"topic": ("hòa giải",)}, False),
        ({"since": None}, {}, True),
        ({}, {"since": None}, False),
        ({}, {"since": date(2023, 12, 31)}, False),
        ({}, {"until": date(2024, 6, 1)}, True),
        ({"until": date(2024, 6, 1)}, {}, False),
        ({"until": date(2024, 6, 1)}, {"until": date(2024, 6, 1)}, True),
    ],
)
def test_a_site_is_finished_by_a_run_that_looked_for_as_much(
    corpus: Corpus, then: dict[str, Any], now: dict[str, Any], *, covered: bool
) -> None:
    ran(corpus, DONE, **then)
    assert finished(corpus, ["trungdu", "thu-bon", "other"], WISHES | now) == (
        {"trungdu", "thu-bon"} if covered else set()
    )


def test_the_last_run_counts_whatever_came_before(corpus: Corpus) -> None:
    ran(corpus, DONE)
    ran(corpus, {"interrupted": False, "sites": {"trungdu": {"complete": True}, "thu-bon": {"complete": False}}})
    assert finished(corpus, ["trungdu", "thu-bon"], WISHES) == {"trungdu"}
    ran(corpus, DONE | {"interrupted": True})
    assert finished(corpus, ["trungdu", "thu-bon"], WISHES) == set()
    ran(corpus, DONE)
    killed = ran(corpus)
    assert finished(corpus, ["trungdu"], WISHES) == set()
    note_run(corpus, killed, DONE)
    assert finished(corpus, ["trungdu"], WISHES) == set()
