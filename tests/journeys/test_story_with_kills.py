"""The demo's story over two nodes on real sockets, with kill -9 wherever it hurts most."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import func, select

from api.demo import rota, sharing, story
from api.demo.stage import Stage, is_idle, wait_until, wait_until_agreed
from database.session import door
from protocols.acknowledgement.models import Acknowledgement
from protocols.releases.models import Release
from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.plans.models import PoolPlan
from rota.shifts.models import Seat, Shift
from tests.conftest import own_name
from tests.journeys.agreement import disagreements
from tests.journeys.theatre import Theatre, theatre
from tests.postgres import copy_of

GAP = "sat-10"
WEEKS = 2
SECOND_WORKERS = ("north-work-too", "south-work-too")


@pytest.fixture(scope="module")
async def played(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    """Play up to the published plan, whose homes are killed while they confirm."""
    folder = tmp_path_factory.mktemp("theatre")
    async with (
        copy_of(server_url, template, own_name(template)) as north_url,
        copy_of(server_url, template, own_name(template)) as south_url,
        theatre(north_url, south_url, folder) as nodes,
    ):
        north, south = nodes.north, nodes.south
        pool_id = await story.bring_together(north, south, print)
        await sharing.share_texts(north, south, pool_id)
        await rota.plan_sessions(north, pool_id, weeks=WEEKS)
        await wait_until_agreed(north, south)
        plan_id = await rota.make_plan(north, pool_id, weeks=WEEKS)
        # several at once, so that they would get into one another's way
        await nodes.start(*SECOND_WORKERS)
        await rota.publish(north, plan_id)
        await wait_until_held(north, 10)
        nodes.kill("north-work")
        await wait_until_held(north, 30)
        nodes.kill("south-work", *SECOND_WORKERS)
        await nodes.start()
        await wait_until_agreed(north, south)
        yield nodes


@pytest.fixture
async def nodes(played: Theatre) -> AsyncIterator[Theatre]:
    """Give both nodes with all processes up; after each story they agree, with nothing stuck."""
    await played.start()
    yield played
    await played.start()
    await wait_until_agreed(played.north, played.south)
    assert await wrong(played) == []
    assert await played.deadlocks() == {"north": 0, "south": 0}


async def wrong(nodes: Theatre) -> list[str]:
    north, south = nodes.north, nodes.south
    return await disagreements(
        north.engine, south.engine, north.node.node_id, south.node.node_id, quiet=True
    )


async def wait_until_held(stage: Stage, count: int) -> None:
    async def held() -> bool:
        async with door(stage.engine) as session:
            asked = select(func.count()).where(Claim.state == "held")
            return (await session.scalar(asked) or 0) >= count

    await wait_until(held, f"{count} seats are held")


async def state(stage: Stage, claim_id: UUID) -> str | None:
    async with door(stage.engine) as session:
        return await session.scalar(select(Claim.state).where(Claim.id == claim_id))


async def states(nodes: Theatre, claim_id: UUID) -> tuple[str | None, str | None]:
    return await state(nodes.north, claim_id), await state(nodes.south, claim_id)


async def seat_state(stage: Stage, seat_id: UUID) -> str | None:
    async with door(stage.engine) as session:
        return await session.scalar(select(Seat.state).where(Seat.id == seat_id))


async def booked(nodes: Theatre, claim_id: UUID) -> bool:
    async with door(nodes.south.engine) as session:
        asked = select(Booking.active).where(Booking.claim_id == claim_id)
        return bool(await session.scalar(asked))


async def the_gap(nodes: Theatre) -> UUID:
    """Find the lead's seat of the session that the plan has left short."""
    async with door(nodes.south.engine) as session:
        found = await session.scalars(
            select(Seat.id)
            .join(Shift, Shift.id == Seat.shift_id)
            .where(Shift.series == GAP, Seat.role == "lead")
            .order_by(Shift.starts)
        )
        return next(iter(found))


def daan(nodes: Theatre) -> UUID:
    return nodes.south.people["gracht-team", "Daan"]


async def claim(nodes: Theatre, seat_id: UUID, *, answer: str) -> UUID:
    response = await nodes.ask("POST", f"/seats/{seat_id}/claims", daan(nodes))
    assert response.status_code == {"held": 201, "requested": 202}[answer], response.text
    said = response.json()
    assert said["state"] == answer
    return UUID(said["id"])


async def give_back(nodes: Theatre, claim_id: UUID) -> None:
    assert (await nodes.ask("DELETE", f"/claims/{claim_id}", daan(nodes))).status_code == 204


async def wait_until_poked(nodes: Theatre) -> None:
    async def poked() -> bool:
        return await is_idle(nodes.south)

    await wait_until(poked, "South has told North that there is something to read")


