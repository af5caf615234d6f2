from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from database.outbox import OutboxRow
from rota.attendance.actions import check_in, end_session, say_late
from rota.attendance.models import Attendance, CheckIn
from rota.cover.actions import ask_for_cover
from rota.cover.take import take_cover
from rota.session_clock.actions import look_at_session
from rota.session_details.actions import set_for_channel
from rota.session_details.rules import Draft
from rota.shifts.clock import SESSION_CLOCK, wind_all_near
from rota.shifts.models import Shift
from rota.sign_up.actions import release_claim
from tests.rota.staffed_evening import (
    BRIEFING,
    DEBRIEFED,
    END,
    MINUTE,
    START,
    StaffedEvening,
    staffed_evening,
)
from tests.rota.two_nodes import Side, TwoNodes

CLOSED, OPEN, BUSY = (False, False), (True, False), (True, True)


@pytest.fixture
async def evening(nodes: TwoNodes) -> StaffedEvening:
    return await staffed_evening(nodes)


async def never_alone(evening: StaffedEvening) -> None:
    pool = evening.nodes.pool
    async with evening.host.door() as session:
        await set_for_channel(
            session, pool.coordinator, pool.channel, Draft(never_alone=True), BRIEFING
        )


async def drops_out(evening: StaffedEvening, role: str, now: datetime) -> None:
    worker = {"lead": evening.lead, "second": evening.second}[role]
    async with evening.side_of(worker).door() as session:
        await release_claim(session, worker.asker, evening.claims[role], now)


async def test_who_has_not_come_is_asked_at_the_start_then_the_supervisor_then_it_is_closed(
    evening: StaffedEvening,
) -> None:
    await evening.look(START - MINUTE)
    assert await evening.notices(evening.lead) == []
    await evening.look(START)
    assert await evening.notices(evening.lead) == [("session-ask", True)]
    assert await evening.notices(evening.second) == [("session-ask", True)]
    assert await evening.notices(evening.supervisor) == []
    await evening.look(START + 5 * MINUTE)
    assert await evening.notices(evening.supervisor) == [("session-late", True)]
    await evening.look(START + 10 * MINUTE)
    assert await evening.notices(evening.supervisor) == [
        ("session-late", True),
        ("session-closed", True),
    ]
    # on whichever node somebody sits
    for worker in (evening.lead, evening.second):
        assert await evening.notices(worker) == [("session-ask", True), ("session-closed", True)]
    assert await evening.both_say(START + 10 * MINUTE) == [CLOSED, CLOSED]
    assert (await evening.public(evening.home, START + 10 * MINUTE)).hours == []
    assert [verb for verb, _ in await evening.audited(evening.host)] == [
        "told-supervisor-of-lateness",
        "shown-closed",
    ]


async def test_each_step_is_taken_once_and_only_in_its_time(evening: StaffedEvening) -> None:
    for _ in range(3):
        await evening.look(START)
    assert await evening.notices(evening.second) == [("session-ask", True)]
    # a worker process that was away until the end asks nobody any more
    await evening.look(END)
    assert await evening.notices(evening.second) == [("session-ask", True)]
    assert await evening.notices(evening.supervisor) == []


async def test_who_is_there_or_late_is_not_asked(evening: StaffedEvening) -> None:
    await evening.says(evening.second, check_in, now=START - MINUTE)
    await evening.says(evening.lead, say_late, 3, now=START - MINUTE)
    await evening.nodes.exchange(START - MINUTE)
    await evening.look(START)
    assert await evening.notices(evening.second) == []
    assert await evening.notices(evening.lead) == []
    # one of the two has not come: the supervisor hears of it, nothing is closed
    await evening.look(START + 5 * MINUTE)
    assert await evening.notices(evening.supervisor) == [("session-late", True)]
    await evening.look(START + 10 * MINUTE)
    assert await evening.notices(evening.supervisor) == [("session-late", True)]
    assert await evening.both_say(START + 10 * MINUTE) == [OPEN, OPEN]


