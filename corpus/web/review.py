"""Duyệt: the queue of review, one fact at a time or as a list; decisions, undoing, and what to do about a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from corpus import amend
from corpus.amend import FIELDS, Misread, amended, read_field, shown
from corpus.case import Case, case
from corpus.correction import corrected
from corpus.queue import ahead, turn
from corpus.review import Conflict, Decision, decide, history, last_act, made, token, undo
from corpus.store import Corpus
from corpus.web import value
from corpus.web.facets import choices
from corpus.web.form import Form
from corpus.web.guard import needs
from corpus.web.language import gettext
from corpus.web.web import corpus_of, form_of, page, user_of, with_form

ROWS = 20  # facts of the list
LONGEST = 500  # characters of a note


def number_of(text: str | None) -> int | None:
    """A number of the address; None for none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else None


def note_of(fields: Mapping[str, str]) -> str:
    """The note of a form; one longer than LONGEST is refused (400) rather than cut."""
    note = fields.get("note", "").strip()
    if len(note) > LONGEST:
        raise HTTPException(400, gettext("A note has at most %(number)s characters.") % {"number": LONGEST})
    return note


def address(form: Form, path: str = "/review", **more: object) -> str:
    """An address of the review that keeps the filters of the queue; what is None is left out."""
    said = {**form.fields, **{name: str(part) for name, part in more.items() if part is not None}}
    said = {name: part for name, part in said.items() if name not in {"sort", "page"}}
    return f"{path}?{urlencode(said)}" if said else path


@needs("reviewer")
def review_page(request: Request) -> Response:
    """One fact of the queue: the one that the address names, else the least certain; 400 for filters it cannot read."""
    form = Form.of(request.query_params, corpus_of(request))
    return desk(request, form, number_of(request.query_params.get("fact")))


def desk(
    request: Request,
    form: Form,
    fact: int | None,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Misread] | None = None,
) -> Response:
    """The page of one fact; with what was typed and is wrong, where a correction was refused (422)."""
    corpus = corpus_of(request)
    context = {**common(request, form), "typed": typed or {}, "errors": errors or {}}
    if form.errors:
        return page(request, "review.html", {**context, "turn": None, "case": None}, 400)
    try:
        now = turn(corpus, form.query, fact)
        found = case(corpus, now.fact) if now.fact is not None else None
    except ValueError as error:
        raise HTTPException(404, gettext("There is no such fact.")) from error
    context |= {"turn": now, "case": found, "address": address}
    if found:
        context |= {"told": value.told(found.said), "decisions": with_words(history(corpus, found.id))}
        context |= {"fields": fields_of_case(found)}
        context |= {"stands": shown(found.said) | dict(typed or {})}
    return page(request, "review.html", context, 422 if errors else 200)


def fields_of_case(found: Case) -> list[str]:
    """The fields of a correction: those of the kind, without those of a frame where the fact speaks for nothing."""
    return [name for name in FIELDS[found.kind] if "measure" in found.said or name not in amend.FRAME]


def common(request: Request, form: Form) -> dict[str, Any]:
    """What every page of the queue shows: filters, what was done just now, what can be undone."""
    corpus, user = corpus_of(request), user_of(request)
    act = last_act(corpus, user.name)
    return {
        "form": form,
        "listed": choices(corpus) if form.errors or "choose" in request.query_params else None,
        "value": value,
        "back": urlencode(form.fields),
        "undoable": (act, made(corpus, act)) if act else None,
        "said": announced(corpus, request),
        "address": address,
    }


def announced(corpus: Corpus, request: Request) -> str:
    """What was done just now, where the address names an act of the asker's own."""
    if number_of(request.query_params.get("undone")):
        return gettext("Undone.")
    rows = made(corpus, number_of(request.query_params.get("done")) or 0)
    if not rows or rows[0]["who"] != user_of(request).name:
        return ""
    done = value.done(rows[0]["decision"])
    if len(rows) > 1:
        return gettext("%(done)s: %(number)s facts.") % {"done": done, "number": len(rows)}
    row = rows[0]
    now = f" → {value.in_short(corrected(row['seen'], row['correction']))}" if row["correction"] else ""
    return f"{done}: “{row['text']}”{now}."


