"""A pool's host is lost: its deputy takes over, and the lost one comes back as a member."""

from uuid import UUID

import pytest
from sqlalchemy import select

from database.session import door
from federation.errors import NotAllowed, NotFound
from federation.handing.actions import administrators as administrators_of
from federation.handing.actions import take_back_offer
from federation.handing.errors import (
    HostWasHeard,
    NoMemberNode,
    NothingOffered,
    NotTheDeputy,
    PoolSettling,
)
from federation.handing.losses import agree, name_deputy, sign_again
from federation.pools.models import Pool
from federation.restoring.errors import NotWaitedFor
from rota.claims.models import Claim
from rota.handing.after_loss import go_on_without, take_over
from rota.sign_up.actions import release_claim
from rota.swaps.models import SwapOffer
from rota.swaps.offering import offer_seat
from tests.api.peers.handing import (
    a_worker_of_north,
    administrator,
    agreed,
    claim_at,
    deputise,
    everybody,
    hosts,
    offered_at,
    silent,
    take,
    with_west,
)
from tests.api.peers.host_desks import ADMINISTRATOR as ROLE
from tests.api.peers.host_desks import administrator_of, desk, typed
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock
from tests.api.peers.pool_of_two import (
    booked,
    pool_of_two,
    pull_now,
    seat_state,
    set_aside,
    standing,
)

Pair = tuple[RunningNode, RunningNode]


