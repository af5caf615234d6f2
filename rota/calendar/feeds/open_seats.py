"""Seats that somebody could take, by home's half of the rule; the host's follows with the claim."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle, Person
from rota.bookings.queries import circumstances_between, wish_for
from rota.bookings.rules import Circumstances, worker_may
from rota.calendar.feeds.shift_entries import ShownShift
from rota.calendar.rules.personal import TENTATIVE
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.shifts.models import Seat, Shift

TO_BE_READ = "text-not-read"


class Roomy(NamedTuple):
    """A shift and the roles of its open seats."""

    shift: Shift
    roles: list[str]


async def seats_to_take(
    session: AsyncSession, person_id: UUID, weeks: int, now: datetime
) -> list[ShownShift]:
    """List shifts with an open seat that the person may take as things stand, one event a shift.

    A text that is still to be read keeps nobody from seeing a seat: the claim asks for it.
    """
    person = await session.get_one(Person, person_id, populate_existing=True)
    midnight = datetime.combine(now.date(), time(), UTC)
    until = midnight + timedelta(weeks=weeks)
    open_in = await _open_seats(session, person_id, now, until)
    found = []
    for pool_id, seats in open_in.items():
        known = await circumstances_between(session, person, pool_id, now, until, now)
        found += [
            shown
            for each in seats.values()
            if (shown := _shown(each.shift, each.roles, known, now)) is not None
        ]
    return found


async def _open_seats(
    session: AsyncSession, person_id: UUID, now: datetime, until: datetime
) -> dict[UUID, dict[UUID, Roomy]]:
    """Read the open seats of the person's pools, but not of shifts on which they have a claim."""
    own = select(Handle.id).where(Handle.person_id == person_id)
    there = select(Seat.shift_id).join(Claim, Claim.seat_id == Seat.id)
    rows = await session.execute(
        select(Shift, Seat.role)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Handle, Handle.pool_id == Shift.pool_id)
        .where(
            Handle.person_id == person_id,
            Handle.retired_at.is_(None),
            Seat.state == "open",
            Shift.cancelled_at.is_(None),
            Shift.starts > now,
            Shift.starts < until,
            Shift.id.not_in(there.where(Claim.handle_id.in_(own), Claim.state.in_(LIVE))),
        )
        .order_by(Shift.starts, Shift.id)
    )
    found: dict[UUID, dict[UUID, Roomy]] = defaultdict(dict)
    for shift, role in rows:
        found[shift.pool_id].setdefault(shift.id, Roomy(shift, [])).roles.append(role)
    return found


def _shown(
    shift: Shift, roles: Sequence[str], known: Circumstances, now: datetime
) -> ShownShift | None:
    wishes = [wish_for(shift, role) for role in roles]
    stays = [
        wish.stay
        for wish in wishes
        if all(reason.code == TO_BE_READ for reason in worker_may(wish, known, now))
    ]
    if not stays:
        return None
    begins, ends = min(stay.begins for stay in stays), max(stay.ends for stay in stays)
    return ShownShift(shift.id, begins, ends, TENTATIVE)
