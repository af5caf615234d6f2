"""A worker takes a seat and gives it back; the same path whichever node hosts the pool.

Locks are taken in one order: person, shift, feed. Home decides first; where this node is also the
host, the host's half follows in the same transaction, else a claim goes into the private feed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from database.session import broken_constraint
from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound, Reason
from federation.feeds.actions import append
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.models import Channel, Pool
from rota.bookings.actions import book, home_reasons, lock_person
from rota.bookings.queries import wish_for
from rota.calendar.actions import calendar_changed
from rota.claims.errors import ClaimOver, ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.claims.queries import WAITING, claim_acted_for
from rota.consent.asking import needs_consent, wait_for_consent
from rota.seats.actions import host_reasons, lock_shift_of, settle
from rota.seats.queries import seats_of
from rota.shifts.models import Seat, Shift
from rota.sign_up.ending import end_claim
from rota.sign_up.kept_keys import keep_key
from rota.sign_up.notices import tell_seated

TOO_LATE = Reason("answer-too-late", "The answer would have come too late for the worker.")
TOO_LATE_FOR_HOST = Reason(
    "too-late-for-host",
    "The briefing is less than an hour away, too late to ask the node that plans this shift. "
    "Call the pool's coordinator.",
)
LONGEST_WAIT = timedelta(hours=24)
BEFORE_BRIEFING = timedelta(hours=1)
GRACE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seat with its shift, pool and channel, and the handle that would sit there.

    The channel is kept, so that the announcement that follows a claim need not read it again.
    """

    seat: Seat
    shift: Shift
    pool: Pool
    handle: Handle
    channel: Channel
    person_id: UUID


_WANTED = (
    select(Seat, Shift, Pool, Handle, Channel)
    .join(Shift, Shift.id == Seat.shift_id)
    .join(Channel, Channel.id == Shift.channel_id)
    .join(Pool, Pool.id == Shift.pool_id)
    .join(Handle, Handle.pool_id == Pool.id)
    .where(Seat.id == bindparam("seat_id"), Handle.retired_at.is_(None))
)
WANTED_BY_ONESELF = _WANTED.where(Handle.person_id == bindparam("person_id"))
WANTED_BY_HANDLE = _WANTED.where(
    Handle.display == bindparam("display"), Handle.project_id == bindparam("project_id")
)
"""Built once: every claim begins with one of them."""


def answer_by(shift: Shift, now: datetime) -> datetime:
    """Say until when a host may answer: 24 hours, at the latest one before the briefing."""
    briefing = shift.starts - timedelta(minutes=shift.briefing_minutes)
    return min(now + LONGEST_WAIT, briefing - BEFORE_BRIEFING)


async def claim_seat(
    session: AsyncSession,
    asker: Asker,
    seat_id: UUID,
    now: datetime,
    *,
    worker: str | None = None,
    key: str | None = None,
) -> Claim:
    """Take a seat for oneself or, as a coordinator, for a worker of one's own project."""
    require_write(asker)
    claim_id = new_id()
    if key is not None:
        kept = await keep_key(session, asker, key, f"{seat_id} {worker}", claim_id, now)
        if kept is not None:
            return kept
    wanted = await _wanted(session, asker, seat_id, worker)
    person = await lock_person(session, wanted.person_id)
    reasons = await home_reasons(session, person, wanted.shift, wanted.seat.role, now)
    if reasons:
        raise ClaimRefused(reasons=reasons)
    claim = Claim(
        id=claim_id,
        seat_id=seat_id,
        handle_id=wanted.handle.id,
        state="requested",
        origin="coordinator" if worker else "worker",
        decided_here=wanted.pool.host is None,
        answer_by=answer_by(wanted.shift, now),
        made_at=now,
        asked_by=asker.person_id if worker else None,
    )
    if needs_consent(wanted.pool, asker, worker):
        stay = wish_for(wanted.shift, wanted.seat.role).stay
        await wait_for_consent(session, claim, wanted.handle, wanted.shift, stay, now)
    elif wanted.pool.host is None:
        await take_here(session, wanted, claim, now)
    else:
        await ask_host(session, wanted, claim, wanted.pool.host, now)
    facts = {"seat": str(seat_id), "state": claim.state}
    if worker:
        facts["on_behalf_of"] = str(wanted.handle.id)
    await record(
        session,
        actor=asker.person_id,
        verb="claim-seat",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts=facts,
    )
    if claim.state == "held" and worker and person.id != asker.person_id:
        await tell_seated(session, person.id, claim, now)
    return claim


async def _wanted(session: AsyncSession, asker: Asker, seat_id: UUID, worker: str | None) -> Wanted:
    """Find the seat among the pools in which the asker's project takes part; else 404."""
    asked: dict[str, object] = {"seat_id": seat_id}
    if worker is None:
        query = WANTED_BY_ONESELF
        asked["person_id"] = asker.person_id
    else:
        require_role(asker, "coordinator")
        query = WANTED_BY_HANDLE
        asked |= {"display": worker, "project_id": asker.project_id}
    row = (await session.execute(query, asked)).one_or_none()
    if row is None:
        raise NotFound
    seat, shift, pool, handle, channel = row
    if handle.person_id is None:
        raise NotFound
    if seat.state in {"held", "proposed"}:
        # cheap and early; the lock and the unique index decide for those who come at once
        raise SeatTaken
    return Wanted(seat, shift, pool, handle, channel, handle.person_id)


