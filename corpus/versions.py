"""Versions and copies of an article: what it was before the paper changed it, what is different, where else it ran."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from corpus.store import Corpus

WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was: `record` as `baotinh clean` prints it; the last version is the article now."""

    number: int
    saved_at: str
    page_id: int | None
    record: dict[str, Any]

    @property
    def text(self) -> str:
        """Title, lead and body, an empty line between."""
        return "\n\n".join(part for name in ("title", "lead", "body") if (part := self.record.get(name)))


@dataclass(frozen=True, slots=True)
class Change:
    """A run of words that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def versions(corpus: Corpus, article_id: int) -> list[Version]:
    """Every version of an article, the first one first; empty where there is no such article."""
    sql = (
        "SELECT version, saved_at, page_id, record FROM article_versions WHERE article_id = ?1 UNION ALL "
        "SELECT version, saved_at, page_id, json_object('title', title, 'lead', lead, 'body', body) FROM articles "
        "WHERE id = ?1 ORDER BY version"
    )
    rows = corpus.conn.execute(sql, (article_id,))
    return [Version(row["version"], row["saved_at"], row["page_id"], json.loads(row["record"])) for row in rows]


def changes(before: str, after: str) -> Iterator[Change]:
    """How one text becomes the other, word by word; the "same" and "new" runs together are `after`."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change("same", "".join(new[j1:j2]))
            continue
        if i1 < i2:
            yield Change("gone", "".join(old[i1:i2]))
        if j1 < j2:
            yield Change("new", "".join(new[j1:j2]))


def copies(corpus: Corpus, article_id: int) -> list[dict[str, Any]]:
    """The other articles of the same text, the original first: id, title, url, published, paper, is_original."""
    sql = (
        "SELECT a.id, a.title, a.url, a.published, coalesce(s.name, a.site_id) AS paper, "
        "a.original_id IS NULL AS is_original FROM articles AS a LEFT JOIN sites AS s ON s.id = a.site_id "
        "WHERE a.id <> ?1 AND (a.id = (SELECT original_id FROM articles WHERE id = ?1) OR a.original_id = "
        "(SELECT coalesce(original_id, id) FROM articles WHERE id = ?1)) ORDER BY is_original DESC, published, a.id"
    )
    return [dict(row) for row in corpus.conn.execute(sql, (article_id,))]
