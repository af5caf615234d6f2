from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from federation.errors import NotFound
from rota.attendance.actions import check_in, end_session, say_busy, say_did_not_happen, say_late
from rota.attendance.models import Attendance, CheckIn
from rota.attendance.standing import receive_session
from rota.attendance.took_place import ITS_CHECK_IN, TOOK_PLACE
from rota.shifts.models import Shift
from rota.sign_up.moved_elsewhere import follow_move
from rota.timetable.actions import change_shift
from tests.rota.staffed_evening import (
    BRIEFING,
    MINUTE,
    START,
    StaffedEvening,
    staffed_evening,
)
from tests.rota.timetable.test_moving_and_cancelling_shifts import moved_draft
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


async def later(
    evening: StaffedEvening, now: datetime, by: timedelta = timedelta(hours=2)
) -> datetime:
    """Let the host move the session once its briefing has begun; gives its start."""
    asker = evening.nodes.pool.coordinator
    async with evening.host.door() as session:
        draft = await moved_draft(session, evening.shift.id, by)
        await change_shift(session, asker, evening.shift.id, draft, now)
    return START + by


async def stays(evening: StaffedEvening, now: datetime) -> None:
    """Let the home of the lead say yes to the new time."""
    await evening.nodes.exchange(now)
    async with evening.home.door() as session:
        await follow_move(session, evening.claims["lead"], now)
    await evening.nodes.exchange(now)


async def test_who_had_come_before_a_session_was_moved_has_not_come_to_it(
    evening: StaffedEvening,
) -> None:
    for worker in (evening.second, evening.lead):
        await evening.says(worker, check_in, now=BRIEFING)
    await evening.nodes.exchange(BRIEFING)
    starts = await later(evening, BRIEFING + MINUTE)
    await stays(evening, BRIEFING + MINUTE)
    assert await evening.both_say(starts) == [CLOSED, CLOSED]
    # it is announced all the same, and those who come begin it
    for side in (evening.host, evening.home):
        assert [each.start for each in (await evening.public(side, starts)).hours] == [starts]
        assert await arrivals(side) == {}
    await evening.says(evening.lead, check_in, now=starts)
    await evening.nodes.exchange(starts)
    assert await evening.both_say(starts) == [OPEN, OPEN]


async def test_a_session_that_is_called_off_for_its_time_takes_place_at_another(
    evening: StaffedEvening,
) -> None:
    await evening.says(evening.second, say_did_not_happen, "technical", now=BRIEFING)
    starts = await later(evening, BRIEFING + MINUTE)
    await stays(evening, BRIEFING + MINUTE)
    for side in (evening.host, evening.home):
        assert [each.start for each in (await evening.public(side, BRIEFING)).hours] == [starts]


async def test_who_has_come_stays_where_a_session_begins_a_little_later(
    evening: StaffedEvening,
) -> None:
    await evening.says(evening.second, check_in, now=BRIEFING)
    await later(evening, BRIEFING + 10 * MINUTE, 5 * MINUTE)
    assert await arrivals(evening.host) == {evening.claims["second"]: BRIEFING}


async def test_who_has_come_while_a_move_takes_their_seat_has_said_nothing_of_the_session(
    evening: StaffedEvening,
) -> None:
    """Too near to be asked once more: the host ends their seat before it hears of them."""
    await evening.says(evening.lead, check_in, now=BRIEFING)
    now = BRIEFING + 10 * MINUTE
    starts = await later(evening, now, 5 * MINUTE)
    await evening.nodes.exchange(now)
    assert await arrivals(evening.host) == {}
    assert await evening.both_say(starts) == [CLOSED, CLOSED]


async def took_place(side: Side) -> bool:
    """Tell what is counted at a node of the evening's session."""
    asked = select(TOOK_PLACE).select_from(Shift).outerjoin(CheckIn, ITS_CHECK_IN)
    async with side.door() as session:
        return (await session.execute(asked)).scalar_one()


async def test_a_session_of_which_it_is_said_twice_did_not_take_place_on_any_node(
    evening: StaffedEvening,
) -> None:
    for after, reason in ((10, "technical"), (11, "unsafe")):
        now = START + after * MINUTE
        await evening.says(evening.second, say_did_not_happen, reason, now=now)
        await evening.nodes.exchange(now)
    assert [await took_place(side) for side in (evening.host, evening.home)] == [False, False]


async def test_a_session_that_is_begun_after_all_took_place_on_every_node(
    evening: StaffedEvening,
) -> None:
    said, begun = START + 10 * MINUTE, START + 20 * MINUTE
    await evening.says(evening.lead, say_did_not_happen, "technical", now=said)
    await evening.nodes.exchange(said)
    assert [await took_place(side) for side in (evening.host, evening.home)] == [False, False]
    await evening.says(evening.second, check_in, now=begun)
    await evening.nodes.exchange(begun)
    assert [await took_place(side) for side in (evening.host, evening.home)] == [True, True]
    await evening.says(evening.second, end_session, now=begun + MINUTE)
    await evening.nodes.exchange(begun + MINUTE)
    assert [await took_place(side) for side in (evening.host, evening.home)] == [True, True]


@pytest.mark.parametrize("word", ["came", "late", "missed"])
async def test_what_is_said_while_a_session_moves_to_another_hour_says_nothing_of_that(
    evening: StaffedEvening, word: str
) -> None:
    if word == "late":
        await evening.says(evening.lead, say_late, 10, now=BRIEFING)
    elif word == "missed":
        await evening.says(evening.lead, say_did_not_happen, "technical", now=BRIEFING)
    else:
        await evening.says(evening.lead, check_in, now=BRIEFING)
    starts = await later(evening, BRIEFING + MINUTE)
    await stays(evening, BRIEFING + MINUTE)
    for side in (evening.host, evening.home):
        assert await arrivals(side) == {}
        assert [each.start for each in (await evening.public(side, starts)).hours] == [starts]
    assert await evening.both_say(starts) == [CLOSED, CLOSED]
