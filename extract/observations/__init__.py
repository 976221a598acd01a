"""Observations: scope, period, role, measure, parts and totals for every figure."""

from collections.abc import Sequence

from extract.facts import Fact
from extract.observation import Observation
from extract.passage import Passage


def observe(passage: Passage, facts: Sequence[Fact]) -> list[Observation]:
    """One observation for each count and each sum of money among `facts`, in their order."""
    raise NotImplementedError
