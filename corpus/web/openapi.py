"""What the JSON API answers and takes, told once: as options that read a request, and as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, get_args

import click

from corpus.doors.options import DAY, FILTERS, as_day, as_text
from corpus.export.tables import Field
from corpus.listing import table
from extract.facts import Level

VERSION = "/api/v1"
MOST = 1000  # rows of a page
WORDS = click.option("--words", callback=as_text, help="Words, as in the search box: “…” is a phrase, tom* a prefix.")
PAGES = (
    click.option("--limit", type=click.IntRange(1, MOST), help="Rows of a page, 100 by default."),
    click.option("--cursor", callback=as_text, help="Where the page begins, from the `next` of the page before."),
)
# How articles and units are looked for; facts and observations take every filter of the command line.
OF_ARTICLES = ("site", "province", "since", "until", "copies")
OF_UNITS = (
    click.option("--name", callback=as_text, help="Only units of this name, with or without diacritics."),
    click.option("--level", type=click.Choice(get_args(Level)), help="Only units of this level."),
    click.option("--on", type=DAY, callback=as_day, metavar="YYYY-MM-DD", help="Only units that existed on this day."),
)
JSON_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "figure": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "datetime": {"type": ["string", "null"], "format": "date-time"},
    "list": {"type": ["array", "null"], "items": {"type": "string"}},
    "object": {"type": ["object", "array", "null"]},
}
ID = {"type": "integer", "description": "The id in this corpus, as in the addresses of these pages"}


@dataclass(frozen=True, slots=True)
class Path:
    """An address of the API: what it gives (a table of the dataset, or searches), and the options it takes."""

    address: str
    summary: str
    gives: str
    takes: tuple[Callable[..., Any], ...] = ()

    @property
    def route(self) -> str:
        """The address in Starlette's words."""
        return self.address.replace("{id}", "{id:int}").replace("{key}", "{key:path}")

    @property
    def one(self) -> bool:
        """Whether it gives one row and no page of them."""
        return self.address.endswith("}")

    def options(self) -> list[click.Option]:
        """The options, in the order told."""

        def taker() -> None: ...

        for give in reversed(self.takes):
            give(taker)
        made: list[click.Option] = list(getattr(taker, "__click_params__", []))
        return made[::-1]


PATHS = (
    Path("/facts", "Facts, by id", "facts", (WORDS, *FILTERS.values(), *PAGES)),
    Path("/facts/{id}", "One fact", "facts"),
    Path(
        "/observations", "Figures with what they speak for, by id", "observations", (WORDS, *FILTERS.values(), *PAGES)
    ),
    Path("/observations/{id}", "One figure", "observations"),
    Path("/articles", "Articles, by id", "articles", (WORDS, *(FILTERS[name] for name in OF_ARTICLES), *PAGES)),
    Path("/articles/{id}", "One article", "articles"),
    Path("/units", "Administrative units through time, by key", "units", (*OF_UNITS, *PAGES)),
    Path("/units/{key}", "One unit", "units"),
    Path("/searches", "The searches that the asker saved", "searches"),
)


@cache
def description() -> dict[str, Any]:
    """The whole API as an OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Báo Tỉnh",
            "version": version("baotinh"),
            "description": "Facts from Vietnam's provincial press, read-only. Names are those of the exported dataset. "
            "Sign in by the pages' cookie or by a token of `baotinh users token`.",
        },
        "paths": {VERSION + path.address: {"get": _operation(path)} for path in PATHS},
        "components": {
            "schemas": {name: _row(name) for name in ("facts", "observations", "articles", "units")}
            | {"searches": SEARCH, "problem": PROBLEM},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "baotinh"},
            },
        },
        "security": [{"token": []}, {"session": []}],
    }


SEARCH = {
    "type": "object",
    "required": ["name", "query", "seen_at"],
    "properties": {
        "name": {"type": "string"},
        "query": {"type": "object", "description": "The filters that it sets"},
        "seen_at": {"type": ["string", "null"], "description": "When its owner last looked"},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "status", "detail"],
    "properties": {"type": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}},
}


def _row(name: str) -> dict[str, Any]:
    fields = {field.name: _field(field) for field in table(name).fields}
    known = {"facts": ("id", "article"), "observations": ("id", "article"), "articles": ("id",)}.get(name, ())
    properties = dict.fromkeys(known, ID) | fields
    return {"type": "object", "description": table(name).en, "required": list(properties), "properties": properties}


def _field(field: Field) -> dict[str, Any]:
    return JSON_TYPES[field.type] | {"description": f"{field.en} ({field.vi})"}


def _operation(path: Path) -> dict[str, Any]:
    row = {"$ref": f"#/components/schemas/{path.gives}"}
    page = {"type": "object", "required": ["rows"], "properties": {"rows": {"type": "array", "items": row}}}
    if not path.one and path.takes:
        page["properties"] |= {"next": {"type": ["string", "null"], "description": "Address of the next page"}}  # type: ignore[operator]
    wrong = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}}
    found = {"description": "Found", "content": {"application/json": {"schema": row if path.one else page}}}
    answers = {"200": found, "400": wrong | {"description": "A parameter cannot be read, or names nothing"}}
    if path.one:
        answers["404"] = wrong | {"description": "There is no such thing"}
    answers["401"] = {"description": "Nobody signed in"}
    parameters = [_parameter(option) for option in path.options()]
    if path.one:
        kind = {"type": "integer", "minimum": 1} if "{id}" in path.address else {"type": "string"}
        name = "id" if "{id}" in path.address else "key"
        parameters = [{"name": name, "in": "path", "required": True, "schema": kind}]
    name = path.address.strip("/").replace("/{id}", "_one").replace("/{key}", "_one")
    return {"operationId": name, "summary": path.summary, "parameters": parameters, "responses": answers}


def _parameter(option: click.Option) -> dict[str, Any]:
    name = option.opts[0].removeprefix("--")
    return {"name": name, "in": "query", "description": option.help, "schema": _schema(option.type)}


def _schema(kind: click.ParamType[Any]) -> dict[str, Any]:
    if isinstance(kind, click.Choice):
        return {"type": "string", "enum": list(kind.choices)}
    if isinstance(kind, click.DateTime):
        return {"type": "string", "format": "date"}
    if isinstance(kind, click.IntRange | click.FloatRange):
        number = {"type": "integer" if isinstance(kind, click.IntRange) else "number"}
        return number | {
            name: bound for name, bound in (("minimum", kind.min), ("maximum", kind.max)) if bound is not None
        }
    if kind is click.BOOL:
        return {"type": "boolean"}
    return {"type": "number"} if kind is click.FLOAT else {"type": "string"}
