from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.connection import Request
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent
from litestar.types import ASGIApp, Receive, Scope, Send

from api.changes import Changes
from api.conditional import conditional, held_tags
from api.languages.catalogues import SOURCE
from api.languages.choosing import choose
from api.languages.reading import ASKED, asked_in, header_of
from api.parts import Now, current_time
from api.public.cache import EMBEDDED, HEADERS, Asked, PublicAnswers
from federation.errors import Refusal
from federation.notices.preferences.rules import LANGUAGES
from rota.calendar.rules.ical import etag_of

OPEN = "/open/"
DATA = (".json", ".ics")
SIMPLE_QUERIES = {f"{ASKED}={language}".encode() for language in LANGUAGES}
WIDGET = (Path(__file__).parent / "widget.js").read_bytes()
WIDGET_TAG = etag_of(WIDGET)


def answers_of(state: State) -> PublicAnswers:
    """Give this process's ready answers, one set for its database."""
    found: PublicAnswers | None = state.get("public_answers")
    if found is None:
        found = state.public_answers = PublicAnswers(state.engine, state.settings)
    return found


async def ready_page(
    state: State, page: str, scope: Scope, now: datetime, channel: str | None = None
) -> ASGIApp:
    """Give the answer of `/open/{page}`: a page, or what stands behind the pool's name."""
    form = next((form for form in (*DATA, EMBEDDED) if page.endswith(form)), "")
    # who reads data reads it in no language, so it is kept once
    language = SOURCE if form in DATA else language_asked_for(scope)
    asked = Asked(page.removesuffix(form), form, channel, language)
    built = await answers_of(state).get(asked, now)
    return built.for_asker(_header(scope, b"if-none-match"))


def language_asked_for(scope: Scope) -> str:
    """Choose the language of a public page by its address and the browser: nobody is known here."""
    return choose(asked_in(scope["query_string"]), None, header_of(scope), ())


@get("/open/{page:str}")
async def open_page(
    request: Request[Any, Any, State],
    page: FromPath[str],
    now: Now,
    channel: FromQuery[str | None] = None,
) -> ASGIApp:
    """Say when somebody is there, on all channels or on one: a project may show its own part."""
    return await ready_page(request.app.state, page, request.scope, now, channel)


@get("/open/{slug:str}" + EMBEDDED)
async def embedded_page(
    request: Request[Any, Any, State],
    slug: FromPath[str],
    now: Now,
    channel: FromQuery[str | None] = None,
) -> ASGIApp:
    """Say the same within a frame of another site, without a script."""
    return await ready_page(request.app.state, slug + EMBEDDED, request.scope, now, channel)


@get("/open/{slug:str}/changes", include_in_schema=False)
async def public_changes(
    state: State, slug: FromPath[str], now: Now, since: FromQuery[str | None] = None
) -> ServerSentEvent | Response[None]:
    """Tell an open page of this pool when it says something else."""
    answers = answers_of(state)
    # a pool that does not exist is refused before an answer begins
    said = Asked(slug, ".json", None, SOURCE)
    await answers.get(said, now)

    async def mark() -> str:
        return (await answers.get(said, current_time())).etag

    changes: Changes = state.changes
    return changes.tell(mark, since)


def public_first(state: State, rest: ASGIApp, now: Callable[[], datetime]) -> ASGIApp:
    """Answer the public page before routing: it is asked for more than all else together.

    Whatever is not simply answered (another method, a query for more than a language, a pool that
    does not exist, a database that is away) goes the way of all requests, and is refused there.
    """

    async def first(scope: Scope, receive: Receive, send: Send) -> None:
        page = _page_asked_for(scope)
        if page is None:
            await rest(scope, receive, send)
            return
        try:
            answer = await ready_page(state, page, scope, now())
        except (Refusal, OSError):
            await rest(scope, receive, send)
            return
        scope["path_template"] = OPEN + ("{slug}" + EMBEDDED if "/" in page else "{page}")
        await answer(scope, receive, send)

    return first


def _page_asked_for(scope: Scope) -> str | None:
    if scope["type"] != ScopeType.HTTP or scope["method"] != "GET":
        return None
    if scope["query_string"] and scope["query_string"] not in SIMPLE_QUERIES:
        return None
    path = scope["path"]
    page = path.removeprefix(OPEN)
    whole = page and page != path and "/" not in page.removesuffix(EMBEDDED)
    return page if whole else None


def _header(scope: Scope, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


@get("/widget.js")
async def widget(request: Request[Any, Any, State]) -> ASGIApp:
    """Give the script that shows the hours on another site; it reads only from here."""
    held = held_tags(request.headers.get("if-none-match"))
    headers = {**HEADERS, "Cache-Control": "public, max-age=3600"}
    return conditional(WIDGET, WIDGET_TAG, held, "text/javascript; charset=utf-8", headers)
