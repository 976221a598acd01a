"""The papers of the replica press and the address patterns of the families of sites they are built like."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Address patterns of one kind of site; see families.toml for what each field says."""

    article: str
    print: str
    listing: str
    search: str
    per_page: int
    page: str | None = None
    more: str | None = None
    feed: str | None = None
    sitemap: str | None = None
    in_robots: bool = False
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One invented newspaper or portal; `sections` are (slug, name) pairs and `host` the name it would have.

    An `extra` one runs only where it is named.
    """

    id: str
    name: str
    host: str
    family: str
    skin: str
    sections: tuple[tuple[str, str], ...]
    dateline: str = ""
    extra: bool = False
    province: str | None = None
    province_2024: str | None = None

    def section_name(self, slug: str) -> str:
        """What the paper calls the section with this slug; KeyError when it has none."""
        return dict(self.sections)[slug]


def load_papers(*, extra: bool = False) -> list[Paper]:
    """The papers of papers.toml, in its order; without `extra` those that run unless others are named."""
    entries = tomllib.loads((HERE / "papers.toml").read_text("utf-8"))["paper"]
    entries = [entry for entry in entries if extra or not entry.get("extra")]
    return [Paper(**entry | {"sections": tuple((slug, name) for slug, name in entry["sections"])}) for entry in entries]


@cache
def load_families() -> dict[str, Family]:
    """The families of families.toml by their letter."""
    entries = tomllib.loads((HERE / "families.toml").read_text("utf-8"))
    return {letter: Family(**entry) for letter, entry in entries.items()}
