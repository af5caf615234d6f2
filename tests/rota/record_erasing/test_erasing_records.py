"""A project erases all that it has counted, and nobody else does."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.projects.models import Project
from rota.record_erasing.actions import erase_own_records
from rota.record_erasing.errors import NotTyped
from rota.record_sharing.models import RecordSharing, SharedCounts
from rota.records.actions import keep_record
from tests.rota.records.world import DEBRIEF, a_lead, done, hour_sums, sums, talk
from tests.rota.world import ExamplePool, a_pool, a_project, everything

LATER = DEBRIEF + timedelta(hours=1)
COUNTED = (
    *("session_record", "recorded_contact", "record_sum", "hour_sum"),
    *("record_sharing", "shared_counts"),
)


async def counted(session: AsyncSession) -> tuple[ExamplePool, str]:
    """Count a session in a project that shares; gives its pool and short name."""
    pool = await a_pool(session, await a_project(session))
    shift, worker = await a_lead(session, pool)
    await keep_record(session, worker.asker, shift.id, done(talk()), DEBRIEF)
    where = {"project_id": pool.coordinator.project_id, "pool_id": pool.id}
    session.add(RecordSharing(first_month=date(2026, 12, 1), **where))
    month = date(2026, 12, 1)
    session.add(SharedCounts(month=month, published_at=DEBRIEF, content={}, **where))
    await session.flush()
    return pool, (await session.get_one(Project, pool.coordinator.project_id)).slug


async def test_all_of_a_project_goes_and_nothing_of_another(session: AsyncSession) -> None:
    other, _ = await counted(session)
    before = {name: (await everything(session))[name] for name in COUNTED}
    pool, slug = await counted(session)
    await erase_own_records(session, pool.coordinator, f" {slug}", LATER)
    assert {name: (await everything(session))[name] for name in COUNTED} == before
    assert (await sums(session, pool), await hour_sums(session, pool)) == ({}, {})
    assert (await sums(session, other))["2027-01", "language", "en"] == 1
    entries = await session.execute(
        select(AuditEntry.actor, AuditEntry.subject_id).where(
            AuditEntry.verb == "erased-session-records"
        )
    )
    asker = pool.coordinator
    assert [tuple(row) for row in entries] == [(str(asker.person_id), asker.project_id)]


async def test_it_has_to_be_typed_by_a_coordinator(session: AsyncSession) -> None:
    pool, slug = await counted(session)
    _, worker = await a_lead(session, pool)
    with pytest.raises(NotTyped) as refused:
        await erase_own_records(session, pool.coordinator, "yes", LATER)
    assert refused.value.code == "project-not-typed"
    with pytest.raises(NotAllowed):
        await erase_own_records(session, worker.asker, slug, LATER)
    assert (await sums(session, pool))["2027-01", "language", "en"] == 1
