"""What a host does with the words of homes about swaps: offers, wishes to take them up, a yes."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.feeds.actions import append
from federation.pools.stated import Moment
from federation.pools.terms import Term
from federation.restoring.queries import was_restored
from rota.claims.errors import ClaimOver
from rota.claims.models import CancelledClaim, Claim
from rota.sign_up.actions import TOO_LATE
from rota.sign_up.from_homes import WITHDRAWN, Sign, handle_of, only_in_pool
from rota.swaps.asking import ask_giver
from rota.swaps.errors import BeingExchanged, OfferOver, SwapRefused, reasons_of
from rota.swaps.exchange import agree, stands
from rota.swaps.held import Held, current_handle, held_by_claim, lock_parts, replaced_already
from rota.swaps.models import AskedExchange, Exchange, SwapOffer
from rota.swaps.pending import Under, asked_with, refuse, settle_asked, under_way
from rota.swaps.rules import MOVED, OTHER_SIDE
from rota.swaps.settling import Answer, Side, answer_home, tell_everybody, try_exchange


class ExchangeAsked(msgspec.Struct, frozen=True):
    """A home has kept a worker's time for an offered seat, and says what is given in return.

    It has judged the time from `begins` to `ends`, meetings included.
    """

    exchange: UUID
    offer: UUID
    handle: UUID
    claim: UUID
    gives: UUID | None
    begins: Moment
    ends: Moment
    answer_by: Moment
    term: Term | None = None


class ExchangeAgreed(msgspec.Struct, frozen=True):
    """The yes or no of a giver's home; a yes is for the time from `begins` to `ends`."""

    exchange: UUID
    claim: UUID
    yes: bool
    begins: Moment | None = None
    ends: Moment | None = None


class ExchangeWithdrawn(msgspec.Struct, frozen=True):
    """A home waits no longer; what the host has settled before stands."""

    claim: UUID


async def receive_asked(
    session: AsyncSession,
    home: str,
    payload: dict[str, Any],
    now: datetime,
    sign: Sign,
    barred: tuple[Reason, ...] = (),
) -> None:
    """Exchange the seats, ask the giver's home, or refuse; once, however often it is said."""
    asked = msgspec.convert(payload, ExchangeAsked)
    handle = await handle_of(session, asked.handle, home)
    known = await session.get(Claim, asked.claim)
    if known is not None:
        if known.handle_id != handle.id:
            raise NotFound
        await _answer_again(session, home, asked, known, now, sign)
        return
    offer = await session.get(SwapOffer, asked.offer)
    if offer is None and await was_restored(session):
        await _answer_forgotten(session, home, asked, now)
        return
    if offer is None or offer.to_handle_id not in {None, handle.id}:
        raise NotFound
    offered = await held_by_claim(session, offer.claim_id)
    await only_in_pool(session, handle, offered.shift)
    given = await _given(session, asked, home, offered) if asked.gives else None
    parts = [offered, given] if given else [offered]
    await lock_parts(session, [offered.person_id], parts, offer)
    claim = Claim(
        id=asked.claim,
        seat_id=offer.seat_id,
        handle_id=handle.id,
        state="refused",
        origin="worker",
        decided_here=True,
        answer_by=asked.answer_by,
        made_at=now,
        instead_of=asked.gives,
    )
    side = Side(handle, None, home, given, offered, claim)
    try:
        await _may_ask(session, asked, offer, offered, given, now, barred)
    except (OfferOver, ClaimOver, BeingExchanged, SwapRefused) as refusal:
        session.add(claim)
        await _refuse(session, asked, side, reasons_of(refusal), now)
    else:
        claim.state = "requested"
        session.add(claim)
        await session.flush()
        await _go_on(session, asked, offer, side, now, sign)
    await record(
        session,
        actor=home,
        verb="answer-exchange",
        subject="claim",
        subject_id=claim.id,
        now=now,
        facts={"offer": str(offer.id), "state": claim.state},
    )


async def _answer_forgotten(
    session: AsyncSession, home: str, asked: ExchangeAsked, now: datetime
) -> None:
    """Free a worker who wants what was offered after the backup that this node came back from."""
    said = {
        "exchange": str(asked.exchange),
        "offer": str(asked.offer),
        "claim": str(asked.claim),
        "gave": str(asked.gives) if asked.gives else None,
        "state": "refused",
        "reasons": [Reason(OfferOver.code, OfferOver.title)._asdict()],
        "receipt": None,
        "forgotten": True,
    }
    await append(session, "private", home, "exchange.answered", said, now=now)


async def _given(session: AsyncSession, asked: ExchangeAsked, home: str, offered: Held) -> Held:
    """Find what is given in return: a seat that somebody of this home has, in the same pool."""
    given = await held_by_claim(session, asked.gives)
    if (given.home, given.pool.id) != (home, offered.pool.id):
        raise NotFound
    return given


