"""The spaCy pipeline: a blank Vietnamese model on syllables whose components are our finders, facts in `doc.spans`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from extract.counts import find_counts
from extract.dates import find_dates
from extract.facts import CountFact, DateFact, Fact, MoneyFact, PlaceFact
from extract.money import find_money
from extract.numbers import find_numbers
from extract.observation import Observation
from extract.observations import observe
from extract.passage import Passage
from extract.places import find_places
from extract.text import sentences

# A syllable, a run of digits, or one other character: every fact begins and ends at a token's edge.
TOKEN = re.compile(r"[^\W\d_]+|\d+|\s+|.", re.DOTALL)
KINDS = ("date", "place", "count", "money")
TOKENIZER = "baotinh.SyllableTokenizer.v1"

for _name, _default in (("passage", None), ("facts", ()), ("observations", ())):
    Doc.set_extension(_name, default=_default, force=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one passage says: its facts in the order of the text, and the observations made of them."""

    passage: Passage
    facts: list[Fact]
    observations: list[Observation]


class SyllableTokenizer:
    """Cuts text into syllables, numbers and single signs, sentences marked; the text round-trips, spaces too."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """A Doc whose text is `text`, character for character."""
        words: list[str] = []
        spaces: list[bool] = []
        # Given to Doc at once: setting Token.is_sent_start looks through the whole Doc each time.
        begins: list[bool | int | None] = []
        starts = {start for start, _ in sentences(text)}
        for match in TOKEN.finditer(text):
            token = match.group()
            if token == " " and words and not spaces[-1]:
                spaces[-1] = True
            else:
                begins.append(not words or match.start() in starts)
                words.append(token)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces, sent_starts=begins)


@registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], SyllableTokenizer]:
    """The tokenizer's factory, as spaCy's registry wants it."""
    return lambda nlp: SyllableTokenizer(nlp.vocab)


@Language.component("baotinh_facts_v1")
def mark_facts(doc: Doc) -> Doc:
    """Finds dates, places, money and counts; earlier kinds keep their words from later ones."""
    passage: Passage = doc._.passage
    numbers = find_numbers(doc.text)
    dates: list[DateFact] = find_dates(doc.text, passage.published)
    money: list[MoneyFact] = find_money(doc.text, numbers)
    places: list[PlaceFact] = find_places(passage)
    taken = [fact.span for fact in (*dates, *money, *places)]
    counts: list[CountFact] = find_counts(doc.text, numbers, taken)
    found: list[Fact] = [*dates, *places, *money, *counts]
    doc._.facts = sorted(found, key=lambda fact: fact.span)
    for kind in KINDS:
        facts = (fact for fact in doc._.facts if fact.kind == kind)
        spans = (doc.char_span(fact.start, fact.end, kind, alignment_mode="expand") for fact in facts)
        doc.spans[kind] = [span for span in spans if span]  # "expand" always gives one; its type says it may not
    return doc


@Language.component("baotinh_observations_v1")
def mark_observations(doc: Doc) -> Doc:
    """Gives each count and sum of money its frame."""
    doc._.observations = observe(doc._.passage, doc._.facts)
    return doc


@lru_cache(maxsize=1)
def language() -> Language:
    """The pipeline, built once in a process."""
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    for name in ("baotinh_facts_v1", "baotinh_observations_v1"):
        nlp.add_pipe(name)
    return nlp


def read(passages: Iterable[Passage]) -> Iterator[Reading]:
    """The facts and observations of each passage, in order, through `nlp.pipe`."""
    nlp = language()

    def docs() -> Iterator[Doc]:
        for passage in passages:
            doc = nlp.make_doc(passage.text)
            doc._.passage = passage
            yield doc

    for doc in nlp.pipe(docs()):
        yield Reading(doc._.passage, doc._.facts, doc._.observations)


def records(reading: Reading) -> list[dict[str, Any]]:
    """The facts as the guidelines' JSON objects, a figure's frame merged into it: the form of `baotinh annotate`."""
    text = reading.passage.text
    frames = {observation.fact.span: observation.record(text) for observation in reading.observations}
    return [fact.record(text) | frames.get(fact.span, {}) for fact in reading.facts]
