"""Applying what a partner said: each event once, in the transaction that moves the cursor on."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.peers.client import Clock
from api.peers.events import (
    AHEAD,
    ANEW,
    APPLY,
    KEPT,
    RECALLS,
    RUNS,
    Apply,
    ApplyRecall,
    ApplyRun,
    BeginAnew,
    HearPool,
    LookAhead,
)
from database.session import door
from federation.errors import NotHereYet, Refusal
from federation.feeds.cursors import actions as cursors
from federation.feeds.models import FeedCursor
from federation.feeds.rules import chain
from federation.feeds.rules.chain import WireEvent
from federation.feeds.rules.heads import Page, Place
from federation.feeds.taken_in import actions as taking_in
from federation.feeds.taken_in.rules import Measure
from federation.partners.models import Partner
from federation.partners.queries import speaking_partner
from federation.partners.rules.canonical import admit
from federation.partners.sender import Sender

POISON = (
    Refusal,
    msgspec.ValidationError,
    IntegrityError,
    DataError,
    ValueError,
    TypeError,
    LookupError,
    # of a time at the end of all times
    ArithmeticError,
    RecursionError,
)
"""What an event's own content can cause; a lost connection or a deadlock is not among it."""
TOO_MUCH = "54"
BAD_VALUE = "22"
"""PostgreSQL's classes of a value that it cannot hold, or of one that is too long or too deep."""

MEASURE = Measure(
    events=50_000,
    bytes=2**29,
    events_of={"shift.stated": 500_000, "session.stated": 500_000},
)
"""Twice what a pool of fifty projects says in 90 days: some 20,000 sessions, each ten times."""


class UnstorableError(ValueError):
    """PostgreSQL cannot hold what an event says, such as a NUL character."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What reading needs: our database and id, what to do with events, and a clock."""

    engine: AsyncEngine
    node_id: str
    clock: Clock
    apply: Mapping[str, Apply] = field(default_factory=lambda: APPLY)
    apply_runs: Mapping[str, ApplyRun] = field(default_factory=lambda: RUNS)
    apply_recall: Mapping[str, ApplyRecall] = field(default_factory=lambda: RECALLS)
    ahead: Mapping[str, LookAhead] = field(default_factory=lambda: AHEAD)
    anew: Mapping[str, BeginAnew] = field(default_factory=lambda: ANEW)
    kept: frozenset[str] = KEPT
    room: cursors.Room = cursors.ROOM
    measure: Measure = MEASURE
    hear_pool: HearPool | None = None


async def hear_pools(reader: Reader, node_id: str, signed: Sequence[Mapping[str, str]]) -> bool:
    """Hear who hosts which pool before anything else is read: an old host stops at once.

    False where something could not be believed yet, or not at all: it is to be asked for again.
    """
    hear = reader.hear_pool
    if hear is None:
        return True
    believed = True
    for statements in signed:
        async with door(reader.engine) as session:
            try:
                async with savepoint(session):
                    await hear(session, statements, reader.clock())
            except POISON as error:
                structlog.get_logger().warning("bad pool", node=node_id, error=code_of(error))
                believed = False
    return believed


async def look_ahead(reader: Reader, partner: Partner, page: Page) -> None:
    """Do what the next page needs no database for, in the pauses of the page before it."""
    for event in page.events:
        if (look := reader.ahead.get(event.kind)) and event.payload:
            # what is wrong with it is said when it is applied
            with suppress(*POISON):
                look(partner, admit(event.payload.encode()))
            await asyncio.sleep(0)


async def begin_anew(reader: Reader, partner: Partner, cursor: FeedCursor) -> None:
    """Say again what a partner may have forgotten: its feed begins anew after a restore."""
    say = reader.anew.get(cursor.kind)
    if say is not None:
        async with door(reader.engine) as session:
            await say(session, sender_of(partner, cursor), reader.clock())


async def take_in(
    reader: Reader, partner: Partner, cursor: FeedCursor, start: Place, page: Page, end: Place
) -> None:
    """Apply a page, unless the partner has made this node keep enough; count what was read."""
    now, known = reader.clock(), reader.apply.keys()
    async with door(reader.engine) as session:
        await taking_in.require_measure(
            session, partner.node_id, page.events, known=known, measure=reader.measure, now=now
        )
    try:
        await apply_events(reader, partner, cursor, start, page, end)
    finally:
        async with door(reader.engine) as session:
            await taking_in.note_taken_in(
                session, cursor.id, start, page.events, known=known, now=now
            )


async def apply_events(
    reader: Reader, partner: Partner, cursor: FeedCursor, start: Place, page: Page, end: Place
) -> None:
    """Apply a page, proven up to `end`, until somebody else turns out to have been faster.

    Each event and the cursor's step over it are one transaction: a page as one would hold the locks
    of many shifts at once, and wait for people in a circle. Texts hold none: many in a row are one.
    """
    at, place = cursors.place_of(cursor), start
    step = _Step(reader, partner, cursor.id, page.head)
    for kind, run in _runs(page.events, reader.apply_runs):
        if kind and len(run) > 1:
            reached = end if run[-1] is page.events[-1] else _after(place, run)
            if await step.over_run(kind, run, at, reached):
                at = place = reached
                continue
        for event in run:
            place = _after(place, [event])
            if not await step.over(event, at, place):
                return
            at = place


