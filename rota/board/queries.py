"""The board: shifts and their seats, as one asker may see them; a constant number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project
from rota.attendance.models import CheckIn
from rota.board.rules import Holder, may_know
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.company.queries import companions_told
from rota.shifts.models import Seat, Shift

MOST_OF_A_POOL = 400
"""Shifts of one pool in all spans; more than this nobody could read on a page."""


@dataclass(frozen=True, slots=True)
class SeatSeen:
    """A seat; `holder` is None where there is none or the asker may not know."""

    id: UUID
    role: str
    state: str
    holder: Holder | None
    mine: bool


@dataclass(frozen=True, slots=True)
class ShiftSeen:
    """A shift with its channel's slug, name and kind, how it stands if it has begun, its seats."""

    shift: Shift
    channel: Channel
    begun: CheckIn | None
    seats: list[SeatSeen]


Found = Sequence[tuple[Shift, Channel, CheckIn | None]]
_SHIFTS = (
    select(Shift, Channel, CheckIn)
    .join(Channel, Channel.id == Shift.channel_id)
    .outerjoin(CheckIn, CheckIn.shift_id == Shift.id)
)


async def board(
    session: AsyncSession,
    asker: Asker,
    pool: Pool,
    begins: datetime,
    ends: datetime,
    now: datetime,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 200,
) -> list[ShiftSeen]:
    """Read the shifts of a pool that start in a span; the caller has checked the pool."""
    query = (
        _SHIFTS.where(
            Shift.pool_id == pool.id,
            Shift.cancelled_at.is_(None),
            Shift.starts >= begins,
            Shift.starts < ends,
        )
        .order_by(Shift.starts, Shift.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Shift.starts, Shift.id) > after)
    rows = [(shift, channel, begun) for shift, channel, begun in await session.execute(query)]
    return await _shifts_seen(session, asker, [pool], rows, now)


async def boards(
    session: AsyncSession,
    asker: Asker,
    pools: Sequence[Pool],
    spans: Sequence[tuple[datetime, datetime]],
    now: datetime,
) -> list[ShiftSeen]:
    """Read the shifts of several pools that start in one of several spans.

    The next one after the last span is read as well, so that an empty span is no dead end. The
    caller has checked the pools.
    """
    in_pools = (Shift.pool_id.in_([pool.id for pool in pools]), Shift.cancelled_at.is_(None))
    after = select(func.min(Shift.starts)).where(*in_pools, Shift.starts >= spans[-1][1])
    query = (
        _SHIFTS.where(
            *in_pools,
            or_(
                *((Shift.starts >= begins) & (Shift.starts < ends) for begins, ends in spans),
                Shift.starts == after.scalar_subquery(),
            ),
        )
        .order_by(Shift.starts, Shift.id)
        .limit(MOST_OF_A_POOL * max(len(pools), 1))
    )
    rows = [(shift, channel, begun) for shift, channel, begun in await session.execute(query)]
    return await _shifts_seen(session, asker, pools, rows, now)


async def shift_seen(
    session: AsyncSession, asker: Asker, shift_id: UUID, now: datetime
) -> ShiftSeen:
    """Read one shift of a pool in which the asker's project takes part."""
    _, seen = await _shift_in_pool(session, asker, now, Shift.id == shift_id)
    return seen


async def shift_on_board(
    session: AsyncSession, asker: Asker, slug: str, shift_id: UUID, now: datetime
) -> tuple[Pool, ShiftSeen]:
    """Read one shift with the pool in which it is looked for; in another one it is not found."""
    return await _shift_in_pool(session, asker, now, Shift.id == shift_id, Pool.slug == slug)


