"""Trainings on one page: one's own, those of one's project's people, and accounts on tools."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from api.bodies import require_plannable
from api.errors import CHARACTERS, InvalidRequest
from api.languages.reading import own_clock
from api.pages.buttons import button
from api.pages.forms import chosen_id
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from rota.passport.actions import attest_training, withdraw_training
from rota.passport.queries import passports_shown
from rota.passport.tools import grant_account, owned_tools, withdraw_account

HERE = "/trainings"
LONGEST_NAME = 80


class TrainingForm(msgspec.Struct):
    """Whose training, which, and from when to when it is valid."""

    person: str = ""
    name: str = ""
    issued: str = ""
    expires: str = ""


class AccountForm(msgspec.Struct):
    """For which handle."""

    handle: str = ""


@get(HERE)
async def trainings(
    session: Session, asker: Signed, now: Now, renew: FromQuery[UUID | None] = None
) -> Template:
    """Show one's own passport; to coordinators also their people's, and the tools they own.

    Where a training is to be attested anew, whose and which stands in the form already.
    """
    clock = own_clock()
    own, people = await passports_shown(session, asker, now)
    return page(
        "trainings.html",
        asker=asker,
        own=own,
        people=people,
        tools=await owned_tools(session, asker) if asker.has("coordinator") else [],
        clock=clock,
        renew=renew,
        today=now.astimezone(clock).date(),
    )


@post(HERE, status_code=303)
async def attest(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[TrainingForm],
) -> Redirect:
    """Attest a training."""
    back = way_back(request, HERE)
    name = data.name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidRequest("name", CHARACTERS % {"number": LONGEST_NAME})
    issued, expires = _day("issued", data.issued), _day("expires", data.expires)
    person = chosen_id("person", data.person)
    await attest_training(session, asker, person, name, issued, expires, now)
    return Redirect(back, status_code=303)


withdraw = button("/trainings/{subject:uuid}/withdraw", withdraw_training, lambda *_: HERE)


@post("/tools/{channel:uuid}/grant", status_code=303)
async def grant(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    channel: FromPath[UUID],
    data: URLEncodedBody[AccountForm],
) -> Redirect:
    """Note that an account was made."""
    back = way_back(request, HERE)
    await grant_account(session, asker, channel, chosen_id("handle", data.handle), now)
    return Redirect(back, status_code=303)


@post("/tools/{channel:uuid}/withdraw", status_code=303)
async def ungrant(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    channel: FromPath[UUID],
    data: URLEncodedBody[AccountForm],
) -> Redirect:
    """Note that an account is gone."""
    back = way_back(request, HERE)
    await withdraw_account(session, asker, channel, chosen_id("handle", data.handle), now)
    return Redirect(back, status_code=303)


def _day(field: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequest(field, "must be a day.") from error
    require_plannable(field, day)
    return day
