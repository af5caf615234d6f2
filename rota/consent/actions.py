"""A coordinator says yes or no to a claim of their own project; both halves are asked again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import SYSTEM, record
from federation.errors import NotFound, Reason
from federation.notices.actions import notify
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.models import Channel, Pool
from rota.bookings.actions import home_reasons
from rota.bookings.models import Booking
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.claims.queries import WAITING, lock_claim
from rota.consent.errors import ConsentOver, ReasonMissing
from rota.consent.models import Consent
from rota.cover.errors import CoverOver
from rota.cover.models import CoverRequest
from rota.cover.take import Wanted as CoverWanted
from rota.cover.take import ask_host as ask_host_for_cover
from rota.cover.take import lock_people
from rota.cover.take import take_here as take_cover_here
from rota.seats.actions import lock_shift_of
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import Wanted, answer_by, ask_host, take_here
from rota.sign_up.ending import end_claim
from rota.sign_up.notices import SEATED, tell_answer
from rota.waiting.actions import say_yes

LONGEST_REASON = 300
REFUSED = "consent-refused"
UNANSWERED = Reason("consent-lapsed", "Your coordinator did not answer in time.")
NOT_GIVEN = "A seat that you asked for cannot be given. Please look in your plan."


async def give_consent(session: AsyncSession, asker: Asker, claim_id: UUID, now: datetime) -> Claim:
    """Let a claim count: it goes on from here as if it were made now.

    What the rules or the host refuse by now ends the claim, and the worker is told.
    """
    consent, claim, person, shift = await _waiting(session, asker, claim_id)
    if now >= consent.until:
        raise ConsentOver
    consent.state, consent.decided_by, consent.decided_at = "given", asker.person_id, now
    await session.flush()
    try:
        await _go_on(session, consent, claim, person, shift, now)
    except (ClaimRefused, SeatTaken, CoverOver) as refusal:
        said = refusal.reasons or (Reason(refusal.code, refusal.sentence),)
        await _end(session, claim, said, now)
        await tell_answer(session, person.id, claim, now)
    else:
        await notify(session, person_id=person.id, code="consent-given", text=SEATED, now=now)
    await _record(session, asker.person_id, "give-consent", claim, now)
    return claim


async def _go_on(
    session: AsyncSession,
    consent: Consent,
    claim: Claim,
    person: Person,
    shift: Shift,
    now: datetime,
) -> None:
    if claim.state == "proposed":
        await say_yes(session, claim, person, shift, now)
        return
    # the rules are asked as if nothing were booked yet; it is booked anew at once
    await session.execute(delete(Booking).where(Booking.claim_id == claim.id))
    seat = await session.get_one(Seat, claim.seat_id)
    reasons = await home_reasons(session, person, shift, seat.role, now)
    if reasons:
        raise ClaimRefused(reasons=reasons)
    claim.answer_by = answer_by(shift, now)
    pool = await session.get_one(Pool, shift.pool_id)
    handle = await session.get_one(Handle, claim.handle_id)
    if consent.cover_id is not None:
        cover = await session.get_one(CoverRequest, consent.cover_id)
        covering = CoverWanted(cover, seat, shift, pool, handle, person.id)
        if pool.host is None:
            await take_cover_here(session, covering, claim, now)
        else:
            await ask_host_for_cover(session, covering, claim, pool.host, now)
        return
    channel = await session.get_one(Channel, shift.channel_id)
    wanted = Wanted(seat, shift, pool, handle, channel, person.id)
    if pool.host is None:
        await take_here(session, wanted, claim, now)
    else:
        await ask_host(session, wanted, claim, pool.host, now)


async def refuse_consent(
    session: AsyncSession, asker: Asker, claim_id: UUID, reason: str, now: datetime
) -> Claim:
    """Say no, with the reason that the worker reads; the worker is free at once."""
    require_write(asker)
    require_role(asker, "coordinator")
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise ReasonMissing
    consent, claim, person, _shift = await _waiting(session, asker, claim_id)
    consent.state, consent.decided_by, consent.decided_at = "refused", asker.person_id, now
    consent.reason = words
    await _end(session, claim, (Reason(REFUSED, words),), now)
    await notify(session, person_id=person.id, code=REFUSED, text=NOT_GIVEN, now=now)
    await _record(session, asker.person_id, "refuse-consent", claim, now)
    return claim


async def lapse_consent(session: AsyncSession, claim_id: UUID, now: datetime) -> None:
    """Free a worker whose coordinators have not answered in time."""
    consent = await session.get(Consent, claim_id)
    if consent is None:
        return
    person, claim, _shift = await _locked(session, consent)
    if consent.state != "waiting" or now < consent.until:
        return
    consent.state, consent.decided_at = "lapsed", now
    if claim.state not in WAITING:
        return
    await _end(session, claim, (UNANSWERED,), now)
    await notify(session, person_id=person.id, code=UNANSWERED.code, text=NOT_GIVEN, now=now)
    await _record(session, SYSTEM, "lapse-consent", claim, now)


async def _waiting(
    session: AsyncSession, asker: Asker, claim_id: UUID
) -> tuple[Consent, Claim, Person, Shift]:
    """Find a claim that waits for the asker's yes, with all locks; of other projects' none is."""
    require_write(asker)
    require_role(asker, "coordinator")
    consent = await session.get(Consent, claim_id)
    if consent is None or consent.project_id != asker.project_id:
        raise NotFound
    person, claim, shift = await _locked(session, consent)
    if consent.state != "waiting" or claim.state not in WAITING:
        raise ConsentOver
    return consent, claim, person, shift


async def _locked(session: AsyncSession, consent: Consent) -> tuple[Person, Claim, Shift]:
    claim = await session.get_one(Claim, consent.claim_id)
    person_id = await session.scalar(select(Handle.person_id).where(Handle.id == claim.handle_id))
    covered = await session.scalar(
        select(CoverRequest.claim_id).where(CoverRequest.id == consent.cover_id)
    )
    if person_id is None:
        raise NotFound
    person = await lock_people(session, person_id, covered)
    shift = await lock_shift_of(session, claim.seat_id)
    await lock_claim(session, claim)
    await session.refresh(consent)
    return person, claim, shift


async def _end(
    session: AsyncSession, claim: Claim, reasons: tuple[Reason, ...], now: datetime
) -> None:
    claim.reasons = [reason._asdict() for reason in reasons]
    await end_claim(session, claim, "refused", now)
    await session.flush()


async def _record(
    session: AsyncSession, actor: UUID | str, verb: str, claim: Claim, now: datetime
) -> None:
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"seat": str(claim.seat_id), "state": claim.state},
    )
