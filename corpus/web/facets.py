"""What narrows a search: facets with their counts, the filters chosen, and the choices of the form's lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from corpus.search import Results
from corpus.store import Corpus
from corpus.web import labels
from corpus.web.form import CHOICES, FIELDS, Form
from corpus.web.language import gettext
from extract.text import fold

FEW = 8  # values of a facet that are shown at once
MOST = 30  # values that are shown at all
ORDER = ("kind", "place", "year", "measure", "role", "site", "province", "state")
# Each next value of a column by its index, instead of a scan of the whole table.
DISTINCT = """
WITH RECURSIVE found (value) AS (
  SELECT min({1}) FROM {0} UNION ALL
  SELECT (SELECT min({1}) FROM {0} WHERE {1} > value) FROM found WHERE value IS NOT NULL)
SELECT value FROM found WHERE value IS NOT NULL"""


class Entry(NamedTuple):
    """A value of a facet: the address that adds it to the search or, where it is chosen, takes it away."""

    label: str
    number: int
    address: str
    chosen: bool


class Facet(NamedTuple):
    """A facet with its values, the commonest first."""

    name: str
    label: str
    entries: list[Entry]


class Chip(NamedTuple):
    """A filter that is set, and the address of the search without it."""

    label: str
    said: str
    address: str


def sites(corpus: Corpus) -> dict[str, str]:
    """The papers of which there are articles: id → name, by name."""
    sql = (
        "SELECT id, name FROM sites WHERE EXISTS (SELECT 1 FROM articles WHERE site_id = sites.id) "
        "UNION SELECT value, value FROM ({}) WHERE value NOT IN (SELECT id FROM sites)"
    )
    return _by_label(dict(corpus.conn.execute(sql.format(DISTINCT.format("articles", "site_id"))).fetchall()))


def choices(corpus: Corpus) -> dict[str, dict[str, str]]:
    """The choices of the form's lists by field: what the corpus has, or the codes that there are, with their labels."""

    def known(table: str, column: str) -> list[str]:
        return [row[0] for row in corpus.conn.execute(DISTINCT.format(table, column))]

    return {
        **{name: {code: gettext(label) for code, label in codes.items()} for name, codes in CHOICES.items()},
        "role": {code: gettext(label) for code, label in labels.PARTS.items()},
        "measure": _by_label({term: labels.measure(term) for term in known("observations", "measure")}),
        "province": _by_label({name: name for name in known("articles", "province")}),
        "site": sites(corpus),
    }


def _by_label(said: Mapping[str, str]) -> dict[str, str]:
    return dict(sorted(said.items(), key=lambda pair: (fold(pair[1]), pair[1])))


def facets(form: Form, results: Results, listed: Mapping[str, Mapping[str, str]]) -> list[Facet]:
    """The facets that tell the facts found apart, or of which a value is chosen."""
    found = []
    for name in ORDER:
        known = listed.get(name, {})
        entries = [
            Entry(known.get(value, value), number, form.address(**_changes(form, name, value)), chosen)
            for value, number in list(results.facets[name].items())[:MOST]
            for chosen in (_chosen(form, name, value),)
        ]
        if len(entries) > 1 or any(entry.chosen for entry in entries):
            found.append(Facet(name, gettext(labels.FIELDS[name]), entries))
    return found


def _fields(name: str) -> tuple[str, ...]:
    return ("since", "until") if name == "year" else (name,)


def _chosen(form: Form, name: str, value: str) -> bool:
    return all(form.fields.get(field) == value for field in _fields(name))


def _changes(form: Form, name: str, value: str) -> dict[str, str | None]:
    said = None if _chosen(form, name, value) else value
    return dict.fromkeys(_fields(name), said) | ({"today": None} if name == "place" and said is None else {})


def chips(form: Form, listed: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    """The filters that are set, in the form's order; words, sort and page are none."""
    found = []
    for name in FIELDS:
        if name not in form.shown or name in {"q", "sort", "page", "today"}:
            continue
        shown = form.shown[name]
        said = "" if name in {"copies", "after"} else listed.get(name, {}).get(shown, shown)
        if name == "place" and "today" in form.shown:
            said = f"{said}, {gettext(labels.FIELDS['today'])}"
        without = {"today": None} if name == "place" else {}
        found.append(Chip(gettext(labels.FIELDS[name]), said, form.address(**{name: None}, **without)))
    return found
