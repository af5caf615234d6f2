"""At the host: claims follow their shift when it is moved, and end when it is called off.

A moved claim is a proposal again: the seat is kept, and only home's yes to the new time makes it
held. Homes elsewhere learn of the move from the pool's feed (`moved_elsewhere`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.errors import Reason
from federation.feeds.actions import append
from federation.people.models import Handle, Person
from federation.projects.models import Project
from federation.relations.leaving.actions import tell_given_back
from rota.attendance.moved import forget_who_came
from rota.bookings.actions import (
    free,
    home_reasons,
    lock_person,
    move_booking,
    takes_no_more,
)
from rota.bookings.queries import kept_since, wish_for
from rota.calendar.actions import calendar_changed
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.seats.actions import lock_shift_of, reasons_to_stand_up, settle
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import TOO_LATE
from rota.sign_up.ending import end_claim
from rota.sign_up.notices import tell_cancelled, tell_moved

LONGEST_ASKING = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Sitter:
    """A live claim on a shift, with its seat's role, its handle, and where that is at home."""

    claim: Claim
    role: str
    handle: Handle
    home: str | None


@dataclass(slots=True)
class Told:
    """What other nodes are told once every pool feed is written: private feeds come last."""

    ended: list[tuple[str, Claim]] = field(default_factory=list)


