"""A host comes back from a backup: what its members' people hold is theirs as before."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.session import broken_constraint
from federation.restoring.errors import NodeRestoring
from federation.restoring.queries import is_restoring
from rota.claims.models import Claim
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Shift
from rota.sign_up.proposals import propose
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from tests.rota.reentry.restoring import (
    backed_up,
    enter_again,
    findings,
    given_back,
    heal,
    hear_all,
    state,
    states,
    taken,
)
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    Planned,
    Worker,
    a_shift,
    a_worker,
    seat_states,
)


async def test_what_members_hold_is_theirs_as_before(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    backup = await backed_up(nodes.host)
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    await backup.restore()
    assert await state(nodes.host, claim) is None
    await heal(nodes, nodes.host)
    assert await states(nodes, claim) == ["held", "held"]
    shown = [await seat_states(side.session, shift) for side in (nodes.host, nodes.home)]
    assert shown[0] == shown[1]
    assert not await is_restoring(nodes.host.session)


async def test_nothing_is_granted_until_partners_have_answered(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    local = await nodes.host.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.pool.coordinator)
    )
    held = await taken(nodes.host, local, shift.seats["second"])
    backup = await backed_up(nodes.host)
    await backup.restore()
    with pytest.raises(NodeRestoring):
        await taken(nodes.host, local, shift.lead)
    with pytest.raises(NodeRestoring):
        await nodes.host.do(
            lambda session: propose(
                session, UUID(int=7), shift.lead, worker.handle, NOW, origin="plan"
            )
        )
    asked = await taken(nodes.home, worker, shift.lead)
    await hear_all(nodes)
    assert await states(nodes, asked) == [None, "requested"]
    await given_back(nodes.host, local, held)
    assert await state(nodes.host, held) == "released"
    await enter_again(nodes.host, nodes.home)
    await hear_all(nodes)
    assert await states(nodes, asked) == ["held", "held"]


@pytest.mark.parametrize("statement", ["INSERT", "UPDATE"])
async def test_the_database_grants_nothing_either(
    nodes: TwoNodes, worker: Worker, shift: Planned, statement: str
) -> None:
    """Also on a path that forgets to ask: `nothing_granted_while_restoring`."""
    claim = Claim(
        seat_id=shift.lead,
        handle_id=worker.handle,
        state="held" if statement == "INSERT" else "released",
        origin="worker",
        decided_here=True,
        answer_by=NOW,
        made_at=NOW,
    )
    if statement == "UPDATE":
        nodes.host.session.add(claim)
        await nodes.host.session.flush()
    backup = await backed_up(nodes.host)
    await backup.restore()

    async def granting(session: AsyncSession) -> None:
        if statement == "INSERT":
            session.add(claim)
            await session.flush()
        else:
            await session.execute(update(Claim).where(Claim.id == claim.id).values(state="held"))

    with pytest.raises(IntegrityError) as refused:
        await nodes.host.do(granting)
    assert broken_constraint(refused.value) == "nothing_granted_while_restoring"


async def test_a_seat_given_back_since_the_backup_stays_free(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    backup = await backed_up(nodes.host)
    await given_back(nodes.home, worker, claim)
    await nodes.exchange()
    await backup.restore()
    assert await state(nodes.host, claim) == "held"
    await heal(nodes, nodes.host)
    assert await states(nodes, claim) == ["released"] * 2


async def test_taken_and_given_back_since_is_not_granted_by_reading_old_words_again(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    backup = await backed_up(nodes.host)
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    await given_back(nodes.home, worker, claim)
    await nodes.exchange()
    await backup.restore()
    await heal(nodes, nodes.host)
    assert await states(nodes, claim) == ["released"] * 2


async def test_a_session_planned_since_takes_place_where_somebody_holds_a_seat(
    nodes: TwoNodes, worker: Worker
) -> None:
    backup = await backed_up(nodes.host)
    held = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    empty = await nodes.shift(
        lambda session: a_shift(session, nodes.pool, TUESDAY_19 + timedelta(days=1))
    )
    claim = await taken(nodes.home, worker, held.lead)
    await nodes.exchange()
    await backup.restore()
    await heal(nodes, nodes.host)
    assert await states(nodes, claim) == ["held", "held"]
    assert await findings(nodes.host) == [
        ("session-called-off", None, empty.id),
        ("session-entered-again", None, held.id),
    ]
    for side in (nodes.host, nodes.home):
        rows = await side.session.execute(select(Shift.id, Shift.cancelled_at.is_not(None)))
        assert {tuple(row) for row in rows} == {(held.id, False), (empty.id, True)}


async def test_a_session_called_off_since_is_shown_to_who_plans_it(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """Only a partner's word says so: the host keeps its own, and a coordinator looks."""
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    backup = await backed_up(nodes.host)
    await nodes.host.do(
        lambda session: cancel_shift(session, nodes.pool.coordinator, shift.id, NOW)
    )
    await nodes.exchange()
    await backup.restore()
    await heal(nodes, nodes.host)
    assert await findings(nodes.host) == [("session-differs", None, shift.id)]
    assert await states(nodes, claim) == ["released"] * 2


