"""Who hosts a pool no more grants nothing, and nobody comes to host one alone."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from database.ids import new_id
from database.session import broken_constraint, door
from federation.errors import NotAllowed, NotFound
from federation.feeds.actions import append
from federation.handing.actions import offer_pool, take_back_offer
from federation.handing.errors import (
    HandedOver,
    NoMemberNode,
    NothingOffered,
    OtherTerm,
)
from federation.handing.models import PoolTerm
from federation.handing.rules import PURPOSE, PoolDocument, written
from federation.handing.terms import believe
from federation.partners.errors import BadSignature
from federation.partners.keys import NodeKeys
from federation.partners.models import Partner
from federation.people.models import Handle
from federation.pools.announce import announce_pool
from federation.pools.errors import NotTheHost
from federation.pools.models import Pool
from rota.seats.actions import host_reasons, lock_shift_of
from tests.api.peers.handing import (
    accept,
    administrator,
    everybody,
    hand_over,
    hosts,
    offer,
    signed,
    take_back,
    with_west,
)
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock
from tests.api.peers.pool_of_two import (
    DAY,
    PoolOfTwo,
    pool_of_two,
    pull_now,
    set_aside,
    standing,
)

Pair = tuple[RunningNode, RunningNode]


async def test_the_old_host_grants_nothing_and_its_word_counts_no_more(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    held = await shared.claim(wren, first.lead)
    await hand_over(shared)
    async with door(north.engine) as session:
        shift = await lock_shift_of(session, second.lead)
        handle = await session.get_one(Handle, wren.handle)
        with pytest.raises(HandedOver):
            await host_reasons(session, shift, second.lead, handle, clock())
    answered: dict[str, Any] = {
        "claim": str(held),
        "state": "refused",
        "reasons": [],
        "receipt": None,
    }
    ended = {"claim": str(held), "state": "released"}
    # of a claim and a seat that only earlier words would have told
    divided = {name: str(new_id()) for name in ("claim", "part", "seat")}
    divided["answer_by"] = clock().isoformat()
    stated = {"shift": str(first.id), "at": clock().isoformat(), "busy": True, "ended_at": None}
    async with door(north.engine) as session:
        await announce_pool(session, shared.pool.id, clock())
        feed = ("pool/shifts", str(shared.pool.id))
        await append(session, *feed, "session.stated", stated, now=clock())
        for kind, said in (
            ("claim.answered", answered),
            ("claim.ended", ended),
            ("claim.split", divided),
        ):
            await append(session, "private", south.id, kind, said, now=clock())
    # asked of the old one by somebody who has not heard yet
    asked = {
        "claim": str(new_id()),
        "seat": str(second.lead),
        "handle": str(wren.handle),
        "answer_by": (clock() + DAY).isoformat(),
    }
    await shared.south_says("claim.requested", **asked)
    refused = {(kind, detail) for kind, _, detail in await set_aside(south)}
    assert refused == {
        ("pool.stated", "handed-over"),
        ("session.stated", "handed-over"),
        ("claim.answered", "handed-over"),
        ("claim.ended", "handed-over"),
        ("claim.split", "handed-over"),
    }
    assert [(kind, detail) for kind, _, detail in await set_aside(north)] == [
        ("claim.requested", "handed-over")
    ]
    assert await standing(south, held) == ("held", [])


async def test_nothing_changes_without_the_yes_of_both(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    with pytest.raises(NotAllowed):
        await offer(shared, by=shared.pool.coordinator)
    with pytest.raises(NotFound):
        await offer(shared, by=ADMINISTRATOR)
    with pytest.raises(NoMemberNode):
        await offer(shared, to="B" * 43)
    with pytest.raises(NothingOffered):
        await accept(shared)
    await offer(shared)
    await shared.exchange()
    async with door(south.engine) as session:
        asker = administrator(shared.coordinator)
        with pytest.raises(NotTheHost):
            await offer_pool(session, asker, shared.pool.id, north.id, south.id, clock())
        await take_back_offer(session, asker, shared.pool.id, clock())
    await shared.exchange()
    with pytest.raises(NothingOffered):
        await take_back(shared)
    await signed(shared)
    # taken back before the yes was heard
    await take_back(shared)
    await shared.exchange()
    assert await hosts(shared) == [(None, 1), (north.id, 1)]
    with pytest.raises(NothingOffered):
        await accept(shared)


async def test_nobody_makes_themselves_host(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    async with door(north.engine) as session:
        project = shared.coordinator.project_id
        document = PoolDocument(
            pool=shared.pool.id,
            term=2,
            version=1,
            host=south.id,
            deputy=None,
            members={south.id: [project]},
            at=clock(),
        )
        said = written(document).encode()
        by_south = south.node.keys.sign("head", said, purpose=PURPOSE)
        by_another = NodeKeys.create(north.settings.keys / "another").sign(
            "head", said, purpose=PURPOSE
        )
        with pytest.raises(OtherTerm):
            await believe(session, {south.id: by_south}, north.node.keys, clock())
        forged = {south.id: by_south, north.id: by_another}
        with pytest.raises(BadSignature):
            await believe(session, forged, north.node.keys, clock())
    assert await hosts(shared) == [(None, 1), (north.id, 1)]


async def test_a_term_has_one_host_and_only_grows(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    await hand_over(shared)
    for change in ({"host": "B" * 43}, {"term": 9}, {"version": 0}):
        with pytest.raises(IntegrityError) as broken:
            async with door(shared.south.engine) as session:
                await session.execute(update(PoolTerm).where(PoolTerm.term == 2).values(**change))
        assert broken_constraint(broken.value) == "pool_term_only_grows"


async def test_a_host_that_cannot_be_believed_yet_is_read_once_it_can(
    two_nodes: Pair, west: RunningNode
) -> None:
    """The old host's key is another one since; as long as this is not known, nothing is lost."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await with_west(shared, west)
    await shared.shifts(1)
    await everybody(north, south, west)
    pinned = (await west.partner(north)).keys
    await pin(west, north, pinned | {"head": (await west.partner(south)).keys["head"]})
    await hand_over(shared)
    await pull_now(west, south)
    assert await hosts_at(west, shared) == north.id
    assert await set_aside(west) == []
    await pin(west, north, pinned)
    await pull_now(west, south)
    assert await hosts_at(west, shared) == south.id
    assert await set_aside(west) == []


async def pin(node: RunningNode, other: RunningNode, keys: dict[str, Any]) -> None:
    async with door(node.engine) as session:
        partner = await session.get_one(Partner, other.id)
        partner.keys = keys


async def hosts_at(node: RunningNode, shared: PoolOfTwo) -> str | None:
    async with door(node.engine) as session:
        return (await session.get_one(Pool, shared.pool.id)).host
