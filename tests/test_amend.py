"""What people type into a fact's fields: read by the extractor, refused where the field cannot hold it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_review import fact, keep, row

from corpus.amend import (
    Misread,
    amended,
    amount_typed,
    days_typed,
    days_written,
    number_written,
    period_typed,
    place_typed,
    shown,
)
from corpus.case import case
from corpus.catalogue import save_units
from corpus.review import decide
from corpus.store import Corpus, open_corpus

DAY = date(2022, 1, 18)
AMOUNTS: list[tuple[str, str, dict[str, Any]]] = [
    ("money", "12 tỷ đồng", {"value": 12_000_000_000, "currency": "VND"}),
    ("money", "12.000.000.000", {"value": 12_000_000_000}),
    ("money", "12000000000", {"value": 12_000_000_000}),
    ("money", "1,5 triệu", {"value": 1_500_000}),
    ("money", "gần 40,4 tỷ", {"value": 40_400_000_000, "qualifier": "less"}),
    ("money", "từ 5 đến 10 triệu đồng", {"min": 5_000_000, "max": 10_000_000, "currency": "VND"}),
    ("money", "500 USD", {"value": 500, "currency": "USD"}),
    ("money", "20 triệu đồng/ha", {"value": 20_000_000, "currency": "VND", "per": "ha"}),
    ("count", "845", {"value": 845}),
    ("count", "hơn 845", {"value": 845, "qualifier": "more"}),
    ("count", "1.479 cá nhân", {"value": 1479, "unit": "cá nhân"}),
    ("count", "16 – 20", {"min": 16, "max": 20}),
    ("count", "8/10", {"value": 8, "total": 10}),
]


@pytest.mark.parametrize(("kind", "typed", "said"), AMOUNTS)
def test_amounts_are_read_as_in_a_paper(kind: str, typed: str, said: dict[str, Any]) -> None:
    assert amount_typed(typed, kind, DAY) == said


DAYS = [
    ("18/01/2022", ("2022-01-18", "2022-01-18")),
    ("2022-01-18", ("2022-01-18", "2022-01-18")),
    ("năm 2021", ("2021-01-01", "2021-12-31")),
    ("2021", ("2021-01-01", "2021-12-31")),
    ("5/2021", ("2021-05-01", "2021-05-31")),
    ("quý I/2022", ("2022-01-01", "2022-03-31")),
    ("giai đoạn 2016 - 2020", ("2016-01-01", "2020-12-31")),
    ("01/10/2022 – 30/09/2023", ("2022-10-01", "2023-09-30")),
    ("từ tháng 3/2020 đến quý II/2021", ("2020-03-01", "2021-06-30")),
    ("từ 2011", ("2011-01-01", None)),
    ("từ năm 2011 đến nay", ("2011-01-01", None)),
    ("đến 18/01/2022", (None, "2022-01-18")),
]


@pytest.mark.parametrize(("typed", "said"), DAYS)
def test_days_are_read_as_in_a_paper(typed: str, said: tuple[str | None, str | None]) -> None:
    assert days_typed(typed, DAY) == said
    assert days_typed(days_written(*said), DAY) == said


def test_now_ends_a_period_on_the_day_of_publication() -> None:
    assert period_typed("đến nay", DAY) == (None, "2022-01-18")
    assert period_typed("từ năm 2016 đến nay", DAY) == ("2016-01-01", "2022-01-18")
    assert period_typed("năm nay", DAY) == ("2022-01-01", "2022-12-31")


WRONG = [
    ("days", "12 tỷ đồng", "money"),
    ("days", "845 mô hình", "count"),
    ("days", "31/02/2022", "date"),
    ("days", "sắp tới", "date"),
    ("days", "", "date"),
    ("days", "từ 2023 đến 2021", "order"),
    ("money", "năm 2021", "date"),
    ("money", "nhiều", "number"),
    ("money", "", "number"),
    ("money", "12 tỷ đồng và 5 tỷ đồng", "number"),
    ("money", "9" * 30, "number"),
    ("count", "12 tỷ đồng", "money"),
    ("count", "<script>", "number"),
]


@pytest.mark.parametrize(("field", "typed", "why"), WRONG)
def test_what_a_field_cannot_hold_is_refused_by_its_reason(field: str, typed: str, why: str) -> None:
    with pytest.raises(Misread) as caught:
        days_typed(typed, DAY) if field == "days" else amount_typed(typed, field, DAY)
    assert caught.value.why == why


def unit(level: str, *path: str, first: str | None = None, last: str | None = None) -> dict[str, Any]:
    key = f"{'post' if first else 'pre'}:{'/'.join(path)}"
    names = {"full_name": path[-1], "name": path[-1], "path": path, "first_day": first, "last_day": last}
    return names | {"key": key, "code": key, "era": key.split(":", maxsplit=1)[0], "level": level}


OLD, NEW = "2025-06-30", "2025-07-01"
UNITS = [
    unit("province", "An Giang"),
    unit("province", "Cà Mau"),
    unit("province", "Cao Bằng"),
    unit("district", "Cao Bằng", "Cao Bằng", last=OLD),
    unit("district", "An Giang", "Phú Tân", last=OLD),
    unit("district", "Cà Mau", "Phú Tân", last=OLD),
    unit("commune", "An Giang", "Phú Tân", "Phú Mỹ", last=OLD),
    unit("commune", "An Giang", "Phú Tân", first=NEW),
]


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with open_corpus(tmp_path / "a.db") as corpus:
        save_units(corpus, UNITS)
        keep(corpus)
        yield corpus


PLACES = [
    ("huyện Phú Tân, An Giang", "2022-01-18", ["An Giang", "Phú Tân"], "district"),
    ("An Giang/Phú Tân", "2022-01-18", ["An Giang", "Phú Tân"], "district"),
    ("phu tan, an giang", "2026-01-18", ["An Giang", "Phú Tân"], "commune"),
    ("Phú Mỹ, tỉnh An Giang", "2022-01-18", ["An Giang", "Phú Tân", "Phú Mỹ"], "commune"),
    ("Phú Tân", "2022-01-18", ["An Giang", "Phú Tân"], "district"),
    ("Phú Tân, Cà Mau (huyện, đến 30/06/2025)", "2022-01-18", ["Cà Mau", "Phú Tân"], "district"),
    ("Cao Bằng, Cao Bằng (thành phố, đến 30/06/2025)", "2022-01-18", ["Cao Bằng", "Cao Bằng"], "district"),
    ("Phú Tân, An Giang (commune, since 01/07/2025)", "2026-01-18", ["An Giang", "Phú Tân"], "commune"),
    ("Cao Bằng", "2022-01-18", ["Cao Bằng"], "province"),
    ("ấp 3, Phú Mỹ, An Giang", "2022-01-18", ["An Giang", "Phú Tân", "Phú Mỹ", "ấp 3"], "hamlet"),
    ("pre:Cà Mau/Phú Tân", "2022-01-18", ["Cà Mau", "Phú Tân"], "district"),
]


@pytest.mark.parametrize(("typed", "day", "path", "level"), PLACES)
def test_places_are_units_of_the_day(corpus: Corpus, typed: str, day: str, path: list[str], level: str) -> None:
    assert place_typed(corpus.conn, typed, day, "An Giang") == (path, level)


def test_a_place_that_is_none_or_several_is_refused(corpus: Corpus) -> None:
    for typed in ("", "Xứ Mơ", "Phú Mỹ, An Giang/x"):
        with pytest.raises(Misread, match="place"):
            place_typed(corpus.conn, typed, "2022-01-18")
    with pytest.raises(Misread, match="place"):
        place_typed(corpus.conn, "Phú Mỹ, An Giang", "2026-01-18")
    with pytest.raises(Misread) as caught:
        place_typed(corpus.conn, "Phú Tân", "2022-01-18")
    assert (caught.value.why, caught.value.options) == ("several", ("Phú Tân, An Giang", "Phú Tân, Cà Mau"))


def test_numbers_as_vietnamese_writes_them() -> None:
    assert [number_written(each) for each in (845, 40_400_000_000, 2.5)] == ["845", "40.400.000.000", "2,5"]


def test_only_what_was_changed_is_corrected(corpus: Corpus) -> None:
    found = case(corpus, 1)
    stood = shown(found.said)
    assert stood["value"] == "845"
    assert stood["period"] == "đến 20/11/2023"
    assert amended(corpus.conn, found, stood).errors[""].why == "nothing"
    typed = stood | {"value": "hơn 854 mô hình", "scope": "Cao Bằng", "period": "năm 2022"}
    made = amended(corpus.conn, found, typed)
    assert made.correction == {
        "value": 854,
        "qualifier": "more",
        "scope": ["Cao Bằng"],
        "period": ["2022-01-01", "2022-12-31"],
    }
    decide(corpus, 1, "correct", who="lan", correction=made.correction)
    again = case(corpus, 1)
    assert shown(again.said)["value"] == "854"
    back = amended(corpus.conn, again, shown(again.said) | {"value": "800 – 900", "qualifier": "exact"})
    assert back.correction.keys() == {"min", "max", "scope", "period"}
    decide(corpus, 1, "correct", who="lan", correction=back.correction)
    assert (row(corpus, 1)["value"], row(corpus, 1)["value_max"], row(corpus, 1)["qualifier"]) == (800, 900, "exact")


def test_the_total_of_a_share_and_the_rate_can_be_taken_away(corpus: Corpus) -> None:
    more = "Đã giúp 8/10 hộ, mỗi hộ 5 triệu đồng/ha."
    share = fact("count", "8/10 hộ", more, value=8, total=10, unit="hộ", qualifier="exact", model=False)
    rate = fact("money", "5 triệu đồng", more, value=5e6, currency="VND", per="ha", qualifier="exact")
    keep(corpus, more, [share, rate], "https://bao.example/2")
    found = case(corpus, 5)
    assert shown(found.said)["value"] == "8/10"
    assert amended(corpus.conn, found, {"value": "9"}).correction == {"value": 9, "total": None}
    assert amended(corpus.conn, found, {"value": "8/12"}).correction == {"total": 12}
    assert amended(corpus.conn, case(corpus, 6), {"per": ""}).correction == {"per": None}


def test_every_wrong_field_is_named_and_nothing_is_corrected(corpus: Corpus) -> None:
    found = case(corpus, 1)
    made = amended(corpus.conn, found, {"value": "năm 2021", "period": "12 tỷ đồng", "scope": "Xứ Mơ", "unit": ""})
    assert {name: error.why for name, error in made.errors.items()} == {
        "value": "date",
        "period": "money",
        "scope": "place",
        "unit": "words",
    }
    assert made.correction == {}


def test_a_case_shows_the_sentence_among_its_neighbours(corpus: Corpus) -> None:
    found = case(corpus, 3)
    assert "".join(piece.text for piece in found.pieces if "fact" in piece.tags) == "2 đến 3 tỷ đồng"
    assert "".join(piece.text for piece in found.pieces if "sentence" in piece.tags).startswith("Xã Đồng Văn")
    assert "".join(piece.text for piece in found.pieces).startswith("Đến nay, toàn tỉnh")
    corpus.conn.execute("UPDATE articles SET body = 'Bài đã viết lại.'")
    alone = case(corpus, 3)
    assert [piece.text for piece in alone.pieces] == ["Xã Đồng Văn góp từ ", "2 đến 3 tỷ đồng", "."]
    with pytest.raises(ValueError, match="no fact 99"):
        case(corpus, 99)
