import pytest

from extract.text import fold, normalise, one_tone, sentences

NASTY = ["", "Nghe\u0323\u0302 An", "a\u00a0b", "👍🏽 40,4 tỷ", "İ ß ﬁ", "\u00ad\u200b", "Thuỵ\r\nHoà\r"]


@pytest.mark.parametrize("text", NASTY)
def test_foldings_keep_every_offset(text: str) -> None:
    clean = normalise(text)
    assert len(fold(clean)) == len(clean)
    assert len(one_tone(clean)) == len(clean)


def test_normalise_composes_and_drops_the_invisible() -> None:
    assert normalise("Nghe\u0323\u0302\u00ad An\u200b\r\n") == "Nghệ An\n"


@pytest.mark.parametrize(
    ("written", "one"),
    [("Hoà Bình", "Hòa Bình"), ("THUỴ", "THỤY"), ("quý", "quý"), ("hoàn", "hoàn"), ("khoẻ", "khỏe"), ("Thuý", "Thúy")],
)
def test_one_tone(written: str, one: str) -> None:
    assert one_tone(written) == one


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("TP. Hồ Chí Minh có 5 xã. Ở P. Bạc Liêu, T.Ư. cũng vậy.", 2),
        ("Có 4.664 mô hình. 12 xã đạt chuẩn.", 2),
        ("“Được!” Ông nói.\nĐoạn hai", 3),
        ("\n\n", 0),
    ],
)
def test_sentences(text: str, parts: int) -> None:
    spans = sentences(text)
    assert len(spans) == parts
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
