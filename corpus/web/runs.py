"""Nhật ký: what each run did, site by site; a button that starts a refresh, its progress, and one that stops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from corpus import refresh
from corpus.runs import Run, number_of_runs, run_of, run_of_child, runs
from corpus.store import CorpusError
from corpus.web.guard import needs
from corpus.web.language import gettext
from corpus.web.language import mark as _
from corpus.web.web import corpus_of, page, user_of, web_of, with_form

PAGE = 30  # runs on a page
MOST_PAGES = 100_000
LONGEST_TOPIC = 100  # characters
KINDS = {
    "refresh": _("refresh"),
    "demo": _("demonstration"),
    "extract": _("extraction"),
    "ingest": _("import of files"),
    "merge": _("merge"),
    "import": _("import"),
}
STATES = {"running": _("running"), "done": _("done"), "interrupted": _("interrupted")}
# What a crawl counts at each site, in the order of the columns.
COUNTED = {
    "seen": _("seen"),
    "fetched": _("fetched"),
    "kept": _("kept"),
    "new": _("new"),
    "changed": _("changed"),
    "unchanged": _("unchanged"),
    "off_topic": _("off topic"),
    "duplicate": _("copies"),
    "gone": _("gone"),
    "left": _("left out"),
}
WISHES = {
    "sites": _("papers"),
    "topic": _("topic"),
    "since": _("published since"),
    "until": _("published until"),
    "max_pages": _("at most pages of each paper"),
    "revisit": _("known articles again"),
    "delay": _("seconds between requests"),
    "everything": _("everything again"),
    "paths": _("files"),
}


def when(moment: str | None) -> str:
    """A moment as this machine's clock says it: 18/01/2022 06:02."""
    return datetime.fromisoformat(moment).astimezone().strftime("%d/%m/%Y %H:%M") if moment else ""


