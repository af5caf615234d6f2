from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from litestar import get
from litestar.connection import Request
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.params import FromPath, FromQuery
from litestar.types import ASGIApp, Receive, Scope, Send

from api.conditional import conditional, held_tags
from api.parts import Now
from api.public.cache import HEADERS, PublicAnswers
from federation.errors import Refusal
from rota.calendar.rules.ical import etag_of

OPEN = "/open/"
WIDGET = (Path(__file__).parent / "widget.js").read_bytes()
WIDGET_TAG = etag_of(WIDGET)


def answers_of(state: State) -> PublicAnswers:
    """Give this process's ready answers, one set for its database."""
    found: PublicAnswers | None = state.get("public_answers")
    if found is None:
        found = state.public_answers = PublicAnswers(state.engine)
    return found


async def ready_page(
    state: State,
    page: str,
    if_none_match: str | None,
    now: datetime,
    channel: str | None = None,
) -> ASGIApp:
    """Give the answer of `/open/{page}`: a page, or with .json or .ics behind the pool's name."""
    form = next((form for form in (".json", ".ics") if page.endswith(form)), "")
    built = await answers_of(state).get(page.removesuffix(form), form, now, channel)
    return built.for_asker(if_none_match)


@get("/open/{page:str}")
async def open_page(
    request: Request[Any, Any, State],
    page: FromPath[str],
    now: Now,
    channel: FromQuery[str | None] = None,
) -> ASGIApp:
    """Say when somebody is there, on all channels or on one: a project may show its own part."""
    held = request.headers.get("if-none-match")
    return await ready_page(request.app.state, page, held, now, channel)


def public_first(state: State, rest: ASGIApp, now: Callable[[], datetime]) -> ASGIApp:
    """Answer the public page before routing: it is asked for more than all else together.

    Whatever is not simply answered (another method, a query, a pool that does not exist, a database
    that is away) goes the way of all requests, and is refused there.
    """

    async def first(scope: Scope, receive: Receive, send: Send) -> None:
        page = _page_asked_for(scope)
        if page is None:
            await rest(scope, receive, send)
            return
        try:
            answer = await ready_page(state, page, _header(scope, b"if-none-match"), now())
        except (Refusal, OSError):
            await rest(scope, receive, send)
            return
        scope["path_template"] = OPEN + "{page}"
        await answer(scope, receive, send)

    return first


def _page_asked_for(scope: Scope) -> str | None:
    if scope["type"] != ScopeType.HTTP or scope["method"] != "GET" or scope["query_string"]:
        return None
    path = scope["path"]
    page = path.removeprefix(OPEN)
    return page if page and page != path and "/" not in page else None


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


@get("/widget.js")
async def widget(request: Request[Any, Any, State]) -> ASGIApp:
    """Give the script that shows the hours on another site; it reads only from here."""
    held = held_tags(request.headers.get("if-none-match"))
    headers = {**HEADERS, "Cache-Control": "public, max-age=3600"}
    return conditional(WIDGET, WIDGET_TAG, held, "text/javascript; charset=utf-8", headers)
