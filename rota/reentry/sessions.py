"""Sessions of this node's pools that only its partners remember."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project
from rota.reentry.entering import Reentry
from rota.reentry.stated import StatedSession
from rota.shifts.mirror import StatedShift
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.shifts.rules.local_times import known_zone
from rota.shifts.rules.spans import local_day

MOST_SEATS = 30


async def enter_session(
    reentry: Reentry, stated: StatedSession, proven_seats: Collection[UUID]
) -> None:
    """Enter a session that the backup does not know; one that it knows stays as it is here.

    It takes place if somebody has a receipt for one of its seats: only this node signs those. Of
    any other we have a partner's word alone, and it is called off. Both are shown.
    """
    channel = await reentry.session.scalar(
        select(Channel)
        .join(Pool, Pool.id == Channel.pool_id)
        .where(Pool.id == stated.pool, Pool.host.is_(None), Channel.slug == stated.shift.channel)
    )
    if channel is None:
        return
    known = await reentry.session.get(Shift, stated.shift.id)
    if known is not None and known.pool_id != stated.pool:
        return
    if known is None:
        holds = any(seat.id in proven_seats for seat in stated.shift.seats)
        await _add(reentry, stated, channel, takes_place=holds and not stated.shift.cancelled)
    elif _differs(known, stated.shift):
        await _show(reentry, stated.pool, "session-differs", known.id)
    await _add_seats(reentry, stated.shift)
    reentry.shifts.add(stated.shift.id)


async def _add(
    reentry: Reentry, stated: StatedSession, channel: Channel, *, takes_place: bool
) -> None:
    shift = stated.shift
    known_zone(shift.zone)
    pattern_id = await _pattern_of(reentry, stated, channel)
    row = Shift(
        id=shift.id,
        pool_id=stated.pool,
        channel_id=channel.id,
        starts=shift.starts,
        ends=shift.ends,
        zone=shift.zone,
        briefing_minutes=shift.briefing_minutes,
        debrief_minutes=shift.debrief_minutes,
        languages=shift.languages,
        wanted_languages=shift.wanted_languages,
        theme=shift.theme,
        demand=float(shift.demand),
        minimum_workers=shift.minimum_workers,
        minimum_supervisors=shift.minimum_supervisors,
        trainings=shift.trainings,
        series=shift.series,
        ground_rules=shift.ground_rules,
        pattern_id=pattern_id,
        pattern_day=local_day(shift.starts, shift.zone) if pattern_id else None,
        cancelled_at=None if takes_place else reentry.now,
        exception_at=reentry.now,
    )
    reentry.session.add(row)
    await reentry.session.flush()
    kind = "session-entered-again" if takes_place else "session-called-off"
    await _show(reentry, stated.pool, kind, shift.id)


async def _pattern_of(reentry: Reentry, stated: StatedSession, channel: Channel) -> UUID | None:
    """Find the pattern that made a session, so that it does not make that day's again."""
    shift = stated.shift
    if shift.series is None or shift.cancelled:
        return None
    day = local_day(shift.starts, shift.zone)
    made = select(Shift.pattern_id).where(
        Shift.pattern_id.is_not(None), Shift.pattern_day == day, Shift.pool_id == stated.pool
    )
    found: UUID | None = await reentry.session.scalar(
        select(ShiftPattern.id)
        .where(
            ShiftPattern.channel_id == channel.id,
            ShiftPattern.series == shift.series,
            ShiftPattern.first_day <= day,
            ShiftPattern.last_day.is_(None) | (ShiftPattern.last_day >= day),
            ShiftPattern.id.not_in(made),
        )
        .order_by(ShiftPattern.id)
        .limit(1)
    )
    return found


async def _add_seats(reentry: Reentry, stated: StatedShift) -> None:
    rows = [
        {"id": seat.id, "shift_id": stated.id, "role": seat.role, "state": "open"}
        for seat in stated.seats[:MOST_SEATS]
    ]
    if rows:
        await reentry.session.execute(insert(Seat).values(rows).on_conflict_do_nothing())


def _differs(known: Shift, stated: StatedShift) -> bool:
    here = (known.starts, known.ends, known.cancelled_at is not None)
    return here != (stated.starts, stated.ends, stated.cancelled)


async def _show(reentry: Reentry, pool_id: UUID, kind: str, shift_id: UUID) -> None:
    """Show it to the projects of this node that take part in the pool: they plan it."""
    projects = await reentry.session.scalars(
        select(Project.id)
        .join(PoolMember, PoolMember.project_id == Project.id)
        .where(PoolMember.pool_id == pool_id, Project.node.is_(None))
        .order_by(Project.id)
    )
    for project_id in projects:
        reentry.find(project_id, kind, shift=shift_id)
