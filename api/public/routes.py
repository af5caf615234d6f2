from pathlib import Path
from typing import Any

from litestar import get
from litestar.connection import Request
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.types import ASGIApp

from api.conditional import conditional, held_tags
from api.parts import Now
from api.public.cache import PublicAnswers
from rota.calendar.rules.personal import etag_of

MEDIA_TYPES = {
    "": "text/html; charset=utf-8",
    ".json": "application/json",
    ".ics": "text/calendar; charset=utf-8",
}
HEADERS = {
    # kept by anybody, but asked about each time: a drop-out must show at once
    "Cache-Control": "public, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
WIDGET = (Path(__file__).parent / "widget.js").read_bytes()
WIDGET_TAG = etag_of(WIDGET)


def answers_of(state: State) -> PublicAnswers:
    """Give this process's ready answers, one set for its database."""
    found: PublicAnswers | None = state.get("public_answers")
    if found is None:
        found = state.public_answers = PublicAnswers(state.engine)
    return found


@get("/open/{page:str}")
async def open_page(request: Request[Any, Any, State], page: FromPath[str], now: Now) -> ASGIApp:
    """Say when somebody is there: as a page, and with .json or .ics behind the pool's name."""
    form = next((form for form in (".json", ".ics") if page.endswith(form)), "")
    built = await answers_of(request.app.state).get(page.removesuffix(form), form, now)
    held = held_tags(request.headers.get("if-none-match"))
    return conditional(built.body, built.etag, held, MEDIA_TYPES[form], HEADERS)


@get("/widget.js")
async def widget(request: Request[Any, Any, State]) -> ASGIApp:
    """Give the script that shows the hours on another site; it reads only from here."""
    held = held_tags(request.headers.get("if-none-match"))
    headers = {**HEADERS, "Cache-Control": "public, max-age=3600"}
    return conditional(WIDGET, WIDGET_TAG, held, "text/javascript; charset=utf-8", headers)