async def test_the_clock_says_when_to_look_again(evening: StaffedEvening) -> None:
    async with evening.host.door() as session:
        seen = [START - timedelta(hours=30)]
        while (after := await look_at_session(session, evening.shift.id, seen[-1])) is not None:
            seen.append(after)
    assert seen[1:] == [
        START - timedelta(hours=24),
        BRIEFING,
        START,
        START + 5 * MINUTE,
        START + 10 * MINUTE,
        END,
        DEBRIEFED,
    ]


async def test_every_near_session_is_looked_at_and_no_other(evening: StaffedEvening) -> None:
    async def wound(now: datetime) -> list[str]:
        async with evening.home.door() as session:
            await session.execute(delete(OutboxRow))
            await wind_all_near(session, now)
            rows = await session.scalars(
                select(OutboxRow.key).where(OutboxRow.kind == SESSION_CLOCK)
            )
            return list(rows)

    assert await wound(START - timedelta(hours=27)) == []
    assert await wound(START - timedelta(hours=25)) == [str(evening.shift.id)]
    assert await wound(END) == [str(evening.shift.id)]
    assert await wound(END + timedelta(hours=8)) == []


async def test_nobody_is_alone_online_where_the_channel_says_so(evening: StaffedEvening) -> None:
    await never_alone(evening)
    await evening.says(evening.second, check_in, now=BRIEFING)
    await evening.look(BRIEFING)
    # before the start nobody waits, so nobody is told to pause
    assert await evening.notices(evening.second) == []
    await evening.look(START)
    assert await evening.notices(evening.second) == [("session-pause", True)]
    assert await evening.both_say(START) == [BUSY, BUSY]
    await evening.says(evening.lead, check_in, now=START + 3 * MINUTE)
    await evening.look(START + 3 * MINUTE)
    assert await evening.both_say(START + 3 * MINUTE) == [OPEN, OPEN]


async def test_a_partner_who_does_not_come_leaves_a_session_closed(
    evening: StaffedEvening,
) -> None:
    await never_alone(evening)
    await evening.says(evening.lead, check_in, now=START)
    await evening.look(START)
    assert await evening.notices(evening.lead) == [("session-pause", True)]
    await evening.look(START + 9 * MINUTE)
    assert await evening.both_say(START + 9 * MINUTE) == [BUSY, BUSY]
    await evening.look(START + 10 * MINUTE)
    assert await evening.both_say(START + 10 * MINUTE) == [CLOSED, CLOSED]
    assert (await evening.notices(evening.lead))[-1] == ("session-paused-out", True)
    assert (await evening.audited(evening.host))[-1] == ("shown-closed", {"alone": True})


async def test_without_the_rule_one_may_go_on_alone(evening: StaffedEvening) -> None:
    await evening.says(evening.second, check_in, now=START)
    await evening.look(START)
    await evening.look(START + 10 * MINUTE)
    assert await evening.both_say(START + 10 * MINUTE) == [OPEN, OPEN]
    assert await evening.notices(evening.second) == []


async def test_a_drop_out_below_the_minimum_closes_the_session_everywhere_at_once(
    evening: StaffedEvening,
) -> None:
    for worker in (evening.lead, evening.second):
        await evening.says(worker, check_in, now=START)
    await evening.nodes.exchange(START)
    assert await evening.both_say(START) == [OPEN, OPEN]
    now = START + 20 * MINUTE
    await drops_out(evening, "lead", now)
    # its own node does not wait for the host to say so
    assert await evening.both_say(now) == [OPEN, CLOSED]
    assert (await evening.public(evening.home, now)).hours == []
    await evening.nodes.exchange(now)
    assert await evening.both_say(now) == [CLOSED, CLOSED]
    assert await evening.notices(evening.second) == [("shift-closed", True)]
    assert await evening.notices(evening.supervisor) == [("shift-closed", True)]
    await evening.look(now)
    assert await evening.notices(evening.second) == [("shift-closed", True)]
    assert (await evening.audited(evening.host))[-1] == ("dropped-out-late", {"open": False})


