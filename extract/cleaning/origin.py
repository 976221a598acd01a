"""The outlet a text was taken from: what in a credit is an outlet, and which catalogue entry it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from extract.text import fold, one_tone

HOST = re.compile(r"\b(?:https?://)?((?:[a-z0-9-]+\.)+(?:vn|com|net|org|info|gov|edu)(?:\.vn)?)\b", re.IGNORECASE)
ANY_HOST = re.compile(r"(?:www\.)?(?:[a-z0-9-]{2,}\.)+[a-z]{2,10}", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?:)?//(?:www\.)?([^/:?#]+)", re.IGNORECASE)
LEADING = re.compile(r"^(?:báo điện tử|báo|tạp chí điện tử|tạp chí|trang tin|trang|kênh)\s+", re.IGNORECASE)


@lru_cache(maxsize=1)
def _outlets() -> tuple[dict[str, str | None], re.Pattern[str]]:
    with Path(__file__).with_name("outlets.toml").open("rb") as file:
        data = tomllib.load(file)
    known = {_key(name): outlet.get("host") for outlet in data["outlet"] for name in outlet["names"]}
    return known, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, data['signs']))})(?!\w)", re.IGNORECASE)


def _key(name: str) -> str:
    return re.sub(r"[^\w+]+", " ", one_tone(name)).strip().casefold()


def is_outlet(text: str) -> bool:
    """Whether a credit names a paper, an agency or a portal rather than a person."""
    known, signs = _outlets()
    if HOST.search(text) or ANY_HOST.fullmatch(text.strip()) or signs.search(text):
        return True
    parts = [part for part in re.split(r"\s*[,;/]\s*|\s+và\s+", text.strip()) if part]
    return any(_key(part) in known or _key(LEADING.sub("", part)) in known for part in parts)


def host_in(text: str) -> str | None:
    """The host name written in a text, lower case without "www."; None where there is none."""
    match = HOST.search(text)
    host = match[1] if match else text.strip() if ANY_HOST.fullmatch(text.strip()) else None
    return host.lower().removeprefix("www.") if host else None


def credited(origin: str | None, hosts: Mapping[str, str]) -> str | None:
    """The catalogue id of an origin (host name or paper's name), through `hosts`: host or paper's name → id.

    A sub-domain counts as its paper's, a known paper's name as its host; None where the catalogue has no such paper.
    """
    if not origin:
        return None
    host = host_in(origin) or _outlets()[0].get(_key(LEADING.sub("", origin))) or _outlets()[0].get(_key(origin))
    while host:
        if (site := hosts.get(host) or hosts.get(f"www.{host}")) is not None:
            return site
        host = host.partition(".")[2]
    named = {_plain(name): site for name, site in hosts.items()}
    return named.get(_plain(origin)) or named.get(_plain(LEADING.sub("", origin)))


def _plain(name: str) -> str:
    return LEADING.sub("", fold(one_tone(name)).strip()).removeprefix("bao ").strip()


def own_names(url: str | None, *shown: str | None) -> frozenset[str]:
    """The keys under which a page's own paper may credit itself: its host, its site name, its publisher."""
    address = ADDRESS.match(url or "")
    host = address[1].lower() if address else ""
    labels = {host, host.split(".")[0], *(name for name in shown if name)}
    return frozenset(_plain(re.sub(r"\W+", " ", label)) for label in labels if label)


def is_own(text: str, own: frozenset[str]) -> bool:
    """Whether a credit is the page's own paper."""
    key = _plain(re.sub(r"\W+", " ", text))
    host = host_in(text)
    return (
        key in own
        or (host is not None and host.partition(".")[0] in own)
        or key.replace(" ", "") in {name.replace(" ", "") for name in own}
    )
