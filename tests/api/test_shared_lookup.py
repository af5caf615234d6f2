import asyncio
from collections.abc import Sequence

import pytest

from api.shared_lookup import SharedLookup


class Counter:
    """Answers with how many reads have begun, so that a stale answer shows."""

    def __init__(self) -> None:
        self.reads: list[list[str]] = []
        self.gate = asyncio.Event()
        self.fails = False

    async def read(self, keys: Sequence[str]) -> dict[str, int]:
        self.reads.append(sorted(keys))
        number = len(self.reads)
        await self.gate.wait()
        if self.fails:
            raise ConnectionError
        return {key: number for key in keys if key != "unknown"}


async def turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_who_comes_during_a_read_waits_for_the_next_and_shares_it() -> None:
    counter = Counter()
    lookup = SharedLookup(counter.read)
    first = asyncio.create_task(lookup.get("a"))
    await turn()
    others = [asyncio.create_task(lookup.get(key)) for key in ("a", "b", "a", "unknown")]
    await turn()
    counter.gate.set()
    assert await asyncio.gather(first, *others) == [1, 2, 2, 2, None]
    assert counter.reads == [["a"], ["a", "b", "unknown"]]
    assert await lookup.get("a") == 3


async def test_request_that_goes_away_takes_nothing_from_others() -> None:
    counter = Counter()
    lookup = SharedLookup(counter.read)
    gone, stays = (asyncio.create_task(lookup.get("a")) for _ in range(2))
    await turn()
    gone.cancel()
    await turn()
    counter.gate.set()
    assert await stays == 1


async def test_failed_read_is_told_to_all_who_wait_and_the_next_is_tried() -> None:
    counter = Counter()
    counter.gate.set()
    counter.fails = True
    lookup = SharedLookup(counter.read)
    answers = await asyncio.gather(lookup.get("a"), lookup.get("b"), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ConnectionError, ConnectionError]
    counter.fails = False
    assert await lookup.get("a") == 2
    with pytest.raises(asyncio.CancelledError):
        await cancelled(lookup)


async def cancelled(lookup: SharedLookup[str, int]) -> None:
    task = asyncio.create_task(lookup.get("a"))
    await asyncio.sleep(0)
    task.cancel()
    await task