async def lock_as_judged(
    session: AsyncSession, shift: Shift, seat: Seat, person_id: UUID, now: datetime
) -> Shift:
    """Lock a seat's shift; was it moved since home judged it, home judges the new time as well.

    The caller has locked the person.
    """
    judged = wish_for(shift, seat.role)
    locked = await lock_shift_of(session, seat.id)
    if wish_for(locked, seat.role) != judged:
        person = await session.get_one(Person, person_id)
        reasons = await home_reasons(session, person, locked, seat.role, now)
        if reasons:
            raise ClaimRefused(reasons=reasons)
    return locked


async def take_here(session: AsyncSession, wanted: Wanted, claim: Claim, now: datetime) -> None:
    """Decide a claim as its host, in the transaction in which home has decided."""
    shift = await lock_as_judged(session, wanted.shift, wanted.seat, wanted.person_id, now)
    seats = await seats_of(session, shift.id)
    reasons = await host_reasons(session, shift, wanted.seat.id, wanted.handle, now, seats=seats)
    if reasons:
        raise ClaimRefused(reasons=reasons)
    claim.state = "held"
    session.add(claim)
    try:
        await session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "uq_claim_one_holder":
            raise SeatTaken from error
        raise
    stay = wish_for(shift, wanted.seat.role).stay
    await book(session, wanted.person_id, claim.id, stay)
    # before `settle`, from which on all other claims in this pool wait for us
    await calendar_changed(session, wanted.person_id, now)
    held = [seat.kept_by(claim, wanted.handle) for seat in seats]
    await settle(session, shift, now, seats=held)


async def keep_time(
    session: AsyncSession,
    shift: Shift,
    seat: Seat,
    person_id: UUID,
    claim: Claim,
    now: datetime,
) -> None:
    """Keep somebody's time for a seat of which another node decides, while that may still answer.

    The caller has locked the person.
    """
    if claim.answer_by <= now:
        raise ClaimRefused(reasons=(TOO_LATE_FOR_HOST,))
    locked = await lock_as_judged(session, shift, seat, person_id, now)
    session.add(claim)
    await session.flush()
    await book(session, person_id, claim.id, wish_for(locked, seat.role).stay)


async def ask_host(
    session: AsyncSession, wanted: Wanted, claim: Claim, host: str, now: datetime
) -> None:
    """Keep the worker's time, and ask the node that decides."""
    await keep_time(session, wanted.shift, wanted.seat, wanted.person_id, claim, now)
    await append(
        session,
        "private",
        host,
        "claim.requested",
        {
            "claim": str(claim.id),
            "seat": str(claim.seat_id),
            "handle": str(claim.handle_id),
            "answer_by": claim.answer_by.isoformat(),
        },
        now=now,
    )
    await await_answer(session, claim, now)


async def await_answer(session: AsyncSession, claim: Claim, now: datetime) -> None:
    """Free the worker by itself, should no answer come."""
    await put(
        session,
        "claim-expiry",
        {"claim": str(claim.id)},
        now=now,
        key=str(claim.id),
        due=claim.answer_by + GRACE,
    )


async def release_claim(
    session: AsyncSession, asker: Asker, claim_id: UUID, now: datetime
) -> Claim:
    """Give a seat back, or withdraw a request; the worker is free at once.

    What is over stays as it was: hours worked are not taken back by a late click.
    """
    require_write(asker)
    claim, person_id = await claim_acted_for(session, asker, claim_id)
    if await _is_over(session, claim, now):
        raise ClaimOver
    await lock_person(session, person_id)
    if not await end_claim(session, claim, "released", now):
        raise ClaimOver
    await record(
        session,
        actor=asker.person_id,
        verb="release-claim",
        subject="claim",
        subject_id=claim.id,
        now=now,
    )
    return claim


async def _is_over(session: AsyncSession, claim: Claim, now: datetime) -> bool:
    shift = select(Shift.ends).join(Seat, Seat.shift_id == Shift.id).where(Seat.id == claim.seat_id)
    ends = await session.scalar(shift)
    return ends is None or ends <= now


async def lapse_claim(session: AsyncSession, claim_id: UUID, now: datetime) -> None:
    """End a request or proposal that nobody answered in time."""
    claim = await session.get(Claim, claim_id, populate_existing=True)
    if claim is None or claim.state not in WAITING:
        return
    if now < claim.answer_by:
        # asked again since, with more time: its shift was moved
        about = {"claim": str(claim.id)}
        due = claim.answer_by if claim.decided_here else claim.answer_by + GRACE
        await put(session, "claim-expiry", about, now=now, key=str(claim.id), due=due)
        return
    person_id = await session.scalar(select(Handle.person_id).where(Handle.id == claim.handle_id))
    if person_id is not None:
        await lock_person(session, person_id)
    # an answer may have come while we waited for the locks
    if await end_claim(session, claim, "lapsed", now, only=WAITING):
        await record(
            session,
            actor=SYSTEM,
            verb="lapse-claim",
            subject="claim",
            subject_id=claim.id,
            now=now,
        )
