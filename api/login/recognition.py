"""Finds out who is asking: by an API token, or by a browser's session."""

import re
from datetime import datetime
from typing import Any

from litestar import Request
from litestar.datastructures import State
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import ForProgramsOnly, SignInNeeded
from api.languages.reading import knows
from api.login.cookies import session_secret
from database.session import door
from federation.access.actions import note_session_use, note_token_use
from federation.access.queries import asker_by_token, asker_by_web_session
from federation.errors import ExampleStaysApart
from federation.permissions.rules import Asker, require_write

SAFE = {"GET", "HEAD", "OPTIONS"}
SCHEME = "bearer "
WITHIN = re.compile(
    "/(seats|claims|covers|waiting|swaps|slots|board|plans|patterns|availability|week)/.+"
    "|/shifts/[^/]+/(change|cancel|split|check-in|busy|end|late|did-not-happen)"
    "|/notices/[^/]+/seen|/sign-in/.+|/undo|/sign-out|/language|/setup/hidden"
)
"""What people of an example may change: all else is refused, also what is built later."""


async def recognise(
    session: AsyncSession, request: Request[Any, Any, Any], now: datetime
) -> Asker | None:
    """Give the asker, or None where nobody is signed in; a token that does not work is refused."""
    if request.headers.get("authorization"):
        return await _by_token(session, request, now)
    secret = session_secret(request)
    found = await asker_by_web_session(session, secret, now) if secret else None
    if found is None:
        return None
    keep_apart(found.asker, request)
    knows(found.zone, found.reads, found.speaks)
    # where forms are not checked, a cookie must not be enough to change anything
    unchecked = request.route_handler.opt.get("exclude_from_csrf")
    if unchecked and request.method not in SAFE:
        raise ForProgramsOnly
    if found.last_seen_on != now.date():
        await note_session_use(session, found.session_id, now.date())
    return found.asker


def keep_apart(asker: Asker, request: Request[Any, Any, Any]) -> None:
    """Let people of an example change only what stays within it."""
    if asker.example and request.method not in SAFE and not WITHIN.fullmatch(request.url.path):
        raise ExampleStaysApart


async def recognise_before(request: Request[Any, Any, State], now: datetime) -> Asker:
    """Give the asker to a handler that waits for others, with no transaction open meanwhile."""
    async with door(request.app.state.engine) as session:
        asker = await recognise(session, request, now)
    if asker is None:
        raise SignInNeeded
    request.scope["user"] = asker
    return asker


def bearer_token(request: Request[Any, Any, Any]) -> str | None:
    """Read the API token that a request brings, if it brings one."""
    return bearer_of(request.headers.get("authorization", ""))


def bearer_of(authorization: str) -> str | None:
    """Read the API token of an Authorization header (RFC 6750, section 2.1), if it is one."""
    if not authorization.lower().startswith(SCHEME):
        return None
    return authorization[len(SCHEME) :].strip()


async def _by_token(session: AsyncSession, request: Request[Any, Any, Any], now: datetime) -> Asker:
    token = bearer_token(request)
    found = await asker_by_token(session, token, now) if token is not None else None
    if found is None:
        raise SignInNeeded
    keep_apart(found.asker, request)
    knows(found.zone)
    if request.method not in SAFE:
        require_write(found.asker)
    if found.last_used_on != now.date():
        await note_token_use(session, found.token_id, now.date())
    return found.asker
