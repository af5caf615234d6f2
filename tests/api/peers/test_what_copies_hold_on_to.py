"""A home takes a pool over: copies of others' wishes go, whatever of its own hangs on them."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import insert, select, update

from api.tables import METADATA
from database.session import door
from federation.pools.announce import announce_pool
from federation.pools.models import Pool
from rota.consent.actions import give_consent, refuse_consent
from rota.cover.actions import ask_for_cover
from rota.cover.ladder import move_on
from rota.cover.models import CoverRequest
from rota.cover.take import take_cover
from rota.shifts.actions import make_pattern
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from rota.swaps.exchange import accept_offer
from rota.swaps.models import SwapOffer
from rota.swaps.offering import offer_seat
from tests.api.peers.handing import (
    a_worker_of_north,
    claim_at,
    deputise,
    everybody,
    hand_over,
    handed_on,
    hosts,
    offered_at,
    silent,
    take,
    with_west,
)
from tests.api.peers.meanwhile import pull_while
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import (
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    set_aside,
    standing,
)
from tests.rota.world import Worker

Pair = tuple[RunningNode, RunningNode]
CHANNELS = METADATA.tables["channel"]
TUESDAYS = Timing(
    weekday=1, starts=time(19), minutes=120, zone="Europe/London", first_day=date(2027, 2, 2)
)


async def test_a_pool_comes_back_where_an_exchange_was_asked_for_before(
    two_nodes: Pair, west: RunningNode
) -> None:
    """Its first host remembers the exchange, and of the offer has only a copy by then."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    await everybody(north, south, west)
    hers = await shared.claim(wren, first.lead)
    his = await claim_at(west, finch, second.lead)
    await everybody(north, south, west)
    async with door(west.engine) as session:
        offered = await offer_seat(session, finch.asker, his, clock(), wanted=[first.lead])
    await everybody(north, south, west)
    async with door(south.engine) as session:
        await accept_offer(session, wren.asker, offered.id, clock(), gives=hers)
    await pull_now(north, south)
    await hand_over(shared)
    await everybody(north, south, west)
    await handed_on(shared, north, shared.pool.coordinator)
    for _ in range(2):
        await everybody(north, south, west)
    assert await hosts(shared) == [(None, 3), (north.id, 3)]
    for node, claim in ((south, hers), (west, his), (north, hers), (north, his)):
        assert await standing(node, claim) == ("held", [])
    assert [await offer_states(node) for node in (north, south, west)] == [["open"]] * 3


async def offer_states(node: RunningNode) -> list[str]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(SwapOffer.state)))


async def waits_for_consent(shared: PoolOfTwo, wren: Worker, cover: UUID) -> UUID:
    """Let partners be asked for cover, and Wren take the seat with her coordinator's yes."""
    north, south = shared.north, shared.south
    async with door(north.engine) as session:
        await session.execute(update(Pool).values(consent_needed=True))
        await announce_pool(session, shared.pool.id, clock())
        asked = await session.get_one(CoverRequest, cover)
        await move_on(session, cover, asked.step, asked.until)
    await shared.exchange()
    async with door(south.engine) as session:
        return (await take_cover(session, wren.asker, cover, clock())).id


async def test_a_pool_comes_where_a_coordinator_has_refused_a_yes_to_cover(
    two_nodes: Pair,
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    his = await claim_at(north, robin, evening.lead)
    async with door(north.engine) as session:
        cover = await ask_for_cover(session, robin.asker, his, clock())
    claim = await waits_for_consent(shared, wren, cover.id)
    async with door(south.engine) as session:
        await refuse_consent(session, shared.coordinator, claim, "Rest a little.", clock())
    await hand_over(shared)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    for node in two_nodes:
        assert await standing(node, his) == ("held", [])


async def test_a_deputy_takes_over_where_it_has_heard_of_an_exchange_before_all_members(
    two_nodes: Pair,
) -> None:
    """The host was lost when one of its two feeds had been read."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    await deputise(shared, south.id)
    evening, other = await shared.shifts(2)
    his = await claim_at(north, robin, evening.lead)
    hers = await shared.claim(wren, other.lead)
    offered = await offered_at(north, robin, his)
    await shared.exchange()
    async with door(south.engine) as session:
        taken = await accept_offer(session, wren.asker, offered, clock())
    await pull_while(south, north, lambda: pull_now(north, south), before="private")
    assert taken.claim is not None
    assert await standing(south, taken.claim.id) == ("held", [])
    await silent(north, south)
    await take(shared)
    assert (await hosts(shared))[1] == (None, 2)
    assert await booked(south, wren) == [hers, taken.claim.id]
    assert await offer_states(south) == ["accepted"]


async def test_who_waits_for_a_coordinator_takes_the_seat_that_its_home_asks_cover_for_anew(
    two_nodes: Pair, west: RunningNode
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _western, finch = await with_west(shared, west)
    wren = await shared.worker()
    [evening] = await shared.shifts(1)
    await everybody(north, south, west)
    theirs = await claim_at(west, finch, evening.lead)
    await everybody(north, west)
    async with door(west.engine) as session:
        cover = await ask_for_cover(session, finch.asker, theirs, clock())
    await everybody(north, south, west)
    claim = await waits_for_consent(shared, wren, cover.id)
    await hand_over(shared)
    await everybody(north, south, west)
    async with door(south.engine) as session:
        asked = (await session.scalars(select(CoverRequest))).one()
        assert (asked.id, asked.state, asked.claim_id) == (cover.id, "open", theirs)
        # the ladder begins with their own project once more
        await move_on(session, asked.id, asked.step, asked.until)
        await give_consent(session, shared.coordinator, claim, clock())
    await everybody(north, south, west)
    assert await standing(south, claim) == ("held", [])
    assert (await standing(west, theirs), await booked(west, finch)) == (("released", []), [])
    assert await set_aside(south) == []


async def test_a_pool_that_the_database_refuses_stops_nothing_else_and_comes_later(
    two_nodes: Pair,
) -> None:
    """A pattern's channel is not known here: without the pattern there would be no host at all."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren = await shared.worker()
    async with door(north.engine) as session:
        await make_pattern(
            session,
            shared.pool.coordinator,
            pool_id=shared.pool.id,
            channel_id=shared.pool.channel,
            series="Tuesdays",
            timing=TUESDAYS,
            staffing=Staffing(seats=("lead", "second", "supervisor"), demand=1.5),
            now=clock(),
        )
    async with door(south.engine) as session:
        known = dict((await session.execute(select(CHANNELS))).mappings().one())
        await session.execute(CHANNELS.delete())
    await hand_over(shared)
    assert await hosts(shared) == [(south.id, 2), (north.id, 1)]
    assert ("pool.contents", "unknown-kind", "not-here-yet") in await set_aside(south)
    async with door(south.engine) as session:
        await session.execute(insert(CHANNELS).values(known))
    await shared.exchange()
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert (await set_aside(south), await booked(south, wren)) == ([], [])
