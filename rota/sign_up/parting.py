"""Two nodes part: claims that concern both and are not kept end here, a seat at a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.relations.leaving.rules import MOST_GIVEN_BACK
from rota.bookings.actions import lock_person
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.shifts.models import Seat, Shift
from rota.sign_up.ending import end_claim
from rota.sign_up.notices import ENDED


async def claims_with(
    session: AsyncSession,
    node_id: str,
    since: datetime,
    now: datetime,
    *,
    only: Sequence[UUID] | None = None,
) -> list[UUID]:
    """List live claims of our people there and of theirs here, on coming sessions from `since`."""
    query = _of_both(node_id).where(
        Claim.state.in_(LIVE), Shift.starts >= since, Shift.starts > now
    )
    if only is not None:
        query = query.where(Claim.id.in_(only))
    return list(await session.scalars(query.order_by(Shift.starts, Claim.id)))


async def given_back(
    session: AsyncSession, node_id: str, since: datetime, now: datetime
) -> list[UUID]:
    """List claims on coming sessions that ended here since what the other may not have heard."""
    query = _of_both(node_id).where(Claim.ended_at >= since, Shift.starts > now)
    latest = query.order_by(Claim.ended_at.desc(), Claim.id).limit(MOST_GIVEN_BACK)
    return list(await session.scalars(latest))


def _of_both(node_id: str) -> Select[UUID]:
    """Choose claims of our people in pools of a node, and of its people in ours.

    What is left here of its people's claims in a pool that it has taken over is its own business.
    """
    return (
        select(Claim.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(
            or_(
                and_(Pool.host == node_id, Project.node.is_(None)),
                and_(Pool.host.is_(None), Project.node == node_id),
            )
        )
    )


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
