from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker, require_role, require_write
from rota.availability.errors import WrongSpan, WrongWish
from rota.availability.models import Leave, Training, WeeklyWindow
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


async def attest_training(
    session: AsyncSession,
    asker: Asker,
    person_id: UUID,
    name: str,
    issued: date,
    expires: date,
    now: datetime,
) -> Training:
    """Attest a training of one's own project's worker; `expires` is the last valid day."""
    await _may_change(session, asker, person_id)
    require_role(asker, "coordinator")
    if expires < issued:
        raise WrongSpan
    row = insert(Training).values(
        id=new_id(), person_id=person_id, name=name, issued=issued, expires=expires
    )
    # attested again, the same course of training may last longer or shorter
    training = await session.scalars(
        row.on_conflict_do_update(
            constraint="uq_training_person_id_name_issued", set_={"expires": expires}
        ).returning(Training),
        execution_options={"populate_existing": True},
    )
    await _changed(session, asker, "attest-training", person_id, now)
    return training.one()
