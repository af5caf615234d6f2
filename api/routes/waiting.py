"""Waiting for a seat that somebody has, and answering when it is offered."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.claims import STATUS, ClaimAnswer, ClaimBody, answer_of
from api.routes.pages_of import Page
from rota.waiting.actions import accept_offer, stop_waiting, wait_for_seat
from rota.waiting.models import WaitingEntry
from rota.waiting.queries import own_places


class PlaceAnswer(msgspec.Struct, frozen=True):
    """A place in the line for a seat; null until the node that plans the pool has told it."""

    id: UUID
    seat: UUID
    state: str
    place: int | None


class OwnPlaceAnswer(msgspec.Struct, frozen=True):
    """One's own place, with the seat's role and the shift's time."""

    id: UUID
    seat: UUID
    role: str
    start: datetime
    end: datetime
    state: str
    place: int | None


@post("/seats/{seat:uuid}/waiting", summary="Wait for a seat", status_code=201)
async def wait(
    session: Session,
    asker: Signed,
    now: Now,
    seat: FromPath[UUID],
    data: JSONBody[ClaimBody | None] = None,
) -> PlaceAnswer:
    """Stand in the line; when the seat falls free it is offered in order."""
    entry = await wait_for_seat(session, asker, seat, now, worker=data.worker if data else None)
    return _answer(entry)


@delete("/waiting/{entry:uuid}", summary="Wait no more", status_code=204)
async def wait_no_more(session: Session, asker: Signed, now: Now, entry: FromPath[UUID]) -> None:
    """Leave the line."""
    await stop_waiting(session, asker, entry, now)


@get("/waiting", summary="The lines in which you stand")
async def list_places(session: Session, asker: Signed) -> Page[OwnPlaceAnswer]:
    """List one's own places, the next shift first."""
    return Page(
        items=[
            OwnPlaceAnswer(
                seen.entry.id,
                seen.seat.id,
                seen.seat.role,
                seen.shift.starts,
                seen.shift.ends,
                seen.entry.state,
                seen.entry.place,
            )
            for seen in await own_places(session, asker)
        ]
    )


@post("/claims/{claim:uuid}/acceptance", summary="Say yes to an offered seat", status_code=201)
async def accept(
    session: Session, asker: Signed, now: Now, claim: FromPath[UUID]
) -> Response[ClaimAnswer]:
    """Take a seat that is offered; to say no, give the claim back."""
    taken = answer_of(await accept_offer(session, asker, claim, now))
    return Response(taken, status_code=STATUS.get(taken.state, 200))


def _answer(entry: WaitingEntry) -> PlaceAnswer:
    return PlaceAnswer(entry.id, entry.seat_id, entry.state, entry.place)
