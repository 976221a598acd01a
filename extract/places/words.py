"""The words beside a name that decide what it is; words.tsv holds them with a gloss.

Kinds: prefix (value: the level it gives), kind (what a short prefix stands for), notprefix (words that only look like
one), organ (gives the level of the name behind it), descriptor (may stand between a level's word and the name: "huyện
đảo Lý Sơn"), person and thing (the name behind is none of a unit), spared (looks like those and is neither), company
(a bare name within eight words behind is part of its name), body (begins the name of a school, hospital or post that is
called after its place), hero (what schools and streets are called after more often than after a commune), guard (a name
that is a person or an event first, and a unit only behind a prefix), lead (may stand capitalised before a bare name),
institute (one or two capitalised words may stand between it and a name), office (begins a public body's name, all of
whose words may be capitalised: "Cục Thuế"), locative (a bare commune may follow), surname (a person's name begins),
people (behind a hamlet's word those who live there), common (begins what is no name though it stands capitalised behind
a prefix).
"""

from __future__ import annotations

from extract.facts import Level
from extract.places.spelling import spell
from extract.places.units import rows

LEVELS_OF: dict[str, frozenset[Level]] = {
    "province": frozenset({"province"}),
    "city": frozenset({"province", "district"}),
    "district": frozenset({"district"}),
    "commune": frozenset({"commune"}),
    "hamlet": frozenset({"hamlet"}),
}
_KINDS: dict[str, dict[str, str]] = {}
for _kind, _word, _value, _ in rows("words.tsv"):
    _KINDS.setdefault(_kind, {})[_word] = _value

PREFIX = {word: LEVELS_OF[value] for word, value in _KINDS["prefix"].items()}
ORGAN = {word: LEVELS_OF[value] for word, value in _KINDS["organ"].items()}
KIND = _KINDS["kind"]
NOT_PREFIX = frozenset(_KINDS["notprefix"])
PERSON = frozenset(_KINDS["person"])
THING = frozenset(_KINDS["thing"])
COMPANY = frozenset(_KINDS["company"])
GUARD = frozenset(spell(word) for word in _KINDS["guard"])
SPARED = frozenset(_KINDS["spared"])
DESCRIPTOR = frozenset(_KINDS["descriptor"])
LEAD = frozenset(_KINDS["lead"])
PEOPLE = frozenset(_KINDS["people"])
COMMON = frozenset(spell(word) for word in _KINDS["common"])
BODY = frozenset(_KINDS["body"])
HERO = frozenset(spell(word) for word in _KINDS["hero"])
OFFICE = frozenset(_KINDS["office"])
LOCATIVE = frozenset(_KINDS["locative"])
INSTITUTE = frozenset(_KINDS["institute"])
SURNAME = frozenset(_KINDS["surname"])
PREFIX_START = frozenset(word.split()[0] for word in PREFIX)
