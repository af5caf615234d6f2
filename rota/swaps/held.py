"""Finds a held seat with all that an exchange needs to know of it, on behalf of who may give it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift


@dataclass(frozen=True, slots=True)
class Held:
    """A seat, who holds it by which claim, and its shift and pool."""

    claim: Claim
    seat: Seat
    shift: Shift
    pool: Pool
    handle: Handle
    person_id: UUID
    """Of this node: an exchange takes place where both people are known."""


def _claims() -> Select[Claim, Seat, Shift, Pool, Handle, Channel]:
    # the channel is read along for the announcement that follows an exchange
    return (
        select(Claim, Seat, Shift, Pool, Handle, Channel)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Pool, Pool.id == Shift.pool_id)
    )


async def held_by_claim(session: AsyncSession, claim_id: UUID) -> Held:
    """Find a claim of somebody of this node, whatever its state; the caller has the permission."""
    row = (await session.execute(_claims().where(Claim.id == claim_id))).one_or_none()
    if row is None:
        raise NotFound
    claim, seat, shift, pool, handle, _channel = row
    if handle.person_id is None:
        raise NotFound
    return Held(claim, seat, shift, pool, handle, handle.person_id)


async def own_held(session: AsyncSession, asker: Asker, claim_id: UUID) -> Held:
    """Find a claim that the asker may give away: an own one, or one of the project's people."""
    held = await held_by_claim(session, claim_id)
    if not may_act_for(asker, held.handle):
        raise NotFound
    return held


def may_act_for(asker: Asker, handle: Handle) -> bool:
    """Tell whether this handle is the asker, or of the people whom the asker coordinates."""
    coordinates = handle.project_id == asker.project_id and asker.has("coordinator")
    return handle.person_id == asker.person_id or coordinates


async def current_handle(session: AsyncSession, held: Held) -> Handle:
    """Give the handle under which a holder makes new claims; names may change, people stay."""
    current = await session.scalar(
        select(Handle).where(
            Handle.person_id == held.person_id,
            Handle.pool_id == held.pool.id,
            Handle.retired_at.is_(None),
        )
    )
    return current or held.handle
