"""An article that changes keeps what it was; copies know one another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.articles import save_article
from corpus.store import Corpus, open_corpus
from corpus.versions import changes, copies, versions
from extract.article import Article

FIRST = Article(
    title="Xã Bình An có 12 mô hình", body="Toàn xã có 12 mô hình.\n\nHội khen 3 tập thể.", url="https://a/1"
)
SECOND = replace(FIRST, title="Xã Bình An có 14 mô hình", body="Toàn xã có 14 mô hình mới.\n\nHội khen 3 tập thể.")


def test_every_version_is_there_in_order(tmp_path: Path) -> None:
    with open_corpus(tmp_path / "v.db") as corpus:
        article = save_article(corpus, FIRST)
        assert save_article(corpus, SECOND) == article
        assert [(each.number, each.record["title"]) for each in versions(corpus, article)] == [
            (1, FIRST.title),
            (2, SECOND.title),
        ]
        assert versions(corpus, article + 1) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "12 mô hình"),
        ("12 mô hình", ""),
        (FIRST.body, SECOND.body),
        ("Hà\u00a0Nội  2024", "Hà Nội\t2025"),
        ("😀 a\u0301b", "a\u0301b 😀😀"),
    ],
)
def test_changes_give_both_texts_back(before: str, after: str) -> None:
    found = list(changes(before, after))
    assert "".join(each.text for each in found if each.kind != "gone") == after
    assert "".join(each.text for each in found if each.kind != "new") == before


def test_only_the_words_that_changed_are_told() -> None:
    told = [(each.kind, each.text) for each in changes(FIRST.body, SECOND.body) if each.kind != "same"]
    assert told == [("gone", "12"), ("new", "14"), ("new", " mới")]


def test_copies_know_one_another(demo_corpus: Corpus) -> None:
    (original,) = demo_corpus.conn.execute(
        "SELECT original_id FROM articles WHERE original_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC"
    ).fetchone()
    found = copies(demo_corpus, original)
    assert found
    assert not any(each["is_original"] for each in found)
    for each in found:
        others = copies(demo_corpus, each["id"])
        assert [other["id"] for other in others if other["is_original"]] == [original]
        assert {other["id"] for other in others} == {original, *(one["id"] for one in found)} - {each["id"]}
