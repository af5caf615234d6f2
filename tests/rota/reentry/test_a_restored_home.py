"""A home comes back from a backup: its people have the seats that the host says they have."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Select, select, update

from federation.partners.models import Partner
from federation.pools.models import Pool
from federation.restoring.errors import NodeRestoring
from federation.restoring.queries import is_restoring
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.reentry.models import ReentryFinding
from rota.shifts.models import Seat
from rota.sign_up.actions import claim_seat, release_claim
from rota.sign_up.proposals import propose
from tests.rota.reentry.restoring import backed_up, enter_again, heal, hear_all, states
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW, TUESDAY_19, Planned, Worker, a_shift, a_worker

LATER = NOW + timedelta(minutes=5)
NEXT_HOST = "W" * 43


async def taken(nodes: TwoNodes, worker: Worker, seat: UUID) -> UUID:
    claim: Claim = await nodes.home.do(lambda session: claim_seat(session, worker.asker, seat, NOW))
    await nodes.exchange()
    return claim.id


async def given_back(nodes: TwoNodes, worker: Worker, claim: UUID) -> None:
    await nodes.home.do(lambda session: release_claim(session, worker.asker, claim, NOW))
    await nodes.exchange()


def seat_of(seat: UUID) -> Select[str]:
    return select(Seat.state).where(Seat.id == seat)


async def booked(side: Side) -> set[UUID]:
    return set(await side.session.scalars(select(Booking.claim_id).where(Booking.active)))


async def test_a_seat_taken_since_the_backup_is_in_the_workers_plan_again(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    backup = await backed_up(nodes.home)
    claim = await taken(nodes, worker, shift.lead)
    await backup.restore()
    assert (await states(nodes, claim), await booked(nodes.home)) == (["held", None], set())
    await heal(nodes, nodes.home)
    assert (await states(nodes, claim), await booked(nodes.home)) == (["held", "held"], {claim})
    assert not await is_restoring(nodes.home.session)


async def test_nothing_is_taken_until_the_host_has_answered(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    held = await taken(nodes, worker, shift.lead)
    other = await nodes.worker()
    backup = await backed_up(nodes.home)
    await backup.restore()
    with pytest.raises(NodeRestoring):
        await taken(nodes, other, shift.seats["second"])
    proposed = UUID(int=7)
    await nodes.host.do(
        lambda session: propose(
            session, proposed, shift.seats["second"], other.handle, NOW, origin="plan"
        )
    )
    await hear_all(nodes)
    assert await states(nodes, proposed) == ["proposed", None]
    await given_back(nodes, worker, held)
    assert await states(nodes, held) == ["released", "released"]
    await enter_again(nodes.home, nodes.host)
    await hear_all(nodes)
    assert await states(nodes, proposed) == ["held", "held"]


async def test_a_restore_ends_although_the_pool_goes_to_another_host_meanwhile(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    backup = await backed_up(nodes.home)
    claim = await taken(nodes, worker, shift.lead)
    await backup.restore()
    session = nodes.home.session
    old = await session.get_one(Partner, nodes.host.id)
    facts = {column: getattr(old, column) for column in ("base_url", "state", "keys", "met_at")}
    facts |= {"document": "", "document_version": 1, "words": [], "we_grant": [], "they_grant": []}
    session.add(Partner(node_id=NEXT_HOST, name="West", **facts))
    await session.flush()
    await session.execute(update(Pool).where(Pool.id == nodes.pool.id).values(host=NEXT_HOST))
    await nodes.host.catch_up(nodes.home, NOW)
    # most of what the old host says now is refused
    await nodes.home.catch_up(nodes.host, NOW)
    await enter_again(nodes.home, nodes.host)
    assert not await is_restoring(session)
    # who hosts the pool now says what is held
    assert (await states(nodes, claim), await booked(nodes.home)) == (["held", None], set())


async def test_a_seat_given_back_since_the_backup_is_not_in_the_plan_again(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await taken(nodes, worker, shift.lead)
    backup = await backed_up(nodes.home)
    await given_back(nodes, worker, claim)
    await backup.restore()
    assert await states(nodes, claim) == ["released", "held"]
    await heal(nodes, nodes.home)
    assert (await states(nodes, claim), await booked(nodes.home)) == (
        ["released", "released"],
        set(),
    )


async def test_given_back_before_the_backup_and_unheard_it_is_given_back_again(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """What was said at the end of the old epoch nobody reads any more."""
    claim = await taken(nodes, worker, shift.lead)
    await nodes.home.do(lambda session: release_claim(session, worker.asker, claim, NOW))
    backup = await backed_up(nodes.home)
    await backup.restore()
    await heal(nodes, nodes.home)
    assert await states(nodes, claim) == ["released", "released"]


async def test_asked_for_before_the_backup_and_unheard_it_is_asked_for_again(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim: Claim = await nodes.home.do(
        lambda session: claim_seat(session, worker.asker, shift.lead, NOW)
    )
    backup = await backed_up(nodes.home)
    await backup.restore()
    await heal(nodes, nodes.home)
    assert (await states(nodes, claim.id), await booked(nodes.home)) == (
        ["held", "held"],
        {claim.id},
    )


async def test_of_two_seats_at_one_time_the_later_stands(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """The first was given back since; the second could not have been taken otherwise."""
    again = await nodes.shift(lambda session: a_shift(session, nodes.pool, TUESDAY_19))
    first = await taken(nodes, worker, shift.lead)
    backup = await backed_up(nodes.home)
    await given_back(nodes, worker, first)
    second = await taken(nodes, worker, again.lead)
    await backup.restore()
    await heal(nodes, nodes.home)
    assert await booked(nodes.home) == {second}
    assert await states(nodes, first) == ["released", "released"]
    assert await states(nodes, second) == ["held", "held"]


async def test_whose_a_handle_is_that_nobody_knows_is_left_to_a_coordinator(
    nodes: TwoNodes, shift: Planned
) -> None:
    backup = await backed_up(nodes.home)
    newcomer: Worker = await nodes.home.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.coordinator)
    )
    await nodes.exchange()
    claim = await taken(nodes, newcomer, shift.lead)
    await backup.restore()
    await heal(nodes, nodes.home)
    assert await states(nodes, claim) == ["held", None]
    rows = await nodes.home.session.execute(
        select(
            ReentryFinding.project_id,
            ReentryFinding.kind,
            ReentryFinding.claim_id,
            ReentryFinding.host,
        )
    )
    assert [tuple(row) for row in rows] == [
        (nodes.coordinator.project_id, "unknown-handle", claim, nodes.host.id)
    ]


async def test_a_wish_that_a_restoring_host_answers_after_home_forgot_it_is_given_back(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """Two restore at once: the host decides what waited there once home has entered everything."""
    backup, the_hosts = await backed_up(nodes.home), await backed_up(nodes.host)
    await the_hosts.restore()
    await nodes.home.catch_up(nodes.host)
    claim: Claim = await nodes.home.do(
        lambda session: claim_seat(session, worker.asker, shift.lead, NOW)
    )
    await nodes.host.catch_up(nodes.home)
    await backup.restore()
    await nodes.host.catch_up(nodes.home)
    for side, other in ((nodes.home, nodes.host), (nodes.host, nodes.home)):
        await side.catch_up(other)
        await enter_again(side, other)
    await hear_all(nodes)
    assert await states(nodes, claim.id) == ["released", None]
    assert await nodes.host.session.scalar(seat_of(shift.lead)) == "open"
