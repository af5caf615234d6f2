"""Signing in with a passkey, and adding and removing one's own."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from api.login.cookies import session_cookie, session_secret
from api.login.second_step import Code
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back, with_script
from api.parts import MaybeSigned, NodeSettings, Now, Session, Signed
from api.problems import answer
from api.settings import Settings
from federation.access.actions import end_web_session
from federation.access.seal import Seal
from federation.errors import Refusal
from federation.passkeys.actions import (
    add_passkey,
    begin_coming_in,
    begin_passkey,
    come_in_by_passkey,
    remove_passkey,
)
from federation.passkeys.errors import PasskeysNotHere
from federation.passkeys.rules import Made, Place, Used, place_of
from federation.second_steps.errors import CodeWrong

ACCOUNT = "/account"
KINDS = {
    "phone": "on a phone",
    "tablet": "on a tablet",
    "computer": "on a computer",
    "manager": "in a password manager",
    "key": "on a security key",
}

Kind = Literal["", "phone", "tablet", "computer", "manager", "key"]
Short = Annotated[str, msgspec.Meta(max_length=2000)]
Long = Annotated[str, msgspec.Meta(max_length=20_000)]


class OptionsForm(msgspec.Struct):
    """A code, of whoever has a second step."""

    code: Code = ""


class MadeForm(msgspec.Struct):
    """A new passkey as the script has written it, and what its owner calls its device."""

    credential: Short
    client_data: Long
    attestation: Long
    kind: Kind = ""


class UsedForm(msgspec.Struct):
    """What a passkey has signed, as the script has written it, and what this device is called."""

    credential: Short
    client_data: Long
    authenticator_data: Long
    signature: Short
    user_handle: Short
    device: Literal["", "phone", "tablet", "computer", "shared"] = ""


def offered_at(settings: Settings) -> Place | None:
    """Say where passkeys of this node hold, if it has a name to bind them to."""
    return place_of(settings.base_url, settings.mail_from_name)


def require_place(settings: Settings) -> Place:
    """Refuse passkeys where the node's address is a number."""
    place = offered_at(settings)
    if place is None:
        raise PasskeysNotHere
    return place


@get("/sign-in")
async def how_to_sign_in(visitor: MaybeSigned, settings: NodeSettings) -> Template:
    """Say how people get in, and offer what this node has besides links."""
    return with_script(
        page(
            "sign-in.html",
            asker=visitor,
            place=offered_at(settings),
            provider=settings.oidc_name if settings.oidc_issuer else None,
        )
    )


@post("/sign-in/passkey/options", status_code=200)
async def ask_any(
    session: Session, settings: NodeSettings, now: Now, data: URLEncodedBody[NoForm]
) -> dict[str, Any]:
    """Give the script what it asks the device for any passkey with."""
    del data
    return await begin_coming_in(session, require_place(settings), now)


@post("/sign-in/passkey", status_code=303)
async def come_in(
    request: Request[Any, Any, State],
    session: Session,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[UsedForm],
) -> Response[Any]:
    """Begin a session by a passkey, in place of link and code; one that the browser had ends."""
    way_back(request, "/sign-in")
    place, seal = require_place(settings), Seal.open(settings.keys)
    used = Used(*(getattr(data, name) for name in Used._fields))
    opened = await come_in_by_passkey(session, seal, place, used, data.device or None, now)
    if isinstance(opened, Refusal):
        # answered and not raised, so that the challenge stays used up
        return answer(request, opened)
    if before := session_secret(request):
        await end_web_session(session, before, now=now)
    return Redirect("/", status_code=303, cookies=[session_cookie(settings, opened)])


@post("/account/passkeys/options", status_code=200)
async def ask_new(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[OptionsForm],
) -> Response[Any]:
    """Give the script what it asks the device for a new passkey with."""
    place, seal = require_place(settings), Seal.open(settings.keys)
    question = await begin_passkey(session, asker, seal, place, data.code, now)
    if question is None:
        # answered and not raised, so that the wrong code stays counted
        return answer(request, CodeWrong())
    return Response(question)


@post("/account/passkeys", status_code=303)
async def add(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[MadeForm],
) -> Response[Any]:
    """Keep a new passkey."""
    back = way_back(request, ACCOUNT)
    made = Made(*(getattr(data, name) for name in Made._fields))
    place = require_place(settings)
    wrong = await add_passkey(session, asker, place, made, data.kind or None, now)
    # answered and not raised, so that the challenge stays used up
    return answer(request, wrong) if wrong else Redirect(back, status_code=303)


@post("/account/passkeys/{subject:uuid}/remove", status_code=303)
async def remove(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    subject: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Let nobody in any more by a passkey of one's own."""
    del data
    back = way_back(request, ACCOUNT)
    await remove_passkey(session, asker, subject, now)
    return Redirect(back, status_code=303)


ROUTES: list[ControllerRouterHandler] = [how_to_sign_in, ask_any, come_in, ask_new, add, remove]
