"""Charts: well-formed SVG, no script, no style, a link and a name for every mark, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from markupsafe import Markup

from corpus.web.charts import Mark, amount, bars, columns, points

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = [columns, bars, points]
Draw = Callable[..., Markup]
QUALIFIERS = ("at_least", "less", "approx", "exact", "more", "at_most")
MARKS = [
    Mark(
        f"năm {year}", 120.0 * (year - 2016), f"/figures/evidence?first={year}&last={year}", f"{year}: số liệu",
        QUALIFIERS[year % 6], at=year + 0.25, low=None, high=None, group="đăng ký" if year % 2 else "thực hiện",
        disputed=year == 2019,
    )
    for year in range(2017, 2025)
]  # fmt: skip
HOSTILE = Mark(
    "<script>alert(1)</script> $\\frac{1}{$ \x0b",
    7,
    "/x?a=1&b=\"'><script>",
    '"><script>alert(2)</script>\x00',
    at=2020,
)


def drawn(draw: Draw, marks: list[Mark] = MARKS, kind: str = "count") -> etree._Element:
    return etree.fromstring(draw("c", "Mô hình theo năm", "Về", marks, kind))


@pytest.mark.parametrize("draw", DRAWN)
def test_every_mark_is_a_link_with_a_name(draw: Draw) -> None:
    links = list(drawn(draw).iter(f"{SVG}a"))
    assert {(link.get("href"), link.get("aria-label"), link.findtext(f"{SVG}title")) for link in links} == {
        (mark.href, mark.title, mark.title) for mark in MARKS
    }
    assert len(links) == len(MARKS)
    assert not any(link.get("target") for link in links)


@pytest.mark.parametrize("draw", DRAWN)
def test_nothing_in_it_has_a_style_or_runs(draw: Draw) -> None:
    for node in drawn(draw).iter():
        assert node.tag not in {f"{SVG}{tag}" for tag in ("style", "script", "foreignObject", "image", "metadata")}
        assert not [name for name in node.attrib if name == "style" or name.startswith("on") or "{" in name]
        assert all(not node.get(name, "").startswith("#") for name in ("fill", "stroke"))  # colours are the page's


@pytest.mark.parametrize("draw", DRAWN)
def test_what_it_is_stands_in_it_as_text(draw: Draw) -> None:
    root = drawn(draw)
    assert [root[0].text, root[1].text] == ["Mô hình theo năm", "Về"]
    assert (root.get("role"), root.get("aria-labelledby")) == ("group", root[0].get("id"))
    said = "".join(root.itertext())
    assert "năm 2020" in said or "2020" in said
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    used = {node.get("href", "")[1:] for node in root.iter(f"{SVG}use")}
    clips = {node.get("clip-path", "url(#)")[5:-1] for node in root.iter()} - {""}
    assert used | clips <= set(ids)


@pytest.mark.parametrize("draw", DRAWN)
def test_the_same_figures_give_the_same_bytes(draw: Draw) -> None:
    one, other = (draw("c", "Tên", "Về", MARKS, "count") for _ in range(2))
    assert one == other
    assert one != draw("d", "Tên", "Về", MARKS, "count")  # the ids of two charts in one page differ


@pytest.mark.parametrize("draw", DRAWN)
def test_hostile_names_are_text(draw: Draw) -> None:
    marks = [*MARKS, HOSTILE]
    markup = draw("c", "<b>&\x01", "]]>", marks, "count")
    assert "<script" not in markup
    assert "<b>" not in markup
    root = etree.fromstring(markup)
    assert HOSTILE.href in [link.get("href") for link in root.iter(f"{SVG}a")]
    if draw is bars:
        assert any((node.text or "").startswith("<script>alert(1)</script> $") for node in root.iter(f"{SVG}text"))


def test_one_figure_alone_is_drawn() -> None:
    for draw in DRAWN:
        assert len(list(drawn(draw, MARKS[:1]).iter(f"{SVG}a"))) == 1


def test_years_without_a_figure_are_gaps() -> None:
    root = drawn(columns, [MARKS[0], MARKS[3]])
    assert [node.text for node in root.iter(f"{SVG}text")][:4] == ["2017", "2018", "2019", "2020"]


def test_a_qualifier_shows_as_a_bound_and_a_contradiction_as_a_ring() -> None:
    def classes(mark: Mark) -> list[str]:
        return [name for node in drawn(points, [mark]).iter() for name in node.get("class", "").split()]

    exact = Mark("", 100, "/a", "a", "exact", at=2020, group="g")
    at_least = Mark("", 100, "/a", "a", "at_least", at=2020, group="g")
    about = Mark("", 100, "/a", "a", "approx", at=2020, low=90, high=110, group="g")
    disputed = Mark("", 100, "/a", "a", "exact", at=2020, group="g", disputed=True)
    assert classes(exact).count("mark1-stroke") < classes(at_least).count("mark1-stroke")
    assert classes(exact).count("mark1-stroke") < classes(about).count("mark1-stroke")
    assert "warn-stroke" in classes(disputed)
    assert "warn-stroke" not in classes(exact)


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (40_400_000_000, "money", "40,4 tỷ"),
        (2_500_000, "money", "2,5 triệu"),
        (900, "money", "900"),
        (4664, "count", "4.664"),
        (0.5, "count", "0,5"),
    ],
)
def test_values_as_a_chart_says_them(value: float, kind: str, said: str) -> None:
    assert amount(value, kind) == said
