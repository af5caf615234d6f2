from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift

WAITING = frozenset({"requested", "proposed"})
LIVE = WAITING | {"held"}
ENDED = ("released", "refused", "lapsed")


async def last_endings(session: AsyncSession, seats: Sequence[UUID]) -> dict[UUID, str]:
    """Tell how the last claim on each seat ended, if one did; by whom is not told."""
    rows = await session.execute(
        select(Claim.seat_id, Claim.state)
        .where(Claim.seat_id.in_(seats), Claim.state.in_(ENDED))
        .ext(distinct_on(Claim.seat_id))
        .order_by(Claim.seat_id, Claim.ended_at.desc().nulls_last(), Claim.id.desc())
    )
    return {row.seat_id: row.state for row in rows}


async def next_of_ones_own(
    session: AsyncSession, asker: Asker, state: str, now: datetime
) -> Shift | None:
    """Find the next shift on which the asker has a seat, or is offered one (`proposed`)."""
    found: Shift | None = await session.scalar(
        select(Shift)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(Handle.person_id == asker.person_id, Claim.state == state, Shift.starts > now)
        .order_by(Shift.starts, Claim.id)
        .limit(1)
    )
    return found


def handle_for(asker: Asker, worker: str | None) -> ColumnElement[bool]:
    """Choose in a query the handle that would take a seat: the asker's own in each pool.

    For a coordinator it is that of a `worker` of their project, by the name shown in a pool.
    """
    if worker is None:
        whose = Handle.person_id == asker.person_id
    else:
        require_role(asker, "coordinator")
        whose = (Handle.display == worker) & (Handle.project_id == asker.project_id)
    return whose & Handle.retired_at.is_(None)


async def claim_acted_for(
    session: AsyncSession, asker: Asker, claim_id: UUID
) -> tuple[Claim, UUID]:
    """Find a claim of one's own, or of one's people for a coordinator, and whose it is."""
    row = (
        await session.execute(
            select(Claim, Handle.person_id, Handle.project_id)
            .join(Handle, Handle.id == Claim.handle_id)
            .where(Claim.id == claim_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    claim, person_id, project_id = row
    if person_id is None or not asker.acts_for(person_id, project_id):
        raise NotFound
    return claim, person_id


async def claim_at_host(session: AsyncSession, claim_id: UUID, host: str) -> tuple[Claim, UUID]:
    """Find a claim of our people in a pool of this host, and whose it is."""
    row = (
        await session.execute(
            select(Claim, Handle.person_id)
            .join(Handle, Handle.id == Claim.handle_id)
            .join(Pool, Pool.id == Handle.pool_id)
            .where(Claim.id == claim_id, Pool.host == host)
        )
    ).one_or_none()
    if row is None or row[1] is None:
        raise NotFound
    return row[0], row[1]


async def lock_claim(session: AsyncSession, claim: Claim) -> None:
    """Lock a claim and read it again; person and shift come before it."""
    await session.refresh(claim, with_for_update={"key_share": True})
