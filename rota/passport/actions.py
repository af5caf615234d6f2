"""Attesting and withdrawing trainings, by the person's own project alone."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.notices.actions import notify, put_away
from federation.notices.models import Notice
from federation.people.models import Person
from federation.people.queries import coordinators_of
from federation.permissions.rules import Asker, require_role, require_write
from rota.availability.errors import WrongSpan
from rota.bookings.actions import lock_person
from rota.passport.models import Training
from rota.passport.rules import over_everywhere, reminders
from rota.shifts.rules.written_days import written_day

PASSPORT = "passport"
"""The kind of work that looks whether seats still fit those who hold them."""
REMINDER = "training-reminder"
ENDS, OURS_END = "training-ends", "training-of-ours-ends"
TRAINING_ENDS = "A training of yours is valid until %(day)s. Your coordinator can book a refresher."
OURS_ENDS = "A training of one of your people is valid until %(day)s. The passports show whose."


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
    await _may_attest(session, asker, person_id)
    if expires < issued:
        raise WrongSpan
    await lock_person(session, person_id)
    row = insert(Training).values(
        id=new_id(), person_id=person_id, name=name, issued=issued, expires=expires
    )
    # attested again, the same course of training may last longer or shorter
    attested = await session.scalars(
        row.on_conflict_do_update(
            constraint="uq_training_person_id_name_issued",
            set_={"expires": expires, "withdrawn_at": None},
        ).returning(Training),
        execution_options={"populate_existing": True},
    )
    training = attested.one()
    # until when it is valid stands in what was told before
    await put_away(session, (Notice.about == training.id) & Notice.code.in_((ENDS, OURS_END)), now)
    await _changed(session, asker, "attest-training", training, now)
    for due in reminders(expires, now):
        payload = {"training": str(training.id), "expires": expires.isoformat()}
        key = f"{training.id} {due:%Y-%m-%d}"
        await put(session, REMINDER, payload, now=now, key=key, due=due)
    return training


async def withdraw_training(
    session: AsyncSession, asker: Asker, training_id: UUID, now: datetime
) -> Training:
    """Withdraw a training at once: seats on shifts to come that need it fall free."""
    person_id = await session.scalar(select(Training.person_id).where(Training.id == training_id))
    if person_id is None:
        raise NotFound
    await _may_attest(session, asker, person_id)
    # a claim is decided before or after it, and then sees it
    await lock_person(session, person_id)
    training = await session.get_one(Training, training_id, with_for_update=True)
    training.withdrawn_at = training.withdrawn_at or now
    training.expires = min(training.expires, over_everywhere(now))
    await session.flush()
    await _changed(session, asker, "withdraw-training", training, now)
    return training


async def remind_of_expiry(
    session: AsyncSession, training_id: UUID, expires: date, now: datetime
) -> None:
    """Remind a worker and their coordinators, unless the training was renewed or changed since."""
    training = await session.get(Training, training_id)
    if training is None or training.expires != expires or training.withdrawn_at is not None:
        return
    person = await session.get_one(Person, training.person_id)
    renewed = await session.scalar(
        select(Training.id)
        .where(
            Training.person_id == training.person_id,
            Training.name == training.name,
            Training.expires > expires,
        )
        .limit(1)
    )
    if renewed is not None or person.left_at is not None:
        return
    told = {"day": written_day(expires)}
    text = TRAINING_ENDS % told
    if await _told_today(session, person.id, text, now):
        return
    await notify(session, person_id=person.id, code=ENDS, text=text, now=now, about=training.id)
    for coordinator in await coordinators_of(session, person.project_id):
        await notify(
            session,
            person_id=coordinator,
            code=OURS_END,
            text=OURS_ENDS % told,
            now=now,
            about=training.id,
        )


async def _told_today(session: AsyncSession, person_id: UUID, text: str, now: datetime) -> bool:
    """Tell whether somebody heard the same just now: work may be done twice, after a crash."""
    told = select(Notice.id).where(
        Notice.person_id == person_id,
        Notice.code == ENDS,
        Notice.text == text,
        Notice.at > now - timedelta(days=1),
    )
    return await session.scalar(told.limit(1)) is not None


async def _may_attest(session: AsyncSession, asker: Asker, person_id: UUID) -> None:
    """Let coordinators attest for their own project's people; others learn nothing of them."""
    require_write(asker)
    project_id = await session.scalar(select(Person.project_id).where(Person.id == person_id))
    if project_id is None or not asker.acts_for(person_id, project_id):
        raise NotFound
    require_role(asker, "coordinator")


async def _changed(
    session: AsyncSession, asker: Asker, verb: str, training: Training, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="person",
        subject_id=training.person_id,
        now=now,
        facts={"training": str(training.id)},
    )
    await look_at_passport(session, training.person_id, now)


async def look_at_passport(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Have what follows from it done after the commit: offers restated, seats vacated."""
    await put(session, "offers", {}, now=now, key="all")
    await put(session, PASSPORT, {"person": str(person_id)}, now=now, key=str(person_id))
