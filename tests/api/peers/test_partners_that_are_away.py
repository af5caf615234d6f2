"""Partners that are away for long, and the one that comes back."""

import asyncio
import socket
from datetime import datetime, timedelta
from typing import Any

import time_machine
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.worker.jobs import ask_for_standing_work
from database import outbox
from database.outbox import OutboxRow
from database.session import door
from federation.feeds import actions as feeds
from federation.feeds.models import Feed
from federation.feeds.queries import unconfirmed
from federation.partners.actions import POKE, PULL
from federation.partners.models import Partner
from federation.partners.rules.capabilities import SHIFTS
from federation.partners.sender import Sender
from federation.projects.models import Project
from tests.api.peers.conftest import PARTNERS
from tests.api.peers.nodes import RunningNode, add_shared_pool, clock
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say, trouble

Pair = tuple[RunningNode, RunningNode]
Row = tuple[str, str, str]
AWAY = "ConnectError"


def nowhere() -> str:
    """Give an address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


async def work_for_partners(node: RunningNode) -> list[Row]:
    async with door(node.engine) as session:
        rows = await session.execute(
            select(OutboxRow.kind, OutboxRow.key, OutboxRow.last_error).where(
                OutboxRow.kind.in_((POKE, PULL))
            )
        )
        return sorted((kind, key, error or "") for kind, key, error in rows)


async def add_dead_partners(node: RunningNode, like: RunningNode, number: int) -> list[str]:
    """Let a node have joined with others that are gone since."""
    dead = [f"dead-{one}".ljust(43, "x") for one in range(number)]
    async with door(node.engine) as session:
        of_one = select(PARTNERS).where(PARTNERS.c.node_id == like.id)
        known = dict((await session.execute(of_one)).mappings().one())
        for node_id in dead:
            gone = {**known, "node_id": node_id, "base_url": nowhere()}
            await session.execute(insert(PARTNERS), gone)
    return dead


async def test_13_a_dead_partner_has_one_row_of_each_work_and_others_hear_everything(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    dead = await add_dead_partners(north, south, 8)
    async with door(north.engine) as session:
        pool = await add_shared_pool(session, south.id)
        shown = update(Partner).where(Partner.node_id.in_(dead))
        await session.execute(shown.values(we_grant=[f"{SHIFTS}:{pool.id}"]))
        for node_id in [*dead, south.id]:
            await outbox.put(session, PULL, {"node_id": node_id}, now=clock(), key=node_id)
    for number in range(20):
        async with door(north.engine) as session:
            await feeds.append(
                session, "pool/shifts", str(pool.id), "greeting", {"n": number}, now=clock()
            )
        await north.loop.work_off()
    assert await work_for_partners(north) == sorted(
        [(kind, node_id, AWAY) for kind in (POKE, PULL) for node_id in dead]
        + [(PULL, south.id, "")]
    )
    await south.loop.work_off()
    assert await heard(south) == [{"n": number} for number in range(20)]


async def test_14_a_partner_back_after_weeks_is_read_at_once_and_hears_recalls_first(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    order: list[object] = []

    async def recalled(_: AsyncSession, __: Sender, statement: str, ___: datetime) -> None:
        order.append(statement)

    async def greeted(*said: Any) -> None:
        order.append(said[2]["n"])

    south.apply_recall["project/releases"] = recalled
    south.apply["greeting"] = greeted
    with time_machine.travel(clock(), tick=True) as time:
        releases = await let_read_releases(north, south)
        await say(north, south, {"n": 0})
        await pull_now(south, north)
        await pull_now(north, south)
        line = (await north.partner(south)).base_url
        await move(north, south, nowhere())
        for day in range(1, 22):
            await say(north, south, {"n": day})
            await north.loop.work_off()
            time.shift(timedelta(days=1))
        async with door(north.engine) as session:
            await feeds.recall(
                session, "project/releases", releases.subject, "withdrawn", now=clock()
            )
            await outbox.put(session, PULL, {"node_id": south.id}, now=clock(), key=south.id)
        for _ in range(8):
            await north.loop.work_off()
            time.shift(timedelta(minutes=1))
        assert await work_for_partners(north) == [(POKE, south.id, AWAY), (PULL, south.id, AWAY)]

        await north.loop.work_off()
        await move(north, south, line)
        await ask_for_standing_work(south.workshop)
        await south.loop.work_off()
        assert order == [0, "withdrawn", *range(1, 22)]
        assert {code for _, code in await trouble(south)} == {None}

        # its sign-in is a sign of life: what waits for it is not put off any longer
        await north.loop.work_off()
        assert await work_for_partners(north) == [(PULL, south.id, "")]
        await south.loop.work_off()
        async with door(north.engine) as session:
            assert await unconfirmed(session, releases) == []


async def test_jobs_that_ask_at_once_go_one_new_way_to_a_partner_that_moved(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    old = await north.client(south)
    await move(north, south, nowhere())
    first, second = await asyncio.gather(north.client(south), north.client(south))
    assert first is second is not old
    assert north.workshop.clients == {south.id: first}


async def let_read_releases(north: RunningNode, south: RunningNode) -> Feed:
    """Give a feed of north's releases that south reads."""
    async with door(north.engine) as session:
        await add_shared_pool(session, south.id)
        project = (await session.scalars(select(Project))).one()
        subject = str(project.id)
        await feeds.append(session, "project/releases", subject, "release", {}, now=clock())
    return await north.feed("project/releases", subject)


async def move(north: RunningNode, south: RunningNode, base_url: str) -> None:
    """Let north look for south at another address."""
    async with door(north.engine) as session:
        changed = update(Partner).where(Partner.node_id == south.id)
        await session.execute(changed.values(base_url=base_url))
