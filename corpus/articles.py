"""Articles: what cleaning gave, with the versions before, and what of them is to be read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from corpus.pages import mark_cleaned
from corpus.store import Corpus, batches, insert, now

if TYPE_CHECKING:  # the value alone: cleaning and its libraries are not loaded to search
    from extract.article import Article

# Columns that Article has under the same name, lists as JSON.
PLAIN = ("title", "lead", "body", "origin", "published", "modified", "section", "language")
LISTS = ("authors", "captions", "subheads")
CLEANED = (*PLAIN, *LISTS)
COLUMNS = ("id", *CLEANED, "site_id", "province", "digest", "published_day", "url", "page_id", "saved_at")
READ = ("title", "lead", "body", "published")  # what extraction looks at
CHUNK = 100
AT_ONCE = 50  # articles written in one transaction: their full text takes a millisecond each


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """An article to keep: `url` goes before the article's own, `province` is the paper's on the publication day."""

    article: Article
    url: str | None = None
    page_id: int | None = None
    site: str | None = None
    province: str | None = None

    @property
    def address(self) -> str:
        """The URL that the article is kept under; ValueError where there is none."""
        if url := self.url or self.article.url:
            return url
        raise ValueError(f"article {self.article.title[:40]!r} has no URL")


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
    cleaned = Cleaned(article=article, url=url, page_id=page_id, site=site, province=province)
    return save_articles(corpus, [cleaned])[0]


def save_articles(corpus: Corpus, cleaned: Iterable[Cleaned]) -> list[int | None]:
    """Keeps articles as `save_article` does, many in a transaction; gives their ids in order."""
    return [saved for batch in batches(cleaned, AT_ONCE) for saved in _save(corpus, batch)]


def _save(corpus: Corpus, batch: list[Cleaned]) -> list[int | None]:
    rows = [None if each.article.not_article else _row(each) for each in batch]
    ids: dict[str, int] = {}
    new: list[tuple[Any, ...]] = []
    with corpus.write() as conn:
        (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()
        for each, row in zip(batch, rows, strict=True):
            if each.page_id is not None:
                mark_cleaned(corpus, each.page_id, each.article.not_article)
            if row is None:
                continue
            if row["url"] in ids:  # one URL twice: the second comes after the first
                insert(conn, "articles", COLUMNS, new)
                new = []
            old = conn.execute("SELECT * FROM articles WHERE url = ?", (row["url"],)).fetchone()
            if old is None:
                ids[row["url"]] = last = last + 1
                new.append((last, *row.values(), now()))
                continue
            ids[row["url"]] = old["id"]
            if old["digest"] != row["digest"]:
                _replace(conn, old, row | {"page_id": each.page_id or old["page_id"], "saved_at": now()})
        insert(conn, "articles", COLUMNS, new)
    return [ids[row["url"]] if row else None for row in rows]


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


def _row(cleaned: Cleaned) -> dict[str, Any]:
    """The values of COLUMNS, in their order, but the id and the moment of saving."""
    article = cleaned.article
    values: dict[str, Any] = {name: getattr(article, name) for name in PLAIN}
    values |= {name: json.dumps(list(getattr(article, name)), ensure_ascii=False) for name in LISTS}
    values |= {"site_id": cleaned.site or article.site, "province": cleaned.province}
    values |= {"digest": _digest(values), "published_day": published_day(article.published)}
    return values | {"url": cleaned.address, "page_id": cleaned.page_id}


def _digest(values: dict[str, Any]) -> str:
    return blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=16).hexdigest()


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
