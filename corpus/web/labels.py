"""What the codes of the corpus are called on the pages; `gettext` turns each into the reader's language."""

from __future__ import annotations

from corpus.web.language import mark as _

KINDS = {"count": _("Count"), "money": _("Money"), "place": _("Place"), "date": _("Date")}
STATES = {"open": _("not reviewed"), "accept": _("accepted"), "correct": _("corrected"), "reject": _("rejected")}
ROLES = {
    "reader": _("reader"),
    "reviewer": _("reviewer"),
    "researcher": _("researcher"),
    "admin": _("administrator"),
}
QUALIFIERS = {
    "exact": _("exactly"),
    "approx": _("about"),
    "less": _("nearly"),
    "more": _("more than"),
    "at_least": _("at least"),
    "at_most": _("at most"),
}
# Roles of figures: of model counts and of money.
PARTS = {
    "registered": _("registered"),
    "implemented": _("implemented"),
    "recognised": _("recognised"),
    "raised": _("raised"),
    "given": _("given"),
    "invested": _("invested"),
    "worth": _("worth"),
    "lent": _("lent"),
    "other": _("other"),
}
LEVELS = {"province": _("province"), "district": _("district"), "commune": _("commune"), "hamlet": _("hamlet")}

# The pages that the head of every page leads to, and the role that each needs.
ROOMS = (("/", _("Search"), "reader"),)
