"""What a pool covers: a table and a picture of the week, gaps ahead, hours given and received."""

import csv
import io
from datetime import date, timedelta

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from api.errors import InvalidRequest
from api.pages.pool_choice import pool_choice
from api.pages.rendering import page
from api.pages.weeks import Week, week_of
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool
from federation.pools.queries import channel_names, pool_seen_by
from federation.projects.queries import project, project_names
from rota.coverage.queries import Coverage, coverage, hours_of_people
from rota.coverage.rules import midnight, mondays

WEEKS = ("1", "2", "4", "8", "12")
WEEKS_BACK, WEEKS_AHEAD = 4, 4
LONGEST_TAG = 35
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


pools_covered = pool_choice("/coverage", "coverages.html")


@get("/coverage/{slug:str}")
async def show_coverage(
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    week: FromQuery[str | None] = None,
    weeks: FromQuery[str] = "4",
    language: FromQuery[str | None] = None,
) -> Template | Response[str]:
    """Show what a pool covers from a Monday on; with `.csv` behind its name, as a table."""
    as_table = slug.endswith(".csv")
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug.removesuffix(".csv"))
    shown, found = await _read(session, asker, now, pool, week, weeks, language)
    if as_table:
        return Response(_csv(found), media_type="text/csv")
    return page(
        "coverage.html",
        asker=asker,
        pool=pool,
        week=shown,
        weeks=weeks,
        choices=WEEKS,
        found=found,
        names=await project_names(session, {one.project for one in found.projects}),
        channels=await channel_names(session, pool.id),
    )


async def _read(
    session: Session,
    asker: Asker,
    now: Now,
    pool: Pool,
    week: str | None,
    weeks: str,
    language: str | None,
) -> tuple[Week, Coverage]:
    if weeks not in WEEKS:
        raise InvalidRequest("weeks", f"must be one of {', '.join(WEEKS)}.")
    if language and len(language) > LONGEST_TAG:
        raise InvalidRequest("language", "is not a language.")
    shown = week_of(week, pool.zone, now)
    until = shown.monday + timedelta(weeks=int(weeks))
    found = await coverage(
        session, asker, pool, shown.monday, until, now, language=language or None
    )
    return shown, found


def _csv(found: Coverage) -> str:
    """Write the week's table as spreadsheets read it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["hour", *DAYS])
    for hour in range(24):
        row = [found.table.shares[day][hour] for day in range(7)]
        writer.writerow([f"{hour:02}:00", *("" if share is None else share for share in row)])
    return text.getvalue()


@get("/hours")
async def my_hours(session: Session, asker: Signed, now: Now) -> Template:
    """Show one's own hours by week; to coordinators also those of their people."""
    zone = (await project(session, asker.project_id)).zone
    shown = week_of(None, zone, now)
    weeks = mondays(shown.monday - timedelta(weeks=WEEKS_BACK), WEEKS_BACK + WEEKS_AHEAD)
    # what is to come stands first: on a phone it is all that is seen without scrolling
    tables = {"ahead": weeks[WEEKS_BACK:], "before": weeks[:WEEKS_BACK]}
    begins, ends = midnight(weeks[0], zone), midnight(weeks[-1] + timedelta(weeks=1), zone)
    rows = await hours_of_people(session, asker, begins, ends, zone)
    hours: dict[str, dict[date, float]] = {}
    own: dict[date, float] = {}
    for one in rows:
        if one.person_id == asker.person_id:
            own[one.monday] = one.hours
        if asker.has("coordinator"):
            # two people of one name stay two rows
            hours.setdefault(f"{one.name}\0{one.person_id}", {})[one.monday] = one.hours
    people = [(key.partition("\0")[0], by_week) for key, by_week in hours.items()]
    return page(
        "hours.html", asker=asker, tables=tables, own=own, people=people, this_week=shown.monday
    )
