"""Leases work from the outbox and does it, several pieces at once, until it is told to stop.

Any number of worker processes may run: a lease is one process's for its time, and what a dead one
held comes back by itself.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random, SystemRandom
from typing import NamedTuple

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.peers.client import PartnerRefusedError, PartnerUnreachableError
from api.retry_after import asked_again_at
from api.worker.jobs import JOBS, Job, ask_for_standing_work
from api.worker.workshop import Workshop
from database import leases, outbox
from database.leases import Open, Work
from database.rows import GONE
from federation.errors import Refusal

AT_ONCE = 6
"""A partner that hangs holds up at most two of these: one poke, one pull."""
AGAIN_AT_ONCE = 2
"""Of work that failed the last time, so many of a kind: many dead partners take no more hands."""
LONGEST_SLEEP = 5.0
FINISH_SECONDS = 8
LONGEST_REST = timedelta(minutes=10)
"""No partner is left alone for longer, whatever it says: it may have texts to withdraw."""


def current_time() -> datetime:
    """Read the worker's clock."""
    return datetime.now(UTC)


class _Round(NamedTuple):
    """How much one look into the outbox began, and when the next piece falls due."""

    begun: int
    next_due: datetime | None


class Bell:
    """Rings when somebody puts work into the outbox; a lost connection is opened again."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Ring once at the start: there may be work from before."""
        self._engine = engine
        self.rung = asyncio.Event()
        self.rung.set()

    async def listen(self) -> None:
        """Hold a connection that only listens, until cancelled."""
        while True:
            try:
                async with self._engine.connect() as connection:
                    raw = await connection.get_raw_connection()
                    driver = raw.driver_connection
                    if driver is None:
                        raise ConnectionError
                    lost = asyncio.Event()
                    driver.add_termination_listener(lambda _, lost=lost: lost.set())
                    await driver.add_listener(outbox.CHANNEL, self._ring)
                    self.rung.set()
                    try:
                        await lost.wait()
                    finally:
                        # the pool must not hand on a connection that listens
                        await connection.invalidate()
            except (SQLAlchemyError, OSError, *GONE):
                structlog.get_logger().warning("not listening")
            await asyncio.sleep(1)

    def _ring(self, *_: object) -> None:
        self.rung.set()


