"""What people name in a query (a measure, role, noun, paper, province or place), in their words or by its id; what
there is none of is answered by what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import Any

from corpus.places import PREFIX, is_place
from corpus.query import Query, measure_of
from corpus.store import Corpus
from extract.observations.cues import roles, rows
from extract.text import fold, one_tone

SHOWN = 16  # of what there is, in an answer
CORRECTED = "SELECT 1 FROM reviews WHERE correction ->> '$.{}' = ?"


def named(corpus: Corpus, query: Query) -> Query:
    """The query with ids for what a person named; ValueError says what there is where there is nothing of a name.

    A measure and a role that the rules know are right though no figure has them yet, a province that is a unit too.
    """
    finders = {"measure": _measure, "unit": _noun, "site": _site, "province": _province}
    found: dict[str, Any] = {
        name: find(corpus, getattr(query, name)) for name, find in finders.items() if getattr(query, name)
    }
    if query.role:
        found["role"] = _role(corpus, query.role, query.kind)
    if query.place and not is_place(corpus, query.place):
        names = [row[0] for row in corpus.conn.execute("SELECT DISTINCT name FROM units")]
        last = PREFIX.sub("", query.place.split("/")[-1].strip())
        raise _unknown("place", query.place, near(last, names))
    return replace(query, **found)


@cache
def measures() -> dict[str, str]:
    """The measures that the rules know: id → what it is called in Vietnamese."""
    return {term: label for term, label, *_ in rows("measures.tsv")}


def near(said: str, known: Iterable[str]) -> list[str]:
    """What is spelt about as `said`, the likest first, whatever the diacritics and signs."""
    by_form = {_form(one): one for one in known}
    return [by_form[form] for form in get_close_matches(_form(said), by_form, n=5, cutoff=0.6)]


def _form(said: str) -> str:
    return measure_of("".join(sign if sign.isalnum() else " " for sign in said))


def _unknown(what: str, said: str, known: Sequence[str]) -> ValueError:
    if not known:
        return ValueError(f"no {what} {said!r}, and none like it")
    more = ", …" if len(known) > SHOWN else ""
    return ValueError(f"no {what} {said!r}; there are: {', '.join(known[:SHOWN])}{more}")


def _measure(corpus: Corpus, said: str) -> str:
    term = _form(said)
    by_name = {_form(label): known for known, label in measures().items()}
    for phrase, known in ((phrase, row[0]) for row in rows("measures.tsv") for phrase in row[3].split(" | ")):
        by_name.setdefault(_form(phrase), known)
    sql = f"SELECT 1 FROM observations WHERE measure = ?1 UNION ALL {CORRECTED.format('measure')}1 LIMIT 1"
    if term in measures() or corpus.conn.execute(sql, (term,)).fetchone():
        return term
    if term in by_name:
        return by_name[term]
    told = [row[0] for row in corpus.conn.execute("SELECT measure FROM observations GROUP BY 1 ORDER BY count(*) DESC")]
    raise _unknown("measure", said, near(said, [*told, *measures()]) or told)


def _role(corpus: Corpus, said: str, kind: str | None) -> str:
    """A role by its id or by a word that stands for it; "đăng ký" means one of counts and another of money."""
    wanted = [row for row in roles() if kind is None or (row.kind == "money") == (kind == "money")]
    known = list(dict.fromkeys(row.role for row in wanted))
    if _form(said) in known:
        return _form(said)
    meant = list(dict.fromkeys(row.role for row in wanted if _form(row.cue) == _form(said)))
    if len(meant) > 1:
        raise ValueError(f"the role {said!r} may be {' or '.join(meant)}; name one, or the kind of fact")
    sql = f"SELECT 1 FROM observations WHERE role = ?1 UNION ALL {CORRECTED.format('role')}1 LIMIT 1"
    if meant or corpus.conn.execute(sql, (said,)).fetchone():
        return (meant or [said])[0]
    raise _unknown("role", said, known)


def _noun(corpus: Corpus, said: str) -> str:
    sql = f"SELECT 1 FROM facts WHERE unit = ?1 UNION ALL {CORRECTED.format('unit')}1 LIMIT 1"
    if corpus.conn.execute(sql, (said.lower(),)).fetchone():
        return said.lower()
    told = corpus.conn.execute("SELECT unit FROM facts WHERE unit IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC")
    known = [row[0] for row in told]
    return _spelt("unit", said, known, known)


def _site(corpus: Corpus, said: str) -> str:
    sites = {row["id"]: row["name"] for row in corpus.conn.execute("SELECT id, name FROM sites ORDER BY id")}
    if said in sites:
        return said
    by_name = {name: site for site, name in sites.items()}
    return str(by_name[_spelt("site", said, list(by_name), near(said, sites) or list(sites))])


def _province(corpus: Corpus, said: str) -> str:
    sql = (
        "SELECT DISTINCT province FROM articles WHERE province IS NOT NULL UNION "
        "SELECT name FROM units WHERE level = 'province' ORDER BY 1"
    )
    known = [row[0] for row in corpus.conn.execute(sql)]
    return _spelt("province", PREFIX.sub("", said.strip()), known, known)


def _spelt(what: str, said: str, known: Sequence[str], told: Sequence[str]) -> str:
    """The one of `known` that is `said`, as it stands, in another tone placement, or without diacritics."""
    forms: tuple[Callable[[str], str], ...] = (str, lambda name: one_tone(name).lower(), fold)
    for form in forms:
        if same := [name for name in known if form(name) == form(said)]:
            return same[0]
    raise _unknown(what, said, [*near(said, known), *(name for name in told if name not in known)] or told)
