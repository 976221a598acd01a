"""The catalogue: one entry a newspaper or portal, holding only what discovery cannot find by itself."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CATALOGUE = Path(__file__).with_name("sites.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`province` is today's, `province_2024` the one before July 2025 (both None for a national portal).

    `feeds`, `sitemaps` and `listings` are URLs or paths; `search` a URL pattern with {query}; `article` a regular
    expression that an article's path matches.
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
    note: str = ""

    @property
    def all_hosts(self) -> tuple[str, ...]:
        """The home page's host and every other host (old domains, sub-sites) that is the same paper."""
        return (urlsplit(self.home).netloc, *self.hosts)


def load(path: Path = CATALOGUE) -> list[Site]:
    """The sites of a catalogue file, in its order; ValueError names the entry and the field that is wrong."""
    with path.open("rb") as file:
        entries = tomllib.load(file).get("site", [])
    return [_site(entry) for entry in entries]


def _site(entry: dict[str, object]) -> Site:
    unknown = entry.keys() - Site.__dataclass_fields__.keys()
    missing = {"id", "name", "home"} - entry.keys()
    if unknown or missing:
        what = f"unknown field {min(unknown)}" if unknown else f"no {min(missing)}"
        raise ValueError(f"site {entry.get('id', '?')!r}: {what}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Site(**values)  # type: ignore[arg-type]
