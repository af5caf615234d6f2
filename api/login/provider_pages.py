"""Signing in by the accounts of another service, which stands in for whoever hands out links."""

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, get
from litestar.datastructures import State
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from api.errors import ProviderWrong
from api.login.cookies import provider_cookie, provider_cookie_name
from api.login.provider import CALLBACK, Attempt, Provider, new_attempt
from api.pages.rendering import way_back
from api.parts import NodeSettings, Now
from api.settings import Settings
from database.session import door
from federation.access.actions import make_sign_in_link
from federation.access.errors import SealBroken
from federation.access.seal import Seal
from federation.errors import NotFound
from federation.notices.addresses.queries import person_by_address
from federation.partners.rules.encoding import bytes_of, text_of
from federation.people.rules import OPERATOR

ATTEMPTS = UUID(int=0x65)
"""To what the seal binds them, as others to a row."""
LINK_HOURS = 1 / 12
"""It is used on the page that follows."""


@get("/sign-in/provider")
async def begin(settings: NodeSettings, now: Now) -> Redirect:
    """Send the browser to the provider, with a cookie that knows it again."""
    attempt = new_attempt(now)
    address = await _provider(settings).address_for(attempt)
    sealed = Seal.open(settings.keys).close(msgspec.json.encode(attempt).decode(), ATTEMPTS)
    cookie = provider_cookie(settings, text_of(sealed))
    return Redirect(address, status_code=303, cookies=[cookie])


@get(CALLBACK)
async def come_back(
    request: Request[Any, Any, State], state: State, settings: NodeSettings, now: Now
) -> Redirect:
    """Make a link for whom the provider has signed in; what else is asked for is asked there.

    The operator has named the provider, so it is in the operator's name.
    """
    way_back(request, "/sign-in")
    provider, attempt = _provider(settings), attempt_of(_kept(request, settings), settings, now)
    # nobody's transaction waits for somebody else's server
    mail = await provider.checked_mail(attempt, _answer(request, settings, attempt), now)
    async with door(state.engine) as session:
        person_id = await person_by_address(session, mail)
        link = await make_sign_in_link(
            session, OPERATOR, person_id=person_id, hours=LINK_HOURS, now=now
        )
    gone = [provider_cookie(settings, "")]
    return Redirect(f"/sign-in/{link}", status_code=303, cookies=gone)


def _provider(settings: Settings) -> Provider:
    if not settings.oidc_issuer:
        raise NotFound
    return Provider(settings)


def _kept(request: Request[Any, Any, State], settings: Settings) -> str:
    return request.cookies.get(provider_cookie_name(settings), "")


def attempt_of(kept: str, settings: Settings, now: datetime) -> Attempt:
    """Read what a browser began, from the cookie that it brings."""
    try:
        opened = Seal.open(settings.keys).read(bytes_of(kept), ATTEMPTS)
        attempt = msgspec.json.decode(opened, type=Attempt)
    except (SealBroken, ValueError) as error:
        raise ProviderWrong from error
    if attempt.until <= now:
        raise ProviderWrong
    return attempt


def _answer(request: Request[Any, Any, State], settings: Settings, attempt: Attempt) -> str:
    """Take the answer to what was begun, from whom it was asked (RFC 9207), and no other."""
    said = {name: request.query_params.get(name, "") for name in ("code", "state", "iss")}
    if said["iss"] not in {"", settings.oidc_issuer}:
        raise ProviderWrong
    # as bytes: of texts it compares only ASCII
    same = secrets.compare_digest(said["state"].encode(), attempt.state.encode())
    if not said["code"] or not same:
        raise ProviderWrong
    return f"{CALLBACK}?{urlencode(said)}"


ROUTES: list[ControllerRouterHandler] = [begin, come_back]