async def _may_ask(
    session: AsyncSession,
    asked: ExchangeAsked,
    offer: SwapOffer,
    offered: Held,
    given: Held | None,
    now: datetime,
    barred: tuple[Reason, ...],
) -> None:
    if barred:
        raise SwapRefused(reasons=barred)
    if await session.get(CancelledClaim, asked.claim) is not None:
        raise SwapRefused(reasons=(WITHDRAWN,))
    if now >= asked.answer_by:
        raise SwapRefused(reasons=(TOO_LATE,))
    if not stands(offer, offered, now):
        raise OfferOver
    if given is not None and given.claim.state != "held":
        raise ClaimOver
    parts = [offered, given] if given else [offered]
    if await replaced_already(session, [each.claim.id for each in parts]):
        raise BeingExchanged
    if (offered.stay.begins, offered.stay.ends) != (asked.begins, asked.ends):
        raise SwapRefused(reasons=(MOVED,))
    await agree(session, offer, offered.shift, given, None)


async def _refuse(
    session: AsyncSession,
    asked: ExchangeAsked,
    side: Side,
    reasons: tuple[Reason, ...],
    now: datetime,
) -> None:
    claim = side.claim
    if claim is None or side.home is None:
        raise NotFound
    claim.state, claim.ended_at = "refused", now
    claim.reasons = [reason._asdict() for reason in reasons]
    await session.flush()
    answer = Answer(asked.exchange, asked.offer, side, "refused", reasons)
    await answer_home(session, side.home, answer, now)


async def _go_on(
    session: AsyncSession,
    asked: ExchangeAsked,
    offer: SwapOffer,
    side: Side,
    now: datetime,
    sign: Sign,
) -> None:
    """Ask the home of who gives where they get a seat for it; else exchange here and now."""
    offered, given, claim = side.gets, side.gives, side.claim
    if offered is None or claim is None:
        raise NotFound
    if given is not None and offered.person_id is None:
        await ask_giver(session, offer, offered, given, claim, now, exchange_id=asked.exchange)
        return
    giver = Side(
        await current_handle(session, offered), offered.person_id, offered.home, offered, given
    )
    sides = (giver, side)
    reasons = await try_exchange(session, offer, sides, now, exchange_id=asked.exchange)
    if reasons:
        await _refuse(session, asked, side, reasons, now)
        return
    made = await session.get_one(Exchange, asked.exchange)
    await tell_everybody(session, offer, made, sides, now, sign=sign)


async def _answer_again(
    session: AsyncSession,
    home: str,
    asked: ExchangeAsked,
    claim: Claim,
    now: datetime,
    sign: Sign,
) -> None:
    """Say once more how it stands; while the giver's home is asked there is nothing to say."""
    if claim.state == "requested":
        return
    handle = await handle_of(session, claim.handle_id, home)
    given = await held_by_claim(session, claim.instead_of) if claim.instead_of else None
    side = Side(handle, None, home, given, None, claim)
    state = "held" if claim.state == "held" else "refused"
    reasons = [Reason(**reason) for reason in claim.reasons]
    answer = Answer(asked.exchange, asked.offer, side, state, reasons, sign)
    await answer_home(session, home, answer, now)


async def receive_agreed(
    session: AsyncSession,
    home: str,
    payload: dict[str, Any],
    now: datetime,
    sign: Sign,
    barred: tuple[Reason, ...] = (),
) -> None:
    """Exchange the seats once the giver's home has said yes in time, if all is as it was agreed."""
    agreed = msgspec.convert(payload, ExchangeAgreed)
    exchange = await session.get(AskedExchange, agreed.exchange)
    if exchange is None and await was_restored(session):
        # its claims have been ended as those of a forgotten exchange
        return
    if exchange is None or exchange.giver_claim_id != agreed.claim:
        raise NotFound
    under = await under_way(session, exchange)
    if under.giver.home != home:
        raise NotFound
    if exchange.state != "asked":
        await under.answer_giver(session, now, sign)
        return
    reasons = (OTHER_SIDE,) if barred else await _against(session, under, agreed, now)
    if reasons:
        await refuse(session, under, reasons, now)
    else:
        await settle_asked(session, under, now, sign)
    await record(
        session,
        actor=home,
        verb="answer-exchange",
        subject="exchange",
        subject_id=exchange.id,
        now=now,
        facts={"state": exchange.state},
    )


async def _against(
    session: AsyncSession, under: Under, agreed: ExchangeAgreed, now: datetime
) -> tuple[Reason, ...]:
    if not agreed.yes:
        return (OTHER_SIDE,)
    stay = under.given.stay
    if (agreed.begins, agreed.ends) != (stay.begins, stay.ends):
        return (MOVED,)
    return await under.broken(session, now)


async def receive_withdrawal(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime, _sign: Sign
) -> None:
    """Stop what is under way; remembered, so that it wins also over a wish that comes later."""
    withdrawn = msgspec.convert(payload, ExchangeWithdrawn)
    claim = await session.get(Claim, withdrawn.claim)
    if claim is not None:
        await handle_of(session, claim.handle_id, home)
    await session.execute(
        insert(CancelledClaim).values(claim_id=withdrawn.claim, at=now).on_conflict_do_nothing()
    )
    exchange = await asked_with(session, withdrawn.claim)
    if exchange is None:
        return
    under = await under_way(session, exchange)
    if exchange.state == "asked":
        await refuse(session, under, (WITHDRAWN,), now)
