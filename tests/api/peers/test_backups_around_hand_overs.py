"""A pool goes to another host, while somebody comes back from a backup or reads late."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import FeedEvent
from federation.feeds.queries import PRIVATE
from federation.handing.losses import SAID_TAKING
from federation.handing.models import PoolHanding
from federation.partners.rules.canonical import admit
from rota.shifts.models import Seat, Shift
from rota.splitting.actions import split_shift
from tests.api.peers.backups import back_up, restored
from tests.api.peers.handing import (
    a_worker_of_north,
    accept,
    claim_at,
    deputise,
    everybody,
    hand_over,
    handed_unread,
    hosts,
    lost,
    offer,
    restore,
    settled,
    signed,
    silent,
    take,
    take_back,
    with_west,
    worked_through,
)
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import (
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    seat_state,
    set_aside,
    standing,
    times_of,
)
from tests.rota.world import TUESDAY_19, Planned, a_shift

Pair = tuple[RunningNode, RunningNode]


async def test_what_a_lost_host_has_offered_is_over(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await deputise(shared, south.id)
    await pull_now(south, north)
    await offer(shared)
    await silent(north, south)
    await take(shared)
    await shared.exchange()
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert await set_aside(south) == []


async def test_a_question_that_was_decided_is_not_asked_again(
    two_nodes: Pair, west: RunningNode
) -> None:
    """As whoever comes back from a backup reads it, after the list that tells of the new host."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, _ = await with_west(shared, west)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    await lost(shared, west, western)
    async with door(south.engine) as session:
        asked = await session.scalar(select(FeedEvent.payload).where(FeedEvent.kind == SAID_TAKING))
        await append(session, PRIVATE, west.id, SAID_TAKING, admit(asked or b""), now=clock())
    await pull_now(west, south)
    assert await set_aside(west) == []


