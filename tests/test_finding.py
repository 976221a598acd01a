"""The doors of looking: every filter, page, count and shape of `search`; saved searches and what is new for them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import Run

from corpus.articles import save_article
from corpus.care import backup
from corpus.facts import save_reading
from corpus.store import open_corpus
from extract.article import Article
from pipeline import main

Ask = Callable[..., Result]


def ask(db: Path, *arguments: str) -> Result:
    door, *rest = arguments
    return CliRunner().invoke(main, [door, "--db", str(db), *rest], prog_name="baotinh")


@pytest.fixture
def search(demo: tuple[Run, Path]) -> Ask:
    """`baotinh search` over the demo's corpus."""
    return lambda *arguments: ask(demo[1], "search", *arguments)


@pytest.fixture
def own(demo: tuple[Run, Path], tmp_path: Path) -> Path:
    """A copy of the demo's corpus, to be written to."""
    with open_corpus(demo[1]) as corpus:
        backup(corpus, tmp_path / "own.db")
    return tmp_path / "own.db"


def facts(done: Result) -> list[dict[str, object]]:
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


# A filter, and what must hold of every fact that it leaves.
FILTERS: list[tuple[list[str], Callable[[dict[str, object]], bool]]] = [
    (["--kind", "money"], lambda fact: fact["kind"] == "money"),
    (["--place", "Can Lộc"], lambda fact: "Can Lộc" in fact["place"]),  # type: ignore[operator]
    (["--place", "Gia Lai", "--today"], lambda fact: fact["place"][0] in {"Gia Lai", "Bình Định"}),  # type: ignore[index]
    (["--level", "commune"], lambda fact: fact["kind"] == "place" and len(fact["place"]) >= 2),  # type: ignore[arg-type]
    (["--measure", "mô hình dân vận khéo"], lambda fact: fact["measure"] == "mo_hinh_dan_van_kheo"),
    (["--role", "biểu dương"], lambda fact: fact["role"] == "recognised"),
    (["--unit", "hộ"], lambda fact: fact["unit"] == "hộ"),
    (["--qualifier", "more"], lambda fact: fact["qualifier"] == "more"),
    (["--site", "song-hau"], lambda fact: fact["site"] == "song-hau"),
    (["--province", "an giang"], lambda fact: fact["province"] == "An Giang"),
    (["--since", "2024-01-01"], lambda fact: str(fact["published"]) >= "2024"),
    (["--until", "2021-12-31"], lambda fact: str(fact["published"]) < "2022"),
    (["--min", "1e9", "--max", "2e9"], lambda fact: 1e9 <= fact["value"] <= 2e9),  # type: ignore[operator]
    (["--confidence", "0.95"], lambda fact: fact["confidence"] >= 0.95),  # type: ignore[operator]
    (["--state", "open"], lambda fact: fact["state"] == "open"),
    (["--copies", "once"], lambda fact: fact["original"] is None),
    (
        ["--from", "2021-01-01", "--to", "2021-12-31"],
        lambda fact: (fact["days"][0] or "") <= "2021-12-31" and (fact["days"][1] or "9") >= "2021-01-01",  # type: ignore[index]
    ),
]


@pytest.mark.parametrize(("given", "holds"), FILTERS, ids=lambda given: given[0] if isinstance(given, list) else "")
def test_every_filter_filters(search: Ask, given: list[str], holds: Callable[[dict[str, object]], bool]) -> None:
    found = facts(search(*given, "--limit", "3000", "--format", "json"))
    assert found
    assert [fact for fact in found if not holds(fact)] == []
    assert len(found) < 1096 or given[0] in {"--copies", "--state"}


def test_copies_may_be_told_each_time(search: Ask) -> None:
    every, once = (facts(search("--copies", how, "--limit", "3000", "--format", "json")) for how in ("all", "once"))
    assert len(every) > len(once)
    assert any(fact["original"] for fact in every)


def test_pages_follow_one_another(search: Ask) -> None:
    whole = facts(search("mô hình", "--sort", "value", "--limit", "9", "--format", "json"))
    pages = [facts(search("mô hình", "--sort", "value", "--limit", "3", "--page", str(page), "--format", "json"))
             for page in (1, 2, 3)]  # fmt: skip
    assert [fact for page in pages for fact in page] == whole
    values = [fact["value"] for fact in whole]
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]
    assert facts(search("mô hình", "--sort", "value", "--limit", "3", "--offset", "3", "--format", "json")) == pages[1]
    assert "nothing from 60,001 on" in search("mô hình", "--page", "3001").stdout
    assert search("--page", "2", "--offset", "3").exit_code == 2


def test_facets_count_what_is_found(search: Ask) -> None:
    total = len(facts(search("mô hình", "--limit", "3000", "--format", "json")))
    [counted] = facts(search("mô hình", "--facets", "--format", "json"))
    assert counted["total"] == total == sum(counted["facets"]["kind"].values())  # type: ignore[index]
    rows = list(csv.DictReader(search("mô hình", "--facets", "--format", "csv").stdout.splitlines()))
    assert {row["facet"] for row in rows} >= {"kind", "site", "province", "year", "measure", "role", "place"}
    assert f"{total} facts" in search("mô hình", "--facets").stdout


