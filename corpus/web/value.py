"""What a fact says in words that people read: its value, and what a figure speaks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corpus.amend import Misread
from corpus.web import labels
from corpus.web.language import days, gettext, number
from corpus.web.language import mark as _

DECISIONS = {"accept": _("Accepted"), "correct": _("Corrected"), "reject": _("Rejected"), "open": _("Opened again")}
# What the words decided that are marked beside a figure.
DECIDED = {
    "scope": _("place spoken for"),
    "period": _("period"),
    "role": _("role"),
    "measure": _("what is measured"),
    "source": _("source"),
    "donor": _("giver"),
    "recipient": _("receiver"),
}
AMENDED = {
    "value": _("Value"),
    "days": _("Days"),
    "place": _("Place"),
    "qualifier": _("Told as"),
    "unit": _("Noun counted"),
    "model": _("Models"),
    "currency": _("Currency"),
    "per": _("Per"),
    "measure": _("Measure"),
    "role": _("Role"),
    "scope": _("Speaks for"),
    "period": _("Period"),
}
HINTS = {
    "value": _("such as 12 tỷ đồng, hơn 845, 5 – 10 triệu, 8/10"),
    "days": _("such as 18/01/2022, quý I/2022, năm 2021, từ 2016, đến 30/6/2023"),
    "place": _("such as Phú Tân, An Giang"),
    "unit": _("the noun, such as mô hình"),
    "currency": _("three letters, such as VND"),
    "per": _("of a rate, such as ha/năm"),
    "scope": _("a place, or empty where the text does not say"),
    "period": _("days, a year or “đến nay”; empty where the text does not say"),
}
AMISS = {
    "number": _("This is no number that can be read; write it such as 12 tỷ đồng or 4.664."),
    "money": _("This is money; the field does not take it."),
    "count": _("This counts something; the field does not take it."),
    "date": _(
        "Here a date is not right or cannot be read; a date is written such as 18/01/2022, quý I/2022, năm 2021."
    ),
    "order": _("The end lies before the beginning."),
    "place": _("There was no such unit on the day of the article; write it such as Phú Tân, An Giang."),
    "several": _("Several units have this name; add the province."),
    "words": _("This field cannot be empty or hold this."),
    "currency": _("A currency has three letters, such as VND or USD."),
    "nothing": _("Nothing was changed. If all is right, accept it."),
}
SCALES = ((10**9, _("%(number)s billion")), (10**6, _("%(number)s million")))


def amiss(error: Misread) -> str:
    """What is wrong with what was typed, and the choices where there are several."""
    why = AMISS[error.why]
    said = gettext(why)
    return f"{said} ({'; '.join(error.options)})" if error.options else said


def kept(correction: str | None) -> dict[str, Any] | None:
    """A correction as it is kept, read."""
    return json.loads(correction) if correction else None


def done(decision: str) -> str:
    """What was done to a fact, in a word."""
    label = DECISIONS[decision]
    return gettext(label)


def amount(said: Mapping[str, Any]) -> str:
    """A number with its qualifier and what it counts: "gần 40.400.000.000 VND (40,4 tỷ)", "8 / 10 huyện ủy"."""
    values = [said[name] for name in ("value", "min", "max") if said.get(name) is not None]
    words = [" – ".join(map(number, values))]
    if said.get("total") is not None:
        words = [f"{words[0]} / {number(said['total'])}"]
    if said.get("qualifier") not in {None, "exact"}:
        qualifier = labels.QUALIFIERS[said["qualifier"]]
        words.insert(0, gettext(qualifier))
    if said.get("unit") or said.get("currency"):
        words.append(said.get("unit") or said["currency"])
    if said.get("per"):
        words[-1] += f"/{said['per']}"
    short = next((scale for scale in SCALES if values and min(values) >= scale[0]), None)
    if short:
        words.append(
            "(" + gettext(short[1]) % {"number": " – ".join(number(value / short[0]) for value in values)} + ")"
        )
    return " ".join(words)


def told(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a fact says, line by line: (what, words); of a figure also what it speaks for."""
    if said["kind"] == "date":
        return [(gettext("Days"), days((said["from"], said["to"])))]
    if said["kind"] == "place":
        level = labels.LEVELS.get(said["level"], "")
        return [(gettext("Place"), ", ".join(reversed(said["path"]))), (gettext("Level"), gettext(level))]
    lines = [(gettext("Value"), amount(said))]
    if said.get("model"):
        lines.append((gettext("Models"), gettext("yes")))
    if "measure" in said:
        unsaid = gettext("the text does not say")
        role = labels.PARTS.get(said["role"], said["role"])
        lines += [
            (gettext("Measure"), labels.measure(said["measure"])),
            (gettext("Role"), gettext(role)),
            (gettext("Speaks for"), ", ".join(reversed(said["scope"])) if said["scope"] else unsaid),
            (gettext("Period"), days(said["period"]) if said["period"] else unsaid),
        ]
    return lines


def in_short(said: Mapping[str, Any]) -> str:
    """The lines of `told` as one, without what is a mere yes and what the text does not say."""
    idle = {"", gettext("yes"), gettext("the text does not say")}
    return "; ".join(words for _label, words in told(said) if words not in idle)
