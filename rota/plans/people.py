"""People in the words of the planner: what this node knows of them, so that homes need not refuse.

Seats that are kept already always fit those who keep them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.projects.models import Project
from protocols.acknowledgement.queries import lacking
from rota.availability.queries import calendars
from rota.availability.rules import Calendar
from rota.bookings.queries import stays_of, wish_for
from rota.bookings.rules import Stay
from rota.claims.models import Claim
from rota.offers.queries import offers_on
from rota.plans.accounts import Accounts
from rota.plans.elsewhere import AROUND, Stretch, seats_in_pool
from rota.plans.rules import (
    Limits,
    available_with,
    beside,
    busy_without,
    periods,
    time_of,
    with_held,
)
from rota.shifts.models import Seat, Shift

Kept = dict[UUID, dict[UUID, Stay]]
"""By shift and handle: the time of each seat that is held or proposed already."""
Left = dict[UUID, dict[UUID, Stay]]
"""By handle and shift: the time of each seat that somebody gave back or could not take."""


class Planned(NamedTuple):
    """What is planned: the days, the whole weeks around them, and what is settled already."""

    pool_id: UUID
    zone: ZoneInfo
    first: date
    span: Stretch
    weeks: Stretch
    kept: Kept
    channel_of: Mapping[UUID, UUID]
    accounts: Accounts

    def held_by(self, handle: UUID) -> dict[UUID, Stay]:
        """List the seats that somebody keeps already, by shift."""
        return {shift: stays[handle] for shift, stays in self.kept.items() if handle in stays}


async def workers_for(
    session: AsyncSession, planned: Planned, now: datetime
) -> list[dict[str, Any]]:
    """Describe who can be planned."""
    rows = (
        await session.execute(
            select(Handle, Project.slug)
            .join(Project, Project.id == Handle.project_id)
            .where(Handle.pool_id == planned.pool_id, Handle.retired_at.is_(None))
            .order_by(Handle.id)
        )
    ).all()
    handles = [handle for handle, _slug in rows]
    left = await _given_up(session, planned.kept)
    own = await _people_here(session, planned, handles, left, now)
    own |= await _people_elsewhere(session, planned, handles, left)
    return [_worker(handle, slug) | own[handle.id] for handle, slug in rows]


async def _people_here(
    session: AsyncSession, planned: Planned, handles: Sequence[Handle], left: Left, now: datetime
) -> dict[UUID, dict[str, Any]]:
    """Say of this node's people when they have time, and what they are trained for."""
    here = [(handle, handle.person_id) for handle in handles if handle.person_id is not None]
    people = [person for _handle, person in here]
    begins, ends = planned.span[0] - AROUND, planned.span[1] + AROUND
    known = await calendars(session, people, begins, ends, now)
    booked = await stays_of(session, people, *planned.weeks, except_shifts=planned.kept)
    unread = await lacking(session, people, pool_id=planned.pool_id)
    found = {}
    for handle, person in here:
        held = planned.held_by(handle.id)
        calendar = known[person]
        if unread.get(person) or not calendar.known:
            calendar = Calendar(trainings=calendar.trainings)
        given_up = [stay for at, stay in left[handle.id].items() if at not in held]
        stays = [stay for stay in booked.get(person, []) if stay.touches(begins, ends)]
        taken = [(one.begins, one.ends) for one in (*stays, *given_up)]
        busy = [*calendar.away, *calendar.busy, *taken]
        own = _own_time(planned, calendar, busy, list(held.values()))
        channels = {planned.channel_of[at] for at in held}
        own["trainings"] += planned.accounts.held_by(handle.id, channels)
        found[handle.id] = own | _booked(planned, handle, booked.get(person, []))
    return found


async def _people_elsewhere(
    session: AsyncSession, planned: Planned, handles: Sequence[Handle], left: Left
) -> dict[UUID, dict[str, Any]]:
    """Say of other nodes' people what their homes offer, and what they hold in this pool."""
    away = [handle for handle in handles if handle.person_id is None]
    offered = await offers_on(session, planned.kept)
    seated = await seats_in_pool(session, planned.pool_id, planned.weeks, planned.kept)
    found = {}
    for handle in away:
        held = planned.held_by(handle.id)
        offers = {
            at: wish
            for at, wish in offered[handle.id].items()
            if (at in held or at not in left[handle.id])
            and planned.accounts.has(handle.id, planned.channel_of[at])
        }
        own = {"can_take": with_held(offers, held)}
        found[handle.id] = own | _booked(planned, handle, seated[handle.id])
    return found


def _worker(handle: Handle, project: str) -> dict[str, Any]:
    return {
        "id": str(handle.id),
        "project": project,
        "roles": handle.roles,
        "languages": handle.languages,
        "hours_per_week": handle.hours_per_week,
        "shifts_per_week": handle.shifts_per_week,
        "rest_hours": handle.rest_hours,
    }


def _own_time(
    planned: Planned,
    calendar: Calendar,
    busy: Sequence[Stretch],
    held: Sequence[Stay],
) -> dict[str, Any]:
    return {
        "trainings": periods(calendar.trainings, planned.first),
        "available": [
            {
                "start": time_of(window.begins),
                "end": time_of(window.ends),
                "preference": window.preference,
            }
            for window in available_with(calendar.available, held)
        ],
        "busy": [
            {"start": time_of(begins), "end": time_of(ends)}
            for begins, ends in busy_without(busy, held)
        ],
    }


def _booked(planned: Planned, handle: Handle, stays: Sequence[Stay]) -> dict[str, Any]:
    """Name the worker's seats that count in the same weeks; without any, nothing is said."""
    held = list(planned.held_by(handle.id).values())
    limits = Limits(handle.hours_per_week, handle.shifts_per_week, handle.rest_hours)
    counted = beside(held, stays, limits, planned.zone.key)
    spans = [{"start": time_of(stay.begins), "end": time_of(stay.ends)} for stay in counted]
    return {"booked": spans} if spans else {}


async def _given_up(session: AsyncSession, shifts: Iterable[UUID]) -> Left:
    """List by handle the shifts that they gave back or could not take: they are not asked again."""
    found: Left = defaultdict(dict)
    rows = await session.execute(
        select(Claim.handle_id, Seat.role, Shift)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Shift.id.in_(shifts), Claim.state.in_(("released", "refused")), Claim.decided_here)
    )
    for handle, role, shift in rows:
        found[handle][shift.id] = wish_for(shift, role).stay
    return found
