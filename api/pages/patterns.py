"""A coordinator's recurring sessions: set down after a look at the dates, changed, ended."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import InvalidRequest
from api.languages.reading import ngettext, translated
from api.pages.pattern_forms import (
    PatternForm,
    a_clock_time,
    a_day,
    form_of,
    minutes_between,
    staffing_in,
    timing_in,
)
from api.pages.pool_choice import pool_choice
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool
from federation.pools.queries import channel_of, pool_seen_by
from federation.projects.queries import project
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.keeping import timing_of
from rota.shifts.models import ShiftPattern
from rota.shifts.rules.clock_changes import START, shown_twice
from rota.shifts.rules.holidays import BY_JURISDICTION
from rota.shifts.rules.patterns import Answer, Occurrence, Occurrences, Timing, occurrences
from rota.shifts.rules.spans import local_day
from rota.timetable.changes import answer_question, change_series, end_series, preview_change
from rota.timetable.queries import open_questions, pattern_to_change, patterns_of
from rota.timetable.series import AHEAD, Wanted

LOOKS_AHEAD = timedelta(weeks=26)
MOST_SHOWN = 12
SAVE = "save"


class SinceForm(msgspec.Struct):
    """From which day on; nothing means from tomorrow."""

    since: str = ""


class ClockForm(msgspec.Struct):
    """What holds on a day on which the clock jumps; without a time it is left out."""

    day: str = ""
    starts: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a new pattern would mean, and how its nights meet the clock."""

    meant: Occurrences
    sessions: list[tuple[Occurrence, str]]


pattern_pools = pool_choice("/patterns", "pattern-pools.html")


@get("/patterns/{slug:str}")
async def show_patterns(session: Session, asker: Signed, now: Now, slug: FromPath[str]) -> Template:
    """List the recurring sessions of a pool, and what needs an answer."""
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    rows = await patterns_of(session, pool, now)
    open_ones = open_questions([pattern for pattern, _ in rows], now)
    asked = [(pattern, question, form_of(pattern).ends) for pattern, question in open_ones]
    listed = [(pattern, channel, timing_of(pattern).pauses) for pattern, channel in rows]
    return page("patterns.html", asker=asker, pool=pool, rows=listed, asked=asked)


@get("/patterns/{slug:str}/new")
async def new_pattern(session: Session, asker: Signed, now: Now, slug: FromPath[str]) -> Template:
    """Offer an empty form."""
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    home = await project(session, asker.project_id)
    tomorrow = local_day(now, pool.zone) + timedelta(days=1)
    form = PatternForm(
        zone=pool.zone,
        first_day=tomorrow.isoformat(),
        holiday_region=BY_JURISDICTION.get(home.jurisdiction, ""),
    )
    return await _form(session, asker, pool, form)


async def _form(
    session: AsyncSession, asker: Asker, pool: Pool, form: PatternForm, **context: Any
) -> Template:
    channels = await session.scalars(
        select(Channel)
        .where(Channel.pool_id == pool.id, Channel.left_out_at.is_(None))
        .order_by(Channel.slug)
    )
    shown: dict[str, Any] = {"seen": None, "pattern": None, "outcome": None}
    return page(
        "pattern.html",
        asker=asker,
        pool=pool,
        form=form,
        fields=msgspec.structs.asdict(form),
        channels=[(channel.slug, channel.name) for channel in channels],
        most=MOST_SHOWN,
        **(shown | context),
    )


@post("/patterns/{slug:str}/new", status_code=200)
async def set_down(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[PatternForm],
) -> Template | Redirect:
    """Show what the form would make; when that was seen, make it."""
    way_back(request, f"/patterns/{slug}/new")
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    timing, staffing = timing_in(data), staffing_in(data)
    if data.step != SAVE:
        return await _form(session, asker, pool, data, seen=_seen(timing, now))
    channel_id = await channel_of(session, pool.id, data.channel)
    if channel_id is None:
        raise InvalidRequest("channel", "is not a channel of this pool.")
    if not data.series.strip():
        raise InvalidRequest("series", "needs a name, such as Tuesday evening.")
    pattern_id = await make_pattern(
        session,
        asker,
        pool_id=pool.id,
        channel_id=channel_id,
        series=data.series.strip()[:100],
        timing=timing,
        staffing=staffing,
        now=now,
    )
    first = max(local_day(now, timing.zone), timing.first_day)
    await generate_shifts(session, asker, pattern_id, first + AHEAD + timedelta(days=1), now)
    return Redirect(f"/patterns/{slug}", status_code=303)


