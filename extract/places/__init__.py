"""Places: each named administrative unit, as it was on the publication day.

Finding (finding.py) reads names with and without prefixes, in lists and chains; deciding (deciding.py) says which unit
each is, from the chain and the list (chain.py), the units named, the paper's province and the day; bare.py judges what
stands without a prefix.

underthesea's named entities are not called. Measured on the 95 known names that stand in the development passages,
places or not: the rules judged all 95 rightly, the tagger 84; in all 11 where they differed the rules were right
("phong cách Hồ Chí Minh" and a person's "Hồ Hải" were LOC, "Mường Ảng", "Vũ Thư" and "Sóc Trăng" were not), and it
took 14.6 s for 21 passages.
"""

from extract.facts import PlaceFact
from extract.passage import Passage
from extract.places.deciding import decide
from extract.places.finding import find_mentions

__all__ = ["find_places"]


def find_places(passage: Passage) -> list[PlaceFact]:
    """Every place of the passage's text, in order."""
    return decide(passage, find_mentions(passage.text))