async def lock_sitters(session: AsyncSession, shifts: Sequence[UUID]) -> dict[UUID, Person]:
    """Lock this node's people on these shifts, in one order and before any shift."""
    people = (
        select(Handle.person_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .where(Seat.shift_id.in_(shifts), Claim.state.in_(LIVE), Handle.person_id.is_not(None))
    )
    locked = await session.scalars(
        select(Person)
        .where(Person.id.in_(people))
        .order_by(Person.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {person.id: person for person in locked}


async def _sitters(session: AsyncSession, shift_id: UUID) -> list[Sitter]:
    rows = await session.execute(
        select(Claim, Seat.role, Handle, Project.node)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(Seat.shift_id == shift_id, Claim.state.in_(LIVE), Claim.decided_here)
        .order_by(Claim.id)
        .with_for_update(of=Claim, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [Sitter(claim, role, handle, home) for claim, role, handle, home in rows]


async def ask_again(
    session: AsyncSession, shift: Shift, people: dict[UUID, Person], told: Told, now: datetime
) -> None:
    """Ask the homes of all who have a seat whether they can come at the shift's new time.

    The shift is locked and has its new time; those of this node decide at once.
    """
    await forget_who_came(session, shift, now)
    for sitter in await _sitters(session, shift.id):
        claim = sitter.claim
        if claim.state == "requested":
            await _move_request(session, sitter, shift, people, now)
            continue
        claim.answer_by = _answer_by(shift, now)
        if claim.state == "proposed" and sitter.handle.person_id is not None:
            # not decided yet, and then for the time that holds by then
            await _ask_here(session, claim, now)
            continue
        claim.state, claim.moved_at = "proposed", now
        reasons = await reasons_to_stand_up(session, shift, claim.seat_id, sitter.handle, now)
        if claim.answer_by <= now:
            reasons = (*reasons, TOO_LATE)
        await session.flush()
        if sitter.handle.person_id is None:
            await _ask_afar(session, sitter, reasons, told, now)
        elif sitter.handle.person_id in people:
            person = people[sitter.handle.person_id]
            await _decide(session, person, claim, shift, sitter.role, now, reasons=reasons)
        else:
            # claimed while the locks were being taken: decided by itself, its person locked first
            await _ask_here(session, claim, now)


async def _move_request(
    session: AsyncSession,
    sitter: Sitter,
    shift: Shift,
    people: dict[UUID, Person],
    now: datetime,
) -> None:
    """Let a request that waits for its coordinator's yes wait on, at the new time.

    Of somebody who came in meanwhile, the rules are asked again with that yes.
    """
    person = people.get(sitter.handle.person_id) if sitter.handle.person_id else None
    if person is not None:
        await _decide(session, person, sitter.claim, shift, sitter.role, now, yes="requested")


def _answer_by(shift: Shift, now: datetime) -> datetime:
    briefing = shift.starts - timedelta(minutes=shift.briefing_minutes)
    return min(now + LONGEST_ASKING, briefing)


async def _ask_afar(
    session: AsyncSession,
    sitter: Sitter,
    reasons: tuple[Reason, ...],
    told: Told,
    now: datetime,
) -> None:
    claim = sitter.claim
    if reasons:
        _end(claim, "released", now, reasons)
        told.ended.append((str(sitter.home), claim))
    else:
        await _expire(session, claim, now)


async def _ask_here(session: AsyncSession, claim: Claim, now: datetime) -> None:
    await _expire(session, claim, now)
    await put(session, "decide-proposal", {"claim": str(claim.id)}, now=now, key=str(claim.id))


async def _expire(session: AsyncSession, claim: Claim, now: datetime) -> None:
    about = {"claim": str(claim.id)}
    await put(session, "claim-expiry", about, now=now, key=str(claim.id), due=claim.answer_by)


async def _decide(
    session: AsyncSession,
    person: Person,
    claim: Claim,
    shift: Shift,
    role: str,
    now: datetime,
    *,
    reasons: tuple[Reason, ...] = (),
    yes: str = "held",
) -> bool:
    """Let home decide whether its person stays at the new time; they are told either way."""
    reasons = (*reasons, *await home_reasons(session, person, shift, role, now, moving=claim.id))
    was = await kept_since(session, claim.id, shift.starts)
    if reasons:
        _end(claim, "released", now, reasons)
        await free(session, claim.id)
    else:
        claim.state = yes
        await move_booking(session, claim.id, wish_for(shift, role).stay)
    await tell_moved(session, person.id, shift, now, was=was, stays=not reasons)
    await calendar_changed(session, person.id, now)
    return not reasons


def _end(claim: Claim, state: str, now: datetime, reasons: Iterable[Reason] = ()) -> None:
    claim.state, claim.ended_at = state, now
    claim.reasons = [reason._asdict() for reason in reasons]


async def decide_moved(
    session: AsyncSession, person: Person, claim: Claim, shift: Shift, role: str, now: datetime
) -> None:
    """Decide for somebody of this node who came in while the shift was being moved."""
    await _decide(session, person, claim, shift, role, now)
    await settle(session, shift, now)


async def follow_here(
    session: AsyncSession, person: Person, claim: Claim, shift: Shift, role: str, now: datetime
) -> None:
    """Decide for somebody of this node whose shift was moved while another node hosted it.

    The caller has locked both, and settles the shift.
    """
    stay = wish_for(shift, role).stay
    if await takes_no_more(session, claim.id, stay):
        was = await kept_since(session, claim.id, shift.starts)
        await move_booking(session, claim.id, stay)
        await tell_moved(session, person.id, shift, now, was=was, stays=True)
        await calendar_changed(session, person.id, now)
    else:
        await _decide(session, person, claim, shift, role, now, yes=claim.state)


async def call_off(
    session: AsyncSession, shift: Shift, people: Collection[UUID], told: Told, now: datetime
) -> None:
    """End every claim on a cancelled shift: time is given back and people are told."""
    for sitter in await _sitters(session, shift.id):
        claim, person_id = sitter.claim, sitter.handle.person_id
        if person_id is not None and person_id not in people:
            # claimed while the locks were being taken: ended by itself, its person locked first
            about = {"claim": str(claim.id)}
            await put(session, "vacate-cancelled", about, now=now, key=str(claim.id))
            continue
        _end(claim, "released", now)
        if person_id is None:
            told.ended.append((str(sitter.home), claim))
            continue
        await free(session, claim.id)
        await tell_cancelled(session, person_id, shift, now)
        await calendar_changed(session, person_id, now)


async def vacate_cancelled(session: AsyncSession, claim_id: UUID, now: datetime) -> None:
    """End one claim on a cancelled shift, in the usual order of locks."""
    claim = await session.get_one(Claim, claim_id, populate_existing=True)
    person_id = await session.scalar(select(Handle.person_id).where(Handle.id == claim.handle_id))
    if person_id is None:
        return
    await lock_person(session, person_id)
    shift = await lock_shift_of(session, claim.seat_id)
    if shift.cancelled_at is not None and await end_claim(session, claim, "released", now):
        await tell_cancelled(session, person_id, shift, now)


async def tell_homes(session: AsyncSession, told: Told, now: datetime) -> None:
    """Tell the homes elsewhere which claims have ended, in the order of their private feeds."""
    for home, claim in sorted(told.ended, key=lambda each: (each[0], each[1].id)):
        payload = {"claim": str(claim.id), "state": claim.state}
        await append(session, "private", home, "claim.ended", payload, now=now)
        await tell_given_back(session, home, now)
