"""A pool comes back to a node that hosted it before: what that said then is not its word now."""

from datetime import timedelta
from uuid import UUID

from database.ids import new_id
from database.session import door
from federation.partners.actions import grant
from federation.pools.actions import join_pool
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.shifts.models import Shift
from rota.sign_up.proposals import propose
from rota.splitting.actions import split_shift
from rota.swaps.offering import offer_seat, withdraw_offer
from rota.timetable.actions import cancel_shift
from tests.api.peers.handing import (
    claim_at,
    everybody,
    hand_over,
    handed_on,
    hosts,
    with_west,
)
from tests.api.peers.meanwhile import pull_while
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock, join
from tests.api.peers.pool_of_two import (
    DAY,
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    seat_state,
    set_aside,
    standing,
    times_of,
)
from tests.api.peers.test_wishes_go_with_the_pool import covers, offers
from tests.rota.world import SHARE, TUESDAY_19, Planned, Worker, a_project, a_shift, a_worker

Pair = tuple[RunningNode, RunningNode]


async def comes_back(shared: PoolOfTwo) -> None:
    """Let South hand the pool back to North, while nobody else hears anything."""
    await handed_on(shared, shared.north, shared.pool.coordinator)
    await pull_now(shared.north, shared.south)
    assert await hosts(shared) == [(None, 3), (shared.north.id, 3)]


async def at_rest(shared: PoolOfTwo, west: RunningNode) -> None:
    for _ in range(3):
        await everybody(shared.north, shared.south, west)
        for node in (shared.north, shared.south, west):
            await node.loop.work_off()


async def an_evening(shared: PoolOfTwo, west: RunningNode, *, hours: int = 2) -> Planned:
    async with door(shared.north.engine) as session:
        made = await a_shift(session, shared.pool, TUESDAY_19, hours=hours)
    await everybody(shared.north, shared.south, west)
    return made


async def held_at_west(
    shared: PoolOfTwo, west: RunningNode, *, hours: int = 2
) -> tuple[Worker, Planned, UUID]:
    _western, finch = await with_west(shared, west)
    evening = await an_evening(shared, west, hours=hours)
    claim = await claim_at(west, finch, evening.lead)
    await everybody(shared.north, shared.south, west)
    return finch, evening, claim


async def test_a_grant_of_before_does_not_come_true_once_its_host_hosts_again(
    two_nodes: Pair, west: RunningNode
) -> None:
    """West hears nothing from the grant on, until the session was called off by another host."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    evening = await an_evening(shared, west)
    claim = await claim_at(west, finch, evening.lead)
    await pull_now(north, west)
    assert await standing(north, claim) == ("held", [])
    await hand_over(shared)
    async with door(south.engine) as session:
        await cancel_shift(session, shared.coordinator, evening.id, clock())
    await comes_back(shared)
    await at_rest(shared, west)
    ended = [(await standing(node, claim))[0] for node in (north, west)]
    assert ("held" not in ended, await booked(west, finch)) == (True, [])


async def test_who_hosts_no_more_refuses_no_yes(two_nodes: Pair, west: RunningNode) -> None:
    """It has offered the seat itself; whoever hosts by now says what came of it."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    evening = await an_evening(shared, west)
    offered = new_id()
    async with door(north.engine) as session:
        await propose(session, offered, evening.lead, finch.handle, clock(), origin="coordinator")
    await pull_now(west, north)
    assert await booked(west, finch) == [offered]
    await hand_over(shared)
    await pull_now(north, west)
    await comes_back(shared)
    await at_rest(shared, west)
    for node in (north, west):
        assert await standing(node, offered) == ("held", [])
    assert await booked(west, finch) == [offered]
    assert await seat_state(south, evening.lead) == "held"


