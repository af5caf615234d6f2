"""Lets a request wait for a partner's answer to a claim without holding a transaction open."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from rota.claims.wake import CHANNEL


class Answers:
    """One listening connection for a whole process, however many requests wait."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Remember where to listen; nothing is opened before somebody waits."""
        self._engine = engine
        self._waiting: dict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._connection: AsyncConnection | None = None
        self._driver: Any = None
        self._opening = asyncio.Lock()

    async def listen(self) -> None:
        """Open the connection, once, and again after it was lost."""
        async with self._opening:
            if self._driver is not None and not self._driver.is_closed():
                return
            await self.close()
            connection = await self._engine.connect()
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            await driver.add_listener(CHANNEL, self._heard)
            self._connection, self._driver = connection, driver

    async def close(self) -> None:
        """Give the connection back for good: a listener must not return to the pool."""
        if self._connection is not None:
            await self._connection.invalidate()
            await self._connection.close()
            self._connection = self._driver = None

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        for event in self._waiting.get(UUID(payload), ()):
            event.set()

    @contextmanager
    def waiting_for(self, claim_id: UUID) -> Iterator[asyncio.Event]:
        """Give an event that is set when the claim is answered."""
        event = asyncio.Event()
        self._waiting[claim_id].add(event)
        try:
            yield event
        finally:
            self._waiting[claim_id].discard(event)
            if not self._waiting[claim_id]:
                del self._waiting[claim_id]
