"""A host moves or calls off a shift on which people of another node have seats."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.pools.errors import NotTheHost
from federation.pools.models import Pool
from rota.consent.actions import give_consent
from rota.leave.actions import enter_leave
from rota.sign_up.actions import claim_seat, lapse_claim
from rota.sign_up.moved_elsewhere import claims_here, follow_move
from rota.timetable.actions import cancel_shift, change_shift
from tests.rota.timetable.test_moving_and_cancelling_shifts import (
    DOES_NOT_FIT,
    LATER,
    MEETING,
    MOVED,
    bookings,
    move,
    moved_draft,
    notices,
    taken,
    told_urgently,
)
from tests.rota.two_nodes import TwoNodes, of_claim
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    claim_now,
    seat_states,
)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def afar(nodes: TwoNodes) -> tuple[Planned, Worker, UUID]:
    """Let a worker of another node hold the lead of a shift."""
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    worker = await nodes.worker()
    claim = await nodes.home.do(lambda session: claim_seat(session, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    return shift, worker, claim.id


async def state_at(nodes: TwoNodes, claim: UUID) -> tuple[str, str]:
    states = []
    for side in (nodes.host, nodes.home):
        async with side.door() as session:
            states.append((await claim_now(session, claim)).state)
    return states[0], states[1]


async def follow_at_home(nodes: TwoNodes, shift: Planned) -> None:
    """Do what the worker process of the home does for a moved shift."""
    async with nodes.home.door() as session:
        asked = await session.scalars(
            select(OutboxRow.payload).where(OutboxRow.kind == "follow-move")
        )
        assert list(asked) == [{"shift": str(shift.id)}]
    for claim in await nodes.home.do(lambda session: claims_here(session, shift.id)):
        async with nodes.home.door() as session:
            await follow_move(session, claim, NOW)
    await nodes.exchange()


async def test_another_node_is_asked_again_and_its_yes_makes_held(nodes: TwoNodes) -> None:
    shift, worker, claim = await afar(nodes)
    await nodes.host.do(lambda session: move(session, nodes.pool.coordinator, shift.id))
    assert await state_at(nodes, claim) == ("proposed", "held")
    await nodes.exchange()
    assert await state_at(nodes, claim) == ("proposed", "held")
    await follow_at_home(nodes, shift)
    assert await state_at(nodes, claim) == ("held", "held")
    async with nodes.home.door() as session:
        assert await bookings(session, worker) == [(taken(shift, LATER), True)]
        assert await notices(session, worker) == [MOVED]
    async with nodes.host.door() as session:
        assert (await seat_states(session, shift))["lead"] == "held"


async def test_another_nodes_no_vacates_the_seat(nodes: TwoNodes) -> None:
    shift, worker, claim = await afar(nodes)
    away = TUESDAY_19 + LATER
    await nodes.home.do(
        lambda session: enter_leave(
            session, worker.asker, worker.id, away, away + timedelta(hours=1), NOW
        )
    )
    await nodes.host.do(lambda session: move(session, nodes.pool.coordinator, shift.id))
    await nodes.exchange()
    await follow_at_home(nodes, shift)
    assert await state_at(nodes, claim) == ("released", "released")
    async with nodes.home.door() as session:
        assert await bookings(session, worker) == [(taken(shift), False)]
        assert await notices(session, worker) == [DOES_NOT_FIT]
    async with nodes.host.door() as session:
        assert (await seat_states(session, shift))["lead"] == "open"


async def test_a_yes_to_an_earlier_time_is_no_yes(nodes: TwoNodes) -> None:
    shift, _, claim = await afar(nodes)
    await nodes.host.do(lambda session: move(session, nodes.pool.coordinator, shift.id))
    await nodes.home.catch_up(nodes.host)
    await nodes.home.do(lambda session: follow_move(session, claim, NOW))
    # moved once more before that answer has come
    await nodes.host.do(
        lambda session: move(session, nodes.pool.coordinator, shift.id, timedelta(hours=1))
    )
    await nodes.host.catch_up(nodes.home)
    assert await state_at(nodes, claim) == ("proposed", "held")
    await nodes.exchange()
    await nodes.home.do(lambda session: follow_move(session, claim, NOW))
    await nodes.exchange()
    assert await state_at(nodes, claim) == ("held", "held")


async def test_a_yes_of_an_older_node_says_no_time_and_counts_only_without_a_move(
    nodes: TwoNodes,
) -> None:
    shift, _, claim = await afar(nodes)
    await nodes.host.do(lambda session: move(session, nodes.pool.coordinator, shift.id))
    await nodes.exchange()
    await follow_at_home(nodes, shift)
    [answer] = [await of_claim(nodes.home, "proposal.answered", claim)]
    async with nodes.host.door() as session:
        (await claim_now(session, claim)).state = "proposed"
    older = {"claim": str(claim), "yes": True}
    assert set(answer.content) == {*older, "begins", "ends"}
    assert await nodes.host.hear(nodes.home, answer.saying(begins=None, ends=None)) is None
    assert await state_at(nodes, claim) == ("proposed", "held")


async def test_a_home_that_never_answers_loses_the_seat_in_time(nodes: TwoNodes) -> None:
    shift, worker, claim = await afar(nodes)
    await nodes.host.do(lambda session: move(session, nodes.pool.coordinator, shift.id))
    async with nodes.host.door() as session:
        due = (await claim_now(session, claim)).answer_by
    assert due == TUESDAY_19 + LATER - MEETING
    await nodes.host.do(lambda session: lapse_claim(session, claim, NOW))
    assert await state_at(nodes, claim) == ("proposed", "held")
    await nodes.host.do(lambda session: lapse_claim(session, claim, due))
    await nodes.exchange(due)
    assert await state_at(nodes, claim) == ("lapsed", "lapsed")
    async with nodes.home.door() as session:
        assert await bookings(session, worker) == [(taken(shift), False)]


async def test_a_request_under_way_while_its_shift_moves_ends_at_the_new_time(
    nodes: TwoNodes,
) -> None:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    worker = await nodes.worker()
    claim = await nodes.home.do(lambda session: claim_seat(session, worker.asker, shift.lead, NOW))
    await nodes.host.do(lambda session: move(session, nodes.pool.coordinator, shift.id))
    await nodes.exchange()
    assert await state_at(nodes, claim.id) == ("held", "held")
    await follow_at_home(nodes, shift)
    async with nodes.home.door() as session:
        assert await bookings(session, worker) == [(taken(shift, LATER), True)]


async def test_a_cancelled_shift_frees_people_of_another_node(nodes: TwoNodes) -> None:
    shift, worker, claim = await afar(nodes)
    await nodes.host.do(
        lambda session: cancel_shift(session, nodes.pool.coordinator, shift.id, NOW)
    )
    await nodes.exchange()
    assert await state_at(nodes, claim) == ("released", "released")
    async with nodes.home.door() as session:
        assert await bookings(session, worker) == [(taken(shift), False)]
        assert [code for code, _ in await notices(session, worker)] == ["claim-ended"]


async def test_another_nodes_coordinator_may_not_move_or_cancel(nodes: TwoNodes) -> None:
    shift, _, claim = await afar(nodes)
    async with nodes.home.door() as session:
        draft = await moved_draft(session, shift.id)
        with pytest.raises(NotTheHost):
            await change_shift(session, nodes.coordinator, shift.id, draft, NOW)
        with pytest.raises(NotTheHost):
            await cancel_shift(session, nodes.coordinator, shift.id, NOW)
    assert await state_at(nodes, claim) == ("held", "held")


async def test_a_request_that_waits_for_consent_waits_on_at_the_new_time(
    session: AsyncSession, pool: ExamplePool
) -> None:
    (await session.get_one(Pool, pool.id)).consent_needed = True
    shift = await a_shift(session, pool)
    worker = await a_worker(session, pool.id, pool.coordinator)
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    assert claim.state == "requested"
    await move(session, pool.coordinator, shift.id)
    assert (await claim_now(session, claim.id)).state == "requested"
    assert await bookings(session, worker) == [(taken(shift, LATER), True)]
    await give_consent(session, pool.coordinator, claim.id, NOW)
    assert (await claim_now(session, claim.id)).state == "held"
    assert await bookings(session, worker) == [(taken(shift, LATER), True)]


async def test_a_host_hears_nothing_of_a_request_that_waits_for_consent(nodes: TwoNodes) -> None:
    for side in (nodes.host, nodes.home):
        async with side.door() as session:
            (await session.get_one(Pool, nodes.pool.id)).consent_needed = True
    shift, worker, claim = await afar(nodes)
    async with nodes.home.door() as session:
        assert (await claim_now(session, claim)).state == "requested"
    await nodes.host.do(lambda session: move(session, nodes.pool.coordinator, shift.id))
    await nodes.exchange()
    await follow_at_home(nodes, shift)
    assert await nodes.home.said("proposal.answered", "claim.requested") == []
    async with nodes.home.door() as session:
        assert (await claim_now(session, claim)).state == "requested"
        assert await bookings(session, worker) == [(taken(shift, LATER), True)]


async def test_a_yes_that_comes_too_late_ends_the_claim_on_both_nodes(nodes: TwoNodes) -> None:
    shift, worker, claim = await afar(nodes)
    await nodes.host.do(lambda session: move(session, nodes.pool.coordinator, shift.id))
    async with nodes.host.door() as session:
        due = (await claim_now(session, claim)).answer_by
    await nodes.home.catch_up(nodes.host)
    await nodes.home.do(lambda session: follow_move(session, claim, NOW))
    # the host was away, and reads the answer before it looks at what has lapsed
    await nodes.exchange(due)
    assert await state_at(nodes, claim) == ("lapsed", "lapsed")
    async with nodes.home.door() as session:
        assert await bookings(session, worker) == [(taken(shift, LATER), False)]
    async with nodes.host.door() as session:
        assert (await seat_states(session, shift))["lead"] == "open"


@pytest.mark.parametrize("hours", [3, 30])
async def test_people_of_another_node_hear_of_what_is_called_off_late_at_once(
    nodes: TwoNodes, hours: int
) -> None:
    shift, worker, _ = await afar(nodes)
    now = TUESDAY_19 - timedelta(hours=hours)
    await nodes.host.do(
        lambda session: cancel_shift(session, nodes.pool.coordinator, shift.id, now)
    )
    await nodes.exchange(now)
    async with nodes.home.door() as session:
        assert await told_urgently(session, worker) == [("claim-ended", hours < 24)]


@pytest.mark.parametrize("by", [LATER, timedelta(weeks=1)])
async def test_people_of_another_node_hear_of_a_late_move_at_once(
    nodes: TwoNodes, by: timedelta
) -> None:
    shift, worker, claim = await afar(nodes)
    now = TUESDAY_19 - timedelta(hours=3)
    async with nodes.host.door() as session:
        draft = await moved_draft(session, shift.id, by)
        await change_shift(session, nodes.pool.coordinator, shift.id, draft, now)
    await nodes.exchange(now)
    await nodes.home.do(lambda session: follow_move(session, claim, now))
    async with nodes.home.door() as session:
        assert await told_urgently(session, worker) == [("shift-moved", True)]
