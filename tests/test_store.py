"""The store: opening, transactions, pages, articles and readings kept so that nothing is lost and nothing doubled."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

import pytest

from corpus.articles import Cleaned, articles_to_extract, save_article, save_articles
from corpus.care import check
from corpus.catalogue import save_sites, save_units
from corpus.facts import save_reading, save_readings
from corpus.pages import memory, pages_to_clean, save_page
from corpus.store import Corpus, CorpusError, finish_run, open_corpus, start_run
from corpus.versions import versions
from extract.article import Article

URL = "https://baotrungdu.example/dan-van-1.html"
BODY = (
    "Đến nay, toàn tỉnh có 1.208 mô hình dân vận khéo. Huyện Đồng Lĩnh dẫn đầu với 96 mô hình.\n"
    "Năm 2023, bà con góp 3,2 tỷ đồng làm đường."
)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        save_sites(corpus, [{"id": "trungdu", "name": "Báo Trung Du", "home": "https://baotrungdu.example/"}])
        yield corpus


def article(body: str = BODY, **changed: object) -> Article:
    return Article(**{"title": "Dân vận khéo ở cơ sở", "body": body, "published": "2023-11-20", "url": URL} | changed)


def count(text: str, words: str, value: float, **more: object) -> dict[str, Any]:
    start = text.index(words)
    fact = {
        "kind": "count",
        "text": words,
        "start": start,
        "end": start + len(words),
        "value": value,
        "unit": "mô hình",
        "qualifier": "exact",
        "value_low": value,
        "value_high": value,
        "model": True,
        "rule": "t",
        "confidence": 0.9,
    }
    return fact | more  # fmt: skip


def frame(**more: object) -> dict[str, Any]:
    return {"measure": "models", "role": "implemented", "scope": ["Trung Du"], "period": [None, "2023-11-20"],
            "as_of": "2023-11-20", "frame_confidence": 0.8, "evidence": []} | more  # fmt: skip


def reading(text: str = BODY) -> list[dict[str, Any]]:
    return [
        count(text, "1.208 mô hình", 1208, **frame()),
        count(text, "96 mô hình", 96, **frame(scope=["Trung Du", "Đồng Lĩnh"], link="part",
              part_of=[text.index("1.208"), text.index("1.208") + 13])),
    ]  # fmt: skip


def facts(corpus: Corpus) -> list[tuple[Any, ...]]:
    sql = "SELECT id, text, value, retired_at IS NOT NULL AS gone FROM facts ORDER BY id"
    return [tuple(row) for row in corpus.conn.execute(sql)]


def test_a_file_that_is_no_corpus_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("không phải cơ sở dữ liệu" * 100, encoding="utf-8")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (x)")
    other.close()
    for name, word in (
        ("text.db", "not a corpus"),
        ("other.db", "not a corpus"),
        ("none/a.db", "folder"),
        (".", "folder"),
    ):
        with pytest.raises(CorpusError, match=word) as caught:
            open_corpus(tmp_path / name)
        assert "\n" not in str(caught.value)
    with pytest.raises(CorpusError, match="no such corpus"):
        open_corpus(tmp_path / "missing.db", create=False)


def test_a_locked_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.store.BUSY", 0.01)
    monkeypatch.setattr("corpus.store.TRIES", 2)
    path = tmp_path / "a.db"
    with open_corpus(path) as one, open_corpus(path) as two, one.write(), pytest.raises(CorpusError, match="locked"):
        two.write().__enter__()


def test_a_transaction_that_fails_leaves_nothing(corpus: Corpus) -> None:
    def fail() -> None:
        with corpus.write() as conn:
            conn.execute("INSERT INTO users (name, created_at) VALUES ('lan', '2026-01-01')")
            conn.execute("INSERT INTO users (name, created_at) VALUES ('lan', '2026-01-01')")

    with pytest.raises(sqlite3.IntegrityError):
        fail()
    assert corpus.conn.execute("SELECT count(*) FROM users").fetchone()[0] == 0


def test_writers_in_many_threads_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    open_corpus(path).close()
    failed = []

    def write(name: str) -> None:
        try:
            with open_corpus(path) as corpus:
                for _ in range(25):
                    finish_run(corpus, start_run(corpus, "refresh", name), {})
        except (CorpusError, sqlite3.Error) as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_corpus(path) as corpus:
        rows = corpus.conn.execute("SELECT count(*), count(finished_at) FROM runs").fetchone()
    assert not failed
    assert tuple(rows) == (100, 100)


KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
from test_store import BODY, URL, Cleaned, article, reading
from corpus.facts import save_readings
from corpus.articles import save_articles
from corpus.store import open_corpus
with open_corpus(sys.argv[1]) as corpus:
    for batch in range(100_000):
        many = [Cleaned(article=article(), url=f"{URL}?{batch}-{number}") for number in range(60)]
        ids = save_articles(corpus, many)
        save_readings(corpus, [(one, reading()) for one in ids], None, "1")
        print(batch, flush=True)
"""


