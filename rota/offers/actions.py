"""Home states what its people can take; a host keeps it for its planner."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import any_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.partners.models import Partner
from federation.partners.rules.canonical import canonical
from federation.partners.rules.capabilities import OFFER
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.projects.models import Project
from protocols.acknowledgement.queries import lacking
from rota.availability.queries import calendars
from rota.bookings.queries import stays_of
from rota.offers.models import Offer
from rota.offers.rules import DraftedShift, can_take, in_parts
from rota.shifts.models import Shift

HORIZON = timedelta(weeks=13)


class StatedOffer(msgspec.Struct, frozen=True):
    """One shift that a handle can take."""

    shift: UUID
    preference: Annotated[int, msgspec.Meta(ge=0, le=2)]


class StatedOffers(msgspec.Struct, frozen=True):
    """All that a handle can take from now on; it replaces what was stated before.

    With a `statement` it is only the beginning, and the rest follows under that name.
    """

    handle: UUID
    offers: list[StatedOffer]
    statement: str | None = None


class AddedOffers(msgspec.Struct, frozen=True):
    """More of what a handle can take, by the statement that it belongs to."""

    handle: UUID
    offers: list[StatedOffer]
    statement: str


async def state_offers(session: AsyncSession, now: datetime) -> None:
    """Tell every host elsewhere which of its coming shifts our handles can take."""
    withheld = func.concat(f"{OFFER}:", Pool.id) == any_(Partner.they_withhold)
    pools = await session.scalars(
        select(Pool)
        .outerjoin(Partner, Partner.node_id == Pool.host)
        .where(Pool.host.is_not(None), withheld.is_not(True))
    )
    # private feeds are locked in the order of their nodes
    for pool in sorted(pools, key=lambda pool: (pool.host or "", pool.id)):
        await _state_for_pool(session, pool, now)


async def state_again(
    session: AsyncSession, host: str, pools: Sequence[UUID], now: datetime
) -> None:
    """Have everything said anew to a host that has not listened for a while."""
    theirs = select(Pool.id).where(Pool.id.in_(pools), Pool.host == host)
    await session.execute(
        update(Handle)
        .where(Handle.pool_id.in_(theirs), Handle.person_id.is_not(None))
        .values(offers_hash=None)
    )
    await put(session, "offers", {}, now=now, key="all")


async def _state_for_pool(session: AsyncSession, pool: Pool, now: datetime) -> None:
    handles = list(
        await session.scalars(
            select(Handle)
            .where(
                Handle.pool_id == pool.id,
                Handle.person_id.is_not(None),
                Handle.retired_at.is_(None),
            )
            .order_by(Handle.id)
        )
    )
    shifts = list(
        await session.scalars(
            select(Shift)
            .where(
                Shift.pool_id == pool.id,
                Shift.cancelled_at.is_(None),
                Shift.starts > now,
                Shift.starts < now + HORIZON,
            )
            .order_by(Shift.starts, Shift.id)
        )
    )
    found = await _offers(session, pool, handles, shifts, now)
    for handle in handles:
        stated = {"handle": str(handle.id), "offers": found[handle.id]}
        said = sha256(canonical(stated)).digest()
        if said != handle.offers_hash:
            handle.offers_hash = said
            await _say(session, str(pool.host), handle, found[handle.id], now)


async def _say(
    session: AsyncSession, host: str, handle: Handle, offers: list[dict[str, Any]], now: datetime
) -> None:
    """Say it in as many events as it needs, the soonest shifts first.

    A host that does not know how it goes on keeps these, and sets the rest aside.
    """
    first, *more = in_parts(offers)
    name = {"statement": (handle.offers_hash or b"").hex()} if more else {}
    stated = {"handle": str(handle.id), "offers": first} | name
    await append(session, "private", host, "offers.stated", stated, now=now)
    for part in more:
        added = {"handle": str(handle.id), "offers": part} | name
        await append(session, "private", host, "offers.added", added, now=now)


async def _offers(
    session: AsyncSession,
    pool: Pool,
    handles: Sequence[Handle],
    shifts: Sequence[Shift],
    now: datetime,
) -> dict[UUID, list[dict[str, Any]]]:
    people = [handle.person_id for handle in handles if handle.person_id is not None]
    ends = now + HORIZON + timedelta(days=1)
    known = await calendars(session, people, now, ends, now)
    drafted = {shift.id: _drafted(shift) for shift in shifts}
    # what they hold of these same shifts the host knows, and plans around
    booked = await stays_of(session, people, now, ends, except_shifts=drafted)
    unread = await lacking(session, people, pool_id=pool.id)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for handle in handles:
        person = handle.person_id
        if person is None:
            continue
        offers = []
        for shift_id, shift in {} if unread.get(person) else drafted.items():
            preference = can_take(shift, handle.roles, known[person], booked.get(person, []))
            if preference is not None:
                offers.append({"shift": str(shift_id), "preference": preference})
        found[handle.id] = offers
    return found


def _drafted(shift: Shift) -> DraftedShift:
    return DraftedShift(
        shift.starts,
        shift.ends,
        shift.zone,
        shift.briefing_minutes,
        shift.debrief_minutes,
        tuple(shift.trainings),
    )


async def receive_offers(
    session: AsyncSession, home: str, payload: dict[str, Any], _now: datetime
) -> None:
    """Replace what a handle of this home was said to be able to take."""
    stated = msgspec.convert(payload, StatedOffers)
    handle = await _theirs(session, home, stated.handle)
    handle.offers_hash = None if stated.statement is None else bytes.fromhex(stated.statement)
    await session.execute(delete(Offer).where(Offer.handle_id == handle.id))
    await _keep(session, handle, stated.offers)


async def receive_more_offers(
    session: AsyncSession, home: str, payload: dict[str, Any], _now: datetime
) -> None:
    """Add to what was said last; what belongs to something older is over."""
    added = msgspec.convert(payload, AddedOffers)
    handle = await _theirs(session, home, added.handle)
    if handle.offers_hash == bytes.fromhex(added.statement):
        await _keep(session, handle, added.offers)


async def _theirs(session: AsyncSession, home: str, handle_id: UUID) -> Handle:
    handle: Handle | None = await session.scalar(
        select(Handle)
        .join(Project, Project.id == Handle.project_id)
        .where(Handle.id == handle_id, Project.node == home)
    )
    if handle is None:
        raise NotFound
    return handle


async def _keep(session: AsyncSession, handle: Handle, stated: Sequence[StatedOffer]) -> None:
    wanted = {offer.shift: offer.preference for offer in stated}
    ours = await session.scalars(
        select(Shift.id).where(Shift.pool_id == handle.pool_id, Shift.id.in_(wanted))
    )
    session.add_all(
        Offer(id=new_id(), handle_id=handle.id, shift_id=shift, preference=wanted[shift])
        for shift in ours
    )
