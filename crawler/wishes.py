"""What a site's frontier wants asked, and what of it may not be needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from crawler.search import Search

Kind = Literal["robots", "home", "sitemap", "feed", "search", "control", "listing", "article"]

AWAITED: frozenset[Kind] = frozenset({"sitemap", "feed", "search", "listing"})
HELD: tuple[Kind, ...] = ("sitemap", "listing", "feed")  # in the order in which they are tried
SPREAD = (0.0, 1.0, 0.5, 0.25, 0.75)  # which part of an archive is looked at next: the newest, the oldest, the middle …
PRIORITY: dict[Kind, int] = {
    "home": 100, "feed": 60, "search": 50, "control": 45, "article": 40, "sitemap": 30, "listing": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """A URL to be asked: `likely` an article whose own words do not say the topic but whose company does."""

    url: str
    kind: Kind
    title: str = ""
    depth: int = 0
    likely: bool = False
    guess: bool = False


@dataclass(slots=True)
class Held:
    """Parts of sitemaps, feeds and listings, each in its order, until it is known that they are needed.

    `open` are the kinds that are not held back any more; `paged` says that lists go on over several pages, so that
    feeds, which have the newest only, tell nothing that those do not.
    """

    wishes: list[Wish] = field(default_factory=list)
    open: set[Kind] = field(default_factory=set)
    paged: bool = False

    def keep(self, wish: Wish) -> bool:
        """Holds the wish back; False where its kind is not held back."""
        if wish.kind not in HELD or wish.kind in self.open:
            return False
        self.wishes.append(wish)
        return True

    def next(self, search: Search | None, *, complete: bool) -> list[Wish]:
        """What must be asked now: all of a kind, nothing (the rest is let fall), or one part to try the search by.

        `complete` says that the sitemaps have what the home page shows; `search` is None where no topic is looked for.
        """
        kind = next(kind for kind in HELD if any(wish.kind == kind for wish in self.wishes))
        spared = (complete and kind != "sitemap") or (self.paged and kind == "feed")
        if spared or (search and search.believed()):
            self.wishes.clear()
            return []
        chosen = [wish for wish in self.wishes if wish.kind == kind]
        if kind != "feed" and search and search.answers and not search.doubted():
            chosen = [chosen[round(SPREAD[search.parts % len(SPREAD)] * (len(chosen) - 1))]]
            search.parts += 1
        else:
            self.open.add(kind)
        for wish in chosen:
            self.wishes.remove(wish)
        return chosen