def test_the_long_form_has_the_whole_sentence_and_the_page(search: Ask) -> None:
    query = ("hiến đất", "--kind", "count", "--limit", "1")
    [fact] = facts(search(*query, "--format", "json"))
    said = search(*query, "--format", "long").stdout
    start, end = fact["mark"]  # type: ignore[misc]
    sentence = str(fact["sentence"])
    assert " ".join(f"{sentence[:start]}«{sentence[start:end]}»{sentence[end:]}".split()) in said
    assert str(fact["url"]) in said


def test_words_given_up_are_told(search: Ask) -> None:
    assert "no one sentence has all the words" in search("Can Lộc", "vườn", "cán bộ", "xã").stdout
    assert "without regard to diacritics" in search("mô hính").stdout
    assert search("không có từ nào như thế zzz").stdout == "nothing found\n"
    assert search("zzz", "--format", "json").stdout == ""


WRONG = [
    ["--measure", "zzz"],
    ["--role", "zzz"],
    ["--unit", "zzz"],
    ["--site", "zzz"],
    ["--province", "zzz"],
    ["--place", "zzz"],
    ["--place", "/"],
    ["--kind", "zzz"],
    ["--min", "nan"],
    ["--max", "inf"],
    ["--confidence", "2"],
    ["--from", "2021-02-30"],
    ["--place", "\udcff"],
    ["\udcff"],
    ["--save", " "],
]


@pytest.mark.parametrize("given", WRONG)
def test_what_is_wrong_is_said_without_a_traceback(search: Ask, given: list[str]) -> None:
    done = search(*given)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith("Error: ")


def test_no_door_trips_over_what_is_no_unicode(own: Path) -> None:
    for door in (["table", "\udcff"], ["review", "--note", "\udcff", "1", "accept"], ["new", "\udcff"],
                 ["searches", "--forget", "\udcff"], ["observations", "--role", "\udcff"]):  # fmt: skip
        done = ask(own, *door)
        assert (done.exit_code, "not written in UTF-8" in done.stderr) == (2, True)


ODD = ['"', "***", "NEAR(", "-", "a" * 5000, "a b " * 2000, "(" * 300, "%_'; DROP TABLE facts", "40,4", "\x01"]


@pytest.mark.parametrize("words", ODD)
def test_any_words_are_a_query(search: Ask, words: str) -> None:
    assert search("--", words).exit_code == 0


def test_new_tells_what_came_once_and_shows_all_of_it(own: Path) -> None:
    first = ask(own, "search", "bể chứa", "--kind", "count", "--limit", "1", "--save", "bể chứa")
    assert first.exit_code == 0
    assert 'baotinh new "bể chứa"' in first.stderr
    assert "bể chứa: 0 new" in ask(own, "new").stdout
    text = "Xã xây 11 bể chứa. Ấp xây 12 bể chứa. Khóm xây 13 bể chứa."
    found = [{"kind": "count", "text": f"{value} bể chứa", "start": text.index(str(value)), "value": value,
              "end": text.index(str(value)) + 10, "unit": "bể chứa", "qualifier": "exact", "rule": "t",
              "confidence": 0.9} for value in (11, 12, 13)]  # fmt: skip
    with open_corpus(own) as corpus:
        article = save_article(corpus, Article(title="Tin", body=text, url="https://bao.example/be"))
        assert article
        save_reading(corpus, article, found, None, "1")
    assert ask(own, "searches").stdout.splitlines()[-1].split()[-1] == "3"
    kept = facts(ask(own, "new", "bể chứa", "--keep", "--format", "json"))
    assert sorted(fact["value"] for fact in kept) == [11, 12, 13]  # type: ignore[type-var]
    assert "bể chứa: 3 new" in ask(own, "new", "bể chứa").stdout
    assert "bể chứa: 0 new" in ask(own, "new", "bể chứa").stdout


def test_saved_searches_are_listed_and_forgotten(own: Path) -> None:
    assert "no search is saved" in ask(own, "searches").stderr
    assert "no search is saved" in ask(own, "new").stderr
    ask(own, "search", "cầu", "--kind", "count", "--save", "cầu")
    assert "words=cầu kind=count" in ask(own, "searches").stdout
    for door in (("new", "kênh"), ("searches", "--forget", "kênh")):
        done = ask(own, *door)
        assert (done.exit_code, "there are: cầu" in done.stderr) == (2, True)
    assert "no search is saved" in ask(own, "searches", "--forget", "cầu").stderr


def test_export_takes_the_same_filters(demo: tuple[Run, Path], tmp_path: Path) -> None:
    given = ["--measure", "mô hình dân vận khéo", "--role", "biểu dương", "--confidence", "0.5"]
    done = ask(demo[1], "export", str(tmp_path / "out"), *given)
    assert done.exit_code == 0, done.output
    with (tmp_path / "out/observations.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert {(row["measure"], row["role"]) for row in rows} == {("mo_hinh_dan_van_kheo", "recognised")}
    refused = ask(demo[1], "export", str(tmp_path / "none"), "--measure", "zzz")
    assert (refused.exit_code, (tmp_path / "none").exists()) == (2, False)
