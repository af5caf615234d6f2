"""New texts and those who have seats: told, reminded, and in the end the seat is another's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound, Reason
from federation.feeds.actions import append
from federation.notices.actions import notify, withdraw
from federation.notices.models import Notice
from federation.people.models import Handle
from federation.people.queries import coordinators_of
from federation.pools.models import Pool
from federation.projects.models import Project
from protocols.deadlines.actions import note_what_to_read
from rota.bookings.actions import lock_person
from rota.claims.models import Claim
from rota.readings.models import ReadingNotice, ShiftReading
from rota.readings.queries import unread_seats
from rota.readings.rules import Unread, next_look, step
from rota.shifts.models import Shift
from rota.sign_up.ending import end_claim

LOOK = "look-at-readings"
STATED = "shift.readings"
TO_READ, LATE = "text-to-read", "reading-late"
READINGS_KEPT = timedelta(days=30)
UNREAD = Reason("text-not-read", "What is new was not read and confirmed in time.")
TOLD = {
    "new": "There is something new to read before your next session. Please read it soon.",
    "soon": "There is something to read. Two days are left.",
    "last": "There is something to read by tomorrow. After that your seat may go to others.",
}
VACATED = (
    "There is a change in your plan: a seat of yours fell free, because there was something to "
    "read. Once you have read it, you can take a seat again."
)
OURS_VACATED = (
    "A seat of one of your people fell free, because something was not read in time. "
    "The page on reading shows who is missing what."
)
OURS_LATE = (
    "One of your people has a seat and has not read something in time. "
    "The page on reading shows who is missing what."
)


class Looked(NamedTuple):
    """What a look has found: seats to vacate, and when to look again."""

    to_vacate: list[UUID]
    again: datetime | None


class StatedReadings(msgspec.Struct, frozen=True):
    """A home's word about its project's people on one shift: ready, or not."""

    shift: UUID
    project: UUID
    passes: bool


async def look_at_readings(session: AsyncSession, now: datetime) -> Looked:
    """Write down what is asked, tell and remind people, tell hosts; say which seats are over."""
    await note_what_to_read(session, now)
    unread = await unread_seats(session, now)
    over = [one for one in unread if one.is_over(now)]
    await _tell_people(session, [one for one in unread if not one.is_over(now)], now)
    await _take_back(session, unread, now)
    for one in over:
        if not one.vacates:
            await _warn(session, one, now)
    await _tell_hosts(session, unread, now)
    vacate = dict.fromkeys(one.claim_id for one in over if one.vacates)
    return Looked(list(vacate), next_look(unread, now))


async def vacate_unread(session: AsyncSession, claim_id: UUID, now: datetime) -> bool:
    """Free one seat whose holder has not read in time, in a transaction of its own.

    What they have read since the look counts: it is asked once more, with the person locked.
    """
    claim = await session.get_one(Claim, claim_id, populate_existing=True)
    handle = await session.get_one(Handle, claim.handle_id)
    if handle.person_id is None:
        return False
    await lock_person(session, handle.person_id)
    unread = await unread_seats(session, now, Claim.id == claim_id)
    if not any(one.vacates and one.is_over(now) for one in unread):
        return False
    if not await end_claim(session, claim, "released", now):
        return False
    # a reason beside the end says that it was no slip of the worker's: others are asked at once
    claim.reasons = [UNREAD._asdict()]
    await record(
        session,
        actor=SYSTEM,
        verb="vacate-unread-seat",
        subject="claim",
        subject_id=claim_id,
        now=now,
    )
    await withdraw(session, person_id=handle.person_id, code=TO_READ, now=now)
    await notify(session, person_id=handle.person_id, code="seat-unread", text=VACATED, now=now)
    for coordinator in await coordinators_of(session, handle.project_id):
        await notify(
            session, person_id=coordinator, code="seat-of-ours-unread", text=OURS_VACATED, now=now
        )
    return True


async def receive_readings(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Keep whether a home's project is ready for a shift of ours; never who, never which text."""
    stated = msgspec.convert(payload, StatedReadings)
    ours = await session.scalar(
        select(Shift.id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(Shift.id == stated.shift, Pool.host.is_(None))
    )
    theirs = await session.scalar(
        select(Project.id).where(Project.id == stated.project, Project.node == home)
    )
    if ours is None or theirs is None:
        raise NotFound
    await _keep(session, stated.shift, stated.project, now, passes=stated.passes)


async def _tell_people(session: AsyncSession, unread: Sequence[Unread], now: datetime) -> None:
    """Tell each person once for each text and step, by the seat of theirs that is due first."""
    first: dict[tuple[UUID, bytes], Unread] = {}
    for one in sorted(unread, key=lambda one: one.due):
        first.setdefault((one.person_id, one.asked.asked), one)
    for (person_id, asked), one in sorted(first.items()):
        current = step(one.asked, one.due, now)
        if await _take_step(session, person_id, asked, current, now):
            await withdraw(session, person_id=person_id, code=TO_READ, now=now)
            await notify(
                session,
                person_id=person_id,
                code=TO_READ,
                text=TOLD[current],
                now=now,
                urgent=one.asked.at_once,
            )


async def _take_back(session: AsyncSession, unread: Sequence[Unread], now: datetime) -> None:
    """Withdraw what was said to those who have read meanwhile, or have no seat any more."""
    waiting = await session.scalars(
        select(Notice.person_id)
        .distinct()
        .where(
            Notice.code == TO_READ,
            Notice.seen_at.is_(None),
            Notice.person_id.not_in({one.person_id for one in unread}),
        )
    )
    for person_id in sorted(waiting):
        await withdraw(session, person_id=person_id, code=TO_READ, now=now)


async def _warn(session: AsyncSession, one: Unread, now: datetime) -> None:
    """Say in a pool that only warns that the time is over; check-in still asks for the text."""
    if not await _take_step(session, one.person_id, one.asked.asked, "late", now):
        return
    await notify(session, person_id=one.person_id, code=LATE, text=TOLD["new"], now=now)
    for coordinator in await coordinators_of(session, one.project_id):
        await notify(session, person_id=coordinator, code=LATE, text=OURS_LATE, now=now)


async def _take_step(
    session: AsyncSession, person_id: UUID, asked: bytes, name: str, now: datetime
) -> bool:
    row = insert(ReadingNotice).values(person_id=person_id, asked=asked, step=name, at=now)
    taken = await session.scalar(row.on_conflict_do_nothing().returning(ReadingNotice.step))
    return taken is not None


async def _tell_hosts(session: AsyncSession, unread: Sequence[Unread], now: datetime) -> None:
    """Tell hosts elsewhere which shifts our people are not ready for, and which they are again.

    Nothing said means ready: whoever takes a seat has read what holds. Of a shift that has begun
    the last word stays: nobody is asked about it any more.
    """
    failing = {(one.shift_id, one.project_id) for one in unread if one.host is not None}
    told = await session.execute(
        select(ShiftReading.shift_id, ShiftReading.project_id, ShiftReading.passes, Pool.host)
        .join(Shift, Shift.id == ShiftReading.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(Pool.host.is_not(None), Shift.starts > now)
    )
    known = {(shift, project): (passes, host) for shift, project, passes, host in told}
    news = [
        (str(one.host), one.shift_id, one.project_id, False)
        for one in {(one.shift_id, one.project_id): one for one in unread if one.host}.values()
        if known.get((one.shift_id, one.project_id), (True, ""))[0]
    ]
    news += [
        (str(host), shift, project, True)
        for (shift, project), (passes, host) in known.items()
        if not passes and (shift, project) not in failing
    ]
    # private feeds are locked in the order of their nodes
    for host, shift, project, passes in sorted(news):
        await _keep(session, shift, project, now, passes=passes)
        said = {"shift": str(shift), "project": str(project), "passes": passes}
        await append(session, "private", host, STATED, said, now=now)


async def sweep_readings(session: AsyncSession, now: datetime) -> None:
    """Forget a month after a shift's end which projects were ready for it."""
    over = select(Shift.id).where(Shift.ends <= now - READINGS_KEPT)
    await session.execute(delete(ShiftReading).where(ShiftReading.shift_id.in_(over)))


async def _keep(
    session: AsyncSession, shift: UUID, project: UUID, now: datetime, *, passes: bool
) -> None:
    row = insert(ShiftReading).values(shift_id=shift, project_id=project, passes=passes, at=now)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[ShiftReading.shift_id, ShiftReading.project_id],
            set_={"passes": row.excluded.passes, "at": row.excluded.at},
        )
    )
