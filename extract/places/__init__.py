"""Places: each named administrative unit, as it was on the publication day."""

from extract.facts import PlaceFact
from extract.passage import Passage


def find_places(passage: Passage) -> list[PlaceFact]:
    """Every place of the passage's text, in order."""
    raise NotImplementedError
