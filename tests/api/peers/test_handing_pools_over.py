"""A pool goes from one real node to another, and everybody keeps what they have."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from joserfc import jws
from sqlalchemy import select, update

from database.session import door
from federation.handing.actions import accept_pool, offer_pool
from federation.handing.errors import (
    MembersNotMet,
)
from federation.pools.models import Pool
from rota.claims.models import Claim
from rota.session_details.models import SessionSetting
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.keeping import timing_of
from rota.shifts.models import Shift, ShiftPattern
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from tests.api.peers.handing import (
    a_worker_of_north,
    accept,
    administrator,
    claim_at,
    everybody,
    hand_over,
    hosts,
    offer,
    signed,
    take_part,
)
from tests.api.peers.nodes import RunningNode, clock, join
from tests.api.peers.pool_of_two import (
    DAY,
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    seat_state,
    set_aside,
    standing,
)

Pair = tuple[RunningNode, RunningNode]


async def test_a_pool_is_handed_over_and_everybody_keeps_their_seats(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    first, second, third = await shared.shifts(3)
    hers = await shared.claim(wren, first.lead)
    his = await claim_at(north, robin, first.seats["second"])
    over = await shared.claim(wren, second.lead)
    await shared.give_back(wren, over)
    await signed(shared)
    # on its way while the pool is: North hears of it when it is no longer the host
    late = await claim_at(south, wren, third.lead)
    await shared.exchange()
    await shared.exchange()

    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert await standing(south, hers) == ("held", [])
    assert await standing(north, his) == ("held", [])
    assert await standing(south, his) == ("held", [])
    assert await standing(south, late) == ("held", [])
    assert await standing(south, over) == ("released", [])
    assert (await booked(south, wren), await booked(north, robin)) == ([hers, late], [his])
    for node in two_nodes:
        assert await seat_state(node, first.lead) == "held"
        assert await seat_state(node, first.seats["second"]) == "held"
        assert await seat_state(node, second.lead) == "open"
        assert await seat_state(node, third.lead) == "held"
    # the new host has signed anew for the old one's people
    async with door(north.engine) as session:
        assert (await session.get_one(Claim, his)).receipt is not None

    # from here on seats are asked of the new host
    more = await claim_at(north, robin, second.lead)
    assert await standing(north, more) == ("requested", [])
    await shared.exchange()
    assert await standing(north, more) == ("held", [])
    assert await set_aside(south) == []


async def test_patterns_and_settings_go_with_the_pool(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    timing = Timing(
        weekday=1,
        starts=time(19),
        minutes=120,
        zone="Europe/London",
        first_day=date(2027, 2, 2),
    )
    async with door(north.engine) as session:
        pattern = await make_pattern(
            session,
            shared.pool.coordinator,
            pool_id=shared.pool.id,
            channel_id=shared.pool.channel,
            series="Tuesdays",
            timing=timing,
            staffing=Staffing(seats=("lead", "second", "supervisor"), demand=1.5),
            now=clock(),
        )
        made = await generate_shifts(
            session, shared.pool.coordinator, pattern, date(2027, 2, 17), clock()
        )
        contact = SessionSetting(channel_id=shared.pool.channel, contact_label="On-call desk")
        session.add(contact)
    await shared.exchange()
    await hand_over(shared)
    async with door(south.engine) as session:
        kept = await session.get_one(ShiftPattern, pattern)
        assert (timing_of(kept), kept.demand, kept.series) == (timing, 1.5, "Tuesdays")
        setting = (await session.scalars(select(SessionSetting))).one()
        assert (setting.channel_id, setting.contact_label) == (
            shared.pool.channel,
            "On-call desk",
        )
        # no day's session is made twice
        more = await generate_shifts(
            session, shared.coordinator, pattern, date(2027, 2, 24), clock()
        )
        days = select(Shift.pattern_day).where(Shift.pattern_id == pattern)
        assert (len(made.shifts), len(more.shifts)) == (3, 1)
        assert sorted(day for day in await session.scalars(days) if day) == [
            date(2027, 2, 2),
            date(2027, 2, 9),
            date(2027, 2, 16),
            date(2027, 2, 23),
        ]


async def test_it_waits_while_a_session_is_on(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, _south = two_nodes
    [evening] = await shared.shifts(1)
    begins = clock() - timedelta(minutes=30)
    await at_time(shared, evening.id, begins, open_=True)
    await hand_over(shared)
    assert await hosts(shared) == [(None, 1), (north.id, 1)]
    await at_time(shared, evening.id, begins - DAY, open_=False)
    await shared.exchange()
    await shared.exchange()
    assert await hosts(shared) == [(shared.south.id, 2), (None, 2)]


async def at_time(shared: PoolOfTwo, shift: UUID, begins: datetime, *, open_: bool) -> None:
    """Let a session be at another time on both nodes."""
    for node in (shared.north, shared.south):
        async with door(node.engine) as session:
            await session.execute(
                update(Shift)
                .where(Shift.id == shift)
                .values(starts=begins, ends=begins + timedelta(hours=2), open=open_)
            )


async def test_there_and_back_again(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    hers = await shared.claim(wren, evening.lead)
    his = await claim_at(north, robin, evening.seats["second"])
    await hand_over(shared)
    async with door(south.engine) as session:
        asker = administrator(shared.coordinator)
        await offer_pool(session, asker, shared.pool.id, north.id, south.id, clock())
    await pull_now(north, south)
    async with door(north.engine) as session:
        asker = administrator(shared.pool.coordinator)
        await accept_pool(session, asker, shared.pool.id, north.node.keys, clock())
    for _ in range(2):
        await shared.exchange()
    assert await hosts(shared) == [(None, 3), (north.id, 3)]
    for claim in (hers, his):
        assert await standing(north, claim) == ("held", [])
    assert (await standing(south, hers), await booked(south, wren)) == (("held", []), [hers])


async def test_a_third_node_follows_the_pool(two_nodes: Pair, west: RunningNode) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    finch = (await take_part(shared, west))[1]
    first, second = await shared.shifts(2)
    await everybody(north, south, west)
    held = await claim_at(west, finch, first.lead)
    await everybody(north, south, west)
    assert await standing(west, held) == ("held", [])

    await offer(shared)
    await pull_now(south, north)
    with pytest.raises(MembersNotMet):
        await accept(shared)
    await join(south, west)
    await accept(shared)
    # asked of the old host, which is none any more when it hears of it
    late = await claim_at(west, finch, second.lead)
    await shared.exchange()
    await everybody(north, south, west)
    async with door(west.engine) as session:
        assert (await session.get_one(Pool, shared.pool.id)).host == south.id
    for node in (south, west):
        assert await standing(node, held) == ("held", [])
        assert await standing(node, late) == ("held", [])
    assert sorted(await booked(west, finch)) == sorted([held, late])
    # the new host's own receipts are what homes keep from now on
    async with door(west.engine) as session:
        claims = (await session.scalars(select(Claim).where(Claim.state == "held"))).all()
    head = south.node.keys.by_role["head"].thumbprint()
    assert {kid_of(claim.receipt or "") for claim in claims} == {head}


def kid_of(receipt: str) -> str:
    kid: str = jws.extract_compact(receipt.encode()).headers()["kid"]
    return kid
