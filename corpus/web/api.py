"""The JSON API under /api/v1: articles, facts, observations, units and saved searches, read-only, page by cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from corpus.doors.options import FILTERS
from corpus.doors.options import query_of as made
from corpus.listing import Listing, article_rows, articles, fact_rows, facts, unit_rows, units
from corpus.query import Query
from corpus.saved import saved_searches
from corpus.store import Corpus
from corpus.web.openapi import PATHS, VERSION, Path, description
from corpus.web.web import corpus_of, owner_of

LARGEST = 2**63 - 1  # what SQLite takes for a whole number
Answer = Callable[[Request, Corpus, dict[str, Any]], Any]


class Problem(Exception):
    """What is wrong with a request, with its status, as RFC 9457 tells it."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status

    def response(self) -> Response:
        """The answer that says so."""
        body = {"type": "about:blank", "status": self.status, "detail": str(self)}
        return JSONResponse(body, self.status, media_type="application/problem+json")


def asked(path: Path, said: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a request as Python's values, under the query's names; Problem for one that cannot be read."""
    options = {option.opts[0].removeprefix("--"): option for option in path.options()}
    if unknown := said.keys() - options.keys():
        raise Problem(400, f"no parameter {min(unknown)!r}; there are: {', '.join(sorted(options))}")
    found: dict[str, Any] = {}
    context = click.Context(click.Command("api"))
    for name, option in options.items():
        if name not in said:
            continue
        if "\0" in said[name]:
            raise Problem(400, f"{name}: no text")
        try:
            value = option.type.convert(said[name], option, context)
            found[str(option.name)] = option.callback(context, option, value) if option.callback else value
        except click.ClickException as error:
            raise Problem(400, f"{name}: {error.message}") from error
    return found


def query_of(corpus: Corpus, wishes: Mapping[str, Any]) -> Query:
    """The query of these wishes, as the command line makes it; Problem for a name of which there is nothing."""
    filters = {name: value for name, value in wishes.items() if name in FILTERS}
    try:
        return made(corpus, (wishes.get("words") or "",), **filters)
    except click.ClickException as error:
        raise Problem(400, error.message) from error


def page_of(request: Request, found: Listing) -> dict[str, Any]:
    """A page as the API gives it: its rows, and the address of the next."""
    following = found.cursor and str(
        request.url.include_query_params(cursor=found.cursor).replace(netloc="", scheme="")
    )
    return {"rows": found.rows, "next": following}


def list_facts(request: Request, corpus: Corpus, wishes: dict[str, Any], *, observations: bool = False) -> Any:  # noqa: ANN401
    """A page of facts, or of those that are observations."""
    query = query_of(corpus, wishes)
    found = facts(corpus, query, cursor=wishes.get("cursor"), limit=wishes.get("limit", 100), observations=observations)
    return page_of(request, found)


def list_observations(request: Request, corpus: Corpus, wishes: dict[str, Any]) -> Any:  # noqa: ANN401
    """A page of observations."""
    return list_facts(request, corpus, wishes, observations=True)


def list_articles(request: Request, corpus: Corpus, wishes: dict[str, Any]) -> Any:  # noqa: ANN401
    """A page of articles."""
    query = query_of(corpus, wishes)
    return page_of(request, articles(corpus, query, cursor=wishes.get("cursor"), limit=wishes.get("limit", 100)))


def list_units(request: Request, corpus: Corpus, wishes: dict[str, Any]) -> Any:  # noqa: ANN401
    """A page of units."""
    on = wishes.pop("on", None)
    return page_of(request, units(corpus, on=on and on.isoformat(), **wishes))


def one_fact(request: Request, corpus: Corpus, wishes: dict[str, Any]) -> Any:  # noqa: ANN401
    """The fact of an id."""
    return _only(request, fact_rows(corpus, [_id(request)]))


def one_observation(request: Request, corpus: Corpus, wishes: dict[str, Any]) -> Any:  # noqa: ANN401
    """The observation of a fact's id."""
    return _only(request, fact_rows(corpus, [_id(request)], observations=True))


def one_article(request: Request, corpus: Corpus, wishes: dict[str, Any]) -> Any:  # noqa: ANN401
    """The article of an id."""
    return _only(request, article_rows(corpus, [_id(request)]))


def one_unit(request: Request, corpus: Corpus, wishes: dict[str, Any]) -> Any:  # noqa: ANN401
    """The unit of a key."""
    return _only(request, unit_rows(corpus, [request.path_params["key"]]))


def list_searches(request: Request, corpus: Corpus, wishes: dict[str, Any]) -> Any:  # noqa: ANN401
    """The searches that the asker saved."""
    found = saved_searches(corpus, owner=owner_of(request))
    return {"rows": [{"name": one.name, "query": one.query.mapping(), "seen_at": one.seen_at} for one in found]}


def _id(request: Request) -> int:
    number: int = request.path_params["id"]
    return min(number, LARGEST)


def _only(request: Request, rows: list[dict[str, Any]]) -> dict[str, Any]:
    if not rows:
        raise Problem(404, f"there is nothing at {request.url.path}")
    return rows[0]


def openapi(request: Request) -> Response:
    """The description of the API (OpenAPI 3.1)."""
    return JSONResponse(description())


def _endpoint(path: Path, answer: Answer) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(answer(request, corpus_of(request), asked(path, request.query_params)))
        except Problem as problem:
            return problem.response()
        except ValueError as error:
            return Problem(400, str(error)).response()

    return endpoint


ANSWERS: dict[str, Answer] = {
    "/facts": list_facts,
    "/facts/{id}": one_fact,
    "/observations": list_observations,
    "/observations/{id}": one_observation,
    "/articles": list_articles,
    "/articles/{id}": one_article,
    "/units": list_units,
    "/units/{key}": one_unit,
    "/searches": list_searches,
}
ROUTES = [
    Route(f"{VERSION}/openapi.json", openapi, name="openapi"),
    *(
        Route(VERSION + path.route, _endpoint(path, ANSWERS[path.address]), name=f"api {path.address}")
        for path in PATHS
    ),
]
