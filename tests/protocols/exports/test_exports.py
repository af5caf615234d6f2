import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from protocols.exports.actions import note_export, tick_off
from protocols.exports.models import AnswerExport, ExportedAnswer
from tests.protocols.example_texts import NOW, World, verbs

TAX = "urn:uuid:11111111-1111-4111-8111-111111111111"


async def exported(session: AsyncSession, projects: World) -> AnswerExport:
    asker = projects.north.coordinator
    return await note_export(session, asker, tool="chatwoot", sequences={TAX: 2}, now=NOW)


async def entry(session: AsyncSession) -> ExportedAnswer:
    query = select(ExportedAnswer).execution_options(populate_existing=True)
    return (await session.scalars(query)).one()


async def test_an_export_is_remembered_and_ticked_off_once(
    session: AsyncSession, projects: World
) -> None:
    export = await exported(session, projects)
    kept = await entry(session)
    assert (kept.urn, kept.sequence, kept.removed_at) == (TAX, 2, None)

    for _ in range(2):
        await tick_off(session, projects.north.coordinator, export.id, TAX, NOW)

    kept = await entry(session)
    assert (kept.removed_at, kept.removed_by) == (NOW, projects.north.coordinator.person_id)
    assert await verbs(session) == [
        ("exported-answers", "answer-export"),
        ("ticked-off-export", "answer-export"),
    ]


async def test_only_the_own_coordinator_ticks_off(session: AsyncSession, projects: World) -> None:
    export = await exported(session, projects)
    coordinator = projects.north.coordinator
    reading = Asker(
        coordinator.person_id, coordinator.project_id, coordinator.roles, frozenset({"read"})
    )

    for asker, refusal in (
        (projects.north.worker, NotAllowed),
        (reading, NotAllowed),
        (projects.south.coordinator, NotFound),
    ):
        with pytest.raises(refusal):
            await tick_off(session, asker, export.id, TAX, NOW)
    with pytest.raises(NotAllowed):
        await note_export(session, reading, tool="chatwoot", sequences={}, now=NOW)

    assert (await entry(session)).removed_at is None


async def test_nothing_is_ticked_off_by_nobody(session: AsyncSession, projects: World) -> None:
    await exported(session, projects)
    with pytest.raises(IntegrityError) as broken:
        await session.execute(update(ExportedAnswer).values(removed_at=NOW))
    assert broken_constraint(broken.value) == "ck_exported_answer_removed_by_somebody"
