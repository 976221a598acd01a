"""The pages' languages: Vietnamese, and English in which the texts stand in the code; gettext over locale/vi.po."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextvars import ContextVar
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.core import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import parse_pattern

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
NUMBER = parse_pattern("#,##0.######")  # read once: it takes longer than to write a number by it
LOCALE = Path(__file__).with_name("locale")
current: ContextVar[str] = ContextVar("language", default=DEFAULT)


@lru_cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language, read from its .po file; English has none, being what the code says."""
    path = LOCALE / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalog = read_po(source, locale=language, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def gettext(message: str) -> str:
    """A text in the language of the request."""
    return translations(current.get()).gettext(message) if message else ""


def say(message: str, **values: object) -> str:
    """What `_` is in templates: a text with its values, which the template escapes like any other.

    Jinja's own `_` passes its text on unescaped, so that a name of the corpus given to it would be HTML.
    """
    return gettext(message) % values if values else gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """A text with a number, in the language of the request."""
    return translations(current.get()).ngettext(one, many, number)


def pgettext(context: str, message: str) -> str:
    """A text that has another translation elsewhere, told apart by `context`."""
    return translations(current.get()).pgettext(context, message)


def npgettext(context: str, one: str, many: str, number: int) -> str:
    """A text with a number, told apart by `context`."""
    return translations(current.get()).npgettext(context, one, many, number)


def mark(message: str) -> str:
    """Marks a text for the catalogue where it is translated only later, by `gettext` of a variable."""
    return message


def number(value: float | None) -> str:
    """A number as readers of the language write it: 40.400.000.000 or 40,5 in Vietnamese; nothing for None."""
    return _number(value, current.get()) if value is not None else ""


@lru_cache(maxsize=4096)
def _number(value: float, language: str) -> str:
    return str(NUMBER.apply(value, _locale(language)))


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def day(said: str | None) -> str:
    """A day as people write it: 18/01/2022; of a moment its day."""
    return "/".join(reversed(said[:10].split("-"))) if said else ""


def days(pair: Sequence[str | None] | None) -> str:
    """A day or a period as people write it: 18/01/2022, năm 2021, 01/10/2022 – 30/09/2023."""
    if not pair or not any(pair):
        return ""
    first, last = pair
    if first and last and first[:4] == last[:4] and first[4:] == "-01-01" and last[4:] == "-12-31":
        return gettext("year %(year)s") % {"year": first[:4]}
    if first == last:
        return day(first)
    if first is None:
        return gettext("until %(day)s") % {"day": day(last)}
    return f"{day(first)} – {day(last)}" if last else gettext("since %(day)s") % {"day": day(first)}
