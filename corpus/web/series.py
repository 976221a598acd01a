"""Theo thời gian: what articles tell of one measure and place, with what the words allow and what is contradicted."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corpus.figures import Figure, contradict, scope_named, told_of
from corpus.kept import kept, moment
from corpus.observations import Series, series
from corpus.query import Query
from corpus.web import charts, labels, language
from corpus.web.figures import asked_of, choices_of
from corpus.web.language import gettext
from corpus.web.web import corpus_of, page

POINTS = 120  # figures in one chart
SERIES = 100  # series in the list


def series_page(request: Request) -> Response:
    """The series of the place in the address or, without one, the measure's places of which several articles tell."""
    asked = asked_of(request)
    corpus = corpus_of(request)
    place = scope_named(corpus, asked.fields.get("place", ""))
    context = choices_of(request, asked)
    if not place:
        query = Query(measure=asked.wish.measure, role=asked.wish.role, limit=0)
        found: list[Series] = (
            kept(corpus, ("series", query), moment(corpus), lambda: series(corpus, query)) if query.measure else []
        )
        return page(request, "figures_series.html", context | {"series": found[:SERIES], "number": len(found)})
    told = told_of(corpus, asked.wish.measure, place, asked.wish.role, POINTS)
    if asked.wish.accepted:
        told = [figure for figure in told if figure.state in {"accept", "correct"}]
    disputed = disputed_of(told)
    context |= {
        "place": place,
        "told": told,
        "disputed": disputed,
        "points": POINTS,
        "chart": _chart(asked.wish.measure, place, told, disputed),
    }
    return page(request, "figures_series.html", context)


def disputed_of(told: list[Figure]) -> set[int]:
    """The figures that contradict another one of these."""
    return {figure.id for one, other in combinations(told, 2) if contradict(one, other) for figure in (one, other)}


def moment_of(figure: Figure) -> float | None:
    """The middle of a figure's period, or the one day that it tells, where a whole number is the middle of its year."""
    days = figure.period if figure.period and all(figure.period) else (figure.day, figure.day)
    told = [date.fromisoformat(day) for day in days if day]
    return sum(day.year + (day.timetuple().tm_yday - 1) / 365 - 0.5 for day in told) / len(told) if told else None


def point_of(figure: Figure, at: float, *, disputed: bool) -> charts.Mark:
    """A figure as a point of the chart, which leads to its sentence."""
    role = gettext(labels.PARTS.get(figure.role, figure.role))
    said = [f"{charts.SIGNS.get(figure.qualifier or '', '')}{language.number(figure.value)}", role,
            language.days(figure.period), figure.paper or figure.title]  # fmt: skip
    if disputed:
        said.append(gettext("contradicted"))
    return charts.Mark(
        label="", value=figure.value or 0, href=f"/articles/{figure.article}#f{figure.id}",
        title=", ".join(part for part in said if part), qualifier=figure.qualifier, at=at,
        low=figure.low, high=figure.high, group=role, disputed=disputed,
    )  # fmt: skip


def _chart(measure: str, place: tuple[str, ...], told: list[Figure], disputed: set[int]) -> Markup | None:
    dated = [(figure, moment_of(figure)) for figure in told]
    marks = [point_of(figure, at, disputed=figure.id in disputed) for figure, at in dated if at is not None]
    if not marks:
        return None
    said = {"measure": labels.measure(measure), "place": ", ".join(reversed(place))}
    about = gettext("Each point is a figure and leads to its sentence; an arrow or line says what its words allow.")
    return charts.points("series", gettext("%(measure)s, %(place)s over time") % said, about, marks, told[0].kind)


ROUTES = [Route("/figures/series", series_page, name="series")]
