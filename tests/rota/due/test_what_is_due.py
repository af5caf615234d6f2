"""What is due in a project: trainings that end, work of which nobody said that it is done."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.people.actions import let_go
from federation.permissions.rules import Asker
from federation.pools.actions import add_channel, join_pool
from federation.pools.drafts import ChannelDraft
from rota.attendance.actions import check_in, end_session, say_did_not_happen, say_done
from rota.attendance.errors import MeetsPeople, NotBegunYet, SessionOver
from rota.attendance.models import CheckIn
from rota.due.queries import due_counts, ending_trainings, what_is_late
from rota.due.rules import DueCounts, EndingTraining, LateWork
from rota.passport.actions import attest_training, withdraw_training
from rota.passport.models import Training
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    CORE,
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

END = TUESDAY_19 + timedelta(hours=2)
DAY = timedelta(days=1)
LAST = date(2027, 6, 1)
MORNING = datetime.combine(LAST, TUESDAY_19.timetz())


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def training_of(session: AsyncSession, worker: Worker) -> Training:
    return (await session.scalars(select(Training).where(Training.person_id == worker.id))).one()


async def ending(session: AsyncSession, asker: Asker, now: datetime) -> list[EndingTraining]:
    found = await ending_trainings(session, asker, now)
    assert (await due_counts(session, asker, now)).trainings == len(found)
    return found


async def test_a_training_is_listed_a_month_ahead_and_until_it_is_attested_anew(
    session: AsyncSession, pool: ExamplePool
) -> None:
    boss = pool.coordinator
    worker = await a_worker(session, pool.id, boss)
    training = await training_of(session, worker)
    seen = EndingTraining(
        training.id, worker.id, worker.display, CORE, LAST, ended=False, asked_for=True
    )
    assert await ending(session, boss, MORNING - 31 * DAY) == []
    assert await ending(session, boss, MORNING - 30 * DAY) == [seen]
    assert await ending(session, boss, MORNING) == [seen]
    over = replace(seen, ended=True)
    # in summer the project's day begins an hour before that of UTC
    begins = datetime.combine(LAST, datetime.min.time(), NOW.tzinfo) + timedelta(hours=23)
    assert await ending(session, boss, begins - timedelta(seconds=1)) == [seen]
    assert await ending(session, boss, begins) == [over]
    assert await ending(session, boss, MORNING + 300 * DAY) == [over]
    await attest_training(session, boss, worker.id, CORE, LAST, date(2030, 1, 1), MORNING)
    assert await ending(session, boss, MORNING) == []


async def test_what_nobody_asks_for_leaves_the_list_a_month_after_its_end(
    session: AsyncSession, pool: ExamplePool
) -> None:
    boss = pool.coordinator
    asker = await a_person(session, boss.project_id, "worker")
    issued = date(2026, 6, 1)
    one = await attest_training(session, boss, asker.person_id, "tax", issued, LAST, NOW)
    # somebody without a pseudonym is named
    seen = EndingTraining(
        one.id, asker.person_id, "Zuleika Private", "tax", LAST, ended=True, asked_for=False
    )
    assert await ending(session, boss, MORNING + 30 * DAY) == [seen]
    assert await ending(session, boss, MORNING + 31 * DAY) == []


async def test_the_worst_stands_first_and_what_was_withdrawn_or_is_gone_nowhere(
    session: AsyncSession, pool: ExamplePool
) -> None:
    boss = pool.coordinator
    workers = [await a_worker(session, pool.id, boss) for _ in range(4)]
    sooner, _, withdrawn, left = workers
    issued = date(2026, 6, 1)
    await attest_training(session, boss, sooner.id, CORE, issued, LAST - 9 * DAY, NOW)
    await withdraw_training(session, boss, (await training_of(session, withdrawn)).id, NOW)
    await let_go(session, boss, person_id=left.id, now=NOW)
    found = await ending(session, boss, MORNING)
    assert [one.person_id for one in found] == [sooner.id, workers[1].id]


async def test_trainings_are_seen_by_coordinators_of_the_own_project_alone(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    partner = await a_project(session)
    await join_pool(session, partner, pool.id, SHARE, NOW)
    assert await ending(session, partner, MORNING) == []
    for act in (ending_trainings, what_is_late, due_counts):
        with pytest.raises(NotAllowed):
            await act(session, worker.asker, MORNING)


async def a_channel(session: AsyncSession, pool: ExamplePool, kind: str) -> UUID:
    draft = ChannelDraft(kind, f"The {kind}", kind, 1, 0, [])
    return (await add_channel(session, pool.coordinator, pool.id, draft, NOW)).id


async def work(
    session: AsyncSession, pool: ExamplePool, channel: UUID, starts: datetime = TUESDAY_19
) -> Planned:
    """Plan one worker's time for messages or a task."""
    return await a_shift(
        session,
        pool,
        starts,
        roles=("lead",),
        channel_id=channel,
        trainings=[],
        minimum_workers=1,
        minimum_supervisors=0,
    )


