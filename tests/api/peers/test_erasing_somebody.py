"""Somebody is erased at home: of who they were nothing is left at their host, and home hears so."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from database.session import door
from federation.erasing.actions import SAID
from federation.erasing.errors import StillTakesPart
from federation.erasing.models import HandleErasure
from federation.feeds.models import FeedCursor
from federation.feeds.rules.chain import beginning
from federation.people.actions import let_go
from federation.people.models import Handle, Person
from federation.people.rules import OPERATOR
from federation.pools.actions import restate_handles
from rota.claims.models import Claim
from rota.erasing.actions import erase_person
from rota.passport.actions import attest_training
from tests.api.conftest import form_token
from tests.api.peers.desk import desk, desk_of
from tests.api.peers.handing import a_worker_of_north
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now, set_aside
from tests.rota.world import Worker, everything

Pair = tuple[RunningNode, RunningNode]
NAME, TAG, TRAINING = "Canary Heron 77", "yy-canary", "canary-listening"
WORDS = {NAME, TAG}
LEFT = "/people/left"
UNCONFIRMED = "It has not confirmed 1 of them"


async def known(node: RunningNode) -> set[str]:
    """Say which canaries stand anywhere in a node's database."""
    async with door(node.engine) as session:
        told = repr(await everything(session))
    return {word for word in (NAME, TAG, TRAINING) if word in told}


async def a_leaver(shared: PoolOfTwo) -> tuple[Worker, UUID]:
    """Let somebody of South, whom North knows well, hold a seat there, and leave."""
    worker = await shared.worker()
    async with door(shared.south.engine) as session:
        person = await session.get_one(Person, worker.id)
        person.languages = [TAG]
        (await session.get_one(Handle, worker.handle)).display = NAME
        await attest_training(
            session,
            shared.coordinator,
            worker.id,
            TRAINING,
            clock().date(),
            clock().date(),
            clock(),
        )
        await restate_handles(session, worker.id, clock())
    [evening] = await shared.shifts(1)
    claim = await shared.claim(worker, evening.lead)
    await shared.south.loop.work_off()
    await shared.exchange()
    return worker, claim


async def leave(shared: PoolOfTwo, worker: Worker) -> None:
    async with door(shared.south.engine) as session:
        await let_go(session, OPERATOR, person_id=worker.id, now=clock())
    await shared.south.loop.work_off()


async def erase(shared: PoolOfTwo, worker: Worker) -> None:
    async with door(shared.south.engine) as session:
        await erase_person(session, OPERATOR, worker.id, clock())


async def erasures(node: RunningNode) -> list[bool]:
    """Say of each handle that a partner was asked to erase whether it has."""
    async with door(node.engine) as session:
        rows = await session.scalars(select(HandleErasure.confirmed_at))
        return [at is not None for at in rows]


async def test_nothing_is_left_of_who_somebody_was_and_home_hears_so(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    worker, claim = await a_leaver(shared)
    assert (await known(north), await known(south)) == (WORDS, {*WORDS, TRAINING})
    await leave(shared, worker)
    await shared.exchange()
    assert await known(north) == WORDS

    async with desk_of(south, shared.coordinator.person_id) as head:
        form = {"_csrf_token": await form_token(head.browser, LEFT), "handle": NAME}
        erased = await head.browser.post(f"/people/{worker.id}/erase", data=form)
        assert erased.headers["location"] == LEFT
        assert "North was asked on" in await head.see(LEFT)
    assert (await known(south), await erasures(south)) == (set(), [False])
    async with desk(south, "coordinator") as reads:
        assert UNCONFIRMED in await reads.see(f"/partners/{north.id}")
    await shared.exchange()
    assert (await known(north), await erasures(south)) == (set(), [True])
    async with desk_of(south, shared.coordinator.person_id) as head:
        assert "North confirmed it on" in await head.see(LEFT)
    assert await set_aside(north) == await set_aside(south) == []
    async with desk(south, "coordinator") as reads:
        assert UNCONFIRMED not in await reads.see(f"/partners/{north.id}")
    # who held the seat is an id, and stays one
    async with door(north.engine) as session:
        assert (await session.get_one(Claim, claim)).handle_id == worker.handle
        stub = await session.get_one(Handle, worker.handle)
    assert (stub.display, stub.roles, stub.languages) == (f"erased {worker.handle}", [], [])


async def test_the_stubs_still_prove_the_feed_and_bring_nobody_back(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    worker, _ = await a_leaver(shared)
    await leave(shared, worker)
    await erase(shared, worker)
    await shared.exchange()
    async with door(north.engine) as session:
        [cursor] = await session.scalars(select(FeedCursor).where(FeedCursor.kind == "private"))
        end = cursor.seq
        cursor.seq, cursor.hash = 0, beginning(cursor.feed_id, cursor.epoch)
    await pull_now(north, south)
    async with door(north.engine) as session:
        read = await session.get_one(FeedCursor, cursor.id)
    assert (read.seq >= end, read.trouble) == (True, None)
    assert await known(north) == set()


async def test_who_still_takes_part_is_not_erased(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    worker, _ = await a_leaver(shared)
    with pytest.raises(StillTakesPart):
        await erase(shared, worker)
    assert await known(shared.south) == {*WORDS, TRAINING}


async def test_nobody_is_erased_by_another_node_than_theirs(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    robin = await a_worker_of_north(shared)
    async with door(north.engine) as session:
        theirs = update(Handle).where(Handle.id == robin.handle)
        await session.execute(theirs.values(display=NAME, languages=[TAG]))
    await shared.south_says(SAID, handle=str(robin.handle))
    assert (await known(north), await set_aside(north)) == (WORDS, [(SAID, "bad", "not-found")])
    # of a handle that it does not know there is nothing to erase
    strangers: dict[str, Any] = {"handle": str(uuid4())}
    await shared.south_says(SAID, **strangers)
    assert await set_aside(south) == [("erasure.confirmed", "bad", "not-found")]
