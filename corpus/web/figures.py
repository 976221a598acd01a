"""Số liệu: one measure by place and year as charts and a table, and the figures behind each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast, get_args
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corpus.figures import Cell, How, Place, Table, Wish, evidence, measured, tabulated
from corpus.kept import kept, moment
from corpus.observations import UNNAMED
from corpus.web import charts, labels, language
from corpus.web.language import gettext
from corpus.web.language import mark as _
from corpus.web.web import corpus_of, page
from extract.facts import Level
from extract.text import fold

PAGE = 20  # figures of evidence on a page
PLACES = 100  # rows of the table on a page
YEARS = 12  # columns of the table where no years were asked for
BARS = 40  # places in the chart
HOWS = {
    "max": _("the largest figure told"),
    "last": _("the figure published last"),
    "count": _("how many figures"),
    "sum": _("the sum of the figures"),
}
MEANING = {
    "max": _("Each cell holds the largest figure that an article tells for the place and year."),
    "last": _("Each cell holds the figure that was published last for the place and year."),
    "count": _("Each cell says how many figures articles tell for the place and year."),
    "sum": _("Each cell adds up all figures told. Beware: several articles may tell of one thing, and a province's "
             "figure holds its districts', so that a sum counts them more than once."),
}  # fmt: skip
UNITS = {"day": _("units of the day"), "today": _("units of today")}
LEFT_OUT = {
    "part": _("parts of another figure"),
    "rate": _("rates"),
    "currency": _("other currencies"),
    "place": _("without a place of this level"),
    "year": _("without a year"),
    "value": _("without a value"),
}
EARLIEST, LATEST = 1900, 2100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks: `fields` as they came, the wish they make, what cannot be read, by field."""

    fields: dict[str, str]
    wish: Wish
    errors: dict[str, str] = field(default_factory=dict)

    def address(self, path: str = "/figures", **changes: str | int | None) -> str:
        """The address of a page of this room with some fields changed (None takes one away)."""
        said = {name: str(value) for name, value in (self.fields | changes).items() if value not in (None, "")}
        return f"{path}?{urlencode(said)}"

    def number(self, name: str, most: int = 10**6) -> int:
        """A field that counts from 1, such as the page; 1 where it says anything else."""
        said = self.fields.get(name, "")
        return int(said) if said.isdecimal() and 0 < int(said) <= most else 1


def asked_of(request: Request) -> Asked:
    """What a request asks; a measure that it does not name is the commonest that counts something."""
    names = ("measure", "role", "level", "units", "how", "first", "last", "accepted", "place", "page")
    fields = {name: said for name in names if (said := request.query_params.get(name, "").strip())}
    errors: dict[str, str] = {}
    known = measured(corpus_of(request))
    if "measure" not in fields:
        fields["measure"] = next((measure for measure in known if measure != UNNAMED), next(iter(known), ""))
    chosen = {
        name: fields.get(name) if _one_of(fields, name, choices, errors) else None
        for name, choices in (("role", labels.PARTS), ("level", get_args(Level)), ("units", UNITS), ("how", HOWS))
    }
    wish = Wish(
        measure=fields["measure"],
        role=chosen["role"],
        level=cast("Level", chosen["level"] or "province"),
        today=chosen["units"] == "today",
        first=_year(fields, "first", errors),
        last=_year(fields, "last", errors),
        accepted=fields.get("accepted") == "1",
        how=cast("How", chosen["how"] or "max"),
    )
    return Asked(fields, wish, errors)


def _one_of(fields: Mapping[str, str], name: str, choices: Any, errors: dict[str, str]) -> bool:  # noqa: ANN401
    if name in fields and fields[name] not in choices:
        errors[name] = gettext("There is no such choice.")
        return False
    return True


def _year(fields: Mapping[str, str], name: str, errors: dict[str, str]) -> int | None:
    said = fields.get(name, "")
    if said and not (said.isdecimal() and EARLIEST <= int(said) <= LATEST):
        errors[name] = gettext("A year is a number such as 2022.")
        return None
    return int(said) if said else None


def choices_of(request: Request, asked: Asked) -> dict[str, Any]:
    """What every page of the room needs: what was asked, the measures to choose from, names and texts."""
    known = measured(corpus_of(request))
    if asked.wish.measure and asked.wish.measure not in known:
        known = [*known, asked.wish.measure]
    named = sorted(((measure, labels.measure(measure)) for measure in known), key=lambda pair: fold(pair[1]))
    return {"asked": asked, "wish": asked.wish, "measures": named, "hows": HOWS, "units": UNITS, "meaning": MEANING,
            "left_out": LEFT_OUT, "measure_name": labels.measure(asked.wish.measure)}  # fmt: skip


