"""Mẫu duyệt kín: drawing a sample, deciding on it without seeing what others decide, and how far people agree."""

from __future__ import annotations

import random
from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from corpus.amend import Misread, amended, shown
from corpus.correction import corrected
from corpus.review import Decision
from corpus.samples import (
    LARGEST,
    Choice,
    Sample,
    agreement,
    blind_case,
    chosen,
    decide_blind,
    disagreements,
    draw,
    facts_of,
    sample,
    samples,
    settle,
    undo_blind,
)
from corpus.search import rows
from corpus.store import Corpus
from corpus.users import User
from corpus.web import value
from corpus.web.facets import choices
from corpus.web.form import Form
from corpus.web.guard import needs
from corpus.web.language import gettext
from corpus.web.review import fields_of_case, note_of, number_of
from corpus.web.web import corpus_of, form_of, page, user_of, with_form

SIZE = 50  # facts proposed
SEEDS = 10**6
SHOWN = 100  # disagreements listed at most


def sees_results(user: User, named: Sample) -> bool:
    """Whether a person may see what others decided: who is done, and a researcher who has not begun."""
    return named.finished(user.name) or (user.may("researcher") and user.name not in named.people)


@needs("reviewer")
def samples_page(request: Request) -> Response:
    """The samples, and for researchers the form that draws one."""
    return _samples(request, Form.of({}, corpus_of(request)), {}, None)


def _samples(request: Request, form: Form, typed: dict[str, str], wrong: str | None) -> Response:
    corpus = corpus_of(request)
    context = {
        "samples": samples(corpus),
        "form": form,
        "listed": choices(corpus),
        "typed": {"size": str(SIZE), "seed": str(random.randrange(SEEDS)), **typed},
        "wrong": wrong,
        "largest": LARGEST,
    }
    return page(request, "review_samples.html", context, 400 if wrong or form.errors else 200)


@with_form
@needs("researcher")
def draw_posted(request: Request) -> Response:
    """Draws a sample and leads to it; what cannot be drawn is said (400)."""
    corpus, fields = corpus_of(request), form_of(request)
    form = Form.of(fields, corpus)
    size, seed = number_of(fields.get("size", "")), number_of(fields.get("seed", ""))
    if form.errors:
        return _samples(request, form, fields, None)
    if size is None or not 1 <= size <= LARGEST or seed is None:
        said = gettext("A sample has 1 to %(largest)s facts, and its seed is a whole number.") % {"largest": LARGEST}
        return _samples(request, form, fields, said)
    try:
        made = draw(corpus, fields.get("name", ""), form.query, size, seed, who=user_of(request).name)
    except ValueError:
        said = gettext("A sample needs a name of its own, and filters that find something.")
        return _samples(request, form, fields, said)
    return RedirectResponse(f"/review/samples/{made}", 303)


def _named(request: Request) -> Sample:
    try:
        return sample(corpus_of(request), request.path_params["sample"])
    except ValueError as error:
        raise HTTPException(404, gettext("There is no such sample.")) from error


@needs("reviewer")
def sample_page(request: Request) -> Response:
    """Who is how far and, for those who may see it, how far people agree and where they do not."""
    corpus, named = corpus_of(request), _named(request)
    context: dict[str, Any] = {"sample": named, "value": value, "agreed": [], "differing": [], "more": 0}
    context["sees"] = sees_results(user_of(request), named)
    settled = number_of(request.query_params.get("settled"))
    context["said"] = "" if settled is None else gettext("Written into the reviews: %(number)s.") % {"number": settled}
    if context["sees"]:
        differing = disagreements(corpus, named.id)
        found = rows(corpus, list(differing)[:SHOWN])
        context["agreed"] = agreement(corpus, named.id)
        context["differing"] = [(row, _words(corpus, named.id, row.id, differing[row.id])) for row in found]
        context["more"] = len(differing) - len(found)
    return page(request, "review_sample.html", context)


def _words(corpus: Corpus, sample_id: int, fact: int, said: dict[str, Choice]) -> list[tuple[str, str]]:
    """What each person decided on a fact, in words."""
    seen = blind_case(corpus, sample_id, fact).seen
    told = []
    for who, choice in said.items():
        correction = value.kept(choice[1])
        now = f": {value.in_short(corrected(seen, correction))}" if correction else ""
        told.append((who, f"{value.done(choice[0])}{now}"))
    return told


