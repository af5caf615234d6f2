"""When people can work, entered by themselves or by a coordinator of their own project."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker, require_write
from rota.availability.errors import TooManyDates, WrongWish
from rota.availability.models import DatedWindow, WeeklyWindow
from rota.availability.painting import Painted, repainted
from rota.availability.queries import dated_of, weekly_of
from rota.availability.rules import (
    MOST_DATED,
    Dated,
    Weekly,
    copied,
    wrong_dates,
    wrong_wishes,
)
from rota.shifts.rules.local_times import known_zone
from rota.shifts.rules.spans import local_day


async def require_own_time(session: AsyncSession, asker: Asker, person_id: UUID) -> None:
    """Let people change their own time, and coordinators that of their own project's people."""
    require_write(asker)
    project_id = await session.scalar(select(Person.project_id).where(Person.id == person_id))
    if project_id is None or not asker.acts_for(person_id, project_id):
        raise NotFound


async def availability_changed(session: AsyncSession, now: datetime) -> None:
    """Have hosts elsewhere told of new offers; whose time it was they do not learn."""
    await put(session, "offers", {}, now=now, key="all")


async def record_change(
    session: AsyncSession, asker: Asker, verb: str, person_id: UUID, now: datetime
) -> None:
    """Write down who changed whose time, and have new offers stated."""
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="person",
        subject_id=person_id,
        now=now,
    )
    await availability_changed(session, now)


async def set_availability(
    session: AsyncSession, asker: Asker, person_id: UUID, wishes: Sequence[Weekly], now: datetime
) -> None:
    """Replace a person's weekly wishes; hosts elsewhere learn of new offers only."""
    await require_own_time(session, asker, person_id)
    if wrong := wrong_wishes(wishes):
        raise WrongWish(reasons=wrong)
    await session.execute(delete(WeeklyWindow).where(WeeklyWindow.person_id == person_id))
    session.add_all(_row(person_id, wish) for wish in wishes)
    await record_change(session, asker, "set-availability", person_id, now)


async def add_wish(
    session: AsyncSession, asker: Asker, person_id: UUID, wish: Weekly, now: datetime
) -> None:
    """Add one weekly or fortnightly time; the same one again changes nothing."""
    await require_own_time(session, asker, person_id)
    had = await session.scalars(select(WeeklyWindow).where(WeeklyWindow.person_id == person_id))
    wishes = [weekly_of(row) for row in had]
    if wish in wishes:
        return
    if wrong := wrong_wishes([*wishes, wish]):
        raise WrongWish(reasons=wrong)
    session.add(_row(person_id, wish))
    await record_change(session, asker, "set-availability", person_id, now)


async def remove_wish(
    session: AsyncSession, asker: Asker, person_id: UUID, wish_id: UUID, now: datetime
) -> None:
    """Take one weekly or fortnightly time away."""
    await require_own_time(session, asker, person_id)
    mine = (WeeklyWindow.id == wish_id, WeeklyWindow.person_id == person_id)
    gone = delete(WeeklyWindow).where(*mine).returning(WeeklyWindow.id)
    if await session.scalar(gone) is None:
        raise NotFound
    await record_change(session, asker, "set-availability", person_id, now)


def _row(person_id: UUID, wish: Weekly) -> WeeklyWindow:
    return WeeklyWindow(
        person_id=person_id,
        weekday=wish.weekday,
        starts=wish.starts,
        minutes=wish.minutes,
        zone=wish.zone,
        preference=wish.preference,
        every_weeks=wish.every_weeks,
        first_day=wish.first_day,
    )


async def set_zone(
    session: AsyncSession, asker: Asker, person_id: UUID, zone: str, now: datetime
) -> None:
    """Say where somebody lives; times that were entered before keep the zone that they had."""
    await require_own_time(session, asker, person_id)
    known_zone(zone)
    await session.execute(update(Person).where(Person.id == person_id).values(zone=zone))
    await record_change(session, asker, "set-zone", person_id, now)


