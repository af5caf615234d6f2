"""What a change writes into a shift that is there already; who sits on it is asked elsewhere."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.pools.models import Channel
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.spans import Span
from rota.shifts.rules.staffing import Staffing


def take_over(shift: Shift, wanted: Span, staffing: Staffing, channel: Channel) -> bool:
    """Write new facts into a shift; True where its seats now take another time."""
    before = _time_taken(shift)
    shift.starts, shift.ends = wanted
    shift.briefing_minutes = staffing.briefing_minutes
    shift.debrief_minutes = staffing.debrief_minutes
    shift.languages = list(staffing.languages)
    shift.wanted_languages = list(staffing.wanted_languages)
    shift.theme, shift.ground_rules = staffing.theme, staffing.ground_rules
    shift.demand = staffing.demand
    shift.minimum_workers, shift.minimum_supervisors = staffing.minimum(
        channel.minimum_workers, channel.minimum_supervisors
    )
    return before != _time_taken(shift)


def _time_taken(shift: Shift) -> tuple[object, ...]:
    return shift.starts, shift.ends, shift.briefing_minutes, shift.debrief_minutes


async def add_seats(session: AsyncSession, shift_id: UUID, wanted: Iterable[str]) -> bool:
    """Add the seats that a shift lacks, if any; none is taken away, since it may be asked for."""
    there = Counter(await session.scalars(select(Seat.role).where(Seat.shift_id == shift_id)))
    missing = sorted((Counter(wanted) - there).elements())
    if missing:
        rows = [
            {"id": new_id(), "shift_id": shift_id, "role": role, "state": "open"}
            for role in missing
        ]
        await session.execute(insert(Seat), rows)
    return bool(missing)


async def staffing_of_shift(session: AsyncSession, shift: Shift) -> Staffing:
    """Read back what a shift asks for, as the starting point of a change."""
    roles = await session.scalars(
        select(Seat.role).where(Seat.shift_id == shift.id).order_by(Seat.id)
    )
    return Staffing(
        seats=tuple(roles),
        briefing_minutes=shift.briefing_minutes,
        debrief_minutes=shift.debrief_minutes,
        languages=tuple(shift.languages),
        wanted_languages=tuple(shift.wanted_languages),
        theme=shift.theme,
        demand=shift.demand,
        ground_rules=shift.ground_rules,
        minimum_workers=shift.minimum_workers,
        minimum_supervisors=shift.minimum_supervisors,
    )
