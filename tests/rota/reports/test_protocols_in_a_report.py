"""A report counts the protocols that are in force, by the review date that was released."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.pools.models import Pool
from protocols.items.actions import draft_item, revise_item
from protocols.items.models import Item
from protocols.releases.models import Release
from rota.reports.queries import report
from rota.reports.rules import Months
from tests.protocols.example_texts import (
    NOW,
    REVIEW,
    Told,
    World,
    answer,
    protocol,
    released,
    revised,
    withdraw,
    world,
)

JANUARY = Months(date(2027, 1, 1), date(2027, 2, 1))
SAFETY = protocol(Told(title="Safety"))


async def texts(
    session: AsyncSession, projects: World, now: datetime = NOW
) -> tuple[float | None, ...]:
    """Give the protocols within their review date, and all."""
    pool = await session.get_one(Pool, projects.pool)
    values = (await report(session, projects.north.coordinator, pool, JANUARY, now)).values
    return values["texts-current"], values["texts"]


async def begin_to_edit(session: AsyncSession, projects: World, text: Release) -> None:
    """Draft other words of a released text, with a review date long after."""
    item = (await session.scalars(select(Item.id).where(Item.urn == text.urn))).one()
    later = replace(protocol(Told(title="Safer")), review_by=date(2030, 1, 1))
    await revise_item(session, projects.north.reviewer, item, later, NOW)


async def test_only_protocols_count_and_only_once_released(session: AsyncSession) -> None:
    projects = await world(session)
    await draft_item(session, projects.north.reviewer, SAFETY, NOW)
    await released(session, projects.north, answer("Where is the clinic?", "In Mill Lane."))
    await released(session, projects.south, SAFETY)
    assert await texts(session, projects) == (0, 0)
    text = await released(session, projects.north, SAFETY)
    await revised(session, projects.north, text, Told(title="Safety", parts=("Three of you.",)))
    assert await texts(session, projects) == (1, 1)


async def test_what_is_being_edited_stays_in_force_with_its_date(session: AsyncSession) -> None:
    projects = await world(session)
    text = await released(session, projects.north, SAFETY)
    await begin_to_edit(session, projects, text)
    assert await texts(session, projects) == (1, 1)
    assert await texts(session, projects, datetime(2027, 12, 2, 12, tzinfo=UTC)) == (0, 1)


async def test_what_was_withdrawn_is_not_in_force(session: AsyncSession) -> None:
    projects = await world(session)
    first = await released(session, projects.north, SAFETY)
    second = await revised(session, projects.north, first, Told(title="Safety", parts=("Three.",)))
    await withdraw(session, projects.north, second, holds_number=first.number)
    assert await texts(session, projects) == (1, 1)
    alone = await released(session, projects.north, protocol(Told(title="Ground rules")))
    assert await texts(session, projects) == (2, 2)
    await withdraw(session, projects.north, alone, holds_texts={"en": "Ask your coordinator."})
    assert await texts(session, projects) == (1, 1)


async def test_a_review_date_is_over_by_the_pools_day(session: AsyncSession) -> None:
    projects = await world(session)
    await released(session, projects.north, SAFETY)
    evening = datetime(REVIEW.year, REVIEW.month, REVIEW.day, 23, 30, tzinfo=UTC)
    zone = select(Pool.zone).where(Pool.id == projects.pool)
    assert await session.scalar(zone) == "Europe/London"
    assert await texts(session, projects, evening) == (1, 1)
    await session.execute(
        update(Pool).where(Pool.id == projects.pool).values(zone="Europe/Amsterdam")
    )
    # there it is the next day already
    assert await texts(session, projects, evening) == (0, 1)
