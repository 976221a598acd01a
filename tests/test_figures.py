"""Figures by place and year: the cells of the frames, decisions at once, contradictions by one rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus import frames
from corpus.articles import save_article
from corpus.catalogue import save_sites, save_units
from corpus.facts import save_reading
from corpus.figures import Wish, contradict, evidence, scope_named, tabulated
from corpus.observations import conflicts
from corpus.query import Query
from corpus.review import decide
from corpus.store import Corpus, open_corpus
from extract.article import Article
from extract.language import read, records
from extract.passage import Passage
from extract.places.records import successors, unit_records

MODELS = "mo_hinh_dan_van_kheo"
FUND = "quy_vi_nguoi_ngheo"
PAPERS = {"ben": "An Giang", "song": "An Giang", "dong": "Kiên Giang", "nui": "Hà Giang"}
# paper, day, text: sentences of our own, read by the rules as the real ones are
TOLD = [
    ("ben", "2021-01-20", "Năm 2020, tỉnh An Giang đăng ký 870 mô hình “Dân vận khéo”."),
    ("ben", "2022-12-20", "Năm 2022, tỉnh An Giang đăng ký 1.240 mô hình “Dân vận khéo”. Nước lũ năm ấy về muộn."),
    ("song", "2022-12-28", "Theo báo cáo cuối kỳ, năm 2022 tỉnh An Giang đăng ký 1.420 mô hình “Dân vận khéo”."),
    ("song", "2024-01-12", "Năm 2023, tỉnh An Giang đăng ký hơn 1.500 mô hình “Dân vận khéo”, hơn cả lời hứa đầu năm."),
    ("dong", "2023-01-12", "Năm 2022, tỉnh Kiên Giang đăng ký 655 mô hình “Dân vận khéo”, nhiều nhất ở hải đảo."),
    ("nui", "2023-01-15", "Năm 2022, tỉnh Hà Giang đăng ký gần 312 mô hình “Dân vận khéo” ở các chợ phiên."),
    ("ben", "2026-01-05", "Năm 2025, tỉnh An Giang đăng ký 2.015 mô hình “Dân vận khéo” sau khi hợp nhất."),
    ("ben", "2023-01-05", "Năm 2022, tỉnh An Giang vận động Quỹ “Vì người nghèo” được gần 41 tỷ đồng, chưa kể gạo."),
]


def fill(path: Path) -> None:
    """A small corpus with two provinces that became one, a contradiction, and qualifiers."""
    with open_corpus(path) as corpus:
        save_units(corpus, unit_records(), successors())
        save_sites(corpus, [{"id": site, "name": f"Báo {site}", "home": "https://x.example/"} for site in PAPERS])
        for site, day, text in TOLD:
            keep(corpus, site, day, text)


def keep(corpus: Corpus, site: str, day: str, text: str) -> None:
    url = f"https://{site}.example/{day}.html"
    article = Article(title=text[:40], body=text, published=day, url=url)
    article_id = save_article(corpus, article, site=site, province=PAPERS[site])
    assert article_id is not None
    passage = Passage(text=article.text, title=article.title, published=date.fromisoformat(day), province=PAPERS[site])
    (reading,) = read([passage])
    save_reading(corpus, article_id, records(reading), None, "test")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("figures") / "f.db"
    fill(path)
    return path


@pytest.fixture
def corpus(db: Path) -> Iterator[Corpus]:
    with open_corpus(db, create=False) as opened:
        yield opened


@pytest.mark.parametrize("today", [False, True])
@pytest.mark.parametrize("how", ["max", "last", "count", "sum"])
@pytest.mark.parametrize("measure", [MODELS, "so_tien", "ho"])
def test_the_table_is_that_of_the_frames(demo_corpus: Corpus, measure: str, how: frames.How, *, today: bool) -> None:
    wanted = frames.pivot(demo_corpus.path, measure, today=today, how=how)
    made = tabulated(demo_corpus, Wish(measure=measure, today=today, how=how))
    names = {place.key: place.path[0] for place in made.places}
    found: dict[tuple[str, int], list[float]] = {}
    for (key, year), cell in made.cells.items():
        found.setdefault((names[key], year), []).append(cell.value)
    # The frames take a province before and since July 2025 together where the name stayed.
    alone = {at: values[0] for at, values in found.items() if len(values) == 1}
    assert made.figures == wanted.attrs["figures"]
    assert found.keys() == {(row, year) for row, year in wanted.stack().dropna().index}
    assert alone == {at: wanted.loc[at] for at in alone}
    assert alone


def test_a_decision_is_seen_at_once(tmp_path: Path) -> None:
    fill(tmp_path / "f.db")
    with open_corpus(tmp_path / "f.db") as corpus:
        wish = Wish(measure=MODELS, accepted=True)
        assert tabulated(corpus, wish).figures == 0
        _, (largest, *_) = evidence(corpus, Wish(measure=MODELS), None, 1)
        decide(corpus, largest.id, "accept", who="lan")
        assert [cell.value for cell in tabulated(corpus, wish).cells.values()] == [2015]
        decide(corpus, largest.id, "reject", who="lan")
        assert tabulated(corpus, wish).figures == 0
        assert all(figure.id != largest.id for figure in evidence(corpus, Wish(measure=MODELS), None, 50)[1])


def test_what_contradicts_is_one_rule(corpus: Corpus) -> None:
    _, told = evidence(corpus, Wish(measure=MODELS), None, 50)
    found = {frozenset((one.id, other.id)) for one in told for other in told if contradict(one, other)}
    pairs = conflicts(corpus, Query(measure=MODELS, limit=0))
    assert found == {frozenset((pair.one.fact, pair.other.fact)) for pair in pairs}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("said", "path"),
    [("An Giang", ("An Giang",)), ("an giang", ("An Giang",)), ("tỉnh Hà Giang", ("Hà Giang",)),
     ("pre:91", ("Kiên Giang",)), ("Nơi nào/Ở đâu", ("Nơi nào", "Ở đâu")), ("", ()), ("//", ())],
)  # fmt: skip
def test_a_place_is_found_as_people_name_it(corpus: Corpus, said: str, path: tuple[str, ...]) -> None:
    assert scope_named(corpus, said) == path


def test_other_levels_have_rows_of_their_own(demo_corpus: Corpus) -> None:
    district = tabulated(demo_corpus, Wish(measure="so_tien", level="district"))
    assert district.places
    assert {len(place.path) for place in district.places} == {2}
    assert district.read.left_out["place"] > 0
    assert len({place.key for place in district.places}) == len(district.places)
