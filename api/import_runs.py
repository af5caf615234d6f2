"""Takes old tables in beside the requests; the table is in this process alone, stored nowhere."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from api.parts import current_time
from database.session import door
from federation.access.seal import Seal
from federation.errors import Refusal
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from rota.import_runs.actions import finish_import, interrupt_import, note_rows, refuse_import
from rota.import_runs.errors import ImportIsOver
from rota.import_runs.rules import SILENT, said
from rota.record_imports.actions import take_in
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.looks import Reading
from rota.record_imports.rules.tables import Table

EVERY_SECONDS = 1.0
AT_ONCE_SECONDS = 1.0
MAY_END_SECONDS = 5.0
"""A server that is told to stop lets what is nearly done come to its end."""
UNREACHABLE = (OSError, DBAPIError, NoConnectionFree)
"""How the database refuses for a while, also where all connections are in use."""
Ending = Callable[..., Awaitable[None]]
"""An action that writes down how an import ended."""


@dataclass(frozen=True, slots=True)
class Given:
    """A table as somebody gave it, with what they said of it, and in which run it is read."""

    run: UUID
    asker: Asker
    pool: UUID
    table: Table
    choices: Choices


class ImportRuns:
    """The imports of one process."""

    def __init__(self, at_once: float = AT_ONCE_SECONDS, may_end: float = MAY_END_SECONDS) -> None:
        """Take how long to wait for one that begins, and at the end for those that run."""
        self._at_once, self._may_end = at_once, may_end
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin it, and wait a moment: most tables are short. It goes on after the answer."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._over)
        await asyncio.wait({task}, timeout=self._at_once)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # what it says might repeat a cell
            structlog.get_logger().error("import failed", error=type(error).__name__)

    async def ended(self) -> None:
        """Wait until none is running any more."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def end(self) -> None:
        """Let them end, and interrupt those that take too long."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=self._may_end)
            for task in late:
                task.cancel()
        await self.ended()


async def run_import(engine: AsyncEngine, given: Given, seal: Seal) -> None:
    """Take a table in, all of it or nothing, while its page is told how far that is."""
    reading = Reading()
    telling = asyncio.create_task(tell(engine, given.run, reading))
    # of what has ended otherwise this changes nothing
    ending: Ending = interrupt_import
    try:
        await _take(engine, given, seal, reading)
    except ImportIsOver:
        # who ended it has said so, or has erased all that said that it was
        structlog.get_logger().info("import was over", run=str(given.run))
    except Refusal as refused:
        ending = partial(refuse_import, why=said(refused))
    finally:
        telling.cancel()
        await _end(engine, given.run, ending)


async def _take(engine: AsyncEngine, given: Given, seal: Seal, reading: Reading) -> None:
    async with door(engine) as session:
        pool = await session.get_one(Pool, given.pool)
        now = current_time()
        shown = await take_in(
            session, given.asker, pool, given.table, given.choices, seal, now, reading
        )
        await finish_import(session, given.run, shown, now)


@retry(
    retry=retry_if_exception_type(UNREACHABLE),
    stop=stop_after_delay(SILENT),
    wait=wait_fixed(EVERY_SECONDS),
    reraise=True,
)
async def _end(engine: AsyncEngine, run: UUID, ending: Ending) -> None:
    """Write down how it ended, once a connection is free; later its silence says the same."""
    async with door(engine) as session:
        await ending(session, run, now=current_time())


async def tell(
    engine: AsyncEngine, run: UUID, reading: Reading, every: float = EVERY_SECONDS
) -> None:
    """Keep how many rows have been read, again and again, until it is cancelled."""
    while True:
        await asyncio.sleep(every)
        with suppress(*UNREACHABLE):
            async with door(engine) as session:
                await note_rows(session, run, reading.rows, current_time())
