"""The units table: its numbers, its days, its lookups, and its differences from three other sources, each settled."""

import csv
import gc
import re
import time
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from extract.places import build_units
from extract.places.spelling import plain_spell, spell
from extract.places.units import FOLDER, REFORM, Units, load

ADMIN = Path(__file__).parents[2] / "shared" / "admin"
OLD_DAY, NEW_DAY = date(2024, 5, 1), date(2025, 10, 1)
needs_admin = pytest.mark.skipif(not ADMIN.exists(), reason="needs ../shared/admin, the other sources of the units")


@pytest.fixture(scope="module")
def units() -> Units:
    return load()


def other(name: str) -> list[dict[str, str]]:
    with (ADMIN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d{5}", text))


def test_numbers_of_units(units: Units) -> None:
    counts = {
        (era, level): sum(unit.era == era and unit.level == level for unit in units.units.values())
        for era in ("pre", "post")
        for level in ("province", "district", "commune")
    }
    assert counts == {
        ("pre", "province"): 63,
        ("pre", "district"): 696,
        ("pre", "commune"): 10_035,  # and five island districts without communes
        ("post", "province"): 34,
        ("post", "district"): 0,
        ("post", "commune"): 3_321,
    }
    assert sum(unit.kind == "đặc khu" for unit in units.units.values()) == 13


def test_every_unit_is_whole(units: Units) -> None:
    for unit in units.units.values():
        assert unit.parent is None or unit.parent in units.units, unit
        assert all(new in units.units for new, _ in unit.into), unit
        assert unit.level == "province" or unit.parent, unit
        assert (unit.last is None) == (unit.era == "post"), unit
        assert unit.era != "pre" or unit.level == "province" or units.today(unit.key), unit


def test_loads_fast_and_small() -> None:
    def seconds() -> float:
        load.cache_clear()
        start = time.process_time()
        load()
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.1
    load.cache_clear()
    gc.collect()
    tracemalloc.start()
    units = load()
    assert units.by_name
    assert units.by_plain_name
    assert units.sorted_names
    assert tracemalloc.get_traced_memory()[0] < 60 * 2**20
    tracemalloc.stop()


def test_the_script_gives_the_same_bytes() -> None:
    pytest.importorskip("vietnamadminunits", reason="needs the extra 'units', the table's source")
    assert build_units.table().encode() == (FOLDER / "units.tsv").read_bytes()


@pytest.mark.parametrize(
    ("name", "day", "key"),
    [
        ("An Giang", OLD_DAY, "pre:89"),
        ("An Giang", NEW_DAY, "post:91"),
        ("tỉnh An Giang", NEW_DAY, "post:91"),
        ("TP.HCM", NEW_DAY, "post:79"),
        ("TPHCM", OLD_DAY, "pre:79"),
        ("Thành phố Hồ Chí Minh", OLD_DAY, "pre:79"),
        ("Thanh Hoá", OLD_DAY, "pre:38"),
        ("KHÁNH HOÀ", OLD_DAY, "pre:56"),
        ("Bà Rịa-Vũng Tàu", OLD_DAY, "pre:77"),
        ("Bà Rịa – Vũng Tàu", NEW_DAY, "pre:77"),
        ("BR-VT", OLD_DAY, "pre:77"),
        ("Thừa Thiên - Huế", OLD_DAY, "pre:46"),
        ("TT-Huế", OLD_DAY, "pre:46"),
        ("Huế", NEW_DAY, "post:46"),
        ("Đắc Lắc", OLD_DAY, "pre:66"),
        ("Hà Tây", OLD_DAY, "old:ha-tay"),
        ("Long An", NEW_DAY, "pre:80"),
        ("Atlantis", NEW_DAY, None),
    ],
)
def test_province(units: Units, name: str, day: date, key: str | None) -> None:
    found = units.province(name, day)
    assert (found.key if found else None) == key


def test_paths_keep_a_numbered_wards_word(units: Units) -> None:
    assert units.path("pre:30280", OLD_DAY)[0] == "An Giang"
    assert units.key(("Sóc Trăng", "Vĩnh Châu", "Phường 2"), OLD_DAY) == "pre:31801"
    assert units.path("pre:31801") == ("Sóc Trăng", "Vĩnh Châu", "Phường 2")
    assert units.path("pre:774") == ("Hồ Chí Minh", "Quận 5")


def test_key_and_path_are_inverse(units: Units) -> None:
    lost = [
        key
        for key, unit in units.units.items()
        if unit.era != "old"
        and (found := units.key(units.path(key), date(2025, 3, 3) if unit.era == "pre" else NEW_DAY)) != key
        and (found is None or units.path(found) != units.path(key))
    ]
    assert lost == []


def test_key_of_a_path_with_a_step_left_out(units: Units) -> None:
    assert units.key(("An Giang", "Núi Sập"), OLD_DAY) == units.key(("An Giang", "Thoại Sơn", "Núi Sập"), OLD_DAY)
    assert units.key(("Hồ Chí Minh", "Phường 2"), OLD_DAY) is None  # one in each of many districts
    assert units.key((), OLD_DAY) is None


def test_renamings_have_their_day(units: Units) -> None:
    assert units.path("pre:46", date(2024, 12, 31)) == ("Thừa Thiên Huế",)
    assert units.path("pre:46", date(2025, 1, 1)) == ("Huế",)
    assert units.full("post:75", date(2026, 4, 29)) == "Tỉnh Đồng Nai"
    assert units.full("post:75", date(2026, 4, 30)) == "Thành phố Đồng Nai"
    assert units.path("pre:407", date(2020, 5, 31)) == ("Thanh Hóa", "Tĩnh Gia")


def test_what_made_up_a_unit_and_what_became_of_it(units: Units) -> None:
    assert units.made_of("post:91") == [("pre:89", True), ("pre:91", True)]
    assert units.today("pre:89") == [("post:91", True)]
    assert units.provinces_today_of("pre:804") == ["post:80"]  # huyện Thủ Thừa of Long An lies in Tây Ninh
    thoai_son = units.key(("An Giang", "Thoại Sơn"), OLD_DAY)
    assert thoai_son is not None
    assert {units.units[key].name for key, _ in units.today(thoai_son)} >= {"Thoại Sơn", "Óc Eo"}
    assert units.today("old:ha-tay")[0][0].startswith("post:01")
    assert all(units.chain(key)[0] == "pre:89" for key in units.within("pre:89"))
    assert sum(len(units.made_of(key)) > 0 for key in units.units if key.startswith("post:")) == 3_355


def test_same_ground(units: Units) -> None:
    assert units.same_ground("pre:01", "post:01")  # Hà Nội, untouched
    assert units.same_ground("pre:536", "post:21548")  # huyện and đặc khu Lý Sơn
    assert not units.same_ground("pre:89", "post:91")
    assert not units.same_ground("pre:89", "pre:91")


def test_search(units: Units) -> None:
    assert [unit.key for unit in units.search("an gi")][:2] == ["post:91", "pre:89"]
    assert {unit.name for unit in units.search("đông t", folded=False)} & {"Đồng Tháp"} == set()
    assert "Đồng Tháp" in {unit.name for unit in units.search("dong thap")}
    assert len(units.search("a", limit=5)) == 5
    assert units.search("zzz") == []


def test_reform_parts_the_eras(units: Units) -> None:
    day_before = date(2025, 6, 30)
    assert all(not unit.existed(REFORM) for unit in units.units.values() if unit.era == "pre")
    assert all(not unit.existed(day_before) for unit in units.units.values() if unit.era == "post")


# Communes whose names the other source writes with other marks. Ours stay: the source of the table is of one hand, and
# finding falls back on the plain letters, so that either way of writing is found.
OTHER_MARKS = codes(
    """
    00712 01087 01483 02263 02755 03076 03352 03370 03379 03448 03640 03712 04117 04162 04456 05083 05431 11092
    15076 15712 16774 16906 18391 19564 20467 20491 20497 20698 22192 22225 22228 22231 22237 23464 23515 23518
    23530 23701 23746 23776 23827 23968 24091 24283 24292 24301 24310 24346 24359 24412 24505 24610 24541 24652
    24694 24832 24859 26119 28807 29431 30328 31231 31246
    """
)
# Those written with other letters: sounds of other languages taken down in two ways, "Nông trường" in short, a slip
# here or there. The table keeps its source's.
OTHER_LETTERS = codes(
    """
    00736 00829 01060 02836 02902 03073 03177 03178 03223 03244 03391 03565 03460 03754 04136 04174 04486 04618
    04621 04627 05245 06616 07540 12664 18007 19114 19246 20458 20494 20701 20710 23395 23458 23644 23698 24031
    24274 24409 24439 24727 31729
    """
)
# Communes that only one source still has: gone with the mergers before 2025, as the statistics office's table shows.
GONE_BEFORE_MARCH_2025 = codes("07693 07732 07744 16387 16411 18448 20176 20674 25102 25174 25177 25186")


@needs_admin
def test_codes_and_parents_before_july_2025(units: Units) -> None:
    theirs = {row["ward_code"]: row for row in other("units_pre_2025-07.csv")}
    ours = {key.removeprefix("pre:"): unit for key, unit in units.units.items() if unit.era == "pre"}
    communes = {code for code, unit in ours.items() if unit.level == "commune"}
    assert communes - set(theirs) == set()
    assert set(theirs) - communes == GONE_BEFORE_MARCH_2025
    converted = {row["old_ward_code"] for row in other("old_to_new_2025-07.csv")}
    assert not GONE_BEFORE_MARCH_2025 & converted
    assert all(ours[code].parent == "pre:" + theirs[code]["district_code"] for code in communes)
    districts = {code for code, unit in ours.items() if unit.level == "district"}
    islands = districts - {row["district_code"] for row in theirs.values()}
    assert {ours[code].name for code in islands} == {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}


@needs_admin
def test_names_before_july_2025(units: Units) -> None:
    marks, letters = set(), set()
    for row in other("units_pre_2025-07.csv"):
        unit = units.get("pre:" + row["ward_code"])
        if unit is None or spell(unit.full) == spell(row["ward"]):
            continue
        same = plain_spell(unit.full) == plain_spell(row["ward"])
        (marks if same else letters).add(row["ward_code"])
    assert marks == OTHER_MARKS
    assert letters == OTHER_LETTERS


@needs_admin
def test_names_of_districts_and_provinces(units: Units) -> None:
    different = {
        (row["district_code"], row["district"])
        for row in other("units_pre_2025-07.csv")
        if spell(units.units["pre:" + row["district_code"]].full) != spell(row["district"])
    }
    # ours are spelled as the communes that bear the names today
    assert different == {("137", "Huyện Mù Căng Chải"), ("467", "Huyện Đa Krông"), ("655", "Huyện Krông A Na")}
    provinces = {(row["province_code"], row["province"]) for row in other("units_pre_2025-07.csv")}
    assert all(spell(units.units["pre:" + code].full) == spell(name) for code, name in provinces)


# Communes of Đồng Nai that were wards by 25 July 2026, the other source's day; the day of the change has no source
# here, and neither path nor key depends on it: the table keeps "xã".
WARDS_SINCE_2026 = codes("25270 25357 25363 26116 26170 26248 26326 26368 26425 26485")


@needs_admin
def test_units_since_july_2025(units: Units) -> None:
    theirs = {row["ward_code"]: row for row in other("units_post_2025-07.csv")}
    ours = {k.removeprefix("post:"): u for k, u in units.units.items() if u.era == "post" and u.level == "commune"}
    # Ba Chẽ: the statistics office's conversion table has our code
    assert (set(ours) - set(theirs), set(theirs) - set(ours)) == ({"06970"}, {"06978"})
    assert "06970" in {row["new_ward_code"] for row in other("old_to_new_2025-07.csv")}
    shared = set(ours) & set(theirs)
    assert all(ours[code].parent == "post:" + theirs[code]["province_code"] for code in shared)
    assert {code for code in shared if spell(ours[code].full) != spell(theirs[code]["ward"])} == WARDS_SINCE_2026
    assert all(ours[code].name in theirs[code]["ward"].replace("Phường", "Xã") for code in WARDS_SINCE_2026)


# Old communes whose successors differ from the statistics office's table, and why ours stay.
SETTLED = {
    "00553": "a row of Đặng Xá (00556) stands under the code of Cổ Bi",
    "00556": "see 00553",
    "01615": "the row of Mỹ Hưng (01651) stands under the code of Hồng Quang",
    "01651": "see 01615",
    "02482": "the row of Phú Thịnh stands under the code of Công Đa (02485)",
    "02485": "see 02482",
    "09013": "a sliver of land without people, which the table's source leaves out",
    "23053": "the source adds a part that the office does not know; both parts lie in the same new province",
    "28036": "the source adds a part that the office does not know; both parts lie in the same new province",
}


@needs_admin
def test_successors(units: Units) -> None:
    theirs: dict[str, set[str]] = {}
    notes: dict[tuple[str, str], str] = {}
    for row in other("old_to_new_2025-07.csv"):
        old, new = row["old_ward_code"] or row["old_district_code"], "post:" + row["new_ward_code"]
        theirs.setdefault("pre:" + old, set()).add(new)
        notes["pre:" + old, new] = row["note"]
    leaves = [unit for unit in units.units.values() if unit.era == "pre" and unit.into]
    different = {unit.key for unit in leaves if {new for new, _ in unit.into} != theirs.get(unit.key, set())}
    assert {key.removeprefix("pre:") for key in different} == set(SETTLED)
    parts = {
        unit.key
        for unit in leaves
        for new, whole in unit.into
        if (note := notes.get((unit.key, new))) and whole == ("một phần" in note)
    }
    # the first for the land of a commune whose people went elsewhere, the others as settled above
    assert parts == {"pre:18796", "pre:23053", "pre:28036"}
