"""At a home: how an exchange ended, which is said of both seats in one word and kept at once."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.notices.actions import notify
from federation.people.models import Person
from federation.pools.terms import Term
from federation.restoring.queries import was_restored
from rota.bookings.actions import free, home_reasons, lock_person, move_booking
from rota.calendar.actions import calendar_changed
from rota.claims.errors import ClaimRefused
from rota.claims.models import Claim
from rota.claims.queries import lock_claim
from rota.claims.wake import wake
from rota.seats.actions import lock_shift_of
from rota.sign_up.from_hosts import StatedReason, Verify, check_receipt
from rota.sign_up.replacing import end_replacing
from rota.swaps.held import Held, held_by_claim
from rota.swaps.models import Exchange, ExchangeLeg, SwapOffer
from rota.swaps.pending import NOT_EXCHANGED
from rota.swaps.settling import EXCHANGED

GIVEN_BACK = (
    "There is a change in your plan: a seat that you had offered or asked for in a swap is gone, "
    "and the one for it no longer fits. Others are asked for it."
)


class ExchangeAnswered(msgspec.Struct, frozen=True):
    """The host's word on one side of an exchange: what was given is gone, what was got is held.

    A restored host has `forgotten` offers that were made since its backup.
    """

    exchange: UUID
    offer: UUID
    claim: UUID | None
    gave: UUID | None
    state: Literal["held", "refused"]
    reasons: list[StatedReason]
    receipt: str | None
    forgotten: bool = False
    term: Term | None = None


async def receive_answered(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, verify: Verify
) -> None:
    """Let both seats follow the host's word in one transaction, or free what was kept."""
    answer = msgspec.convert(payload, ExchangeAnswered)
    if forgotten := await _was_forgotten(session, answer.claim):
        if answer.state == "held":
            said = {"claim": str(answer.claim)}
            await append(session, "private", host, "claim.cancelled", said, now=now)
        if answer.state == "refused" or answer.gave is None:
            return
    got = await _ours(session, answer.claim, host) if answer.claim and not forgotten else None
    gave = await _ours(session, answer.gave, host) if answer.gave else None
    both = [each for each in (got, gave) if each is not None]
    person_id = both[0].person_id if both else None
    if person_id is None or any(each.person_id != person_id for each in both):
        raise NotFound
    if got is not None and got.claim.instead_of != answer.gave:
        raise NotFound
    offer = await _offer_meant(session, answer, both[0])
    await lock_person(session, person_id)
    for each in sorted(both, key=lambda one: one.shift.id):
        await lock_shift_of(session, each.seat.id)
    for each in sorted(both, key=lambda one: one.claim.id):
        await lock_claim(session, each.claim)
    if answer.state == "refused":
        await _refused(session, answer, offer, got, person_id, now)
    else:
        await _exchanged(session, host, answer, offer, got, gave, person_id, verify, now)
    await record(
        session,
        actor=host,
        verb="receive-exchange",
        subject="exchange",
        subject_id=answer.exchange,
        now=now,
        facts={"state": answer.state},
    )


async def _was_forgotten(session: AsyncSession, claim_id: UUID | None) -> bool:
    """Tell of a claim that was lost with a backup's time; what is granted to it is given back.

    A host that comes back from a backup itself settles late what was wished before.
    """
    if claim_id is None or await session.get(Claim, claim_id) is not None:
        return False
    return await was_restored(session)


async def _ours(session: AsyncSession, claim_id: UUID, host: str) -> Held:
    """Find a claim of ours of which this host decides."""
    held = await held_by_claim(session, claim_id)
    if held.pool.host != host or held.person_id is None:
        raise NotFound
    return held


async def _offer_meant(
    session: AsyncSession, answer: ExchangeAnswered, ours: Held
) -> SwapOffer | None:
    """Find the offer that was taken up, in the pool of our claim: other hosts' are not theirs.

    None where a backup has forgotten it.
    """
    offer = await session.get(SwapOffer, answer.offer)
    if offer is not None and offer.pool_id != ours.pool.id:
        raise NotFound
    return offer


