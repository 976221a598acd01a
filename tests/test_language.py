from datetime import date
from time import process_time

import pytest

from extract.facts import Fact
from extract.language import language, read
from extract.passage import Passage

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


def test_sentences_begin_where_the_text_has_them() -> None:
    doc = language().make_doc("TP. Huế có 5 xã.  Năm 2021, 3 xã về đích.\nHết")
    assert [str(sentence).strip() for sentence in doc.sents] == ["TP. Huế có 5 xã.", "Năm 2021, 3 xã về đích.", "Hết"]


def test_facts_are_spans_of_the_doc() -> None:
    text = "Năm 2021, tỉnh An Giang có 12 mô hình, vận động 300.000đồng."
    (reading,) = read([Passage(text=text, published=date(2022, 1, 18), province="An Giang")])
    nlp = language()
    doc = nlp.make_doc(text)
    doc._.passage = reading.passage
    for _, component in nlp.pipeline:
        doc = component(doc)
    spans = {(span.start_char, span.end_char, span.label_) for group in doc.spans.values() for span in group}
    assert spans == {(*fact.span, fact.kind) for fact in reading.facts}
    assert {fact.kind for fact in reading.facts} == {"date", "place", "count", "money"}


def test_reading_takes_time_in_proportion_to_the_text() -> None:
    def least(times: int) -> float:
        """The shortest of three, since the whole suite's garbage may be collected in any one of them."""
        return min(seconds(times) for _ in range(3))

    def seconds(times: int) -> float:
        passage = Passage(text="Năm 2021, huyện Phú Tân có 12 mô hình, góp 3 tỷ đồng. " * times, province="An Giang")
        start = process_time()
        facts: list[Fact] = next(read([passage])).facts
        assert len(facts) == 4 * times
        return process_time() - start

    seconds(10)  # loads the tables
    assert least(800) < 4 * 2.5 * least(200)
