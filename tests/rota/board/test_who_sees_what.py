"""The board: everybody sees states; who holds a seat, only those who may know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.ids import new_id
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.pools.models import Pool
from rota.board.queries import SeatSeen, ShiftSeen, board
from rota.board.rules import Holder, may_know, shortfalls
from rota.claims.queries import claim_acted_for
from rota.sign_up.actions import claim_seat
from rota.sign_up.proposals import propose
from tests.questions import counted
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    NOW,
    SHARE,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

DAY_BEFORE = TUESDAY_19 - timedelta(hours=24)
ASKER = Asker(new_id(), new_id(), frozenset({"worker"}))
HELD = Holder("Amber Otter 42", "northern", new_id(), new_id(), "held", new_id())


@pytest.mark.parametrize(
    ("holder", "roles", "sits_there", "hosted_here", "now", "known"),
    [
        # oneself, always
        (replace(HELD, person_id=ASKER.person_id), {"worker"}, False, False, NOW, True),
        # one's own project's coordinator, at home and at the host
        (replace(HELD, project_id=ASKER.project_id), {"coordinator"}, False, False, NOW, True),
        # the host's coordinator
        (HELD, {"coordinator"}, False, True, NOW, True),
        # another project's coordinator elsewhere
        (HELD, {"coordinator"}, False, False, NOW, False),
        # a colleague of the same project, or at the host, who coordinates nothing
        (replace(HELD, project_id=ASKER.project_id), {"worker"}, False, True, NOW, False),
        (HELD, {"supervisor", "reviewer", "partner-administrator"}, False, True, NOW, False),
        # those on the same shift, from a day before
        (HELD, {"worker"}, True, True, DAY_BEFORE, True),
        (HELD, {"worker"}, True, True, DAY_BEFORE - timedelta(seconds=1), False),
        (HELD, {"worker"}, False, True, DAY_BEFORE, False),
        # not who is only proposed or has only asked
        (replace(HELD, state="proposed"), {"worker"}, True, True, DAY_BEFORE, False),
        (replace(HELD, state="requested"), {"worker"}, True, True, DAY_BEFORE, False),
        # somebody of another node is nobody here
        (replace(HELD, person_id=None), {"worker"}, False, True, DAY_BEFORE, False),
    ],
)
def test_who_may_know_a_holder(
    holder: Holder,
    roles: set[str],
    *,
    sits_there: bool,
    hosted_here: bool,
    now: datetime,
    known: bool,
) -> None:
    asker = replace(ASKER, roles=frozenset(roles))
    said = may_know(
        holder, asker, sits_there=sits_there, hosted_here=hosted_here, starts=TUESDAY_19, now=now
    )
    assert said is known


@pytest.mark.parametrize(
    ("seats", "missing"),
    [
        ([], (2, 1)),
        ([("lead", "held"), ("second", "open")], (1, 1)),
        ([("lead", "held"), ("second", "proposed"), ("supervisor", "held")], (1, 0)),
        ([("lead", "held"), ("observer", "held"), ("supervisor", "held")], (1, 0)),
        ([("lead", "held"), ("second", "held"), ("supervisor", "held")], (0, 0)),
    ],
)
def test_what_a_shift_is_short_of(seats: list[tuple[str, str]], missing: tuple[int, int]) -> None:
    assert shortfalls(seats, 2, 1) == missing


@dataclass(frozen=True)
class Story:
    """A shift whose lead is held and whose second is proposed, and everybody around it."""

    pool: ExamplePool
    shift: Planned
    lead: Worker
    proposed: Worker
    supervisor: Worker
    partner: Asker
    colleague: Asker
    claim: UUID


@pytest.fixture
async def story(session: AsyncSession) -> Story:
    pool = await a_pool(session, await a_project(session, "northern"))
    shift = await a_shift(session, pool)
    lead, proposed = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    partner = await a_project(session, "eastern")
    await join_pool(session, partner, pool.id, SHARE, NOW)
    supervisor = await a_worker(session, pool.id, partner, "supervisor")
    claim = await claim_seat(session, lead.asker, shift.lead, NOW)
    await claim_seat(session, supervisor.asker, shift.seats["supervisor"], NOW)
    await propose(session, new_id(), shift.seats["second"], proposed.handle, NOW, origin="plan")
    colleague = await a_person(session, pool.coordinator.project_id, "worker", "supervisor")
    return Story(pool, shift, lead, proposed, supervisor, partner, colleague, claim.id)


async def seen(
    session: AsyncSession, story: Story, asker: Asker, now: datetime = NOW
) -> dict[str, tuple[str, str | None, bool]]:
    """See the story's shift as somebody: state, holder and whether it is theirs, by role."""
    pool = await session.get_one(Pool, story.pool.id)
    (one,) = await board(session, asker, pool, NOW, NOW + timedelta(days=7), now)
    assert one.shift.id == story.shift.id
    assert one.channel.slug == "live-chat"
    return {seat.role: (seat.state, _name(seat), seat.mine) for seat in one.seats}


