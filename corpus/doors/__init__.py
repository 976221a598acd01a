"""The doors of this room: the commands that need nothing but a corpus, a file for each kind."""

from corpus.doors import dataset, figures, finding, review
from corpus.doors.options import DAY, as_day, with_db

__all__ = ["DAY", "DOORS", "as_day", "with_db"]

DOORS = tuple(door for kind in (finding, review, figures, dataset) for door in kind.DOORS)
