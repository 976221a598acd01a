"""When an article was published: the stamp near the title, JSON-LD and meta tags, and which of them to believe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from extract.cleaning.page import Page

HANOI = timezone(timedelta(hours=7))
DAY = r"(?P<d>[0-3]?\d)\s?[/.\-–]\s?(?P<m>[01]?\d)\s?[/.\-–]\s?(?P<y>(?:19|20)\d\d)"
WORDS = r"(?:ngày\s+)?(?P<wd>[0-3]?\d)\s+tháng\s+(?P<wm>[01]?\d)(?:,|\s+năm)?\s+(?P<wy>(?:19|20)\d\d)"
CLOCK = r"(?P<{0}h>[0-2]?\d)\s?[:hg]\s?(?P<{0}n>[0-5]\d)(?:\s?[:p]\s?[0-5]\d)?(?!\d)(?:\s?(?P<{0}half>AM|PM|SA|CH)\b)?"
GAP = r"[\s,|•·\-–()]{0,8}(?:(?:lúc|ngày|vào|thứ\s+\w+|chủ\s+nhật)[\s:,]*){0,2}"
STAMP = re.compile(
    rf"(?<![\d/])(?:{CLOCK.format('b')}{GAP})?(?:{DAY}|{WORDS})(?![\d/])(?:{GAP}{CLOCK.format('a')})?", re.IGNORECASE
)
ISO = re.compile(r"^\s*(\d{4})-(\d\d?)-(\d\d?)(?:[T\s]+(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?")
US = re.compile(r"^\s*(\d\d?)/(\d\d?)/(\d{4})\s+(\d\d?):(\d\d)(?::(\d\d))?\s*(AM|PM)", re.IGNORECASE)
UPDATED = re.compile(r"cập nhật|sửa( đổi)? lần cuối|updated", re.IGNORECASE)
META = (
    "article:published_time", "datepublished", "pubdate", "og:published_time", "article:published", "publish-date",
    "publisheddate", "dc.date.issued", "dc.date", "date", "sailthru.date",
)  # fmt: skip
META_MODIFIED = ("article:modified_time", "datemodified", "lastmod", "og:updated_time")
BESIDE = 10  # the ranks of stamps that stand between title and text
FALSE_ZONE = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date on the page: ISO 8601 `moment`, `rank` smaller nearer the title, `updated` where labelled so."""

    moment: str
    rank: int = 0
    updated: bool = False


def read_stamp(text: str) -> str | None:
    """The first date of a line as ISO 8601, with the time where one stands beside it ("9:05 CH, 3/2/2026")."""
    return next((moment for moment, _ in read_stamps(text)), None)


def read_stamps(text: str) -> Iterator[tuple[str, bool]]:
    """The dates of a line in order, each with whether it is labelled as an update."""
    end = 0
    for match in STAMP.finditer(text):
        part = match.groupdict()
        day, month, year = (int(part[key] or part[f"w{key}"]) for key in "dmy")
        side = "a" if part["ah"] else "b"
        hour, minute = part[f"{side}h"], part[f"{side}n"]
        clock = (_hour(int(hour), part[f"{side}half"]), int(minute or 0)) if hour else ()
        if iso := _iso((year, month, day), clock):
            yield iso, bool(UPDATED.search(text[end : match.end()]))
            end = match.end()


def read_machine(value: str) -> str | None:
    """A date of a meta tag or JSON-LD as ISO 8601 at +07:00: zoneless is local, slashes with AM or PM are US order."""
    if match := US.match(value):
        month, day, year, hour, minute = (int(group) for group in match.groups()[:5])
        return _iso((year, month, day), (_hour(hour, match.group(7)), minute, int(match.group(6) or 0)))
    match = ISO.match(value)
    if not match:
        return read_stamp(value)
    year, month, day = (int(group) for group in match.groups()[:3])
    if match.group(4) is None:
        return _iso((year, month, day))
    iso = _iso((year, month, day), tuple(int(group or 0) for group in match.groups()[3:6]))
    zone = match.group(7)
    if not iso or not zone:
        return iso
    return datetime.fromisoformat(iso[:19] + ("+00:00" if zone == "Z" else zone)).astimezone(HANOI).isoformat()


