"""The line for a seat, at the host, which alone keeps its order; callers have locked the shift."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import SYSTEM, record
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.pools.terms import in_term_around
from federation.projects.models import Project
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.shifts.models import Seat
from rota.sign_up.proposals import propose
from rota.waiting.errors import LineFull
from rota.waiting.models import WaitingEntry

MOST_WAITING = 30
TIME_TO_ANSWER = timedelta(hours=12)
IN_LINE = ("waiting", "offered")


async def line_of(session: AsyncSession, seat_id: UUID) -> list[WaitingEntry]:
    """Read who waits for a seat, first come first."""
    rows = await session.scalars(
        select(WaitingEntry)
        .where(WaitingEntry.seat_id == seat_id, WaitingEntry.state == "waiting")
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


async def add_to_line(
    session: AsyncSession, seat_id: UUID, handle: Handle, entry_id: UUID, now: datetime
) -> WaitingEntry:
    """Put somebody at the end of the line; who stands in it already keeps their place."""
    already = await session.scalar(
        select(WaitingEntry).where(
            WaitingEntry.seat_id == seat_id,
            WaitingEntry.handle_id == handle.id,
            WaitingEntry.state.in_(IN_LINE),
        )
    )
    if already is not None:
        return already
    entry = WaitingEntry(
        id=entry_id, seat_id=seat_id, handle_id=handle.id, state="waiting", joined_at=now
    )
    session.add(entry)
    await session.flush()
    await session.execute(update(Seat).where(Seat.id == seat_id).values(watched=True))
    await tell_places(session, seat_id, now)
    return entry


async def require_room(session: AsyncSession, seat_id: UUID) -> None:
    """Refuse one more where so many wait already."""
    waiting = await session.scalar(
        select(func.count()).where(WaitingEntry.seat_id == seat_id, WaitingEntry.state.in_(IN_LINE))
    )
    if (waiting or 0) >= MOST_WAITING:
        raise LineFull


async def leave(session: AsyncSession, entry: WaitingEntry, now: datetime) -> None:
    """Take somebody out of the line; those behind move up."""
    entry.state, entry.place = "left", None
    await session.flush()
    await tell_places(session, entry.seat_id, now)


async def offer_next(session: AsyncSession, seat_id: UUID, now: datetime) -> bool:
    """Offer a free seat to the first in line whom the host's rule allows it; False if none is."""
    changed = []
    offered = False
    for entry in await line_of(session, seat_id):
        changed.append(entry)
        offered = await _offer(session, entry, now)
        if offered:
            break
    await _tell(session, [*changed, *await _numbered(session, seat_id)], now)
    return offered


async def _offer(session: AsyncSession, entry: WaitingEntry, now: datetime) -> bool:
    try:
        claim = await propose(
            session,
            new_id(),
            entry.seat_id,
            entry.handle_id,
            now,
            origin="cover",
            within=TIME_TO_ANSWER,
            asks_worker=True,
        )
    except (ClaimRefused, SeatTaken):
        entry.state, entry.place = "passed", None
        await session.flush()
        return False
    entry.state, entry.place, entry.claim_id = "offered", None, claim.id
    await session.flush()
    return True


async def _numbered(session: AsyncSession, seat_id: UUID) -> list[WaitingEntry]:
    """Give those who wait their number anew, and return those whose place has changed."""
    moved = []
    for place, entry in enumerate(await line_of(session, seat_id), start=1):
        if entry.place != place:
            entry.place = place
            moved.append(entry)
    await session.flush()
    return moved


async def tell_places(session: AsyncSession, seat_id: UUID, now: datetime) -> None:
    """Say to each home whose people have moved where they stand now."""
    await _tell(session, await _numbered(session, seat_id), now)


async def follow_line(
    session: AsyncSession,
    seat_id: UUID,
    claim_id: UUID | None,
    handle_id: UUID | None,
    now: datetime,
) -> None:
    """Close what has been answered: who has the seat now is seated, whose offer ended is passed."""
    closed = []
    for entry in await _in_line(session, seat_id):
        if entry.handle_id == handle_id:
            closed.append(_closed(entry, "seated"))
        elif entry.state == "offered" and entry.claim_id != claim_id:
            closed.append(_closed(entry, "passed"))
    await session.flush()
    await _tell(session, [*closed, *await _numbered(session, seat_id)], now)


async def end_line(session: AsyncSession, seat_id: UUID, now: datetime) -> None:
    """Let nobody wait any more for a seat that has begun or was cancelled."""
    closed = [_closed(entry, "passed") for entry in await _in_line(session, seat_id)]
    await session.flush()
    await _tell(session, closed, now)


async def _in_line(session: AsyncSession, seat_id: UUID) -> list[WaitingEntry]:
    rows = await session.scalars(
        select(WaitingEntry)
        .where(WaitingEntry.seat_id == seat_id, WaitingEntry.state.in_(IN_LINE))
        .order_by(WaitingEntry.id)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def _closed(entry: WaitingEntry, state: str) -> WaitingEntry:
    entry.state, entry.place = state, None
    return entry


async def _tell(session: AsyncSession, entries: list[WaitingEntry], now: datetime) -> None:
    """Tell each entry's home how it stands, in the order of their nodes' ids."""
    if not entries:
        return
    rows = await session.execute(
        select(Handle.id, Project.node)
        .join(Project, Project.id == Handle.project_id)
        .where(Handle.id.in_([entry.handle_id for entry in entries]))
    )
    homes = {handle_id: node or "" for handle_id, node in rows}
    for entry in sorted(entries, key=lambda each: homes[each.handle_id]):
        home = homes[entry.handle_id]
        if home:
            said = {"entry": str(entry.id), "state": entry.state, "place": entry.place}
            said = await in_term_around(session, entry.handle_id, said)
            await append(session, "private", home, "waiting.stated", said, now=now)
        await record(
            session,
            actor=SYSTEM,
            verb="move-line",
            subject="waiting",
            subject_id=entry.id,
            now=now,
            facts={"state": entry.state, "place": entry.place},
        )


async def stands_in_line(session: AsyncSession, seat_id: UUID) -> bool:
    """Tell whether anybody waits for a seat or has it offered from the line."""
    found = await session.scalar(
        select(WaitingEntry.id)
        .where(WaitingEntry.seat_id == seat_id, WaitingEntry.state.in_(IN_LINE))
        .limit(1)
    )
    return found is not None