def _runs(
    events: Sequence[WireEvent], together: Collection[str]
) -> Iterator[tuple[str | None, list[WireEvent]]]:
    """Divide a page into runs of a kind that can be applied together, and what lies between."""

    def kind_of(event: WireEvent) -> str | None:
        return event.kind if event.kind in together and event.payload is not None else None

    return ((kind, list(run)) for kind, run in groupby(events, kind_of))


def _after(place: Place, events: Sequence[WireEvent]) -> Place:
    seq, reached = chain.follow(place.hash, epoch=place.epoch, seq=place.seq, events=events)
    return Place(feed=place.feed, epoch=place.epoch, seq=seq, hash=reached)


@dataclass(frozen=True)
class _Step:
    """The cursor's steps through one page."""

    reader: Reader
    partner: Partner
    cursor_id: UUID
    head: str

    async def over(self, event: WireEvent, at: Place, place: Place) -> bool:
        """Apply one event or set it aside; False where somebody else has read on."""
        async with door(self.reader.engine) as session:
            here = await cursors.still_at(session, self.cursor_id, at)
            if here is None:
                return False
            sender = sender_of(self.partner, here)
            await _apply_event(self.reader, session, sender, here, event, epoch=place.epoch)
            cursors.advance(here, place, self.head, now=self.reader.clock())
        return True

    async def over_run(
        self, kind: str, run: Sequence[WireEvent], at: Place, reached: Place
    ) -> bool:
        """Apply a run, all or nothing; False where each has to be looked at for itself."""
        now = self.reader.clock()
        try:
            async with door(self.reader.engine) as session:
                here = await cursors.still_at(session, self.cursor_id, at)
                if here is None:
                    return False
                said = [admit((event.payload or "").encode()) for event in run]
                async with savepoint(session):
                    sender = sender_of(self.partner, here)
                    await self.reader.apply_runs[kind](session, sender, said, now)
                cursors.advance(here, reached, self.head, now=now)
        except POISON:
            return False
        return True


async def _apply_event(
    reader: Reader,
    session: AsyncSession,
    sender: Sender,
    cursor: FeedCursor,
    event: WireEvent,
    *,
    epoch: str,
) -> None:
    if event.payload is None:
        return
    now = reader.clock()
    apply = reader.apply.get(event.kind)
    why, detail = cursors.UNKNOWN, ""
    if apply is not None:
        try:
            async with savepoint(session):
                await apply(session, sender, admit(event.payload.encode()), now)
        except NotHereYet as early:
            why, detail = cursors.UNKNOWN, early.code
        except POISON as error:
            why, detail = cursors.BAD, code_of(error)
        else:
            return
    await cursors.set_aside(
        session, cursor, event, epoch=epoch, why=why, detail=detail, room=reader.room, now=now
    )


async def replay_parked(reader: Reader, node_id: str) -> None:
    """Apply what came too early: before this node knew its kind, or what it speaks of."""
    async with door(reader.engine) as session:
        waiting = await cursors.parked(session, node_id, frozenset(reader.apply))
        partner = await speaking_partner(session, node_id) if waiting else None
    for event_id in waiting if partner else ():
        async with door(reader.engine) as session:
            await _replay(reader, session, partner, event_id)


async def _replay(
    reader: Reader, session: AsyncSession, partner: Partner | None, event_id: UUID
) -> None:
    found = await cursors.still_parked(session, event_id)
    if found is None or partner is None:
        return
    event, cursor = found
    try:
        async with savepoint(session):
            content, sender = admit(event.payload), sender_of(partner, cursor)
            await reader.apply[event.kind](session, sender, content, reader.clock())
    except NotHereYet:
        if event.kind not in reader.kept:
            await cursors.forget_if_late(session, event, cursor, reader.clock())
    except POISON as error:
        event.why, event.detail, event.payload = cursors.BAD, code_of(error), b""
    else:
        await session.delete(event)


@asynccontextmanager
async def savepoint(session: AsyncSession) -> AsyncIterator[None]:
    """Undo what an event began, and tell its own fault from ours: the driver names only some."""
    try:
        async with session.begin_nested():
            yield
    except POISON:
        raise
    except DBAPIError as error:
        state = str(getattr(error.orig, "sqlstate", ""))
        if state.startswith((BAD_VALUE, TOO_MUCH)):
            raise UnstorableError from error
        raise


def sender_of(partner: Partner, cursor: FeedCursor) -> Sender:
    """Say who speaks, and in which feed."""
    return Sender(
        node_id=partner.node_id,
        name=partner.name,
        feed_kind=cursor.kind,
        subject=cursor.subject,
    )


def code_of(error: Exception) -> str:
    """Say what was wrong without quoting the event."""
    return error.code if isinstance(error, Refusal) else type(error).__name__