def _name(seat: SeatSeen) -> str | None:
    return f"{seat.holder.display} of {seat.holder.project}" if seat.holder else None


def states(**known: tuple[str, bool]) -> dict[str, tuple[str, str | None, bool]]:
    found: dict[str, tuple[str, str | None, bool]] = {
        "lead": ("held", None, False),
        "second": ("proposed", None, False),
        "supervisor": ("held", None, False),
    }
    return found | {role: (found[role][0], *told) for role, told in known.items()}


async def test_a_worker_of_a_member_sees_that_seats_are_held(
    session: AsyncSession, story: Story
) -> None:
    for now in (NOW, DAY_BEFORE, TUESDAY_19):
        assert await seen(session, story, story.colleague, now) == states()


async def test_everybody_sees_themselves(session: AsyncSession, story: Story) -> None:
    lead = f"{story.lead.display} of northern"
    assert await seen(session, story, story.lead.asker) == states(lead=(lead, True))
    proposed = f"{story.proposed.display} of northern"
    assert await seen(session, story, story.proposed.asker, TUESDAY_19) == states(
        second=(proposed, True)
    )


async def test_those_on_a_shift_know_one_another_a_day_before(
    session: AsyncSession, story: Story
) -> None:
    lead, supervisor = f"{story.lead.display} of northern", f"{story.supervisor.display} of eastern"
    early = DAY_BEFORE - timedelta(seconds=1)
    assert await seen(session, story, story.supervisor.asker, early) == states(
        supervisor=(supervisor, True)
    )
    assert await seen(session, story, story.supervisor.asker, DAY_BEFORE) == states(
        lead=(lead, False), supervisor=(supervisor, True)
    )


async def test_the_hosts_coordinators_see_every_holder(session: AsyncSession, story: Story) -> None:
    everybody = states(
        lead=(f"{story.lead.display} of northern", False),
        second=(f"{story.proposed.display} of northern", False),
        supervisor=(f"{story.supervisor.display} of eastern", False),
    )
    assert await seen(session, story, story.pool.coordinator) == everybody


async def test_a_coordinator_elsewhere_sees_the_own_people_only(nodes: TwoNodes) -> None:
    """At home nothing else is even known: partners are told states, no holders."""
    ours = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    async with nodes.host.door() as session:
        local = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        await claim_seat(session, local.asker, shift.lead, NOW)
    async with nodes.home.door() as session:
        await claim_seat(session, ours.asker, shift.seats["second"], NOW)

    async def told(asker: Asker) -> list[tuple[str, str | None]]:
        async with nodes.home.door() as session:
            pool = await session.get_one(Pool, nodes.pool.id)
            (one,) = await board(session, asker, pool, NOW, NOW + timedelta(7), TUESDAY_19)
            return [(seat.state, _name(seat)) for seat in one.seats]

    # to the own coordinator it is asked for; to others it is as the host last said
    await nodes.home.catch_up(nodes.host)
    name = f"{ours.display} of southern"
    own = [("held", None), ("requested", name), ("open", None)]
    assert await told(nodes.coordinator) == own
    assert await told(ours.asker) == own
    colleague = await a_person(nodes.home.session, nodes.coordinator.project_id, "worker")
    assert await told(colleague) == [("held", None), ("open", None), ("open", None)]
    await nodes.exchange()
    assert await told(nodes.coordinator) == [("held", None), ("held", name), ("open", None)]
    assert await told(colleague) == [("held", None), ("held", None), ("open", None)]


