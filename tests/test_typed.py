"""Days and numbers as people type them into a field."""

import pytest

from corpus.typed import days_of, number_of


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("1 tỷ", 1e9),
        ("1 ty", 1e9),
        ("500 triệu", 5e8),
        ("500trieu", 5e8),
        ("1.000.000", 1e6),
        ("1 000 000", 1e6),
        ("1,5 tỷ đồng", 1.5e9),
        ("12 TY DONG", 12e9),
        ("12.000.000.000 ₫", 12e9),
        ("200000 VND", 2e5),
        ("2 tỷ 300 triệu", 2.3e9),
        ("12,5", 12.5),
        ("0", 0),
        ("nhiều", None),
        ("-5", None),
        ("10 - 20", None),
        ("18/01/2022", None),
        ("1e9", None),
        ("", None),
        ("9" * 30, None),
        ("1 tỷ <script>", None),
        ("5%", None),
    ],
)
def test_numbers(said: str, value: float | None) -> None:
    assert number_of(said) == value


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("18/01/2022", ("2022-01-18", "2022-01-18")),
        ("18-1-2022", ("2022-01-18", "2022-01-18")),
        ("2022-01-18", ("2022-01-18", "2022-01-18")),
        ("ngày 18 tháng 1 năm 2022", ("2022-01-18", "2022-01-18")),
        ("01/2022", ("2022-01-01", "2022-01-31")),
        ("tháng 2/2024", ("2024-02-01", "2024-02-29")),
        ("2022-02", ("2022-02-01", "2022-02-28")),
        ("2022", ("2022-01-01", "2022-12-31")),
        ("Năm 2022", ("2022-01-01", "2022-12-31")),
        ("31/02/2022", None),
        ("13/2022", None),
        ("hôm qua", None),
        ("0000", None),
        ("12 tỷ", None),
        ("22", None),
    ],
)
def test_days(said: str, days: tuple[str, str] | None) -> None:
    assert days_of(said) == days
