import pytest
from sqlalchemy import select

from federation.errors import NotFound
from rota.attendance.actions import check_in, end_session, say_busy
from rota.attendance.models import Attendance
from rota.attendance.standing import receive_session
from tests.rota.staffed_evening import MINUTE, START, StaffedEvening, staffed_evening
from tests.rota.two_nodes import Side, TwoNodes

CLOSED, OPEN, BUSY = (False, False), (True, False), (True, True)


@pytest.fixture
async def evening(nodes: TwoNodes) -> StaffedEvening:
    return await staffed_evening(nodes)


async def arrivals(side: Side) -> dict[object, object]:
    rows = await side.session.execute(select(Attendance.claim_id, Attendance.arrived_at))
    return dict(rows.all())


async def test_every_node_that_publishes_says_the_same(evening: StaffedEvening) -> None:
    assert await evening.both_say(START) == [CLOSED, CLOSED]
    await evening.says(evening.second, check_in, now=START)
    # at once on its own node, and on the others as soon as they hear of it
    assert await evening.both_say(START) == [OPEN, CLOSED]
    await evening.nodes.exchange(START)
    assert await evening.both_say(START) == [OPEN, OPEN]
    await evening.says(evening.lead, say_busy, now=START + MINUTE, busy=True)
    assert await evening.both_say(START + MINUTE) == [OPEN, BUSY]
    await evening.nodes.exchange(START + MINUTE)
    assert await evening.both_say(START + MINUTE) == [BUSY, BUSY]
    await evening.says(evening.lead, end_session, now=START + 2 * MINUTE)
    await evening.nodes.exchange(START + 2 * MINUTE)
    assert await evening.both_say(START + 2 * MINUTE) == [CLOSED, CLOSED]


async def test_each_seat_holder_comes_for_themselves(evening: StaffedEvening) -> None:
    claims = evening.claims
    await evening.says(evening.second, check_in, now=START)
    await evening.says(evening.lead, check_in, now=START + MINUTE)
    await evening.nodes.exchange(START + MINUTE)
    assert await arrivals(evening.host) == {
        claims["second"]: START,
        claims["lead"]: START + MINUTE,
    }
    # of another project's people a home never learns when they came
    assert await arrivals(evening.home) == {claims["lead"]: START + MINUTE}


async def test_only_the_host_says_how_a_session_stands(evening: StaffedEvening) -> None:
    await evening.says(evening.second, check_in, now=START)
    said = (await evening.host.said("session.stated"))[-1]
    assert said.content == {
        "shift": str(evening.shift.id),
        "at": START.isoformat(),
        "busy": False,
        "ended_at": None,
        "paused_since": None,
    }
    async with evening.home.door() as session:
        with pytest.raises(NotFound):
            await receive_session(session, "somebody", evening.nodes.pool.id, said.content)
    assert await evening.both_say(START) == [OPEN, CLOSED]
