"""Queries: what people type, as full text; nothing typed is an error."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.query import Match, Query, matches, other_tone, plain_words

TYPED = [
    # typed, the first query tried
    ("dan van", Match('("dan" AND "van")', exact=False)),
    ("dân vận", Match('("dân" AND "vận")', exact=True)),
    ("Đồng Nai", Match('("Đồng" AND "Nai")', exact=True)),
    ('"dan van kheo" xa', Match('("dan van kheo" AND "xa")', exact=False)),
    ('"dan van', Match('("dan van")', exact=False)),
    ("“dan van”", Match('("dan van")', exact=False)),
    ("nuoi tom*", Match('("nuoi" AND "tom"*)', exact=False)),
    ('"nuoi to"*', Match('("nuoi to"*)', exact=False)),
    ("lua OR tom ca", Match('("lua") OR ("tom" AND "ca")', exact=False)),
    ("lua -tom -\"ca tra\"", Match('(("lua")) NOT ("tom" OR "ca tra")', exact=False)),
    ("-tom", Match('"tom"', exact=False, negated=True)),
    ("40,4", Match('("40 4")', exact=False)),
    ("05-CT/TW", Match('("05 ct tw")', exact=False)),
    ("hoà thuận", Match('(("hoà" OR "hòa") AND "thuận")', exact=True)),
    ("OR", None),
    ("", None),
    ("- * \" ' ( ) : ^ { }", None),
    ("NEAR(a b) AND", Match('("near a" AND "b" AND "and")', exact=False)),
    ("title:lua", Match('("title lua")', exact=False)),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "wanted"), TYPED)
def test_what_is_typed_is_a_query(typed: str, wanted: Match | None) -> None:
    assert next(iter(matches(typed)), None) == wanted


def test_diacritics_fall_back_to_folded() -> None:
    assert [(match.match, match.exact) for match in matches("Đắk")] == [('("Đắk")', True), ('("dak")', False)]


@pytest.mark.parametrize(
    ("syllable", "other"),
    [
        ("hoà", "hòa"),
        ("hòa", "hoà"),
        ("thuỵ", "thụy"),
        ("khoẻ", "khỏe"),
        ("quý", "quý"),
        ("toàn", "toàn"),
        ("hoa", "hoa"),
    ],
)
def test_tone_is_looked_up_in_both_placements(syllable: str, other: str) -> None:
    assert other_tone(syllable) == other


def test_words_to_mark() -> None:
    assert plain_words('"dân vận" OR lúa* -tôm') == ["dân", "vận", "lúa"]


def full_text() -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE t USING fts5 (x, tokenize = 'unicode61 remove_diacritics 2')")
    conn.execute("INSERT INTO t VALUES ('dan van kheo o co so')")
    return conn


CONN = full_text()


@given(st.one_of(st.text(max_size=40), st.text("\"-*()OR dânvậđ:^+.,'“”", max_size=40)))
@settings(max_examples=400, deadline=None)
def test_nothing_typed_is_an_error(typed: str) -> None:
    for match in matches(typed):
        CONN.execute("SELECT rowid FROM t WHERE t MATCH ?", (match.match,)).fetchall()


def test_a_very_long_input_is_a_query() -> None:
    [match] = matches("dan van kheo " * 400)
    assert CONN.execute("SELECT count(*) FROM t WHERE t MATCH ?", (match.match,)).fetchone() == (1,)
    [match] = matches("a OR " * 400 + "dan")
    assert CONN.execute("SELECT count(*) FROM t WHERE t MATCH ?", (match.match,)).fetchone() == (1,)


def test_a_query_survives_json() -> None:
    query = Query(words="dân vận", kind="count", low=10, copies=True)
    assert query.mapping() == {"words": "dân vận", "kind": "count", "low": 10, "copies": True}
    assert Query.of(query.mapping()) == query
    with pytest.raises(ValueError, match="colour"):
        Query.of({"colour": "red"})