def names_of(places: tuple[Place, ...]) -> dict[str, str]:
    """What each place is called, the smallest unit first; of two of one name each says when it existed."""
    plain = {place.key: ", ".join(reversed(place.path)) for place in places}
    shared = Counter(plain.values())
    days = {place.key: language.days((place.first_day, place.last_day)) for place in places}
    return {
        key: f"{name} ({days[key]})" if shared[name] > 1 and days[key] else name for key, name in plain.items()
    }  # fmt: skip


def shown(cell: Cell, table: Table) -> str:
    """What a cell says, in full, with the sign of its qualifier."""
    sign = charts.SIGNS.get(cell.qualifier or "", "")
    return f"{sign}{language.number(cell.value)}"


def kind_of(table: Table) -> str | None:
    """What the values are: money, or a count (of figures too)."""
    return "count" if table.wish.how == "count" else table.read.kind


def mark_of(asked: Asked, table: Table, name: str, cell: Cell, **where: str | int) -> charts.Mark:
    """A cell as a mark of a chart, which leads to the figures behind it."""
    said = gettext("%(name)s: %(value)s (%(number)s figures)") % {
        "name": name, "value": shown(cell, table), "number": language.number(cell.figures),
    }  # fmt: skip
    href = asked.address("/figures/evidence", **{**where, "page": None})
    return charts.Mark(name, cell.value, href, said, cell.qualifier, at=int(where.get("first", 0)))


def figures_page(request: Request) -> Response:
    """Charts and table of what the address asks; a field that cannot be read is named (400)."""
    asked = asked_of(request)
    table = tabulated(corpus_of(request), asked.wish)
    names = names_of(table.places)
    ordered = sorted(table.places, key=lambda place: (fold(names[place.key]), place.key))
    first = (asked.number("page") - 1) * PLACES
    bounded = asked.wish.first or asked.wish.last
    context = choices_of(request, asked) | {
        "table": table,
        "names": names,
        "places": ordered[first : first + PLACES],
        "years": table.years if bounded else table.years[-YEARS:],
        "shown": shown,
        "page_number": asked.number("page"),
        "more": first + PLACES < len(ordered),
        "charts": _charts(request, asked, table, names) if table.figures else None,
        "bars": BARS,
    }
    return page(request, "figures.html", context, 400 if asked.errors else 200)


def _charts(request: Request, asked: Asked, table: Table, names: dict[str, str]) -> tuple[Markup, Markup]:
    """The bars over years and the places compared; drawn once for a moment of the corpus."""

    def draw() -> tuple[Markup, Markup]:
        what = {"measure": labels.measure(asked.wish.measure), "how": gettext(HOWS[asked.wish.how])}
        years = [mark_of(asked, table, str(year), cell, first=year, last=year) for year, cell in table.by_year.items()]
        places = [mark_of(asked, table, names[key], cell, place=key) for key, cell in table.by_place.items()]
        largest = sorted(places, key=lambda mark: (-mark.value, mark.label))[:BARS]
        about = gettext("%(how)s; each bar leads to its figures; the numbers stand in the table.") % what
        return (
            charts.columns("years", gettext("%(measure)s by year") % what, about,
                           sorted(years, key=lambda mark: mark.label), kind_of(table)),
            charts.bars("places", gettext("%(measure)s by place") % what, about, largest, kind_of(table)),
        )  # fmt: skip

    corpus = corpus_of(request)
    what = ("charts", language.current.get(), asked.wish, tuple(sorted(asked.fields.items())))
    return kept(corpus, what, moment(corpus), draw)


def evidence_page(request: Request) -> Response:
    """The figures behind a cell, the largest first."""
    asked = asked_of(request)
    first = (asked.number("page") - 1) * PAGE
    place = asked.fields.get("place")
    total, found = evidence(corpus_of(request), asked.wish, place, PAGE, first)
    table = tabulated(corpus_of(request), replace(asked.wish, first=None, last=None))
    context = choices_of(request, asked) | {
        "place_name": names_of(table.places).get(place, place) if place else None,
        "total": total,
        "found": found,
        "first": first,
        "before": asked.address("/figures/evidence", page=asked.number("page") - 1) if first else None,
        "after": asked.address("/figures/evidence", page=asked.number("page") + 1) if first + PAGE < total else None,
    }
    return page(request, "figures_evidence.html", context, 400 if asked.errors else 200)


ROUTES = [
    Route("/figures", figures_page, name="figures"),
    Route("/figures/evidence", evidence_page, name="evidence"),
]
