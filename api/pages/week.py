"""A worker's week: seats held, the session that runs, seats to take."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.live import mark_of_week
from api.pages.rendering import kept_current, page, way_back
from api.pages.seat_buttons import SeatForm, seat_button, where_to
from api.pages.undoable import Opposite, may_undo
from api.pages.weeks import Week, later_week, week_of
from api.parts import Now, Session, Signed
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.pools.queries import pools_of
from federation.projects.queries import project
from rota.attendance.queries import check_ins
from rota.attendance.rules import MAY_CHECK_IN
from rota.board.queries import ShiftSeen, board
from rota.claims.models import Claim
from rota.claims.refusals import refused_lately
from rota.consent.queries import own_waiting
from rota.cover.queries import covers_seen
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
    pools = await pools_of(session, asker)
    home = await project(session, asker.project_id)
    shown = week_of(week, home.zone, now)
    answer = page(
        "week.html",
        asker=asker,
        week=shown,
        running=[each for pool in pools for each in await _running(session, asker, pool, now)],
        pools=[await _pool(session, asker, pool, shown, now) for pool in pools],
        later=await later_week(session, pools, shown),
        consents=await own_waiting(session, asker),
        refused=await refused_lately(session, asker, now),
        now=now,
    )
    mark = mark_of_week(pool.revision for pool in pools)
    return kept_current(answer, f"/week/changes?since={mark}")


async def _running(
    session: AsyncSession, asker: Asker, pool: Pool, now: datetime
) -> list[dict[str, Any]]:
    """Find the asker's sessions from briefing to end, whichever week they began in."""
    seen = await board(session, asker, pool, now - LONGEST_SHIFT, now + LONGEST_BRIEFING, now)
    found = [
        (one, seat)
        for one in seen
        for seat in one.seats
        if seat.mine and seat.state == "held" and seat.role in MAY_CHECK_IN
        if one.channel.kind == SESSION and runs(one, now)
    ]
    begun = await check_ins(session, [one.shift.id for one, _ in found])
    return [{"one": one, "seat": seat, "begun": begun.get(one.shift.id)} for one, seat in found]


def runs(one: ShiftSeen, now: datetime) -> bool:
    """Tell whether one may check in now: from the briefing to the end."""
    briefing = timedelta(minutes=one.shift.briefing_minutes)
    return one.shift.starts - briefing <= now < one.shift.ends


async def _pool(
    session: AsyncSession, asker: Asker, pool: Pool, week: Week, now: datetime
) -> dict[str, Any]:
    seen = await board(session, asker, pool, week.begins, week.ends, now)
    mine = [one for one in seen if any(seat.mine for seat in one.seats)]
    roles = {role for name in asker.roles for role in FITTING.get(name, ())}
    free = [
        one
        for one in seen
        if one not in mine
        and one.shift.starts > now
        and any(seat.state == "open" and seat.role in roles for seat in one.seats)
    ]
    covers = await covers_seen(session, asker, now, shifts=[one.shift.id for one in seen])
    places = await own_places(session, asker, shifts=[one.shift.id for one in seen])
    full = [
        one
        for one in seen
        if one not in mine
        and one not in free
        and one.shift.starts > now
        and any(seat.role in roles for seat in one.seats)
    ]
    return {
        "pool": pool,
        "mine": week.by_day(mine),
        "full": week.by_day(full),
        "places": {place.seat.id: place.entry for place in places},
        "asked": {
            each.seat.id: each for each in covers if each.mine and each.cover.kind == "asked"
        },
        "wanted": [
            each
            for each in covers
            if not each.mine and each.open and each.cover.kind == "asked"
            if each.seat.role in roles
        ],
        "free": week.by_day(free),
        "roles": roles,
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
