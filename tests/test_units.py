from datetime import date

from extract.places.units import load


def test_numbers_of_units() -> None:
    units = load().units.values()
    counts = {
        (era, level): sum(u.era == era and u.level == level for u in units)
        for era in ("pre", "post")
        for level in ("province", "district", "commune")
    }
    assert counts == {
        ("pre", "province"): 63,
        ("pre", "district"): 696,
        ("pre", "commune"): 10035,
        ("post", "province"): 34,
        ("post", "district"): 0,
        ("post", "commune"): 3321,
    }


def test_renamings_have_their_day() -> None:
    units = load()
    assert units.path("pre:46", date(2024, 12, 31)) == ("Thừa Thiên Huế",)
    assert units.path("pre:46", date(2025, 1, 1)) == ("Huế",)
    assert units.full("post:75", date(2026, 4, 29)) == "Tỉnh Đồng Nai"
    assert units.full("post:75", date(2026, 4, 30)) == "Thành phố Đồng Nai"
