"""Those who may approve a text hear that it waits for them, and no more than that."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.notices.actions import TELL
from federation.notices.models import Notice
from federation.people.actions import grant_role
from federation.people.models import Person
from federation.people.rules import OPERATOR
from protocols.adapting.actions import write_part
from protocols.adapting.approval.actions import ask_approval
from protocols.items.actions import ask_for_review, draft_item, send_back
from protocols.items.notices import WAITS
from tests.protocols.adapting.own_words import adding, taken_up
from tests.protocols.example_texts import NOW, Told, World, protocol


async def grant_roles(session: AsyncSession, projects: World) -> None:
    """Give everybody of two projects the role that they act in."""
    for members in (projects.north, projects.south):
        for role in ("coordinator", "reviewer", "worker"):
            person = getattr(members, role).person_id
            await grant_role(session, OPERATOR, person_id=person, role=role, now=NOW)


async def told(session: AsyncSession) -> list[tuple[str, str, str]]:
    rows = await session.execute(
        select(Person.name, Notice.code, Notice.text)
        .join(Person, Person.id == Notice.person_id)
        .order_by(Person.name)
    )
    return [(name, code, text) for name, code, text in rows]


async def test_who_may_approve_a_text_is_told_until_they_have_looked(
    session: AsyncSession, projects: World
) -> None:
    await grant_roles(session, projects)
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    assert await told(session) == []

    for _ in range(2):
        await ask_for_review(session, north.reviewer, item.id, NOW)
        await send_back(session, north.coordinator, item.id, NOW)
    one = ("north coordinator", "approval-asked", WAITS)
    assert await told(session) == [one]
    waiting = await session.scalars(select(OutboxRow.kind).where(OutboxRow.kind == TELL))
    assert list(waiting) == [TELL]

    await session.execute(update(Notice).values(seen_at=NOW))
    await ask_for_review(session, north.reviewer, item.id, NOW)
    assert await told(session) == [one, one]


async def test_who_may_approve_a_change_is_told_and_none_of_its_authors(
    session: AsyncSession, projects: World
) -> None:
    text = await taken_up(session, projects)
    await grant_roles(session, projects)
    south = projects.south
    await write_part(session, south.coordinator, text.urn, adding("Tell the lead."), NOW)

    await ask_approval(session, south.coordinator, text.urn, NOW)

    assert await told(session) == [("south reviewer", "approval-asked", WAITS)]
