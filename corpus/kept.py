"""What was worked out of a whole corpus, kept in memory until the corpus changes."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

from corpus.store import Corpus

T = TypeVar("T")

MOST = 16  # answers kept in one process; the largest, of 200,000 figures, take some 30 MB
_rooms: defaultdict[str, OrderedDict[tuple[Path, Hashable], tuple[Hashable, Any]]] = defaultdict(OrderedDict)
_lock = threading.Lock()


def moment(corpus: Corpus, *, reviews: bool = True) -> tuple[int, ...]:
    """What is another after every run, every new fact and (where `reviews` matter) every decision; found at once."""
    sql = (
        "SELECT coalesce((SELECT max(id) FROM facts), 0), (SELECT count(*) FROM runs), "
        "(SELECT count(finished_at) FROM runs), coalesce((SELECT max(id) FROM reviews), 0)"
    )
    *stored, decided = corpus.conn.execute(sql).fetchone()
    return (*stored, decided if reviews else 0)


def kept(
    corpus: Corpus, asked: Hashable, at: Hashable, work: Callable[[], T], *, room: str = "", most: int = MOST
) -> T:
    """The answer to `asked`: as it was kept at the same moment, else from `work`; the least used of a room goes."""
    key = (corpus.path.absolute(), asked)
    with _lock:
        answers = _rooms[room]
        if key in answers and answers[key][0] == at:
            answers.move_to_end(key)
            answer: T = answers[key][1]
            return answer
    made = work()
    with _lock:
        answers[key] = (at, made)
        answers.move_to_end(key)
        while len(answers) > most:
            answers.popitem(last=False)
    return made
