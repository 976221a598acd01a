"""The pages' texts: every one is in the catalogue of Vietnamese, and the catalogue holds no other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from corpus.web.language import LOCALE, current, days, gettext, number

ROOT = Path(__file__).parents[1]
RENEW = (
    "pybabel extract -F pyproject.toml -o web.pot . && pybabel update -l vi -i web.pot -o corpus/web/locale/vi.po "
    "--no-fuzzy-matching --ignore-obsolete"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture
def in_english() -> Iterator[None]:
    token = current.set("en")
    yield
    current.reset(token)


def said_in_code() -> set[str]:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"].removeprefix("corpus/web/"), mapping["method"]) for mapping in mappings]
    found = extract_from_dir(ROOT / "corpus" / "web", methods)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def test_every_text_is_translated_and_none_is_left_over() -> None:
    with (LOCALE / "vi.po").open("rb") as source:
        catalog = read_po(source, locale="vi", abort_invalid=True)
    translated = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in catalog
        if message.id and message.string and not message.fuzzy
    }
    said = said_in_code()
    assert len(said) > 50
    assert sorted(said - translated) == [], f"not in the catalogue; {RENEW}"
    assert sorted(translated - said) == [], f"no longer said; {RENEW}"


def test_placeholders_are_kept() -> None:
    with (LOCALE / "vi.po").open("rb") as source:
        for message in read_po(source, locale="vi"):
            ids, strings = ((each,) if isinstance(each, str) else each for each in (message.id, message.string))
            wanted = {name for each in ids for name in PLACEHOLDER.findall(each)}
            assert all(set(PLACEHOLDER.findall(each)) == wanted for each in strings), message.id


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("2022-01-18", "2022-01-18"), "18/01/2022"),
        (("2021-01-01", "2021-12-31"), "năm 2021"),
        ((None, "2022-01-18"), "đến 18/01/2022"),
        (("2011-01-01", None), "từ 01/01/2011"),
        (("2022-10-01", "2023-09-30"), "01/10/2022 – 30/09/2023"),
        (None, ""),
    ],
)
def test_days_as_people_write_them(pair: tuple[str | None, str | None] | None, said: str) -> None:
    assert days(pair) == said


def test_numbers_as_people_write_them() -> None:
    assert (number(40_400_000_000), number(2.5), number(None)) == ("40.400.000.000", "2,5", "")


def test_english(in_english: None) -> None:
    assert (gettext("Search"), number(40_400.5)) == ("Search", "40,400.5")
    assert days(("2021-01-01", "2021-12-31")) == "year 2021"
