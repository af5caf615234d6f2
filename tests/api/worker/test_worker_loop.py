import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.settings import Settings
from api.worker.jobs import Job
from api.worker.loop import AT_ONCE, Loop, current_time
from api.worker.workshop import Workshop, open_workshop
from database import outbox
from database.outbox import OutboxRow
from database.rows import fetch_rows
from database.session import door, make_engine
from federation.partners.keys import Node, NodeKeys
from tests.api.worker.at_work import at_work

END_THE_OTHERS = """
SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
LISTENERS = """
SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'
"""


@pytest.fixture
async def workshop(database_url: str, committing_engine: AsyncEngine, tmp_path: Path) -> Workshop:
    settings = Settings(database_url=database_url, keys=tmp_path / "keys")
    NodeKeys.create(settings.keys)
    node = Node.open(settings.keys, name="North", base_url=settings.base_url)
    return open_workshop(settings, committing_engine, node, current_time)


async def ask(engine: AsyncEngine, number: int, **more: Any) -> None:
    async with door(engine) as session:
        await outbox.put(
            session, "count", {"n": number}, now=current_time(), key=str(number), **more
        )


async def rows(engine: AsyncEngine) -> list[OutboxRow]:
    async with door(engine) as session:
        found = await session.scalars(select(OutboxRow).where(OutboxRow.kind == "count"))
        return list(found)


async def listener(engine: AsyncEngine) -> int:
    """Wait until one connection listens, and tell which."""
    found: list[Any] = []
    while not found:
        found = await fetch_rows(engine, LISTENERS)
    [(pid,)] = found
    return int(pid)


class Counting:
    """A job that notes what it was given, and tells when it has enough."""

    def __init__(self, enough: int) -> None:
        self.seen: list[int] = []
        self.enough = enough
        self.done = asyncio.Event()

    async def __call__(self, _: Workshop, payload: dict[str, Any]) -> datetime | None:
        self.seen.append(payload["n"])
        if len(self.seen) >= self.enough:
            self.done.set()
        return None


async def run_until(loops: list[Loop], happened: asyncio.Event) -> None:
    async with asyncio.timeout(20), at_work(*loops):
        await happened.wait()


async def test_work_put_in_while_it_waits_is_done_at_once(workshop: Workshop) -> None:
    count = Counting(1)
    async with asyncio.timeout(4), at_work(Loop(workshop, {"count": Job(count)})):
        await ask(workshop.engine, 1)
        await count.done.wait()
    assert (count.seen, await rows(workshop.engine)) == ([1], [])


async def test_several_workers_do_each_piece_once(workshop: Workshop) -> None:
    count = Counting(40)
    for number in range(40):
        await ask(workshop.engine, number)
    second = make_engine(workshop.settings.database_url)
    other = open_workshop(workshop.settings, second, workshop.node, current_time)
    jobs = {"count": Job(count)}
    await run_until([Loop(workshop, jobs), Loop(other, jobs)], count.done)
    await second.dispose()
    assert sorted(count.seen) == list(range(40))
    assert await rows(workshop.engine) == []


async def test_failed_work_is_put_back_without_quoting_anybody(workshop: Workshop) -> None:
    async def fails(*_: Any) -> None:
        raise ValueError("Maria, 07700 900123")

    await ask(workshop.engine, 1)
    before = current_time()
    await Loop(workshop, {"count": Job(fails)}).work_off()
    left = (await rows(workshop.engine))[0]
    assert (left.attempts, left.last_error, left.leased_until) == (1, "ValueError", None)
    assert left.due > before


async def test_work_that_takes_too_long_is_given_up(workshop: Workshop) -> None:
    async def hangs(*_: Any) -> None:
        await asyncio.Event().wait()

    await ask(workshop.engine, 1)
    await Loop(workshop, {"count": Job(hangs, seconds=1)}).work_off()
    assert (await rows(workshop.engine))[0].last_error == "TimeoutError"


async def test_hanging_work_does_not_hold_up_the_rest(workshop: Workshop) -> None:
    count = Counting(1)

    async def hangs(*_: Any) -> None:
        await asyncio.Event().wait()

    async with door(workshop.engine) as session:
        await outbox.put(session, "hang", {}, now=current_time(), key="1")
    await ask(workshop.engine, 1)
    jobs = {"count": Job(count), "hang": Job(hangs, seconds=2)}
    await run_until([Loop(workshop, jobs)], count.done)
    assert count.seen == [1]


async def test_a_kind_with_a_limit_leaves_room_for_the_rest(workshop: Workshop) -> None:
    """As many mails as there are hands, all hanging, and still a claim is looked after."""
    count, released = Counting(1), asyncio.Event()
    running = most = 0

    async def hangs(*_: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await released.wait()
        running -= 1

    async with door(workshop.engine) as session:
        for number in range(AT_ONCE + 2):
            await outbox.put(session, "hang", {}, now=current_time(), key=str(number))
    await ask(workshop.engine, 1)
    jobs = {"count": Job(count), "hang": Job(hangs, at_once=2)}
    async with asyncio.timeout(20), at_work(Loop(workshop, jobs)):
        await count.done.wait()
        released.set()
    assert (count.seen, most) == ([1], 2)


async def test_a_dead_workers_lease_runs_out(workshop: Workshop) -> None:
    count = Counting(1)
    await ask(workshop.engine, 1)
    long_ago = current_time() - timedelta(seconds=30)
    async with door(workshop.engine) as session:
        row = (await session.scalars(select(OutboxRow))).one()
        row.due, row.leased_until = long_ago, current_time() + timedelta(seconds=1)
    await Loop(workshop, {"count": Job(count)}).work_off()
    assert count.seen == []
    await run_until([Loop(workshop, {"count": Job(count)})], count.done)
    assert count.seen == [1]


async def test_work_may_ask_to_be_done_again_later(workshop: Workshop) -> None:
    later = current_time() + timedelta(hours=1)

    async def again(*_: Any) -> datetime:
        return later

    await ask(workshop.engine, 1)
    await Loop(workshop, {"count": Job(again)}).work_off()
    left = await rows(workshop.engine)
    assert [(row.due, row.leased_until, row.payload) for row in left] == [(later, None, {"n": 1})]


async def test_a_lost_listening_connection_is_opened_again(workshop: Workshop) -> None:
    count = Counting(1)
    # who asks has a connection that is not cut
    elsewhere = make_engine(workshop.settings.database_url, connections=1)
    async with asyncio.timeout(60), at_work(Loop(workshop, {"count": Job(count)})):
        first = await listener(elsewhere)
        await fetch_rows(elsewhere, END_THE_OTHERS)
        assert await listener(elsewhere) != first
        await ask(elsewhere, 1)
        await count.done.wait()
    await elsewhere.dispose()
    assert count.seen == [1]


async def test_standing_work_asks_for_itself(workshop: Workshop) -> None:
    stop = asyncio.Event()
    stop.set()
    await Loop(workshop).run(stop)
    await Loop(workshop).work_off()
    async with asyncio.timeout(60), at_work(Loop(workshop)):
        swept = False
        while not swept:
            async with door(workshop.engine) as session:
                due = await session.scalar(select(OutboxRow.due).where(OutboxRow.kind == "sweep"))
            swept = due is not None and due > current_time()
