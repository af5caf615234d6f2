"""People of another node wait in the line that the host keeps."""

from sqlalchemy import func, select

from database.ids import new_id
from rota.bookings.models import Booking
from rota.sign_up.actions import claim_seat, release_claim
from rota.waiting.actions import accept_offer, stop_waiting, wait_for_seat
from rota.waiting.models import WaitingEntry
from tests.rota.two_nodes import TwoNodes
from tests.rota.waiting.test_waiting_for_a_seat import (
    DAY,
    HOUR,
    LATER,
    line,
    offer_of,
    some_workers,
    told,
)
from tests.rota.worked_off import let_time_pass
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    a_shift,
    a_worker,
    claim_now,
    everything,
)


async def test_a_worker_of_another_node_waits_and_says_yes(nodes: TwoNodes) -> None:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, TUESDAY_19 + 7 * DAY))
    first, second = await nodes.worker(), await nodes.worker()
    async with nodes.host.door() as session:
        holder = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        held = (await claim_seat(session, holder.asker, shift.lead, NOW)).id
    await let_time_pass(nodes)
    for worker in (first, second):
        async with nodes.home.door() as session:
            await wait_for_seat(session, worker.asker, shift.lead, NOW)
        await let_time_pass(nodes)
    both = {first.handle: ("waiting", 1), second.handle: ("waiting", 2)}
    for side in (nodes.host, nodes.home):
        assert await line(side.session, shift.lead) == both
    async with nodes.host.door() as session:
        await release_claim(session, holder.asker, held, LATER)
    await let_time_pass(nodes, LATER)
    for side in (nodes.host, nodes.home):
        assert await line(side.session, shift.lead) == {
            first.handle: ("offered", None),
            second.handle: ("waiting", 1),
        }
    assert await told(nodes.home.session, first) == ["offered"]
    offer = await offer_of(nodes.home.session, first)
    assert not await nodes.home.session.scalar(select(func.count()).select_from(Booking))
    async with nodes.home.door() as session:
        await accept_offer(session, first.asker, offer, LATER)
    assert (await claim_now(nodes.home.session, offer)).state == "requested"
    await let_time_pass(nodes, LATER)
    for side in (nodes.host, nodes.home):
        assert (await claim_now(side.session, offer)).state == "held"
        assert await line(side.session, shift.lead) == {
            first.handle: ("seated", None),
            second.handle: ("waiting", 1),
        }
    async with nodes.home.door() as session:
        entry = await session.scalar(
            select(WaitingEntry.id).where(WaitingEntry.handle_id == second.handle)
        )
        assert entry is not None
        await stop_waiting(session, second.asker, entry, LATER)
    await let_time_pass(nodes, LATER)
    assert (await line(nodes.host.session, shift.lead))[second.handle] == ("left", None)


async def test_an_offer_that_another_node_leaves_unanswered_goes_to_the_next(
    nodes: TwoNodes,
) -> None:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, TUESDAY_19 + 7 * DAY))
    first = await nodes.worker()
    async with nodes.host.door() as session:
        holder, second = await some_workers(session, nodes.pool, 2)
        held = (await claim_seat(session, holder.asker, shift.lead, NOW)).id
    await let_time_pass(nodes)
    async with nodes.home.door() as session:
        await wait_for_seat(session, first.asker, shift.lead, NOW)
    await let_time_pass(nodes)
    async with nodes.host.door() as session:
        await wait_for_seat(session, second.asker, shift.lead, NOW + HOUR)
    async with nodes.host.door() as session:
        await release_claim(session, holder.asker, held, LATER)
    await let_time_pass(nodes, LATER)
    offer = await offer_of(nodes.home.session, first)
    await let_time_pass(nodes, LATER + 12 * HOUR)
    assert (await claim_now(nodes.home.session, offer)).state == "lapsed"
    # what was never in their plan does not change it
    assert await told(nodes.home.session, first) == ["offered"]
    assert await line(nodes.host.session, shift.lead) == {
        first.handle: ("passed", None),
        second.handle: ("offered", None),
    }
    assert await line(nodes.home.session, shift.lead) == {first.handle: ("passed", None)}


async def test_a_node_puts_only_its_own_people_in_a_line(nodes: TwoNodes) -> None:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, TUESDAY_19 + 7 * DAY))
    worker = await nodes.worker()
    async with nodes.host.door() as session:
        holder, local = await some_workers(session, nodes.pool, 2)
        await claim_seat(session, holder.asker, shift.lead, NOW)
        own = (await wait_for_seat(session, local.asker, shift.lead, NOW)).id
    await let_time_pass(nodes)
    async with nodes.home.door() as session:
        await wait_for_seat(session, worker.asker, shift.lead, NOW)
    await let_time_pass(nodes)
    joined = (await nodes.home.said("waiting.joined"))[-1]
    before = await everything(nodes.host.session)
    for forged in (
        joined.saying(entry=str(new_id()), handle=str(local.handle)),
        joined.saying(entry=str(own)),
        joined._replace(kind="waiting.left").saying(entry=str(own)),
    ):
        assert await nodes.host.hear(nodes.home, forged) in {"not-found", "ValidationError"}
    stated = (await nodes.host.said("waiting.stated"))[-1]
    assert await nodes.home.hear(nodes.host, stated.saying(entry=str(own))) == "not-found"
    assert await everything(nodes.host.session) == before