async def test_what_homes_hold_waits_until_a_new_host_has_ended_its_restore(
    two_nodes: Pair,
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await deputise(shared, south.id)
    robin = await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    await pull_now(south, north)
    kept = await claim_at(north, robin, evening.lead)
    await silent(north, south)
    await take(shared)
    await restore(south)
    await pull_now(north, south)
    await pull_now(south, north)
    assert ("claims.stated", "unknown-kind", "not-here-yet") in await set_aside(south)
    await settled(shared)
    assert await set_aside(south) == []
    assert await standing(south, kept) == await standing(north, kept) == ("held", [])
    assert await booked(north, robin) == [kept]


async def test_an_old_host_says_again_what_the_new_one_has_not_read(two_nodes: Pair) -> None:
    """Its feeds begin anew, and its backup tells that it has handed the pool over."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren, robin = await shared.worker(), await a_worker_of_north(shared)
    evening, unread = await shared.shifts(2)
    hers = await shared.claim(wren, evening.lead)
    await signed(shared)
    his = await claim_at(north, robin, unread.lead)
    await pull_now(north, south)
    assert await hosts(shared) == [(south.id, 2), (north.id, 1)]
    await restore(north)
    await settled(shared)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    for claim in (hers, his):
        assert await standing(south, claim) == ("held", [])
    assert await seat_state(south, unread.lead) == "held"
    # who has it already takes nothing more
    await restore(north)
    await settled(shared)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert {why for _kind, _state, why in await set_aside(south)} == {"handed-over"}


async def test_who_has_forgotten_that_it_took_a_pool_over_hears_it_of_others(
    two_nodes: Pair, west: RunningNode, tmp_path: Path
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    western, finch = await with_west(shared, west)
    wren = await shared.worker()
    first, second, third = await shared.shifts(3)
    await deputise(shared, south.id)
    await everybody(north, south, west)
    hers = await shared.claim(wren, first.lead)
    theirs = await claim_at(west, finch, second.lead)
    await everybody(north, south, west)
    backup = tmp_path / "monday.backup"
    await back_up(south, backup)
    await lost(shared, west, western)
    late = await claim_at(west, finch, third.lead)
    await everybody(south, west)
    assert await standing(west, late) == ("held", [])

    await restored(south, backup)
    assert (await hosts(shared))[1] == (north.id, 1)
    await everybody(south, west)
    assert (await hosts(shared))[1] == (None, 2)
    # the restore is over once the lost node has answered as well
    await worked_through(north, south, west)
    for node, claim in ((south, hers), (south, theirs), (south, late), (west, late)):
        assert await standing(node, claim) == ("held", [])
    assert await set_aside(south) == []
    again = await claim_at(south, wren, third.seats["second"])
    assert await standing(south, again) == ("held", [])


async def test_a_new_host_that_knows_of_both_signatures_says_its_own_again(
    two_nodes: Pair, west: RunningNode
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    await with_west(shared, west)
    await handed_unread(shared)
    await pull_now(west, north)
    await pull_now(south, west)
    await restore(south)
    await settled(shared)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]


async def test_a_yes_is_said_again_to_a_host_that_has_taken_its_offer_back(
    two_nodes: Pair,
) -> None:
    """Its no was in a feed that has begun anew since."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await signed(shared)
    await take_back(shared)
    # it has read the yes, and said nothing more, by the time of its backup
    await pull_now(north, south)
    await restore(north)
    await settled(shared)
    assert await hosts(shared) == [(None, 1), (north.id, 1)]
    assert await handings(south) == []


async def test_what_was_said_before_the_hand_over_is_over_when_it_is_read_again(
    two_nodes: Pair, tmp_path: Path
) -> None:
    """A new host from a backup reads the offers once more, after what both have signed."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    robin = await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    backup = tmp_path / "monday.backup"
    await back_up(south, backup)
    his = await claim_at(north, robin, evening.lead)
    for _ in range(2):
        await offer(shared)
        await pull_now(south, north)
    await accept(shared)
    await shared.exchange()
    await shared.exchange()
    await restored(south, backup)
    await settled(shared)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    assert await standing(south, his) == await standing(north, his) == ("held", [])
    assert await set_aside(south) == []


async def handings(node: RunningNode) -> list[str]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(PoolHanding.state)))


async def a_long_evening(shared: PoolOfTwo) -> Planned:
    async with door(shared.north.engine) as session:
        made = await a_shift(session, shared.pool, TUESDAY_19, hours=3)
    await shared.exchange()
    return made


async def divided(shared: PoolOfTwo, evening: Planned) -> UUID:
    """Divide a session of north's pool, which nobody has heard of so far."""
    at = evening.starts + timedelta(hours=2)
    async with door(shared.north.engine) as session:
        return await split_shift(session, shared.pool.coordinator, evening.id, at, clock())


async def seats_of(node: RunningNode) -> set[tuple[UUID, UUID, str]]:
    """Give all seats that a node knows, with their sessions and states."""
    async with door(node.engine) as session:
        rows = await session.execute(
            select(Shift.id, Seat.id, Seat.state).join(Seat, Seat.shift_id == Shift.id)
        )
        return {(shift, seat, state) for shift, seat, state in rows}


async def test_a_division_that_only_a_forgotten_hand_over_told_goes_along(
    two_nodes: Pair, west: RunningNode, tmp_path: Path
) -> None:
    """The old host hears of others that it has handed over, when its feeds have begun anew."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    await with_west(shared, west)
    wren = await shared.worker()
    evening = await a_long_evening(shared)
    hers = await shared.claim(wren, evening.lead)
    await everybody(north, south, west)
    await signed(shared)
    second = await divided(shared, evening)
    backup = tmp_path / "monday.backup"
    await back_up(north, backup)
    await pull_now(north, south)
    await pull_now(west, north)
    await restored(north, backup)
    await pull_now(north, west)
    await worked_through(north, south, west)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    seats = await seats_of(south)
    assert {shift for shift, _seat, _state in seats} == {evening.id, second}
    assert await seats_of(north) == await seats_of(west) == seats
    assert await booked(south, wren) == [hers]
    assert {why for _kind, _state, why in await set_aside(south)} <= {"handed-over"}


async def test_a_new_host_that_has_forgotten_a_division_keeps_its_peoples_time_as_it_is_now(
    two_nodes: Pair, tmp_path: Path
) -> None:
    """It reads of it once more as a home, and has the pool before it decides anything."""
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    wren = await shared.worker()
    evening = await a_long_evening(shared)
    hers = await shared.claim(wren, evening.lead)
    backup = tmp_path / "monday.backup"
    await back_up(south, backup)
    await divided(shared, evening)
    await settled(shared)
    both = await booked(south, wren)
    await hand_over(shared)
    await restored(south, backup)
    await settled(shared)
    assert await hosts(shared) == [(south.id, 2), (None, 2)]
    for claim in both:
        assert await standing(south, claim) == ("held", [])
    assert (hers in both, len(both), set(await booked(south, wren))) == (True, 2, set(both))
    kept, taken = await times_of(south, wren)
    assert kept == taken
    assert await seats_of(north) == await seats_of(south)
