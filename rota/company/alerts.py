"""What the people of a session are told without having asked; neutral, fit for a locked screen."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

ALERT = "session.alert"
TEXTS = {
    "session-ask": "Something in your plan has begun. Please check in, or say that you are late.",
    "session-late": "Somebody is missing from something in your plan that has begun. Please look.",
    "session-closed": "Something in your plan is shown as closed, since nobody has checked in.",
    "session-pause": "Please pause: you would be on your own. Your plan says what to do.",
    "session-paused-out": "Something in your plan is shown as closed: somebody was alone too long.",
    "session-staffed-down": "There is a change in your plan: somebody cannot come. It takes place.",
}
SOMETHING = "There is a change in your plan. Please look."
"""For what a host of a later version may have to say."""


class SeatHolder(NamedTuple):
    """A holder as the host knows them: a person of its own node, or a claim of another one."""

    claim_id: UUID
    role: str
    person_id: UUID | None
    node: str | None


class SessionAlert(msgspec.Struct, frozen=True):
    """The host asks a home to tell the holder of a claim something."""

    claim: UUID
    code: str


ForHomes = dict[str, list[SessionAlert]]


async def holders_of(session: AsyncSession, shift_id: UUID) -> list[SeatHolder]:
    """List who holds a seat of a shift, each with the node that can reach them."""
    rows = await session.execute(
        select(Claim.id, Seat.role, Handle.person_id, Project.node)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(Seat.shift_id == shift_id, Claim.state == "held")
        .order_by(Seat.id)
    )
    return [SeatHolder(*row) for row in rows]


async def alert(
    session: AsyncSession,
    holders: Collection[SeatHolder],
    code: str,
    now: datetime,
    *,
    later: ForHomes | None = None,
) -> None:
    """Tell holders at once who are of this node; what others are told is gathered in `later`."""
    for holder in holders:
        if holder.person_id is not None:
            await _tell(session, holder.person_id, code, now)
        elif holder.node is not None and later is not None:
            later[holder.node].append(SessionAlert(holder.claim_id, code))


def for_homes() -> ForHomes:
    """Begin to gather what homes are told."""
    return defaultdict(list)


async def receive_alert(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime
) -> None:
    """Tell one of our holders what the host of their session asks us to."""
    said = msgspec.convert(payload, SessionAlert)
    person_id = await session.scalar(
        select(Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(Claim.id == said.claim, Claim.state == "held", Pool.host == host)
    )
    if person_id is None:
        raise NotFound
    await _tell(session, person_id, said.code if said.code in TEXTS else "session", now)


async def _tell(session: AsyncSession, person_id: UUID, code: str, now: datetime) -> None:
    text = TEXTS.get(code, SOMETHING)
    await notify(session, person_id=person_id, code=code, text=text, now=now, urgent=True)
