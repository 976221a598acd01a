"""Bản đồ: a dot for each province where its seat of government lies, as large as its value; no tiles, no borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import cos, radians, sqrt

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corpus.figures import Place, tabulated
from corpus.kept import kept, moment
from corpus.web import charts, labels, language
from corpus.web.figures import Asked, asked_of, choices_of, kind_of, mark_of, names_of, shown
from corpus.web.language import gettext
from corpus.web.web import corpus_of, page

WEST, EAST, SOUTH, NORTH = 101.4, 112.6, 8.2, 23.6  # degrees, with room for names over the sea
WIDTH, HEIGHT = 440, 620  # pixels
LARGEST, SMALLEST = 42, 6  # pixels across
NAMED = 10  # dots with their names beside them
NAME = (3.6, 0.55)  # degrees that a name takes
MIDDLE = 16.0  # the latitude at which a degree of longitude has its right length


def map_page(request: Request) -> Response:
    """The map of what the address asks, by the provinces before July 2025 or those of today, and the list beside it."""
    asked = asked_of(request)
    asked = replace(asked, wish=replace(asked.wish, level="province"))
    asked.fields["level"] = "province"
    corpus = corpus_of(request)
    table = tabulated(corpus, asked.wish)
    names = names_of(table.places)
    dotted = [place for place in table.places if place.lat is not None and _of_era(place, asked)]
    marks = [(place, mark_of(asked, table, names[place.key], table.by_place[place.key], place=place.key))
             for place in dotted]  # fmt: skip
    marks.sort(key=lambda pair: (-pair[1].value, pair[1].label))
    what = ("map", language.current.get(), tuple(sorted(asked.fields.items())))
    kind = kind_of(table)
    context = choices_of(request, asked) | {
        "table": table,
        "names": names,
        "shown": shown,
        "marks": marks,
        "located": any(place.lat is not None for place in table.places),
        "without": [place for place in table.places if place not in dotted],
        "map": kept(corpus, what, moment(corpus), lambda: _drawn(asked, marks, kind)) if marks else None,
    }
    return page(request, "figures_map.html", context, 400 if asked.errors else 200)


def _of_era(place: Place, asked: Asked) -> bool:
    """Whether the place is a province of the time that the map shows."""
    return (place.last_day is None) == asked.wish.today


def _named(marks: Sequence[tuple[Place, charts.Mark]]) -> list[tuple[Place, charts.Mark]]:
    """The largest dots whose names do not stand on one another."""
    named: list[tuple[Place, charts.Mark]] = []
    for place, mark in marks:
        away = [
            (abs((place.lon or 0) - (other.lon or 0)), abs((place.lat or 0) - (other.lat or 0))) for other, _ in named
        ]
        if len(named) < NAMED and all(east > NAME[0] or north > NAME[1] for east, north in away):
            named.append((place, mark))
    return named


def _drawn(asked: Asked, marks: Sequence[tuple[Place, charts.Mark]], kind: str | None) -> Markup:
    largest = max(mark.value for _, mark in marks) or 1

    def draw(canvas: charts.Canvas) -> None:
        axes = canvas.axes
        for place, mark in marks:  # the small ones above the large ones
            across = max(SMALLEST, LARGEST * sqrt(max(0, mark.value) / largest))
            (dot,) = axes.plot([place.lon or 0], [place.lat or 0], "o", ms=across, alpha=0.75,
                               mew=1.2, mfc=charts.CLASSES["mark1"], mec=charts.CLASSES["paper"])  # fmt: skip
            canvas.link(dot, mark)
        for place, mark in _named(marks):
            room = 3 + max(SMALLEST, LARGEST * sqrt(max(0, mark.value) / largest)) / 2
            said = charts.plain(f"{place.path[0]} {charts.told(mark, kind)}")
            axes.annotate(said, (place.lon or 0, place.lat or 0), (room, 0), textcoords="offset points",
                          va="center", fontsize=charts.SIZE - 2, in_layout=False)  # fmt: skip
        axes.set(xlim=(WEST, EAST), ylim=(SOUTH, NORTH), aspect=1 / cos(radians(MIDDLE)))
        axes.set_xticks(range(102, 111, 2), [f"{degree}°" for degree in range(102, 111, 2)])
        axes.set_yticks(range(10, 23, 2), [f"{degree}°" for degree in range(10, 23, 2)])
        axes.tick_params(length=0, labelsize=charts.SIZE - 2)
        axes.grid(visible=True)
        axes.spines[:].set_visible(False)

    title = gettext("%(measure)s on the map") % {"measure": labels.measure(asked.wish.measure)}
    about = gettext("A dot for each province at its seat; its area is the value; it leads to the figures.")
    return charts.chart("map", title, about, draw, height=HEIGHT, width=WIDTH)


ROUTES = [Route("/figures/map", map_page, name="map")]
