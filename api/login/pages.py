"""Signing in with a one-time link, and out again. Only pressing the button spends a link."""

from typing import Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.login.cookies import no_session_cookie, session_cookie, session_secret
from api.pages.rendering import page
from api.parts import MaybeSigned, NodeSettings, Now, Session
from federation.access.actions import end_web_session, spend_sign_in_link
from federation.access.queries import require_usable_link


class SignInForm(msgspec.Struct):
    """What the person calls the device on which they sign in, if they say so."""

    device: Literal["", "phone", "tablet", "computer", "shared"] = ""


@get("/sign-in")
async def how_to_sign_in(visitor: MaybeSigned) -> Template:
    """Say how people get in."""
    return page("sign-in.html", asker=visitor)


@get("/sign-in/{secret:str}")
async def show_link(
    secret: FromPath[str], session: Session, visitor: MaybeSigned, now: Now
) -> Template:
    """Show the button; a link preview that fetches this spends nothing."""
    await require_usable_link(session, secret, now)
    return page("sign-in-link.html", asker=visitor)


@post("/sign-in/{secret:str}", status_code=303)
async def use_link(
    request: Request[None, None, State],
    secret: FromPath[str],
    session: Session,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[SignInForm],
) -> Response[None]:
    """Spend the link and begin a session with a new secret; one that the browser had ends."""
    opened = await spend_sign_in_link(session, secret, now=now, device=data.device or None)
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
