"""Mâu thuẫn: pairs of figures of different articles that cannot both be right, with both sentences."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from corpus.figures import contradict, figures_of
from corpus.kept import kept, moment
from corpus.observations import conflicts
from corpus.query import Query
from corpus.store import Corpus
from corpus.web.figures import asked_of, choices_of
from corpus.web.web import corpus_of, page

PAGE = 20  # pairs on a page


def conflicts_page(request: Request) -> Response:
    """The pairs of the measure and place in the address (all without them), models before sums of money."""
    asked = asked_of(request)
    corpus = corpus_of(request)
    measure = request.query_params.get("measure", "").strip() or None
    if measure is None:
        asked.fields.pop("measure")
    pairs = _pairs(corpus, measure, asked.fields.get("place"))
    first = (asked.number("page") - 1) * PAGE
    chosen = pairs[first : first + PAGE]
    found = {figure.id: figure for figure in figures_of(corpus, (fact for pair in chosen for fact in pair))}
    # What people decided since the pairs were sought may have settled some.
    both = [(found[one], found[other]) for one, other in chosen if one in found and other in found]
    context = choices_of(request, asked) | {
        "chosen": measure,
        "pairs": [pair for pair in both if contradict(*pair)],
        "settled": len(chosen) - sum(contradict(*pair) for pair in both),
        "total": len(pairs),
        "before": asked.address("/figures/conflicts", page=asked.number("page") - 1) if first else None,
        "after": asked.address("/figures/conflicts", page=asked.number("page") + 1)
        if first + PAGE < len(pairs)
        else None,
    }
    return page(request, "figures_conflicts.html", context)


def _pairs(corpus: Corpus, measure: str | None, place: str | None) -> list[tuple[int, int]]:
    """The facts of each pair; sought in the whole corpus, so kept until it changes, but for decisions."""
    query = Query(place=place, limit=0)
    found = kept(
        corpus,
        ("conflicts", place),
        moment(corpus, reviews=False),
        lambda: [(pair.one.fact, pair.other.fact, pair.one.measure) for pair in conflicts(corpus, query)],
    )
    return [(one, other) for one, other, said in found if measure in (None, said)]


ROUTES = [Route("/figures/conflicts", conflicts_page, name="conflicts")]
