"""What nodes tell one another of a line: homes put their people in, the host tells places."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.pools.terms import Term, in_term
from federation.projects.models import Project
from rota.seats.actions import lock_shift_of
from rota.shifts.models import Seat
from rota.sign_up.from_homes import Sign, handle_of, only_in_pool
from rota.waiting.errors import LineFull
from rota.waiting.line import add_to_line, leave, require_room
from rota.waiting.models import WaitingEntry

Place = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Joined(msgspec.Struct, frozen=True):
    """A home puts one of its people in the line for a seat."""

    entry: UUID
    seat: UUID
    handle: UUID
    term: Term | None = None


class Left(msgspec.Struct, frozen=True):
    """A home takes somebody out of a line."""

    entry: UUID


class Stated(msgspec.Struct, frozen=True):
    """How an entry stands at the host, and at which place."""

    entry: UUID
    state: Literal["waiting", "offered", "seated", "passed", "left"]
    place: Place | None = None
    term: Term | None = None


async def receive_joined(
    session: AsyncSession,
    home: str,
    payload: dict[str, Any],
    now: datetime,
    _sign: Sign,
    barred: tuple[Reason, ...] = (),
) -> None:
    """Put a partner's worker at the end of the line, or say that there is none to stand in."""
    joined = msgspec.convert(payload, Joined)
    handle = await handle_of(session, joined.handle, home)
    shift = await lock_shift_of(session, joined.seat)
    await only_in_pool(session, handle, shift)
    known = await session.get(WaitingEntry, joined.entry)
    if known is not None:
        if (known.handle_id, known.seat_id) != (handle.id, joined.seat):
            raise NotFound
        return
    if barred:
        await _say_passed(session, home, handle, joined.entry, now)
        return
    seat = await session.get_one(Seat, joined.seat, populate_existing=True)
    try:
        await require_room(session, seat.id)
    except LineFull:
        await _say_passed(session, home, handle, joined.entry, now)
        return
    if seat.state == "open":
        # it fell free meanwhile, and may simply be taken
        await _say_passed(session, home, handle, joined.entry, now)
        return
    entry = await add_to_line(session, seat.id, handle, joined.entry, now)
    if entry.id != joined.entry:
        await _say_passed(session, home, handle, joined.entry, now)
    await record(
        session, actor=home, verb="wait-for-seat", subject="waiting", subject_id=entry.id, now=now
    )


async def _say_passed(
    session: AsyncSession, home: str, handle: Handle, entry: UUID, now: datetime
) -> None:
    said = {"entry": str(entry), "state": "passed", "place": None}
    said = await in_term(session, handle.pool_id, said)
    await append(session, "private", home, "waiting.stated", said, now=now)


async def receive_left(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Take a partner's worker out of the line; what was offered already is answered by itself."""
    left = msgspec.convert(payload, Left)
    entry = await session.scalar(
        select(WaitingEntry)
        .join(Handle, Handle.id == WaitingEntry.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .where(WaitingEntry.id == left.entry, Project.node == home)
    )
    if entry is None:
        raise NotFound
    await lock_shift_of(session, entry.seat_id)
    await session.refresh(entry)
    if entry.state == "waiting":
        await leave(session, entry, now)


async def receive_stated(
    session: AsyncSession, host: str, payload: dict[str, Any], _now: datetime
) -> None:
    """Keep what the host says of one of our entries; who has left stays out."""
    stated = msgspec.convert(payload, Stated)
    entry = await session.scalar(
        select(WaitingEntry)
        .join(Handle, Handle.id == WaitingEntry.handle_id)
        .join(Pool, Pool.id == Handle.pool_id)
        .where(WaitingEntry.id == stated.entry, Pool.host == host, Handle.person_id.is_not(None))
        .with_for_update(of=WaitingEntry, key_share=True)
    )
    if entry is None:
        raise NotFound
    if entry.state != "left":
        entry.state, entry.place = stated.state, stated.place
        await session.flush()