async def test_nobody_hears_of_a_drop_out_where_somebody_else_has_taken_over(
    evening: StaffedEvening,
) -> None:
    now = BRIEFING - 120 * MINUTE
    helper = await evening.nodes.worker()
    async with evening.host.door() as session:
        asker, claim = evening.second.asker, evening.claims["second"]
        cover = await ask_for_cover(session, asker, claim, now)
    await evening.nodes.exchange(now)
    async with evening.home.door() as session:
        await take_cover(session, helper.asker, cover.id, now)
    await evening.look(now)
    assert await evening.notices(evening.second) == [("covered", False)]
    for stays in (evening.lead, evening.supervisor):
        assert ("session-staffed-down", True) not in await evening.notices(stays)
    assert "dropped-out-late" not in {verb for verb, _ in await evening.audited(evening.host)}


@pytest.mark.parametrize("alone", [True, False])
async def test_a_drop_out_that_leaves_the_minimum_staffs_it_down(
    nodes: TwoNodes,
    alone: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    evening = await staffed_evening(nodes, minimum_workers=1)
    if alone:
        await never_alone(evening)
    for worker in (evening.lead, evening.second):
        await evening.says(worker, check_in, now=START)
    await evening.look(START)
    now = START + 20 * MINUTE
    await drops_out(evening, "second", now)
    await evening.look(now)
    told = [("session-staffed-down", True)] + ([("session-pause", True)] if alone else [])
    assert await evening.notices(evening.lead) == told
    assert await evening.notices(evening.supervisor) == [("session-staffed-down", True)]
    assert await evening.notices(evening.second) == []
    # they may come back or somebody may step in: busy for a while where nobody may be alone
    assert await evening.both_say(now) == ([BUSY, BUSY] if alone else [OPEN, OPEN])
    left = await evening.host.session.scalar(
        select(Attendance.left_at).where(Attendance.claim_id == evening.claims["second"])
    )
    assert left == now


async def test_a_seat_given_back_days_before_is_no_late_drop_out(
    evening: StaffedEvening,
) -> None:
    now = START - timedelta(hours=25)
    await drops_out(evening, "second", now)
    assert await evening.asked_of_worker_process(evening.host, SESSION_CLOCK) == []
    assert await evening.notices(evening.supervisor) == [("shift-closed", False)]
    await evening.look(START - MINUTE)
    assert await evening.audited(evening.host) == []


async def test_a_change_near_its_start_has_a_session_looked_at(evening: StaffedEvening) -> None:
    now = START - timedelta(hours=2)
    await drops_out(evening, "lead", now)
    assert await evening.asked_of_worker_process(evening.home, SESSION_CLOCK) == [now]
    await evening.nodes.exchange(now)
    assert await evening.asked_of_worker_process(evening.host, SESSION_CLOCK) == [now]


async def test_a_session_that_was_cancelled_or_is_another_kind_asks_nobody(
    evening: StaffedEvening,
) -> None:
    async with evening.host.door() as session:
        await session.execute(
            update(Shift).where(Shift.id == evening.shift.id).values(cancelled_at=BRIEFING)
        )
        assert await look_at_session(session, evening.shift.id, START) is None
    assert await evening.notices(evening.second) == []


async def kept(side: Side) -> CheckIn:
    found = await side.session.scalars(select(CheckIn).execution_options(populate_existing=True))
    return found.one()


async def test_when_a_session_ends_all_who_were_there_have_left(evening: StaffedEvening) -> None:
    for worker in (evening.lead, evening.second):
        await evening.says(worker, check_in, now=START)
    await evening.nodes.exchange(START)
    now = START + 30 * MINUTE
    await evening.says(evening.lead, end_session, now=now)
    await evening.nodes.exchange(now)
    rows = await evening.host.session.scalars(select(Attendance.left_at))
    assert list(rows) == [now, now]
    assert (await kept(evening.host)).ended_at == now
