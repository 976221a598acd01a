"""Tìm kiếm: the search box, its filters and what they find; suggestions as one types; the result as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from corpus.contents import Contents, contents, newest
from corpus.highlight import Words
from corpus.kept import kept, moment
from corpus.query import Query, has_diacritics, plain_words
from corpus.search import Results, find, page_of
from corpus.store import Corpus
from corpus.suggest import places_like
from corpus.web import labels
from corpus.web.exports import SHAPES
from corpus.web.facets import FEW, chips, choices, facets
from corpus.web.form import PAGE, Form, place_label
from corpus.web.language import gettext
from corpus.web.web import corpus_of, page

NEAR = 2  # pages before and after this one that are named
EXAMPLES = 3  # measures of which an example tells
BIG = 1_000_000_000  # đồng
SEARCHES = 100  # that are kept, of some 300 KB each at most


def search_page(request: Request) -> Response:
    """What the query in the address finds; a filter that cannot be read is named (400).

    An address that says more than it must leads to the short one.
    """
    corpus = corpus_of(request)
    form = Form.of(request.query_params, corpus)
    if not form.errors and form.fields != dict(request.query_params):
        return RedirectResponse(form.canonical, 303)
    listed = choices(corpus)
    context: dict[str, Any] = {"form": form, "listed": listed, "words": Words()}
    if form.errors:
        return page(request, "search.html", context, 400)
    if not form.asked:
        held = contents(corpus)
        context |= {"contents": held, "examples": examples(held), "newest": newest(corpus)}
        return page(request, "search.html", context)
    context |= told(form, results_of(corpus, form.query), listed)
    return page(request, "search.html", context)


def results_of(corpus: Corpus, query: Query) -> Results:
    """The page of a query; what it finds is kept while somebody turns its pages and nothing in the corpus changes."""
    asked = replace(query, offset=0, limit=PAGE)
    found = kept(corpus, asked, moment(corpus), lambda: find(corpus, asked), room="search", most=SEARCHES)
    return page_of(corpus, query, found)


def told(form: Form, results: Results, listed: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What the template tells of results beside their rows."""
    words = form.query.words
    set_by = chips(form, listed)
    return {
        "results": results,
        "words": Words(words, exact=results.exact),
        "loosely": bool(words) and has_diacritics(words) and not results.exact,
        "facets": facets(form, results, listed),
        "few": FEW,
        "chips": set_by,
        "links": page_links(form, results),
        "pages": pages(form.page, -(-results.total // PAGE)),
        "sorts": {name: gettext(label) for name, label in labels.SORTS.items() if words or name != "relevance"},
        "sort": form.query.sort or ("relevance" if words else "date"),
        "shapes": SHAPES,
        "suggested": ", ".join([*filter(None, [words]), *(chip.said or chip.label for chip in set_by)])[:100],
    }


def page_links(form: Form, results: Results) -> dict[str, str]:
    """The addresses of the page before and after, where there is one."""
    links = {}
    if form.page > 1:
        links["before"] = form.address(page=str(form.page - 1) if form.page > 2 else None)
    if results.query.offset + PAGE < results.total:
        links["after"] = form.address(page=str(form.page + 1))
    return links


def pages(this: int, last: int) -> list[int | None]:
    """The pages to name: the first, those about this one, the last; None where some are left out between."""
    named = [number for number in range(1, last + 1) if number in {1, last} or abs(number - this) <= NEAR]
    found: list[int | None] = []
    for before, number in zip([0, *named], named, strict=False):
        found += [None, number] if number - before > 1 else [number]
    return found


def examples(held: Contents) -> list[tuple[str, str]]:
    """Searches to begin with, of measures and places that the corpus tells of: (what they ask, their address)."""
    province = next(iter(held.provinces), None)
    year = (held.days[1] or "")[:4]
    wanted: list[tuple[str, dict[str, str]]] = []
    for term in [term for term in held.measures if term != "so_tien"][:EXAMPLES]:
        words = " ".join(plain_words(labels.measure(term)))
        largest = gettext("%(measure)s, the largest first") % {"measure": words}
        wanted += [(words, {"q": words}), (largest, {"measure": term, "sort": "value"})]
    if province:
        said = {"place": province}
        wanted += [
            (gettext("Figures of %(place)s") % said, {**said, "kind": "count"}),
            (gettext("Sums from 1 billion đồng on in %(place)s") % said, {**said, "kind": "money", "min": str(BIG)}),
        ]
    if year:
        label = gettext("Published in %(year)s, the newest first") % {"year": year}
        wanted.append((label, {"since": year, "until": year, "sort": "date"}))
    return [(label, f"/?{urlencode(fields)}") for label, fields in wanted]


def suggest_places(request: Request) -> Response:
    """Units whose name begins as `q`: a list of {"label", "value"}, the value being what the field takes."""
    found = places_like(corpus_of(request), request.query_params.get("q", ""))
    said = [place_label(unit) for unit in found]
    kept = {"cache-control": "private, max-age=60"}
    return JSONResponse([{"label": one, "value": one} for one in said], headers=kept)


ROUTES = [
    Route("/", search_page, name="search"),
    Route("/suggest/places", suggest_places, name="suggest-places"),
]
