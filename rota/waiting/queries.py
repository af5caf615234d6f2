from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.permissions.rules import Asker
from rota.shifts.models import Seat, Shift
from rota.waiting.line import IN_LINE
from rota.waiting.models import WaitingEntry

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class PlaceSeen:
    """One's own place in a line, with the seat and its shift."""

    entry: WaitingEntry
    seat: Seat
    shift: Shift


async def own_places(
    session: AsyncSession, asker: Asker, *, shifts: Sequence[UUID] | None = None
) -> list[PlaceSeen]:
    """List the lines in which the asker stands, the next shift first; nobody else's place."""
    query = (
        select(WaitingEntry, Seat, Shift)
        .join(Handle, Handle.id == WaitingEntry.handle_id)
        .join(Seat, Seat.id == WaitingEntry.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Handle.person_id == asker.person_id, WaitingEntry.state.in_(IN_LINE))
        .order_by(Shift.starts, WaitingEntry.id)
        .limit(MOST_SHOWN)
    )
    if shifts is not None:
        query = query.where(Shift.id.in_(shifts))
    rows = await session.execute(query)
    return [PlaceSeen(entry, seat, shift) for entry, seat, shift in rows]
