"""Signing in with a one-time link, and out again. Only pressing the button spends a link."""

from typing import Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.login.cookies import no_session_cookie, session_cookie, session_secret
from api.login.second_step import Code
from api.pages.rendering import page, way_back
from api.parts import MaybeSigned, NodeSettings, Now, Session
from api.problems import answer
from federation.access.actions import end_web_session
from federation.access.queries import require_usable_link
from federation.access.seal import Seal
from federation.second_steps.actions import come_in
from federation.second_steps.errors import CodeWrong
from federation.second_steps.queries import is_asked_for_code


class SignInForm(msgspec.Struct):
    """What the person calls the device on which they sign in, if they say so; a code if asked."""

    device: Literal["", "phone", "tablet", "computer", "shared"] = ""
    code: Code = ""


@get("/sign-in/{secret:str}")
async def show_link(
    secret: FromPath[str], session: Session, visitor: MaybeSigned, now: Now
) -> Template:
    """Show the button; a link preview that fetches this spends nothing."""
    person_id = await require_usable_link(session, secret, now)
    asks = await is_asked_for_code(session, person_id)
    return page("sign-in-link.html", asker=visitor, asks_for_code=asks)


@post("/sign-in/{secret:str}", status_code=303)
async def use_link(
    request: Request[None, None, State],
    secret: FromPath[str],
    session: Session,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[SignInForm],
) -> Response[Any]:
    """Spend the link and begin a session with a new secret; one that the browser had ends."""
    way_back(request, f"/sign-in/{secret}")
    seal = Seal.open(settings.keys)
    opened = await come_in(session, seal, secret, data.code, data.device or None, now)
    if opened is None:
        # answered and not raised, so that the wrong code stays counted
        return answer(request, CodeWrong())
    if before := session_secret(request):
        await end_web_session(session, before, now=now)
    return Redirect("/", status_code=303, cookies=[session_cookie(settings, opened)])


@post("/sign-out", status_code=303)
async def sign_out(
    request: Request[None, None, State], session: Session, settings: NodeSettings, now: Now
) -> Response[None]:
    """End the session here, and with it whatever still holds its cookie."""
    if secret := session_secret(request):
        await end_web_session(session, secret, now=now)
    return Redirect("/sign-in", status_code=303, cookies=[no_session_cookie(settings)])