@needs("reviewer")
def work_page(request: Request) -> Response:
    """One fact of the sample, as extraction gave it: the one the address names, else the first not decided on."""
    return _work(request, _named(request), number_of(request.query_params.get("fact")))


def _work(
    request: Request,
    named: Sample,
    fact: int | None,
    typed: dict[str, str] | None = None,
    errors: dict[str, Misread] | None = None,
) -> Response:
    corpus, who = corpus_of(request), user_of(request).name
    order = facts_of(corpus, named.id)
    mine = chosen(corpus, named.id).get(who, {})
    fact = fact if fact is not None else next((each for each in order if each not in mine), None)
    if fact is None:
        return RedirectResponse(f"/review/samples/{named.id}", 303)
    if fact not in order:
        raise HTTPException(404, gettext("There is no such fact."))
    found = blind_case(corpus, named.id, fact)
    number = order.index(fact)
    my = mine.get(fact)
    context = {
        "sample": named,
        "case": found,
        "number": number + 1,
        "done": len(mine),
        "before": order[number - 1] if number else None,
        "after": order[number + 1] if number + 1 < len(order) else None,
        "my": value.done(my[0]) if my else "",
        "told": value.told(found.said),
        "fields": fields_of_case(found),
        "stands": shown(found.said) | (typed or {}),
        "typed": typed or {},
        "errors": errors or {},
        "said": _said(request),
        "value": value,
    }
    return page(request, "review_work.html", context, 422 if errors else 200)


def _said(request: Request) -> str:
    """What the asker did just now, as the address says it."""
    done = request.query_params.get("done", "")
    return value.done(done) + "." if done in get_args(Decision) else ""


@with_form
@needs("reviewer")
def decided(request: Request) -> Response:
    """Keeps a blind decision and moves on to the next fact not decided on."""
    corpus, fields, named, who = corpus_of(request), form_of(request), _named(request), user_of(request).name
    fact, decision = number_of(fields.get("fact")), fields.get("decision", "")
    if decision not in {"accept", "correct", "reject"} or fact is None:
        raise HTTPException(400, gettext("Choose at least one fact, and what to decide."))
    correction = None
    try:
        if decision == "correct":
            change = amended(corpus.conn, blind_case(corpus, named.id, fact), fields)
            if change.errors:
                return _work(request, named, fact, fields, change.errors)
            correction = change.correction
        note = note_of(fields)
        decide_blind(corpus, named.id, fact, decision, who=who, note=note, correction=correction)  # type: ignore[arg-type]
    except ValueError as error:
        raise HTTPException(400, gettext("There is no such fact.")) from error
    mine = chosen(corpus, named.id)[who]
    order = facts_of(corpus, named.id)
    start = order.index(fact)
    following = next((each for each in order[start:] + order[:start] if each not in mine), None)
    if following is None:
        return RedirectResponse(f"/review/samples/{named.id}", 303)
    return RedirectResponse(f"/review/samples/{named.id}/work?fact={following}&done={decision}", 303)


@with_form
@needs("reviewer")
def taken_back(request: Request) -> Response:
    """Takes the asker's last blind decision back and shows its fact."""
    named = _named(request)
    fact = undo_blind(corpus_of(request), named.id, who=user_of(request).name)
    if fact is None:
        raise HTTPException(400, gettext("There is nothing of yours to undo."))
    return RedirectResponse(f"/review/samples/{named.id}/work?fact={fact}&done=open", 303)


@with_form
@needs("researcher")
def settled(request: Request) -> Response:
    """Writes what all agree on into the reviews."""
    named = _named(request)
    number = settle(corpus_of(request), named.id, who=user_of(request).name)
    return RedirectResponse(f"/review/samples/{named.id}?settled={number}", 303)


ROUTES = [
    Route("/review/samples", samples_page, name="samples"),
    Route("/review/samples", draw_posted, methods=["POST"]),
    Route("/review/samples/{sample:int}", sample_page, name="sample"),
    Route("/review/samples/{sample:int}/work", work_page),
    Route("/review/samples/{sample:int}/decide", decided, methods=["POST"]),
    Route("/review/samples/{sample:int}/undo", taken_back, methods=["POST"]),
    Route("/review/samples/{sample:int}/settle", settled, methods=["POST"]),
]
