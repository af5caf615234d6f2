"""A worker's week: seats held, the session that runs, seats to take."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.rendering import kept_current, page, way_back
from api.pages.seat_buttons import SeatForm, seat_button, where_to
from api.pages.undoable import Opposite, may_undo
from api.pages.weeks import Week, monday_of, week_of
from api.parts import Now, Session, Signed
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from rota.attendance.rules import MAY_CHECK_IN
from rota.board.marks import joined, zone_and_marked
from rota.board.queries import ShiftSeen, boards
from rota.claims.models import Claim
from rota.consent.queries import own_wishes
from rota.cover.queries import CoverSeen, covers_seen
from rota.open_hours.sessions import SESSION
from rota.shifts.rules.patterns import LONGEST_MINUTES
from rota.shifts.rules.staffing import LONGEST_MEETING
from rota.sign_up.actions import claim_seat, release_claim
from rota.waiting.queries import own_places

LONGEST_SHIFT = timedelta(minutes=LONGEST_MINUTES, hours=1)
"""An hour more for the night on which the clock goes back."""
LONGEST_BRIEFING = timedelta(minutes=LONGEST_MEETING)
FITTING = {"worker": ("lead", "second", "observer", "trainee"), "supervisor": ("supervisor",)}


@get("/week")
async def my_week(
    session: Session, asker: Signed, now: Now, week: FromQuery[str | None] = None
) -> Template:
    """Show the asker's own seats of a week, and those of their pools that are open to them."""
    zone, marked = await zone_and_marked(session, asker)
    pools = [pool for pool, _ in marked]
    shown = week_of(week, zone, now)
    # a session that runs may have begun in another week
    near = (now - LONGEST_SHIFT, now + LONGEST_BRIEFING)
    seen = await boards(session, asker, pools, [near, (shown.begins, shown.ends)], now)
    later = min((one.shift.starts for one in seen if one.shift.starts >= shown.ends), default=None)
    wishes = await own_wishes(session, asker, now)
    answer = page(
        "week.html",
        asker=asker,
        week=shown,
        running=[each for pool in pools for each in _running(seen, pool, now)],
        pools=await _pools(session, asker, pools, seen, shown, now),
        later=monday_of(later, shown),
        consents=wishes.waiting,
        refused=wishes.refused,
        now=now,
    )
    return kept_current(answer, f"/week/changes?since={joined(mark for _, mark in marked)}")


def _running(seen: Sequence[ShiftSeen], pool: Pool, now: datetime) -> list[dict[str, Any]]:
    """Find the asker's sessions from briefing to end, whichever week they began in."""
    return [
        {"one": one, "seat": seat, "begun": one.begun}
        for one in seen
        for seat in one.seats
        if one.shift.pool_id == pool.id and one.channel.kind == SESSION and runs(one, now)
        if seat.mine and seat.state == "held" and seat.role in MAY_CHECK_IN
    ]


def runs(one: ShiftSeen, now: datetime) -> bool:
    """Tell whether one may check in now: from the briefing to the end."""
    briefing = timedelta(minutes=one.shift.briefing_minutes)
    return one.shift.starts - briefing <= now < one.shift.ends


async def _pools(
    session: AsyncSession,
    asker: Asker,
    pools: Sequence[Pool],
    seen: Sequence[ShiftSeen],
    week: Week,
    now: datetime,
) -> list[dict[str, Any]]:
    of_week = [one for one in seen if week.begins <= one.shift.starts < week.ends]
    shifts = [one.shift.id for one in of_week]
    covers = await covers_seen(session, asker, now, shifts=shifts)
    places = {
        place.seat.id: place.entry for place in await own_places(session, asker, shifts=shifts)
    }
    return [
        {
            "pool": pool,
            "places": places,
            **_seats(asker, [one for one in of_week if one.shift.pool_id == pool.id], week, now),
            **_covers(asker, [each for each in covers if each.shift.pool_id == pool.id]),
        }
        for pool in pools
    ]


def _fitting(asker: Asker) -> set[str]:
    return {role for name in asker.roles for role in FITTING.get(name, ())}


def _seats(asker: Asker, seen: Sequence[ShiftSeen], week: Week, now: datetime) -> dict[str, Any]:
    """Sort a pool's sessions into one's own, those with a seat to take, and those that are full."""
    roles = _fitting(asker)
    mine = [one for one in seen if any(seat.mine for seat in one.seats)]
    others = [one for one in seen if one not in mine and one.shift.starts > now]
    free = [
        one
        for one in others
        if any(seat.state == "open" and seat.role in roles for seat in one.seats)
    ]
    full = [
        one for one in others if one not in free and any(seat.role in roles for seat in one.seats)
    ]
    return {
        "mine": week.by_day(mine),
        "full": week.by_day(full),
        "free": week.by_day(free),
        "roles": roles,
    }


def _covers(asker: Asker, covers: Sequence[CoverSeen]) -> dict[str, Any]:
    """Tell for which of one's own seats cover is asked for, and where one could take over."""
    roles = _fitting(asker)
    asked = [each for each in covers if each.cover.kind == "asked"]
    return {
        "asked": {each.seat.id: each for each in asked if each.mine},
        "wanted": [
            each for each in asked if not each.mine and each.open and each.seat.role in roles
        ],
    }


@post("/seats/{seat:uuid}/claim", status_code=303)
async def take(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    seat: FromPath[UUID],
    data: URLEncodedBody[SeatForm],
) -> Redirect:
    """Take a seat from a page; the same action as everywhere."""
    back = way_back(request, where_to(data))
    claim = await claim_seat(session, asker, seat, now, worker=data.worker or None)
    kind = "seat-taken" if claim.state == "held" else "seat-asked"
    return may_undo(request, back, asker, Opposite(kind, claim.id), now)


async def _own_seat_back(session: AsyncSession, asker: Asker, claim: Claim) -> Opposite | None:
    """Let somebody take a seat again that was their own; for others it would be a new choice."""
    whose = await session.scalar(select(Handle.person_id).where(Handle.id == claim.handle_id))
    return Opposite("seat-given-back", claim.seat_id) if whose == asker.person_id else None


give_back = seat_button("/claims/{subject:uuid}/release", release_claim, _own_seat_back)