async def test_of_two_requests_each_sees_their_own(nodes: TwoNodes) -> None:
    one, other = await nodes.worker(), await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    async with nodes.home.door() as session:
        for worker in (one, other):
            await claim_seat(session, worker.asker, shift.lead, NOW)
        pool = await session.get_one(Pool, nodes.pool.id)
        for worker in (one, other):
            (told,) = await board(session, worker.asker, pool, NOW, NOW + timedelta(7), NOW)
            seat = next(seat for seat in told.seats if seat.role == "lead")
            assert (seat.state, seat.mine, _name(seat)) == (
                "requested",
                True,
                f"{worker.display} of southern",
            )


async def test_a_claim_is_shown_to_its_worker_and_their_coordinators(
    session: AsyncSession, story: Story
) -> None:
    for asker in (story.lead.asker, story.pool.coordinator):
        found, person_id = await claim_acted_for(session, asker, story.claim)
        assert (found.id, person_id) == (story.claim, story.lead.id)
    for asker in (story.colleague, story.supervisor.asker, story.partner):
        with pytest.raises(NotFound):
            await claim_acted_for(session, asker, story.claim)
    with pytest.raises(NotFound):
        await claim_acted_for(session, story.pool.coordinator, new_id())


async def test_thirty_shifts_take_as_many_queries_as_one(
    session: AsyncSession, engine: AsyncEngine
) -> None:
    pool = await a_pool(session, await a_project(session))
    holder = await a_worker(session, pool.id, pool.coordinator, shifts_per_week=40, rest_hours=0)
    counts = []
    for days in (range(1), range(1, 30)):
        for day in days:
            shift = await a_shift(session, pool, TUESDAY_19 + timedelta(days=day), 0.25)
            if day % 10 == 0:
                await claim_seat(session, holder.asker, shift.lead, NOW)
        await session.flush()
        session.expunge_all()
        found = await session.get_one(Pool, pool.id)
        with counted(engine) as statements:
            shown = await board(session, pool.coordinator, found, NOW, NOW + timedelta(40), NOW)
        counts.append((len(shown), len(statements)))
    assert counts == [(1, 2), (30, 2)]


def ids(shown: Sequence[ShiftSeen]) -> list[UUID]:
    return [one.shift.id for one in shown]


async def test_pages_of_a_board_follow_one_another(session: AsyncSession) -> None:
    pool = await a_pool(session, await a_project(session))
    other = await a_pool(session, pool.coordinator)
    await a_shift(session, other)
    starts = [TUESDAY_19 + timedelta(days=day) for day in (0, 0, 0, 1, 2)]
    made = [(await a_shift(session, pool, start)).id for start in starts]
    await a_shift(session, pool, TUESDAY_19, cancelled_at=NOW)
    found = await session.get_one(Pool, pool.id)

    async def page(after: ShiftSeen | None, until: datetime) -> list[ShiftSeen]:
        place = (after.shift.starts, after.shift.id) if after else None
        span = (TUESDAY_19, until, NOW)
        return await board(session, pool.coordinator, found, *span, after=place, limit=2)

    first = await page(None, starts[-1])
    second = await page(first[-1], starts[-1])
    # the span includes its start and excludes its end
    assert ids([*first, *second]) == made[:4]
    assert await page(second[-1], starts[-1]) == []
