"""What the crawler is asked and what it hands over: plain values, no database, no network."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

from crawler.report import Report
from crawler.sites import Site

VIETNAM = timezone(timedelta(hours=7))
Outcome = Literal["new", "changed", "unchanged", "gone", "off topic", "duplicate", "listing", "error"]
KNOWN: frozenset[str] = frozenset({"new", "changed", "unchanged", "gone", "off topic", "duplicate"})


def stamp(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC to the microsecond, so that stamps sort as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(stamp: str) -> datetime:
    """The moment of an ISO 8601 stamp, Vietnam's time where it names no zone; the first of all for what is none."""
    try:
        said = datetime.fromisoformat(stamp)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return said if said.tzinfo else said.replace(tzinfo=VIETNAM)


def as_day(stamp: str) -> str:
    """The day in Vietnam (YYYY-MM-DD) of an ISO 8601 stamp; a day alone, and what is neither, stays as it is."""
    return stamp[:10] if "T" not in stamp else moment(stamp).astimezone(VIETNAM).date().isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What an earlier run knows of a URL: copy the fields of its last Capture; all but `outcome` may be missing.

    `warc_file` and `warc_offset` let a listing that answers 304 be read again from the archive, so that links
    seen but not fetched by a run that was stopped are not lost; without them a listing is fetched whole.
    """

    outcome: Outcome
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    lastmod: str | None = None
    fetched_at: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None

    @classmethod
    def of(cls, known: Memory | Mapping[str, Any]) -> Memory:
        """The memory of a row that has at least `outcome`; what else a row holds is left aside."""
        if isinstance(known, Memory):
            return known
        return cls(**{key: value for key, value in known.items() if key in cls.__dataclass_fields__})

    def older_than(self, lastmod: str | None) -> bool:
        """Whether a sitemap's lastmod says that the page changed since; never where lastmod is not given."""
        if not lastmod:
            return False
        if self.lastmod:
            return lastmod != self.lastmod
        if not self.fetched_at:
            return False
        exact = "T" in lastmod and "T" in self.fetched_at
        return moment(lastmod) > moment(self.fetched_at) if exact else as_day(lastmod) > as_day(self.fetched_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response or failure worth remembering; its record is on disk before anybody sees the capture.

    `canonical` is the page's own name for itself where it says one; `digest` the SHA-1 of the body in base32 as
    in the WARC record; `title` what the link said (anchor, feed); `lastmod` what the sitemap said; `error` the
    cause where outcome is "error". A failure without a response has status 0, no body and no record.
    """

    url: str
    canonical: str
    site: str
    status: int
    fetched_at: datetime
    outcome: Outcome
    content_type: str = ""
    charset: str = ""
    etag: str | None = None
    last_modified: str | None = None
    warc_file: str | None = None
    warc_offset: int | None = None
    warc_length: int | None = None
    digest: str | None = None
    body: bytes = b""
    title: str = ""
    lastmod: str | None = None
    error: str | None = None

    def record(self) -> dict[str, Any]:
        """Everything but the body, plain: the row a database keeps, `fetched_at` as ISO 8601 in UTC."""
        row = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "body"}
        return row | {"fetched_at": stamp(self.fetched_at)}

    def memory(self) -> Memory:
        """What a later run must be told of this URL."""
        return Memory(
            outcome=self.outcome, status=self.status, etag=self.etag, last_modified=self.last_modified,
            digest=self.digest, lastmod=self.lastmod, fetched_at=stamp(self.fetched_at),
            warc_file=self.warc_file, warc_offset=self.warc_offset,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One crawl: `topic` phrases (empty: everything), `max_pages` a site, `delay` seconds between requests to a site.

    `archive` is the folder of the WARC files, `run` the start of their names. `finished` holds the ids of sites whose
    last run went to the end with the same topic and days: they are asked for what can announce something new, and for
    more only where it does. `revisit` (which heeds no `finished`) asks again, conditionally, for every known article
    met, which finds changes and disappearances that no sitemap tells. `probe` only looks how each site can be read: a
    few pages of each kind. `progress` gets the report so far, every few seconds while answers come, in the crawling
    thread; an error that it raises ends the crawl as one of `keep` does.
    """

    sites: list[Site]
    archive: Path
    run: str
    topic: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    max_pages: int | None = None
    memory: Mapping[str, Memory | Mapping[str, Any]] = field(default_factory=dict)
    finished: Container[str] = ()
    contact: str | None = None
    delay: float = 1.0
    timeout: float = 60.0
    max_bytes: int = 10 * 1024 * 1024
    revisit: bool = False
    probe: bool = False
    progress: Callable[[Report], None] | None = None