def late(shift: Planned, kind: str, pool: ExamplePool, who: str | None) -> LateWork:
    due = shift.starts + timedelta(hours=2)
    zone = "Europe/London"
    return LateWork(shift.id, kind, f"The {kind}", "Evening chat", pool.slug, due, zone, who)


async def seen(session: AsyncSession, asker: Asker, now: datetime) -> list[object]:
    found = await what_is_late(session, asker, now)
    assert (await due_counts(session, asker, now)).work == len(found)
    return list(found)


async def test_messages_are_late_from_the_time_that_was_promised_until_they_are_done(
    session: AsyncSession, pool: ExamplePool
) -> None:
    boss = pool.coordinator
    worker = await a_worker(session, pool.id, boss)
    channel = await a_channel(session, pool, "inbox")
    free, taken = [await work(session, pool, channel) for _ in range(2)]
    await claim_seat(session, worker.asker, taken.lead, NOW)
    told = late(taken, "inbox", pool, worker.display)
    assert await seen(session, boss, END - timedelta(seconds=1)) == []
    # what was free was never promised to anybody
    assert free.id != taken.id
    assert await seen(session, boss, END) == [told]
    assert await seen(session, boss, TUESDAY_19 + 14 * DAY) == []
    await say_did_not_happen(session, worker.asker, taken.id, "technical", END)
    assert await seen(session, boss, END) == [told]
    await say_done(session, worker.asker, taken.id, END + DAY)
    assert await seen(session, boss, END + DAY) == []
    assert (await due_counts(session, boss, END)) == DueCounts(0, 0, 0, 0)


async def test_who_answers_messages_answers_earlier_ones_and_a_task_stands_for_itself(
    session: AsyncSession, pool: ExamplePool
) -> None:
    boss = pool.coordinator
    worker = await a_worker(session, pool.id, boss, shifts_per_week=9, hours_per_week=40)
    found = {}
    for at, kind in enumerate(("inbox", "task")):
        channel = await a_channel(session, pool, kind)
        days = [TUESDAY_19 + timedelta(days=day, hours=3 * at) for day in range(2)]
        found[kind] = [await work(session, pool, channel, day) for day in days]
    for shift in (*found["inbox"], *found["task"]):
        await claim_seat(session, worker.asker, shift.lead, NOW)
    now = TUESDAY_19 + 2 * DAY
    (message, _), (task, _) = found["inbox"], found["task"]
    kinds = ("inbox", "task")
    by_age = [
        late(found[kind][day], kind, pool, worker.display) for day in (0, 1) for kind in kinds
    ]
    assert await seen(session, boss, now) == by_age
    # the coordinator was told so by the worker
    await say_done(session, boss, message.id, now)
    await say_done(session, boss, found["task"][1].id, now)
    assert await seen(session, boss, now) == [by_age[1], by_age[2]]
    await say_done(session, boss, found["inbox"][1].id, now)
    assert await seen(session, boss, now) == [late(task, "task", pool, worker.display)]


