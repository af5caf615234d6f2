"""Recurring sessions of a pool, set down and changed at the node that hosts it."""

from datetime import date, time, timedelta
from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from api.routes.pattern_bodies import (
    ChangeBody,
    ChangedAnswer,
    ClockChangeBody,
    PatternAnswer,
    PatternBody,
    PatternFacts,
    PreviewAnswer,
    changed_staffing,
    changed_timing,
    pattern_told,
    questions_told,
    require_plannable_days,
    session_told,
    skipped_told,
    staffing_from,
    timing_from,
)
from federation.permissions.rules import require_role
from federation.pools.queries import channel_of, pool_seen_by
from rota.shifts.actions import FARTHEST_DAYS, generate_shifts, make_pattern
from rota.shifts.errors import TooFarAhead
from rota.shifts.rules.patterns import Answer, occurrences
from rota.shifts.rules.spans import local_day
from rota.timetable.changes import (
    answer_question,
    change_series,
    end_series,
    preview_change,
)
from rota.timetable.queries import pattern_to_change, patterns_of, shifts_of_pattern
from rota.timetable.series import Outcome, Wanted


@post("/pools/{pool:str}/patterns", summary="Set down a recurring session")
async def set_down_pattern(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[PatternBody]
) -> PatternAnswer:
    """Set down a session of a pool that this node hosts, and make its shifts.

    The same request again finds what it has set down, and makes nothing twice.
    """
    require_role(asker, "coordinator")
    found = await pool_seen_by(session, asker, pool)
    require_plannable_days(data)
    pattern_id = await make_pattern(
        session,
        asker,
        pool_id=found.id,
        channel_id=await _channel(session, found.id, data.channel),
        series=data.series,
        timing=timing_from(data),
        staffing=staffing_from(data),
        now=now,
    )
    made = await generate_shifts(session, asker, pattern_id, data.until, now)
    shifts = await shifts_of_pattern(session, pattern_id)
    return PatternAnswer(pattern_id, shifts, questions_told(made.questions))


@post("/pools/{pool:str}/patterns/preview", summary="See what a pattern means", status_code=200)
async def preview_pattern(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[PatternBody]
) -> PreviewAnswer:
    """Say which sessions a pattern would make, what it leaves out and asks; nothing is kept."""
    require_role(asker, "coordinator")
    await pool_seen_by(session, asker, pool)
    require_plannable_days(data)
    timing = timing_from(data)
    today = local_day(now, timing.zone)
    if data.until > today + timedelta(days=FARTHEST_DAYS):
        raise TooFarAhead
    meant = occurrences(timing, today, data.until)
    return PreviewAnswer(
        [session_told(each) for each in meant.found if each.span.end > now],
        skipped_told(meant.skipped),
        questions_told(meant.questions),
    )


async def _channel(session: AsyncSession, pool_id: UUID, slug: str) -> UUID:
    channel_id = await channel_of(session, pool_id, slug)
    if channel_id is None:
        raise InvalidRequest("channel", "is not a channel of this pool.")
    return channel_id


@get("/pools/{pool:str}/patterns", summary="The recurring sessions of a pool")
async def list_patterns(
    session: Session, asker: Signed, now: Now, pool: FromPath[str]
) -> Page[PatternFacts]:
    """List the patterns that still make shifts; they stand at the node that hosts the pool."""
    require_role(asker, "coordinator")
    found = await pool_seen_by(session, asker, pool)
    rows = await patterns_of(session, found, now)
    return Page(items=[pattern_told(pattern, channel.slug) for pattern, channel in rows])


@patch("/patterns/{pattern:uuid}", summary="Change a recurring session")
async def change_pattern(
    session: Session, asker: Signed, now: Now, pattern: FromPath[UUID], data: JSONBody[ChangeBody]
) -> ChangedAnswer:
    """Change a series from a day on, or from tomorrow: people move along, exceptions stay."""
    require_role(asker, "coordinator")
    require_plannable_days(data)
    last = await pattern_to_change(session, asker, pattern)
    wanted = Wanted(changed_timing(last, data), changed_staffing(last, data), data.since)
    if data.preview:
        return _told(await preview_change(session, asker, pattern, wanted, now), None)
    changed = await change_series(session, asker, pattern, wanted, now)
    return _told(changed.outcome, changed.pattern_id)


def _told(meant: Outcome, pattern_id: UUID | None) -> ChangedAnswer:
    division = meant.division
    return ChangedAnswer(
        id=pattern_id,
        since=meant.begins,
        changed=[session_told(found, each.shift_id) for each, found in division.moves],
        kept=[each.shift_id for each, _ in division.stays],
        cancelled=[each.shift_id for each in division.ends],
        made=[session_told(each) for each in division.fresh],
        skipped=skipped_told(division.skipped),
        questions=questions_told(division.questions),
    )


@delete("/patterns/{pattern:uuid}", summary="End a recurring session", status_code=204)
async def end_pattern(
    session: Session,
    asker: Signed,
    now: Now,
    pattern: FromPath[UUID],
    begins: Annotated[date | None, QueryParameter(name="from")] = None,
) -> None:
    """End a series: from this day on, or from tomorrow, nothing of it takes place."""
    require_role(asker, "coordinator")
    if begins is not None:
        require_plannable("from", begins)
    await end_series(session, asker, pattern, begins, now)


@post("/patterns/{pattern:uuid}/clock-changes", summary="Settle a clock change", status_code=200)
async def settle_clock_change(
    session: Session,
    asker: Signed,
    now: Now,
    pattern: FromPath[UUID],
    data: JSONBody[ClockChangeBody],
) -> PatternAnswer:
    """Say when a session takes place on a day on which the clock jumps over its time."""
    require_role(asker, "coordinator")
    require_plannable("day", data.day)
    found = await pattern_to_change(session, asker, pattern)
    said = None
    if data.starts is not None:
        said = Answer(time.fromisoformat(data.starts), data.minutes or found.minutes)
    made = await answer_question(session, asker, pattern, data.day, said, now)
    shifts = await shifts_of_pattern(session, pattern)
    return PatternAnswer(pattern, shifts, questions_told(made.questions))
