"""The same list twice at the same moment, as after two presses of a button."""

import json

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from protocols.signposts.importing import import_signposts
from protocols.signposts.models import Signpost
from tests.protocols.example_texts import NOW, world
from tests.protocols.items.test_at_once import at_once
from tests.protocols.signposts.services import hsds

LIST = json.dumps([hsds()])


async def test_a_list_that_is_taken_up_twice_at_once_is_there_once(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        coordinator = (await world(session)).north.coordinator
    told: list[str] = []

    async def take_up(session: AsyncSession) -> None:
        found = await import_signposts(session, coordinator, LIST, "hsds", dry_run=False, now=NOW)
        told.extend(each.fate for each in found)

    refused = await at_once(committing_engine, take_up, take_up)

    async with door(committing_engine) as session:
        kept = select(func.count()).where(Signpost.project_id == coordinator.project_id)
        assert (refused, told, await session.scalar(kept)) == (None, ["new", "same"], 1)
