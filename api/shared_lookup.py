"""Requests that come together share one look-up, and still each see what holds when they came.

A look-up that is under way may have read before a change, so that nobody joins it: who comes
meanwhile waits for the next one. Nothing is kept, so that several processes need not agree.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")


class SharedLookup(Generic[Key, Found]):
    """Look-ups by key, at most one at a time; `read` is given all keys that wait for it."""

    def __init__(self, read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Found]]]) -> None:
        """Take what reads the database: a key that it leaves out is unknown."""
        self._read = read
        self._waiting: dict[Key, asyncio.Future[Found | None]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Found | None:
        """Give what the database says of this key now, or None."""
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_all())
        # one request that goes away must not take the answer from the others
        return await asyncio.shield(answer)

    async def _read_all(self) -> None:
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, {}
                await self._answer(asked)
        finally:
            self._reading = None

    async def _answer(self, asked: dict[Key, asyncio.Future[Found | None]]) -> None:
        try:
            found = await self._read(list(asked))
        except Exception as error:  # noqa: BLE001 -- every request that waits is told
            for answer in asked.values():
                answer.set_exception(error)
        else:
            for key, answer in asked.items():
                answer.set_result(found.get(key))
