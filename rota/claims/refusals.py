from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.permissions.rules import Asker
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

SHOWN_FOR = timedelta(days=3)
MOST_SHOWN = 20


async def refused_lately(
    session: AsyncSession, asker: Asker, now: datetime
) -> list[tuple[Claim, Shift]]:
    """List the asker's own wishes that came to nothing, with their reasons, newest first."""
    rows = await session.execute(
        select(Claim, Shift)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Handle.person_id == asker.person_id,
            Claim.state == "refused",
            Claim.origin.not_in(("plan", "exchange")),
            Claim.ended_at > now - SHOWN_FOR,
            Shift.starts > now,
        )
        .order_by(Claim.ended_at.desc(), Claim.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(claim, shift) for claim, shift in rows]
