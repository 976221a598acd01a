"""The search form: what the address bar says as a query, and as the words people typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from corpus.query import Query
from corpus.search import Results
from corpus.web.labels import KINDS
from corpus.web.language import gettext

PAGE = 20
FIELDS = ("q", "kind", "place", "since", "until", "min", "max", "sort", "page")


@dataclass(frozen=True, slots=True)
class Form:
    """`typed` holds the fields as they came, `query` what they mean, `errors` what cannot be read, by field."""

    typed: dict[str, str]
    query: Query
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> bool:
        """Whether anything was asked at all."""
        return bool(self.typed)

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Form:
        """The form of an address; empty fields count as not there."""
        typed = {name: parameters[name].strip() for name in FIELDS if parameters.get(name, "").strip()}
        errors: dict[str, str] = {}
        days = {name: _day(typed, name, errors) for name in ("since", "until")}
        bounds = {name: _number(typed, name, errors) for name in ("min", "max")}
        kind = typed.get("kind")
        if kind and kind not in KINDS:
            errors["kind"] = gettext("There is no such kind of fact.")
        sort = typed.get("sort")
        page = typed.get("page", "1")
        query = Query(
            words=typed.get("q", ""),
            kind=kind if kind in KINDS else None,  # type: ignore[arg-type]
            place=typed.get("place"),
            since=days["since"],
            until=days["until"],
            low=bounds["min"],
            high=bounds["max"],
            sort=sort if sort in {"relevance", "date", "value"} else None,  # type: ignore[arg-type]
            limit=PAGE,
            offset=(int(page) - 1) * PAGE if page.isdecimal() and 0 < int(page) < 10**6 else 0,
        )
        return cls(typed, query, errors)

    def address(self, **changes: str | None) -> str:
        """The address of this search with some fields changed (None takes one away)."""
        fields = {name: value for name, value in (self.typed | changes).items() if value}
        return f"?{urlencode(fields)}"


def page_links(form: Form, results: Results) -> dict[str, str]:
    """The addresses of the page before and after, where there is one."""
    page = results.query.offset // PAGE + 1
    links = {}
    if page > 1:
        links["before"] = form.address(page=str(page - 1))
    if results.query.offset + PAGE < results.total:
        links["after"] = form.address(page=str(page + 1))
    return links


def _day(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> str | None:
    try:
        return date.fromisoformat(typed[name]).isoformat() if name in typed else None
    except ValueError:
        errors[name] = gettext("A day is written year-month-day, such as 2022-01-18.")
        return None


def _number(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> float | None:
    """A bound as people type it: "1000000000" or "1.000.000.000", a comma for decimals."""
    if name not in typed:
        return None
    said = typed[name].replace(".", "").replace(" ", "").replace(",", ".")
    if said.replace(".", "", 1).isdecimal() and len(said) < 20:
        return float(said)
    errors[name] = gettext("A value is a number, such as 1.000.000.000.")
    return None
