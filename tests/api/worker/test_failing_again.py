"""Work that has failed comes back later, by chance and fairly, and at once when there is hope."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.worker.jobs import Job
from api.worker.loop import AGAIN_AT_ONCE, AT_ONCE, Loop, current_time
from api.worker.workshop import Workshop
from benchmarks.repeatable import Repeatable
from database import outbox
from database.leases import Look, Open, Work, done, failed, lease, wait_after
from database.outbox import OutboxRow
from database.session import door
from tests.api.worker.at_work import at_work
from tests.api.worker.test_worker_loop import Counting, ask, workshop

__all__ = ["workshop"]
NOON = datetime(2027, 1, 5, 12, tzinfo=UTC)
FIRST = {"poke": Open(10, again=False)}
ALL = {"poke": Open(10, again=True)}


async def ask_for_pokes(engine: AsyncEngine) -> None:
    async with door(engine) as session:
        for number in range(AT_ONCE + 2):
            await outbox.put(session, "poke", {}, now=current_time(), key=f"dead {number}")


async def fails(*_: Any) -> None:
    raise ConnectionRefusedError


async def asked(engine: AsyncEngine, key: str, now: datetime = NOON) -> None:
    async with door(engine) as session:
        await outbox.put(session, "poke", {}, now=now, key=key)


async def fail(
    engine: AsyncEngine, work: Work, said: str = "Away", rests_until: datetime | None = None
) -> datetime:
    random = Repeatable(work.key)
    return await failed(engine, work, said, now=NOON, random=random, rests_until=rests_until)


async def failed_work(engine: AsyncEngine, key: str) -> tuple[Work, datetime]:
    await asked(engine, key)
    work = (await lease(engine, FIRST, NOON)).work
    assert work is not None
    return work, await fail(engine, work)


async def left(engine: AsyncEngine, *columns: Any) -> list[Any]:
    async with door(engine) as session:
        found = await session.execute(select(*columns).order_by(OutboxRow.key))
        return [tuple(row) for row in found]


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
    jobs = {"count": Job(count), "poke": Job(hangs)}
    async with asyncio.timeout(20), at_work(Loop(workshop, jobs)):
        await count.done.wait()
        released.set()
    assert (count.seen, most) == ([1], AGAIN_AT_ONCE)


async def test_work_that_succeeds_at_last_has_not_failed(committing_engine: AsyncEngine) -> None:
    await failed_work(committing_engine, "north")
    later = NOON + timedelta(minutes=1)
    begun = (await lease(committing_engine, ALL, later)).work
    assert begun is not None
    assert (begun.key, begun.attempts, begun.last_error) == ("north", 2, "Away")
    await asked(committing_engine, "north", later)
    due = await done(committing_engine, begun)
    assert due is not None
    columns = OutboxRow.asked, OutboxRow.last_error, OutboxRow.leased_until, OutboxRow.due
    assert await left(committing_engine, *columns) == [(begun.asked + 1, None, None, due)]


def test_waits_grow_to_a_minute_and_never_agree() -> None:
    random = Repeatable(5)
    for attempts, longest in [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (10, 60), (900, 60)]:
        waits = [wait_after(attempts, random).total_seconds() for _ in range(200)]
        assert longest / 2 <= min(waits) < max(waits) <= longest
        assert len(set(waits)) > 190


async def test_what_failed_together_comes_back_apart(committing_engine: AsyncEngine) -> None:
    dues = [(await failed_work(committing_engine, key))[1] for key in ("north", "south")]
    assert dues == [NOON + wait_after(1, Repeatable(key)) for key in ("north", "south")]
    assert len(set(dues)) == 2
    kept = await left(committing_engine, OutboxRow.due, OutboxRow.last_error)
    assert kept == [(due, "Away") for due in dues]


async def test_what_failed_waits_where_its_kind_has_no_hand_free(
    committing_engine: AsyncEngine,
) -> None:
    work, due = await failed_work(committing_engine, "north")
    assert await lease(committing_engine, FIRST, NOON) == Look(None, None)
    assert await lease(committing_engine, ALL, NOON) == Look(None, due)
    later = NOON + timedelta(minutes=1)
    assert await lease(committing_engine, FIRST, later) == Look(None, None)
    again = work._replace(attempts=2, last_error="Away")
    assert await lease(committing_engine, ALL, later) == Look(again, None)


@pytest.mark.parametrize(("key", "at_once"), [("north", True), ("south", False)])
async def test_only_what_failed_for_whom_shows_up_is_hurried(
    committing_engine: AsyncEngine, key: str, *, at_once: bool
) -> None:
    _, due = await failed_work(committing_engine, "north")
    quiet = NOON + timedelta(hours=1)
    async with door(committing_engine) as session:
        await outbox.put(session, "pull", {}, now=NOON, key="north", due=quiet)
        await outbox.hurry(session, ("poke", "pull"), key, now=NOON)
    columns = OutboxRow.kind, OutboxRow.due, OutboxRow.attempts
    poke = ("poke", NOON, 0) if at_once else ("poke", due, 1)
    assert set(await left(committing_engine, *columns)) == {poke, ("pull", quiet, 0)}


async def test_who_asks_for_rest_gets_it_and_asking_again_changes_nothing(
    committing_engine: AsyncEngine,
) -> None:
    await asked(committing_engine, "north")
    work = (await lease(committing_engine, FIRST, NOON)).work
    assert work is not None
    rest = timedelta(minutes=5)
    due = await fail(committing_engine, work, "429", NOON + rest)
    await asked(committing_engine, "north")
    async with door(committing_engine) as session:
        await outbox.hurry(session, list(ALL), "north", now=NOON)
    early = NOON + rest - timedelta(seconds=1)
    assert await lease(committing_engine, ALL, early) == Look(None, due)
    assert NOON + rest <= due <= NOON + rest * 1.1
    rested = (await lease(committing_engine, ALL, due)).work
    assert rested is not None
    assert (rested.id, rested.last_error) == (work.id, "429")
