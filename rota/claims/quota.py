"""How many seats a partner's people may ask for at once, so that no node can hoard a whole pool."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import Reason
from federation.people.models import Handle
from federation.projects.models import Project
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.shifts.models import Seat, Shift

SEATS_AT_ONCE = 200
TOO_MANY_CLAIMS = Reason(
    "too-many-claims",
    "The workers of your server have asked this pool's server for as many coming sessions as it "
    "allows at once. Try again when some of them are over or given back.",
)


async def seats_asked_for(session: AsyncSession, node_id: str, now: datetime, *, most: int) -> int:
    """Count what a node's people have of what they asked for themselves, up to so many.

    What a plan or a coordinator here gave them is this node's own doing and does not count.
    """
    theirs = (
        select(Claim.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            Project.node == node_id,
            Claim.decided_here,
            Claim.state.in_(LIVE),
            Claim.origin.in_(("worker", "cover", "exchange")),
            Shift.ends > now,
        )
        .limit(most)
        .subquery()
    )
    return await session.scalar(select(func.count()).select_from(theirs)) or 0
