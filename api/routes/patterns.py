"""Recurring sessions of a pool, set down at the node that hosts it."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from federation.permissions.rules import require_role
from federation.pools.queries import channel_of, pool_seen_by
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.rules.patterns import Weekly
from rota.shifts.rules.staffing import Staffing

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=24 * 60)]
Few = msgspec.Meta(max_length=20)
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=4000, pattern=r"\S")]
Needed = Annotated[int, msgspec.Meta(ge=0, le=20)]
Demand = Annotated[float, msgspec.Meta(ge=0, le=1000)]


class PatternBody(msgspec.Struct, forbid_unknown_fields=True):
    """A weekly session in local time, who is wanted for it, and until when it makes shifts."""

    channel: Short
    series: Short
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)]
    starts: Clock
    minutes: Minutes
    zone: Short
    first_day: date
    until: date
    seats: Annotated[list[Short], Few]
    last_day: date | None = None
    every_weeks: Annotated[int, msgspec.Meta(ge=1, le=52)] = 1
    briefing_minutes: Minutes = 0
    debrief_minutes: Minutes = 0
    languages: Annotated[list[Short], Few] = []
    wanted_languages: Annotated[list[Short], Few] = []
    theme: Short | None = None
    demand: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 1.0


class QuestionAnswer(msgspec.Struct, frozen=True):
    """A day on which the clock jumps over the time: somebody has to name another one."""

    day: date
    text: str


class PatternAnswer(msgspec.Struct, frozen=True):
    """The pattern and the shifts that it has made so far."""

    id: UUID
    shifts: list[UUID]
    questions: list[QuestionAnswer]


@post("/pools/{pool:str}/patterns", summary="Set down a recurring session")
async def set_down_pattern(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[PatternBody]
) -> PatternAnswer:
    """Set down a weekly session of a pool that this node hosts, and make its shifts."""
    require_role(asker, "coordinator")
    found = await pool_seen_by(session, asker, pool)
    for field in ("first_day", "until", "last_day"):
        if day := getattr(data, field):
            require_plannable(field, day)
    pattern_id = await make_pattern(
        session,
        asker,
        pool_id=found.id,
        channel_id=await _channel(session, found.id, data.channel),
        series=data.series,
        weekly=_weekly(data),
        staffing=_staffing(data),
        now=now,
    )
    made = await generate_shifts(session, asker, pattern_id, data.until, now)
    asked = [QuestionAnswer(question.day, question.text) for question in made.questions]
    return PatternAnswer(pattern_id, list(made.shifts), asked)


async def _channel(session: AsyncSession, pool_id: UUID, slug: str) -> UUID:
    channel_id = await channel_of(session, pool_id, slug)
    if channel_id is None:
        raise InvalidRequest("channel", "is not a channel of this pool.")
    return channel_id


def _weekly(body: PatternBody) -> Weekly:
    return Weekly(
        weekday=body.weekday,
        starts=time.fromisoformat(body.starts),
        minutes=body.minutes,
        zone=body.zone,
        first_day=body.first_day,
        last_day=body.last_day,
        every_weeks=body.every_weeks,
    )


def _staffing(body: PatternBody) -> Staffing:
    return Staffing(
        seats=tuple(body.seats),
        briefing_minutes=body.briefing_minutes,
        debrief_minutes=body.debrief_minutes,
        languages=tuple(body.languages),
        wanted_languages=tuple(body.wanted_languages),
        theme=body.theme,
        demand=body.demand,
    )
