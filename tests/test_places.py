"""Places: every example, every written form of every unit, and texts that try to break offsets and eras."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.facts import PlaceFact
from extract.passage import Passage
from extract.places import find_places
from extract.places.spelling import spell
from extract.places.units import Unit, load, rows
from extract.text import normalise

OLD_DAY, NEW_DAY = date(2025, 3, 3), date(2026, 6, 1)
MARK = re.compile(r"\[([^\[\]|]+)\|([pdch]):([^\[\]|]+)\]")
LEVEL = {"p": "province", "d": "district", "c": "commune", "h": "hamlet"}
UNITS = load()
Found = tuple[str, str, str]  # text, level, path as spelled for comparing


def found(passage: Passage) -> list[Found]:
    facts = find_places(passage)
    return [(passage.text[fact.start : fact.end], fact.level, spell("/".join(fact.path))) for fact in facts]


def places(text: str, province: str | None = "An Giang", day: date | None = date(2022, 3, 1)) -> list[PlaceFact]:
    return find_places(Passage(text=text, province=province, published=day))


@pytest.mark.parametrize(("province", "day", "marked"), list(rows("examples.tsv")))
def test_examples(province: str, day: str, marked: str) -> None:
    text = MARK.sub(r"\1", marked)
    wanted = [(written, LEVEL[level], spell(path)) for written, level, path in MARK.findall(marked)]
    assert found(Passage(text=text, province=province or None, published=date.fromisoformat(day))) == wanted


def day_of(unit: Unit) -> date:
    return OLD_DAY if unit.era == "pre" else NEW_DAY


def of_level(level: str) -> list[Unit]:
    return [unit for unit in UNITS.units.values() if unit.level == level and unit.era != "old"]


def small(full: str) -> str:
    return full[0].lower() + full[1:]


SHORT = {"huyện": ("H.", "H. "), "quận": ("Q.", "Q. "), "thị xã": ("TX.", "TX ", "TX. ")}
CITY = ("TP.", "TP. ", "TP ", "Tp. ", "Tp ")
# Names that stand for a person, a battle or a larger unit first: bare they are no district.
NOT_BARE = {"Hai Bà Trưng", "Ngô Quyền", "Lê Chân", "Điện Biên Phủ", "Quảng Ninh", "Hòa Bình", "Hồ Chí Minh"}


def forms(unit: Unit) -> Iterator[str]:
    """The ways in which papers write a province or district."""
    full = UNITS.full(unit.key, day_of(unit))
    yield from (full, small(full), full.upper())
    number = unit.name.removeprefix("Quận ")
    yield from (short + number for short in SHORT.get(unit.kind, CITY if full.startswith("Thành phố") else ()))
    if number != unit.name:
        yield "Q" + number
    elif (unit.name not in NOT_BARE and unit.name != UNITS.path(unit.key)[0]) or unit.name == "An Giang":
        yield unit.name


@pytest.mark.parametrize("level", ["province", "district"])
def test_every_province_and_district_in_each_written_form(level: str) -> None:
    missed = []
    for unit in of_level(level):
        day = day_of(unit)
        path = spell("/".join(UNITS.path(unit.key, day)))
        paper = UNITS.path(unit.key, day)[0] if level == "district" else None
        for form in forms(unit):
            text = f"Sáng nay, đoàn công tác thăm bà con ở {form}, động viên các hộ nghèo."
            if found(Passage(text=text, province=paper, published=day)) != [(form, level, path)]:
                missed.append(form)
    assert missed == []


def test_every_province_bare_and_in_an_organ() -> None:
    missed = []
    for unit in of_level("province"):
        day = day_of(unit)
        name = UNITS.path(unit.key, day)[0]
        committee = "Tỉnh ủy" if UNITS.full(unit.key, day).startswith("Tỉnh") else "Thành ủy"
        wanted = (name, "province", spell(name))
        if name != "Hồ Chí Minh" and found(Passage(text=f"Mưa lớn ở {name} gây ngập.", published=day)) != [wanted]:
            missed.append(name)
        if found(Passage(text=f"Theo {committee} {name}, việc chung đã xong.", published=day)) != [wanted]:
            missed.append(committee)
    assert missed == []


def communes_missed(units: list[Unit]) -> list[str]:
    missed = []
    for unit in units:
        day = day_of(unit)
        chain = ", ".join(small(UNITS.full(key, day)) for key in reversed(UNITS.chain(unit.key)))
        wanted = [
            (small(UNITS.full(key, day)), UNITS.units[key].level, spell("/".join(UNITS.path(key, day))))
            for key in reversed(UNITS.chain(unit.key))
        ]
        if found(Passage(text=f"Bà con ở {chain} ra quân làm thủy lợi.", published=day)) != wanted:
            missed.append(chain)
    return missed


def test_communes_with_their_chain() -> None:
    assert communes_missed(of_level("commune")[::40]) == []


@pytest.mark.slow
def test_every_commune_with_its_chain() -> None:
    assert communes_missed(of_level("commune")) == []


PIECES = (
    [
        "huyện",
        " ",
        "Chợ Mới",
        ", ",
        "P.",
        "2",
        "TP.",
        "HCM",
        "\u00a0",
        "👍🏽",
        "“",
        "”",
        "-",
        "\n",
        "Nghe\u0323\u0302 An",
        "xã",
    ],
    [
        "Ea H’leo",
        "(",
        ")",
        "và ",
        "tỉnh An Giang",
        "ấp 3",
        "THÀNH PHỐ",
        "Q",
        "đ",
        "Huyện ủy ",
        "trưởng thôn ",
        "Bà Rịa",
    ],
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([piece for row in PIECES for piece in row]), max_size=14))
def test_spans_hold_on_any_text(pieces: list[str]) -> None:
    text = normalise("".join(pieces))
    facts = places(text)
    spans = [fact.span for fact in facts]
    assert spans == sorted(spans)
    assert all(a < b <= len(text) and text[a:b] == text[a:b].strip() for a, b in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert all(fact.path and 0 < fact.confidence < 1 for fact in facts)


def test_a_word_after_a_missing_space_ends_the_name() -> None:
    assert [fact.path for fact in places("Kinh nghiệm ở An GiangPhong trào lan rộng.")] == [("An Giang",)]


def test_unit_and_former_are_given() -> None:
    now, gone = places("Xã Bến Lức, nơi từng là huyện Bến Lức của tỉnh ta.", "Tây Ninh", date(2025, 8, 14))
    assert (now.unit, now.former) == (UNITS.key(("Tây Ninh", "Bến Lức"), NEW_DAY), False)
    assert (gone.path, gone.former) == (("Long An", "Bến Lức"), True)
    (kept,) = places("Thời tỉnh An Giang (cũ), đường còn nhỏ.", "An Giang", date(2025, 8, 14))
    assert (kept.path, kept.former) == (("An Giang",), False)


def test_an_open_name_keeps_its_candidates() -> None:
    (fact,) = places("Huyện Châu Thành ra quân.", None)
    assert fact.path == ("Châu Thành",)
    assert fact.unit is None
    assert len(fact.candidates) == 10
    assert fact.confidence < 0.5


def test_without_a_day_the_text_tells_the_era() -> None:
    assert [fact.unit for fact in places("Tỉnh An Giang khen huyện Thoại Sơn.", None, None)] == ["pre:89", "pre:894"]
    assert places("Tỉnh An Giang khen đặc khu Phú Quốc.", None, None)[0].unit == "post:91"


def test_papers_province_may_be_written_in_any_way() -> None:
    for name in ("tỉnh An Giang", "AN GIANG", "An Giang"):
        assert [fact.path for fact in places("Huyện Phú Tân họp.", name)] == [("An Giang", "Phú Tân")]
    assert [fact.path for fact in places("Quận 5 họp.", "TP.HCM")] == [("Hồ Chí Minh", "Quận 5")]
    assert [fact.path for fact in places("Huyện Phú Tân họp.", "nowhere")] == [("Phú Tân",)]


def test_the_title_introduces_a_name() -> None:
    passage = Passage(text="Đêm nay Lương Phi sáng đèn.", title="Xã Lương Phi đón điện", province="An Giang",
                      published=date(2022, 3, 1))  # fmt: skip
    assert [fact.path for fact in find_places(passage)] == [("An Giang", "Tri Tôn", "Lương Phi")]
    assert places("Đêm nay Lương Phi sáng đèn.") == []


def test_a_commune_gone_before_2025_is_placed_by_the_one_that_took_it_in() -> None:
    (fact,) = places("Bà con xã Đình Xuyên làm đường hoa.", "Hà Nội", date(2022, 3, 1))
    assert fact.path == ("Hà Nội", "Gia Lâm", "Đình Xuyên")
    assert fact.unit is None


def test_a_name_that_a_commune_of_today_took_up_again_is_the_old_ones_before_2025() -> None:
    first, *_, second = places("Xã Bờ Y, huyện Ngọc Hồi trồng rừng. Dân Bờ Y phấn khởi.", "Kon Tum", date(2021, 3, 1))
    assert first.path == second.path == ("Kon Tum", "Ngọc Hồi", "Bờ Y")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Xã Tiên Lục, huyện Lạng Giang dẫn đầu với 22 nhà; An Hà 17 nhà.", ["Tiên Lục", "Lạng Giang", "An Hà"]),
        ("Xã Tiên Lục, huyện Lạng Giang có ông An Hà hiến đất.", ["Tiên Lục", "Lạng Giang"]),
        ("Xã Tiên Lục, huyện Lạng Giang đón Công ty Đại Lâm đến tặng quà.", ["Tiên Lục", "Lạng Giang"]),
    ],
)
def test_a_bare_name_behind_a_commune_of_its_district_is_a_commune(text: str, names: list[str]) -> None:
    assert [fact.path[-1] for fact in places(text, "Bắc Giang", date(2023, 3, 1))] == names


def test_the_letters_of_the_text_stay_where_the_table_spells_otherwise() -> None:
    spelled = places("Xã Ngọc Yêu và xã Ngọk Lây, huyện Tu Mơ Rông, trồng sâm.", "Kon Tum")
    assert [fact.path[-1] for fact in spelled] == ["Ngọc Yêu", "Ngọk Lây", "Tu Mơ Rông"]
    (capitals,) = places("XÃ NGỌC YÊU TRỒNG SÂM", "Kon Tum")
    assert capitals.path[-1] == UNITS.units[spelled[0].unit or ""].name
    assert places("Phường 02, quận 5 họp.", "Hồ Chí Minh")[0].path == ("Hồ Chí Minh", "Quận 5", "Phường 2")
