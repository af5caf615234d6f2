"""A pool with a worker on coming shifts, and then a text that is new to everybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.models import Notice
from federation.permissions.rules import Asker
from protocols.pool_texts.actions import name_pool_text
from protocols.releases.models import Release
from rota.claims.models import Claim
from rota.readings.actions import Looked, look_at_readings, vacate_unread
from rota.sign_up.actions import claim_seat
from tests.protocols.example_texts import Members, Told, protocol, read, released, take_up
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True)
class NewText:
    """Somebody has the lead of a shift in two weeks; a text was then put in force on the pool."""

    session: AsyncSession
    pool: ExamplePool
    members: Members
    worker: Worker
    shift: Planned
    claim: UUID
    text: Release

    async def look(self, at: datetime) -> Looked:
        return await look_at_readings(self.session, at)

    async def work_off(self, at: datetime) -> list[UUID]:
        """Do what the worker process does: look, and free what is over."""
        found = (await self.look(at)).to_vacate
        return [one for one in found if await vacate_unread(self.session, one, at)]

    async def read(self) -> None:
        await read(self.session, self.worker.asker, self.text.urn)

    async def told(self, person: Asker | None = None) -> list[tuple[str, str]]:
        asker = person or self.worker.asker
        rows = await self.session.execute(
            select(Notice.code, Notice.text)
            .where(Notice.person_id == asker.person_id, Notice.seen_at.is_(None))
            .order_by(Notice.at, Notice.id)
        )
        return [(code, text) for code, text in rows]

    async def claim_now(self) -> Claim:
        return await self.session.get_one(Claim, self.claim, populate_existing=True)


async def members_of(session: AsyncSession, coordinator: Asker, worker: Asker) -> Members:
    reviewer = await a_person(session, coordinator.project_id, "reviewer")
    return Members(
        project=coordinator.project_id,
        name="project",
        coordinator=coordinator,
        reviewer=reviewer,
        worker=worker,
    )


async def new_text(
    session: AsyncSession, starts: datetime = TUESDAY_19 + 2 * WEEK, **marks: Any
) -> NewText:
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    worker = await a_worker(session, pool.id, coordinator)
    shift = await a_shift(session, pool, starts)
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    members = await members_of(session, coordinator, worker.asker)
    text = await released(session, members, protocol(Told()), **marks)
    await take_up(session, members, text)
    await name_pool_text(session, coordinator, pool_id=pool.id, urn=text.urn, now=NOW)
    return NewText(session, pool, members, worker, shift, claim.id, text)
