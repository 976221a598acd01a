"""The queue of review: least certain first, by any query, and where each fact stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus import queue as queue_module
from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.query import Query
from corpus.queue import ahead, turn
from corpus.review import decide, last_act, queue, undo
from corpus.store import Corpus, open_corpus
from extract.article import Article

# kind, words, confidence, confidence of the frame
SAID: list[tuple[str, str, float, float | None]] = [
    ("count", "12 mô hình", 0.9, 0.5),
    ("place", "xã Tân Lập", 0.7, None),
    ("money", "3 tỷ đồng", 0.6, 0.9),
    ("date", "năm 2023", 0.6, None),
    ("count", "40 hộ", 0.95, 0.95),
]
TEXT = "Năm qua ".lower() + ", ".join(words for _, words, *_ in SAID) + "."
VALUES: dict[str, dict[str, Any]] = {
    "count": {"value": 12, "unit": "mô hình", "qualifier": "exact"},
    "money": {"value": 3e9, "currency": "VND", "qualifier": "exact"},
    "place": {"level": "commune", "path": ["Hà Giang", "Tân Lập"]},
    "date": {"from": "2023-01-01", "to": "2023-12-31"},
}


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        for number, day in ((1, "2023-11-20"), (2, "2024-02-01")):
            article = Article(title=f"Bài {number}", body=TEXT, published=day, url=f"https://bao.example/{number}")
            article_id = save_article(corpus, article)
            assert article_id
            save_reading(corpus, article_id, records(), None, "1")
        yield corpus


def records() -> list[dict[str, Any]]:
    found = []
    for kind, words, confidence, frame in SAID:
        start = TEXT.index(words)
        fact = {"kind": kind, "text": words, "start": start, "end": start + len(words), "rule": "t"}
        framed = {"measure": "x", "role": "other", "scope": None, "frame_confidence": frame} if frame else {}
        found.append(fact | VALUES[kind] | framed | {"confidence": confidence})
    return found


def texts(corpus: Corpus, ids: list[int]) -> list[str]:
    return [corpus.conn.execute("SELECT text FROM facts WHERE id = ?", (each,)).fetchone()[0] for each in ids]


ORDER = ["12 mô hình", "3 tỷ đồng", "năm 2023", "xã Tân Lập", "40 hộ"]


def test_the_least_certain_come_first_a_figure_by_its_frame(corpus: Corpus) -> None:
    ids = ahead(corpus, Query(since="2024-01-01"), 20)
    assert texts(corpus, ids) == ORDER
    assert [found.id for found in queue(corpus, 4)] == ahead(corpus, Query(), 4)
    assert sorted(texts(corpus, ahead(corpus, Query(), 20)), key=ORDER.index)[::2] == ORDER


def test_a_frame_that_goes_or_comes_moves_its_fact(corpus: Corpus) -> None:
    corpus.conn.execute("DELETE FROM observations WHERE confidence = 0.5")
    assert texts(corpus, ahead(corpus, Query(kind="count"), 1)) == ["12 mô hình"]
    assert texts(corpus, ahead(corpus, Query(), 1)) == ["3 tỷ đồng"]
    corpus.conn.execute("UPDATE observations SET confidence = 0.1 WHERE confidence = 0.95")
    assert texts(corpus, ahead(corpus, Query(), 1)) == ["40 hộ"]


@pytest.mark.parametrize("query", [Query(), Query(since="2000-01-01"), Query(words="tỷ"), Query(kind="count")])
def test_turns_lead_through_the_queue_and_back(corpus: Corpus, query: Query) -> None:
    ids = ahead(corpus, query, 50)
    assert len(ids) > 1
    there, fact = [], turn(corpus, query).fact
    while fact is not None:
        now = turn(corpus, query, fact)
        assert (now.number, now.total, now.inside) == (len(there) + 1, len(ids), True)
        there.append(fact)
        fact = now.after
    assert there == ids
    assert turn(corpus, query, ids[1]).before == ids[0]


@pytest.mark.parametrize("query", [Query(), Query(since="2000-01-01")])
def test_what_is_decided_leaves_the_queue_and_keeps_its_place(corpus: Corpus, query: Query) -> None:
    first, second, third = ahead(corpus, query, 3)
    decide(corpus, second, "accept", who="lan")
    now = turn(corpus, query, second)
    assert (now.before, now.after, now.inside, now.number, now.total) == (first, third, False, 2, 9)
    assert ahead(corpus, query, 1, second) == [third]
    assert ahead(corpus, Query(state="accept"), 9) == [second]


def test_of_a_broad_query_the_first_come_from_the_index(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ahead(corpus, Query(since="2000-01-01"), 20)
    monkeypatch.setattr(queue_module, "LOOKED", 3)
    monkeypatch.setattr(queue_module, "KEPT", 4)
    query = Query(since="2001-01-01")
    assert ahead(corpus, query, 20) == whole[:4]
    assert (turn(corpus, query).total, turn(corpus, query).more) == (4, True)
    decide(corpus, whole[:2], "accept", who="lan")
    assert ahead(corpus, query, 20) == whole[2:6]  # looked for again after KEPT // 2 decisions


def test_what_a_query_found_is_kept_until_it_may_be_another(corpus: Corpus) -> None:
    query = Query(since="2000-01-01")
    ids = ahead(corpus, query, 20)
    said: list[str] = []
    corpus.conn.set_trace_callback(said.append)
    decide(corpus, ids[0], "accept", who="lan")
    assert ahead(corpus, query, 20) == ids[1:]
    assert not any("a.id = f.article_id" in sql for sql in said)
    undo(corpus, last_act(corpus, "lan") or 0, who="lan")
    assert ahead(corpus, query, 20) == ids
    assert any("a.id = f.article_id" in sql for sql in said)
    corpus.conn.set_trace_callback(None)


def test_an_empty_queue_has_no_turn(corpus: Corpus) -> None:
    assert turn(corpus, Query(words="không có chữ này")).fact is None
    with pytest.raises(ValueError, match="no fact 99"):
        turn(corpus, Query(), 99)


def test_the_queue_is_read_from_its_index_in_order(corpus: Corpus) -> None:
    said: list[str] = []
    corpus.conn.set_trace_callback(said.append)
    turn(corpus, Query(), 3)
    corpus.conn.set_trace_callback(None)
    walked = [sql for sql in said if "INDEXED BY facts_to_review" in sql]
    assert len(walked) >= 16
    for sql in walked:
        [plan] = [row["detail"] for row in corpus.conn.execute(f"EXPLAIN QUERY PLAN {sql}") if "facts" in row["detail"]]
        wanted = ("certainty=? AND id", "certainty>?", "certainty<?") if "certainty" in sql else ("COVERING",)
        assert any(part in plan for part in wanted), f"{plan}: {sql}"
        assert "TEMP B-TREE" not in plan
