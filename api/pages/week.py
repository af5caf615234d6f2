"""A worker's week: seats held, seats to take, and the address of one's own calendar."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import segno
from litestar import get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.rendering import page
from api.pages.weeks import Week, week_of
from api.parts import NodeSettings, Now, Session, Signed
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.pools.queries import pools_of
from rota.board.queries import board
from rota.calendar.actions import make_address
from rota.sign_up.actions import claim_seat, release_claim


class SeatForm(msgspec.Struct):
    """The week to return to, and a coordinator's choice of a worker."""

    week: str = ""
    worker: str = ""
    board: str = ""


class AddressForm(msgspec.Struct):
    """For which device an address is, and how its entries are called there."""

    label: str = "Phone"
    title: str = "Shift"


@get("/week")
async def my_week(
    session: Session, asker: Signed, now: Now, week: FromQuery[str | None] = None
) -> Template:
    """Show the asker's own seats of a week, and those of their pools that are open to them."""
    pools = await pools_of(session, asker)
    zone = pools[0].zone if pools else "UTC"
    shown = week_of(week, zone, now)
    return page(
        "week.html",
        asker=asker,
        week=shown,
        pools=[await _pool(session, asker, pool, shown, now) for pool in pools],
        now=now,
    )


async def _pool(
    session: AsyncSession, asker: Asker, pool: Pool, week: Week, now: datetime
) -> dict[str, Any]:
    seen = await board(session, asker, pool, week.begins, week.ends, now)
    mine = [one for one in seen if any(seat.mine for seat in one.seats)]
    fitting = {"worker": ("lead", "second", "observer", "trainee"), "supervisor": ("supervisor",)}
    roles = {role for name in asker.roles for role in fitting.get(name, ())}
    free = [
        one
        for one in seen
        if one not in mine
        and one.shift.starts > now
        and any(seat.state == "open" and seat.role in roles for seat in one.seats)
    ]
    return {
        "pool": pool,
        "mine": week.by_day(mine),
        "free": week.by_day(free),
        "roles": roles,
    }


@post("/seats/{seat:uuid}/claim", status_code=303)
async def take(
    session: Session,
    asker: Signed,
    now: Now,
    seat: FromPath[UUID],
    data: URLEncodedBody[SeatForm],
) -> Redirect:
    """Take a seat from a page; the same action as everywhere."""
    await claim_seat(session, asker, seat, now, worker=data.worker or None)
    return _back(data)


@post("/claims/{claim:uuid}/release", status_code=303)
async def give_back(
    session: Session,
    asker: Signed,
    now: Now,
    claim: FromPath[UUID],
    data: URLEncodedBody[SeatForm],
) -> Redirect:
    """Give a seat back from a page."""
    await release_claim(session, asker, claim, now)
    return _back(data)


def _back(form: SeatForm) -> Redirect:
    where = f"/board/{form.board}" if form.board.replace("-", "").isalnum() else "/week"
    week = form.week if form.week.replace("-", "").isdigit() else ""
    return Redirect(f"{where}?week={week}" if week else where, status_code=303)


@get("/calendar")
async def my_calendar(asker: Signed) -> Template:
    """Explain the calendar address and offer to make one."""
    return page("calendar.html", asker=asker, url=None, qr=None)


@post("/calendar", status_code=200)
async def new_calendar(
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[AddressForm],
) -> Template:
    """Make an address and show it once, with a code to scan; nothing keeps it in clear."""
    secret = await make_address(session, asker.person_id, data.label, data.title, now)
    url = f"{settings.base_url}/calendar/{secret}.ics"
    code = segno.make(url).svg_data_uri(scale=5, dark="#000", light="#fff")
    return page("calendar.html", asker=asker, url=url, qr=code)