async def test_what_a_host_of_before_says_again_is_read_once_that_is_believed(
    two_nodes: Pair, west: RunningNode
) -> None:
    """West asked for the list just before North took the pool back, and for pages just after."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch, evening, claim = await held_at_west(shared, west, hours=3)
    await hand_over(shared)
    await everybody(north, south, west)

    async def comes_back_and_divides() -> None:
        await comes_back(shared)
        at = TUESDAY_19 + timedelta(hours=2)
        async with door(north.engine) as session:
            await split_shift(session, shared.pool.coordinator, evening.id, at, clock())

    await pull_while(west, north, comes_back_and_divides, before="private")
    await at_rest(shared, west)
    both = await booked(west, finch)
    assert (claim in both, len(both)) == (True, 2)
    for node in (north, west):
        assert [await standing(node, each) for each in both] == [("held", [])] * 2
    at_home, taken = await times_of(west, finch)
    assert at_home == taken
    assert await set_aside(west) == []


async def test_both_parts_of_a_session_that_was_divided_before_stay_with_who_holds_it(
    two_nodes: Pair, west: RunningNode
) -> None:
    """West did not hear of it in the term in which that was; each host since knows both parts."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch, evening, claim = await held_at_west(shared, west, hours=3)
    at = TUESDAY_19 + timedelta(hours=2)
    async with door(north.engine) as session:
        await split_shift(session, shared.pool.coordinator, evening.id, at, clock())
    await shared.exchange()
    await hand_over(shared)
    await comes_back(shared)
    await at_rest(shared, west)
    both = await booked(west, finch)
    assert (claim in both, len(both)) == (True, 2)
    for node in (north, west):
        assert [await standing(node, each) for each in both] == [("held", [])] * 2
    at_home, taken = await times_of(west, finch)
    assert at_home == taken
    assert await seat_state(south, evening.lead) == "held"


async def test_sessions_that_a_host_of_before_states_again_are_kept_once_that_is_believed(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _finch, evening, _claim = await held_at_west(shared, west)
    await hand_over(shared)
    await everybody(north, south, west)
    added: list[Planned] = []

    async def comes_back_and_plans() -> None:
        await comes_back(shared)
        async with door(north.engine) as session:
            added.append(await a_shift(session, shared.pool, TUESDAY_19 + DAY))

    await pull_while(west, north, comes_back_and_plans, before="pool/shifts")
    await at_rest(shared, west)
    async with door(west.engine) as session:
        known = [await session.get(Shift, each) for each in (evening.id, added[0].id)]
    assert [each is not None for each in known] == [True, True]
    assert await set_aside(west) == []


async def test_cover_that_was_taken_back_meanwhile_is_not_asked_for_again(
    two_nodes: Pair, west: RunningNode
) -> None:
    """North could not hear West while it asked, nor while South hosted the pool."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch, _evening, claim = await held_at_west(shared, west)
    async with door(west.engine) as session:
        cover = (await ask_for_cover(session, finch.asker, claim, clock())).id
    await hand_over(shared)
    await pull_now(west, south)
    async with door(west.engine) as session:
        await withdraw_cover(session, finch.asker, cover, clock())
    await comes_back(shared)
    await at_rest(shared, west)
    open_covers = [
        state for node in (north, south, west) for state, _ in (await covers(node)).values()
    ]
    assert "open" not in open_covers


async def test_an_offer_that_was_taken_back_meanwhile_is_not_made_again(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch, _evening, claim = await held_at_west(shared, west)
    async with door(west.engine) as session:
        offered = (await offer_seat(session, finch.asker, claim, clock(), one_way=True)).id
    await hand_over(shared)
    await pull_now(west, south)
    async with door(west.engine) as session:
        await withdraw_offer(session, finch.asker, offered, clock())
    await comes_back(shared)
    await at_rest(shared, west)
    standing_offers = [
        state for node in (north, south, west) for state, _ in (await offers(node)).values()
    ]
    assert "open" not in standing_offers


async def test_who_takes_part_since_the_hand_over_wishes_in_the_term_that_counts(
    two_nodes: Pair, west: RunningNode
) -> None:
    """It was shown what was signed of the pool before it knew that there is one."""
    shared = await pool_of_two(two_nodes)
    _north, south = two_nodes
    await hand_over(shared)
    await join(south, west)
    async with door(south.engine) as session:
        shifts = f"shifts:{shared.pool.id}"
        await grant(session, asker=ADMINISTRATOR, node_id=west.id, capability=shifts, now=clock())
        evening = await a_shift(session, shared.pool, TUESDAY_19)
    await pull_now(west, south)
    async with door(west.engine) as session:
        western = await a_project(session, "western")
        await join_pool(session, western, shared.pool.id, SHARE, clock())
        finch = await a_worker(session, shared.pool.id, western, hours_per_week=40)
    for _ in range(2):
        await everybody(south, west)
    claim = await claim_at(west, finch, evening.lead)
    await everybody(south, west)
    async with door(west.engine) as session:
        await ask_for_cover(session, finch.asker, claim, clock())
    await everybody(south, west)
    assert await covers(south) == {evening.lead: ("open", True)}
    assert await covers(west) == {evening.lead: ("open", False)}
