"""The archive of a crawl: WARC files (ISO 28500), a gzip member a record, a response beside its request."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator, WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

KINDS = {
    ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".txt": "text/plain",
    ".mht": "multipart/related", ".mhtml": "multipart/related", ".warc": "application/warc",
    ".warc.gz": "application/warc",
}  # fmt: skip
Headers = Sequence[tuple[str, str]]
KEPT = ("response", "resource")
LEVEL = 4  # of gzip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: file name, byte offset and length there, and the SHA-1 of the body in base32."""

    file: str
    offset: int
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """One response read back; a half-written end of a file is a record with `problem` said and no body."""

    url: str
    date: str
    status: int
    content_type: str
    body: bytes
    offset: int
    problem: str | None = None


class Exchange(NamedTuple):
    """A response read back: its HTTP headers, and its body decoded."""

    headers: Headers
    body: bytes


class _Members:
    """A file whose every flush ends a gzip member, as warcio's writer flushes after each record.

    warcio's own wrapper squeezes at level 9, which takes three times as long for six bytes in a hundred.
    """

    def __init__(self, file: io.BufferedWriter) -> None:
        self.file = file
        self._begin()

    def _begin(self) -> None:
        self.squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)

    def write(self, piece: bytes) -> None:
        self.file.write(self.squeezer.compress(piece))

    def flush(self) -> None:
        self.file.write(self.squeezer.flush())
        self._begin()


class Archive:
    """One new WARC file of a run, made when the first record comes; an existing file is never written again."""

    def __init__(self, folder: Path, run: str, software: str) -> None:
        self.folder, self.run, self.software = folder, run, software
        self._file: io.BufferedWriter | None = None
        self._writer: WARCWriter | None = None
        self.name = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def keep(
        self, url: str, *, status: str, body: bytes, received: Headers, date: datetime, sent: Headers = ()
    ) -> Place:
        """Write the exchange and return the response's place; its bytes are with the disk after the next `sync`.

        `status` is code and reason ("200 OK"); `body` is decoded, so a Content-Encoding header is kept under
        another name and the length is the body's own.
        """
        file, writer = self._open()
        moment = date.strftime("%Y-%m-%dT%H:%M:%SZ")
        response = writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), length=len(body), warc_headers_dict={"WARC-Date": moment},
            http_headers=StatusAndHeaders(status, _as_decoded(received, len(body)), protocol="HTTP/1.1"),
        )  # fmt: skip
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked = StatusAndHeaders(f"GET {target} HTTP/1.1", [("Host", parts.netloc), *sent], is_http_request=True)
        request = writer.create_warc_record(
            url, "request", length=0, warc_headers_dict={"WARC-Date": moment}, http_headers=asked,
        )  # fmt: skip
        offset = file.tell()
        writer.write_record(response)
        length = file.tell() - offset
        request.rec_headers.add_header("WARC-Concurrent-To", response.rec_headers.get_header("WARC-Record-ID"))
        writer.write_record(request)
        file.flush()
        digest = response.rec_headers.get_header("WARC-Payload-Digest").removeprefix("sha1:")
        return Place(self.name, offset, length, digest)

    def sync(self) -> None:
        """Waits until all that was written is with the disk: no power cut takes it then."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    def keep_file(self, record: Record) -> dict[str, Any]:
        """Write what came from a person's disk as a `resource` record; the row a database keeps of it."""
        file, writer = self._open()
        moment = datetime.fromisoformat(record.date).strftime("%Y-%m-%dT%H:%M:%SZ")
        resource = writer.create_warc_record(
            record.url, "resource", payload=io.BytesIO(record.body), length=len(record.body),
            warc_headers_dict={"WARC-Date": moment}, warc_content_type=record.content_type,
        )  # fmt: skip
        offset = file.tell()
        writer.write_record(resource)
        file.flush()
        os.fsync(file.fileno())
        digest = resource.rec_headers.get_header("WARC-Payload-Digest").removeprefix("sha1:")
        return {
            "url": record.url, "status": record.status, "fetched_at": record.date, "content_type": record.content_type,
            "warc_file": self.name, "warc_offset": offset, "warc_length": file.tell() - offset, "digest": digest,
            "outcome": "new",
        }  # fmt: skip

    def _open(self) -> tuple[io.BufferedWriter, WARCWriter]:
        if self._file is None or self._writer is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file, self.name = _fresh(self.folder, self.run)
            self._writer = WARCWriter(_Members(self._file), gzip=False)
            self._writer.write_record(self._writer.create_warcinfo_record(self.name, {"software": self.software}))
        return self._file, self._writer


