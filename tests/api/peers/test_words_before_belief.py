"""A new host speaks to a home that does not know yet that it hosts the pool."""

from datetime import timedelta
from uuid import UUID

from database.session import door
from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from rota.company.models import SessionCompany
from rota.session_clock.actions import look_at_session
from rota.splitting.actions import split_shift
from rota.timetable.actions import cancel_shift
from tests.api.peers.handing import (
    a_worker_of_north,
    claim_at,
    everybody,
    handed_unread,
    hosts,
    with_west,
)
from tests.api.peers.meanwhile import pull_while
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import (
    DAY,
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    set_aside,
    standing,
    times_of,
)
from tests.rota.world import TUESDAY_19, Worker, a_shift

Pair = tuple[RunningNode, RunningNode]


async def takes_and_divides(shared: PoolOfTwo, long: UUID, off: UUID) -> None:
    """Let South take the pool, divide one session in it and call off another."""
    south = shared.south
    await pull_now(south, shared.north)
    assert (await hosts(shared))[1] == (None, 2)
    at = TUESDAY_19 + timedelta(hours=2)
    async with door(south.engine) as session:
        await split_shift(session, shared.coordinator, long, at, clock())
    async with door(south.engine) as session:
        await cancel_shift(session, shared.coordinator, off, clock())


async def with_words_of_south(shared: PoolOfTwo, west: RunningNode) -> Worker:
    """Let West take part, and South have said something to it, so that there is a feed to read."""
    _western, finch = await with_west(shared, west)
    async with door(shared.south.engine) as session:
        nothing = {"pool": str(shared.pool.id), "term": 1}
        await append(session, PRIVATE, west.id, "pool.unoffered", nothing, now=clock())
    return finch


async def test_what_a_home_reads_with_an_old_list_waits_until_it_believes_the_new_host(
    two_nodes: Pair, west: RunningNode
) -> None:
    """It asked for the list just before, and for the pages just after."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch = await with_words_of_south(shared, west)
    async with door(north.engine) as session:
        long = await a_shift(session, shared.pool, TUESDAY_19, hours=3)
        off = await a_shift(session, shared.pool, TUESDAY_19 + DAY)
    await everybody(north, south, west)
    kept = await claim_at(west, finch, long.lead)
    over = await claim_at(west, finch, off.lead)
    await everybody(north, south, west)
    await handed_unread(shared)
    await pull_while(
        west, south, lambda: takes_and_divides(shared, long.id, off.id), before="private"
    )
    waits = ("unknown-kind", "not-here-yet")
    waiting = [("claim.split", *waits), ("claim.ended", *waits)]
    assert await set_aside(west) == waiting
    for _ in range(2):
        await everybody(north, south, west)
        await west.loop.work_off()
    both = await booked(west, finch)
    assert (kept in both, len(both), await standing(west, over)) == (True, 2, ("released", []))
    for node in (south, west):
        assert [await standing(node, claim) for claim in both] == [("held", [])] * 2
    at_home, taken = await times_of(west, finch)
    assert at_home == taken
    assert await set_aside(west) == []


async def takes_and_tells(shared: PoolOfTwo, shift: UUID) -> None:
    """Let South take the pool, and tell homes who comes to a session that is near."""
    south = shared.south
    await pull_now(south, shared.north)
    assert (await hosts(shared))[1] == (None, 2)
    async with door(south.engine) as session:
        await look_at_session(session, shift, clock())


async def told(node: RunningNode, shift: UUID) -> list[str]:
    """Name those of whom a home knows that they come to a session."""
    async with door(node.engine) as session:
        kept = await session.get(SessionCompany, shift)
        return sorted(each["handle"] for each in kept.content["companions"]) if kept else []


async def test_who_comes_is_told_once_more_to_a_home_that_did_not_believe_it(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch = await with_words_of_south(shared, west)
    robin = await a_worker_of_north(shared)
    async with door(north.engine) as session:
        soon = await a_shift(session, shared.pool, clock() + timedelta(hours=6))
    await everybody(north, south, west)
    his = await claim_at(west, finch, soon.lead)
    await claim_at(north, robin, soon.seats["second"])
    await everybody(north, south, west)
    await handed_unread(shared)
    await pull_while(west, south, lambda: takes_and_tells(shared, soon.id), before="private")
    assert await told(west, soon.id) == []
    for _ in range(2):
        await everybody(north, south, west)
        async with door(south.engine) as session:
            await look_at_session(session, soon.id, clock())
    assert await standing(west, his) == ("held", [])
    assert await told(west, soon.id) == sorted([finch.display, robin.display])
