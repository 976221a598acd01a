"""Where provinces stand on the map: every one of 2025 has a dot, in Vietnam and in the right neighbourhood."""

from __future__ import annotations

import pytest

from extract.places.records import unit_records

SEATS = {unit["key"]: (unit["name"], unit["lat"], unit["lon"]) for unit in unit_records() if unit["lat"] is not None}
BY_NAME = {era: {name: (lat, lon) for key, (name, lat, lon) in SEATS.items() if key.startswith(era)}
           for era in ("pre", "post")}  # fmt: skip


def test_every_province_of_2025_has_a_dot_and_nothing_else() -> None:
    provinces = {unit["key"] for unit in unit_records() if unit["level"] == "province" and unit["era"] != "old"}
    assert provinces == SEATS.keys()
    assert [len(BY_NAME[era]) for era in ("pre", "post")] == [63, 34]


def test_every_dot_is_on_the_mainland_of_vietnam() -> None:
    for name, lat, lon in SEATS.values():
        assert 8.5 < lat < 23.4, name
        assert 102.1 < lon < 109.5, name
        if lat > 20:
            assert lon < 108.1, name  # the gulf begins
        if 17 < lat < 20:
            assert 104.4 < lon < 107, name  # the narrow middle


def test_no_two_dots_of_one_day_are_one() -> None:
    assert all(len(set(dots.values())) == len(dots) for dots in BY_NAME.values())


@pytest.mark.parametrize(
    ("era", "from_north"),
    [
        ("pre", "Hà Giang,Tuyên Quang,Phú Thọ,Hà Nội,Hà Nam,Ninh Bình,Thanh Hóa,Nghệ An,Hà Tĩnh,Quảng Bình,Quảng Trị,"
                "Huế,Đà Nẵng,Quảng Nam,Quảng Ngãi,Kon Tum,Gia Lai,Phú Yên,Đắk Lắk,Khánh Hòa,Ninh Thuận,Bình Thuận,"
                "Hồ Chí Minh,Long An,Tiền Giang,Bến Tre,Trà Vinh,Sóc Trăng,Bạc Liêu,Cà Mau"),
        ("post", "Cao Bằng,Lạng Sơn,Thái Nguyên,Hà Nội,Ninh Bình,Thanh Hóa,Nghệ An,Hà Tĩnh,Quảng Trị,Huế,Đà Nẵng,"
                 "Quảng Ngãi,Gia Lai,Đắk Lắk,Khánh Hòa,Đồng Nai,Hồ Chí Minh,Tây Ninh,Đồng Tháp,Vĩnh Long,Cà Mau"),
    ],
)  # fmt: skip
def test_provinces_follow_one_another_from_north_to_south(era: str, from_north: str) -> None:
    latitudes = [BY_NAME[era][name][0] for name in from_north.split(",")]
    assert latitudes == sorted(latitudes, reverse=True)


@pytest.mark.parametrize("from_west", ["Điện Biên,Sơn La,Hòa Bình,Hà Nội,Hải Dương,Hải Phòng,Quảng Ninh",
                                       "Kiên Giang,An Giang,Cần Thơ,Vĩnh Long,Trà Vinh,Hồ Chí Minh,Đồng Nai",
                                       "Gia Lai,Bình Định"])  # fmt: skip
def test_provinces_follow_one_another_from_west_to_east(from_west: str) -> None:
    longitudes = [BY_NAME["pre"][name][1] for name in from_west.split(",")]
    assert longitudes == sorted(longitudes)
