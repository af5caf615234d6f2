"""Finds a held seat with all that an exchange needs to know of it, on behalf of who may give it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from federation.projects.models import Project
from rota.bookings.queries import wish_for
from rota.bookings.rules import Stay
from rota.claims.models import Claim
from rota.claims.queries import lock_claim
from rota.shifts.models import Seat, Shift
from rota.swaps.models import SwapOffer


@dataclass(frozen=True, slots=True)
class Held:
    """A seat, who holds it by which claim, and its shift and pool."""

    claim: Claim
    seat: Seat
    shift: Shift
    pool: Pool
    handle: Handle
    person_id: UUID | None
    """Of this node; None where their home is another one."""
    home: str | None = None
    """The node of their project, where that is another one."""

    @property
    def stay(self) -> Stay:
        """Give the time that the seat takes as its shift is now."""
        return wish_for(self.shift, self.seat.role).stay


def _claims() -> Select[Claim, Seat, Shift, Pool, Handle, str | None, Channel]:
    # the channel is read along for the announcement that follows an exchange
    return (
        select(Claim, Seat, Shift, Pool, Handle, Project.node, Channel)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Pool, Pool.id == Shift.pool_id)
    )


async def held_by_claim(session: AsyncSession, claim_id: UUID | None) -> Held:
    """Find a claim, whatever its state and whosever it is; the caller has the permission."""
    row = (await session.execute(_claims().where(Claim.id == claim_id))).one_or_none()
    if row is None:
        raise NotFound
    claim, seat, shift, pool, handle, home, _channel = row
    return Held(claim, seat, shift, pool, handle, handle.person_id, home)


async def own_held(session: AsyncSession, asker: Asker, claim_id: UUID) -> Held:
    """Find a claim that the asker may give away: an own one, or one of the project's people."""
    held = await held_by_claim(session, claim_id)
    if not asker.acts_for(held.person_id, held.handle.project_id):
        raise NotFound
    return held


async def current_handle(session: AsyncSession, held: Held) -> Handle:
    """Give the handle under which a holder makes new claims; names may change, people stay."""
    if held.person_id is None:
        return held.handle
    current = await session.scalar(
        select(Handle).where(
            Handle.person_id == held.person_id,
            Handle.pool_id == held.pool.id,
            Handle.retired_at.is_(None),
        )
    )
    return current or held.handle


async def lock_parts(
    session: AsyncSession,
    people: Iterable[UUID | None],
    parts: Iterable[Held],
    offer: SwapOffer,
    *further: Claim,
    shifts: Iterable[UUID] = (),
) -> None:
    """Lock all that an exchange may change: this node's people, shifts, claims, the offer.

    Each in the order of their ids; `further` are claims that would take a held one's place,
    `shifts` those of seats whose holders this node does not know.
    """
    held = list(parts)
    await session.execute(_in_order(Person, {each for each in people if each is not None}))
    await session.execute(_in_order(Shift, {*shifts, *(each.shift.id for each in held)}))
    claims = {each.claim.id: each.claim for each in held} | {each.id: each for each in further}
    for claim_id in sorted(claims):
        await lock_claim(session, claims[claim_id])
    await lock_offer(session, offer)


async def lock_offer(session: AsyncSession, offer: SwapOffer) -> None:
    """Lock an offer and read it again; people, shifts and claims come before it."""
    await session.refresh(offer, with_for_update={"key_share": True})


def _in_order(table: type[Person] | type[Shift], ids: set[UUID]) -> Select[Any]:
    return (
        select(table)
        .where(table.id.in_(ids))
        .order_by(table.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


async def replaced_already(session: AsyncSession, claims: Iterable[UUID]) -> bool:
    """Tell whether one of these claims is being given in another exchange."""
    found = await session.scalar(
        select(Claim.id).where(Claim.instead_of.in_(list(claims)), Claim.state == "requested")
    )
    return found is not None


def made_to(handle: type[Handle]) -> ColumnElement[bool]:
    """Tell of an offer whether it is made to this handle, or to everybody.

    Whom a name of another node means is known to the host alone, and nobody here is meant by it.
    """
    to_all = SwapOffer.to_handle_id.is_(None) & SwapOffer.to_display.is_(None)
    return to_all | (SwapOffer.to_handle_id == handle.id)


def holds(person_id: UUID | None) -> ColumnElement[bool]:
    """Tell of a seat whether this person has it; of others' seats only the state may be known."""
    return exists().where(
        Claim.seat_id == Seat.id,
        Claim.state == "held",
        Claim.handle_id == Handle.id,
        Handle.person_id == person_id,
    )