def test_a_writer_that_is_killed_leaves_every_article_and_fact_found_by_its_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path / "a.db"), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        for line in writer.stdout:
            if line.strip() == "3":
                writer.kill()
    with open_corpus(tmp_path / "a.db") as corpus:
        articles, facts = corpus.conn.execute(
            "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM facts)"
        ).fetchone()
        read = corpus.conn.execute("SELECT count(*) FROM articles WHERE extracted_version = '1'").fetchone()[0]
        assert articles >= 240
        assert facts == 2 * read >= 480
        assert len(list(articles_to_extract(corpus, "1"))) == articles - read  # the rest is still to be read
        assert list(check(corpus)) == []  # the full text has what its content says


def test_a_run_that_doubles_the_facts_counts_them_for_the_planner(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted() -> list[str]:
        finish_run(corpus, start_run(corpus, "extract", "1"), {})
        if not corpus.conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone():
            return []
        rows = corpus.conn.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'facts_by_article'")
        return [row["stat"].split()[0] for row in rows]

    one = save_article(corpus, article())
    save_reading(corpus, one, reading(), None, "1")
    assert counted() == []  # too few to count
    monkeypatch.setattr("corpus.store.COUNTED_FROM", 0)
    assert counted() == ["2"]
    save_reading(corpus, save_article(corpus, article(), url=f"{URL}?2"), reading(), None, "1")
    assert counted() == ["2"]
    save_reading(corpus, save_article(corpus, article(), url=f"{URL}?3"), reading(), None, "1")
    assert counted() == ["6"]


def test_pages_are_remembered_and_cleaned_once(corpus: Corpus) -> None:
    first = {"url": URL, "site": "trungdu", "status": 200, "fetched_at": "2026-01-01T00:00:00Z", "etag": '"a"',
             "warc_file": "1.warc.gz", "warc_length": 900, "digest": "sha1:x", "outcome": "new"}  # fmt: skip
    page = save_page(corpus, first)
    assert save_page(corpus, first) == page
    save_page(corpus, {"url": URL, "site": "trungdu", "status": 304, "fetched_at": "2026-01-02T00:00:00Z"})
    known = memory(corpus, ["trungdu"])[URL]
    assert (known["status"], known["etag"], known["fetched_at"]) == (304, '"a"', "2026-01-02T00:00:00Z")
    assert [row["id"] for row in pages_to_clean(corpus)] == [page]
    assert save_article(corpus, article(not_article="a listing"), page_id=page) is None
    assert list(pages_to_clean(corpus)) == []
    assert [row["not_article"] for row in pages_to_clean(corpus, everything=True)] == ["a listing"]


def test_an_article_changed_is_a_new_version_unchanged_is_nothing(corpus: Corpus) -> None:
    one = save_article(corpus, article(), site="trungdu", province="Trung Du")
    before = corpus.conn.total_changes
    assert save_article(corpus, article(), site="trungdu", province="Trung Du") == one
    assert corpus.conn.total_changes == before
    save_reading(corpus, one, reading(), None, "1")
    assert list(articles_to_extract(corpus, "1")) == []
    assert save_article(corpus, article(section="Dân vận"), site="trungdu", province="Trung Du") == one
    assert list(articles_to_extract(corpus, "1")) == []  # nothing that extraction looks at
    assert save_article(corpus, article(BODY + " Hết."), site="trungdu", province="Trung Du") == one
    [row] = articles_to_extract(corpus, "1")
    assert (row["text"], row["published"], row["source"]) == (BODY + " Hết.", "2023-11-20", "baotrungdu.example")
    assert [(old.number, old.record["body"]) for old in versions(corpus, one)][:-1] == [(1, BODY), (2, BODY)]


def test_many_articles_are_kept_as_one_by_one_the_same_url_twice_too(corpus: Corpus) -> None:
    many = [Cleaned(article=article(f"{BODY} Bài {number}."), url=f"{URL}?{number % 130}") for number in range(160)]
    ids = save_articles(corpus, [*many, Cleaned(article=article(not_article="a listing"))])
    assert ids == [*range(1, 131), *range(1, 31), None]
    rows = corpus.conn.execute("SELECT id, url, body, version FROM articles ORDER BY id").fetchall()
    assert tuple(rows[1]) == (2, f"{URL}?1", f"{BODY} Bài 131.", 2)
    assert tuple(rows[-1]) == (130, f"{URL}?129", f"{BODY} Bài 129.", 1)
    assert list(check(corpus)) == []
    with pytest.raises(ValueError, match="no URL"):
        save_articles(corpus, [Cleaned(article=article(url=None))])


@pytest.mark.parametrize("rows", [1, 7, 500])
def test_however_many_go_into_a_transaction_the_same_is_written(
    tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"{BODY} Xã thứ {number} có {number + 2} mô hình." for number in range(25)]

    def contents(name: str, rows: int) -> dict[str, list[tuple[Any, ...]]]:
        monkeypatch.setattr("corpus.facts.BATCH", rows)
        with open_corpus(tmp_path / name) as corpus:
            many = [Cleaned(article=article(text), url=f"{URL}?{number}") for number, text in enumerate(texts)]
            ids = save_articles(corpus, many)
            found = [(one or 0, [*reading(text), count(text, f"{n + 2} mô hình", n + 2)])
                     for n, (one, text) in enumerate(zip(ids, texts, strict=True))]  # fmt: skip
            first = save_readings(corpus, found, None, "1")
            less = [(one, records[number % 3 :]) for number, (one, records) in enumerate(found)]
            second = save_readings(corpus, [*less, less[0]], None, "2")  # an article twice
            assert (first.added, second.added, second.kept, second.retired) == (75, 0, 54, 24)
            assert list(check(corpus)) == []
            tables = {"facts": "retired_at", "sentences": "", "observations": "", "places": ""}
            return {
                table: [tuple(cell for name, cell in zip(row.keys(), row, strict=True) if name != moment)
                        for row in corpus.conn.execute(f"SELECT * FROM {table}")]
                for table, moment in tables.items()
            }  # fmt: skip

    assert contents("a.db", rows) == contents("b.db", 40)


def test_only_differences_are_written(corpus: Corpus) -> None:
    one = save_article(corpus, article())
    first = save_reading(corpus, one, reading(), None, "1")
    again = save_reading(corpus, one, reading(), None, "2")
    assert (first.added, again.added, again.kept, again.changed, again.retired) == (2, 0, 2, 0, 0)
    less = save_reading(corpus, one, reading()[:1], None, "3")
    assert (less.kept, less.retired) == (1, 1)
    back = save_reading(corpus, one, reading(), None, "4")
    assert (back.kept, back.changed, back.added) == (1, 1, 0)
    assert facts(corpus) == [(1, "1.208 mô hình", 1208.0, 0), (2, "96 mô hình", 96.0, 0)]


def test_frames_are_kept_with_their_parts_and_parties(corpus: Corpus) -> None:
    one = save_article(corpus, article())
    donor = {"start": 0, "end": 7, "text": BODY[:7]}
    found = reading()
    found[0]["donor"] = donor
    save_reading(corpus, one, found, None, "1")
    row = corpus.conn.execute("SELECT * FROM current_observations WHERE value = 96").fetchone()
    assert (row["part_of"], row["link"], json.loads(row["scope"])) == (1, "part", ["Trung Du", "Đồng Lĩnh"])
    assert corpus.conn.execute("SELECT donor FROM current_observations WHERE id = 1").fetchone()[0] == BODY[:7]
    save_reading(corpus, one, reading(), None, "2")
    assert corpus.conn.execute("SELECT donor FROM current_observations WHERE id = 1").fetchone()[0] is None
    save_reading(corpus, one, [count(BODY, "1.208 mô hình", 1208)], None, "3")
    assert corpus.conn.execute("SELECT count(*) FROM current_observations").fetchone()[0] == 0


def test_a_fact_is_known_by_its_sentence_wherever_it_moves(corpus: Corpus) -> None:
    one = save_article(corpus, article())
    save_reading(corpus, one, reading(), None, "1")
    moved = "Tin từ cơ sở.\n" + BODY
    save_article(corpus, article(moved))
    saved = save_reading(corpus, one, reading(moved), None, "1")
    assert (saved.changed, saved.added, saved.retired) == (2, 0, 0)
    row = corpus.conn.execute("SELECT start, sentence_start, sentence FROM all_facts WHERE id = 2").fetchone()
    assert moved[row["sentence_start"] :].startswith(row["sentence"])
    assert moved[row["start"] :].startswith("96 mô hình")


def test_an_article_that_changed_while_it_was_read_stays_to_read(corpus: Corpus) -> None:
    one = save_article(corpus, article())
    plain = corpus.conn
    save = save_article

    class Changing:
        """The corpus, with somebody saving a new version just before the transaction."""

        conn = plain

        def write(self) -> AbstractContextManager[sqlite3.Connection]:
            save(corpus, article(BODY + " Thêm."))
            return corpus.write()

    assert save_reading(cast(Corpus, Changing()), one, reading(), None, "1").skipped == [one]
    assert [row["id"] for row in articles_to_extract(corpus, "1")] == [one]


def test_a_span_that_is_not_its_text_is_refused(corpus: Corpus) -> None:
    one = save_article(corpus, article())
    wrong = [count(BODY, "96 mô hình", 96) | {"start": 3, "end": 13}]
    with pytest.raises(ValueError, match="reads"):
        save_reading(corpus, one, wrong, None, "1")


def test_units_know_what_lies_within(corpus: Corpus) -> None:
    def unit(key: str, level: str, *path: str, parent: str | None = None) -> dict[str, object]:
        era, code = key.split(":")
        gone = "2025-06-30" if era == "pre" else None
        return {"key": key, "code": code, "era": era, "level": level, "full_name": path[-1], "name": path[-1],
                "parent": parent, "path": path, "last_day": gone}  # fmt: skip

    units = [
        unit("pre:011", "district", "Trung Du", "Đồng Lĩnh", parent="pre:01"),
        unit("pre:01", "province", "Trung Du"),
        unit("pre:012", "district", "Trung Du", "Cẩm Khê", parent="pre:01"),
        unit("post:09", "province", "Sông Thao"),
        unit("post:91", "commune", "Sông Thao", "Đồng Lĩnh", parent="post:09"),
        unit("post:92", "commune", "Sông Thao", "Yên Khê", parent="post:09"),
        unit("post:08", "province", "Đông Hải"),
    ]
    links = [("pre:01", "post:09", "whole"), ("pre:011", "post:91", "part"), ("pre:011", "post:92", "part"),
             ("pre:012", "post:92", "part"), ("pre:012", "post:08", "part")]  # fmt: skip
    assert save_units(corpus, units, links) == 7
    sql = "SELECT above, unit FROM unit_within WHERE today = ? AND above <> unit AND unit LIKE 'pre:%' ORDER BY 1, 2"
    assert [tuple(row) for row in corpus.conn.execute(sql, (0,))] == [("pre:01", "pre:011"), ("pre:01", "pre:012")]
    assert [tuple(row) for row in corpus.conn.execute(sql, (1,))] == [("post:09", "pre:01"), ("post:09", "pre:011")]
    before = corpus.conn.total_changes
    save_units(corpus, units, links)
    assert corpus.conn.total_changes == before
