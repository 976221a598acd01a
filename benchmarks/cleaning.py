"""Cleaning beside trafilatura alone, on every article of the replica: python benchmarks/cleaning.py [--errors]."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any

import trafilatura

from crawler.replica import ReplicaArticle, open_press
from extract.article import clean_html

Cleaned = dict[str, Any]


def ours(page: bytes, url: str) -> Cleaned:
    """What Báo Tỉnh reads from a page."""
    article = clean_html(page, url=url)
    return article.record() | {"not_article": article.not_article}


def theirs(page: bytes, url: str) -> Cleaned:
    """What trafilatura reads from a page with its own settings; it tells neither lead, origin nor captions apart."""
    found = trafilatura.bare_extraction(page, url=url, with_metadata=True)
    if found is None:
        return dict.fromkeys(("title", "lead", "text", "origin", "published"), "") | {"authors": (), "captions": ()}
    return {
        "title": found.title or "",
        "lead": "",
        "text": found.text or "",
        "authors": tuple(found.author.split("; ")) if found.author else (),
        "origin": None,
        "published": found.date or "",
        "captions": (),
    }


def plain(text: str | None) -> str:
    """A text for comparing: NFC, no case, every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", text or "").casefold().split())


def names(people: tuple[str, ...]) -> set[str]:
    """Names for comparing, without regard to case."""
    return {plain(name) for name in people}


def right(want: ReplicaArticle, page: bytes, got: Cleaned) -> dict[str, bool | None]:
    """Field → right or not; None where there is no such thing to find. A page without its date must give none."""
    dated = any(want.published.strftime(form).encode() in page for form in ("%d/%m/%Y", "%Y-%m-%d"))
    text, published = plain(got["text"]), got["published"] or ""
    lines = [plain(line) for line in got["text"].split("\n")]
    wanted = [plain(line) for line in want.paragraphs]
    allowed = {*wanted, *map(plain, want.subheads)}
    return {
        "title": plain(got["title"]) == plain(want.title),
        "lead": plain(want.lead) in plain(got["lead"]) if want.lead else None,
        "authors": names(got["authors"]) == names(want.authors),
        "origin": plain(want.origin) in plain(got["origin"]) if want.origin else not got["origin"],
        "day": published[:10] == want.published.isoformat()[:10] if dated else not published,
        "minute": published[:16] == want.published.isoformat()[:16] if dated else None,
        "begins": text.startswith(wanted[0]),
        "ends": text.endswith(wanted[-1]),
        "every paragraph": all(line in text for line in wanted),
        "nothing else": all(line in allowed for line in lines),
        "captions apart": all(plain(caption) not in text for caption in want.captions) if want.captions else None,
        "captions": set(map(plain, want.captions)) <= set(map(plain, got["captions"])) if want.captions else None,
    }


def measure(
    read: Callable[[bytes, str], Cleaned], pages: list[tuple[ReplicaArticle, bytes]], *, errors: bool
) -> Counter[str]:
    """How often each field is right ("field") and could be ("field of"), and the seconds taken ("seconds")."""
    tally: Counter[str] = Counter()
    begun = time.process_time()
    results = [read(page, want.url) for want, page in pages]
    tally["milliseconds"] = round(1000 * (time.process_time() - begun) / len(pages))
    for (want, page), got in zip(pages, results, strict=True):
        for field, verdict in right(want, page, got).items():
            if verdict is not None:
                tally[field] += verdict
                tally[f"{field} of"] += 1
            if verdict is False and errors:
                print(
                    f"{want.site} {want.id} {field}: {str(got.get(field, got['text'][-80:]))[:160]!r}", file=sys.stderr
                )
    return tally


def main(arguments: list[str]) -> None:
    """Print the table."""
    with open_press() as press:
        pages = [(want, press.rooms[want.site].respond(want.path).body) for want in press.articles]
    both = measure(ours, pages, errors="--errors" in arguments), measure(theirs, pages, errors=False)
    print(f"{len(pages)} articles\n\n{'field':<16} {'Báo Tỉnh':>10} {'trafilatura':>12}")
    for field in (name for name in both[0] if f"{name} of" in both[0]):
        shares = [f"{tally[field]}/{tally[f'{field} of']}" for tally in both]
        print(f"{field:<16} {shares[0]:>10} {shares[1]:>12}")
    print(f"{'ms a page (CPU)':<16} {both[0]['milliseconds']:>10} {both[1]['milliseconds']:>12}")


if __name__ == "__main__":
    main(sys.argv[1:])
