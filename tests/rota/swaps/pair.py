"""Two workers of one pool, each with a seat on an evening of their own."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import Refusal
from federation.notices.models import Notice
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.sign_up.actions import claim_seat
from rota.swaps.offering import offer_seat
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    everything,
)

LATER = NOW + timedelta(hours=1)
WEDNESDAY_19 = TUESDAY_19 + timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """`wren` leads on Tuesday, `robin` is second on Wednesday."""

    pool: ExamplePool
    tuesday: Planned
    wednesday: Planned
    wren: Worker
    robin: Worker
    wrens: UUID
    robins: UUID
    """The claims that they hold."""


async def a_pair(
    session: AsyncSession,
    *,
    second: datetime = WEDNESDAY_19,
    wren: dict[str, Any] | None = None,
    robin: dict[str, Any] | None = None,
    **shift: Any,
) -> Pair:
    pool = await a_pool(session, await a_project(session))
    tuesday = await a_shift(session, pool)
    wednesday = await a_shift(session, pool, second, **shift)
    one = await a_worker(session, pool.id, pool.coordinator, **(wren or {}))
    other = await a_worker(session, pool.id, pool.coordinator, **(robin or {}))
    claims = [
        await claim_seat(session, worker.asker, seat, NOW)
        for worker, seat in ((one, tuesday.lead), (other, wednesday.seats["second"]))
    ]
    return Pair(pool, tuesday, wednesday, one, other, claims[0].id, claims[1].id)


async def holders(session: AsyncSession) -> dict[UUID, UUID]:
    """Tell which handle holds which seat, having seen that bookings say the same."""
    await session.flush()
    rows = await session.execute(
        select(Claim.seat_id, Claim.handle_id, Claim.id).where(Claim.state == "held")
    )
    found = {seat: (handle, claim) for seat, handle, claim in rows}
    booked = await session.scalars(select(Booking.claim_id).where(Booking.active))
    assert sorted(booked) == sorted(claim for _handle, claim in found.values())
    return {seat: handle for seat, (handle, _claim) in found.items()}


async def refused(session: AsyncSession, kind: type[Refusal], action: Awaitable[Any]) -> list[str]:
    """See an action refused without a trace; gives the codes of its reasons."""
    before = await everything(session)
    with pytest.raises(kind) as caught:
        async with session.begin_nested():
            await action
    session.expunge_all()
    assert await everything(session) == before
    return [reason.code for reason in caught.value.reasons]


async def offered(session: AsyncSession, pair: Pair, **terms: Any) -> UUID:
    """Let wren offer the seat on Tuesday."""
    offer = await offer_seat(session, pair.wren.asker, pair.wrens, NOW, **terms)
    return offer.id


async def notices(session: AsyncSession) -> list[tuple[UUID, str]]:
    """Give who was told what, in the order of time."""
    rows = await session.execute(select(Notice.person_id, Notice.code).order_by(Notice.at))
    return [(person, code) for person, code in rows]
