"""The pools of the asker's project, and the shifts of one pool as the asker may see them."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter

from api.bodies import query_time, require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from api.routes.pages_of import Page, read_cursor, write_cursor
from federation.pools.queries import pool_seen_by, pools_of
from rota.board.queries import SeatSeen, ShiftSeen, board

PAGE = 200
LONGEST_SPAN = timedelta(days=400)


class PoolAnswer(msgspec.Struct, frozen=True):
    """A pool; `host` is the id of the node that plans it, null where that is this node."""

    id: UUID
    slug: str
    name: str
    zone: str
    host: str | None


class HolderAnswer(msgspec.Struct, frozen=True):
    """Who holds a seat, by the pseudonym of the pool."""

    handle: str
    project: str


class SeatAnswer(msgspec.Struct, frozen=True):
    """A seat; the holder is null also where the asker may not know."""

    id: UUID
    role: str
    state: str
    holder: HolderAnswer | None


class ShiftAnswer(msgspec.Struct, frozen=True):
    """A shift; times are UTC, `zone` is that of the people who planned it."""

    id: UUID
    channel: str
    start: datetime
    end: datetime
    zone: str
    briefing_minutes: int
    debrief_minutes: int
    languages: list[str]
    theme: str | None
    open: bool
    seats: list[SeatAnswer]


@get("/pools", summary="The pools in which your project takes part")
async def list_pools(session: Session, asker: Signed) -> Page[PoolAnswer]:
    """List the pools of the asker's project."""
    return Page(
        items=[
            PoolAnswer(pool.id, pool.slug, pool.name, pool.zone, pool.host)
            for pool in await pools_of(session, asker)
        ]
    )


@get("/pools/{pool:str}/shifts", summary="The shifts of a pool")
async def list_shifts(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    begins: Annotated[str | None, QueryParameter(name="from")] = None,
    until: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Page[ShiftAnswer]:
    """List shifts that start in a span, by default the coming four weeks."""
    found = await pool_seen_by(session, asker, pool)
    first = query_time("from", begins, found.zone) if begins else now
    require_plannable("from", first)
    last = query_time("until", until, found.zone) if until else first + timedelta(weeks=4)
    if last <= first:
        raise InvalidRequest("until", "must be after from.")
    if last - first > LONGEST_SPAN:
        raise InvalidRequest("until", "at most 400 days at once.")
    seen = await board(
        session, asker, found, first, last, now, after=read_cursor(cursor), limit=PAGE + 1
    )
    more = seen[PAGE - 1].shift if len(seen) > PAGE else None
    return Page(
        items=[shift_answer(one) for one in seen[:PAGE]],
        next=write_cursor(more.starts, more.id) if more else None,
    )


def shift_answer(seen: ShiftSeen) -> ShiftAnswer:
    """Write a shift as the asker may see it."""
    shift = seen.shift
    return ShiftAnswer(
        id=shift.id,
        channel=seen.channel.slug,
        start=shift.starts,
        end=shift.ends,
        zone=shift.zone,
        briefing_minutes=shift.briefing_minutes,
        debrief_minutes=shift.debrief_minutes,
        languages=shift.languages,
        theme=shift.theme,
        open=shift.open,
        seats=[_seat(seat) for seat in seen.seats],
    )


def _seat(seat: SeatSeen) -> SeatAnswer:
    known = seat.holder
    holder = HolderAnswer(known.display, known.project) if known else None
    return SeatAnswer(seat.id, seat.role, seat.state, holder)