async def set_dates(
    session: AsyncSession, asker: Asker, person_id: UUID, dated: Sequence[Dated], now: datetime
) -> int:
    """Enter what holds on single days; a time that begins at the same moment is replaced.

    Gives how many are new or changed.
    """
    await require_own_time(session, asker, person_id)
    if wrong := wrong_dates(dated):
        raise WrongWish(reasons=wrong)
    changed = 0
    for one in dated:
        changed += await _set_date(session, person_id, one)
    count = await session.scalar(
        select(func.count()).where(
            DatedWindow.person_id == person_id, DatedWindow.day >= now.date()
        )
    )
    if (count or 0) > MOST_DATED:
        raise TooManyDates
    if changed:
        await record_change(session, asker, "set-dated-availability", person_id, now)
    return changed


async def _set_date(session: AsyncSession, person_id: UUID, one: Dated) -> bool:
    facts = {"minutes": one.minutes, "zone": one.zone, "preference": one.preference}
    row = insert(DatedWindow).values(
        id=new_id(), person_id=person_id, day=one.day, starts=one.starts, **facts
    )
    differs = func.row(
        DatedWindow.minutes, DatedWindow.zone, DatedWindow.preference
    ).is_distinct_from(func.row(row.excluded.minutes, row.excluded.zone, row.excluded.preference))
    made = await session.scalar(
        row.on_conflict_do_update(
            constraint="uq_dated_window_person_id_day_starts", set_=facts, where=differs
        ).returning(DatedWindow.id)
    )
    return made is not None


async def remove_date(
    session: AsyncSession, asker: Asker, person_id: UUID, dated_id: UUID, now: datetime
) -> None:
    """Take a dated time away: the weekly wishes hold on that day again."""
    await require_own_time(session, asker, person_id)
    mine = (DatedWindow.id == dated_id, DatedWindow.person_id == person_id)
    gone = delete(DatedWindow).where(*mine).returning(DatedWindow.id)
    if await session.scalar(gone) is None:
        raise NotFound
    await record_change(session, asker, "set-dated-availability", person_id, now)


async def paint_days(
    session: AsyncSession, asker: Asker, person_id: UUID, painted: Painted, now: datetime
) -> None:
    """Take over what was painted in a grid, as the entries of single days that it comes to.

    With the person locked: of two who paint at once, the second sees what the first has saved.
    """
    await require_own_time(session, asker, person_id)
    await session.execute(
        select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    )
    weekly = await session.scalars(select(WeeklyWindow).where(WeeklyWindow.person_id == person_id))
    rows = list(
        await session.scalars(select(DatedWindow).where(DatedWindow.person_id == person_id))
    )
    had = [dated_of(row) for row in rows]
    gone, new = repainted([weekly_of(row) for row in weekly], had, painted)
    ids = [row.id for row, one in zip(rows, had, strict=True) if one in gone]
    await session.execute(delete(DatedWindow).where(DatedWindow.id.in_(ids)))
    if not await set_dates(session, asker, person_id, new, now) and ids:
        await record_change(session, asker, "set-dated-availability", person_id, now)


async def copy_last_month(
    session: AsyncSession, asker: Asker, person_id: UUID, month: date, now: datetime
) -> int:
    """Enter for a month what somebody could do in the one before; what stands there stays.

    Gives how many times were added; copied twice, the second time adds none.
    """
    await require_own_time(session, asker, person_id)
    rows = await session.scalars(select(DatedWindow).where(DatedWindow.person_id == person_id))
    had = [dated_of(row) for row in rows]
    taken = {(one.day, one.starts) for one in had}
    new = [one for one in copied(had, month) if (one.day, one.starts) not in taken]
    return await set_dates(session, asker, person_id, _to_come(new, now), now) if new else 0


def _to_come(dated: Iterable[Dated], now: datetime) -> list[Dated]:
    return [one for one in dated if one.day >= local_day(now, one.zone)]
