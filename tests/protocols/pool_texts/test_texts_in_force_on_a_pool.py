from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.partners.rules.canonical import canonical
from federation.partners.sender import Sender
from federation.pools.errors import NotTheHost
from federation.pools.models import Pool
from protocols.pool_texts.actions import name_pool_text, receive_pool_text
from protocols.pool_texts.models import PoolText
from protocols.statements.errors import NotAStatement, NotTheirs
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    answer,
    events,
    partner,
    protocol,
    released,
    verbs,
)


async def named(session: AsyncSession) -> list[tuple[str, str]]:
    rows = await session.execute(select(PoolText.protocol_kind, PoolText.urn))
    return [(kind, urn) for kind, urn in rows]


async def test_one_text_of_a_kind_is_in_force(session: AsyncSession, projects: World) -> None:
    north = projects.north
    texts = [
        await released(session, north, protocol(Told(title=title))) for title in ("One", "Two")
    ]

    for text in texts:
        await name_pool_text(
            session, north.coordinator, pool_id=projects.pool, urn=text.urn, now=NOW
        )

    last = [event for event in await events(session) if event.kind == "pool-text.stated"][-1]
    assert await named(session) == [("conduct", texts[1].urn)]
    assert last.payload == canonical(
        {
            "pool": projects.pool,
            "protocol_kind": "conduct",
            "urn": texts[1].urn,
            "project": north.project,
        }
    )
    assert (await verbs(session))[-1] == ("named-text", "pool")


async def test_a_coordinator_of_a_member_at_the_host_names_it(
    session: AsyncSession, projects: World
) -> None:
    text = await released(session, projects.north, protocol(Told()))
    hidden = await released(session, projects.elsewhere, protocol(Told()))
    canned = await released(session, projects.north, answer("When?", "Tuesdays."))

    for asker, urn, refusal in (
        (projects.north.worker, text.urn, NotAllowed),
        (projects.elsewhere.coordinator, text.urn, NotFound),
        (projects.north.coordinator, hidden.urn, NotFound),
        (projects.north.coordinator, canned.urn, NotFound),
    ):
        with pytest.raises(refusal):
            await name_pool_text(session, asker, pool_id=projects.pool, urn=urn, now=NOW)

    await partner(session, "node-host")
    (await session.get_one(Pool, projects.pool)).host = "node-host"
    await session.flush()
    with pytest.raises(NotTheHost):
        await name_pool_text(
            session, projects.north.coordinator, pool_id=projects.pool, urn=text.urn, now=NOW
        )
    assert await named(session) == []


async def test_members_take_over_what_the_host_says_and_nobody_else(
    session: AsyncSession, projects: World
) -> None:
    await partner(session, "node-host")
    (await session.get_one(Pool, projects.pool)).host = "node-host"
    await session.flush()
    pool = str(projects.pool)
    payload: dict[str, Any] = {
        "pool": pool,
        "protocol_kind": "conduct",
        "urn": f"urn:uuid:{projects.pool}",
        "later": 1,
    }
    host = Sender("node-host", "Host", "pool/shifts", pool)

    for wrong in (
        Sender("node-other", "Other", "pool/shifts", pool),
        Sender("node-host", "Host", "pool/shifts", str(projects.north.project)),
        Sender("node-host", "Host", "private", pool),
    ):
        with pytest.raises(NotTheirs):
            await receive_pool_text(session, wrong, payload, NOW)
    with pytest.raises(NotAStatement):
        await receive_pool_text(session, host, payload | {"protocol_kind": "poem"}, NOW)
    assert await named(session) == []

    for _ in range(2):
        await receive_pool_text(session, host, payload, NOW)

    assert await named(session) == [("conduct", payload["urn"])]
