"""An article: a page or a text file cleaned into what a person would type out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Precision = Literal["minute", "day", "month"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """`published` and `modified` are ISO 8601 as far as known: 2022-01-18T06:02:00+07:00, 2022-01-18 or 2022-02.

    `body` holds the paragraphs joined by newlines; lead, captions and byline stand apart. `origin` is the outlet
    credited, as written or as a host name. `not_article` gives the reason where the page is none (the rest may be
    empty then).
    """

    title: str
    lead: str = ""
    body: str = ""
    authors: tuple[str, ...] = ()
    origin: str | None = None
    published: str | None = None
    modified: str | None = None
    captions: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    section: str | None = None
    site: str | None = None
    language: str = "vi"
    url: str | None = None
    not_article: str | None = None

    @property
    def text(self) -> str:
        """The text that facts' offsets count in: lead and body, a blank line between."""
        return "\n\n".join(part for part in (self.lead, self.body) if part)

    @property
    def precision(self) -> Precision | None:
        """How exactly the publication moment is known."""
        known: dict[int, Precision] = {7: "month", 10: "day"}
        return known.get(len(self.published), "minute") if self.published else None

    def record(self) -> dict[str, Any]:
        """The JSON object that `baotinh clean` prints; `text` is the body."""
        record = asdict(self)
        return record | {"text": record.pop("body")}
