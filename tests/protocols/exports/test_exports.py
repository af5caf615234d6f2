from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from protocols.exchange.actions import export_answers
from protocols.exports.actions import note_export, tick_off
from protocols.exports.models import AnswerExport, ExportedAnswer
from protocols.exports.queries import withdrawn_exports
from protocols.items.actions import add_variant, draft_item, revise_item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import DraftBlock
from tests.protocols.example_texts import (
    NOW,
    World,
    answer,
    looked_over,
    release_approved,
    released,
    take_up,
    verbs,
    withdraw,
)

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


async def test_words_that_a_later_file_did_not_replace_are_still_to_be_taken_out(
    session: AsyncSession, projects: World
) -> None:
    """A translation that is out of date stays out of a file, and as it was in the tool."""
    north, later = projects.north, NOW + timedelta(hours=1)
    item = await draft_item(session, north.reviewer, answer("Where?", "There."), NOW)
    [block] = await blocks_of(session, item.id)
    texts = {str(block.id): "Daar."}
    await add_variant(
        session, north.reviewer, item.id, language="nl", title="Waar?", texts=texts, now=NOW
    )
    await looked_over(session, north, item.id)
    first = await release_approved(session, north, item.id)
    await take_up(session, north, first)
    await export_answers(session, north.coordinator, "chatwoot", NOW)
    draft = replace(answer("Where?", "Here."), blocks=[DraftBlock("Here.", id=block.id)])
    await revise_item(session, north.reviewer, item.id, draft, NOW)
    await looked_over(session, north, item.id)
    second = await release_approved(session, north, item.id)
    await take_up(session, north, second)
    await export_answers(session, north.coordinator, "chatwoot", later, again=True)

    await withdraw(session, north, first, holds_texts={"en": "Ask."})

    found = await withdrawn_exports(session, north.coordinator)
    assert [(one.number, one.exported_at) for one in found] == [("1.0.0", NOW)]
    await withdraw(session, north, second, holds_texts={"en": "Ask."})
    found = await withdrawn_exports(session, north.coordinator)
    assert sorted(one.number for one in found) == ["1.0.0", "2.0.0"]


async def test_what_a_later_file_replaced_whole_is_not_asked_for(
    session: AsyncSession, projects: World
) -> None:
    north, later = projects.north, NOW + timedelta(hours=1)
    first = await released(session, north, answer("Where?", "There."))
    await take_up(session, north, first)
    await export_answers(session, north.coordinator, "chatwoot", NOW)
    await export_answers(session, north.coordinator, "chatwoot", later, again=True)

    await withdraw(session, north, first, holds_texts={"en": "Ask."})

    found = await withdrawn_exports(session, north.coordinator)
    assert [(one.number, one.exported_at) for one in found] == [("1.0.0", later)]


async def test_nothing_is_ticked_off_by_nobody(session: AsyncSession, projects: World) -> None:
    await exported(session, projects)
    with pytest.raises(IntegrityError) as broken:
        await session.execute(update(ExportedAnswer).values(removed_at=NOW))
    assert broken_constraint(broken.value) == "ck_exported_answer_removed_by_somebody"
