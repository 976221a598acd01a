"""Kin: figures that share the frame of one told before: a fraction of it, a difference to it, a rank within it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from extract.facts import CountFact, MoneyFact
from extract.observation import Observation
from extract.observations.frame import Found
from extract.observations.layout import Figure, Layout, Sentence
from extract.observations.role import difference, kind_of
from extract.observations.topic import Scope, within

FRACTION = re.compile(r"\d{1,9}/(?P<whole>\d{1,9})(?![\w.,])")
REACH = 30  # figures back in which kin are looked for
SAID_OF_IT = {"subject", "place", "after"}  # how a scope is found in the figure's own sentence
RANKED = re.compile(
    r"(?<!\w)(?:(?:nhiều|lớn|cao|thấp|đông)(?: [^\W\d]+){0,4} nhất|ít nhất là"
    r"|(?:dẫn|đi|đứng) đầu|(?:tiếp|kế)(?: theo| đến)? là)(?!\w)"
)
Kin = Callable[[Layout, Sentence, Figure, Scope, Sequence[Observation]], Observation | None]


def shared(
    layout: Layout, sentence: Sentence, figure: Figure, told: Sequence[Observation], said: tuple[Scope, Found]
) -> tuple[Scope, Found]:
    """Scope and period of a figure, those of its kin where its own words, `said`, give no period."""
    scope, found = said
    if found.how != "unsaid":
        return said
    near = [other for other in told[-REACH:] if kind_of(other.fact) == kind_of(figure)]
    for kin in (_whole, _compared, _total, _beside):
        other = kin(layout, sentence, figure, scope, near)
        if other is not None:
            carried = Found(other.period, "carried", other.fact.span, other.cumulative)
            return scope if scope.how in SAID_OF_IT else Scope(
                other.scope, other.unit, "topic", other.fact.span
            ), carried
    return said


def _whole(
    layout: Layout, sentence: Sentence, figure: Figure, scope: Scope, told: Sequence[Observation]
) -> Observation | None:
    """The 154 models told before, of "9/154 mô hình" and of "trong 154 mô hình ấy"."""
    if kind_of(figure) != "model":
        return None
    of = FRACTION.match(layout.low, figure.start)
    value = int(of["whole"]) if of else figure.value
    wholes = [other for other in told if other.fact.value == value and related_path(other, scope)]
    return wholes[-1] if wholes else None


def _compared(
    layout: Layout, sentence: Sentence, figure: Figure, scope: Scope, told: Sequence[Observation]
) -> Observation | None:
    """What has become more or less: "Huyện có 90 mô hình. So với năm trước, tăng 12 mô hình"."""
    alike = [other for other in told if _alike(other.fact, figure)]
    if not alike or not difference(layout, sentence, figure) or not related_path(alike[-1], scope):
        return None
    return alike[-1] if layout.paragraph(alike[-1].fact.start) == sentence.paragraph else None


def _total(
    layout: Layout, sentence: Sentence, figure: Figure, scope: Scope, told: Sequence[Observation]
) -> Observation | None:
    """The total of the unit around, within which a unit is first or next ("Dẫn đầu là huyện A với 31 mô hình")."""
    if not RANKED.search(
        layout.low, sentence.start, min(sentence.after(figure), layout.clause_end(figure.end, sentence.end))
    ):
        return None
    around = [other for other in told if within(scope.path, other.scope) and _alike(other.fact, figure)]
    return around[-1] if around and sentence.paragraph - layout.paragraph(around[-1].fact.start) <= 1 else None


def _beside(
    layout: Layout, sentence: Sentence, figure: Figure, scope: Scope, told: Sequence[Observation]
) -> Observation | None:
    """The models of a unit of the same level told of just before ("Xã B ít hơn, 45 mô hình")."""
    if kind_of(figure) != "model" or not told or scope.how != "subject" or scope.path is None:
        return None
    before = told[-1]
    level = before.scope is not None and len(before.scope) == len(scope.path) and before.scope[:-1] == scope.path[:-1]
    dated = before.period is not None and None not in before.period and not before.cumulative
    near = layout.paragraph(before.fact.start) == sentence.paragraph and before.fact.start < sentence.start
    return before if level and dated and near and before.scope != scope.path else None


def related_path(other: Observation, scope: Scope) -> bool:
    """Whether an earlier figure speaks for the unit of `scope`, or `scope` was not said with the figure."""
    return other.scope == scope.path or scope.how not in SAID_OF_IT


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two figures count the same noun, or are sums of one currency."""
    if isinstance(one, CountFact) and isinstance(other, CountFact):
        return one.unit.split()[0] == other.unit.split()[0]
    return isinstance(one, MoneyFact) and isinstance(other, MoneyFact) and one.currency == other.currency
