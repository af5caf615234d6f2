"""The outbox worked off by hand: what a worker process would do next, in the test's own session."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from rota.consent.actions import lapse_consent
from rota.consent.asking import CONSENT_EXPIRY
from rota.cover.follow import follow_seat
from rota.cover.ladder import COVER_STEP, move_on
from rota.cover.spans import COVER_ASK, ask_when_away
from rota.seats.actions import SEAT_CHANGED
from rota.sign_up.actions import lapse_claim
from rota.sign_up.moved import vacate_cancelled
from rota.sign_up.proposals import decide_proposal
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import NOW

Act = Callable[[AsyncSession, dict[str, Any], datetime], Awaitable[object]]


def claim_job(act: Callable[[AsyncSession, UUID, datetime], Awaitable[object]]) -> Act:
    return lambda session, payload, now: act(session, UUID(payload["claim"]), now)


WORK: dict[str, Act] = {
    SEAT_CHANGED: lambda session, payload, now: follow_seat(session, UUID(payload["seat"]), now),
    COVER_STEP: lambda session, payload, now: move_on(
        session, UUID(payload["cover"]), payload["step"], now
    ),
    COVER_ASK: lambda session, payload, now: ask_when_away(
        session, UUID(payload["claim"]), UUID(payload["actor"]), now
    ),
    CONSENT_EXPIRY: claim_job(lapse_consent),
    "claim-expiry": claim_job(lapse_claim),
    "decide-proposal": claim_job(decide_proposal),
    "vacate-cancelled": claim_job(vacate_cancelled),
}


async def work_off(session: AsyncSession, now: datetime) -> int:
    """Do everything that is due, and what follows from it; gives how much that was."""
    done = 0
    while True:
        await session.flush()
        row = await session.scalar(
            select(OutboxRow)
            .where(OutboxRow.kind.in_(WORK), OutboxRow.due <= now)
            .order_by(OutboxRow.due, OutboxRow.id)
            .limit(1)
            .execution_options(populate_existing=True)
        )
        if row is None:
            return done
        kind, payload = row.kind, row.payload
        await session.delete(row)
        await session.flush()
        await WORK[kind](session, payload, now)
        done += 1


async def let_time_pass(nodes: TwoNodes, now: datetime = NOW) -> None:
    """Let both nodes work and talk until nothing is left to do."""
    busy = True
    while busy:
        await nodes.exchange(now)
        busy = False
        for side in (nodes.host, nodes.home):
            async with side.door() as session:
                busy = await work_off(session, now) > 0 or busy
