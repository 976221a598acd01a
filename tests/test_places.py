from datetime import date

import pytest

from extract.passage import Passage
from extract.places import find_places

CHAINS = [
    (
        "Tại xã Vĩnh Trạch, huyện Thoại Sơn, tỉnh An Giang, bà con góp công làm cầu.",
        [("An Giang", "Thoại Sơn", "Vĩnh Trạch"), ("An Giang", "Thoại Sơn"), ("An Giang",)],
    ),
    ("Đoàn đến thăm Thoại Sơn (An Giang).", [("An Giang", "Thoại Sơn"), ("An Giang",)]),
    ("Ông Hoàng Văn Tiến và bà Nguyễn Hồ Hải cùng dự.", []),
]


@pytest.mark.parametrize(("text", "paths"), CHAINS)
def test_chains(text: str, paths: list[tuple[str, ...]]) -> None:
    passage = Passage(text=text, province="An Giang", published=date(2022, 3, 1))
    assert [fact.path for fact in find_places(passage)] == paths
