"""What a pool covers and who gives how much, for programs."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from federation.permissions.rules import require_role
from federation.pools.queries import pool_seen_by
from federation.projects.queries import project
from rota.coverage.queries import coverage, hours_of_people
from rota.coverage.rules import midnight

LONGEST_DAYS = 400
From = Annotated[date, QueryParameter(name="from")]
Until = Annotated[date, QueryParameter(name="until")]
Language = Annotated[str | None, QueryParameter(name="language", max_length=35)]


class GapAnswer(msgspec.Struct, frozen=True):
    """A session that is not complete, with the roles of its free seats."""

    channel: str
    start: datetime
    end: datetime
    free: list[str]


class ProjectAnswer(msgspec.Struct, frozen=True):
    """Hours that a project gives, receives and is on call."""

    project: str
    given: float
    received: float
    on_call: float


class CoverageAnswer(msgspec.Struct, frozen=True):
    """`week` holds seven rows from Monday, each of 24 shares from midnight; null: no such hour."""

    pool: str
    zone: str
    language: str | None
    open_hours: dict[str, float]
    week: list[list[float | None]]
    gaps: list[GapAnswer]
    projects: list[ProjectAnswer]


class HoursAnswer(msgspec.Struct, frozen=True):
    """What somebody works in the week from a Monday, over all pools."""

    person: UUID
    monday: date
    hours: float


@get("/pools/{pool:str}/coverage", summary="What a pool covers, and who gives how much")
async def show_coverage(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    first: From,
    until: Until,
    language: Language = None,
) -> CoverageAnswer:
    """Show coverage by hour of the week, gaps ahead, and hours by project, for coordinators."""
    require_role(asker, "coordinator")
    found = await pool_seen_by(session, asker, pool)
    _require_period(first, until)
    seen = await coverage(session, asker, found, first, until, now, language=language)
    return CoverageAnswer(
        pool=found.slug,
        zone=seen.zone,
        language=language,
        open_hours=seen.open_hours,
        week=[list(row) for row in seen.table.shares],
        gaps=[GapAnswer(one.channel, one.starts, one.ends, list(one.free)) for one in seen.gaps],
        projects=[ProjectAnswer(*one) for one in seen.projects],
    )


@get("/hours", summary="Hours by week: your own, and your project's people's")
async def list_hours(
    session: Session, asker: Signed, first: From, until: Until
) -> Page[HoursAnswer]:
    """List hours worked by week; a coordinator also gets those of the own project's people."""
    _require_period(first, until)
    zone = (await project(session, asker.project_id)).zone
    rows = await hours_of_people(session, asker, midnight(first, zone), midnight(until, zone), zone)
    return Page(items=[HoursAnswer(one.person_id, one.monday, one.hours) for one in rows])


def _require_period(first: date, until: date) -> None:
    require_plannable("from", first)
    require_plannable("until", until)
    if not first < until <= first + timedelta(days=LONGEST_DAYS):
        raise InvalidRequest("until", f"must come after `from`, within {LONGEST_DAYS} days.")
