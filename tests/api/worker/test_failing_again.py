"""Work that has failed comes back later, by chance and fairly, and at once when there is hope."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.worker.jobs import Job
from api.worker.loop import AGAIN_AT_ONCE, AT_ONCE, Loop, current_time
from api.worker.workshop import Workshop
from benchmarks.repeatable import Repeatable
from database import outbox
from database.outbox import OutboxRow, wait_after
from database.session import door
from tests.api.worker.test_worker_loop import Counting, ask, workshop

__all__ = ["workshop"]
NOON = datetime(2027, 1, 5, 12, tzinfo=UTC)
KINDS = ["poke"]


async def ask_for_pokes(engine: AsyncEngine) -> None:
    async with door(engine) as session:
        for number in range(AT_ONCE + 2):
            await outbox.put(session, "poke", {}, now=current_time(), key=f"dead {number}")


async def fails(*_: Any) -> None:
    raise ConnectionRefusedError


async def failed_row(session: AsyncSession, key: str) -> OutboxRow:
    await outbox.put(session, "poke", {}, now=NOON, key=key)
    row = await outbox.lease(session, KINDS, again=(), now=NOON, seconds=10)
    assert row is not None
    await outbox.failed(session, row, "Away", now=NOON, random=Repeatable(key))
    await session.refresh(row)
    return row


async def test_13_many_dead_partners_leave_hands_for_all_others(workshop: Workshop) -> None:
    """More dead ones than hands, all known to have failed and all hanging now."""
    count, released = Counting(1), asyncio.Event()
    running = most = 0

    async def hangs(*_: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await released.wait()
        running -= 1

    await ask_for_pokes(workshop.engine)
    await Loop(workshop, {"poke": Job(fails)}).work_off()
    # something new to say to each of them: they are due at once
    await ask_for_pokes(workshop.engine)
    await ask(workshop.engine, 1)
    stop = asyncio.Event()
    jobs = {"count": Job(count), "poke": Job(hangs)}
    loop = asyncio.create_task(Loop(workshop, jobs).run(stop))
    async with asyncio.timeout(20):
        await count.done.wait()
        released.set()
        stop.set()
        await loop
    assert (count.seen, most) == ([1], AGAIN_AT_ONCE)


async def test_work_that_succeeds_at_last_has_not_failed(session: AsyncSession) -> None:
    row = await failed_row(session, "north")
    later = NOON + timedelta(minutes=1)
    begun = await outbox.lease(session, KINDS, again=KINDS, now=later, seconds=10)
    assert (begun, row.last_error) == (row, "Away")
    asked = row.asked
    await outbox.put(session, "poke", {}, now=later, key="north")
    await outbox.done(session, row.id, asked)
    left = await session.execute(select(OutboxRow.asked, OutboxRow.last_error))
    assert list(left) == [(asked + 1, None)]


def test_waits_grow_to_a_minute_and_never_agree() -> None:
    random = Repeatable(5)
    for attempts, longest in [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (10, 60), (900, 60)]:
        waits = [wait_after(attempts, random).total_seconds() for _ in range(200)]
        assert longest / 2 <= min(waits) < max(waits) <= longest
        assert len(set(waits)) > 190


async def test_what_failed_together_comes_back_apart(session: AsyncSession) -> None:
    rows = [await failed_row(session, key) for key in ("north", "south")]
    assert len({row.due for row in rows}) == 2
    for row in rows:
        expected = wait_after(1, Repeatable(row.key))
        assert (row.due, row.last_error) == (NOON + expected, "Away")


async def test_what_failed_waits_where_its_kind_has_no_hand_free(session: AsyncSession) -> None:
    row = await failed_row(session, "north")
    assert await outbox.next_due(session, KINDS, again=()) is None
    assert await outbox.next_due(session, KINDS, again=KINDS) == row.due
    later = NOON + timedelta(minutes=1)
    assert await outbox.lease(session, KINDS, again=(), now=later, seconds=10) is None
    again = await outbox.lease(session, KINDS, again=KINDS, now=later, seconds=10)
    assert again is not None
    assert (again.id, again.attempts) == (row.id, 2)


@pytest.mark.parametrize(("key", "at_once"), [("north", True), ("south", False)])
async def test_only_what_failed_for_whom_shows_up_is_hurried(
    session: AsyncSession, key: str, *, at_once: bool
) -> None:
    row = await failed_row(session, "north")
    due = row.due
    quiet = NOON + timedelta(hours=1)
    await outbox.put(session, "pull", {}, now=NOON, key="north", due=quiet)
    await outbox.hurry(session, ("poke", "pull"), key, now=NOON)
    await session.refresh(row)
    assert (row.due, row.attempts) == ((NOON, 0) if at_once else (due, 1))
    pull = select(OutboxRow.due).where(OutboxRow.kind == "pull")
    assert await session.scalar(pull) == quiet


async def test_who_asks_for_rest_gets_it_and_asking_again_changes_nothing(
    session: AsyncSession,
) -> None:
    await outbox.put(session, "poke", {}, now=NOON, key="north")
    row = await outbox.lease(session, KINDS, again=(), now=NOON, seconds=10)
    assert row is not None
    rest = timedelta(minutes=5)
    await outbox.failed(
        session, row, "429", now=NOON, random=Repeatable(3), rests_until=NOON + rest
    )
    await outbox.put(session, "poke", {}, now=NOON, key="north")
    await outbox.hurry(session, KINDS, "north", now=NOON)
    due = await outbox.next_due(session, KINDS, again=KINDS)
    assert due is not None
    assert NOON + rest <= due <= NOON + rest * 1.1
    early = NOON + rest - timedelta(seconds=1)
    assert await outbox.lease(session, KINDS, again=KINDS, now=early, seconds=10) is None
    assert await outbox.lease(session, KINDS, again=KINDS, now=due, seconds=10) is row
