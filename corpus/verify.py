"""Verification: the archived pages, and whether the facts of their articles stand in the text made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from corpus.store import Corpus

CHUNK = 200


def archived_pages(corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Every page that has a record: `id`, `url`, `content_type`, `warc_file`, `warc_offset` and `digest`.

    Those of a file that is not there are left out: `care.check` tells of the file.
    """
    there = cache(lambda name: (corpus.archive / name).is_file())
    sql = (
        "SELECT id, url, content_type, warc_file, warc_offset, digest FROM pages "
        "WHERE warc_file IS NOT NULL AND id > ? AND id <= ? ORDER BY id"
    )
    (last,) = corpus.conn.execute("SELECT coalesce(max(id), 0) FROM pages").fetchone()
    for first in range(0, last, CHUNK):
        rows = corpus.conn.execute(sql, (first, first + CHUNK)).fetchall()
        yield from (dict(row) for row in rows if there(row["warc_file"]))


def harms(
    read: Iterable[tuple[Mapping[str, Any], bytes, str | None]],
    find: Callable[[Mapping[str, Any], bytes], Iterable[str]] | None = None,
) -> Iterator[str]:
    """A line for each harm of pages read, each with its body and what is wrong with its record.

    `find` says what is wrong with what was made of a sound page.
    """
    for page, body, harm in read:
        said = [harm] if harm else find(page, body) if find else ()
        yield from (f"{page['url']}: {line}" for line in said)


def without_page(corpus: Corpus) -> Iterator[str]:
    """A line for each article of which no page is in the archive, such as one that came with another's dataset."""
    sql = (
        "SELECT a.url FROM articles AS a LEFT JOIN pages AS p ON p.id = a.page_id "
        "WHERE p.warc_file IS NULL ORDER BY a.id"
    )
    return (f"{row['url']}: its article has no page in the archive" for row in corpus.conn.execute(sql).fetchall())


def misplaced(
    corpus: Corpus, clean: Callable[[bytes, str, str], str]
) -> Callable[[Mapping[str, Any], bytes], Iterator[str]]:
    """What finds, for a page and its body, the articles whose facts do not read in the page cleaned again as they did.

    `clean` gives the text of a body, a content type and a URL.
    """
    made: dict[int, list[int]] = defaultdict(list)
    for page_id, article in corpus.conn.execute("SELECT page_id, id FROM articles WHERE page_id IS NOT NULL"):
        made[page_id].append(article)
    sql = "SELECT id, text, start, end FROM facts WHERE article_id = ? AND retired_at IS NULL ORDER BY start"

    def find(page: Mapping[str, Any], body: bytes) -> Iterator[str]:
        articles = made.get(page["id"], [])
        text = clean(body, page["content_type"] or "", page["url"]) if articles else ""
        for article in articles:
            rows = corpus.conn.execute(sql, (article,))
            wrong = [row for row in rows if text[row["start"] : row["end"]] != row["text"]]
            if wrong:
                yield (
                    f"{len(wrong)} facts do not stand in the text cleaned again, the first is {wrong[0]['id']} "
                    f"({wrong[0]['text'][:40]!r}); run `baotinh extract --all`"
                )

    return find
