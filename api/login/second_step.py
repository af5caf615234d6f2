"""Setting up a second step, printing recovery codes, and turning it off again."""

from typing import Annotated, Any

import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from api.languages.reading import own_clock
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back
from api.parts import NodeSettings, Now, Session, Signed
from api.problems import answer
from federation.access.seal import Seal
from federation.permissions.rules import Asker
from federation.second_steps.actions import (
    begin_second_step,
    confirm_second_step,
    renew_recovery_codes,
    turn_off_second_step,
)
from federation.second_steps.errors import CodeWrong
from federation.second_steps.queries import own_second_step
from federation.second_steps.rules import address_for_app

HERE = "/account/second-step"
Code = Annotated[str, msgspec.Meta(max_length=40)]


class CodeForm(msgspec.Struct):
    """A code of an app, or one from paper."""

    code: Code = ""


@get(HERE)
async def show(session: Session, asker: Signed, settings: NodeSettings) -> Template:
    """Show how far the asker is, and while it is set up the secret for the app."""
    step = await own_second_step(session, asker, Seal.open(settings.keys))
    secret = step.secret if step else None
    # what others may see on the phone is as neutral as the mail
    address = address_for_app(secret, settings.mail_from_name) if secret else ""
    return page(
        "second-step.html",
        asker=asker,
        step=step,
        groups=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if secret else "",
        qr=segno.make(address).svg_data_uri(scale=5, dark="#000", light="#fff") if secret else "",
        clock=own_clock(),
    )


@post(HERE, status_code=303)
async def begin(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Make a secret for an app."""
    del data
    back = way_back(request, HERE)
    await begin_second_step(session, asker, Seal.open(settings.keys), now)
    return Redirect(back, status_code=303)


@post("/account/second-step/confirm", status_code=200)
async def confirm(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[CodeForm],
) -> Response[Any]:
    """Ask for codes from now on, and show the recovery codes this once."""
    way_back(request, HERE)
    codes = await confirm_second_step(session, asker, Seal.open(settings.keys), data.code, now)
    return _shown_once(request, asker, codes)


@post("/account/second-step/codes", status_code=200)
async def renew(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[CodeForm],
) -> Response[Any]:
    """Replace the recovery codes, and show the new ones this once."""
    way_back(request, HERE)
    codes = await renew_recovery_codes(session, asker, Seal.open(settings.keys), data.code, now)
    return _shown_once(request, asker, codes)


@post("/account/second-step/off", status_code=303)
async def turn_off(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[CodeForm],
) -> Response[Any]:
    """Ask for codes no more."""
    way_back(request, HERE)
    if await turn_off_second_step(session, asker, Seal.open(settings.keys), data.code, now):
        return Redirect(HERE, status_code=303)
    return answer(request, CodeWrong())


def _shown_once(
    request: Request[Any, Any, State], asker: Asker, codes: list[str] | None
) -> Response[Any]:
    if codes is None:
        # answered and not raised, so that the wrong code stays counted
        return answer(request, CodeWrong())
    return page("recovery-codes.html", asker=asker, codes=codes)


ROUTES: list[ControllerRouterHandler] = [show, begin, confirm, renew, turn_off]
