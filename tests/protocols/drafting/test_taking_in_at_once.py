"""The same file twice at the same moment, as after two presses of a button."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import door
from protocols.drafting.actions import import_texts
from protocols.exchange.rules.texts import ExchangedText
from protocols.items.models import Item
from tests.protocols.example_texts import NOW, answer, world
from tests.protocols.items.test_at_once import at_once

TEXTS = [ExchangedText(draft=answer("Twice pressed?", "Once kept."))]


async def test_a_file_that_is_taken_in_twice_at_once_comes_in_once(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        coordinator = (await world(session)).north.coordinator

    refused = await at_once(
        committing_engine,
        lambda session: import_texts(session, coordinator, TEXTS, NOW),
        lambda session: import_texts(session, coordinator, TEXTS, NOW),
    )

    async with door(committing_engine) as session:
        kept = select(func.count()).where(Item.project_id == coordinator.project_id)
        assert (refused, await session.scalar(kept)) == (None, 1)
