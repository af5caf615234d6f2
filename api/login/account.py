"""Where somebody is signed in, signing out there, and their passkeys."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from sqlalchemy.ext.asyncio import AsyncSession

from api.languages.reading import own_clock
from api.login.cookies import no_session_cookie, session_secret
from api.login.passkeys import KINDS, offered_at
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back, with_script
from api.parts import NodeSettings, Now, Session, Signed
from api.settings import Settings
from federation.access.actions import end_one_web_session, end_web_sessions
from federation.access.queries import asker_by_web_session, own_web_sessions
from federation.passkeys.queries import own_passkeys
from federation.second_steps.queries import is_asked_for_code

HERE = "/account"
DEVICES = {
    "phone": "A phone",
    "tablet": "A tablet",
    "computer": "A computer",
    "shared": "A device that others use, too",
}


@get(HERE)
async def show(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
) -> Template:
    """List where the asker is signed in, and by which passkeys they may."""
    return with_script(
        page(
            "account.html",
            asker=asker,
            sign_ins=await own_web_sessions(session, asker, session_secret(request), now),
            devices=DEVICES,
            passkeys=await own_passkeys(session, asker),
            kinds=KINDS,
            place=offered_at(settings),
            asks_for_code=await is_asked_for_code(session, asker.person_id),
            clock=own_clock(),
        )
    )


@post("/account/sign-ins/{subject:uuid}/end", status_code=303)
async def end_one(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    subject: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Response[None]:
    """Sign out on one device."""
    del data
    way_back(request, HERE)
    await end_one_web_session(session, asker, subject, now)
    return await _answer(request, session, settings, now)


@post("/account/sign-ins/end-others", status_code=303)
async def end_others(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Sign out everywhere but here."""
    del data
    here = session_secret(request)
    await end_web_sessions(session, asker, person_id=asker.person_id, now=now, staying=here)
    return Redirect(HERE, status_code=303)


@post("/account/sign-ins/end-all", status_code=303)
async def end_all(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[NoForm],
) -> Response[None]:
    """Sign out everywhere, here as well."""
    del data
    await end_web_sessions(session, asker, person_id=asker.person_id, now=now)
    return await _answer(request, session, settings, now)


async def _answer(
    request: Request[Any, Any, State], session: AsyncSession, settings: Settings, now: Now
) -> Response[None]:
    """Lead back to the list, or out where this browser's own session was ended."""
    secret = session_secret(request)
    if secret and await asker_by_web_session(session, secret, now):
        return Redirect(HERE, status_code=303)
    return Redirect("/sign-in", status_code=303, cookies=[no_session_cookie(settings)])


ROUTES: list[ControllerRouterHandler] = [show, end_one, end_others, end_all]
