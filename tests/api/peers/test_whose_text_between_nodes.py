"""A node takes another one's URN for words of its own, before anybody has read the owner's."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from database.session import door
from federation.feeds.models import SetAsideEvent
from federation.pools.models import Pool
from protocols.adoption.queries import texts_on_pool
from protocols.pool_texts.actions import name_pool_text
from protocols.recalls.models import Recall
from protocols.releases.models import Release
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_recalls_between_nodes import (
    Chain,
    chain,
    confirmed,
    state_as_ones_own,
    withdraw,
    work_off,
)
from tests.api.peers.test_texts_between_nodes import publish, pull_now
from tests.protocols.example_texts import Members

__all__ = ["chain"]


async def claim(node: RunningNode, members: Members, text: Release) -> Release:
    """State it under its URN and id as one's own, with other words."""
    facts: dict[str, Any] = msgspec.json.decode(text.manifest)
    facts["project"] = str(members.project)
    words = facts["variants"]["en"]
    words["texts"] = dict.fromkeys(words["texts"], "Ask them where they live.")
    return await state_as_ones_own(node, facts)


async def put_in_force(chain: Chain, urn: str) -> UUID:
    async with door(chain.north.engine) as session:
        [pool] = await session.scalars(select(Pool.id))
        await name_pool_text(session, chain.author.coordinator, pool_id=pool, urn=urn, now=clock())
    return pool


async def shown(chain: Chain, pool: UUID) -> list[tuple[list[str], Any]]:
    """Give what South's workers read for a shift of the pool, and what holds instead."""
    async with door(chain.south.engine) as session:
        texts = await texts_on_pool(session, [chain.adopter.project], pool)
    return [
        (list(one.manifest.source.texts.values()) if one.manifest else [], one.emergency)
        for one in texts
    ]


async def test_the_owners_words_are_read_and_withdrawn_whoever_was_first(chain: Chain) -> None:
    north, south, east = chain.nodes
    published = await publish(north, chain.author)
    await claim(east, chain.user, published)
    await pull_now(south, east)
    await pull_now(south, north)
    pool = await put_in_force(chain, published.urn)
    await pull_now(south, north)

    assert await shown(chain, pool) == [(["Two of you are online together."], None)]

    await withdraw(north, chain.author, published)
    await work_off(north, south, north)

    assert await shown(chain, pool) == [([], {"en": "Close the chat."})]
    assert await confirmed(north) == [(south.id, [chain.adopter.project])]
    async with door(south.engine) as session:
        assert (await session.scalars(select(SetAsideEvent))).all() == []


async def test_a_strangers_recall_withdraws_nothing_of_the_owners(chain: Chain) -> None:
    north, south, east = chain.nodes
    published = await publish(north, chain.author)
    theirs = await claim(east, chain.user, published)
    await pull_now(south, north)
    await pull_now(south, east)
    pool = await put_in_force(chain, published.urn)
    await pull_now(south, north)

    await withdraw(east, chain.user, theirs)
    await work_off(east, south)

    assert await shown(chain, pool) == [(["Two of you are online together."], None)]
    async with door(south.engine) as session:
        assert (await session.scalars(select(Recall.node_id))).all() == [east.id]
