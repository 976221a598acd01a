import pytest

from extract.cleaning.published import Stamp, decide, read_machine, read_stamp, read_stamps


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("18/01/2022 - 06:02", "2022-01-18T06:02:00+07:00"),
        ("Thứ Ba, 18/01/2022", "2022-01-18"),
        ("Chủ Nhật, 21/7/2024", "2024-07-21"),
        ("10:30, 15/05/2011", "2011-05-15T10:30:00+07:00"),
        ("Thứ 4, 01/12/2021 | 11:51:00 [GMT +7]", "2021-12-01T11:51:00+07:00"),
        ("Thứ ba, 2/12/2014 | 8:34:31 PM", "2014-12-02T20:34:31+07:00"),
        ("09/05/2025 3:25 CH", "2025-05-09T15:25:00+07:00"),
        ("09/05/2025 12:25 SA", "2025-05-09T00:25:00+07:00"),
        ("07-03-2026 - 00:01 AM", "2026-03-07T00:01:00+07:00"),
        ("07-03-2026 - 14:01 PM", "2026-03-07T14:01:00+07:00"),
        ("Thứ bảy, 07/03/2026, 08:00 (GMT+7)", "2026-03-07T08:00:00+07:00"),
        ("8h05 ngày 07/03/2026", "2026-03-07T08:05:00+07:00"),
        ("Ngày 7 tháng 3 năm 2026", "2026-03-07"),
        ("31/02/2026", None),
        ("Điện thoại 0123 456 789", None),
        ("Quyết định 12/2021/QĐ-TTg", None),
    ],
)
def test_a_visible_stamp_is_read(line: str, moment: str | None) -> None:
    assert moment is None or (read_stamp(line) or "")[:16] == moment[:16]
    assert moment is not None or read_stamp(line) is None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2023-06-30T14:50:06+07:00", "2023-06-30T14:50:06+07:00"),
        ("2026-03-07T08:52:11.000 +07:00", "2026-03-07T08:52:11+07:00"),
        ("2025-04-02T06:10:00+0700", "2025-04-02T06:10:00+07:00"),
        ("2021-12-01T04:51:00Z", "2021-12-01T11:51:00+07:00"),
        ("2021-12-01 11:51:00", "2021-12-01T11:51:00+07:00"),
        ("2026-01-08", "2026-01-08"),
        ("1/8/2026 10:02:01 AM", "2026-01-08T10:02:01+07:00"),
        ("3/8/2024 2:05:41 PM", "2024-03-08T14:05:41+07:00"),
        ("", None),
        ("hôm qua", None),
    ],
)
def test_a_machine_date_is_read(value: str, moment: str | None) -> None:
    assert read_machine(value) == moment


def test_an_update_is_told_from_the_publication() -> None:
    line = "Đăng lúc 08:00 01/02/2024 - Cập nhật lúc 09:30 02/02/2024"
    assert list(read_stamps(line)) == [("2024-02-01T08:00:00+07:00", False), ("2024-02-02T09:30:00+07:00", True)]


SHOWN = Stamp("2024-02-01T08:00:00+07:00")
CLOCK = Stamp("2024-05-09T17:00:00+07:00", rank=12)


@pytest.mark.parametrize(
    ("stamps", "said", "published"),
    [
        ([SHOWN], None, SHOWN.moment),
        ([CLOCK, SHOWN], None, SHOWN.moment),
        ([CLOCK], "2024-02-01T08:00:07+07:00", "2024-02-01T08:00:07+07:00"),
        ([SHOWN], "2024-02-01T08:00:07+07:00", SHOWN.moment),
        # A local time falsely marked as UTC is seven hours late; the stamp that readers see is right.
        ([SHOWN], "2024-02-01T15:00:07+07:00", SHOWN.moment),
        ([SHOWN], "2024-02-01", SHOWN.moment),
        ([Stamp("2024-02-01")], "2024-02-01T08:00:07+07:00", "2024-02-01T08:00:07+07:00"),
        ([Stamp(SHOWN.moment, updated=True)], "2024-01-30T08:00:00+07:00", "2024-01-30T08:00:00+07:00"),
        ([Stamp(SHOWN.moment, updated=True)], None, SHOWN.moment),
        ([], None, None),
    ],
)
def test_the_right_date_is_believed(stamps: list[Stamp], said: str | None, published: str | None) -> None:
    assert decide(stamps, said, None)[0] == published


def test_a_falsely_marked_update_is_set_right_with_the_publication() -> None:
    said = ("2024-02-01T15:00:07+07:00", "2024-02-01T16:30:00+07:00")
    assert decide([SHOWN], *said) == (SHOWN.moment, "2024-02-01T09:30:00+07:00")
