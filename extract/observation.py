"""An observation: a figure with what it speaks for: scope, period, role, measure, and the words that decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from extract.facts import CountFact, MoneyFact, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One count or sum of money with its frame; spans are offsets into the article's text.

    `scope` is the path of the unit it speaks for (`unit` its key); `period` inclusive days, either end None when open;
    `as_of` the day up to which a cumulative figure counts; `part_of` the span of the figure it is a part of (`link`
    says how: "part" of a total, "share" of a whole); `off_by` by how much a total's parts miss it (0: they add up).
    `evidence` names the words that decided: (what, span), such as ("scope", (120, 129)).
    """

    fact: CountFact | MoneyFact
    measure: str
    role: str
    scope: tuple[str, ...] | None = None
    unit: str | None = None
    period: tuple[date | None, date | None] | None = None
    as_of: date | None = None
    source: Span | None = None
    donor: Span | None = None
    recipient: Span | None = None
    part_of: Span | None = None
    link: str | None = None
    off_by: float | None = None
    confidence: float = 0.5
    evidence: tuple[tuple[str, Span], ...] = ()

    @property
    def cumulative(self) -> bool:
        """Whether the figure counts everything up to `as_of`."""
        return self.as_of is not None

    def record(self, text: str) -> dict[str, Any]:
        """The frame under the guidelines' keys (`role`, `scope`, `period`) and ours beside them."""
        period = [day.isoformat() if day else None for day in self.period] if self.period else None
        record: dict[str, Any] = {
            "measure": self.measure,
            "role": self.role,
            "scope": list(self.scope) if self.scope else None,
            "scope_unit": self.unit,
            "period": period,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "off_by": self.off_by,
            "link": self.link,
            "part_of": list(self.part_of) if self.part_of else None,
            "frame_confidence": round(self.confidence, 3),
            "evidence": [{"what": what, "start": a, "end": b, "text": text[a:b]} for what, (a, b) in self.evidence],
        }
        for name in ("source", "donor", "recipient"):
            span: Span | None = getattr(self, name)
            record[name] = {"start": span[0], "end": span[1], "text": text[slice(*span)]} if span else None
        return record