def _seen(timing: Timing, now: datetime) -> Seen:
    first = max(local_day(now, timing.zone), timing.first_day)
    meant = occurrences(timing, first, first + LOOKS_AHEAD)
    to_come = [each for each in meant.found if each.span.end > now]
    return Seen(meant, [(each, clock_remark(each, timing)) for each in to_come[:MOST_SHOWN]])


def clock_remark(session: Occurrence, timing: Timing) -> str:
    """Say in words how a clock change meets one session, if it does."""
    told = [
        translated("%(time)s comes twice that night; the start is the first of them", time=shown)
        if what == START
        else translated("%(time)s comes twice that night; the end is the first of them", time=shown)
        for shown, what in shown_twice(session, timing.zone)
    ]
    minutes = round(session.span.length.total_seconds() / 60)
    if minutes != timing.minutes:
        takes = ngettext(
            "the clock changes, so it takes %(number)s minute",
            "the clock changes, so it takes %(number)s minutes",
            minutes,
        )
        told.append(takes % {"number": minutes})
    return "; ".join(told)


@get("/patterns/{slug:str}/{pattern:uuid}")
async def show_pattern(
    session: Session, asker: Signed, slug: FromPath[str], pattern: FromPath[UUID]
) -> Template:
    """Offer the form of a series, filled in with what holds now."""
    require_role(asker, "coordinator")
    pool, found = await _found(session, asker, slug, pattern)
    return await _form(session, asker, pool, form_of(found), pattern=found)


async def _found(
    session: AsyncSession, asker: Asker, slug: str, pattern_id: UUID
) -> tuple[Pool, ShiftPattern]:
    pool = await pool_seen_by(session, asker, slug)
    found = await pattern_to_change(session, asker, pattern_id)
    if found.pool_id != pool.id:
        raise NotFound
    return pool, found


@post("/patterns/{slug:str}/{pattern:uuid}", status_code=200)
async def change(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    pattern: FromPath[UUID],
    data: URLEncodedBody[PatternForm],
) -> Template | Redirect:
    """Show what a change would do to every shift; when that was seen, do it."""
    way_back(request, f"/patterns/{slug}/{pattern}")
    require_role(asker, "coordinator")
    pool, found = await _found(session, asker, slug, pattern)
    wanted = Wanted(timing_in(data), staffing_in(data), _since(data.since))
    if data.step != SAVE:
        outcome = await preview_change(session, asker, pattern, wanted, now)
        return await _form(session, asker, pool, data, pattern=found, outcome=outcome)
    await change_series(session, asker, pattern, wanted, now)
    return Redirect(f"/patterns/{slug}", status_code=303)


def _since(text: str) -> date | None:
    return a_day("since", text) if text.strip() else None


@post("/patterns/{slug:str}/{pattern:uuid}/end", status_code=303)
async def end(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    pattern: FromPath[UUID],
    data: URLEncodedBody[SinceForm],
) -> Redirect:
    """End a series; everybody who has a seat is told."""
    way_back(request, f"/patterns/{slug}/{pattern}")
    require_role(asker, "coordinator")
    await _found(session, asker, slug, pattern)
    await end_series(session, asker, pattern, _since(data.since), now)
    return Redirect(f"/patterns/{slug}", status_code=303)


@post("/patterns/{slug:str}/{pattern:uuid}/clock-change", status_code=303)
async def settle_clock(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    pattern: FromPath[UUID],
    data: URLEncodedBody[ClockForm],
) -> Redirect:
    """Take the answer for a day on which the clock jumps over the time."""
    way_back(request, f"/patterns/{slug}")
    require_role(asker, "coordinator")
    await _found(session, asker, slug, pattern)
    said = None
    if data.starts.strip():
        starts, ends = a_clock_time("starts", data.starts), a_clock_time("ends", data.ends)
        said = Answer(starts, minutes_between(starts, ends))
    await answer_question(session, asker, pattern, a_day("day", data.day), said, now)
    return Redirect(f"/patterns/{slug}", status_code=303)
