"""Parts and totals: figures that a total is divided into, shares of a whole, and whether the sums are right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from extract.facts import CountFact, MoneyFact, Span
from extract.observations.cues import family
from extract.observations.layout import Figure, Layout, Sentence

DIVIDES = re.compile(
    r"(?:phân|chia|phân bổ|chia ra|xếp|tính) theo|(?:phân|xếp) loại"
    r"|^(?:(?:về|trong|trên|ở|thuộc) )?(?:các )?(?:lĩnh vực|nhóm|khối|mảng)(?!\w)"
    r"|^(?:trong đó|cụ thể|trong số đó|trong số này|trong tổng số (?:này|đó|ấy)|gồm)"
)


OF_ALL = re.compile(r"(?:trong|của) (?:tổng )?số ")


@dataclass(frozen=True, slots=True)
class Link:
    """`part_of`: the span of the total or whole; `kind` "part" or "share"."""

    part_of: Span
    kind: str


@dataclass(frozen=True, slots=True)
class Division:
    """What is divided in a passage: each part's link, and each total's difference to the sum of its parts."""

    links: dict[Span, Link]
    off_by: dict[Span, Decimal]


def divide(layout: Layout, singles: set[Span]) -> Division:
    """The divisions of a passage; `singles` are the spans of rates and one-person sums, which are no parts."""
    links: dict[Span, Link] = {}
    off_by: dict[Span, Decimal] = {}
    before: list[Figure] = []
    for sentence in layout.sentences:
        figures = [figure for figure in sentence.figures if figure.span not in singles and figure.value is not None]
        _shares(layout, sentence, figures, before, links)
        for total, parts in _groups(layout, sentence, figures, before):
            fresh = [part for part in parts if part.span not in links]
            links |= {part.span: Link(total.span, "part") for part in fresh}
            if len(fresh) > 1 and total.value is not None:
                off_by[total.span] = total.value - sum((part.value or Decimal(0) for part in fresh), Decimal(0))
        before = figures or before
    return Division(links, off_by)


def _shares(
    layout: Layout, sentence: Sentence, figures: Sequence[Figure], before: list[Figure], links: dict[Span, Link]
) -> None:
    """ "20 mô hình (trong số 30 mô hình)": the first is a share of the second; "… trong số đó" looks back."""
    for share, whole in pairwise(figures):
        gap = layout.low[share.end : whole.start]
        if _alike(share, whole) and family("whole").search(gap) and ";" not in gap and "trong số đó" not in gap:
            links[share.span] = Link(whole.span, "share")
    for figure in figures:
        behind = layout.low[figure.end : figure.end + 20].lstrip()
        whole_before = next((other for other in before if _alike(figure, other) and _smaller(figure, other)), None)
        if whole_before and figure is figures[0] and behind.startswith("trong số đó"):
            links[figure.span] = Link(whole_before.span, "share")


def _groups(
    layout: Layout, sentence: Sentence, figures: Sequence[Figure], before: list[Figure]
) -> list[tuple[Figure, list[Figure]]]:
    """Each total of a sentence with the figures behind its “trong đó”; a sentence that divides the one before it."""
    cues = list(family("part").finditer(layout.low, sentence.start, sentence.end))
    groups: list[tuple[Figure, list[Figure]]] = []
    divided = _divided(figures, before)
    if divided and DIVIDES.search(layout.low[sentence.start : figures[0].start]):
        return [(divided, [figure for figure in figures if _alike(figure, divided) and _smaller(figure, divided)])]
    if figures and OF_ALL.fullmatch(layout.low, sentence.start, figures[0].start):
        parts = [figure for figure in figures[1:] if _alike(figure, figures[0]) and _smaller(figure, figures[0])]
        return [(figures[0], parts)]  # "Trong tổng số 137 mô hình, 52 mô hình thuộc lĩnh vực kinh tế, …"
    for number, cue in enumerate(cues):
        left = [figure for figure in figures if figure.end <= cue.start() and not _compared(layout, sentence, figure)]
        stop = cues[number + 1].start() if number + 1 < len(cues) else sentence.end
        right = [figure for figure in figures if cue.end() <= figure.start < stop]
        total = next((figure for figure in reversed(left) if right and _alike(right[0], figure)), None)
        if total is None or layout.low.count(";", total.end, cue.start()) > 1:
            continue
        parts = [figure for figure in right if _alike(figure, total) and _smaller(figure, total)]
        if parts:
            groups.append((total, parts))
    return groups


def _compared(layout: Layout, sentence: Sentence, figure: Figure) -> bool:
    """Whether a figure is one compared with, in brackets ("(cùng kỳ năm 2020: 90 mô hình)"), and so no total."""
    bracket = layout.low.rfind("(", sentence.start, figure.start)
    open_still = bracket >= 0 and ")" not in layout.low[bracket : figure.start]
    return open_still and family("compare").search(layout.low, bracket, figure.start) is not None


def _divided(figures: Sequence[Figure], before: list[Figure]) -> Figure | None:
    """The figure of the sentence before that a sentence divides: the smallest that its figures do not exceed."""
    if not figures:
        return None
    wholes = [other for other in before if _alike(figures[0], other) and _smaller(figures[0], other)]
    total = sum((part.value or Decimal(0) for part in figures if _alike(part, figures[0])), Decimal(0))
    holding = [whole for whole in wholes if whole.value is not None and whole.value >= total]
    return min(holding, key=lambda whole: whole.value or total, default=wholes[0] if wholes else None)


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures can be total and part: one currency, one noun, or the models' collectives and persons."""
    if isinstance(one, MoneyFact) and isinstance(other, MoneyFact):
        return one.currency == other.currency
    if isinstance(one, CountFact) and isinstance(other, CountFact):
        if one.model and other.model:
            return True
        return one.unit.split()[0] == other.unit.split()[0]
    return False


def _smaller(part: Figure, total: Figure) -> bool:
    return part.value is not None and total.value is not None and part.value <= total.value
