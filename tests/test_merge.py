"""Two corpora become one: export, import, nothing twice, and what people disagree on is listed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Baotinh

from corpus.export import export
from corpus.merge import merge
from corpus.query import Query
from corpus.review import decide
from corpus.schema import CorpusError
from corpus.search import search
from corpus.store import Corpus, open_corpus


@pytest.fixture(scope="module")
def reviewed(demo: tuple[object, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's corpus with decisions of every sort."""
    path = tmp_path_factory.mktemp("merge") / "demo.db"
    shutil.copy(demo[1], path)
    with open_corpus(path) as corpus:
        ids = figures(corpus)
        decide(corpus, ids[:5], "accept", who="lan")
        decide(corpus, ids[5], "correct", who="lan", correction={"value": 12.5, "scope": ["An Giang", "Phú Tân"]})
        decide(corpus, ids[6:9], "reject", who="minh", note="tên một chương trình")
        decide(corpus, ids[0], "reject", who="minh")
        decide(corpus, ids[0], "open", who="lan")
        wholes = "SELECT DISTINCT part_of FROM observations WHERE part_of IS NOT NULL LIMIT 1"
        decide(corpus, corpus.conn.execute(wholes).fetchone()[0], "reject", who="lan")
        money = "SELECT id FROM current_observations WHERE kind = 'money' ORDER BY key LIMIT 1"
        decide(corpus, corpus.conn.execute(money).fetchone()[0], "accept", who="lan")
        (date,) = corpus.conn.execute("SELECT id FROM facts WHERE kind = 'date' LIMIT 1").fetchone()
        decide(corpus, date, "correct", who="lan", correction={"from": None, "to": "2024-01-01"})
        (place,) = corpus.conn.execute("SELECT id FROM facts WHERE kind = 'place' LIMIT 1").fetchone()
        decide(corpus, place, "correct", who="lan", correction={"path": ["Cà Mau"], "level": "province"})
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "new.db") as corpus:
        yield corpus


def figures(corpus: Corpus) -> list[int]:
    sql = "SELECT id FROM current_observations WHERE value_max IS NULL ORDER BY id"
    return [row[0] for row in corpus.conn.execute(sql)]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def write(path: Path, folder: Path, shape: str, query: Query) -> dict[str, bytes]:
    with open_corpus(path) as source:
        list(export(source, folder, shape, query))
    return files(folder)


@pytest.mark.parametrize(
    ("shape", "query"), [("jsonl", Query(copies=True)), ("parquet", Query()), ("jsonl", Query(kind="money"))]
)
def test_export_import_export_gives_the_same_bytes(
    shape: str, query: Query, reviewed: Path, corpus: Corpus, tmp_path: Path
) -> None:
    first = write(reviewed, tmp_path / "first", shape, query)
    merged = merge(corpus, tmp_path / "first")
    assert merged.articles
    assert merged.reviews
    assert merged.conflicts == merged.left == []
    list(export(corpus, tmp_path / "second", shape, query))
    second = files(tmp_path / "second")
    assert [name for name in first if first[name] != second[name]] == []


def test_nothing_comes_twice(reviewed: Path, corpus: Corpus, tmp_path: Path) -> None:
    write(reviewed, tmp_path / "set", "jsonl", Query(copies=True))
    first = merge(corpus, tmp_path / "set")
    again = merge(corpus, tmp_path / "set")
    assert (again.articles, again.facts, again.reviews, again.known) == (0, 0, 0, first.reviews)


def test_a_merge_keeps_the_other_ones_decisions_and_lists_conflicts(reviewed: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.db"
    write(reviewed, tmp_path / "set", "jsonl", Query(copies=True))
    with open_corpus(mine) as corpus:
        merge(corpus, tmp_path / "set")
        both, other = figures(corpus)[1], figures(corpus)[20]
        decide(corpus, both, "reject", who="quang")
        decide(corpus, other, "accept", who="quang")
        list(export(corpus, tmp_path / "theirs", "jsonl", Query(copies=True)))
    with open_corpus(reviewed) as source, open_corpus(tmp_path / "copy.db") as corpus:
        source.conn.backup(corpus.conn)
    with open_corpus(tmp_path / "copy.db") as corpus:
        key = "SELECT id FROM facts WHERE key = (SELECT key FROM facts WHERE id = ?)"
        decide(corpus, corpus.conn.execute(key, (both,)).fetchone()[0], "correct", who="hoa", correction={"value": 7})
        merged = merge(corpus, tmp_path / "theirs")
        assert merged.reviews == 2
        (conflict,) = merged.conflicts
        assert "reject by quang" in conflict
        assert "correct to" in conflict
        assert corpus.conn.execute("SELECT state FROM facts WHERE id = ?", (both,)).fetchone()[0] == "correct"


def test_an_imported_corpus_can_be_searched(reviewed: Path, corpus: Corpus, tmp_path: Path) -> None:
    write(reviewed, tmp_path / "set", "parquet", Query(copies=True))
    merge(corpus, tmp_path / "set")
    with open_corpus(reviewed) as source:
        for query in (Query(words="dân vận khéo"), Query(place="An Giang/Phú Tân"), Query(low=1e9, kind="money")):
            ours, theirs = search(corpus, query), search(source, query)
            assert ours.total == theirs.total > 0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("datapackage.json", "{", "no datapackage.json"),
        ("datapackage.json", '{"name": "other", "resources": []}', "not a dataset of Báo Tỉnh"),
        ("facts.jsonl", '{"url": "x"}\n', "not a whole dataset"),
        ("articles.jsonl", "", "not a whole dataset"),
        ("reviews.jsonl", '{"fact"', "not a whole dataset"),
    ],
)
def test_a_damaged_set_is_told_in_one_line(  # noqa: PLR0917
    name: str, text: str, said: str, reviewed: Path, corpus: Corpus, tmp_path: Path
) -> None:
    write(reviewed, tmp_path / "set", "jsonl", Query(kind="money"))
    for table in ("units", "succession"):  # many rows that are of no matter here
        (tmp_path / "set" / f"{table}.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "set" / name).write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=said):
        merge(corpus, tmp_path / "set")


def test_csv_cannot_be_imported(reviewed: Path, corpus: Corpus, tmp_path: Path) -> None:
    write(reviewed, tmp_path / "set", "csv", Query(kind="money"))
    with pytest.raises(CorpusError, match="only jsonl and parquet"):
        merge(corpus, tmp_path / "set")


def test_the_command_says_what_came(reviewed: Path, tmp_path: Path, baotinh: Baotinh) -> None:
    rows = write(reviewed, tmp_path / "set", "jsonl", Query(kind="money"))["articles.jsonl"].splitlines()
    done = baotinh("import", tmp_path / "set", "--db", "new.db")
    assert done.returncode == 0, done.stderr
    assert f"{len(rows)}  articles added" in done.stdout
    assert json.loads(rows[0])["url"]