def lasting(seconds: float | None) -> str:
    """A time in words: 45 s, 3 min 20 s, 2 h 5 min."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return (
        gettext("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
        if minutes
        else gettext("%(seconds)s s") % {"seconds": rest}
    )


def _known(request: Request) -> list[Mapping[str, Any]]:
    """The papers to choose from: those of the catalogue, else those that the corpus knows."""
    given = web_of(request).settings.sites
    return list(given) or [
        dict(row) for row in corpus_of(request).conn.execute("SELECT * FROM sites ORDER BY name, id")
    ]  # fmt: skip


def _common(request: Request) -> dict[str, Any]:
    """What every page of the room needs: the refresh started last with its run, names, and what may be done."""
    corpus = corpus_of(request)
    child = refresh.last(corpus)
    running = run_of_child(corpus, child) if child else None
    return {"child": child, "of_child": running, "kinds": KINDS, "states": STATES, "counted": COUNTED,
            "wishes": WISHES, "when": when, "lasting": lasting, "may_start": _may_start(request)}  # fmt: skip


def _may_start(request: Request) -> bool:
    return bool(web_of(request).settings.refresh) and user_of(request).may("researcher")


def _listed(request: Request, problems: Mapping[str, str], typed: Mapping[str, Any], status: int = 200) -> Response:
    """The page with the runs, the refresh that runs, and the form that starts one."""
    corpus = corpus_of(request)
    common = _common(request)
    said = request.query_params.get("page", "1")
    number = int(said) if said.isdecimal() and 0 < int(said) < MOST_PAGES else 1
    found = runs(corpus, common["child"], PAGE, (number - 1) * PAGE)
    known = _known(request)
    provinces = {str(site[name]) for site in known for name in ("province", "province_2024") if site.get(name)}
    context = common | {
        "runs": found,
        "page_number": number,
        "more": number * PAGE < number_of_runs(corpus),
        "sites": known,
        "provinces": sorted(provinces),
        "problems": problems,
        "typed": typed,
        "said": refresh.said(corpus) if common["may_start"] else [],
    }
    return page(request, "runs.html", context, status)


def runs_page(request: Request) -> Response:
    """The runs, the latest first."""
    return _listed(request, {}, {})


def run_page(request: Request) -> Response:
    """One run, or 404."""
    common = _common(request)
    return page(request, "run.html", common | {"run": _asked(request, common)})


def progress(request: Request) -> Response:
    """The part of a page that changes while a run runs."""
    common = _common(request)
    asked = request.query_params.get("run", "")
    run = run_of(corpus_of(request), int(asked), common["child"]) if asked.isdecimal() else common["of_child"]
    return page(request, "run_progress.html", common | {"run": run})


def _asked(request: Request, common: Mapping[str, Any]) -> Run:
    run = run_of(corpus_of(request), request.path_params["run"], common["child"])
    if run is None:
        raise HTTPException(404, gettext("There is no such run."))
    return run


@needs("researcher")
def start_run(request: Request) -> Response:
    """Starts a refresh as the form asks; what cannot be read is named (400), and one that runs is not joined (409)."""
    form: FormData = request.state.form
    command = web_of(request).settings.refresh
    if not command:
        raise HTTPException(404, gettext("These pages were started without a command that refreshes."))
    typed = {name: str(form.get(name, "")).strip() for name in ("province", "since", "until", "topic", "max_pages")}
    chosen = [said for said in form.getlist("site") if isinstance(said, str)]
    wishes, problems = wishes_of(typed, chosen, _known(request))
    if problems:
        return _listed(request, problems, {**typed, "sites": chosen}, 400)
    try:
        refresh.start(corpus_of(request), [*command, *wishes], user_of(request).name)
    except CorpusError as error:
        child = refresh.last(corpus_of(request))
        told = str(error)
        if child and child.running:
            told = gettext("A refresh is running already; wait for its end, or stop it.")
        return _listed(request, {"start": told}, {**typed, "sites": chosen}, 409)
    return RedirectResponse("/runs", 303)


@needs("researcher")
def stop_run(request: Request) -> Response:
    """Asks the refresh that runs to stop, a second time to stop at once."""
    refresh.stop(corpus_of(request))
    return RedirectResponse("/runs", 303)


def wishes_of(
    typed: Mapping[str, str], chosen: Sequence[str], known: Sequence[Mapping[str, Any]]
) -> tuple[list[str], dict[str, str]]:
    """The arguments of `baotinh refresh` that a form asks for, and what of it cannot be read, by field."""
    problems: dict[str, str] = {}
    days = {name: _day(typed, name, problems) for name in ("since", "until")}
    if days["since"] and days["until"] and days["since"] > days["until"]:
        problems["until"] = gettext("The end lies before the beginning.")
    if unknown := set(chosen) - {site["id"] for site in known}:
        problems["site"] = gettext("There is no such paper: %(paper)s.") % {"paper": min(unknown)}
    provinces = {site.get(name) for site in known for name in ("province", "province_2024")}
    if typed["province"] and typed["province"] not in provinces:
        problems["province"] = gettext("No paper of the catalogue is of this province.")
    most = typed["max_pages"].replace(".", "")
    if most and not (most.isdecimal() and 0 < int(most) <= MOST_PAGES):
        problems["max_pages"] = gettext("The number of pages is a whole number from 1 on.")
    if len(typed["topic"]) > LONGEST_TOPIC:
        problems["topic"] = gettext("A topic has at most 100 letters.")
    # A value stands in one word with its option, and papers behind --, so that none is taken for an option.
    said = {"topic": typed["topic"], "province": typed["province"], "max-pages": most, **days}
    return [*(f"--{name}={value}" for name, value in said.items() if value), "--", *chosen], problems


def _day(typed: Mapping[str, str], name: str, problems: dict[str, str]) -> str:
    said = typed[name]
    if not said:
        return ""
    for read in (date.fromisoformat, lambda day: datetime.strptime(day, "%d/%m/%Y").replace(tzinfo=UTC).date()):
        try:
            return read(said).isoformat()
        except ValueError:
            continue
    problems[name] = gettext("A day is written like 18/01/2022 or 2022-01-18.")
    return ""


ROUTES = [
    Route("/runs", runs_page, name="runs"),
    Route("/runs", with_form(start_run), methods=["POST"]),
    Route("/runs/progress", progress, name="progress"),
    Route("/runs/stop", with_form(stop_run), methods=["POST"]),
    Route("/runs/{run:int}", run_page, name="run"),
]
