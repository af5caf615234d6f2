"""Somebody takes a seat that others were asked to cover: at home first, then where it is decided.

Locks: every person concerned in the order of their ids, then the shift, then the claims.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.feeds.actions import append
from federation.feeds.telling import Telling, tell
from federation.notices.actions import notify
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_write
from federation.pools.models import Pool
from federation.pools.terms import in_term
from federation.projects.models import Project
from rota.bookings.actions import book, free, home_reasons, lock_person
from rota.bookings.queries import wish_for
from rota.calendar.actions import calendar_changed
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.claims.queries import handle_for, lock_claim
from rota.consent.asking import needs_consent, wait_for_consent
from rota.cover.errors import CoverOver
from rota.cover.ladder import close_cover, open_cover_of
from rota.cover.models import CoverRequest
from rota.cover.rules import may_answer
from rota.seats.actions import settle
from rota.seats.queries import KEEPS_A_SEAT, SeatNow, candidate_for, seats_of, staffing_of
from rota.seats.rules import seat_may
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import (
    answer_by,
    await_answer,
    claim_seat,
    keep_time,
    lock_as_judged,
)
from rota.sign_up.notices import tell_seated

TAKEN_OVER = "There is a change in your plan: somebody else has taken over a seat of yours."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request for cover with its seat, and the handle that would take it."""

    cover: CoverRequest
    seat: Seat
    shift: Shift
    pool: Pool
    handle: Handle
    person_id: UUID


async def take_cover(
    session: AsyncSession,
    asker: Asker,
    cover_id: UUID,
    now: datetime,
    *,
    worker: str | None = None,
) -> Claim:
    """Take over a seat oneself or, as a coordinator, for a worker of one's own project."""
    require_write(asker)
    wanted = await _wanted(session, asker, cover_id, worker)
    if wanted.cover.state != "open":
        raise CoverOver
    if wanted.cover.kind == "vacated":
        return await claim_seat(session, asker, wanted.seat.id, now, worker=worker)
    person = await lock_people(session, wanted.person_id, wanted.cover.claim_id)
    reasons = await home_reasons(session, person, wanted.shift, wanted.seat.role, now)
    if reasons:
        raise ClaimRefused(reasons=reasons)
    claim = Claim(
        id=new_id(),
        seat_id=wanted.seat.id,
        handle_id=wanted.handle.id,
        state="requested",
        origin="coordinator" if worker else "cover",
        decided_here=wanted.pool.host is None,
        answer_by=answer_by(wanted.shift, now),
        made_at=now,
        asked_by=asker.person_id,
    )
    if needs_consent(wanted.pool, asker, worker):
        stay = wish_for(wanted.shift, wanted.seat.role).stay
        await wait_for_consent(
            session, claim, wanted.handle, wanted.shift, stay, now, cover_id=cover_id
        )
    elif wanted.pool.host is None:
        await take_here(session, wanted, claim, now)
    else:
        await ask_host(session, wanted, claim, wanted.pool.host, now)
    await record(
        session,
        actor=asker.person_id,
        verb="take-cover",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"cover": str(cover_id), "seat": str(wanted.seat.id), "state": claim.state},
    )
    if claim.state == "held" and worker and person.id != asker.person_id:
        await tell_seated(session, person.id, claim, now)
    return claim