def read_record(file: Path, offset: int) -> Exchange:
    """Headers and body of the response or resource at a byte offset; ValueError when no whole one stands there."""
    with file.open("rb") as stream:
        stream.seek(offset)
        try:
            for record in ArchiveIterator(stream, check_digests=True):
                if record.rec_type not in KEPT:
                    break
                body = record.content_stream().read()
                if not _whole(record) or record.digest_checker.passed is None:  # every record of ours has its digest
                    break
                return Exchange((record.http_headers or record.rec_headers).headers, body)
        except (ArchiveLoadFailed, EOFError, OSError) as error:
            raise ValueError(f"no whole response record at {offset} of {file}: {error}") from error
    raise ValueError(f"no whole response record at {offset} of {file}")


def verified(folder: Path, pages: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], bytes, str | None]]:
    """Each page (`warc_file`, `warc_offset`, `digest`) with its body as archived, or with what is wrong and no body."""
    for page in pages:
        body, problem = b"", None
        if page["warc_file"] is None or page["warc_offset"] is None:
            problem = "has no record in the archive"
        elif not (folder / page["warc_file"]).is_file():
            problem = f"its file {page['warc_file']} is missing"
        else:
            try:
                body = read_record(folder / page["warc_file"], page["warc_offset"]).body
            except (ValueError, OSError) as error:
                problem = str(error)
            else:
                digest = base64.b32encode(hashlib.sha1(body).digest()).decode()
                if digest != page["digest"]:
                    body, problem = b"", f"its record digests to {digest}, not to {page['digest']}"
        yield page, body, problem


def iter_records(path: Path) -> Iterator[Record]:
    """The responses (and resources) of a .warc or .warc.gz, in order; a broken end comes as a record with a problem."""
    with path.open("rb") as stream:
        records = WARCIterator(stream, check_digests=True)
        end, walk = 0, iter(records)
        while True:
            try:
                record = next(walk, None)
                if record is None:
                    break
                body = record.content_stream().read()
                problem = None if _whole(record) else "the record is cut short or its digest is wrong"
                # Asking for the offset reads the record to its end: the body must be read before.
                offset, length = records.get_record_offset(), records.get_record_length()
            except (ArchiveLoadFailed, EOFError, OSError) as error:
                yield Record(path.resolve().as_uri(), "", 0, "", b"", end, f"cannot be read on: {error}")
                return
            end = offset + length
            if record.rec_type in KEPT:
                yield _record(record, body, offset, problem)
    if end < path.stat().st_size:
        problem = f"the end of the file, from byte {end} on, is no whole record"
        yield Record(path.resolve().as_uri(), "", 0, "", b"", end, problem)


def _record(record: object, body: bytes, offset: int, problem: str | None) -> Record:
    rec, http = record.rec_headers, record.http_headers  # type: ignore[attr-defined]
    type_ = (http or rec).get_header("Content-Type") or ""
    status = int(http.get_statuscode()) if http and http.get_statuscode().isdigit() else 200
    url, date = rec.get_header("WARC-Target-URI") or "", rec.get_header("WARC-Date") or ""
    return Record(url, date, status, type_, b"" if problem else body, offset, problem)


def _whole(record: object) -> bool:
    """Whether the digest agrees and the whole length was there (warcio itself is silent about a short end)."""
    checker, stream = record.digest_checker, record.raw_stream  # type: ignore[attr-defined]
    return checker.passed is not False and not getattr(stream, "limit", 0)


def _as_decoded(headers: Headers, length: int) -> list[tuple[str, str]]:
    dropped = {"content-length", "transfer-encoding"}
    kept = [
        (f"X-Archive-Orig-{name}" if name.lower() == "content-encoding" else name, value)
        for name, value in headers
        if name.lower() not in dropped
    ]
    return [*kept, ("Content-Length", str(length))]


def _fresh(folder: Path, run: str) -> tuple[io.BufferedWriter, str]:
    """A file nobody has written: what a killed run left half-written is never appended to."""
    for number in itertools.count():
        name = f"{run}-{number:05d}.warc.gz"
        try:
            return (folder / name).open("xb"), name
        except FileExistsError:
            continue
    raise AssertionError("unreachable")