async def test_an_answer_that_was_lost_with_a_partners_own_feed_is_asked_for_again(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """Home answers, is backed up, and comes back: nobody reads its old epoch any more."""
    backup = await backed_up(nodes.host)
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    await backup.restore()
    assert await nodes.home.catch_up(nodes.host) == []
    of_home = await backed_up(nodes.home)
    await of_home.restore()
    await hear_all(nodes)
    await enter_again(nodes.host, nodes.home)
    await hear_all(nodes)
    await enter_again(nodes.home, nodes.host)
    await hear_all(nodes)
    assert not await is_restoring(nodes.host.session)
    assert not await is_restoring(nodes.home.session)
    assert await states(nodes, claim) == ["held", "held"]


async def test_what_was_proposed_and_not_heard_is_proposed_again_where_both_come_back(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """It stood in a feed that is no more, and the seat would wait for days for an answer to it."""
    claim = new_id()
    await nodes.host.do(
        lambda session: propose(
            session, claim, shift.lead, worker.handle, NOW, origin="coordinator"
        )
    )
    for side in (nodes.host, nodes.home):
        await (await backed_up(side)).restore()
    await hear_all(nodes)
    for side, other in ((nodes.host, nodes.home), (nodes.home, nodes.host)):
        await enter_again(side, other)
        await hear_all(nodes)
    assert await states(nodes, claim) == ["held", "held"]


async def test_a_session_at_another_time_asks_its_holder_again(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """It was moved since, and the seat taken for the new time: the old one has to suit, too."""
    backup = await backed_up(nodes.host)
    later = TUESDAY_19 + timedelta(hours=2)

    async def moved(session: AsyncSession) -> None:
        row = await session.get_one(Shift, shift.id)
        draft = ShiftDraft(
            starts=later,
            ends=later + timedelta(hours=2),
            staffing=await staffing_of_shift(session, row),
        )
        await change_shift(session, nodes.pool.coordinator, shift.id, draft, NOW)

    await nodes.host.do(moved)
    await nodes.exchange()
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    await backup.restore()
    await hear_all(nodes)
    await enter_again(nodes.host, nodes.home)
    assert await state(nodes.host, claim) == "proposed"
    assert await findings(nodes.host) == [("session-differs", None, shift.id)]


async def test_a_seat_given_back_while_the_node_restores_is_not_entered_again(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """Home answers that its worker holds the seat, and only then hears that they do not."""
    backup = await backed_up(nodes.host)
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    await backup.restore()
    await hear_all(nodes)
    await given_back(nodes.home, worker, claim)
    await hear_all(nodes)
    await enter_again(nodes.host, nodes.home)
    assert await states(nodes, claim) == ["released"] * 2
