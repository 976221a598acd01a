"""The JSON API: what it tells is what its description says, whatever it is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from conftest import client_of
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from corpus.query import Query
from corpus.saved import save_search
from corpus.search import search
from corpus.store import Corpus, open_corpus
from corpus.web.openapi import VERSION, description

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
API = schemathesis.openapi.from_dict(description())


@pytest.fixture(scope="module")
def web(demo: tuple[object, Path]) -> Iterator[TestClient]:
    with client_of(demo[1]) as client:
        yield client


def rows_of(web: TestClient, address: str, **parameters: str) -> list[dict[str, Any]]:
    """The rows of all pages, from one to the next."""
    page = web.get(VERSION + address, params=parameters).json()
    rows: list[dict[str, Any]] = page["rows"]
    while page["next"]:
        assert page["next"].startswith(f"{VERSION}{address}?")
        page = web.get(page["next"]).json()
        assert page["rows"][0]["id"] > rows[-1]["id"]
        rows += page["rows"]
    return rows


def test_the_words_of_the_command_line_find_the_same(web: TestClient, demo_corpus: Corpus) -> None:
    found = rows_of(web, "/facts", words="dân vận khéo", kind="count", since="2020-01-01", limit="7")
    wanted = search(demo_corpus, Query(words="dân vận khéo", kind="count", since="2020-01-01"))
    assert (len(found), wanted.more) == (wanted.total, False)
    assert {row.key for row in wanted.rows} <= {row["key"] for row in found}


def test_one_by_one(web: TestClient) -> None:
    fact = web.get(f"{VERSION}/facts?limit=1").json()["rows"][0]
    assert web.get(f"{VERSION}/facts/{fact['id']}").json() == fact
    article = web.get(f"{VERSION}/articles/{fact['article']}").json()
    assert article["text"][fact["start"] : fact["end"]] == fact["text"]
    figure = web.get(f"{VERSION}/observations?limit=1").json()["rows"][0]
    assert web.get(f"{VERSION}/observations/{figure['id']}").json() == figure
    unit = web.get(f"{VERSION}/units", params={"name": "an giang", "on": "2025-07-01"}).json()["rows"][0]
    assert web.get(f"{VERSION}/units/{unit['key']}").json() == unit


def test_saved_searches_are_the_askers(demo: tuple[object, Path], tmp_path: Path) -> None:
    with open_corpus(tmp_path / "s.db") as corpus:
        save_search(corpus, "nhà", Query(words="nhà đại đoàn kết", kind="count"))
        save_search(corpus, "khác", Query(words="x"), owner="somebody")
    with client_of(tmp_path / "s.db") as web:
        rows = web.get(f"{VERSION}/searches").json()["rows"]
        assert [(row["name"], row["query"]) for row in rows] == [
            ("nhà", {"words": "nhà đại đoàn kết", "kind": "count"})
        ]


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/facts?kind=weather", 400, "kind"),
        ("/facts?since=yesterday", 400, "since"),
        ("/facts?min=nan", 400, "min"),
        ("/facts?limit=0", 400, "limit"),
        ("/facts?limit=9999", 400, "limit"),
        ("/facts?colour=red", 400, "no parameter 'colour'"),
        ("/facts?place=Atlantis", 400, "no place 'Atlantis'"),
        ("/facts?cursor=x", 400, "cursor"),
        ("/facts?words=%00", 400, "words"),
        ("/facts/999999999", 404, "/facts/999999999"),
        ("/facts/99999999999999999999999", 404, "nothing"),
        ("/facts/0", 404, "nothing at"),
        ("/units/nowhere", 404, "nothing at"),
        ("/nothing", 404, "Không có trang này"),
    ],
)
def test_what_cannot_be_answered_is_said_as_a_problem(web: TestClient, address: str, status: int, said: str) -> None:
    answer = web.get(VERSION + address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert said in answer.json()["detail"]


def test_it_is_read_only(web: TestClient) -> None:
    assert [web.request(method, f"{VERSION}/facts").status_code for method in ("POST", "PUT", "DELETE")] == [405] * 3


def test_the_description_is_served_and_names_every_filter_of_the_command_line(web: TestClient) -> None:
    served = web.get(f"{VERSION}/openapi.json").json()
    assert served == json.loads(json.dumps(description()))
    names = {one["name"] for one in served["paths"][f"{VERSION}/facts"]["get"]["parameters"]}
    assert names >= {"words", "kind", "place", "since", "until", "from", "to", "min", "max", "measure", "role", "state"}


@API.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_it(case: schemathesis.Case, web: TestClient) -> None:
    answer = web.request(case.method, case.formatted_path, params=case.query)
    case.validate_response(answer, checks=CHECKS)
