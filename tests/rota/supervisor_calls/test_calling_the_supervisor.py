from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.worker.session_jobs import move_call_on
from database.session import door
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from rota.session_details.actions import set_for_pool
from rota.session_details.rules import Draft
from rota.sign_up.actions import release_claim
from rota.supervisor_calls.actions import answer_call, call_supervisor
from rota.supervisor_calls.asking import CALL_STEP, go_on
from rota.supervisor_calls.errors import NotInSession
from rota.supervisor_calls.models import CallAsked, SupervisorCall
from rota.supervisor_calls.queries import calls_to_take
from tests.rota.staffed_evening import (
    BRIEFING,
    DEBRIEFED,
    MINUTE,
    START,
    StaffedEvening,
    staffed_evening,
)
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW, Worker, a_pool, a_project, a_shift


@pytest.fixture
async def evening(nodes: TwoNodes) -> StaffedEvening:
    return await staffed_evening(nodes)


async def deputise(evening: StaffedEvening) -> Worker:
    """Name a supervisor of the other node as the pool's deputy."""
    deputy = await evening.nodes.worker("supervisor")
    pool = evening.nodes.pool
    async with evening.host.door() as session:
        draft = Draft(deputy=deputy.display, answer_minutes=3)
        await set_for_pool(session, pool.coordinator, pool.id, draft, NOW)
    return deputy


async def calls(evening: StaffedEvening, worker: Worker, now: datetime = START) -> UUID:
    call: SupervisorCall = await evening.says(worker, call_supervisor, now=now)
    call_id = call.id
    await evening.nodes.exchange(now)
    return call_id


async def goes_on(evening: StaffedEvening, call: UUID, now: datetime) -> None:
    async with evening.host.door() as session:
        await go_on(session, call, now)
    await evening.nodes.exchange(now)


async def answers(side: Side, asker: Asker, call: UUID, now: datetime) -> None:
    async with side.door() as session:
        await answer_call(session, asker, call, now)


async def stands(side: Side, call: UUID) -> tuple[str, datetime | None, str | None]:
    found = await side.session.get_one(SupervisorCall, call, populate_existing=True)
    return found.step, found.answered_at, found.answered_by


async def waiting(side: Side, asker: Asker, now: datetime) -> list[UUID]:
    async with side.door() as session:
        return [one.call.id for one in await calls_to_take(session, asker, now)]


async def test_a_call_from_another_node_reaches_the_supervisor_who_takes_it(
    evening: StaffedEvening,
) -> None:
    call = await calls(evening, evening.lead)
    assert await evening.notices(evening.supervisor) == [("called", True)]
    assert await waiting(evening.host, evening.supervisor.asker, START) == [call]
    now = START + MINUTE
    await answers(evening.host, evening.supervisor.asker, call, now)
    await evening.nodes.exchange(now)
    for side in (evening.host, evening.home):
        assert await stands(side, call) == ("supervisor", now, "supervisor")
    assert await evening.notices(evening.lead) == [("call-taken", True)]
    assert await waiting(evening.host, evening.supervisor.asker, now) == []
    # who is told of the call is told no more once it is taken
    await goes_on(evening, call, START + 60 * MINUTE)
    assert await evening.notices(evening.supervisor) == [("called", True)]
    assert [verb for verb, _ in await evening.audited(evening.host, call)] == [
        "called-supervisor",
        "asked-supervisor",
        "answered-call",
    ]


async def test_nobody_answers_so_it_goes_to_the_deputy_then_the_coordinator(
    evening: StaffedEvening,
) -> None:
    deputy = await deputise(evening)
    coordinator = evening.nodes.pool.coordinator
    call = await calls(evening, evening.second)
    assert (await evening.asked_of_worker_process(evening.host, CALL_STEP))[-1] == (
        START + 3 * MINUTE
    )
    # a job that comes early changes nothing
    await goes_on(evening, call, START + 2 * MINUTE)
    assert await stands(evening.host, call) == ("supervisor", None, None)
    await goes_on(evening, call, START + 3 * MINUTE)
    # the deputy's home is another node
    assert await waiting(evening.home, deputy.asker, START + 3 * MINUTE) == [call]
    await goes_on(evening, call, START + 6 * MINUTE)
    assert await waiting(evening.host, coordinator, START + 6 * MINUTE) == [call]
    assert await stands(evening.home, call) == ("coordinator", None, None)
    # the supervisor may still take it
    now = START + 7 * MINUTE
    await answers(evening.host, evening.supervisor.asker, call, now)
    await evening.nodes.exchange(now)
    assert await stands(evening.home, call) == ("coordinator", now, "supervisor")
    assert await waiting(evening.home, deputy.asker, now) == []
    assert await evening.audited(evening.host, call) == [
        ("called-supervisor", {"shift": str(evening.shift.id)}),
        ("asked-supervisor", {"asked": 1}),
        ("asked-deputy", {"asked": 1}),
        ("asked-coordinator", {"asked": 1}),
        ("answered-call", {"step": "supervisor"}),
    ]


