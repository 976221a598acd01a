"""Places: each named administrative unit, as it was on the publication day.

Finding (finding.py) reads names with and without prefixes, in lists and chains; deciding (deciding.py) says which unit
each is, from the chain and the list (chain.py), the units named, the paper's province and the day; bare.py judges what
stands without a prefix.

underthesea's named entities are not called: where they and the rules differ, the rules are right. On the 32 passages
of tests/gold, by span alone, the rules have F1 0.98 and the tagger 0.67, at three times the time of all the rules
(benchmarks/tagger.py).
"""

from extract.facts import PlaceFact
from extract.passage import Passage
from extract.places.deciding import decide
from extract.places.finding import find_mentions

__all__ = ["find_places"]


def find_places(passage: Passage) -> list[PlaceFact]:
    """Every place of the passage's text, in order."""
    return decide(passage, find_mentions(passage.text))
