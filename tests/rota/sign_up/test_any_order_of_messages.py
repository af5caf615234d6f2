"""Both nodes agree in the end, in whatever order messages come and however often."""

from collections.abc import Sequence
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.shifts.models import Seat
from rota.sign_up.actions import claim_seat, release_claim
from tests.rota.two_nodes import Said, Side, TwoNodes
from tests.rota.world import NOW, Planned, Worker, a_shift

FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DECIDES = ("claim.requested", "claim.cancelled")


@pytest.fixture
async def worker(nodes: TwoNodes) -> Worker:
    return await nodes.worker()


@pytest.fixture
async def shift(nodes: TwoNodes) -> Planned:
    return await nodes.shift(lambda session: a_shift(session, nodes.pool))


@pytest.fixture
async def messages(nodes: TwoNodes, worker: Worker, shift: Planned) -> list[Said]:
    """A worker asks for a seat, withdraws, and asks for the same one again."""
    async with nodes.home.door() as session:
        first = await claim_seat(session, worker.asker, shift.lead, NOW)
    async with nodes.home.door() as session:
        await release_claim(session, worker.asker, first.id, NOW)
    async with nodes.home.door() as session:
        await claim_seat(session, worker.asker, shift.lead, NOW)
    return await nodes.home.said(*DECIDES)


async def states(side: Side) -> dict[UUID, str]:
    rows = await side.session.execute(select(Claim.id, Claim.state).order_by(Claim.id))
    return dict(rows.all())


async def held_seats(side: Side, shift: Planned) -> list[UUID]:
    rows = await side.session.scalars(
        select(Seat.id).where(Seat.shift_id == shift.id, Seat.state != "open")
    )
    return list(rows)


async def hear_all(side: Side, sender: Side, messages: Sequence[Said]) -> None:
    for message in messages:
        assert await side.hear(sender, message) is None


orders = st.permutations(range(3)).flatmap(
    lambda first: st.lists(st.integers(0, 2), max_size=4).flatmap(
        lambda repeats: st.permutations([*first, *repeats])
    )
)


@FEW
@given(order=orders, shuffled=st.randoms(use_true_random=False))
async def test_a_cancel_wins_over_its_claim_and_both_nodes_agree(
    nodes: TwoNodes,
    shift: Planned,
    messages: list[Said],
    order: list[int],
    shuffled: Random,
) -> None:
    host, home = nodes.host, nodes.home
    async with host.session.begin_nested() as at_host, home.session.begin_nested() as at_home:
        first, second = (UUID(said.content["claim"]) for said in (messages[0], messages[2]))
        await hear_all(host, home, [messages[index] for index in order])
        decided = await states(host)
        assert decided[first] in {"refused", "released"}
        assert decided[second] in {"held", "refused"}
        # whoever came first while the seat was kept decides; the answer then stays
        kept = [shift.lead] if decided[second] == "held" else []
        assert await held_seats(host, shift) == kept
        answers = await host.said("claim.answered")
        shuffled.shuffle(answers)
        await hear_all(home, host, [*answers, *answers[:2]])
        assert await states(home) == {first: "released", second: decided[second]}
        booked = await home.session.scalars(select(Booking.claim_id).where(Booking.active))
        assert list(booked) == ([second] if kept else [])
        await at_host.rollback()
        await at_home.rollback()
    host.session.expunge_all()
    home.session.expunge_all()


@FEW
@given(heard=st.lists(st.booleans(), min_size=1, max_size=8))
async def test_a_grant_against_a_withdrawal_ends_free_on_both_nodes(
    nodes: TwoNodes, shift: Planned, messages: list[Said], heard: list[bool]
) -> None:
    """The host hears the claim, home withdraws meanwhile; then messages cross again and again."""
    host, home = nodes.host, nodes.home
    asked, cancelled, _again = messages
    async with host.session.begin_nested() as at_host, home.session.begin_nested() as at_home:
        await hear_all(host, home, [asked])
        for at_the_host in heard:
            if at_the_host:
                await hear_all(host, home, [cancelled, asked])
            else:
                await hear_all(home, host, await host.said("claim.answered"))
        await hear_all(host, home, [cancelled])
        first = UUID(asked.content["claim"])
        assert (await states(host))[first] == "released"
        assert (await states(home))[first] == "released"
        assert await held_seats(host, shift) == []
        await at_host.rollback()
        await at_home.rollback()
    host.session.expunge_all()
    home.session.expunge_all()
