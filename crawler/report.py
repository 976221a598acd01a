"""What a crawl did, site by site."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

OUTCOMES = ("new", "changed", "unchanged", "gone", "off topic", "duplicate")


@dataclass(slots=True)
class SiteReport:
    """`seen` article links met, `fetched` responses that came, `left` links not asked because of max_pages, `lost`
    lists, feeds and sitemaps that did not come this time, `kept` articles new or changed; times are of the monotonic
    clock. `met` counts, by kind of page, the links to articles that stood there; `robots` is "read", "missing" or
    "unavailable"."""

    seen: int = 0
    fetched: int = 0
    articles_fetched: int = 0
    left: int = 0
    lost: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    robots: str = ""
    bytes: int = 0
    started: float | None = None
    ended: float = 0.0

    @property
    def kept(self) -> int:
        """Articles stored by this run."""
        return self.outcomes["new"] + self.outcomes["changed"]

    @property
    def complete(self) -> bool:
        """Whether all that leads to articles was read, so that a later run may ask for what is new alone."""
        return not (self.left or self.lost or self.errors["site down"] or self.robots == "unavailable")

    def as_dict(self) -> dict[str, Any]:
        """The figures with plain names, outcomes flat, errors by cause."""
        figures: dict[str, Any] = {
            "seen": self.seen, "fetched": self.fetched, "articles_fetched": self.articles_fetched, "left": self.left,
        }  # fmt: skip
        outcomes = {outcome.replace(" ", "_"): self.outcomes[outcome] for outcome in OUTCOMES}
        seconds = round(self.ended - self.started, 3) if self.started is not None else 0.0
        return figures | {"kept": self.kept} | outcomes | {
            "errors": dict(self.errors), "met": dict(self.met), "robots": self.robots, "bytes": self.bytes,
            "seconds": seconds, "complete": self.complete,
        }  # fmt: skip


@dataclass(slots=True)
class Report:
    """The sites by id; `interrupted` until the crawl is done, so that one that was stopped or killed stays so."""

    sites: dict[str, SiteReport] = field(default_factory=dict)
    interrupted: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: {"interrupted": …, "sites": {id: figures}}."""
        return {
            "interrupted": self.interrupted,
            "sites": {id: site.as_dict() for id, site in self.sites.items()},
        }
