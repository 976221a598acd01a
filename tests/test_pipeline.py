"""The whole way: the replica press crawled over real HTTP, and what the commands do with what came."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Baotinh, Run

from corpus.care import backup
from corpus.store import Corpus, open_corpus
from crawler.replica import Press, open_press
from pipeline import HARMED

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with open_press(["song-hau", "vam-co", "dan-van-moi"], bulletin_count=3) as press:
        yield press


def test_demo_tells_what_it_found_and_what_to_try(demo: tuple[Run, Path]) -> None:
    said = demo[0].stdout
    for part in ("articles", "copies of them", "money facts", "mô hình", "tỷ đồng", "baotinh search", "baotinh serve"):
        assert part in said


def test_demo_keeps_each_article_with_its_page_and_its_facts(demo_corpus: Corpus) -> None:
    rows = demo_corpus.conn.execute(
        "SELECT a.title, a.published, a.site_id, p.warc_file, p.digest, count(f.id) AS facts FROM articles AS a "
        "JOIN pages AS p ON p.id = a.page_id LEFT JOIN facts AS f ON f.article_id = a.id GROUP BY a.id"
    ).fetchall()
    assert len(rows) >= 50
    assert all(row["title"] and row["site_id"] and row["digest"] for row in rows)
    assert sum(bool(row["published"]) for row in rows) >= 0.9 * len(rows)  # an old portal prints no days
    assert all((demo_corpus.archive / row["warc_file"]).is_file() for row in rows)
    assert sum(row["facts"] > 0 for row in rows) > 0.9 * len(rows)


def test_demo_finds_what_the_press_prints(demo_corpus: Corpus) -> None:
    with open_press() as press:
        wanted = {(article.site, article.title) for article in press.articles if article.topic}
    rows = demo_corpus.conn.execute("SELECT site_id, title FROM articles").fetchall()
    missing = wanted - {(row["site_id"], row["title"]) for row in rows}
    assert len(missing) <= 0.02 * len(wanted), sorted(missing)


def test_demo_counts_copies_once(demo_corpus: Corpus) -> None:
    with open_press() as press:
        copies = {(article.site, article.title) for article in press.articles if article.copy_of}
    sql = "SELECT site_id, title FROM articles WHERE original_id IS NOT NULL"
    marked = {tuple(row) for row in demo_corpus.conn.execute(sql)}
    assert len(marked) >= 15
    assert marked <= copies


def test_every_fact_reads_as_its_text_says(demo_corpus: Corpus) -> None:
    rows = demo_corpus.conn.execute(
        "SELECT f.text, f.start, f.end, a.text AS whole FROM facts AS f JOIN articles AS a ON a.id = f.article_id"
    )
    read = [(row["text"], row["whole"][row["start"] : row["end"]]) for row in rows]
    assert len(read) > 900
    assert [pair for pair in read if pair[0] != pair[1]] == []


def test_refresh_takes_what_is_new_and_nothing_twice(press: Press, baotinh: Baotinh, tmp_path: Path) -> None:
    press.catalogue(tmp_path / "sites.toml")
    settings = {"BAOTINH_CATALOGUE": "sites.toml", "BAOTINH_REFRESH_DELAY": "0"}
    first = baotinh("refresh", "vam-co", "--topic", "", "--json", **settings)
    assert first.returncode == 0, first.stderr
    kept = json.loads(first.stdout)["sites"]["vam-co"]
    assert kept["new"] >= 3
    asked = len(press.log)
    second = baotinh("refresh", "vam-co", "--topic", "", "--json", **settings)
    assert second.returncode == 0, second.stderr
    assert json.loads(second.stdout)["sites"]["vam-co"]["kept"] == 0
    again = {request.path for request in press.log[asked:] if request.status == 200}
    articles = {article.url.split("/", 3)[3] for article in press.articles if article.site == "vam-co"}
    assert not {path.lstrip("/") for path in again} & articles


def test_ingest_takes_files_and_fills_what_they_do_not_say(baotinh: Baotinh, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    text = (
        "Xã ven sông nhân rộng dân vận khéo\n\nThời gian qua, công tác dân vận ở cơ sở có nhiều cách làm hay.\n\n"
        "Đến nay, toàn tỉnh có 1.215 mô hình “Dân vận khéo”, vận động được hơn 8,6 tỷ đồng giúp hộ nghèo làm nhà. "
        "Nhiều tuyến đường nông thôn được bà con hiến đất mở rộng, xe cộ qua lại dễ dàng quanh năm.\n"
    )
    (folder / "ghi-chep.txt").write_text(text, encoding="utf-8")
    (folder / "anh.png").write_bytes(b"\x89PNG")
    done = baotinh("ingest", "saved", "--published", "2022-03-04", "--site", "angiang", "--db", "a.db")
    assert done.returncode == 0, done.stderr
    with open_corpus(tmp_path / "a.db") as corpus:
        (article,) = corpus.conn.execute("SELECT * FROM articles").fetchall()
        assert (article["published"], article["site_id"], article["province"]) == ("2022-03-04", "angiang", "An Giang")
        figures = {
            row["text"]: row["scope"] for row in corpus.conn.execute("SELECT text, scope FROM current_observations")
        }
    assert figures == {"1.215 mô hình": '["An Giang"]', "8,6 tỷ đồng": '["An Giang"]'}
    again = baotinh("ingest", "saved", "--db", "a.db")
    assert "0  articles" in again.stdout or "articles" not in again.stdout
    assert baotinh("ingest", "saved/anh.png", "--db", "a.db").returncode == 1


def test_a_crawl_can_be_ingested_from_its_warc(demo: tuple[Run, Path], baotinh: Baotinh, tmp_path: Path) -> None:
    warcs = sorted(demo[1].with_name("demo-warc").glob("*.warc.gz"))
    done = baotinh("ingest", *warcs, "--db", "b.db")
    assert done.returncode == 0, done.stderr
    with open_corpus(tmp_path / "b.db") as corpus, open_corpus(demo[1]) as original:
        sql = "SELECT title FROM articles ORDER BY title"
        titles, wanted = ([row[0] for row in each.conn.execute(sql)] for each in (corpus, original))
    assert set(wanted) <= set(titles)


def test_annotate_writes_what_the_corpus_keeps(demo_corpus: Corpus, baotinh: Baotinh, tmp_path: Path) -> None:
    sql = "SELECT id, text, title, published_day, province FROM articles WHERE original_id IS NULL LIMIT 5"
    articles = demo_corpus.conn.execute(sql).fetchall()
    with (tmp_path / "in.jsonl").open("w", encoding="utf-8") as file:
        for row in articles:
            record = {
                "id": row["id"],
                "text": row["text"],
                "title": row["title"],
                "published": row["published_day"],
                "province": row["province"],
                "note": "kept",
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    done = baotinh("annotate", "in.jsonl")
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        record = json.loads(line)
        assert record["note"] == "kept"
        stored = demo_corpus.conn.execute("SELECT start, end, kind FROM facts WHERE article_id = ?", (record["id"],))
        assert {(f["start"], f["end"], f["kind"]) for f in record["facts"]} == {tuple(row) for row in stored}


def test_search_prints_tables_json_and_csv(demo: tuple[Run, Path], baotinh: Baotinh) -> None:
    query = ("search", "dan van kheo", "--kind", "count", "--limit", "3", "--db", demo[1])
    table, lines, cells = (baotinh(*query, "--format", shape).stdout for shape in ("table", "json", "csv"))
    assert "«" in table
    assert "1–3 of" in table
    facts = [json.loads(line) for line in lines.splitlines()]
    assert [fact["text"] for fact in facts] == [row["text"] for row in csv.DictReader(io.StringIO(cells))]
    assert all("dân vận khéo" in fact["sentence"].lower() for fact in facts)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("search", "x", "--db", "none.db"), 1, "no such corpus"),
        (("search", "--kind", "weather"), 2, "weather"),
        (("export", "out", "--db", "none.db"), 1, "no such corpus"),
        (("refresh", "nobody"), 2, "no site 'nobody'"),
        (("refresh", "--since", "yesterday"), 2, "yesterday"),
        (("annotate", "absent.jsonl"), 2, "absent.jsonl"),
        (("annotate", "broken.jsonl"), 1, "line 2"),
        (("clean", "broken.jsonl"), 1, "not a page or text file"),
        (("sites", "--catalogue", "broken.jsonl"), 2, "broken.jsonl"),
        (("serve", "--db", "broken.jsonl"), 1, "not a corpus"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_one_line(
    arguments: tuple[str, ...], status: int, said: str, baotinh: Baotinh, tmp_path: Path
) -> None:
    (tmp_path / "broken.jsonl").write_text('{"id": 1, "text": "Năm 2021"}\nnot json\n', encoding="utf-8")
    done = baotinh(*arguments)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == (1 if status == 1 else 4)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
def test_the_seeds_give_their_figures(baotinh: Baotinh, tmp_path: Path) -> None:
    assert baotinh("ingest", SHARED / "seeds", "--db", "s.db").returncode == 0
    with open_corpus(tmp_path / "s.db") as corpus:
        sql = "SELECT value FROM current_observations WHERE model = 1 OR kind = 'money' ORDER BY value"
        values = [row["value"] for row in corpus.conn.execute(sql)]
        texts = " | ".join(row["text"] for row in corpus.conn.execute("SELECT text FROM facts"))
    assert values == [1479, 2066, 3545, 4664, 4907, 14043, 6e9, 15e9, 40.4e9]
    assert not [trap for trap in ("0 đồng", "68", "05-CT", "XIII") if trap in texts]


def test_review_lists_and_keeps_decisions(demo: tuple[Run, Path], baotinh: Baotinh, tmp_path: Path) -> None:
    db = tmp_path / "r.db"
    with open_corpus(demo[1]) as corpus:
        backup(corpus, db)
        sql = "SELECT id, text FROM current_facts WHERE kind = 'count' AND original_id IS NULL LIMIT 1"
        fact, text = corpus.conn.execute(sql).fetchone()
    assert "sure" in baotinh("review", "--db", db).stdout
    done = baotinh("review", str(fact), "correct", "--set", "value=7", "--by", "an", "--note", "in sai", "--db", db)
    assert done.returncode == 0, done.stderr
    with open_corpus(db) as corpus:
        (row,) = corpus.conn.execute("SELECT text, value, state FROM current_facts WHERE id = ?", (fact,)).fetchall()
        assert tuple(row) == (text, 7, "correct")
        (log,) = corpus.conn.execute("SELECT who, note FROM review_log").fetchall()
        assert tuple(log) == ("an", "in sai")
    for wrong in (("999999", "accept"), (str(fact), "correct", "--set", "colour=red"), (str(fact), "correct")):
        refused = baotinh("review", *wrong, "--db", db)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert baotinh("review", str(fact), "--db", db).returncode == 2


def test_a_harmed_record_is_told_and_the_others_are_cleaned(
    demo: tuple[Run, Path], baotinh: Baotinh, tmp_path: Path
) -> None:
    with open_corpus(demo[1]) as corpus:
        backup(corpus, tmp_path / "h.db")
    shutil.copytree(demo[1].with_name("demo-warc"), tmp_path / "h-warc")
    with open_corpus(tmp_path / "h.db") as corpus:
        sql = "SELECT warc_file, warc_offset FROM pages WHERE outcome = 'new' ORDER BY id LIMIT 1"
        file, offset = corpus.conn.execute(sql).fetchone()
        (articles,) = corpus.conn.execute("SELECT count(*) FROM articles").fetchone()
    with (tmp_path / "h-warc" / file).open("r+b") as warc:
        warc.seek(offset + 40)
        warc.write(b"\0" * 60)
    done = baotinh("extract", "--all", "--db", "h.db")
    assert done.returncode == 0, done.stderr
    assert f"1  {HARMED}" in done.stdout
    assert f"{articles - 1}  articles" in done.stdout
    assert baotinh("verify", "--db", "h.db").returncode == 1
