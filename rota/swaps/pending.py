"""At the host: an exchange for which the giver's home is asked; settled, refused, or lapsed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.audit.actions import SYSTEM, record
from federation.errors import Reason
from federation.feeds.telling import Telling, tell
from federation.notices.actions import notify
from rota.bookings.actions import free
from rota.calendar.actions import calendar_changed
from rota.claims.errors import ClaimOver
from rota.claims.models import CancelledClaim, Claim
from rota.claims.wake import wake
from rota.sign_up.actions import TOO_LATE
from rota.sign_up.from_homes import WITHDRAWN, Sign
from rota.swaps.errors import OfferOver
from rota.swaps.exchange import stands
from rota.swaps.held import Held, held_by_claim, lock_parts
from rota.swaps.models import AskedExchange, Exchange, SwapOffer
from rota.swaps.rules import MOVED, OTHER_SIDE
from rota.swaps.settling import Answer, Side, answer_home, tell_everybody, try_exchange

NOT_EXCHANGED = "A swap that you asked for does not take place. Your plan is as it was."


@dataclass(frozen=True, slots=True)
class Under:
    """An exchange that is under way, with everything locked."""

    exchange: AskedExchange
    offer: SwapOffer
    offered: Held
    given: Held
    giver: Side
    taker: Side

    @property
    def claims(self) -> tuple[Claim, Claim]:
        """Give the claims that would take the place of the two held ones, the taker's first."""
        if self.taker.claim is None or self.giver.claim is None:
            raise OfferOver
        return self.taker.claim, self.giver.claim

    async def broken(self, session: AsyncSession, now: datetime) -> tuple[Reason, ...]:
        """Give the reasons why it can no longer take place as both sides have agreed."""
        if now >= self.exchange.answer_by:
            return (TOO_LATE,)
        for claim in self.claims:
            cancelled = await session.get(CancelledClaim, claim.id)
            if claim.state != "requested" or cancelled is not None:
                return (WITHDRAWN,)
        if not stands(self.offer, self.offered, now):
            return (Reason(OfferOver.code, OfferOver.title),)
        if self.given.claim.state != "held":
            return (Reason(ClaimOver.code, ClaimOver.title),)
        stay = self.offered.stay
        if (stay.begins, stay.ends) != (self.exchange.begins, self.exchange.ends):
            return (MOVED,)
        return ()

    def answer(
        self, side: Side, reasons: Sequence[Reason] = (), sign: Sign | None = None
    ) -> Answer:
        """Give what the home of one side is told of how it ended."""
        held = side.claim is not None and side.claim.state == "held"
        state = "held" if held else "refused"
        return Answer(self.exchange.id, self.offer.id, side, state, reasons, sign)

    async def answer_giver(self, session: AsyncSession, now: datetime, sign: Sign) -> None:
        """Say again how it ended, to a home whose yes came when all was over."""
        await answer_home(
            session, str(self.giver.home), self.answer(self.giver, (OTHER_SIDE,), sign), now
        )


async def asked_with(session: AsyncSession, claim_id: UUID) -> AskedExchange | None:
    """Find the exchange that one of the two new claims belongs to."""
    found: AskedExchange | None = await session.scalar(
        select(AskedExchange).where(
            or_(AskedExchange.taker_claim_id == claim_id, AskedExchange.giver_claim_id == claim_id)
        )
    )
    return found


async def under_way(session: AsyncSession, exchange: AskedExchange) -> Under:
    """Read an exchange with both sides, and lock it all in the usual order."""
    offer = await session.get_one(SwapOffer, exchange.offer_id)
    taken = await held_by_claim(session, exchange.taker_claim_id)
    back = await held_by_claim(session, exchange.giver_claim_id)
    offered = await held_by_claim(session, back.claim.instead_of)
    given = await held_by_claim(session, taken.claim.instead_of)
    await lock_parts(session, [taken.person_id], [offered, given], offer, taken.claim, back.claim)
    await session.refresh(exchange, with_for_update={"key_share": True})
    giver = Side(back.handle, None, back.home, offered, given, back.claim)
    taker = Side(taken.handle, taken.person_id, taken.home, given, offered, taken.claim)
    return Under(exchange, offer, offered, given, giver, taker)


