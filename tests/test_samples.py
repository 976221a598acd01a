"""Blind samples: drawn alike by one seed, decided unseen, compared by kind, settled into the reviews."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_queue import TEXT, records

from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.query import Query
from corpus.review import decide, history
from corpus.samples import (
    agreement,
    blind_case,
    chosen,
    decide_blind,
    disagreements,
    draw,
    facts_of,
    kappa,
    sample,
    samples,
    settle,
    undo_blind,
)
from corpus.store import Corpus, open_corpus
from extract.article import Article


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        for number in range(1, 9):
            article = Article(
                title=f"Bài {number}", body=TEXT, published=f"2024-02-0{number}", url=f"https://b.example/{number}"
            )
            article_id = save_article(corpus, article)
            assert article_id
            save_reading(corpus, article_id, records(), None, "1")
        yield corpus


def kinds(corpus: Corpus, sample_id: int) -> Counter[str]:
    sql = "SELECT kind FROM facts WHERE id = ?"
    return Counter(corpus.conn.execute(sql, (fact,)).fetchone()[0] for fact in facts_of(corpus, sample_id))


def test_one_seed_draws_one_sample_in_proportion(corpus: Corpus) -> None:
    first = draw(corpus, "tháng 2", Query(), 20, 7, who="lan")
    again = draw(corpus, "tháng 2 lần nữa", Query(), 20, 7, who="lan")
    other = draw(corpus, "khác", Query(), 20, 8, who="lan")
    assert facts_of(corpus, first) == facts_of(corpus, again)
    assert facts_of(corpus, first) != facts_of(corpus, other)
    assert kinds(corpus, first) == {"count": 8, "date": 4, "money": 4, "place": 4}
    assert len(set(facts_of(corpus, first))) == 20


def test_filters_states_and_copies_are_heeded(corpus: Corpus) -> None:
    decide(corpus, 1, "reject", who="minh")
    whole = facts_of(corpus, draw(corpus, "tất cả", Query(), 2000, 1, who="lan"))
    assert len(whole) == 40
    assert 1 in whole
    assert kinds(corpus, draw(corpus, "tiền", Query(kind="money"), 5, 1, who="lan")) == {"money": 5}
    assert facts_of(corpus, draw(corpus, "bị bác", Query(state="reject"), 5, 1, who="lan")) == [1]
    few = kinds(corpus, draw(corpus, "ít", Query(), 3, 1, who="lan"))
    assert few.total() == 3
    assert facts_of(corpus, draw(corpus, "chữ", Query(words="Tân Lập", since="2024-02-08"), 9, 1, who="lan"))


WRONG = [
    ("", 5, "1 to 100"),
    ("x" * 101, 5, "1 to 100"),
    ("a", 0, "1 to 2000"),
    ("a", 2001, "1 to 2000"),
    ("có", 5, "already"),
]


@pytest.mark.parametrize(("name", "size", "said"), WRONG)
def test_what_cannot_be_drawn_is_refused(corpus: Corpus, name: str, size: int, said: str) -> None:
    draw(corpus, "có", Query(), 5, 1, who="lan")
    with pytest.raises(ValueError, match=said):
        draw(corpus, name, Query(), size, 1, who="lan")
    with pytest.raises(ValueError, match="no facts"):
        draw(corpus, "không", Query(words="không có chữ này"), 5, 1, who="lan")
    assert len(samples(corpus)) == 1


def test_decisions_are_blind_and_touch_no_fact(corpus: Corpus) -> None:
    drawn = draw(corpus, "kín", Query(kind="count"), 4, 1, who="lan")
    fact, *_ = facts_of(corpus, drawn)
    decide(corpus, fact, "correct", who="minh", correction={"value": 99})
    shown = blind_case(corpus, drawn, fact)
    assert (shown.said, shown.state, shown.correction) == (shown.seen, "open", None)
    assert shown.said["value"] == 12
    decide_blind(corpus, drawn, fact, "accept", who="hoa")
    assert [said["decision"] for said in history(corpus, fact)] == ["correct"]
    assert chosen(corpus, drawn) == {"hoa": {fact: ("accept", None)}}
    for sql in ("UPDATE sample_decisions SET note = 'x'", "DELETE FROM sample_decisions"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            corpus.conn.execute(sql)
    with pytest.raises(ValueError, match="has no fact"):
        decide_blind(corpus, drawn, 999, "accept", who="hoa")
    with pytest.raises(ValueError, match="goes with"):
        decide_blind(corpus, drawn, fact, "correct", who="hoa")
    with pytest.raises(ValueError, match="no sample 99"):
        sample(corpus, 99)


def test_the_last_decision_counts_and_is_taken_back(corpus: Corpus) -> None:
    drawn = draw(corpus, "kín", Query(), 3, 1, who="lan")
    one, two, _ = facts_of(corpus, drawn)
    decide_blind(corpus, drawn, one, "accept", who="hoa")
    decide_blind(corpus, drawn, two, "accept", who="hoa")
    decide_blind(corpus, drawn, one, "reject", who="hoa")
    assert sample(corpus, drawn).people == {"hoa": 2}
    assert [undo_blind(corpus, drawn, who="hoa") for _ in range(3)] == [one, two, None]
    assert chosen(corpus, drawn) == {}
    assert corpus.conn.execute("SELECT count(*) FROM sample_decisions").fetchone()[0] == 5


# 2 x 2 and 3 x 3 tables worked by hand: agreement p, by chance e, (p - e) / (1 - e).
TABLES = [
    ([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15, 0.4),
    ([("a", "a"), ("b", "b"), ("c", "c")], 1.0),
    ([("a", "b"), ("b", "a")], -1.0),
    ([("a", "a")] * 4, None),
    ([("a", "a"), ("a", "b")], 0.0),
    ([], None),
]


@pytest.mark.parametrize(("pairs", "wanted"), TABLES)
def test_kappa(pairs: list[tuple[str, str]], wanted: float | None) -> None:
    found = kappa(pairs)
    assert found == (wanted if wanted is None else pytest.approx(wanted))


@pytest.fixture
def decided(corpus: Corpus) -> tuple[int, list[int]]:
    """A sample of four counts on which two people are done and a third has begun; they differ on the last two."""
    drawn = draw(corpus, "đôi", Query(kind="count", words="mô hình"), 4, 3, who="lan")
    facts = facts_of(corpus, drawn)
    for who, last in (("hoa", {"value": 13}), ("minh", {"value": 14})):
        decide_blind(corpus, drawn, facts[0], "accept", who=who)
        decide_blind(corpus, drawn, facts[1], "correct", who=who, correction={"qualifier": "more"})
        decide_blind(corpus, drawn, facts[2], "accept" if who == "hoa" else "reject", who=who)
        decide_blind(corpus, drawn, facts[3], "correct", who=who, correction=last)
    decide_blind(corpus, drawn, facts[0], "reject", who="vinh")
    return drawn, facts


def test_agreement_is_of_those_who_are_done(corpus: Corpus, decided: tuple[int, list[int]]) -> None:
    drawn, facts = decided
    assert sample(corpus, drawn).done == ["hoa", "minh"]
    whole, counts = agreement(corpus, drawn)
    assert (whole.people, whole.kind, whole.facts, whole.agreed) == (("hoa", "minh"), None, 4, 2)
    assert counts.kind == "count"
    # hoa: accept twice, two corrections; minh: accept, reject, two corrections; by chance (2*1 + 1*1) / 16
    assert whole.kappa == pytest.approx((0.5 - 3 / 16) / (1 - 3 / 16))
    found = disagreements(corpus, drawn)
    assert list(found) == facts[2:]
    assert found[facts[2]] == {"hoa": ("accept", None), "minh": ("reject", None)}
    assert [json.loads(said[1] or "{}")["value"] for said in found[facts[3]].values()] == [13, 14]


def test_what_is_agreed_goes_into_the_reviews_once(corpus: Corpus, decided: tuple[int, list[int]]) -> None:
    drawn, facts = decided
    assert settle(corpus, drawn, who="lan") == 2
    first, second = (history(corpus, fact) for fact in facts[:2])
    assert [(said["decision"], said["who"], said["note"]) for said in first] == [("accept", "lan", "đôi: hoa, minh")]
    assert [(said["decision"], said["correction"]["qualifier"]) for said in second] == [("correct", "more")]
    assert history(corpus, facts[2]) == []
    assert settle(corpus, drawn, who="lan") == 0


def test_what_was_decided_or_read_anew_is_not_settled(corpus: Corpus, decided: tuple[int, list[int]]) -> None:
    drawn, facts = decided
    decide(corpus, facts[0], "reject", who="thu")
    corpus.conn.execute("UPDATE facts SET value = 77 WHERE id = ?", (facts[1],))
    assert settle(corpus, drawn, who="lan") == 0