async def _refused(
    session: AsyncSession,
    answer: ExchangeAnswered,
    offer: SwapOffer | None,
    got: Held | None,
    person_id: UUID,
    now: datetime,
) -> None:
    if got is None or got.claim.state != "requested":
        return
    got.claim.state, got.claim.ended_at = "refused", now
    got.claim.reasons = msgspec.to_builtins(answer.reasons)
    await free(session, got.claim.id)
    if got.claim.origin != "exchange":
        # who offered a seat never knew that somebody wanted it
        await notify(session, person_id=person_id, code="swap-refused", text=NOT_EXCHANGED, now=now)
    if answer.forgotten and offer is not None and not offer.decided_here and offer.state == "open":
        offer.state, offer.ended_at = "lapsed", now
    await session.flush()
    await calendar_changed(session, person_id, now)
    await wake(session, got.claim.id)


async def _exchanged(
    session: AsyncSession,
    host: str,
    answer: ExchangeAnswered,
    offer: SwapOffer | None,
    got: Held | None,
    gave: Held | None,
    person_id: UUID,
    verify: Verify,
    now: datetime,
) -> None:
    if got is not None:
        check_receipt(answer.receipt, got.claim, verify)
    if got is not None and got.claim.state == "held":
        return
    still_given = gave is not None and gave.claim.state == "held"
    if gave is not None and still_given:
        await _give_up(session, host, gave.claim, got, now)
    if got is not None and got.claim.state == "requested":
        got.claim.state, got.claim.receipt = "held", answer.receipt
        await session.flush()
    elif got is not None and (not still_given or not await _take_again(session, answer, got, now)):
        await _give_back(session, host, got, person_id, now)
        return
    elif got is None and not still_given:
        return
    if offer is not None:
        await _keep(session, answer, offer, got, gave, now)
    await notify(session, person_id=person_id, code="swapped", text=EXCHANGED, now=now)
    await calendar_changed(session, person_id, now)
    if got is not None:
        await wake(session, got.claim.id)


async def _give_up(
    session: AsyncSession, host: str, claim: Claim, got: Held | None, now: datetime
) -> None:
    """End what was given, and whatever else was to replace it meanwhile."""
    claim.state, claim.ended_at = "released", now
    await free(session, claim.id)
    if got is not None and got.claim.state == "requested":
        return
    for each in await end_replacing(session, claim.id, now):
        said = {"claim": str(each.id)}
        await append(session, "private", host, "claim.cancelled", said, now=now)
    await session.flush()


async def _take_again(
    session: AsyncSession, answer: ExchangeAnswered, got: Held, now: datetime
) -> bool:
    """Take the seat for which somebody no longer waited when the host had settled already.

    What they gave for it is gone, so this one is theirs if they still can.
    """
    person = await session.get_one(Person, got.person_id)
    reasons = await home_reasons(
        session, person, got.shift, got.seat.role, now, moving=got.claim.id
    )
    if reasons:
        return False
    try:
        async with session.begin_nested():
            await move_booking(session, got.claim.id, got.stay)
    except ClaimRefused:
        return False
    got.claim.state, got.claim.ended_at, got.claim.receipt = "held", None, answer.receipt
    await session.flush()
    return True


async def _give_back(
    session: AsyncSession, host: str, got: Held, person_id: UUID, now: datetime
) -> None:
    """Give a seat back that the host gave to somebody who cannot come any more."""
    said = {"claim": str(got.claim.id)}
    await append(session, "private", host, "claim.cancelled", said, now=now)
    await notify(session, person_id=person_id, code="swap-too-late", text=GIVEN_BACK, now=now)
    await calendar_changed(session, person_id, now)


async def _keep(
    session: AsyncSession,
    answer: ExchangeAnswered,
    offer: SwapOffer,
    got: Held | None,
    gave: Held | None,
    now: datetime,
) -> None:
    """Keep what was exchanged for its people to read; both sides may be at home here."""
    if gave is not None and offer.claim_id == gave.claim.id:
        offer.state, offer.ended_at = "accepted", now
    made = insert(Exchange).values(id=answer.exchange, offer_id=offer.id, at=now)
    await session.execute(made.on_conflict_do_nothing())
    this = (Exchange.id == answer.exchange, Exchange.offer_id == offer.id)
    known = await session.scalar(select(Exchange.id).where(*this))
    mine = got or gave
    if known is None or mine is None:
        return
    session.add(
        ExchangeLeg(
            exchange_id=answer.exchange,
            handle_id=mine.handle.id,
            gave_claim_id=gave.claim.id if gave else None,
            got_claim_id=got.claim.id if got else None,
        )
    )
    await session.flush()
