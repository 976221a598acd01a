"""The result of a search as a file to keep: everything that the query in the address finds."""

from __future__ import annotations

import re
import tempfile
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from corpus.export.found import write_found
from corpus.schema import CorpusError
from corpus.web.form import Form
from corpus.web.language import gettext
from corpus.web.web import corpus_of
from extract.text import fold

SHAPES = {"xlsx": "Excel", "csv": "CSV", "jsonl": "JSON Lines"}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
AT_ONCE = threading.BoundedSemaphore(2)  # files written at a time: a large one takes a processor for half a minute
WAIT = 20.0  # seconds to wait for one's turn
LONGEST = 60  # characters of a file's name that tell the query


def export_page(request: Request) -> Response:
    """The file of `format`; 400 for a query that cannot be read, 413 where a sheet of Excel cannot hold the rows, 503
    where others are being written for long."""
    shape = request.query_params.get("format", "csv")
    if shape not in SHAPES:
        raise HTTPException(400, gettext("There is no such format; take xlsx, csv or jsonl."))
    form = Form.of(request.query_params, corpus_of(request))
    if form.errors:
        raise HTTPException(400, " ".join(form.errors.values()))
    with ExitStack() as kept:
        path = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="baotinh-"))) / f"found.{shape}"
        if not AT_ONCE.acquire(timeout=WAIT):
            said = gettext("Large files are being written just now; try again in a minute.")
            raise HTTPException(503, said)
        try:
            write_found(corpus_of(request), form.query, shape, path)
        except CorpusError as error:
            said = gettext("A sheet of Excel cannot hold so many rows; narrow the search, or take CSV or JSON Lines.")
            raise HTTPException(413, said) from error
        finally:
            AT_ONCE.release()
        after = BackgroundTask(kept.pop_all().close)
    return FileResponse(path, media_type=TYPES[shape], filename=file_name(form, shape), background=after)


def file_name(form: Form, shape: str) -> str:
    """What the file is called: the query in plain letters, and the day."""
    asked = [form.shown[name] for name in ("q", "kind", "place", "measure", "site", "since") if name in form.shown]
    words = re.findall("[a-z0-9]+", fold(" ".join(asked)))
    said = "-".join(["baotinh", *words])[:LONGEST].rstrip("-")
    return f"{said}-{datetime.now(UTC).date().isoformat()}.{shape}"


ROUTES = [Route("/export", export_page, name="export")]
