from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker, require_write
from rota.availability.errors import WrongSpan, WrongWish
from rota.availability.models import Leave, WeeklyWindow
from rota.availability.rules import Weekly, wrong_wishes


async def _may_change(session: AsyncSession, asker: Asker, person_id: UUID) -> None:
    """Let people change their own time, and coordinators that of their own project's people."""
    require_write(asker)
    project_id = await session.scalar(select(Person.project_id).where(Person.id == person_id))
    own = person_id == asker.person_id
    if project_id != asker.project_id or not (own or asker.has("coordinator")):
        raise NotFound


async def _changed(
    session: AsyncSession, asker: Asker, verb: str, person_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="person",
        subject_id=person_id,
        now=now,
    )
    await put(session, "offers", {}, now=now, key="all")


async def set_availability(
    session: AsyncSession, asker: Asker, person_id: UUID, wishes: list[Weekly], now: datetime
) -> None:
    """Replace a person's weekly wishes; hosts elsewhere learn of new offers only."""
    await _may_change(session, asker, person_id)
    if wrong := wrong_wishes(wishes):
        raise WrongWish(reasons=wrong)
    await session.execute(delete(WeeklyWindow).where(WeeklyWindow.person_id == person_id))
    session.add_all(
        WeeklyWindow(
            person_id=person_id,
            weekday=wish.weekday,
            starts=wish.starts,
            minutes=wish.minutes,
            zone=wish.zone,
            preference=wish.preference,
        )
        for wish in wishes
    )
    await _changed(session, asker, "set-availability", person_id, now)


async def enter_leave(
    session: AsyncSession,
    asker: Asker,
    person_id: UUID,
    begins: datetime,
    ends: datetime,
    now: datetime,
) -> Leave:
    """Enter time away; new seats in it are refused from now on."""
    await _may_change(session, asker, person_id)
    if begins >= ends:
        raise WrongSpan
    leave = Leave(person_id=person_id, during=Range(begins, ends))
    session.add(leave)
    await _changed(session, asker, "enter-leave", person_id, now)
    return leave