def with_words(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Decisions with what each says in words."""
    return [
        {
            **row,
            "done": value.done(row["decision"]),
            "words": value.in_short(corrected(row["seen"], row["correction"])),
        }
        for row in rows
    ]


@needs("reviewer")
def list_page(request: Request) -> Response:
    """The next facts of the queue as rows, to be accepted together."""
    corpus = corpus_of(request)
    form = Form.of(request.query_params, corpus)
    fact = number_of(request.query_params.get("fact"))
    context = {**common(request, form), "cases": [], "turn": None, "fact": fact}
    if form.errors:
        return page(request, "review_list.html", context, 400)
    try:
        ids = ahead(corpus, form.query, ROWS, fact)
    except ValueError as error:
        raise HTTPException(404, gettext("There is no such fact.")) from error
    context |= {"cases": [case(corpus, each) for each in ids], "turn": turn(corpus, form.query)}
    return page(request, "review_list.html", context)


@with_form
@needs("reviewer")
def decide_posted(request: Request) -> Response:
    """Writes a decision on the facts of the form, if they are still what was seen (else 409), and moves on."""
    corpus, fields = corpus_of(request), form_of(request)
    form = Form.of(dict(parse_qsl(fields.get("back", ""))), corpus)
    facts = [fact for said in request.state.form.getlist("fact") if (fact := number_of(said)) is not None]
    seen = dict(str(said).partition(":")[::2] for said in request.state.form.getlist("seen"))
    decision = fields.get("decision", "")
    if decision not in get_args(Decision) or not facts or (decision == "correct" and len(facts) > 1):
        raise HTTPException(400, gettext("Choose at least one fact, and what to decide."))
    note = note_of(fields)
    expected = {fact: seen.get(str(fact), "") for fact in facts}
    correction = None
    try:
        if decision == "correct":
            if token(corpus.conn, facts[0]) != expected[facts[0]]:
                raise Conflict(facts)
            change = amended(corpus.conn, case(corpus, facts[0]), fields)
            if change.errors:
                return desk(request, form, facts[0], typed=fields, errors=change.errors)
            correction = change.correction
        who = user_of(request).name
        ids = decide(corpus, facts, decision, who=who, note=note, correction=correction, expected=expected)  # type: ignore[arg-type]
    except Conflict as conflict:
        return conflict_page(request, form, facts, conflict)
    except ValueError as error:
        raise HTTPException(400, gettext("There is no such fact.")) from error
    if fields.get("view") == "list":
        return RedirectResponse(address(form, "/review/list", done=ids[0]), 303)
    following = ahead(corpus, form.query, 1, facts[0]) if not form.errors else []
    return RedirectResponse(address(form, fact=following[0] if following else None, done=ids[0]), 303)


def conflict_page(request: Request, form: Form, facts: list[int], conflict: Conflict) -> Response:
    """What the asker wanted to decide beside what is there now, by whom and when (409); nothing was written."""
    corpus, fields = corpus_of(request), form_of(request)
    found = [case(corpus, fact) for fact in conflict.facts[:ROWS]]
    rows = [(each, value.told(each.said), with_words(history(corpus, each.id))[:1]) for each in found]
    following = ahead(corpus, form.query, 1, facts[0]) if not form.errors else []
    typed = (
        {name: fields[name] for name in value.AMENDED if name in fields} if fields.get("decision") == "correct" else {}
    )
    context = {
        **common(request, form),
        "mine": value.done(fields["decision"]),
        "decision": fields["decision"],
        "typed": typed,
        "note": fields.get("note", ""),
        "rows": rows,
        "more": len(conflict.facts) - len(found),
        "facts": [(fact, token(corpus.conn, fact)) for fact in facts],
        "view": fields.get("view", ""),
        "keep": address(form, fact=following[0] if following else None),
    }
    return page(request, "review_conflict.html", context, 409)


@with_form
@needs("reviewer")
def undo_posted(request: Request) -> Response:
    """Takes back the asker's act that the form names; 409 where somebody decided since."""
    corpus, fields = corpus_of(request), form_of(request)
    form = Form.of(dict(parse_qsl(fields.get("back", ""))), corpus)
    act = number_of(fields.get("act")) or 0
    try:
        facts = undo(corpus, act, who=user_of(request).name)
    except Conflict as conflict:
        found = [case(corpus, fact) for fact in conflict.facts[:ROWS]]
        rows = [(each, value.told(each.said), with_words(history(corpus, each.id))[:1]) for each in found]
        context = {**common(request, form), "rows": rows, "decision": None, "keep": address(form)}
        return page(request, "review_conflict.html", context, 409)
    except ValueError as error:
        raise HTTPException(400, gettext("There is nothing of yours to undo.")) from error
    if len(facts) > 1:
        return RedirectResponse(address(form, "/review/list", undone=act), 303)
    return RedirectResponse(address(form, fact=facts[0], undone=act), 303)


@needs("reviewer")
def read_typed(request: Request) -> Response:
    """What a field says that is being typed, as it would be kept: {"said", "error"}, one of them empty."""
    corpus, asked = corpus_of(request), request.query_params
    name, fact = asked.get("field", ""), number_of(asked.get("fact"))
    try:
        found = case(corpus, fact or 0)
    except ValueError as error:
        raise HTTPException(404, gettext("There is no such fact.")) from error
    if name not in FIELDS[found.kind]:
        raise HTTPException(404, gettext("There is no such field."))
    try:
        change = read_field(corpus.conn, found, name, asked.get("typed", "").strip())
    except Misread as error:
        return JSONResponse({"said": "", "error": value.amiss(error)})
    return JSONResponse({"said": read_back(found, name, change), "error": ""})


def read_back(found: Case, name: str, change: Mapping[str, Any]) -> str:
    """A change in words: what the value, the days or the place would be."""
    said = corrected(found.seen, change)
    wanted = {"days": "Days", "place": "Place", "scope": "Speaks for", "period": "Period", "measure": "Measure"}
    label = gettext(wanted.get(name, "Value"))
    return dict(value.told(said)).get(label, "")


ROUTES = [
    Route("/review", review_page, name="review"),
    Route("/review/list", list_page, name="review-list"),
    Route("/review/decide", decide_posted, methods=["POST"]),
    Route("/review/undo", undo_posted, methods=["POST"]),
    Route("/review/read", read_typed),
]
