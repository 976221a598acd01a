"""README's section on the database is what the migrations say, and its examples run."""

from pathlib import Path

import pytest

from corpus.documentation import EXAMPLES, HEAD, documentation, renewed
from corpus.schema import expected
from corpus.store import Corpus

README = Path(__file__).parents[1] / "README.md"


def test_readme_is_not_stale() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == renewed(text), "README's schema section is stale: python -m corpus.documentation README.md"


def test_every_table_and_view_is_told() -> None:
    text = documentation()
    for kind, name in expected():
        if kind in {"table", "view"} and "_exact" not in name and "_fold" not in name:
            assert text.count(f"- **`{name}`**: ") == 1
    said = " ".join(text.split())
    assert "`status` (of HTTP; null where no answer came)" in said
    assert "`act` (the first of the reviews made at once)" in said
    assert "Pairs of figures that cannot both be right" in said  # of the view's last form
    assert max(map(len, text.splitlines())) <= 130


@pytest.mark.parametrize("view", EXAMPLES)
def test_each_view_has_an_example_that_runs(demo_corpus: Corpus, view: str) -> None:
    rows = demo_corpus.conn.execute(EXAMPLES[view]).fetchall()
    assert view in EXAMPLES[view]
    assert rows or view in {"accepted_facts", "review_log", "conflicts"}  # nobody decided on the demo's facts


def test_a_readme_without_place_for_it_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the schema"):
        renewed(f"# Báo Tỉnh\n{HEAD}\n")
