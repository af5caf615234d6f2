"""Single records of a project, for its coordinators: read on a page, or taken along as a file."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.params import FromQuery
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.entries import day_entry
from api.pages.rendering import page
from api.parts import Now, Session, Signed
from api.routes.pages_of import read_cursor, write_cursor
from api.routes.records import PAGE, Form, as_file, span_asked
from federation.permissions.rules import Asker, require_role
from federation.projects.queries import project
from rota.record_reading.queries import After, Span, read_records, take_records
from rota.records.rules import lists

USUAL = timedelta(weeks=4)
A_DAY = timedelta(days=1)


@get("/records")
async def show(
    session: Session,
    asker: Signed,
    now: Now,
    first: FromQuery[str | None] = None,
    last: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Template:
    """Show records, those of the last four weeks if nothing is said."""
    require_role(asker, "coordinator")
    span = await _span(session, asker, first, last, now)
    place = read_cursor(cursor)
    found = await read_records(
        session, asker, span, now, after=None if place is None else After(*place), limit=PAGE
    )
    return page(
        "records.html",
        asker=asker,
        found=found,
        first=span.first,
        last=span.until - A_DAY,
        zones={one.zone: ZoneInfo(one.zone) for one in found.records},
        next=None if found.next is None else write_cursor(*found.next),
        lists=lists,
    )


@get("/records/export")
async def export(
    session: Session,
    asker: Signed,
    now: Now,
    form: FromQuery[Form],
    first: FromQuery[str | None] = None,
    last: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Give them as a file."""
    require_role(asker, "coordinator")
    span = await _span(session, asker, first, last, now)
    return as_file(await take_records(session, asker, span, now, form=form), form)


async def _span(
    session: AsyncSession, asker: Asker, first: str | None, last: str | None, now: datetime
) -> Span:
    zone = ZoneInfo((await project(session, asker.project_id)).zone)
    to: date = day_entry("last", last) if last else now.astimezone(zone).date()
    begins = day_entry("first", first) if first else to - USUAL + A_DAY
    return span_asked(begins, to + A_DAY)