async def test_the_later_answer_alone_is_enough(session: AsyncSession, pool: ExamplePool) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    channel = await a_channel(session, pool, "inbox")
    first, second = [await work(session, pool, channel, TUESDAY_19 + day * DAY) for day in range(2)]
    for shift in (first, second):
        await claim_seat(session, worker.asker, shift.lead, NOW)
    now = TUESDAY_19 + 2 * DAY
    await say_done(session, worker.asker, second.id, now)
    assert await seen(session, pool.coordinator, now) == []


async def test_another_project_sees_that_it_is_late_and_not_who_has_it(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    partner, stranger = await a_project(session), await a_project(session)
    await join_pool(session, partner, pool.id, SHARE, NOW)
    shift = await work(session, pool, await a_channel(session, pool, "inbox"))
    await claim_seat(session, worker.asker, shift.lead, NOW)
    assert await seen(session, partner, END) == [late(shift, "inbox", pool, None)]
    assert await seen(session, stranger, END) == []
    colleague = await a_worker(session, pool.id, pool.coordinator)
    for asker in (partner, stranger, colleague.asker):
        with pytest.raises(NotFound):
            await say_done(session, asker, shift.id, END)
    reads = Asker(worker.id, worker.asker.project_id, frozenset({"worker"}), frozenset({"read"}))
    with pytest.raises(NotAllowed):
        await say_done(session, reads, shift.id, END)
    assert await seen(session, partner, END) == [late(shift, "inbox", pool, None)]


async def test_only_work_that_has_begun_can_be_done(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    chat = await a_shift(session, pool, TUESDAY_19 + DAY)
    shift = await work(session, pool, await a_channel(session, pool, "task"))
    for one in (chat, shift):
        await claim_seat(session, worker.asker, one.lead, NOW)
    with pytest.raises(MeetsPeople):
        await say_done(session, worker.asker, chat.id, END + DAY)
    with pytest.raises(NotBegunYet):
        await say_done(session, worker.asker, shift.id, TUESDAY_19 - timedelta(seconds=1))
    planned = await session.get_one(Shift, shift.id)
    planned.cancelled_at = NOW
    await session.flush()
    with pytest.raises(SessionOver):
        await say_done(session, worker.asker, shift.id, TUESDAY_19)
    assert (await session.scalars(select(CheckIn.shift_id))).all() == []


async def test_a_host_hears_that_another_nodes_worker_has_answered(nodes: TwoNodes) -> None:
    pool = nodes.pool
    async with nodes.host.door() as session:
        channel = await a_channel(session, pool, "inbox")
    shift = await nodes.shift(lambda session: work(session, pool, channel))
    worker = await nodes.worker()
    async with nodes.home.door() as session:
        await claim_seat(session, worker.asker, shift.lead, NOW)
    await nodes.exchange(NOW)
    assert await seen(nodes.host.session, pool.coordinator, END) == [
        late(shift, "inbox", pool, None)
    ]
    assert await seen(nodes.home.session, nodes.coordinator, END) == [
        late(shift, "inbox", pool, worker.display)
    ]
    async with nodes.home.door() as session:
        await say_done(session, worker.asker, shift.id, END)
    await nodes.exchange(END)
    for side, asker in ((nodes.host, pool.coordinator), (nodes.home, nodes.coordinator)):
        assert await seen(side.session, asker, END) == []


async def test_a_session_that_people_come_to_is_never_listed(
    session: AsyncSession, pool: ExamplePool
) -> None:
    worker, second = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    shift = await a_shift(session, pool, minimum_supervisors=0)
    await claim_seat(session, worker.asker, shift.lead, NOW)
    await claim_seat(session, second.asker, shift.seats["second"], NOW)
    assert await seen(session, pool.coordinator, END) == []
    await check_in(session, worker.asker, shift.id, TUESDAY_19)
    await end_session(session, worker.asker, shift.id, END - timedelta(hours=1))
    assert await seen(session, pool.coordinator, END) == []
