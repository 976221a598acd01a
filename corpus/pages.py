"""Pages: captures of URLs (the database keeps where the WARC record lies), and what the crawler must remember."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpus.store import Corpus, batches, now

PAGE = ("url", "site_id", "run_id", "status", "fetched_at", "content_type", "etag", "last_modified", "lastmod",
        "warc_file", "warc_offset", "warc_length", "digest", "outcome",
        "published_hint")  # fmt: skip
LASTING = ("etag", "last_modified", "digest", "lastmod", "warc_file", "warc_offset")
REMEMBERED = ("status", "outcome", "fetched_at", *LASTING)
ARTICLES = ("new", "changed")
CHUNK = 200


def save_pages(corpus: Corpus, captures: Iterable[Mapping[str, Any]], run_id: int | None = None) -> list[int]:
    """Keeps captures and gives their ids; keys as the columns, the site's id under `site`; a capture twice is one page.

    Only a capture with status 200, a WARC record and an outcome of ARTICLES is left to clean.
    """
    ids: list[int] = []
    columns = ", ".join((*PAGE, "cleaned_at"))
    marks = ", ".join("?" * (len(PAGE) + 1))
    sql = (
        f"INSERT INTO pages ({columns}) VALUES ({marks}) "
        "ON CONFLICT (url, fetched_at) DO UPDATE SET outcome = excluded.outcome RETURNING id"
    )
    for batch in batches(captures):
        rows = [_row(capture, run_id) for capture in batch]
        with corpus.write() as conn:
            ids += [conn.execute(sql, row).fetchone()[0] for row in rows]
    return ids


def save_page(corpus: Corpus, capture: Mapping[str, Any], run_id: int | None = None) -> int:
    """Keeps one capture as `save_pages` does; gives its id."""
    return save_pages(corpus, [capture], run_id)[0]


def _row(capture: Mapping[str, Any], run_id: int | None) -> tuple[Any, ...]:
    values = {**capture, "site_id": capture.get("site"), "run_id": run_id}
    values["fetched_at"] = values.get("fetched_at") or now()
    to_clean = values.get("status") == 200 and values.get("warc_file") and values.get("outcome") in ARTICLES
    return (*(values.get(column) for column in PAGE), None if to_clean else values["fetched_at"])


def memory(corpus: Corpus, sites: Iterable[str], topic: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """What the crawler must remember of these sites: for each URL its last capture's validators and outcome.

    What was off another topic than `topic` (the phrases of a run's arguments) is not remembered.

    The keys are those of REMEMBERED; those of LASTING come from the last capture that had a body, so that a 304 or an
    error in between loses nothing.
    """
    known: dict[str, dict[str, Any]] = {}
    phrases = json.dumps(list(topic), ensure_ascii=False)
    sql = (
        f"SELECT url, {', '.join(REMEMBERED)} FROM pages LEFT JOIN runs ON runs.id = pages.run_id WHERE site_id = ? "
        "AND (outcome IS NOT 'off topic' OR json(runs.arguments -> '$.topic') = json(?)) ORDER BY url, fetched_at"
    )
    for site in sites:
        for row in corpus.conn.execute(sql, (site, phrases)):
            page = dict(row)
            if not page["warc_file"] and (before := known.get(page["url"])):
                page |= {column: before[column] for column in LASTING}
            known[page.pop("url")] = page
    return known


def finished(corpus: Corpus, sites: Iterable[str], wishes: Mapping[str, Any]) -> set[str]:
    """Those of the sites whose last run went to the end with the same topic and at least the same days.

    `wishes` are the arguments of the run that begins: of these sites it need only ask for what is new.
    """
    sql = (
        "SELECT finished_at, arguments, report -> '$.interrupted' = 'false' AND report -> ? = 'true' AS complete "
        "FROM runs WHERE EXISTS (SELECT 1 FROM json_each(arguments -> '$.sites') WHERE value = ?) "
        "ORDER BY id DESC LIMIT 1"
    )
    found = set()
    for site in sites:
        row = corpus.conn.execute(sql, (f'$.sites."{site}".complete', site)).fetchone()
        if row and row["finished_at"] and row["complete"] and _covers(json.loads(row["arguments"]), wishes):
            found.add(site)
    return found


def _covers(then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a run of those arguments looked for all that one of these would."""
    since, until = ([str(run.get(day) or "") for run in (then, now)] for day in ("since", "until"))
    same_topic = list(then.get("topic", ())) == list(now.get("topic", ()))
    return same_topic and since[0] <= since[1] and until[0] in ("", until[1])


def pages_to_clean(corpus: Corpus, *, everything: bool = False) -> Iterator[dict[str, Any]]:
    """Pages of which no article was made yet, oldest first, all columns; `everything` gives the cleaned ones too."""
    wanted = f"status = 200 AND outcome IN {ARTICLES}" if everything else "cleaned_at IS NULL"
    sql = f"SELECT * FROM pages WHERE id > ? AND warc_file IS NOT NULL AND {wanted} ORDER BY id LIMIT {CHUNK}"
    last = 0
    while rows := corpus.conn.execute(sql, (last,)).fetchall():
        yield from map(dict, rows)
        last = rows[-1]["id"]


def mark_cleaned(corpus: Corpus, page_id: int, not_article: str | None = None) -> None:
    """Notes that a page was cleaned and, where no article came of it, why."""
    with corpus.write() as conn:
        sql = "UPDATE pages SET cleaned_at = ?, not_article = ? WHERE id = ?"
        conn.execute(sql, (now(), not_article, page_id))
