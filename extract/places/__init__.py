"""Places: each named administrative unit, as it was on the publication day."""

from extract.facts import PlaceFact
from extract.passage import Passage
from extract.places.deciding import decide
from extract.places.finding import find_mentions


def find_places(passage: Passage) -> list[PlaceFact]:
    """Every place of the passage's text, in order."""
    return decide(passage, find_mentions(passage.text))
