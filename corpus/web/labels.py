"""What the codes of the corpus are called on the pages; `gettext` turns each into the reader's language."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from corpus.query import measure_of
from corpus.web.language import current
from corpus.web.language import mark as _
from extract.observations.cues import rows

KINDS = {"count": _("Count"), "money": _("Money"), "place": _("Place"), "date": _("Date")}
STATES = {"open": _("not reviewed"), "accept": _("accepted"), "correct": _("corrected"), "reject": _("rejected")}
ROLES = {
    "reader": _("reader"),
    "reviewer": _("reviewer"),
    "researcher": _("researcher"),
    "admin": _("administrator"),
}
QUALIFIERS = {
    "exact": _("exactly"),
    "approx": _("about"),
    "less": _("nearly"),
    "more": _("more than"),
    "at_least": _("at least"),
    "at_most": _("at most"),
}
# Roles of figures: of model counts, of other counts and of money.
PARTS = {
    "registered": _("registered"),
    "implemented": _("implemented"),
    "recognised": _("recognised"),
    "raised": _("raised"),
    "given": _("given"),
    "invested": _("invested"),
    "worth": _("worth"),
    "lent": _("lent"),
    "spent": _("spent"),
    "built": _("built"),
    "contributed": _("contributed"),
    "existing": _("existing"),
    "held": _("held"),
    "helped": _("helped"),
    "other": _("other"),
}
LEVELS = {"province": _("province"), "district": _("district"), "commune": _("commune"), "hamlet": _("hamlet")}
CURRENCIES = {"VND": "₫"}
# What people choose from in the search, beside the tables above.
DECISIONS = {**STATES, "decided": _("decided on")}
SORTS = {"relevance": _("most relevant"), "date": _("newest"), "value": _("largest value")}
# The fields of the search, by their names in the address.
FIELDS = {
    "q": _("Words"),
    "kind": _("Kind"),
    "place": _("Place"),
    "today": _("by today's units"),
    "since": _("Published since"),
    "until": _("Published until"),
    "min": _("Value from"),
    "max": _("Value to"),
    "measure": _("Measure"),
    "role": _("Role"),
    "unit": _("Noun counted"),
    "qualifier": _("Told as"),
    "level": _("Level"),
    "site": _("Paper"),
    "province": _("Province of the paper"),
    "from": _("Its own days from"),
    "to": _("Its own days to"),
    "confidence": _("Confidence from"),
    "state": _("State"),
    "copies": _("with copies"),
    "after": _("new since I looked"),
    "year": _("Year of publication"),
}

# The pages that the head of every page leads to, and the role that each needs.
ROOMS = (
    ("/", _("Search"), "reader"),
    ("/saved", _("Saved searches"), "reviewer"),
    ("/figures", _("Figures"), "reader"),
    ("/review", _("Review"), "reviewer"),
    ("/runs", _("Runs"), "reader"),
)


def measure(term: str) -> str:
    """What a measure is called: in Vietnamese as the vocabulary has it, in English its gloss, else the term itself."""
    vietnamese, english = _measures().get(term, ("", ""))
    return (english if current.get() == "en" else vietnamese) or term.replace("_", " ")


def noun(said: str) -> str:
    """The noun of the vocabulary that is meant, with or without diacritics; any other as typed, in small letters."""
    return _nouns().get(measure_of(said), (said.lower(), ""))[0]


@cache
def _nouns() -> dict[str, tuple[str, str]]:
    """The nouns that are counted, with their glosses, by what they are without diacritics."""
    text = files("extract.counts").joinpath("nouns.tsv").read_text(encoding="utf-8")
    nouns = csv.DictReader(text.splitlines(), delimiter="\t")
    return {measure_of(row["noun"]): (row["noun"], row["gloss"]) for row in nouns}


@cache
def _measures() -> dict[str, tuple[str, str]]:
    """The names of measures, in Vietnamese and English; a measure outside their vocabulary is a noun's."""
    return _nouns() | {term: (label, gloss) for term, label, gloss, *_ in rows("measures.tsv")}
