"""When people can work. One's own; with `person`, as a coordinator, that of one's own people."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import require_plannable
from api.parts import Now, Session, Signed
from federation.people.actions import limit_oneself, set_limits
from federation.people.models import Person
from federation.people.rules import Limits, OwnLimits
from federation.permissions.rules import Asker
from rota.availability.actions import (
    copy_last_month,
    remove_date,
    set_availability,
    set_dates,
    set_zone,
)
from rota.availability.models import DatedWindow, WeeklyWindow
from rota.availability.queries import entered_by, is_known, may_see, zone_of
from rota.availability.rules import MOST_DATED, MOST_WEEKLY, Dated, Weekly
from rota.shifts.rules.spans import local_day

Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Zone = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Preference = Annotated[int, msgspec.Meta(ge=0, le=2)]
Whose = FromQuery[UUID | None]


class WeeklyTime(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A weekly time on a local clock; weekday 0 is Monday; 0 if needed, 1 can, 2 prefers.

    With `every_weeks` 2 `first_day` says in which weeks; without a zone it is the person's.
    """

    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)]
    starts: Clock
    minutes: Annotated[int, msgspec.Meta(ge=1, le=7 * 24 * 60)]
    preference: Preference = 1
    zone: Zone | None = None
    every_weeks: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    first_day: date | None = None


