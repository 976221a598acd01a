"""`python -m crawler PLAN.json`: one crawl without any database, the captures as JSON Lines, the report last."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from crawler.crawl import Capture, Plan, crawl
from crawler.sites import site_of


def plan_of(said: dict[str, Any]) -> Plan:
    """The plan that a JSON object says: fields as in Plan, sites as entries of a catalogue, days as YYYY-MM-DD."""
    days = {name: date.fromisoformat(said[name]) for name in ("since", "until") if said.get(name)}
    given = {"sites": [site_of(entry) for entry in said["sites"]], "archive": Path(said["archive"])}
    return Plan(**said | given | days | {"topic": tuple(said.get("topic", ()))})


def main(arguments: list[str]) -> int:
    """Exit status 0, or 1 where the crawl was interrupted, 2 for a wrong call."""
    if len(arguments) != 1:
        print("usage: python -m crawler PLAN.json", file=sys.stderr)
        return 2

    def say(capture: Capture) -> None:
        print(json.dumps(capture.record(), ensure_ascii=False), flush=True)

    report = crawl(plan_of(json.loads(Path(arguments[0]).read_text("utf-8"))), say)
    print(json.dumps(report.as_dict(), ensure_ascii=False), flush=True)
    return 1 if report.interrupted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
