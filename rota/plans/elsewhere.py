"""Worker's seats that are no part of a plan, but of the weeks that it plans and of people's rest.

Of this node's people every booking is known, in whichever pool. Of somebody of another node only
what they hold in this pool is: their home offers each session by itself.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rota.bookings.queries import wish_for
from rota.bookings.rules import Stay
from rota.claims.models import Claim
from rota.seats.queries import KEEPS_A_SEAT
from rota.shifts.models import Seat, Shift

Stretch = tuple[datetime, datetime]
AROUND = timedelta(days=1)
"""Further than this a rest seldom reaches."""


def weeks_around(first: date, until: date, zone: ZoneInfo) -> Stretch:
    """Give the whole weeks that a plan touches, and the rest before and after them."""
    monday = first - timedelta(days=first.weekday())
    last = until + timedelta(days=7 - until.weekday())
    begins, ends = (datetime.combine(day, time.min, zone) for day in (monday, last))
    return begins.astimezone(UTC) - AROUND, ends.astimezone(UTC) + AROUND


async def seats_in_pool(
    session: AsyncSession, pool_id: UUID, span: Stretch, except_shifts: Collection[UUID]
) -> dict[UUID, list[Stay]]:
    """Read by handle who sits on other shifts of a pool, as its host."""
    rows = await session.execute(
        select(Claim.handle_id, Seat.role, Shift)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Shift.pool_id == pool_id,
            Shift.starts >= span[0],
            Shift.starts < span[1],
            Shift.id.not_in(except_shifts),
            Claim.state.in_(KEEPS_A_SEAT),
            Claim.decided_here,
        )
    )
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for handle, role, shift in rows:
        found[handle].append(wish_for(shift, role).stay)
    return found