async def settle_asked(session: AsyncSession, under: Under, now: datetime, sign: Sign) -> None:
    """Let both seats change hands at once, or refuse both sides."""
    exchange, sides = under.exchange, (under.giver, under.taker)
    reasons = await try_exchange(session, under.offer, sides, now, exchange_id=exchange.id)
    if reasons:
        await refuse(session, under, reasons, now)
        return
    exchange.state, exchange.ended_at = "settled", now
    made = await session.get_one(Exchange, exchange.id)
    await tell_everybody(session, under.offer, made, sides, now, sign=sign)
    await wake(session, under.claims[0].id)


async def refuse(
    session: AsyncSession,
    under: Under,
    reasons: Sequence[Reason],
    now: datetime,
    *,
    state: str = "refused",
) -> None:
    """End an exchange: both keep what they have, whoever kept time for it is free again."""
    under.exchange.state, under.exchange.ended_at = state, now
    taken, back = under.claims
    for claim, why in ((taken, reasons), (back, (OTHER_SIDE,))):
        if claim.state == "requested":
            claim.state, claim.ended_at = "refused", now
            claim.reasons = [reason._asdict() for reason in why]
            await free(session, claim.id)
    await session.flush()
    person_id = under.taker.person_id
    if person_id is not None:
        await notify(session, person_id=person_id, code="swap-refused", text=NOT_EXCHANGED, now=now)
        await calendar_changed(session, person_id, now)
    await wake(session, taken.id)
    await tell(_answers(session, under, reasons, now))


def _answers(
    session: AsyncSession, under: Under, reasons: Sequence[Reason], now: datetime
) -> list[Telling]:
    sides = ((under.taker, reasons), (under.giver, (OTHER_SIDE,)))
    return [
        (side.home, partial(answer_home, session, side.home, under.answer(side, why), now))
        for side, why in sides
        if side.home is not None
    ]


async def lapse_exchange(session: AsyncSession, exchange_id: UUID, now: datetime) -> None:
    """End an exchange for which the giver's home has said nothing in time."""
    exchange = await session.get(AskedExchange, exchange_id)
    if exchange is None or exchange.state != "asked" or now < exchange.answer_by:
        return
    under = await under_way(session, exchange)
    if exchange.state == "asked":
        await refuse(session, under, (TOO_LATE,), now, state="lapsed")
        await _record(session, exchange, "lapse-exchange", now)


async def broken_with(session: AsyncSession, seat_id: UUID) -> list[UUID]:
    """List the exchanges under way in which a seat is given that its giver no longer has."""
    new, old = aliased(Claim), aliased(Claim)
    rows = await session.scalars(
        select(AskedExchange.id)
        .join(
            new, or_(new.id == AskedExchange.taker_claim_id, new.id == AskedExchange.giver_claim_id)
        )
        .join(old, old.id == new.instead_of)
        .where(AskedExchange.state == "asked", old.seat_id == seat_id, old.state != "held")
        .order_by(AskedExchange.id)
    )
    return list(rows)


async def refuse_if_broken(session: AsyncSession, claim_id: UUID, now: datetime) -> None:
    """Look at the exchange of one of the two new claims, and end it if it cannot take place."""
    exchange = await asked_with(session, claim_id)
    if exchange is not None:
        await refuse_broken(session, exchange.id, now)


async def refuse_broken(session: AsyncSession, exchange_id: UUID, now: datetime) -> None:
    """End an exchange at once where one of the two has given their seat back."""
    under = await under_way(session, await session.get_one(AskedExchange, exchange_id))
    if under.exchange.state != "asked":
        return
    reasons = await under.broken(session, now)
    if reasons:
        await refuse(session, under, reasons, now)
        await _record(session, under.exchange, "refuse-exchange", now)


async def _record(session: AsyncSession, exchange: AskedExchange, verb: str, now: datetime) -> None:
    await record(
        session,
        actor=SYSTEM,
        verb=verb,
        subject="exchange",
        subject_id=exchange.id,
        now=now,
        facts={"offer": str(exchange.offer_id), "state": exchange.state},
    )