async def _wanted(
    session: AsyncSession, asker: Asker, cover_id: UUID, worker: str | None
) -> Wanted:
    """Find a request among those that the asker's project may answer; any other is not found."""
    row = (
        await session.execute(
            select(CoverRequest, Seat, Shift, Pool, Handle)
            .join(Seat, Seat.id == CoverRequest.seat_id)
            .join(Shift, Shift.id == Seat.shift_id)
            .join(Pool, Pool.id == Shift.pool_id)
            .join(Handle, Handle.pool_id == Pool.id)
            .where(CoverRequest.id == cover_id, handle_for(asker, worker))
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    cover, seat, shift, pool, handle = row
    if handle.person_id is None or not may_answer(cover.step, handle.project_id, cover.project_id):
        raise NotFound
    return Wanted(cover, seat, shift, pool, handle, handle.person_id)


async def lock_people(session: AsyncSession, person_id: UUID, claim_id: UUID | None) -> Person:
    """Lock who would come and, if at home here, who would go, in the order of their ids."""
    goes = await session.scalar(
        select(Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .where(Claim.id == claim_id)
    )
    locked = {
        each: await lock_person(session, each) for each in sorted({person_id, goes or person_id})
    }
    return locked[person_id]


async def take_here(session: AsyncSession, wanted: Wanted, claim: Claim, now: datetime) -> None:
    """Decide as the host, in the transaction in which home has decided."""
    shift = await lock_as_judged(session, wanted.shift, wanted.seat, wanted.person_id, now)
    cover = await replace_holder(session, shift, wanted.cover.id, claim, wanted.handle, now)
    await book(session, wanted.person_id, claim.id, wish_for(shift, wanted.seat.role).stay)
    await calendar_changed(session, wanted.person_id, now)
    await after_replacing(session, shift, cover, claim, now)


async def replace_holder(
    session: AsyncSession,
    shift: Shift,
    cover_id: UUID,
    claim: Claim,
    handle: Handle,
    now: datetime,
) -> CoverRequest:
    """Give the seat of an open request to somebody else, with the shift locked; the host's half.

    Refusals come before anything is changed.
    """
    cover = await open_cover_of(session, claim.seat_id)
    if cover is None or cover.id != cover_id:
        raise CoverOver
    if not may_answer(cover.step, handle.project_id, cover.project_id):
        raise CoverOver
    reasons = await _reasons_to_replace(session, shift, cover, handle, now)
    if reasons:
        raise ClaimRefused(reasons=reasons)
    await _end_old_claim(session, cover, now)
    claim.state = "held"
    session.add(claim)
    await session.flush()
    return cover


async def _reasons_to_replace(
    session: AsyncSession, shift: Shift, cover: CoverRequest, handle: Handle, now: datetime
) -> tuple[Reason, ...]:
    """Ask `seat_may` as if the seat were free; who sits on the shift already is no help to it."""
    seats = await seats_of(session, shift.id)
    seat = next(each for each in seats if each.seat_id == cover.seat_id)
    if seat.claim_id not in {None, cover.claim_id}:
        raise SeatTaken
    candidate = await candidate_for(session, handle, shift, seats, seat.role)
    pool = await session.get_one(Pool, shift.pool_id)
    others = [_emptied(each) if each is seat else each for each in seats]
    staffing = staffing_of(shift, others, KEEPS_A_SEAT)
    return seat_may(seat.role, staffing, candidate, pool.supervisor_sessions_at_once, now)


def _emptied(seat: SeatNow) -> SeatNow:
    return replace(seat, claim_id=None, state=None, handle_id=None, languages=frozenset())


async def _end_old_claim(session: AsyncSession, cover: CoverRequest, now: datetime) -> None:
    """Free who had the seat; of a seat that was given up meanwhile nobody has to be freed."""
    if cover.claim_id is None:
        return
    old = await session.get_one(Claim, cover.claim_id)
    await lock_claim(session, old)
    # a seat of a moved shift is proposed to its holder again until they have answered
    if old.state not in KEEPS_A_SEAT:
        return
    old.state, old.ended_at = "released", now
    await free(session, old.id)
    person_id = await session.scalar(select(Handle.person_id).where(Handle.id == old.handle_id))
    if person_id is not None:
        await notify(session, person_id=person_id, code="covered", text=TAKEN_OVER, now=now)
        await calendar_changed(session, person_id, now)


async def after_replacing(
    session: AsyncSession,
    shift: Shift,
    cover: CoverRequest,
    claim: Claim,
    now: datetime,
    *,
    answer: Telling | None = None,
) -> None:
    """Tell everybody else: the shift's state, the request's end, and the home that is free again.

    `answer` is what the home of who comes is told; private feeds come in the order of node ids.
    """
    await settle(session, shift, now)
    home = await session.scalar(select(Project.node).where(Project.id == cover.project_id))
    ended = (home or "", partial(_tell_end, session, shift, cover, claim, home, now))
    await tell([ended, answer] if answer else [ended])


async def _tell_end(
    session: AsyncSession,
    shift: Shift,
    cover: CoverRequest,
    claim: Claim,
    home: str | None,
    now: datetime,
) -> None:
    await close_cover(session, cover, shift, "covered", now, taken_by=claim.id)
    if home is not None and cover.kind == "asked":
        ended = {"claim": str(cover.claim_id), "state": "released"}
        await append(session, "private", home, "claim.ended", ended, now=now)


async def ask_host(
    session: AsyncSession, wanted: Wanted, claim: Claim, host: str, now: datetime
) -> None:
    """Keep the worker's time, and ask the node that decides."""
    await keep_time(session, wanted.shift, wanted.seat, wanted.person_id, claim, now)
    said = {
        "cover": str(wanted.cover.id),
        "claim": str(claim.id),
        "seat": str(claim.seat_id),
        "handle": str(claim.handle_id),
        "answer_by": claim.answer_by.isoformat(),
    }
    said = await in_term(session, wanted.shift.pool_id, said)
    await append(session, "private", host, "cover.taken", said, now=now)
    await await_answer(session, claim, now)
