"""Saved searches: what is new since last time, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.articles import save_article
from corpus.facts import save_reading
from corpus.query import Query
from corpus.saved import forget_search, new_facts, save_search, saved_searches
from corpus.store import Corpus, open_corpus
from extract.article import Article


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        yield corpus


def keep(corpus: Corpus, number: int, noun: str = "mô hình") -> None:
    text = f"Xã có {number} {noun}."
    article_id = save_article(corpus, Article(title="Tin", body=text, url=f"https://bao.example/{number}"))
    assert article_id
    words = f"{number} {noun}"
    fact = {"kind": "count", "text": words, "start": 6, "end": 6 + len(words), "value": number, "unit": noun,
            "qualifier": "exact", "rule": "t", "confidence": 0.9}  # fmt: skip
    save_reading(corpus, article_id, [fact], None, "1")


def values(corpus: Corpus, *, seen: bool = True) -> list[float | None]:
    return [row.value for row in new_facts(corpus, "mô hình", seen=seen).rows]


def test_what_is_new_is_told_once(corpus: Corpus) -> None:
    keep(corpus, 11)
    save_search(corpus, "mô hình", Query(words="mô hình", limit=50))
    assert values(corpus) == []
    keep(corpus, 12)
    keep(corpus, 13, "căn nhà")
    assert values(corpus, seen=False) == [12]
    assert values(corpus) == [12]
    assert values(corpus) == []


def test_saving_again_takes_the_place_of_the_first(corpus: Corpus) -> None:
    save_search(corpus, "a", Query(words="x"))
    save_search(corpus, "a", Query(words="y", kind="count"))
    save_search(corpus, "a", Query(words="z"), owner="lan")
    assert [saved.query for saved in saved_searches(corpus)] == [Query(words="y", kind="count")]
    forget_search(corpus, "a")
    assert saved_searches(corpus) == []
    with pytest.raises(ValueError, match="there are: a"):
        new_facts(corpus, "b", owner="lan")
    with pytest.raises(ValueError, match="needs a name"):
        save_search(corpus, " ", Query())
