"""The catalogue: one entry a newspaper or portal, holding only what discovery cannot find by itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from crawler.topic import fold

CATALOGUE = Path(__file__).with_name("sites.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`province` is today's, `province_2024` the one before July 2025 (both None for a national portal).

    `feeds`, `sitemaps` and `listings` are URLs or paths; `search` a URL pattern with {query}; `article` a regular
    expression that an article's path (or path and query) matches, `skip` one for paths that are never asked (other
    editions); `item` the path of an article made of the fields of a JSON list that names no addresses, with {field}.
    """

    id: str
    name: str
    home: str
    province: str | None = None
    province_2024: str | None = None
    hosts: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    search: str | None = None
    article: str | None = None
    skip: str | None = None
    item: str | None = None
    note: str = ""

    @property
    def all_hosts(self) -> tuple[str, ...]:
        """The home page's host and every other host (old domains, sub-sites) that is the same paper."""
        return (urlsplit(self.home).netloc, *self.hosts)

    def record(self) -> dict[str, str | None]:
        """The plain values a database keeps of a site."""
        return {name: getattr(self, name) for name in ("id", "name", "home", "province", "province_2024")}

    def province_on(self, day: str | date | None) -> str | None:
        """The province the paper spoke for on a day (ISO, as far as known: "2022", "2022-02"); today's where None."""
        return self.province_2024 if day and str(day)[:7] < "2025-07" else self.province


def choose(sites: Sequence[Site], ids: Iterable[str], province: str | None) -> list[Site]:
    """The sites with these ids (none given: all), of a province named as today or as before July 2025.

    ValueError names an id or a province that the catalogue does not have.
    """
    by_id = {site.id: site for site in sites}
    for id in (wanted := list(ids)):
        if id not in by_id:
            raise ValueError(f"no site {id!r} in the catalogue; `baotinh sites` lists them")
    chosen = [by_id[id] for id in wanted] or list(sites)
    if province is None:
        return chosen
    name = fold(province)
    found = [site for site in chosen if name in {fold(site.province or ""), fold(site.province_2024 or "")}]
    if not found:
        raise ValueError(f"no site of the province {province!r} in the catalogue")
    return found


class Papers:
    """The catalogue for looking up whose a page is."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self.by_id = {site.id: site for site in sites}
        self.by_host = {host.removeprefix("www."): site for site in self.by_id.values() for host in site.all_hosts}

    def find(self, id: str | None, url: str | None) -> Site | None:
        """The site of that id, else the one whose host the URL names; None where the catalogue has neither."""
        return self.by_id.get(id or "") or self.by_host.get(urlsplit(url or "").netloc.removeprefix("www."))


def load(path: Path = CATALOGUE) -> list[Site]:
    """The sites of a catalogue file, in its order; ValueError names the entry and the field that is wrong."""
    with path.open("rb") as file:
        entries = tomllib.load(file).get("site", [])
    return [site_of(entry) for entry in entries]


def site_of(entry: dict[str, object]) -> Site:
    """The site that a catalogue entry says; ValueError names the field that is unknown or missing."""
    unknown = entry.keys() - Site.__dataclass_fields__.keys()
    missing = {"id", "name", "home"} - entry.keys()
    if unknown or missing:
        what = f"unknown field {min(unknown)}" if unknown else f"no {min(missing)}"
        raise ValueError(f"site {entry.get('id', '?')!r}: {what}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Site(**values)  # type: ignore[arg-type]