async def granted_unheard(nodes: Theatre, seat_id: UUID) -> UUID:
    """Come to where the host has granted, while no process at home can hear of it."""
    nodes.kill("north-work")
    claim_id = await claim(nodes, seat_id, answer="requested")
    await wait_until_poked(nodes)
    nodes.kill("south-work")
    await nodes.start("north-work")

    async def granted() -> bool:
        return await state(nodes.north, claim_id) == "held"

    await wait_until(granted, "the host has granted")
    assert await state(nodes.south, claim_id) == "requested"
    return claim_id


async def test_a_plan_is_confirmed_though_its_workers_are_killed(nodes: Theatre) -> None:
    async with door(nodes.north.engine) as session:
        plan = (await session.scalars(select(PoolPlan))).one()
        assert plan.plan is not None
        planned = {UUID(entry["seat"]): UUID(entry["worker"]) for entry in plan.plan["assignments"]}
        rows = await session.execute(
            select(Claim.seat_id, Claim.handle_id).where(Claim.state == "held")
        )
        held = dict(rows.all())
    assert held == planned
    assert len(held) > 50


async def test_texts_are_at_both_nodes_and_read(nodes: Theatre) -> None:
    counted = []
    for stage in (nodes.north, nodes.south):
        async with door(stage.engine) as session:
            releases = await session.scalar(select(func.count()).select_from(Release))
            readings = await session.scalar(select(func.count()).select_from(Acknowledgement))
            counted.append((releases, readings))
    workers = [
        sum(bool(player.windows) for troupe in stage.troupes for player in troupe.players)
        for stage in (nodes.north, nodes.south)
    ]
    assert counted == [(11, workers[0]), (11, workers[1])]


async def test_a_claim_is_held_at_once_when_all_is_well(nodes: Theatre) -> None:
    seat_id = await the_gap(nodes)
    claim_id = await claim(nodes, seat_id, answer="held")
    assert await states(nodes, claim_id) == ("held", "held")
    await wait_until_agreed(nodes.north, nodes.south)
    assert await seat_state(nodes.south, seat_id) == "held"
    await give_back(nodes, claim_id)


async def test_home_dies_after_it_has_reserved_and_after_it_has_given_back(nodes: Theatre) -> None:
    seat_id = await the_gap(nodes)
    # a host that polls would hear of it without any worker at home
    nodes.kill("south-work", "north-work")
    claim_id = await claim(nodes, seat_id, answer="requested")
    nodes.kill("south-serve")
    assert await states(nodes, claim_id) == (None, "requested")
    assert await booked(nodes, claim_id)
    await nodes.start()
    await wait_until_agreed(nodes.north, nodes.south)
    assert await states(nodes, claim_id) == ("held", "held")
    nodes.kill("south-work", "north-work")
    await give_back(nodes, claim_id)
    nodes.kill("south-serve")
    assert not await booked(nodes, claim_id)
    assert await states(nodes, claim_id) == ("held", "released")
    await nodes.start()
    await wait_until_agreed(nodes.north, nodes.south)
    assert await states(nodes, claim_id) == ("released", "released")
    assert await seat_state(nodes.south, seat_id) == "open"


async def test_host_dies_when_it_has_been_poked(nodes: Theatre) -> None:
    seat_id = await the_gap(nodes)
    nodes.kill("north-work")
    claim_id = await claim(nodes, seat_id, answer="requested")
    await wait_until_poked(nodes)
    nodes.kill("north-serve")
    assert await states(nodes, claim_id) == (None, "requested")
    await nodes.start()
    await wait_until_agreed(nodes.north, nodes.south)
    assert await states(nodes, claim_id) == ("held", "held")
    await give_back(nodes, claim_id)


async def test_both_die_when_the_host_has_granted_and_home_has_not_heard(nodes: Theatre) -> None:
    claim_id = await granted_unheard(nodes, await the_gap(nodes))
    nodes.kill("north-work", "north-serve", "south-serve")
    assert await states(nodes, claim_id) == ("held", "requested")
    await nodes.start()
    await wait_until_agreed(nodes.north, nodes.south)
    assert await states(nodes, claim_id) == ("held", "held")
    assert await booked(nodes, claim_id)
    await give_back(nodes, claim_id)


async def test_a_withdrawal_wins_over_a_grant_that_home_has_not_heard(nodes: Theatre) -> None:
    seat_id = await the_gap(nodes)
    claim_id = await granted_unheard(nodes, seat_id)
    await give_back(nodes, claim_id)
    nodes.kill("north-work", "south-serve")
    # a host that polls may have heard already
    assert await state(nodes.south, claim_id) == "released"
    await nodes.start()
    await wait_until_agreed(nodes.north, nodes.south)
    assert await states(nodes, claim_id) == ("released", "released")
    assert not await booked(nodes, claim_id)
    assert await seat_state(nodes.north, seat_id) == "open"
