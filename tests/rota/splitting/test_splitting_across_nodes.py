"""A host divides a shift on which people of another node have seats."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.notices.models import Notice
from federation.pools.errors import NotTheHost
from rota.claims.models import Claim
from rota.cover.ladder import open_cover
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.moved_elsewhere import claims_here, follow_move
from rota.splitting.actions import split_shift
from tests.rota.splitting.test_splitting_shifts import AT, ENDS, QUARTER, booked
from tests.rota.timetable.test_moving_and_cancelling_shifts import move
from tests.rota.two_nodes import PRIVATE, TwoNodes, private_kinds
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    a_shift,
    claim_now,
)


async def test_a_home_elsewhere_divides_its_workers_time_and_has_a_receipt_for_each_part(
    nodes: TwoNodes,
) -> None:
    worker = await nodes.worker(shifts_per_week=1)
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, hours=3))
    claim = await nodes.home.do(lambda s: claim_seat(s, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    second = await nodes.host.do(
        lambda s: split_shift(s, nodes.pool.coordinator, shift.id, AT, NOW)
    )
    await nodes.exchange()
    home = nodes.home.session
    assert await booked(home, worker.id) == [(TUESDAY_19 - QUARTER, AT), (AT, ENDS + QUARTER)]
    held = await home.execute(
        select(Seat.shift_id, Claim.state, Claim.receipt.is_not(None)).join(
            Claim, Claim.seat_id == Seat.id
        )
    )
    assert sorted(map(tuple, held)) == sorted([(shift.id, "held", True), (second, "held", True)])
    notices = await home.scalars(select(Notice.code).where(Notice.person_id == worker.id))
    assert "shift-divided" in list(notices)
    # the first part, moved as any shift that is moved, asks no limit again: it takes no more time
    await nodes.home.do(lambda s: follow_move(s, claim.id, NOW))
    assert (await claim_now(home, claim.id)).state == "held"


async def test_who_took_something_else_for_the_second_part_gives_that_back(
    nodes: TwoNodes,
) -> None:
    """In the moment between the news of the shift and the news of the claim."""
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, hours=3))
    late = await nodes.shift(lambda s: a_shift(s, nodes.pool, AT + QUARTER, hours=1))
    claim = await nodes.home.do(lambda s: claim_seat(s, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    await nodes.host.do(lambda s: split_shift(s, nodes.pool.coordinator, shift.id, AT, NOW))
    for said in await nodes.host.said("shift.stated"):
        assert await nodes.home.hear(nodes.host, said) is None
    await nodes.home.do(lambda s: follow_move(s, claim.id, NOW))
    await nodes.home.do(lambda s: claim_seat(s, worker.asker, late.lead, NOW))
    await nodes.exchange()
    assert await booked(nodes.home.session, worker.id) == [
        (TUESDAY_19 - QUARTER, AT),
        (AT, AT + timedelta(hours=1) + 2 * QUARTER),
    ]
    host = nodes.host.session
    held = await host.scalars(select(Claim.seat_id).where(Claim.state == "held"))
    assert sorted(held) == sorted([shift.lead, late.lead])


async def test_said_twice_is_divided_once(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, hours=3))
    await nodes.home.do(lambda s: claim_seat(s, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    await nodes.host.do(lambda s: split_shift(s, nodes.pool.coordinator, shift.id, AT, NOW))
    await nodes.exchange()
    before = await booked(nodes.home.session, worker.id)
    [said] = await nodes.host.said("claim.split")
    assert await nodes.home.hear(nodes.host, said) is None
    assert await booked(nodes.home.session, worker.id) == before


async def test_a_seat_given_back_meanwhile_was_given_back_whole(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, hours=3))
    claim = await nodes.home.do(lambda s: claim_seat(s, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    await nodes.home.do(lambda s: release_claim(s, worker.asker, claim.id, NOW))
    await nodes.host.do(lambda s: split_shift(s, nodes.pool.coordinator, shift.id, AT, NOW))
    await nodes.exchange()
    assert await booked(nodes.home.session, worker.id) == []
    for side in (nodes.host, nodes.home):
        assert list(await side.session.scalars(select(Seat.state).distinct())) == ["open"]
    assert (await private_kinds(nodes.home)).count("claim.cancelled") == 2


async def test_what_comes_before_its_shift_is_tried_again(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, hours=3))
    await nodes.home.do(lambda s: claim_seat(s, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    await nodes.host.do(lambda s: split_shift(s, nodes.pool.coordinator, shift.id, AT, NOW))
    [said] = await nodes.host.said("claim.split")
    assert await nodes.home.hear(nodes.host, said) == "not-here-yet"
    await nodes.exchange()
    assert await nodes.home.hear(nodes.host, said) is None
    assert len(await booked(nodes.home.session, worker.id)) == 2


async def test_news_of_cover_for_a_part_waits_for_news_of_the_part(nodes: TwoNodes) -> None:
    """Found by the walk in tests/rota/test_any_order_of_actions.py."""
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, hours=3))
    await nodes.home.do(lambda s: claim_seat(s, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    second = await nodes.host.do(
        lambda s: split_shift(s, nodes.pool.coordinator, shift.id, AT, NOW)
    )

    async def ask_others(session: AsyncSession) -> None:
        part = await session.scalar(
            select(Claim)
            .join(Seat, Seat.id == Claim.seat_id)
            .where(Seat.shift_id == second, Claim.state == "held")
        )
        assert part
        await open_cover(session, await session.get_one(Shift, second), part, "asked", NOW)

    await nodes.host.do(ask_others)
    for said in await nodes.host.said("shift.stated"):
        assert await nodes.home.hear(nodes.host, said) is None
    private = [said for said in await nodes.host.said("cover.stated") if said.feed_kind == PRIVATE]
    assert await nodes.home.hear(nodes.host, private[-1]) == "not-here-yet"
    await nodes.exchange()
    assert await nodes.home.hear(nodes.host, private[-1]) is None


async def test_only_the_host_divides_its_shifts(nodes: TwoNodes) -> None:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, hours=3))
    with pytest.raises(NotTheHost):
        await nodes.home.do(lambda s: split_shift(s, nodes.coordinator, shift.id, AT, NOW))
    worker = await nodes.worker()
    claim = await nodes.home.do(lambda s: claim_seat(s, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    await nodes.host.do(lambda s: split_shift(s, nodes.pool.coordinator, shift.id, AT, NOW))
    [said] = await nodes.host.said("claim.split")
    foreign = said.saying(claim=str(UUID(int=3)))
    assert await nodes.home.hear(nodes.host, foreign) == "not-found"
    assert (await claim_now(nodes.home.session, claim.id)).state == "held"


async def test_a_part_that_is_moved_before_its_home_has_heard_of_it_is_held(
    nodes: TwoNodes,
) -> None:
    """Found by story 7 of tests/federation/chaos: both waited for one another's word."""
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, hours=3))
    await nodes.home.do(lambda s: claim_seat(s, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    second = await nodes.host.do(
        lambda s: split_shift(s, nodes.pool.coordinator, shift.id, AT, NOW)
    )
    await nodes.host.do(lambda s: move(s, nodes.pool.coordinator, second, timedelta(hours=1)))
    # the pool's feed is read first, and what it asks for is done by the time the part is heard of
    private = (PRIVATE, nodes.home.id)
    nodes.home.unread.add(private)
    assert await nodes.home.catch_up(nodes.host) == []
    await follow_all(nodes)
    nodes.home.unread.remove(private)
    await nodes.exchange()
    await follow_all(nodes)
    await nodes.exchange()

    for side in (nodes.host, nodes.home):
        held = select(Claim.state).join(Seat, Seat.id == Claim.seat_id)
        states = await side.session.scalars(held.where(Seat.shift_id == second))
        assert list(states) == ["held"]


async def follow_all(nodes: TwoNodes) -> None:
    """Do what the home's worker does for moved shifts, and let it be done."""
    follow = OutboxRow.kind == "follow-move"
    asked = list(await nodes.home.session.scalars(select(OutboxRow.payload).where(follow)))
    await nodes.home.session.execute(delete(OutboxRow).where(follow))
    for each in asked:
        for claim in await claims_here(nodes.home.session, UUID(each["shift"])):
            await nodes.home.do(partial(follow_move, claim_id=claim, now=NOW))
