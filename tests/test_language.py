import pytest

from extract.language import language

NAUGHTY = [
    "",
    " ",
    "  hai  khoảng  trắng ",
    "40,4\u00a0tỷ",
    "👍🏽 mô hình",
    "İstanbul\n\n\t4.664",
    "P.Bạc Liêu(3.000đồng)",
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_the_tokenizer_round_trips(text: str) -> None:
    assert language().make_doc(text).text == text


def test_tokens_end_where_facts_may_end() -> None:
    assert [token.text for token in language().make_doc("300.000đồng ở P.Bạc")] == [
        "300", ".", "000", "đồng", "ở", "P", ".", "Bạc",
    ]  # fmt: skip
