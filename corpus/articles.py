"""Articles: what cleaning gave, with the versions before, and what of them is to be read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from corpus.pages import mark_cleaned
from corpus.store import Corpus, now

if TYPE_CHECKING:  # the value alone: cleaning and its libraries are not loaded to search
    from extract.article import Article

# Columns that Article has under the same name, lists as JSON.
PLAIN = ("title", "lead", "body", "origin", "published", "modified", "section", "language")
LISTS = ("authors", "captions", "subheads")
CLEANED = (*PLAIN, *LISTS)
READ = ("title", "lead", "body", "published")  # what extraction looks at
CHUNK = 100


def save_article(
    corpus: Corpus,
    article: Article,
    *,
    url: str | None = None,
    page_id: int | None = None,
    site: str | None = None,
    province: str | None = None,
) -> int | None:
    """Keeps an article under its URL and gives its id; None where the page is no article (which is noted on the page).

    A known URL with anything changed becomes a new version, to be read again if title, text or day changed; unchanged,
    nothing is written. `url` (`Path.as_uri()` for a file of somebody's disk) goes before the article's own; ValueError
    without either. `province` is the paper's, as it was named on the publication day.
    """
    url = url or article.url
    if article.not_article:
        if page_id is not None:
            mark_cleaned(corpus, page_id, article.not_article)
        return None
    if not url:
        raise ValueError(f"article {article.title[:40]!r} has no URL")
    values = _values(article) | {"site_id": site or article.site, "province": province}
    values |= {"digest": _digest(values), "published_day": published_day(article.published)}
    with corpus.write() as conn:
        if page_id is not None:
            mark_cleaned(corpus, page_id)
        old = conn.execute("SELECT * FROM articles WHERE url = ?", (url,)).fetchone()
        if old is None:
            return _insert(conn, values | {"url": url, "page_id": page_id, "saved_at": now()})
        if old["digest"] != values["digest"]:
            _replace(conn, old, values | {"page_id": page_id or old["page_id"], "saved_at": now()})
        return int(old["id"])


def published_day(published: str | None) -> str | None:
    """The day of a publication moment, the month's first where only the month is known."""
    return (published if len(published) > 7 else f"{published}-01")[:10] if published else None


def articles_to_extract(corpus: Corpus, version: str, *, everything: bool = False) -> Iterator[dict[str, Any]]:
    """Articles not yet read by extractor `version`, or all: id, url, text, title, published (a day), province, source.

    `source` is the host name. The rows come in chunks, so that no reading transaction stays open while facts are saved.
    """
    wanted = "" if everything else "AND extracted_version IS NOT ?"
    sql = (
        "SELECT id, url, text, title, published_day AS published, province, site_id AS site, digest FROM articles "
        f"WHERE id > ? {wanted} ORDER BY id LIMIT {CHUNK}"
    )
    last = 0
    while rows := corpus.conn.execute(sql, (last,) if everything else (last, version)).fetchall():
        for row in rows:
            host = row["url"].partition("://")[2].partition("/")[0]
            yield {**row, "source": host.removeprefix("www.") or None}
        last = rows[-1]["id"]


def versions(corpus: Corpus, article_id: int) -> list[dict[str, Any]]:
    """What an article was before, oldest first: `version`, `saved_at`, `page_id` and `record` as cleaning gave it."""
    sql = "SELECT version, saved_at, page_id, record FROM article_versions WHERE article_id = ? ORDER BY version"
    return [{**row, "record": json.loads(row["record"])} for row in corpus.conn.execute(sql, (article_id,))]


def _values(article: Article) -> dict[str, Any]:
    lists = {name: json.dumps(list(getattr(article, name)), ensure_ascii=False) for name in LISTS}
    return {name: getattr(article, name) for name in PLAIN} | lists


def _digest(values: dict[str, Any]) -> str:
    return blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=16).hexdigest()


def _insert(conn: sqlite3.Connection, values: dict[str, Any]) -> int:
    marks = ", ".join("?" * len(values))
    row = conn.execute(f"INSERT INTO articles ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
    return int(row.lastrowid or 0)


def _replace(conn: sqlite3.Connection, old: sqlite3.Row, values: dict[str, Any]) -> None:
    record = {name: json.loads(old[name]) if name in LISTS else old[name] for name in CLEANED}
    before = (old["id"], old["version"], old["page_id"], json.dumps(record, ensure_ascii=False), old["saved_at"])
    conn.execute("INSERT INTO article_versions VALUES (?, ?, ?, ?, ?)", before)
    values = values | {"version": old["version"] + 1}
    if any(old[name] != values[name] for name in (*READ, "province")):
        values["extracted_version"] = None
    # Only what differs is named: the triggers of full text run for title, lead and body alone.
    changed = {name: value for name, value in values.items() if old[name] != value}
    names = ", ".join(f"{name} = ?" for name in changed)
    conn.execute(f"UPDATE articles SET {names} WHERE id = ?", (*changed.values(), old["id"]))
