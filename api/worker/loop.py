"""Leases work from the outbox and does it, several pieces at once, until it is told to stop.

Any number of worker processes may run: a lease is one process's for its time, and what a dead one
held comes back by itself.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random, SystemRandom

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.peers.client import PartnerRefusedError, PartnerUnreachableError
from api.retry_after import asked_again_at
from api.worker.jobs import JOBS, Job, ask_for_standing_work
from api.worker.workshop import Workshop
from database import outbox
from database.outbox import OutboxRow
from database.rows import GONE
from database.session import door
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
        self._by_seconds: defaultdict[int, list[str]] = defaultdict(list)
        for kind, job in jobs.items():
            self._by_seconds[self._seconds(job)].append(kind)
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
        while await self._lease_all():
            await asyncio.gather(*self._running)

    async def _rounds(self, stopping: asyncio.Task[bool]) -> None:
        asked_for_standing_work = False
        while not stopping.done():
            self._bell.rung.clear()
            try:
                if not asked_for_standing_work:
                    await ask_for_standing_work(self._workshop)
                    asked_for_standing_work = True
                await self._lease_all()
                wait = await self._until_due()
            except (DBAPIError, OSError) as error:
                structlog.get_logger().warning("database away", error=type(error).__name__)
                wait = 1.0
            ringing = asyncio.create_task(self._bell.rung.wait())
            await asyncio.wait(
                {stopping, ringing}, timeout=wait, return_when=asyncio.FIRST_COMPLETED
            )
            ringing.cancel()

    async def _lease_all(self) -> int:
        """Begin every piece of work that is due, as far as there is room."""
        begun = 0
        while not self._free.locked():
            row = await self._lease()
            if row is None:
                break
            await self._free.acquire()
            busy = [self._busy] if row.last_error is None else [self._busy, self._busy_again]
            for counter in busy:
                counter[row.kind] += 1
            task = asyncio.create_task(self._do(row))
            self._running.add(task)
            task.add_done_callback(partial(self._done, row.kind, busy))
            begun += 1
        return begun

    async def _lease(self) -> OutboxRow | None:
        """Take one piece of work; long work has long leases, and short work never has."""
        now = self._workshop.clock()
        async with door(self._workshop.engine) as session:
            for seconds, kinds in sorted(self._by_seconds.items()):
                open_to_work = [kind for kind in kinds if self._has_room(kind)]
                again = self._open_again(open_to_work)
                row = await outbox.lease(
                    session, open_to_work, again=again, now=now, seconds=seconds
                )
                if row is not None:
                    return row
        return None

    def _has_room(self, kind: str) -> bool:
        """Tell whether one more of a kind may begin: a dead mail server holds up mail alone."""
        limit = self._jobs[kind].at_once
        return limit is None or self._busy[kind] < limit

    def _open_again(self, kinds: Iterable[str]) -> list[str]:
        return [kind for kind in kinds if self._busy_again[kind] < AGAIN_AT_ONCE]

    def _seconds(self, job: Job) -> int:
        return job.seconds or self._workshop.settings.lease_seconds

    def _done(self, kind: str, busy: Iterable[Counter[str]], task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        for counter in busy:
            counter[kind] -= 1
        self._free.release()
        self._bell.rung.set()

    async def _do(self, row: OutboxRow) -> None:
        """Do one piece of work within its lease, and write down how it went."""
        job = self._jobs[row.kind]
        log = structlog.get_logger().bind(kind=row.kind, attempt=row.attempts)
        try:
            async with asyncio.timeout(self._seconds(job) - 1):
                again = await job.run(self._workshop, row.payload)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the work must be put back
            reason = _reason(error)
            log.warning("work failed", reason=reason)
            await self._settle(
                row, error=reason, rests_until=rests_until(error, self._workshop.clock())
            )
        else:
            log.debug("work done")
            await self._settle(row, again=again)

    async def _settle(
        self,
        row: OutboxRow,
        *,
        again: datetime | None = None,
        error: str = "",
        rests_until: datetime | None = None,
    ) -> None:
        now = self._workshop.clock()
        try:
            async with door(self._workshop.engine) as session:
                if error:
                    await outbox.failed(
                        session, row, error, now=now, random=self._random, rests_until=rests_until
                    )
                    return
                await outbox.done(session, row.id, row.asked)
                if again is not None:
                    await outbox.put(
                        session, row.kind, row.payload, now=now, key=row.key, due=again
                    )
        except (DBAPIError, OSError) as away:
            # the lease runs out by itself; every kind of work may be done twice
            structlog.get_logger().warning("not settled", error=type(away).__name__)

    async def _until_due(self) -> float:
        if self._free.locked():
            return LONGEST_SLEEP
        kinds = [kind for kind in self._jobs if self._has_room(kind)]
        async with door(self._workshop.engine) as session:
            due = await outbox.next_due(session, kinds, again=self._open_again(kinds))
        if due is None:
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
