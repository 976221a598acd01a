"""Figures across articles: conflicts, bounds that agree, copies, series, and the door that prints them."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus.articles import save_article
from corpus.catalogue import save_sites
from corpus.doors.figures import observations as door
from corpus.duplicates import find_copies
from corpus.facts import save_reading
from corpus.observations import as_csv, as_json, as_table, conflicts, observations, series
from corpus.query import Query
from corpus.store import Corpus, open_corpus
from extract.article import Article
from extract.language import read, records
from extract.passage import Passage

ANY = Query(limit=0)
PAPERS = {"ben": "An Giang", "song": "An Giang", "dong": "Kiên Giang"}
# site, day, text: sentences of our own, read by the finders as the real ones are
TOLD = [
    ("ben", "2021-01-20", "Giai đoạn 2016 - 2020, tỉnh An Giang xây dựng 9.870 mô hình “Dân vận khéo”."),
    ("song", "2022-01-18", "Đến nay, tỉnh An Giang xây dựng 3.215 mô hình “Dân vận khéo”, phần nhiều do dân tự bàn."),
    ("ben", "2022-12-20", "Năm 2022, tỉnh An Giang đăng ký 1.240 mô hình “Dân vận khéo”. Nước lũ năm ấy về muộn."),
    ("song", "2022-12-28", "Theo báo cáo cuối kỳ, năm 2022 tỉnh An Giang đăng ký 1.420 mô hình “Dân vận khéo”."),
    ("ben", "2023-01-05", "Năm 2022, tỉnh An Giang vận động Quỹ “Vì người nghèo” được gần 41 tỷ đồng, chưa kể gạo."),
    ("song", "2023-01-09", "Năm 2022, tỉnh An Giang vận động Quỹ “Vì người nghèo” được 40,6 tỷ đồng để cất nhà."),
    ("dong", "2023-01-12", "Năm 2022, tỉnh Kiên Giang đăng ký 655 mô hình “Dân vận khéo”, nhiều nhất ở hải đảo."),
]


def keep(corpus: Corpus, site: str, day: str, text: str, url: str | None = None) -> int:
    """Saves one article as the refresh does: cleaned, read, its facts and frames kept."""
    url = url or f"https://{site}.example/{day}.html"
    article = Article(title=text[:40], body=text, published=day, url=url)
    article_id = save_article(corpus, article, site=site, province=PAPERS[site])
    assert article_id is not None
    passage = Passage(text=article.text, title=article.title, published=date.fromisoformat(day), province=PAPERS[site])
    (reading,) = read([passage])
    save_reading(corpus, article_id, records(reading), None, "test")
    return article_id


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as opened:
        save_sites(opened, [{"id": site, "name": site, "home": f"https://{site}.example/"} for site in PAPERS])
        for told in TOLD:
            keep(opened, *told)
        yield opened


def test_different_figures_for_one_thing_are_a_conflict_with_both_sentences(corpus: Corpus) -> None:
    (pair,) = conflicts(corpus, ANY)
    assert [pair.one.value, pair.other.value] == [1240, 1420]
    assert pair.one.scope == pair.other.scope == ("An Giang",)
    assert pair.one.period == pair.other.period == ("2022-01-01", "2022-12-31")
    assert (pair.one.sentence, pair.other.sentence) == (TOLD[2][2].split(" Nước")[0], TOLD[3][2])


def test_bounds_that_meet_are_no_conflict_and_bounds_that_do_not_are(corpus: Corpus) -> None:
    money = Query(measure="quỹ vì người nghèo", limit=0)
    assert [told.figure for told in observations(corpus, money)] == ["40,6 tỷ đồng", "gần 41 tỷ đồng"]
    assert conflicts(corpus, money) == []
    keep(corpus, "song", "2023-02-01", "Năm 2022, tỉnh An Giang vận động Quỹ “Vì người nghèo” được hơn 44 tỷ đồng.")
    assert {(pair.one.figure, pair.other.figure) for pair in conflicts(corpus, money)} == {
        ("gần 41 tỷ đồng", "hơn 44 tỷ đồng"),
        ("40,6 tỷ đồng", "hơn 44 tỷ đồng"),
    }


def test_a_copy_counts_once_and_contradicts_nobody(corpus: Corpus) -> None:
    before = observations(corpus, ANY)
    hamlets = (f"Xóm {word} trồng thêm hàng dừa, dọn bờ kênh, góp công mỗi chủ nhật." for word in "ABCDEFGH")
    long = f"{TOLD[2][2]} {' '.join(hamlets)}"
    first = keep(corpus, "ben", "2022-12-30", long)
    assert len(observations(corpus, ANY)) == len(before) + 1
    keep(corpus, "song", "2022-12-31", long)
    find_copies(corpus)
    ids = {row[0] for row in corpus.conn.execute("SELECT article_id FROM current_observations")}
    assert first in ids
    assert len(observations(corpus, ANY)) == len(before) + 1
    assert len(conflicts(corpus, ANY)) == 2  # the new article says 1.240 as well: one more pair, not two


def test_a_share_stands_in_a_series_and_its_parts_do_not(corpus: Corpus) -> None:
    text = (
        "Hiện nay, tỉnh Kiên Giang có 700 mô hình “Dân vận khéo” thực hiện (trong số 760 mô hình đăng ký), "
        "trong đó có 400 mô hình của tập thể và 360 mô hình của cá nhân."
    )
    keep(corpus, "dong", "2024-02-02", text)
    (models,) = series(corpus, Query(place="Kiên Giang", measure="mo_hinh_dan_van_kheo", limit=0))
    assert sorted(point.value or 0 for point in models.points) == [655, 700, 760]


def test_sums_for_no_named_purpose_are_a_series_only_when_asked_for(corpus: Corpus) -> None:
    keep(corpus, "dong", "2024-02-02", "Năm 2023, tỉnh Kiên Giang vận động được 30 tỷ đồng.")
    keep(corpus, "dong", "2025-02-02", "Năm 2024, tỉnh Kiên Giang vận động được 35 tỷ đồng.")
    assert series(corpus, Query(place="Kiên Giang", limit=0)) == []
    (sums,) = series(corpus, Query(place="Kiên Giang", measure="số tiền", limit=0))
    assert [point.days[:4] for point in sums.points] == ["2023", "2024"]


def test_a_series_follows_one_measure_and_place_through_its_periods(corpus: Corpus) -> None:
    found = series(corpus, Query(place="An Giang", measure="mo_hinh_dan_van_kheo", limit=0))
    (models,) = found
    assert models.scope == ("An Giang",)
    assert [(point.value, point.days) for point in models.points] == [
        (9870, "2016-01-01 – 2020-12-31"),
        (3215, "… – 2022-01-18"),
        (1240, "2022-01-01 – 2022-12-31"),
        (1420, "2022-01-01 – 2022-12-31"),
    ]
    assert series(corpus, Query(place="Kiên Giang", limit=0)) == []  # one article is no series


@pytest.mark.parametrize(
    ("wish", "values"),
    [
        ({"place": "Kiên Giang"}, [655]),
        ({"measure": "mô hình dân vận khéo", "since": "2022-12-25", "until": "2022-12-31"}, [1420]),
        ({"role": "implemented"}, [3215, 9870]),
        ({"measure": "khong_co"}, []),
        ({"limit": 1, "offset": 1, "measure": "mo_hinh_dan_van_kheo"}, [1420]),
    ],
)
def test_filters(corpus: Corpus, wish: dict[str, Any], values: list[float]) -> None:
    assert [told.value for told in observations(corpus, Query(**({"limit": 0} | wish)))] == values


def test_formats(corpus: Corpus) -> None:
    pairs = conflicts(corpus, ANY)
    table = as_table(pairs)
    assert "1.240 mô hình" in table
    assert "1.420 mô hình" in table
    assert "mo_hinh_dan_van_kheo · An Giang" in table
    assert as_table([]) == "nothing found"
    (line,) = as_json(pairs).splitlines()
    assert json.loads(line)["other"]["value"] == 1420
    rows = list(csv.DictReader(io.StringIO(as_csv(series(corpus, Query(place="An Giang", limit=0))))))
    assert {row["scope"] for row in rows} == {"An Giang"}
    assert rows[0]["period"] == "2016-01-01/2020-12-31"
    assert rows[1]["period"] == "../2022-01-18"


def test_the_door(corpus: Corpus) -> None:
    def run(*args: str) -> str:
        result = CliRunner().invoke(door, ["--db", str(corpus.path), *args], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    assert run("--place", "Kiên Giang").count("655 mô hình") == 1
    assert "1.240 mô hình" in run("--conflicts")
    assert len(run("--format", "json").splitlines()) == len(TOLD)
    assert run("--series", "--format", "csv").splitlines()[0].startswith("group,fact,measure")
    assert run("--since", "2030-01-01") == "nothing found\n"