def stated(page: Page) -> tuple[str | None, str | None]:
    """(published, modified) as JSON-LD and meta tags say, the finer one first."""
    published = [item.get("datePublished") for item in page.linked]
    modified = [item.get("dateModified") for item in page.linked]
    published += [value for name in META for value in page.meta.get(name, ())]
    modified += [value for name in META_MODIFIED for value in page.meta.get(name, ())]
    return _finest(published), _finest(modified)


def decide(stamps: Iterable[Stamp], published: str | None, modified: str | None) -> tuple[str | None, str | None]:
    """(published, modified) from the visible stamps and what the head says.

    The page's own stamp is what a reader sees, so it wins on the minute; the head tells which of several stamps is the
    article's, and a stamp labelled as an update is none.
    """
    stamps = list(stamps)
    updates = [stamp.moment for stamp in stamps if stamp.updated]
    shown = sorted(
        (stamp for stamp in stamps if not stamp.updated),
        key=lambda stamp: (stamp.rank // BESIDE, len(stamp.moment) <= 10, stamp.rank),
    )
    agreeing = [stamp for stamp in shown if published and _near(stamp.moment, published)]
    # A stamp with a time between title and text is what a reader takes for the article's, whatever the head says.
    beside = [stamp for stamp in shown if stamp.rank < BESIDE and len(stamp.moment) > 10]
    chosen = next(iter(agreeing or beside or ([] if published else shown)), None)
    moment = published
    if chosen and modified and published and len(modified) > 10 and _behind(chosen.moment, published):
        modified = (datetime.fromisoformat(modified) - FALSE_ZONE).isoformat()
    if chosen and (len(chosen.moment) > 10 or not published):
        moment = chosen.moment
        if published and published[:16] == moment[:16]:
            moment = moment[:16] + ":00+07:00"
    if modified is None and updates:
        modified = updates[0]
    if moment is None and modified:
        moment, modified = modified, None
    if moment and modified and (modified[:16] == moment[:16] or modified < moment[:10]):
        modified = None
    return moment, modified


def _behind(shown: str, said: str) -> bool:
    """Whether the head marks local time as UTC: what it says is seven hours after what the page shows."""
    both = len(shown) > 10 and len(said) > 10
    return both and datetime.fromisoformat(said[:16]) - datetime.fromisoformat(shown[:16]) == FALSE_ZONE


def _near(shown: str, said: str) -> bool:
    """Whether a stamp tells the moment the head tells, a false zone or midnight aside."""
    if len(shown) == 10 or len(said) == 10:
        return shown[:10] == said[:10]
    apart = abs(datetime.fromisoformat(shown) - datetime.fromisoformat(said))
    return shown[:10] == said[:10] or apart <= FALSE_ZONE


def _finest(values: Iterable[object]) -> str | None:
    known = [iso for value in values if isinstance(value, str) and (iso := read_machine(value))]
    return max(known, key=lambda iso: len(iso) > 10, default=None)


def _hour(hour: int, half: str | None) -> int:
    """24-hour from a clock that says AM, PM, SA or CH, "14:30 PM" and "00:01 AM" as newspapers print them."""
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if half.upper() in {"PM", "CH"} else 0)


def _iso(day: tuple[int, int, int], clock: tuple[int, ...] = ()) -> str | None:
    """A day, or a moment where a clock (hour, minute, second) is given, as ISO 8601; None where no calendar has it."""
    try:
        moment = datetime(*day, *clock, tzinfo=HANOI)  # type: ignore[misc, arg-type]
    except ValueError:
        return None
    return moment.isoformat() if clock else moment.date().isoformat()
