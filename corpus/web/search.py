"""Tìm kiếm: the search box, its filters and what they find."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corpus.search import search
from corpus.web.form import Form, page_links
from corpus.web.web import corpus_of, page


def search_page(request: Request) -> Response:
    """What the query in the address finds; a filter that cannot be read is named (400)."""
    form = Form.of(request.query_params)
    results = search(corpus_of(request), form.query) if form.asked and not form.errors else None
    context = {"form": form, "results": results, "links": page_links(form, results) if results else {}}
    return page(request, "search.html", context, 400 if form.errors else 200)


ROUTES = [Route("/", search_page, name="search")]
