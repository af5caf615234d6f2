"""What a planner is given, field by field as programs write it."""

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

Id = Annotated[str, Meta(min_length=1)]
Moment = Annotated[datetime, Meta(tz=True)]
Preference = Annotated[int, Meta(ge=0, le=2)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Role = Literal["worker", "supervisor"]
SeatRole = Literal["lead", "second", "supervisor", "observer", "trainee"]

CAN = 1  # the preference of whoever names none


class Project(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A member of the pool and the hours that it offers."""

    id: Id
    hours_offered_per_week: Fraction
    hours_before_per_week: Fraction | None = None


class Training(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A training that somebody holds; `issued` is its first valid day and `expires` its last."""

    name: str
    expires: date
    issued: date = date.min


class Window(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A time in which somebody is available."""

    start: Moment
    end: Moment
    preference: Preference = CAN


class Busy(Struct, frozen=True, forbid_unknown_fields=True):
    """A time that is taken elsewhere."""

    start: Moment
    end: Moment


class Offer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A shift that another node's worker can take, by the word of their home."""

    shift: Id
    preference: Preference = CAN


class Worker(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A person by id, with either their own times and trainings or their home's offers.

    What is `booked` are worker's seats that are no part of this plan, meetings included: they count
    in the limits of a week, and rest is owed between them and the plan's.
    """

    id: Id
    project: Id
    roles: tuple[Role, ...]
    languages: tuple[str, ...]
    hours_per_week: Fraction
    shifts_per_week: Count
    rest_hours: Fraction
    trainings: tuple[Training, ...] | None = None
    available: tuple[Window, ...] | None = None
    busy: tuple[Busy, ...] | None = None
    can_take: tuple[Offer, ...] | None = None
    booked: tuple[Busy, ...] = ()


class Seat(Struct, frozen=True, forbid_unknown_fields=True):
    """One place on a shift."""

    id: Id
    role: SeatRole


class Minimum(Struct, frozen=True, forbid_unknown_fields=True):
    """How many must be seated before a shift is open."""

    workers: Count
    supervisors: Count


class Shift(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One session to be staffed."""

    id: Id
    channel: Id
    start: Moment
    end: Moment
    briefing_minutes: Fraction
    debrief_minutes: Fraction
    languages: tuple[str, ...]
    trainings: tuple[str, ...]
    demand: Fraction
    seats: tuple[Seat, ...]
    minimum: Minimum
    series: str | None = None
    wanted_languages: tuple[str, ...] = ()


class Fixed(Struct, frozen=True, forbid_unknown_fields=True):
    """A seat whose holder stays."""

    seat: Id
    worker: Id


class Scenario(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything that a plan is made from."""

    zone: str
    from_: date = field(name="from")
    until: date
    projects: tuple[Project, ...]
    workers: tuple[Worker, ...]
    shifts: tuple[Shift, ...]
    supervisor_sessions_at_once: Count = 1
    fixed: tuple[Fixed, ...] = ()


def encode(scenario: Scenario) -> bytes:
    """Write the scenario as the file that `decode` reads."""
    return msgspec.json.encode(scenario, enc_hook=_plain_number)


def _plain_number(value: Any) -> int | float:
    if isinstance(value, Fraction):
        return number(value)
    raise NotImplementedError


def number(value: Fraction) -> int | float:
    """Write a fraction as the JSON number that says it best."""
    return int(value) if value.denominator == 1 else float(value)
