"""The words asked for are marked where they stand, and no character of the text is lost or changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.highlight import Words

TEXT = "Huyện Hoà Bình có 12 mô hình “Dân vận khéo”; người dân nuôi tôm, đào ao."


def marked(words: str, text: str = TEXT, *, exact: bool = False) -> list[str]:
    return [piece.text for piece in Words(words, exact=exact).pieces(text) if piece.hit]


@pytest.mark.parametrize(
    ("words", "exact", "found"),
    [
        ("dan van kheo", False, ["Dân vận khéo", "dân"]),
        ('"dan van"', False, ["Dân vận"]),
        ("dân", True, ["Dân", "dân"]),
        ("dần", True, []),
        ("hòa bình", True, ["Hoà Bình"]),
        ("nuoi to*", False, ["nuôi tôm"]),
        ('"người dân nu*"', True, []),  # a star inside the quotes is no prefix
        ('"người dân nu"*', True, ["người dân nuôi"]),
        ("dao OR ao", False, ["đào ao"]),
        ("tom -dan", False, ["tôm"]),
        ("12", False, ["12"]),
        ('x" OR (', False, []),
        ("", False, []),
    ],
)
def test_words_are_marked(words: str, exact: bool, found: list[str]) -> None:
    assert marked(words, exact=exact) == found


def test_a_part_of_a_text_is_cut_at_its_edges() -> None:
    words = Words("mo hinh")
    start = TEXT.index("hình")
    assert [tuple(piece) for piece in words.pieces(TEXT, start, start + 6)] == [("hình", True), (" “", False)]


@given(
    st.text(alphabet='aăâáạdđ ơ*"-\u00a0\u0301😀.', max_size=20),
    st.text(alphabet="aáạdđ ơO\u0301😀.,", max_size=40),
)
def test_pieces_are_the_text(words: str, text: str) -> None:
    for exact in (True, False):
        pieces = Words(words, exact=exact).pieces(text)
        assert "".join(piece.text for piece in pieces) == text
        assert all(piece.text for piece in pieces)