async def test_a_call_goes_on_also_where_the_time_to_answer_was_made_longer_meanwhile(
    committing_engine: AsyncEngine,
) -> None:
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        shift = await a_shift(session, pool)
        call = SupervisorCall(
            shift_id=shift.id, claim_id=None, called_at=START, step="supervisor", step_at=START
        )
        session.add(call)
        call_id = call.id
        await set_for_pool(session, pool.coordinator, pool.id, Draft(answer_minutes=8), NOW)
    job = {"call": str(call_id)}
    late, later = START + 5 * MINUTE, START + 8 * MINUTE
    assert await move_call_on(committing_engine, job, late) == later
    async with door(committing_engine) as session:
        assert (await session.get_one(SupervisorCall, call_id)).step == "supervisor"
    assert await move_call_on(committing_engine, job, later) is None
    async with door(committing_engine) as session:
        assert (await session.get_one(SupervisorCall, call_id)).step == "coordinator"


async def test_the_deputy_takes_it_on_another_node(evening: StaffedEvening) -> None:
    deputy = await deputise(evening)
    call = await calls(evening, evening.second)
    await goes_on(evening, call, START + 3 * MINUTE)
    now = START + 4 * MINUTE
    await answers(evening.home, deputy.asker, call, now)
    await evening.nodes.exchange(now)
    assert await stands(evening.host, call) == ("deputy", now, "deputy")
    assert await evening.notices(evening.second) == [("call-taken", True)]


async def test_after_the_last_one_the_caller_is_told(evening: StaffedEvening) -> None:
    call = await calls(evening, evening.second)
    # there is no deputy
    await goes_on(evening, call, START + 5 * MINUTE)
    assert await stands(evening.host, call) == ("coordinator", None, None)
    await goes_on(evening, call, START + 10 * MINUTE)
    assert await evening.notices(evening.second) == [("call-unanswered", True)]
    assert (await evening.audited(evening.host, call))[-1] == ("call-unanswered", {})


async def test_without_a_supervisor_the_next_one_is_asked_at_once(
    evening: StaffedEvening,
) -> None:
    deputy = await deputise(evening)
    async with evening.host.door() as session:
        asker, claim = evening.supervisor.asker, evening.claims["supervisor"]
        await release_claim(session, asker, claim, BRIEFING)
    call = await calls(evening, evening.second)
    assert await stands(evening.host, call) == ("deputy", None, None)
    assert await waiting(evening.home, deputy.asker, START) == [call]


async def test_calling_twice_is_one_call_while_it_waits(evening: StaffedEvening) -> None:
    first = await calls(evening, evening.lead)
    assert await calls(evening, evening.lead, START + MINUTE) == first
    assert await evening.notices(evening.supervisor) == [("called", True)]
    await answers(evening.host, evening.supervisor.asker, first, START + MINUTE)
    await evening.nodes.exchange(START + MINUTE)
    assert await calls(evening, evening.lead, START + 2 * MINUTE) != first


async def test_a_call_says_nothing_of_anybody_between_nodes(evening: StaffedEvening) -> None:
    call = await calls(evening, evening.lead)
    made = (await evening.home.said("call.made"))[-1].content
    assert made == {
        "call": str(call),
        "claim": str(evening.claims["lead"]),
        "at": START.isoformat(),
    }
    stated = (await evening.host.said("call.stated"))[-1].content
    assert stated == {
        "call": str(call),
        "shift": str(evening.shift.id),
        "called_at": START.isoformat(),
        "step": "supervisor",
        "step_at": START.isoformat(),
        "answered_at": None,
        "answered_by": None,
        "ask": [],
    }


async def test_only_who_sits_there_calls_and_only_who_is_asked_answers(
    evening: StaffedEvening,
) -> None:
    stranger = await evening.nodes.worker("supervisor")
    for asker in (stranger.asker, evening.nodes.coordinator):
        async with evening.home.door() as session:
            with pytest.raises(NotFound):
                await call_supervisor(session, asker, evening.shift.id, START)
    call = await calls(evening, evening.lead)
    for asker in (stranger.asker, evening.lead.asker, evening.nodes.coordinator):
        with pytest.raises(NotFound):
            await answers(evening.home, asker, call, START)
        assert await waiting(evening.home, asker, START) == []
    with pytest.raises(NotFound):
        await answers(evening.host, evening.second.asker, call, START)
    reader = Asker(evening.lead.id, evening.lead.asker.project_id, frozenset(), frozenset({"read"}))
    async with evening.home.door() as session:
        with pytest.raises(NotAllowed):
            await call_supervisor(session, reader, evening.shift.id, START)
    assert await stands(evening.host, call) == ("supervisor", None, None)


@pytest.mark.parametrize("now", [BRIEFING - MINUTE, DEBRIEFED])
async def test_a_supervisor_is_called_from_briefing_to_debrief(
    evening: StaffedEvening, now: datetime
) -> None:
    with pytest.raises(NotInSession):
        await evening.says(evening.second, call_supervisor, now=now)
    assert await evening.host.session.scalar(select(SupervisorCall.id)) is None


async def test_a_node_answers_only_for_handles_that_were_asked(evening: StaffedEvening) -> None:
    await deputise(evening)
    call = await calls(evening, evening.second)
    await goes_on(evening, call, START + 3 * MINUTE)
    forged = {"call": str(call), "handle": str(evening.lead.handle), "at": START.isoformat()}
    said = (await evening.home.said())[-1]._replace(feed_kind="private", kind="call.answered")
    assert await evening.host.hear(evening.home, said.saying(**forged)) is not None
    assert (await stands(evening.host, call))[1] is None
    asked = await evening.host.session.scalars(select(CallAsked.step).order_by(CallAsked.step))
    assert list(asked) == ["deputy", "supervisor"]
