"""Offering a held seat, taking up an offer and taking it back, at the worker's own node."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from api.bodies import Moment
from api.parts import Now, Session, Signed
from api.routes.claims import STATUS
from api.routes.pages_of import Page
from rota.swaps.exchange import accept_offer
from rota.swaps.offering import MOST_WANTED, offer_seat, withdraw_offer
from rota.swaps.queries import OfferSeen, Place, offers_seen

Seats = Annotated[list[UUID], msgspec.Meta(max_length=MOST_WANTED)]


class SwapBody(msgspec.Struct, forbid_unknown_fields=True):
    """To one handle or to all of the pool; for one of these seats, any that fits, or nothing."""

    to: Annotated[str, msgspec.Meta(max_length=80)] | None = None
    one_way: bool = False
    wanted: Seats = msgspec.field(default_factory=list)


class SwapAcceptance(msgspec.Struct, forbid_unknown_fields=True):
    """The claim given in return; for coordinators, who takes the seat; the start as shown."""

    gives: UUID | None = None
    worker: str | None = None
    seen: Moment | None = None


class PlaceAnswer(msgspec.Struct, frozen=True):
    """A seat and when it is; `claim` is the asker's own hold on it."""

    seat: UUID
    role: str
    shift: UUID
    start: datetime
    end: datetime
    claim: UUID | None


class SwapAnswer(msgspec.Struct, frozen=True):
    """An offer that stands; `giver` is told only to the one whom it asks."""

    id: UUID
    place: PlaceAnswer
    mine: bool
    to_me: bool
    one_way: bool
    giver: str | None
    expires: datetime
    wanted: Sequence[PlaceAnswer]
    in_return: Sequence[PlaceAnswer]


class SwapMade(msgspec.Struct, frozen=True):
    """An offer just made."""

    id: UUID
    claim: UUID
    one_way: bool
    expires: datetime


class ExchangeAnswer(msgspec.Struct, frozen=True):
    """Seats have changed hands (`held`), or other nodes are asked whether they may (`requested`).

    `claim` is the taker's on the offered seat; it shows how things stand, and ends the asking.
    """

    id: UUID
    swap: UUID
    state: str
    at: datetime | None
    claim: UUID | None


@post("/claims/{claim:uuid}/swaps", summary="Offer a seat that you hold", status_code=201)
async def make_offer(
    session: Session,
    asker: Signed,
    now: Now,
    claim: FromPath[UUID],
    data: JSONBody[SwapBody | None] = None,
) -> SwapMade:
    """Offer a seat for another one, or for nothing; it stays held until somebody takes it up."""
    body = data or SwapBody()
    offer = await offer_seat(
        session, asker, claim, now, to=body.to, one_way=body.one_way, wanted=body.wanted
    )
    return SwapMade(offer.id, claim, offer.one_way, offer.expires_at)


@get("/swaps", summary="Offers of seats that stand, yours and those that you could take up")
async def list_offers(session: Session, asker: Signed, now: Now) -> Page[SwapAnswer]:
    """List own offers, those made to the asker, and those that the asker could take up."""
    return Page(items=[_offer(each) for each in await offers_seen(session, asker, now)])


@post("/swaps/{swap:uuid}/acceptance", summary="Take up an offer", status_code=201)
async def take_up(
    session: Session,
    asker: Signed,
    now: Now,
    swap: FromPath[UUID],
    data: JSONBody[SwapAcceptance | None] = None,
) -> Response[ExchangeAnswer]:
    """Exchange seats, or take one that is given away; 202 while another node is asked first."""
    body = data or SwapAcceptance()
    taken = await accept_offer(
        session, asker, swap, now, gives=body.gives, worker=body.worker, seen=body.seen
    )
    claim = taken.claim.id if taken.claim else None
    at = taken.exchange.at if taken.exchange else None
    return Response(
        ExchangeAnswer(taken.id, swap, taken.state, at, claim),
        status_code=STATUS[taken.state],
        headers={"Location": f"/api/v1/claims/{claim}"} if claim else None,
    )


@delete("/swaps/{swap:uuid}", summary="Take an offer back", status_code=204)
async def take_back(session: Session, asker: Signed, now: Now, swap: FromPath[UUID]) -> None:
    """Withdraw an offer; the seat stays with who holds it."""
    await withdraw_offer(session, asker, swap, now)


def _offer(seen: OfferSeen) -> SwapAnswer:
    return SwapAnswer(
        id=seen.offer.id,
        place=_place(seen.place),
        mine=seen.mine,
        to_me=seen.to_me,
        one_way=seen.offer.one_way,
        giver=seen.giver,
        expires=seen.offer.expires_at,
        wanted=[_place(each) for each in seen.wanted],
        in_return=[_place(each) for each in seen.in_return],
    )


def _place(place: Place) -> PlaceAnswer:
    return PlaceAnswer(
        seat=place.seat.id,
        role=place.seat.role,
        shift=place.shift.id,
        start=place.shift.starts,
        end=place.shift.ends,
        claim=place.claim_id,
    )
