import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.protocols.example_texts import (
    Told,
    events,
    partner,
    protocol,
    released,
    sender_of,
    world,
)
from tests.protocols.releases.received import Sent


@pytest.fixture
async def sent(session: AsyncSession) -> Sent:
    north = await session.begin_nested()
    projects = await world(session)
    published = await released(session, projects.north, protocol(Told()))
    [event] = await events(session)
    payload = msgspec.json.decode(event.payload or b"")
    await north.rollback()
    await partner(session, "node-north")
    await partner(session, "node-wrong")
    sender = sender_of("node-north", published.project_id)
    return Sent(payload, published.id, published.project_id, published.manifest, sender)
