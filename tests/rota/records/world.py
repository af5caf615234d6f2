"""A session that has been held, and records of it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from rota.record_sums.models import HourSum, RecordSum
from rota.records.rules.drafts import Contact, Draft
from rota.sign_up.actions import claim_seat
from tests.rota.world import NOW, TUESDAY_19, ExamplePool, Planned, Worker, a_shift, a_worker

DEBRIEF = TUESDAY_19 + timedelta(hours=2, minutes=5)


def talk(**changed: Any) -> Contact:
    facts: dict[str, Any] = {"at": TUESDAY_19, "language": "en", "outcome": "answered"}
    return Contact(**(facts | changed))


def turned_away(**changed: Any) -> Contact:
    return talk(**({"language": "ro", "kind": "turned-away", "outcome": None} | changed))


def done(*contacts: Contact, **changed: Any) -> Draft:
    facts: dict[str, Any] = {"pace": "quiet", "done": True}
    return Draft(contacts=list(contacts), **(facts | changed))


async def a_lead(
    session: AsyncSession, pool: ExamplePool, **changed: Any
) -> tuple[Planned, Worker]:
    """Plan a session and seat its lead."""
    shift = await a_shift(session, pool, **changed)
    worker = await a_worker(session, pool.id, pool.coordinator)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    return shift, worker


async def sums(session: AsyncSession, pool: ExamplePool) -> dict[tuple[str, str, str], int]:
    rows = await session.execute(
        select(RecordSum.month, RecordSum.dimension, RecordSum.value, RecordSum.count).where(
            RecordSum.pool_id == pool.id, RecordSum.count != 0
        )
    )
    return {(f"{month:%Y-%m}", dimension, value): count for month, dimension, value, count in rows}


async def hour_sums(
    session: AsyncSession, pool: ExamplePool
) -> dict[tuple[str, int, str, str], int]:
    rows = await session.execute(
        select(HourSum.monday, HourSum.hour, HourSum.language, HourSum.kind, HourSum.count).where(
            HourSum.pool_id == pool.id, HourSum.count != 0
        )
    )
    return {(str(monday), hour, tag, kind): count for monday, hour, tag, kind, count in rows}
