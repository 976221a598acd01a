"""Files of a person's disk as records, so that they go the way of crawled pages: saved pages, texts and WARC files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive import Record, iter_records

TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".mht": "multipart/related",
    ".mhtml": "multipart/related",
}
ARCHIVES = (".warc", ".warc.gz")
PAGES = ("text/html", "application/xhtml+xml", "text/plain")  # what of a WARC file can be an article
NOT_PAGES = ("/robots.txt",)


def read_files(paths: Iterable[Path]) -> Iterator[Record]:
    """The records of files and of the files of known kinds in folders, sorted; what cannot be taken has a problem."""
    for path in paths:
        for file in sorted(found for found in path.rglob("*") if _kind(found)) if path.is_dir() else [path]:
            if file.name.lower().endswith(ARCHIVES):
                yield from filter(_is_page, iter_records(file))
            else:
                yield _record(file)


def _kind(path: Path) -> bool:
    return path.is_file() and (path.suffix.lower() in TYPES or path.name.lower().endswith(ARCHIVES))


def _record(path: Path) -> Record:
    """One file under its file: URL, captured when it was last written."""
    url = path.resolve().as_uri()
    kind = TYPES.get(path.suffix.lower())
    if kind is None:
        wanted = ", ".join((*TYPES, *ARCHIVES))
        return Record(url, "", 0, "", b"", 0, f"not a kind of file that is taken ({wanted})")
    try:
        body = path.read_bytes()
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="milliseconds")
    except OSError as error:
        return Record(url, "", 0, "", b"", 0, f"cannot be read: {error.strerror}")
    return Record(url, written, 200, kind, body, 0)


def _is_page(record: Record) -> bool:
    kind = record.content_type.partition(";")[0].strip().lower()
    return bool(record.problem) or (record.status == 200 and kind in PAGES and not record.url.endswith(NOT_PAGES))