async def _shift_in_pool(
    session: AsyncSession, asker: Asker, now: datetime, *which: ColumnElement[bool]
) -> tuple[Pool, ShiftSeen]:
    found = (
        await session.execute(
            _SHIFTS.add_columns(Pool)
            .join(Pool, Pool.id == Shift.pool_id)
            .join(PoolMember, PoolMember.pool_id == Pool.id)
            .where(*which, PoolMember.project_id == asker.project_id)
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    shift, channel, begun, pool = found
    (seen,) = await _shifts_seen(session, asker, [pool], [(shift, channel, begun)], now)
    return pool, seen


async def _shifts_seen(
    session: AsyncSession, asker: Asker, pools: Sequence[Pool], rows: Found, now: datetime
) -> list[ShiftSeen]:
    by_id = {pool.id: pool for pool in pools}
    seats, holders = await _seats(session, [shift.id for shift, *_ in rows])
    if any(pool.host is not None for pool in pools):
        elsewhere = [shift.id for shift, *_ in rows if by_id[shift.pool_id].host is not None]
        await _add_companions(session, elsewhere, holders)
    return [
        ShiftSeen(
            shift,
            channel,
            begun,
            _seen(seats[shift.id], holders, asker, by_id[shift.pool_id], shift.starts, now),
        )
        for shift, channel, begun in rows
    ]


async def _seats(
    session: AsyncSession, shifts: Sequence[UUID]
) -> tuple[dict[UUID, list[Seat]], dict[UUID, list[Holder]]]:
    """Read the seats of shifts by shift, and who keeps them by seat, in one query."""
    rows = await session.execute(
        select(
            Seat,
            Handle.display,
            Project.slug,
            Project.id,
            Handle.person_id,
            Claim.state,
            Claim.id,
            Claim.origin,
            Project.name,
        )
        .outerjoin(Claim, and_(Claim.seat_id == Seat.id, Claim.state.in_(LIVE)))
        .outerjoin(Handle, Handle.id == Claim.handle_id)
        .outerjoin(Project, Project.id == Handle.project_id)
        .where(Seat.shift_id.in_(shifts))
        .order_by(Seat.id, Claim.made_at)
    )
    seats: dict[UUID, list[Seat]] = defaultdict(list)
    holders: dict[UUID, list[Holder]] = defaultdict(list)
    for seat, display, slug, project_id, person_id, state, claim_id, origin, name in rows:
        if seat not in seats[seat.shift_id]:
            seats[seat.shift_id].append(seat)
        if display is not None:
            holder = Holder(display, slug, project_id, person_id, state, claim_id, origin, name)
            holders[seat.id].append(holder)
    return seats, holders


async def _add_companions(
    session: AsyncSession, shifts: Sequence[UUID], holders: dict[UUID, list[Holder]]
) -> None:
    """Add those of other nodes of whom a host has told, for sessions of this node's own people."""
    for each, project in await companions_told(session, shifts):
        if not holders[each.seat]:
            holders[each.seat].append(
                Holder(
                    each.handle,
                    project.slug,
                    project.id,
                    None,
                    "held",
                    None,
                    project_name=project.name,
                )
            )


def _seen(
    seats: Sequence[Seat],
    holders: dict[UUID, list[Holder]],
    asker: Asker,
    pool: Pool,
    starts: datetime,
    now: datetime,
) -> list[SeatSeen]:
    sits_there = any(
        holder.person_id == asker.person_id and holder.state == "held"
        for seat in seats
        for holder in holders[seat.id]
    )
    seen = []
    for seat in seats:
        known = [
            holder
            for holder in holders[seat.id]
            if may_know(
                holder,
                asker,
                sits_there=sits_there,
                hosted_here=pool.host is None,
                starts=starts,
                now=now,
            )
        ]
        # one's own request comes first: of several requests for a seat, each sees their own
        known.sort(key=lambda holder: holder.person_id != asker.person_id)
        holder = _shown(known, seat, asker)
        mine = holder is not None and holder.person_id == asker.person_id
        asked_here = holder is not None and holder.state == "requested"
        state = "requested" if asked_here and (mine or seat.state == "open") else seat.state
        seen.append(SeatSeen(seat.id, seat.role, state, holder, mine))
    return seen


def _shown(known: Sequence[Holder], seat: Seat, asker: Asker) -> Holder | None:
    """Choose whom to show: oneself, else who keeps the seat; who waits for it only if it is free.

    In an exchange somebody waits for a seat that another one has.
    """
    if known and known[0].person_id == asker.person_id:
        return known[0]
    fitting = [each for each in known if each.state != "requested" or seat.state == "open"]
    return fitting[0] if fitting else None


async def own_claims(session: AsyncSession, asker: Asker, now: datetime) -> list[Claim]:
    """List the asker's live claims on shifts that have not ended, the next shift first."""
    rows = await session.scalars(
        select(Claim)
        .join(Handle, Handle.id == Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Handle.person_id == asker.person_id, Claim.state.in_(LIVE), Shift.ends > now)
        .order_by(Shift.starts, Claim.id)
        .limit(500)
    )
    return list(rows)
