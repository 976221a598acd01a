"""Gold: people's decisions as passages in the guidelines' form, for `baotinh evaluate` to score the rules against."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from corpus.correction import corrected
from corpus.store import Corpus
from extract.facts import Span

SAID = {
    "date": ("from", "to"),
    "place": ("level", "path"),
    "count": ("value", "min", "max", "total", "unit", "qualifier", "model"),
    "money": ("value", "min", "max", "total", "currency", "per", "qualifier"),
}
UNDECIDED = "passages with a fact that nobody decided on"
CHANGED = "articles that changed and were not read again: run `baotinh extract`"
REVIEWED = (
    "SELECT id, url, title, published_day, province, text FROM articles WHERE id IN "
    "(SELECT article_id FROM facts WHERE review_id IS NOT NULL AND state <> 'open') ORDER BY id"
)
FACTS = (
    "SELECT f.kind, f.start, f.end, f.text, f.former, f.state, f.retired_at IS NOT NULL AS gone, r.seen, r.correction, "
    "s.start AS sentence_start, s.text AS sentence "
    "FROM facts AS f JOIN sentences AS s ON s.id = f.sentence_id LEFT JOIN reviews AS r ON r.id = f.review_id "
    "WHERE f.article_id = ? AND (f.retired_at IS NULL OR f.state IN ('accept', 'correct')) ORDER BY f.start, f.end"
)


def gold_records(corpus: Corpus, left_out: Counter[str] | None = None) -> Iterator[dict[str, Any]]:
    """The passages of which people decided on every fact: what was accepted, as it was seen, and what was corrected.

    A passage is the whole article, or else a paragraph; its facts count in the passage's text. A fact that extraction
    no longer finds stays where its words still stand. `left_out` gets the numbers of what was left out, by reason.
    What extraction never found nobody could decide on: recall is told of what it ever found.
    """
    for article in corpus.conn.execute(REVIEWED).fetchall():
        facts = _standing(article["text"], corpus.conn.execute(FACTS, (article["id"],)).fetchall())
        if any(article["text"][fact["start"] : fact["end"]] != fact["text"] for fact in facts):
            if left_out is not None:
                left_out[CHANGED] += 1
            continue
        for start, end in _passages(article["text"], facts):
            inside = [fact for fact in facts if start <= fact["start"] < end]
            decided = [fact for fact in inside if fact["state"] != "open"]
            if len(decided) < len(inside):
                if left_out is not None and decided:
                    left_out[UNDECIDED] += 1
            elif decided:
                yield _record(article, start, end, decided)


def _standing(text: str, facts: Sequence[sqlite3.Row]) -> list[sqlite3.Row]:
    """The facts that extraction finds, and of those that are gone the ones that nothing else has taken the place of."""
    found = [fact for fact in facts if not fact["gone"]]
    for fact in facts:
        stands = text.startswith(fact["sentence"], fact["sentence_start"])
        rivals = (other for other in found if other["kind"] == fact["kind"] and other["state"] != "reject")
        if fact["gone"] and stands and not any(_overlap(fact, other) for other in rivals):
            found.append(fact)
    return sorted(found, key=lambda fact: (fact["start"], fact["end"]))


def _overlap(one: sqlite3.Row, other: sqlite3.Row) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _passages(text: str, facts: Sequence[sqlite3.Row]) -> Iterator[Span]:
    """The whole text where every fact is decided on, else its paragraphs; a newline inside a fact ends none."""
    if all(fact["state"] != "open" for fact in facts):
        yield 0, len(text)
        return
    start = 0
    for end, sign in enumerate(f"{text}\n"):
        if sign == "\n" and not any(fact["start"] < end < fact["end"] for fact in facts):
            if text[start:end].strip():
                yield start, end
            start = end + 1


def _record(article: sqlite3.Row, start: int, end: int, facts: Sequence[sqlite3.Row]) -> dict[str, Any]:
    host = article["url"].partition("://")[2].partition("/")[0]
    return {
        "id": f"{article['id']}-{start}",
        "source": host.removeprefix("www.") or None,
        "province": article["province"],
        "published": article["published_day"],
        "title": article["title"],
        "url": article["url"],
        "text": article["text"][start:end],
        "facts": [_fact(fact, start) for fact in facts if fact["state"] != "reject"],
    }


def _fact(fact: sqlite3.Row, offset: int) -> dict[str, Any]:
    """A fact as a person left it, under the guidelines' keys; what these call optional is marked so."""
    said = corrected(json.loads(fact["seen"]), json.loads(fact["correction"]) if fact["correction"] else None)
    kind = fact["kind"]
    made = {"kind": kind, "text": fact["text"], "start": fact["start"] - offset, "end": fact["end"] - offset}
    made |= {key: said.get(key) for key in SAID[kind] if kind == "date" or said.get(key) is not None}
    if kind == "count":
        made["model"] = bool(said.get("model"))
    if kind == "money" or made.get("model"):
        made |= {"role": said.get("role")} if kind == "count" else {}
        made |= {"scope": said.get("scope"), "period": said.get("period")}
    former = bool(fact["former"]) and fact["state"] == "accept"
    if former or made.get("level") == "hamlet":
        made["optional"] = True
    return made | ({"former": True} if former else {})