class Loop:
    """One worker process's round of work."""

    def __init__(
        self,
        workshop: Workshop,
        jobs: Mapping[str, Job] = JOBS,
        random: Random | None = None,
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        """Take the tools, and the kinds of work that this process does; one at a time is slow."""
        self._workshop = workshop
        self._random = random or SystemRandom()
        self._jobs = jobs
        self._bell = Bell(workshop.engine)
        self._free = asyncio.Semaphore(at_once)
        self._running: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()
        self._busy_again: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what was begun, within a few seconds."""
        listening = asyncio.create_task(self._bell.listen())
        stopping = asyncio.create_task(stop.wait())
        try:
            await self._rounds(stopping)
        finally:
            stopping.cancel()
            listening.cancel()
            await self._finish()
            with suppress(asyncio.CancelledError):
                await listening

    async def work_off(self) -> None:
        """Do everything that is due now and what follows from it at once, then return."""
        while (await self._lease_all()).begun:
            await asyncio.gather(*self._running)

    async def _rounds(self, stopping: asyncio.Task[bool]) -> None:
        asked_for_standing_work = False
        while not stopping.done():
            self._bell.rung.clear()
            try:
                if not asked_for_standing_work:
                    await ask_for_standing_work(self._workshop)
                    asked_for_standing_work = True
                wait = self._until((await self._lease_all()).next_due)
            except (DBAPIError, OSError) as error:
                structlog.get_logger().warning("database away", error=type(error).__name__)
                wait = 1.0
            ringing = asyncio.create_task(self._bell.rung.wait())
            await asyncio.wait(
                {stopping, ringing}, timeout=wait, return_when=asyncio.FIRST_COMPLETED
            )
            ringing.cancel()

    async def _lease_all(self) -> _Round:
        """Begin every piece of work that is due, as far as there is room."""
        begun, next_due = 0, None
        while not self._free.locked():
            now = self._workshop.clock()
            work, next_due = await leases.lease(self._workshop.engine, self._open(), now)
            if work is None:
                break
            begun += 1
            await self._begin(work)
            if next_due is None or next_due > now:
                break
        return _Round(begun, next_due)

    async def _begin(self, work: Work) -> None:
        await self._free.acquire()
        busy = [self._busy] if work.last_error is None else [self._busy, self._busy_again]
        for counter in busy:
            counter[work.kind] += 1
        task = asyncio.create_task(self._do(work))
        self._running.add(task)
        task.add_done_callback(partial(self._done, work.kind, busy))

    def _open(self) -> dict[str, Open]:
        """Name the kinds of which one more may begin; only long work has long leases."""
        return {
            kind: Open(self._seconds(job), self._has_room_again(kind))
            for kind, job in self._jobs.items()
            if self._has_room(kind)
        }

    def _has_room(self, kind: str) -> bool:
        """Tell whether one more of a kind may begin: a dead mail server holds up mail alone."""
        limit = self._jobs[kind].at_once
        return limit is None or self._busy[kind] < limit

    def _has_room_again(self, kind: str) -> bool:
        return self._busy_again[kind] < AGAIN_AT_ONCE

    def _seconds(self, job: Job) -> int:
        return job.seconds or self._workshop.settings.lease_seconds

    def _done(self, kind: str, busy: Iterable[Counter[str]], task: asyncio.Task[None]) -> None:
        held_back = (
            self._free.locked() or not self._has_room(kind) or not self._has_room_again(kind)
        )
        self._running.discard(task)
        for counter in busy:
            counter[kind] -= 1
        self._free.release()
        if held_back:
            self._bell.rung.set()

    async def _do(self, work: Work) -> None:
        """Do one piece of work within its lease, and write down how it went."""
        job = self._jobs[work.kind]
        log = structlog.get_logger().bind(kind=work.kind, attempt=work.attempts)
        try:
            async with asyncio.timeout(self._seconds(job) - 1):
                again = await job.run(self._workshop, work.payload)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the work must be put back
            log.warning("work failed", reason=_reason(error))
            await self._settle(work, error=error)
        else:
            log.debug("work done")
            await self._settle(work, again=again)

    async def _settle(
        self, work: Work, *, again: datetime | None = None, error: Exception | None = None
    ) -> None:
        """Write down how it went; what falls due again before the next look brings that forward."""
        try:
            due = await self._settled(work, again, error)
        except (DBAPIError, OSError) as away:
            # the lease runs out by itself; every kind of work may be done twice
            structlog.get_logger().warning("not settled", error=type(away).__name__)
            return
        if due is not None and self._until(due) < LONGEST_SLEEP:
            self._bell.rung.set()

    async def _settled(
        self, work: Work, again: datetime | None, error: Exception | None
    ) -> datetime | None:
        engine, now = self._workshop.engine, self._workshop.clock()
        if error is not None:
            rest, reason = rests_until(error, now), _reason(error)
            return await leases.failed(
                engine, work, reason, now=now, random=self._random, rests_until=rest
            )
        if again is None:
            return await leases.done(engine, work)
        return await leases.again(engine, work, again)

    def _until(self, due: datetime | None) -> float:
        """Give the seconds to sleep until then, at most until the next look."""
        if due is None or self._free.locked():
            return LONGEST_SLEEP
        wait = (due - self._workshop.clock()).total_seconds()
        return min(LONGEST_SLEEP, max(wait, 0.05))

    async def _finish(self) -> None:
        if not self._running:
            return
        _, left = await asyncio.wait(self._running, timeout=FINISH_SECONDS)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def rests_until(error: Exception, now: datetime) -> datetime | None:
    """Read when a partner that was asked too often wants to be asked again."""
    if not isinstance(error, PartnerRefusedError):
        return None
    return asked_again_at(error.retry_after, now, LONGEST_REST)


def _reason(error: Exception) -> str:
    """Say what failed without anything that a person or a partner has written."""
    if isinstance(error, Refusal):
        return error.code
    if isinstance(error, PartnerUnreachableError | PartnerRefusedError):
        return str(error)
    return type(error).__name__
