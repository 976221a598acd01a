"""Verification: which archived page each article was made of, and whether its facts stand in the text made again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus.store import Corpus

CHUNK = 200


def article_pages(corpus: Corpus) -> Iterator[dict[str, Any]]:
    """The pages of all articles, old versions too: `article_id`, `url`, `content_type`, `warc_file`, `warc_offset`,
    `digest`, and `current`, 1 for the page of the article as it is now."""
    sql = """
        SELECT a.id AS article_id, coalesce(p.url, a.url) AS url, p.content_type, p.warc_file, p.warc_offset, p.digest,
               made.current
        FROM (SELECT id, page_id, 1 AS current FROM articles WHERE id > ? AND id <= ?
              UNION ALL SELECT article_id, page_id, 0 FROM article_versions WHERE article_id > ? AND article_id <= ?
             ) AS made
        JOIN articles AS a ON a.id = made.id LEFT JOIN pages AS p ON p.id = made.page_id
        ORDER BY a.id, made.current"""
    (last,) = corpus.conn.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
    for first in range(0, last, CHUNK):
        yield from map(dict, corpus.conn.execute(sql, (first, first + CHUNK) * 2).fetchall())


def misplaced(corpus: Corpus, article_id: int, text: str) -> str | None:
    """What of an article's facts does not read in `text`, its page cleaned again, as it was found; None if all do."""
    sql = "SELECT id, text, start, end FROM facts WHERE article_id = ? AND retired_at IS NULL ORDER BY start"
    wrong = [row for row in corpus.conn.execute(sql, (article_id,)) if text[row["start"] : row["end"]] != row["text"]]
    if not wrong:
        return None
    first = wrong[0]
    return (
        f"{len(wrong)} facts do not stand in the text cleaned again, the first is {first['id']} "
        f"({first['text'][:40]!r}); run `baotinh extract --all`"
    )
