"""Decisions as gold: complete passages in the guidelines' form, what is undecided left out and counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.gold import CHANGED, UNDECIDED, gold_records
from corpus.review import decide
from corpus.store import Corpus, open_corpus
from extract.article import Article
from extract.evaluation import evaluate, gold_passages
from extract.language import read, records
from extract.passage import Passage
from pipeline import main

FIRST = "Đến nay, toàn tỉnh Tây Ninh có 845 mô hình “Dân vận khéo”."
SECOND = "Năm 2022, bà con góp hơn 12 tỷ đồng làm 37 cây cầu ở ấp Tân Lập."
BOTH = f"{FIRST}\n\n{SECOND}"
PUBLISHED = "2023-11-20"
Found = dict[str, Any]


def found_in(text: str) -> list[Found]:
    passage = Passage.of({"text": text, "title": "Dân vận", "published": PUBLISHED, "province": "Tây Ninh"})
    return records(next(read([passage])))


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        keep(corpus, found_in(BOTH))
        yield corpus


def keep(corpus: Corpus, facts: list[Found], text: str = BOTH) -> None:
    article = Article(title="Dân vận", body=text, published=PUBLISHED, url="https://www.bao.example/1")
    article_id = save_article(corpus, article, province="Tây Ninh") or 1
    save_reading(corpus, article_id, facts, None, "1")


def fact(corpus: Corpus, text: str) -> int:
    found = corpus.conn.execute("SELECT id FROM facts WHERE text = ? AND retired_at IS NULL", (text,)).fetchall()
    assert len(found) == 1, text
    return int(found[0][0])


def decide_all(corpus: Corpus, condition: str = "1") -> None:
    sql = f"SELECT id FROM facts WHERE retired_at IS NULL AND state = 'open' AND {condition}"
    decide(corpus, [row[0] for row in corpus.conn.execute(sql)], "accept", who="an")


def test_nothing_decided_is_no_gold(corpus: Corpus) -> None:
    left_out: Counter[str] = Counter()
    assert list(gold_records(corpus, left_out)) == []
    assert not left_out


def test_accepted_facts_are_the_rules_own(corpus: Corpus) -> None:
    decide_all(corpus)
    [record] = gold_records(corpus)
    assert {name: record[name] for name in ("source", "province", "published", "title")} == {
        "source": "bao.example", "province": "Tây Ninh", "published": PUBLISHED, "title": "Dân vận",
    }  # fmt: skip
    assert record["text"] == BOTH
    [(row, passage)] = gold_passages([json.dumps(record)])
    result = evaluate([(row, records(next(read([passage]))))])
    assert (result.all.alarms, result.all.misses, result.frames.misses) == (0, 0, 0)
    assert result.all.hits >= 5
    assert all(right == of for right, of in result.attributes.values())
    models = next(one for one in record["facts"] if one["text"] == "845 mô hình")
    assert models == {"kind": "count", "text": "845 mô hình", "start": 31, "end": 42, "value": 845, "unit": "mô hình",
                      "qualifier": "exact", "model": True, "role": "implemented", "scope": ["Tây Ninh"],
                      "period": [None, PUBLISHED]}  # fmt: skip
    assert [one["text"] for one in record["facts"] if one.get("optional")] == ["ấp Tân Lập"]


def test_a_paragraph_is_gold_where_the_article_is_not(corpus: Corpus) -> None:
    decide_all(corpus, f"start > {len(FIRST)}")
    left_out: Counter[str] = Counter()
    [record] = gold_records(corpus, left_out)
    assert record["text"] == SECOND
    assert not left_out
    decide(corpus, fact(corpus, "37 cây cầu"), "open", who="an")
    assert list(gold_records(corpus, left_out)) == []
    assert left_out == {UNDECIDED: 1}


def test_corrections_and_rejections_are_said(corpus: Corpus) -> None:
    decide(corpus, fact(corpus, "37 cây cầu"), "reject", who="an")
    change = {"min": 12e9, "max": 13e9, "qualifier": "exact", "period": None}
    decide(corpus, fact(corpus, "12 tỷ đồng"), "correct", who="an", correction=change)
    decide_all(corpus)
    [record] = gold_records(corpus)
    assert not [one for one in record["facts"] if one["text"] == "37 cây cầu"]
    money = next(one for one in record["facts"] if one["kind"] == "money")
    assert {name: money.get(name) for name in ("value", "min", "max", "qualifier", "period", "role")} == {
        "value": None, "min": 12e9, "max": 13e9, "qualifier": "exact", "period": None, "role": None,
    }  # fmt: skip


def test_what_was_accepted_stays_when_the_rules_find_it_no_more(corpus: Corpus) -> None:
    decide_all(corpus)
    keep(corpus, [one for one in found_in(BOTH) if one["text"] != "37 cây cầu"])
    [record] = gold_records(corpus)
    assert [one["value"] for one in record["facts"] if one["text"] == "37 cây cầu"] == [37]


@pytest.mark.parametrize("other", [{"value": 38}, {"text": "7 cây cầu", "start": BOTH.index("7 cây"), "value": 7}])
def test_what_was_decided_stands_though_the_rules_say_otherwise_now(corpus: Corpus, other: Found) -> None:
    decide_all(corpus)
    keep(corpus, [one | other if one["text"] == "37 cây cầu" else one for one in found_in(BOTH)])
    [record] = gold_records(corpus)
    assert [one["value"] for one in record["facts"] if "cây cầu" in one["text"]] == [37]


def test_what_is_gone_gives_way_to_what_stands_there(corpus: Corpus) -> None:
    long = {"text": "tỷ đồng làm 37 cây cầu", "start": BOTH.index("tỷ đồng"), "value": 7}
    found = found_in(BOTH)
    bridges = next(one for one in found if one["text"] == "37 cây cầu")
    keep(corpus, [*found, bridges | long])
    decide_all(corpus)
    keep(corpus, [*(one for one in found if one is not bridges), bridges | long])
    [record] = gold_records(corpus)
    assert [one["text"] for one in record["facts"] if "cây cầu" in one["text"]] == [long["text"]]


def test_an_article_that_changed_waits_to_be_read_again(corpus: Corpus) -> None:
    decide_all(corpus)
    save_article(
        corpus, Article(title="Dân vận", body=f"Mới. {FIRST}", published=PUBLISHED, url="https://www.bao.example/1")
    )
    left_out: Counter[str] = Counter()
    assert list(gold_records(corpus, left_out)) == []
    assert left_out == {CHANGED: 1}


def test_the_door_gives_what_evaluate_reads(corpus: Corpus, tmp_path: Path) -> None:
    decide_all(corpus, f"start > {len(FIRST)}")
    decide(corpus, fact(corpus, "845 mô hình"), "accept", who="an")
    done = CliRunner().invoke(main, ["gold", "--db", str(corpus.path)])
    assert (done.exit_code, done.stderr) == (0, f"1 passages\n1 left out: {UNDECIDED}\n")
    (tmp_path / "gold.jsonl").write_text(done.stdout, encoding="utf-8")
    scored = CliRunner().invoke(main, ["evaluate", str(tmp_path / "gold.jsonl"), "--json"])
    assert json.loads(scored.stdout)["all"]["f1"] == 1.0
