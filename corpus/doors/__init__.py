"""The doors of this room: the commands that need nothing but a corpus, a file for each kind."""

from corpus.doors import care, dataset, figures, finding, review
from corpus.doors.group import Doors
from corpus.doors.options import DAY, as_day, tell, with_db

__all__ = ["DAY", "DOORS", "Doors", "as_day", "tell", "with_db"]

DOORS = tuple(door for kind in (finding, review, figures, dataset, care) for door in kind.DOORS)
