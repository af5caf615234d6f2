"""A relationship is ended while claims are on their way, and begun anew; nobody else begins it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.client import PartnerRefusedError
from database.session import door
from federation.feeds.actions import append
from federation.feeds.queries import audience_of
from federation.partners.actions import grant
from federation.partners.models import Partner
from federation.partners.sender import Sender
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.relations.leaving.actions import end
from rota.claims.models import Claim
from rota.sign_up.actions import claim_seat
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock, join
from tests.api.peers.pool_of_two import pool_of_two, pull_now, set_aside, standing
from tests.api.peers.test_pulling_feeds import heard, note_in, say
from tests.federation.pools.test_what_partners_state import MEMBER, POOL, PROJECT

Pair = tuple[RunningNode, RunningNode]
EAST = "E" * 43


async def part(at: RunningNode, other: RunningNode) -> None:
    async with door(at.engine) as session:
        await end(session, asker=ADMINISTRATOR, node_id=other.id, now=clock())


async def claims_at(node: RunningNode) -> set[UUID]:
    async with door(node.engine) as session:
        return set(await session.scalars(select(Claim.id)))


async def test_29_what_was_pending_when_it_ended_is_answered_once_it_begins_anew(
    two_nodes: Pair,
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    held = await shared.claim(wren, first.lead)
    async with door(south.engine) as session:
        pending = (await claim_seat(session, wren.asker, second.lead, clock())).id
    await part(north, south)
    assert await north.workshop.client(south.id) is None
    with pytest.raises(PartnerRefusedError):
        await pull_now(south, north)
    assert await standing(south, pending) == ("requested", [])
    assert await standing(north, held) == await standing(south, held) == ("held", [])
    assert await claims_at(north) == {held}

    await part(south, north)
    await join(north, south)
    await shared.exchange()
    for node in two_nodes:
        assert await standing(node, held) == await standing(node, pending) == ("held", [])
        assert await claims_at(node) == {held, pending}
        assert await set_aside(node) == []


async def test_30_what_stands_behind_it_on_the_same_page_counts_no_more(two_nodes: Pair) -> None:
    """Somebody blocks South while its page is being applied: from then on nothing of it is."""
    north, south = two_nodes
    note = note_in("greeting")

    async def blocks(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        await note(session, sender, payload, now)
        if payload == {"n": 2}:
            await part(north, south)

    north.apply["greeting"] = blocks
    await say(south, north, {"n": 1}, {"n": 2}, {"n": 3}, {"n": 4})
    await pull_now(north, south)
    assert await heard(north) == [{"n": 1}, {"n": 2}]


async def test_32_no_partner_brings_back_one_that_was_removed(two_nodes: Pair) -> None:
    """South states a pool in which a project of East takes part, with which North has ended."""
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    away = uuid4()
    await removed_partner(north, south, away)
    stated = POOL | {"members": [MEMBER | {"project": PROJECT | {"id": str(away)}}]}
    async with door(south.engine) as session:
        await append(session, "pool/shifts", POOL["id"], "pool.stated", stated, now=clock())
        await grant(
            session,
            asker=ADMINISTRATOR,
            node_id=north.id,
            capability=f"shifts:{POOL['id']}",
            now=clock(),
        )
    await pull_now(north, south)
    async with door(north.engine) as session:
        assert (await session.get_one(Pool, UUID(POOL["id"]))).host == south.id
        ended = await session.get_one(Partner, EAST)
        assert (ended.state, ended.we_grant) == ("ended", [])
        project = await session.get_one(Project, away)
        assert (project.node, project.name) == (EAST, "East")
        assert await audience_of(session, "pool/shifts", str(shared.pool.id)) == [south.id]
        assert set(await session.scalars(select(Partner.node_id))) == {south.id, EAST}


async def removed_partner(north: RunningNode, south: RunningNode, project: UUID) -> None:
    async with door(north.engine) as session:
        known = await session.get_one(Partner, south.id)
        session.add(
            Partner(
                node_id=EAST,
                name="East",
                base_url="https://east.test",
                state="joined",
                document=known.document,
                document_version=1,
                keys=known.keys,
                words=[],
                we_grant=[],
                they_grant=[],
                met_at=clock(),
            )
        )
        session.add(
            Project(
                id=project,
                slug="east",
                name="East",
                region="",
                jurisdiction="NL",
                zone="Europe/Amsterdam",
                languages=["nl"],
                node=EAST,
            )
        )
        await session.flush()
        await end(session, asker=ADMINISTRATOR, node_id=EAST, now=clock())
