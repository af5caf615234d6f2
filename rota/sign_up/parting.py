"""Two nodes part: claims that concern both and are not kept end here, a seat at a time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.bookings.actions import lock_person
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.shifts.models import Seat, Shift
from rota.sign_up.ending import end_claim
from rota.sign_up.notices import ENDED


async def claims_with(
    session: AsyncSession, node_id: str, since: datetime, now: datetime
) -> list[UUID]:
    """List live claims of our people there and of theirs here, on coming sessions from `since`."""
    rows = await session.scalars(
        select(Claim.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(
            or_(Pool.host == node_id, Project.node == node_id),
            Claim.state.in_(LIVE),
            Shift.starts >= since,
            Shift.starts > now,
        )
        .order_by(Shift.starts, Claim.id)
    )
    return list(rows)


async def part(session: AsyncSession, claim_id: UUID, now: datetime) -> None:
    """End one claim; who sat there is told, and the seat of a pool of this node is free again."""
    claim = await session.get_one(Claim, claim_id)
    person_id = await session.scalar(select(Handle.person_id).where(Handle.id == claim.handle_id))
    if person_id is not None:
        await lock_person(session, person_id)
    offered = claim.state == "proposed"
    if not await end_claim(session, claim, "released", now):
        return
    if person_id is not None and not offered:
        await notify(session, person_id=person_id, code="claim-ended", text=ENDED, now=now)
    await record(
        session, actor=SYSTEM, verb="part-claim", subject="claim", subject_id=claim_id, now=now
    )
