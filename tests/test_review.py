"""Review: append-only decisions that stay with their fact, follow it, and are listed when it is gone or has changed."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.query import Query
from corpus.review import (
    Conflict,
    decide,
    deciders,
    extracted,
    gone,
    history,
    last_act,
    log,
    made,
    stale,
    token,
    undo,
)
from corpus.search import search
from corpus.store import Corpus, open_corpus
from extract.article import Article

TEXT = "Đến nay, toàn tỉnh có 845 mô hình dân vận khéo. Xã Đồng Văn góp từ 2 đến 3 tỷ đồng. Năm 2023, thêm cầu mới."


def fact(kind: str, words: str, text: str = TEXT, **more: object) -> dict[str, Any]:
    start = text.index(words)
    return {
        "kind": kind,
        "text": words,
        "start": start,
        "end": start + len(words),
        "rule": "t",
        "confidence": 0.9,
    } | more


def reading(text: str = TEXT) -> list[dict[str, Any]]:
    frame = {"measure": "models", "role": "implemented", "scope": ["Hà Giang"], "period": [None, "2023-11-20"]}
    return [
        fact("count", "845 mô hình", text, value=845, unit="mô hình", qualifier="exact", model=True, **frame),
        fact("place", "Xã Đồng Văn", text, level="commune", path=["Hà Giang", "Đồng Văn"]),
        fact("money", "2 đến 3 tỷ đồng", text, min=2e9, max=3e9, currency="VND", qualifier="exact"),
        fact("date", "Năm 2023", text, **{"from": "2023-01-01", "to": "2023-12-31"}),
    ]


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        keep(corpus)
        yield corpus


def keep(
    corpus: Corpus, text: str = TEXT, found: list[dict[str, Any]] | None = None, url: str = "https://bao.example/1"
) -> None:
    article = Article(title="Dân vận", body=text, published="2023-11-20", url=url)
    article_id = save_article(corpus, article)
    assert article_id
    save_reading(corpus, article_id, reading(text) if found is None else found, None, "1")


def row(corpus: Corpus, fact_id: int) -> sqlite3.Row:
    found = corpus.conn.execute("SELECT * FROM all_facts WHERE id = ?", (fact_id,)).fetchone()
    assert found
    return found  # type: ignore[no-any-return]


def test_decisions_are_kept_one_after_the_other(corpus: Corpus) -> None:
    decide(corpus, 1, "accept", who="lan")
    decide(corpus, 1, "reject", who="minh", note="số của kỳ trước")
    assert [(said["decision"], said["who"], said["note"]) for said in history(corpus, 1)] == [
        ("reject", "minh", "số của kỳ trước"),
        ("accept", "lan", ""),
    ]
    assert row(corpus, 1)["state"] == "reject"
    decide(corpus, 1, "open", who="lan")
    assert row(corpus, 1)["state"] == "open"
    for sql in ("UPDATE reviews SET note = 'x'", "DELETE FROM reviews", "DELETE FROM facts"):
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|retired"):
            corpus.conn.execute(sql)


def test_several_facts_are_decided_at_once(corpus: Corpus) -> None:
    assert len(decide(corpus, [1, 2, 4], "accept", who="lan")) == 3
    accepted = corpus.conn.execute("SELECT id FROM accepted_facts ORDER BY id").fetchall()
    assert [found[0] for found in accepted] == [1, 2, 4]
    assert search(corpus, Query(state="accept")).total == 3
    assert search(corpus, Query(state="decided")).total == 3
    assert search(corpus, Query(state="open")).total == 1


CORRECTIONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("845 mô hình", {"value": 854}, {"value": 854, "value_low": 854, "value_high": 854, "unit": "mô hình"}),
    ("845 mô hình", {"qualifier": "more"}, {"value": 845, "value_low": 845, "value_high": None}),
    ("845 mô hình", {"min": 800, "max": 845}, {"value": 800, "value_max": 845, "value_high": 845}),
    ("845 mô hình", {"role": "registered", "scope": None}, {"role": "registered", "scope": None, "has_period": 1}),
    ("845 mô hình", {"period": None}, {"has_period": 0, "period_to": None, "scope": '["Hà Giang"]'}),
    ("2 đến 3 tỷ đồng", {"value": 3e9}, {"value": 3e9, "value_max": None, "value_low": 3e9, "currency": "VND"}),
    ("Xã Đồng Văn", {"path": ["Hà Giang", "Yên Minh"]}, {"path": '["Hà Giang","Yên Minh"]', "level": "commune"}),
    ("8/10 hộ", {"value": 8, "total": None}, {"value": 8, "total": None}),
    ("8/10 hộ", {"total": 12}, {"value": 8, "total": 12}),
    ("5 triệu đồng", {"per": None}, {"value": 5e6, "per": None}),
    ("5 triệu đồng", {"per": "năm"}, {"value": 5e6, "per": "năm"}),
    ("Năm 2023", {"to": None}, {"date_from": "2023-01-01", "date_to": None}),
]


@pytest.mark.parametrize(("words", "correction", "after"), CORRECTIONS)
def test_corrections_are_applied_in_the_views(
    corpus: Corpus, words: str, correction: dict[str, Any], after: dict[str, Any]
) -> None:
    more = "Đã giúp 8/10 hộ, mỗi hộ 5 triệu đồng/ha."
    shares = [
        fact("count", "8/10 hộ", more, value=8, total=10, unit="hộ", qualifier="exact", model=False),
        fact("money", "5 triệu đồng", more, value=5e6, currency="VND", per="ha", qualifier="exact"),
    ]
    keep(corpus, more, shares, "https://bao.example/2")
    (fact_id,) = corpus.conn.execute("SELECT id FROM facts WHERE text = ?", (words,)).fetchone()
    decide(corpus, fact_id, "correct", who="lan", correction=correction)
    found = row(corpus, fact_id)
    assert {name: found[name] for name in after} == after
    assert extracted(corpus.conn, fact_id)["kind"] == found["kind"]


def test_a_corrected_place_is_found_where_it_was_put(corpus: Corpus) -> None:
    decide(corpus, 1, "correct", who="lan", correction={"scope": ["Cao Bằng"]})
    assert [found.text for found in search(corpus, Query(place="Cao Bằng")).rows] == ["845 mô hình"]
    assert "845 mô hình" not in {found.text for found in search(corpus, Query(place="Hà Giang")).rows}


WRONG: list[tuple[int | list[int], dict[str, Any], str]] = [
    (1, {"decision": "maybe"}, "a decision is one of"),
    (1, {"decision": "correct"}, "goes with"),
    (1, {"decision": "accept", "correction": {"value": 1}}, "goes with"),
    (1, {"decision": "correct", "correction": {"path": ["x"]}}, "has no 'path'"),
    (1, {"decision": "correct", "correction": {"value": "nhiều"}}, "value cannot be"),
    (1, {"decision": "correct", "correction": {"value": True}}, "value cannot be"),
    (1, {"decision": "correct", "correction": {"period": ["2023-02-30", None]}}, "a day is written"),
    (1, {"decision": "correct", "correction": {"period": ["2023-01-01"]}}, "period cannot be"),
    (2, {"decision": "correct", "correction": {"level": "tỉnh"}}, "level cannot be"),
    (2, {"decision": "correct", "correction": {"path": []}}, "path cannot be"),
    ([3, 99], {"decision": "accept"}, "no fact 99"),
]


@pytest.mark.parametrize(("facts", "said", "word"), WRONG)
def test_what_cannot_be_said_is_refused(
    corpus: Corpus, facts: int | list[int], said: dict[str, Any], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        decide(corpus, facts, who="lan", **said)
    assert corpus.conn.execute("SELECT count(*) FROM reviews").fetchone()[0] == 0


def test_a_review_follows_its_fact_and_says_when_the_value_changed(corpus: Corpus) -> None:
    decide(corpus, 1, "accept", who="lan")
    moved = "Tin mới. " + TEXT.replace("có 845", "đã có 845")
    keep(corpus, moved)
    assert (row(corpus, 1)["state"], row(corpus, 1)["sentence"][:24]) == ("accept", "Đến nay, toàn tỉnh đã có")
    assert stale(corpus) == []
    other = reading(moved)
    other[0] |= {"value": 8450}
    keep(corpus, moved, other)
    [old] = stale(corpus)
    assert (old["fact_id"], old["seen"]["value"], old["now"]["value"]) == (1, 845, 8450)
    decide(corpus, 1, "accept", who="lan")
    assert stale(corpus) == []


def test_reviews_of_facts_that_are_gone_are_listed_and_come_back(corpus: Corpus) -> None:
    decide(corpus, [1, 2], "accept", who="lan")
    keep(corpus, found=reading()[2:])
    assert {lost["text"] for lost in gone(corpus)} == {"845 mô hình", "Xã Đồng Văn"}
    assert search(corpus, Query(state="accept")).total == 0
    keep(corpus)
    assert gone(corpus) == []
    assert search(corpus, Query(state="accept")).total == 2


def test_facts_without_review_are_retired_not_bent(corpus: Corpus) -> None:
    other = reading()
    other[0] |= {"value": 8450}
    keep(corpus, found=other)
    kept = corpus.conn.execute(
        "SELECT value, retired_at IS NULL FROM facts WHERE kind = 'count' ORDER BY id"
    ).fetchall()
    assert [tuple(each) for each in kept] == [(845.0, 0), (8450.0, 1)]


def decisions(corpus: Corpus, fact_id: int) -> list[str]:
    return [said["decision"] for said in reversed(history(corpus, fact_id))]


def test_undoing_goes_back_step_by_step(corpus: Corpus) -> None:
    decide(corpus, 1, "accept", who="lan")
    decide(corpus, 1, "correct", who="lan", correction={"value": 854})
    assert undo(corpus, last_act(corpus, "lan") or 0, who="lan") == [1]
    assert (row(corpus, 1)["state"], row(corpus, 1)["value"]) == ("accept", 845)
    undo(corpus, last_act(corpus, "lan") or 0, who="lan")
    assert (row(corpus, 1)["state"], last_act(corpus, "lan")) == ("open", None)
    assert decisions(corpus, 1) == ["accept", "correct", "accept", "open"]


def test_undoing_brings_a_correction_back(corpus: Corpus) -> None:
    decide(corpus, 1, "correct", who="lan", correction={"value": 854, "scope": ["Cao Bằng"]})
    decide(corpus, 1, "reject", who="lan")
    undo(corpus, last_act(corpus, "lan") or 0, who="lan")
    found = row(corpus, 1)
    assert (found["state"], found["value"], found["scope"]) == ("correct", 854, '["Cao Bằng"]')


def test_several_are_undone_as_one(corpus: Corpus) -> None:
    decide(corpus, 3, "reject", who="lan")
    decide(corpus, [1, 2, 3], "accept", who="lan")
    assert undo(corpus, last_act(corpus, "lan") or 0, who="lan") == [1, 2, 3]
    assert [row(corpus, fact_id)["state"] for fact_id in (1, 2, 3)] == ["open", "open", "reject"]


def test_what_others_decided_since_is_not_undone(corpus: Corpus) -> None:
    decide(corpus, [1, 2], "accept", who="lan")
    act = last_act(corpus, "lan")
    assert act
    decide(corpus, 2, "reject", who="minh")
    with pytest.raises(Conflict) as caught:
        undo(corpus, act, who="lan")
    assert caught.value.facts == [2]
    assert [row(corpus, fact_id)["state"] for fact_id in (1, 2)] == ["accept", "reject"]
    undo(corpus, last_act(corpus, "minh") or 0, who="minh")
    assert undo(corpus, act, who="lan") == [1, 2]
    with pytest.raises(Conflict):
        undo(corpus, act, who="lan")
    with pytest.raises(ValueError, match="has not decided"):
        undo(corpus, act, who="hoa")


def test_a_decision_on_what_is_no_longer_so_is_refused_whole(corpus: Corpus) -> None:
    seen = {fact_id: token(corpus.conn, fact_id) for fact_id in (1, 2)}
    decide(corpus, 2, "reject", who="minh", expected={2: seen[2]})
    with pytest.raises(Conflict) as caught:
        decide(corpus, [1, 2], "accept", who="lan", expected=seen)
    assert (caught.value.facts, decisions(corpus, 1), decisions(corpus, 2)) == ([2], [], ["reject"])
    other = reading()
    other[0] |= {"role": "registered"}
    keep(corpus, found=other)
    with pytest.raises(Conflict):
        decide(corpus, 1, "accept", who="lan", expected=seen)
    decide(corpus, 1, "accept", who="lan", expected={1: token(corpus.conn, 1)})


def test_of_several_at_once_one_decides(corpus: Corpus) -> None:
    seen = {3: token(corpus.conn, 3)}
    start = Barrier(6)

    def attempt(who: str) -> bool:
        with open_corpus(corpus.path) as own:
            start.wait()
            try:
                decide(own, 3, "accept", who=who, expected=seen)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(6) as people:
        won = list(people.map(attempt, ["lan", "minh", "hoa", "quang", "thu", "vinh"]))
    assert (won.count(True), decisions(corpus, 3)) == (1, ["accept"])


def test_the_log_is_paged_and_asked_for_one_person(corpus: Corpus) -> None:
    for fact_id, who in ((1, "lan"), (2, "minh"), (3, "lan")):
        decide(corpus, fact_id, "accept", who=who)
    assert [(said["fact_id"], said["who"]) for said in log(corpus, limit=2)] == [(3, "lan"), (2, "minh")]
    assert [said["fact_id"] for said in log(corpus, before=log(corpus, limit=2)[-1]["id"])] == [1]
    assert [said["fact_id"] for said in log(corpus, who="lan")] == [3, 1]
    assert deciders(corpus) == ["lan", "minh"]
    assert [said["fact_id"] for said in made(corpus, last_act(corpus, "minh") or 0)] == [2]