class DatedTime(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What holds on one day instead of the weekly times; preference null: cannot work then."""

    day: date
    starts: Clock
    minutes: Annotated[int, msgspec.Meta(ge=1, le=24 * 60)]
    preference: Preference | None = 1
    zone: Zone | None = None


class WeeklyBody(msgspec.Struct, forbid_unknown_fields=True):
    """All weekly times; they replace what was entered before."""

    items: Annotated[list[WeeklyTime], msgspec.Meta(max_length=MOST_WEEKLY)]


class DatesBody(msgspec.Struct, forbid_unknown_fields=True):
    """Times on single days; one that begins at the same moment is replaced."""

    items: Annotated[list[DatedTime], msgspec.Meta(max_length=MOST_DATED)]


class CopyBody(msgspec.Struct, forbid_unknown_fields=True):
    """Any day of the month for which the one before is copied."""

    month: date


class LimitsBody(msgspec.Struct, forbid_unknown_fields=True):
    """Limits; of one's own, null leaves the project's. A coordinator sets all three."""

    hours_per_week: Annotated[float, msgspec.Meta(ge=0, le=168)] | None = None
    shifts_per_week: Annotated[int, msgspec.Meta(ge=0, le=50)] | None = None
    rest_hours: Annotated[float, msgspec.Meta(ge=0, le=48)] | None = None


class ZoneBody(msgspec.Struct, forbid_unknown_fields=True):
    """Where the person lives, such as Europe/London."""

    zone: Zone


class DatedAnswer(msgspec.Struct, frozen=True):
    """A time on a day, with the id by which it is taken away."""

    id: UUID
    day: date
    starts: str
    minutes: int
    preference: int | None
    zone: str


class LimitsAnswer(msgspec.Struct, frozen=True):
    """The limits that hold, and of these the person's own."""

    hours_per_week: float
    shifts_per_week: int
    rest_hours: float
    own: OwnLimits


class AvailabilityAnswer(msgspec.Struct, frozen=True):
    """All that was entered, days from today on; `known` is false where no plan may rely on it."""

    person: UUID
    zone: str
    known: bool
    weekly: list[WeeklyTime]
    dated: list[DatedAnswer]
    limits: LimitsAnswer


class Added(msgspec.Struct, frozen=True):
    """How many times are new or changed."""

    added: int


class AvailabilityController(Controller):
    """Weekly times, times on single days, limits."""

    path = "/availability"
    tags = ("availability",)

    @get()
    async def availability(
        self, session: Session, asker: Signed, now: Now, person: Whose = None
    ) -> AvailabilityAnswer:
        """Show what was entered."""
        return await _shown(session, await _whose(session, asker, person), now)

    @put("/weekly")
    async def replace_weekly(
        self,
        session: Session,
        asker: Signed,
        now: Now,
        data: JSONBody[WeeklyBody],
        person: Whose = None,
    ) -> AvailabilityAnswer:
        """Replace all weekly times."""
        whose = await _whose(session, asker, person)
        zone = await zone_of(session, whose)
        for one in data.items:
            if one.first_day is not None:
                require_plannable("first_day", one.first_day)
        wishes = [_weekly(one, zone) for one in data.items]
        await set_availability(session, asker, whose.id, wishes, now)
        return await _shown(session, whose, now)

    @put("/dates")
    async def enter_dates(
        self,
        session: Session,
        asker: Signed,
        now: Now,
        data: JSONBody[DatesBody],
        person: Whose = None,
    ) -> Added:
        """Enter times on single days."""
        whose = await _whose(session, asker, person)
        zone = await zone_of(session, whose)
        for one in data.items:
            require_plannable("day", one.day)
        dated = [_dated(one, zone) for one in data.items]
        return Added(await set_dates(session, asker, whose.id, dated, now))

    @delete("/dates/{dated:uuid}")
    async def take_date_away(
        self,
        session: Session,
        asker: Signed,
        now: Now,
        dated: FromPath[UUID],
        person: Whose = None,
    ) -> None:
        """Take a time on a day away."""
        whose = await _whose(session, asker, person)
        await remove_date(session, asker, whose.id, dated, now)

    @post("/copies")
    async def copy_month(
        self,
        session: Session,
        asker: Signed,
        now: Now,
        data: JSONBody[CopyBody],
        person: Whose = None,
    ) -> Added:
        """Copy the times on single days of the month before; what stands there already stays."""
        require_plannable("month", data.month)
        whose = await _whose(session, asker, person)
        return Added(await copy_last_month(session, asker, whose.id, data.month, now))

    @put("/limits")
    async def put_limits(
        self,
        session: Session,
        asker: Signed,
        now: Now,
        data: JSONBody[LimitsBody],
        person: Whose = None,
    ) -> AvailabilityAnswer:
        """Set one's own stricter limits or, with `person`, the project's for them."""
        whose = await _whose(session, asker, person)
        own = OwnLimits(data.hours_per_week, data.shifts_per_week, data.rest_hours)
        if person is None:
            await limit_oneself(session, asker, own=own, now=now)
        else:
            before = whose.project_limits
            limits = Limits(
                before.hours_per_week if own.hours_per_week is None else own.hours_per_week,
                before.shifts_per_week if own.shifts_per_week is None else own.shifts_per_week,
                before.rest_hours if own.rest_hours is None else own.rest_hours,
            )
            await set_limits(session, asker, person_id=whose.id, limits=limits, now=now)
        await session.refresh(whose)
        return await _shown(session, whose, now)

    @put("/zone")
    async def put_zone(
        self,
        session: Session,
        asker: Signed,
        now: Now,
        data: JSONBody[ZoneBody],
        person: Whose = None,
    ) -> AvailabilityAnswer:
        """Say where one lives."""
        whose = await _whose(session, asker, person)
        await set_zone(session, asker, whose.id, data.zone, now)
        await session.refresh(whose)
        return await _shown(session, whose, now)


async def _whose(session: AsyncSession, asker: Asker, person: UUID | None) -> Person:
    return await may_see(session, asker, person or asker.person_id)


def _weekly(one: WeeklyTime, zone: str) -> Weekly:
    return Weekly(
        weekday=one.weekday,
        starts=time.fromisoformat(one.starts),
        minutes=one.minutes,
        zone=one.zone or zone,
        preference=one.preference,
        every_weeks=one.every_weeks,
        first_day=one.first_day,
    )


def _dated(one: DatedTime, zone: str) -> Dated:
    starts = time.fromisoformat(one.starts)
    return Dated(one.day, starts, one.minutes, one.zone or zone, one.preference)


async def _shown(session: AsyncSession, person: Person, now: datetime) -> AvailabilityAnswer:
    await session.flush()
    zone = await zone_of(session, person)
    entered = await entered_by(session, person.id, local_day(now, zone))
    limits = person.limits
    return AvailabilityAnswer(
        person=person.id,
        zone=zone,
        known=await is_known(session, person.id, now),
        weekly=[_weekly_told(row) for row in entered.weekly],
        dated=[_dated_told(row) for row in entered.dated],
        limits=LimitsAnswer(
            limits.hours_per_week, limits.shifts_per_week, limits.rest_hours, person.own_limits
        ),
    )


def _weekly_told(row: WeeklyWindow) -> WeeklyTime:
    return WeeklyTime(
        weekday=row.weekday,
        starts=f"{row.starts:%H:%M}",
        minutes=row.minutes,
        preference=row.preference,
        zone=row.zone,
        every_weeks=row.every_weeks,
        first_day=row.first_day,
    )


def _dated_told(row: DatedWindow) -> DatedAnswer:
    starts = f"{row.starts:%H:%M}"
    return DatedAnswer(row.id, row.day, starts, row.minutes, row.preference, row.zone)
