"""Observations: scope, period, role, measure, parts and totals for every figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.facts import Fact, PlaceFact, Span
from extract.observation import Observation
from extract.observations.carry import Carried, carry_on, cost_of_work, held
from extract.observations.frame import Found, find_period, sureness
from extract.observations.kin import shared
from extract.observations.layout import Figure, Layout, Sentence, each_of, lay_out, per_one
from extract.observations.measure import find_measure
from extract.observations.mentions import read_mentions
from extract.observations.parties import find_donor, find_recipient, find_source
from extract.observations.parts import Division, divide
from extract.observations.period import read_times, to_come
from extract.observations.role import find_role, kind_of
from extract.observations.scope import find_scope
from extract.observations.topic import Scope, come_back, first_memory, first_topic, move_on
from extract.passage import Passage

__all__ = ["observe"]


def observe(passage: Passage, facts: Sequence[Fact]) -> list[Observation]:
    """One observation for each count and each sum of money among `facts`, in the order of the text."""
    layout = lay_out(passage, facts)
    if not any(sentence.figures for sentence in layout.sentences):
        return []
    places = [fact for fact in facts if isinstance(fact, PlaceFact)]
    memory, topic = first_memory(layout, places), first_topic(layout, places)
    carried: Carried | None = None
    observations: list[Observation] = []
    singles: set[Span] = set()
    for sentence in layout.sentences:
        mentions = read_mentions(layout, sentence, memory)
        times = read_times(layout, sentence)
        topic = come_back(topic, sentence.paragraph)
        for figure in sentence.figures:
            scope = find_scope(layout, sentence, figure, mentions, topic)
            earlier = held(layout, sentence, figure, scope.path, carried) if carried else None
            found = find_period(layout, sentence, figure, times, earlier)
            if observations and each_of(layout, sentence, observations[-1].fact, figure):
                scope, found = _as_its_things(layout, sentence, figure, observations[-1], (scope, found))
            scope, found = shared(layout, sentence, figure, observations, (scope, found))
            observations.append(_observation(layout, sentence, figure, scope, found))
            singles |= {figure.span} if per_one(layout, sentence, figure) else set()
        topic = move_on(layout, sentence, topic, mentions)
        spoken = observations[-1].scope if sentence.figures else topic.subject.path
        carried = carry_on(layout, sentence, times, spoken, carried)
    return _linked(observations, divide(layout, singles))


def _as_its_things(
    layout: Layout, sentence: Sentence, figure: Figure, things: Observation, said: tuple[Scope, Found]
) -> tuple[Scope, Found]:
    """Scope and period of what each of some things is worth: those of the things, save for a stock's and a work's."""
    scope, found = said
    if things.cumulative or cost_of_work(layout, sentence, figure):
        return said
    if scope.how in {"topic", "title", "paper"}:
        scope = Scope(things.scope, things.unit, "topic", things.fact.span)
    return scope, replace(found, period=things.period)


def _observation(layout: Layout, sentence: Sentence, figure: Figure, scope: Scope, found: Found) -> Observation:
    """A figure with its frame; `evidence` names the words behind scope, period and role."""
    role, cue = find_role(layout, sentence, figure)
    if kind_of(figure) == "model" and role in {"recognised", "implemented"} and to_come(layout, found.period):
        role = "other"  # what is only planned
    decided = (("scope", scope.span), ("period", found.span), ("role", cue))
    money = kind_of(figure) == "money"
    aid = money or role in {"given", "helped", "contributed"}
    return Observation(
        fact=figure,
        measure=find_measure(layout, sentence, figure),
        role=role,
        scope=scope.path,
        unit=scope.unit,
        period=found.period,
        as_of=found.period[1] if found.cumulative and found.period else None,
        source=find_source(layout, sentence),
        donor=find_donor(layout, sentence, figure) if aid else None,
        recipient=find_recipient(layout, sentence, figure) if aid else None,
        confidence=sureness(scope, found) * figure.confidence,
        evidence=tuple((what, span) for what, span in decided if span is not None),
    )


def _linked(observations: list[Observation], division: Division) -> list[Observation]:
    """The observations with their parts linked; a part of models takes its total's role, a part the total's frame."""
    by_span = {observation.fact.span: observation for observation in observations}
    for span, link in division.links.items():
        part, total = by_span[span], by_span[link.part_of]
        part = replace(part, part_of=link.part_of, link=link.kind)
        if link.kind == "part" and not _decided(part, "role", total):
            part = replace(part, role=total.role)
        if link.kind == "part" and not _decided(part, "period", total):
            part = replace(part, period=total.period, as_of=total.as_of)
        by_span[span] = part
    for span, difference in division.off_by.items():
        by_span[span] = replace(by_span[span], off_by=float(difference))
    return [by_span[observation.fact.span] for observation in observations]


def _decided(part: Observation, what: str, total: Observation) -> bool:
    """Whether words behind the total decided it for the part; those before it speak of the total at most."""
    begun = min(total.fact.start, part.fact.start)
    return any(name == what and span[0] >= begun for name, span in part.evidence)
