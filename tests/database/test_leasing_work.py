"""A look into the outbox takes one piece of work and says when the next one falls due."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from database import outbox
from database.leases import Look, Open, Work, again, done, lease
from database.outbox import OutboxRow
from database.session import door
from tests.locks import until_somebody_waits

NOON = datetime(2027, 1, 5, 12, tzinfo=UTC)
PULLS = {"pull": Open(10, again=True)}


async def put(engine: AsyncEngine, key: str, due: datetime = NOON, kind: str = "pull") -> None:
    async with door(engine) as session:
        await outbox.put(session, kind, {"to": key}, now=NOON, key=key, due=due)


async def taken(
    engine: AsyncEngine, now: datetime = NOON, kinds: Mapping[str, Open] = PULLS
) -> Work:
    found = await lease(engine, kinds, now)
    assert found.work is not None
    return found.work


async def kept(engine: AsyncEngine) -> list[dict[str, Any]]:
    of = OutboxRow.key, OutboxRow.due, OutboxRow.leased_until, OutboxRow.asked, OutboxRow.attempts
    async with door(engine) as session:
        found = await session.execute(select(*of).order_by(OutboxRow.key))
        return [dict(row) for row in found.mappings()]


async def test_what_is_taken_is_taken_once_and_the_next_is_told(
    committing_engine: AsyncEngine,
) -> None:
    later = NOON + timedelta(seconds=3)
    await put(committing_engine, "north")
    await put(committing_engine, "south", later)
    found = await lease(committing_engine, PULLS, NOON)
    assert found.work is not None
    expected = Work(found.work.id, "pull", "north", {"to": "north"}, 1, 1, None)
    assert found == Look(expected, later)
    # the lease of the one ends after the other has fallen due
    assert await lease(committing_engine, PULLS, NOON) == Look(None, later)
    ends = NOON + timedelta(seconds=10)
    assert (await lease(committing_engine, PULLS, later)).next_due == ends


async def test_a_lease_that_has_ended_gives_the_work_back(committing_engine: AsyncEngine) -> None:
    await put(committing_engine, "north")
    first = await taken(committing_engine)
    second = await taken(committing_engine, NOON + timedelta(seconds=10))
    assert second == first._replace(attempts=2)


async def test_what_is_done_soon_goes_first_and_then_what_was_due_first(
    committing_engine: AsyncEngine,
) -> None:
    await put(committing_engine, "a", NOON - timedelta(hours=2), kind="plan")
    await put(committing_engine, "b", NOON - timedelta(minutes=1))
    await put(committing_engine, "c", NOON - timedelta(hours=1))
    await put(committing_engine, "d", NOON - timedelta(minutes=1))
    await put(committing_engine, "e", NOON - timedelta(hours=9), kind="unknown")
    kinds = {"plan": Open(600, again=True), **PULLS}
    order = [(await taken(committing_engine, kinds=kinds)).key for _ in range(4)]
    assert order == ["c", "b", "d", "a"]


async def test_finished_work_comes_again_at_its_time(committing_engine: AsyncEngine) -> None:
    await put(committing_engine, "north")
    work = await taken(committing_engine)
    later = NOON + timedelta(seconds=20)
    assert await again(committing_engine, work, later) == later
    row = {"key": "north", "due": later, "leased_until": None, "asked": 1, "attempts": 0}
    assert await kept(committing_engine) == [row]


async def test_what_was_asked_for_meanwhile_is_done_once_more_at_once(
    committing_engine: AsyncEngine,
) -> None:
    for key in ("north", "south"):
        await put(committing_engine, key)
        work = await taken(committing_engine)
        await put(committing_engine, key, NOON + timedelta(seconds=1))
        settled = (
            await done(committing_engine, work)
            if key == "north"
            else await again(committing_engine, work, NOON + timedelta(seconds=20))
        )
        assert settled == NOON
        row = {"key": key, "due": NOON, "leased_until": None, "asked": 2, "attempts": 0}
        assert (await kept(committing_engine))[-1] == row
        assert await done(committing_engine, await taken(committing_engine)) is None
    assert await kept(committing_engine) == []


async def test_what_somebody_else_has_finished_is_not_put_back(
    committing_engine: AsyncEngine,
) -> None:
    await put(committing_engine, "north")
    work = await taken(committing_engine)
    assert await done(committing_engine, work) is None
    assert await done(committing_engine, work) is None
    assert await again(committing_engine, work, NOON) is None
    assert await kept(committing_engine) == []


async def test_all_of_a_kind_is_taken_once_in_its_order_and_comes_back_if_it_fails(
    committing_engine: AsyncEngine,
) -> None:
    for key in ("north", "east", "south"):
        await put(committing_engine, key, kind="note")
    await put(committing_engine, "west")
    everything = [{"to": "north"}, {"to": "east"}, {"to": "south"}]

    async def fail() -> None:
        async with door(committing_engine) as session:
            assert await outbox.take_all(session, "note") == everything
            raise OSError("The disk is full.")

    with pytest.raises(OSError, match="full"):
        await fail()
    async with door(committing_engine) as first, door(committing_engine) as second:
        assert await outbox.take_all(first, "note") == everything
        waiting = asyncio.create_task(outbox.take_all(second, "note"))
        await until_somebody_waits(committing_engine)
        await first.commit()
        assert await waiting == []
    assert [row["key"] for row in await kept(committing_engine)] == ["west"]
