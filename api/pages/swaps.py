"""Offering a seat to others, seeing what is offered, and taking it up."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import InvalidRequest
from api.pages.buttons import button
from api.pages.forms import chosen_id
from api.pages.rendering import page, way_back
from api.pages.undoable import Opposite, may_undo
from api.pages.weeks import Week, week_of
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker
from federation.projects.queries import project
from rota.swaps.exchange import accept_offer
from rota.swaps.held import own_held
from rota.swaps.offering import offer_seat, withdraw_offer
from rota.swaps.queries import (
    could_be_wanted,
    exchanged_by,
    offer_standing,
    offers_seen,
    own_places,
    waits_for_exchange,
)

SWAPS = "/swaps"


class OfferForm(msgspec.Struct):
    """For what, and to whom; `kind` is `swap` or `give`."""

    kind: str = "swap"
    wanted: str = ""
    to: str = ""


class TakeUpForm(msgspec.Struct):
    """The claim given in return, if any, and the start that the page showed."""

    gives: str = ""
    seen: str = ""


@get(SWAPS)
async def my_swaps(session: Session, asker: Signed, now: Now) -> Template:
    """Show own offers, what the asker could take up, and the seats that could be offered."""
    own = await own_places(session, asker, now)
    seen = await offers_seen(session, asker, now, own=own)
    standing = {one.place.seat.id for one in seen if one.mine}
    return page(
        "swaps.html",
        asker=asker,
        clock=await _clock(session, asker, now),
        mine=[one for one in seen if one.mine],
        asked=[one for one in seen if one.to_me],
        others=[one for one in seen if not one.mine and not one.to_me],
        waiting=await waits_for_exchange(session, asker),
        exchanged=await exchanged_by(session, asker, now),
        own=[place for place in own if place.seat.id not in standing],
    )


async def _clock(session: AsyncSession, asker: Asker, now: datetime) -> Week:
    """Give the clock of the asker's project, on which all times of a page are shown."""
    return week_of(None, (await project(session, asker.project_id)).zone, now)


@get("/claims/{claim:uuid}/swap")
async def offer_form(
    session: Session, asker: Signed, now: Now, claim: FromPath[UUID]
) -> Template | Redirect:
    """Ask for what and to whom a seat is offered; what is offered already is shown instead."""
    held = await own_held(session, asker, claim)
    if await offer_standing(session, claim) is not None:
        return Redirect(SWAPS, status_code=303)
    return page(
        "swap.html",
        asker=asker,
        clock=await _clock(session, asker, now),
        held=held,
        places=await could_be_wanted(session, held, now),
        now=now,
    )


@post("/claims/{claim:uuid}/swap", status_code=303)
async def offer(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    claim: FromPath[UUID],
    data: URLEncodedBody[OfferForm],
) -> Redirect:
    """Offer a seat from a page."""
    way_back(request, f"/claims/{claim}/swap")
    one_way = data.kind == "give"
    wanted = [] if one_way or not data.wanted else [chosen_id("wanted", data.wanted)]
    to = data.to.strip() or None
    made = await offer_seat(session, asker, claim, now, to=to, one_way=one_way, wanted=wanted)
    return may_undo(request, SWAPS, asker, Opposite("swap-offered", made.id), now)


@post("/swaps/{swap:uuid}/take", status_code=303)
async def take_up(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    swap: FromPath[UUID],
    data: URLEncodedBody[TakeUpForm],
) -> Redirect:
    """Take up an offer from a page; the seats change hands at once, or the other node is asked."""
    back = way_back(request, SWAPS)
    gives = chosen_id("gives", data.gives) if data.gives else None
    await accept_offer(session, asker, swap, now, gives=gives, seen=_moment(data.seen))
    return Redirect(back, status_code=303)


take_back = button("/swaps/{subject:uuid}/withdraw", withdraw_offer, lambda *_: SWAPS)


def _moment(text: str) -> datetime | None:
    try:
        return msgspec.convert(text, datetime) if text else None
    except msgspec.ValidationError as error:
        raise InvalidRequest("seen", "is not a time as the page writes it.") from error