async def test_only_partner_administrators_name_take_and_agree(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    keys = shared.south.node.keys
    for asker, wrong in ((shared.coordinator, NotAllowed), (ADMINISTRATOR, NotFound)):
        async with door(shared.south.engine) as session:
            about = (session, asker, shared.pool.id)
            with pytest.raises(wrong):
                await name_deputy(*about, None, keys, clock())
            with pytest.raises(wrong):
                await take_over(*about, keys, clock())
            with pytest.raises(wrong):
                await agree(*about, keys, clock())
            with pytest.raises(wrong):
                await go_on_without(*about, shared.north.id, clock())


async def test_with_two_nodes_the_deputy_takes_over_alone(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    with pytest.raises(NotTheDeputy):
        await take(shared)
    with pytest.raises(NoMemberNode):
        await deputise(shared, "B" * 43)
    await deputise(shared, south.id)
    wren, tess, robin = (
        await shared.worker(),
        await shared.worker(),
        await a_worker_of_north(shared),
    )
    first, second, third, fourth = await shared.shifts(4)
    hers = await shared.claim(wren, first.lead)
    with pytest.raises(HostWasHeard):
        await take(shared)

    # all of this the deputy never hears of
    lost = await claim_at(north, robin, second.lead)
    kept = await claim_at(north, robin, third.lead)
    asked = await claim_at(south, wren, fourth.lead)
    await silent(north, south, hours=23)
    with pytest.raises(HostWasHeard):
        await take(shared)
    await silent(north, south)
    await take(shared)
    assert (await hosts(shared))[1] == (None, 2)
    assert await standing(south, hers) == ("held", [])
    assert await standing(south, asked) == ("held", [])
    taken = await claim_at(south, tess, second.lead)
    assert await standing(south, taken) == ("held", [])

    # the old host comes back; the first word that it hears takes the pool from it
    await pull_now(north, south)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    async with door(north.engine) as session:
        assert await session.get(Claim, asked) is None
    assert ("claim.requested", "bad", "handed-over") in await set_aside(north)
    for _ in range(2):
        await shared.exchange()
    # what it has granted since stands where the seat is free
    assert await standing(north, lost) == ("released", [])
    for node in two_nodes:
        assert await standing(node, kept) == ("held", [])
        assert await seat_state(node, second.lead) == "held"
        assert await seat_state(node, third.lead) == "held"
    assert await booked(north, robin) == [kept]
    assert (await booked(south, wren), await booked(south, tess)) == ([hers, asked], [taken])


async def administrators(node: RunningNode) -> list[UUID]:
    async with door(node.engine) as session:
        return await administrators_of(session)


async def test_with_three_nodes_more_than_half_of_the_rest_agree(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await deputise(shared, south.id)
    western, finch = await with_west(shared, west)
    async with door(north.engine) as session:
        # a worker does it as soon as the project has joined
        await sign_again(session, shared.pool.id, north.node.keys, clock())
    await everybody(north, south, west)
    wren = await shared.worker()
    first, second, third = await shared.shifts(3)
    await everybody(north, south, west)
    held = await claim_at(west, finch, first.lead)
    await everybody(north, south, west)
    # granted, and heard of by its home alone
    late = await claim_at(west, finch, second.lead)
    await pull_now(north, west)
    await pull_now(west, north)
    assert await standing(west, late) == ("held", [])

    await silent(north, south)
    with pytest.raises(NothingOffered):
        await agreed(shared, west, western)
    await take(shared)
    await pull_now(west, south)
    assert (await hosts(shared))[1] == (north.id, 1)
    with pytest.raises(HostWasHeard):
        await agreed(shared, west, western)
    await silent(north, west)
    async with desk(west, shared, western.project_id, ROLE) as there:
        assert "you act next" in await there.see()
        assert (await there.press("agree", typed="Evening")).status_code == 422
        assert (await there.press("agree", typed="Evening chat")).status_code == 303
        assert "as soon as enough nodes have agreed" in await there.see()
    await pull_now(south, west)
    assert (await hosts(shared))[1] == (None, 2)
    with pytest.raises(PoolSettling):
        await claim_at(south, wren, third.lead)
    async with door(west.engine) as session:
        assert (await session.get_one(Pool, shared.pool.id)).host == north.id

    for _ in range(2):
        await pull_now(west, south)
        await pull_now(south, west)
    for node in (south, west):
        assert await standing(node, held) == ("held", [])
        assert await standing(node, late) == ("held", [])
        assert await seat_state(node, first.lead) == "held"
    mine = await claim_at(south, wren, third.lead)
    assert await standing(south, mine) == ("held", [])
    assert sorted(await booked(west, finch)) == sorted([held, late])
    # the old host hears it of anybody
    await pull_now(north, west)
    async with door(north.engine) as session:
        assert (await session.get_one(Pool, shared.pool.id)).host == south.id


async def test_a_home_that_is_gone_as_well_is_not_waited_for(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, _finch = await with_west(shared, west)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    wren = await shared.worker()
    [evening] = await shared.shifts(1)
    await silent(north, south, west)
    await take(shared)
    await pull_now(west, south)
    slug = shared.pool.slug
    western_node = await administrator_of(west, western.project_id)
    await typed(slug, western_node, "pools", "agree", slug)
    await pull_now(south, west)

    async def without(node_id: str) -> None:
        async with door(south.engine) as session:
            asker = administrator(shared.coordinator)
            await go_on_without(session, asker, shared.pool.id, node_id, clock())

    with pytest.raises(PoolSettling):
        await claim_at(south, wren, evening.lead)
    with pytest.raises(NotWaitedFor):
        await without(north.id)
    async with desk(south, shared, shared.coordinator.project_id, ROLE) as there:
        assert "West has not said yet" in await there.see()
        wrong = await there.press("go-on-without", node=west.id, typed="Evening")
        assert wrong.status_code == 422
    southern = await administrator_of(south, shared.coordinator.project_id)
    who = ("--as", str((await administrators(south))[0]))
    await typed(slug, southern, "pools", "go-on-without", slug, west.id, *who)
    held = await claim_at(south, wren, evening.lead)
    assert await standing(south, held) == ("held", [])


async def test_a_deputy_that_takes_it_back_tells_those_whom_it_has_asked(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, _finch = await with_west(shared, west)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    await silent(north, south, west)
    await take(shared)
    await pull_now(west, south)
    async with door(south.engine) as session:
        await take_back_offer(session, administrator(shared.coordinator), shared.pool.id, clock())
    await pull_now(west, south)
    with pytest.raises(NothingOffered):
        await agreed(shared, west, western)
    assert (await hosts(shared))[1] == (north.id, 1)


async def test_offers_that_only_a_lost_host_knew_are_told_anew_or_over(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, finch = await with_west(shared, west)
    await deputise(shared, south.id)
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    first, second, third = await shared.shifts(3)
    await everybody(north, south, west)
    hers = await shared.claim(wren, first.lead)
    his = await claim_at(north, robin, second.lead)
    theirs = await claim_at(west, finch, third.lead)
    await everybody(north, south, west)
    for node, worker, claim in ((south, wren, hers), (west, finch, theirs)):
        async with door(node.engine) as session:
            await offer_seat(session, worker.asker, claim, clock(), one_way=True)
    await everybody(north, south, west)
    # this one reaches west alone, which gives its own seat back and cannot say so
    await offered_at(north, robin, his)
    await pull_now(west, north)
    async with door(west.engine) as session:
        await release_claim(session, finch.asker, theirs, clock())
    assert set(await offers(west)) == {first.lead, second.lead, third.lead}

    for node in (south, west):
        await silent(north, node)
    await take(shared)
    await pull_now(west, south)
    await agreed(shared, west, western)
    await everybody(south, west)
    assert await offers(west) == {first.lead: "open", third.lead: "lapsed"}
    await everybody(north, south, west)
    known = {first.lead: "open", second.lead: "open"}
    assert await offers(south) == known
    assert await offers(west) == known | {third.lead: "lapsed"}


async def test_a_yes_to_what_was_asked_before_counts_for_nothing(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, _ = await with_west(shared, west)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    for node in (south, west):
        await silent(north, node)
    await take(shared)
    await pull_now(west, south)
    await agreed(shared, west, western)
    async with door(south.engine) as session:
        asker = administrator(shared.coordinator)
        await take_back_offer(session, asker, shared.pool.id, clock())
    await take(shared)
    await pull_now(south, west)
    assert (await hosts(shared))[1] == (north.id, 1)
    assert await set_aside(south) == []
    await pull_now(west, south)
    await agreed(shared, west, western)
    await pull_now(south, west)
    assert (await hosts(shared))[1] == (None, 2)


async def offers(node: RunningNode) -> dict[UUID, str]:
    async with door(node.engine) as session:
        rows = await session.execute(select(SwapOffer.seat_id, SwapOffer.state))
        return dict(rows.all())
