"""What programs send and read of recurring sessions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from api.bodies import require_plannable
from rota.shifts.keeping import staffing_of_pattern, timing_of
from rota.shifts.models import ShiftPattern
from rota.shifts.rules.patterns import Occurrence, Pause, Question, Skipped, Timing
from rota.shifts.rules.staffing import Staffing

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
LongText = Annotated[str, msgspec.Meta(min_length=1, max_length=4000, pattern=r"\S")]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=24 * 60)]
Few = msgspec.Meta(max_length=20)
Needed = Annotated[int, msgspec.Meta(ge=0, le=20)]
Demand = Annotated[float, msgspec.Meta(ge=0, le=1000)]
Weekday = Annotated[int, msgspec.Meta(ge=0, le=6)]
Weeks = Annotated[int, msgspec.Meta(ge=1, le=52)]
Nth = Annotated[int, msgspec.Meta(ge=-1, le=4)]
Region = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
Repeats = Literal["once", "weekly", "monthly"]
Holidays = Literal["run", "skip"]
LISTS = frozenset({"seats", "languages", "wanted_languages"})
DAYS = ("first_day", "last_day", "until", "since")


class PauseBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Days without sessions, the first and the last included."""

    first_day: date
    last_day: date


Pauses = Annotated[list[PauseBody], msgspec.Meta(max_length=50)]


class PatternBody(msgspec.Struct, forbid_unknown_fields=True):
    """A session in local time, how it recurs, who is wanted, and until when it makes shifts."""

    channel: Short
    series: Short
    weekday: Weekday
    starts: Clock
    minutes: Minutes
    zone: Short
    first_day: date
    until: date
    seats: Annotated[list[Short], Few]
    last_day: date | None = None
    repeats: Repeats = "weekly"
    every_weeks: Weeks = 1
    nth: Nth | None = None
    pauses: Pauses = []
    holidays: Holidays = "run"
    holiday_region: Region | None = None
    briefing_minutes: Minutes = 0
    debrief_minutes: Minutes = 0
    languages: Annotated[list[Short], Few] = []
    wanted_languages: Annotated[list[Short], Few] = []
    theme: Short | None = None
    ground_rules: LongText | None = None
    demand: Demand = 1.0
    minimum_workers: Needed | None = None
    minimum_supervisors: Needed | None = None


class ChangeBody(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be different, from `since` on or from tomorrow; what is left out stays.

    With `preview` nothing is changed: the answer says what would be.
    """

    since: date | None = None
    preview: bool = False
    weekday: Weekday | UnsetType = UNSET
    starts: Clock | UnsetType = UNSET
    minutes: Minutes | UnsetType = UNSET
    zone: Short | UnsetType = UNSET
    last_day: date | UnsetType | None = UNSET
    repeats: Repeats | UnsetType = UNSET
    every_weeks: Weeks | UnsetType = UNSET
    nth: Nth | UnsetType | None = UNSET
    pauses: Pauses | UnsetType = UNSET
    holidays: Holidays | UnsetType = UNSET
    holiday_region: Region | UnsetType | None = UNSET
    seats: Annotated[list[Short], Few] | UnsetType = UNSET
    briefing_minutes: Minutes | UnsetType = UNSET
    debrief_minutes: Minutes | UnsetType = UNSET
    languages: Annotated[list[Short], Few] | UnsetType = UNSET
    wanted_languages: Annotated[list[Short], Few] | UnsetType = UNSET
    theme: Short | UnsetType | None = UNSET
    ground_rules: LongText | UnsetType | None = UNSET
    demand: Demand | UnsetType = UNSET
    minimum_workers: Needed | UnsetType | None = UNSET
    minimum_supervisors: Needed | UnsetType | None = UNSET


class ClockChangeBody(msgspec.Struct, forbid_unknown_fields=True):
    """What holds on a day on which the clock jumps; without a time there is no session."""

    day: date
    starts: Clock | None = None
    minutes: Minutes | None = None


class QuestionAnswer(msgspec.Struct, frozen=True):
    """A day on which the clock jumps over the time: somebody has to name another one."""

    day: date
    text: str


class SkippedAnswer(msgspec.Struct, frozen=True):
    """A day of the rhythm without a session, and why."""

    day: date
    why: str


class SessionAnswer(msgspec.Struct, frozen=True):
    """One session; `shift` where it stands already."""

    day: date
    start: datetime
    end: datetime
    shift: UUID | None = None


class PatternAnswer(msgspec.Struct, frozen=True):
    """The pattern and the shifts that it has made so far."""

    id: UUID
    shifts: list[UUID]
    questions: list[QuestionAnswer]


class PreviewAnswer(msgspec.Struct, frozen=True):
    """What a pattern would mean: its sessions, days left out, days to be asked about."""

    sessions: list[SessionAnswer]
    skipped: list[SkippedAnswer]
    questions: list[QuestionAnswer]


class ChangedAnswer(msgspec.Struct, frozen=True):
    """What a change has done, or would do; `id` is the pattern that holds from `since` on."""

    id: UUID | None
    since: date
    changed: list[SessionAnswer]
    kept: list[UUID]
    cancelled: list[UUID]
    made: list[SessionAnswer]
    skipped: list[SkippedAnswer]
    questions: list[QuestionAnswer]


class PatternFacts(msgspec.Struct, frozen=True):
    """A recurring session as it stands."""

    id: UUID
    channel: str
    series: str
    weekday: int
    starts: str
    minutes: int
    zone: str
    first_day: date
    last_day: date | None
    repeats: str
    every_weeks: int
    nth: int | None
    pauses: list[PauseBody]
    holidays: str
    holiday_region: str | None
    seats: list[str]
    briefing_minutes: int
    debrief_minutes: int
    languages: list[str]
    wanted_languages: list[str]
    theme: str | None
    ground_rules: str | None
    demand: float
    minimum_workers: int | None
    minimum_supervisors: int | None


def require_plannable_days(body: PatternBody | ChangeBody) -> None:
    """Refuse days that no calendar of ours could hold."""
    for field in DAYS:
        day = getattr(body, field, None)
        if isinstance(day, date):
            require_plannable(field, day)
    for pause in body.pauses or []:
        require_plannable("pauses", pause.first_day)
        require_plannable("pauses", pause.last_day)


def _plain(body: PatternBody | ChangeBody, names: Sequence[str]) -> dict[str, object]:
    said = {name: getattr(body, name, UNSET) for name in names}
    said = {name: value for name, value in said.items() if not isinstance(value, UnsetType)}
    if "starts" in said:
        said["starts"] = time.fromisoformat(str(said["starts"]))
    if "pauses" in said:
        said["pauses"] = tuple(Pause(each.first_day, each.last_day) for each in body.pauses or ())
    return said | {name: tuple(said[name]) for name in LISTS & said.keys()}  # type: ignore[arg-type]  # lists by their types


TIMES, WANTED = tuple(Timing.__dataclass_fields__), tuple(Staffing.__dataclass_fields__)


def timing_from(body: PatternBody) -> Timing:
    """Take from a body what decides when."""
    return Timing(**_plain(body, TIMES))  # type: ignore[arg-type]  # checked by the body's types


def staffing_from(body: PatternBody) -> Staffing:
    """Take from a body who is wanted."""
    return Staffing(**_plain(body, WANTED))  # type: ignore[arg-type]  # checked by the body's types


def changed_timing(pattern: ShiftPattern, body: ChangeBody) -> Timing:
    """Change only what is named."""
    return replace(timing_of(pattern), **_plain(body, TIMES))  # type: ignore[arg-type]  # by the body's types


def changed_staffing(pattern: ShiftPattern, body: ChangeBody) -> Staffing:
    """Change only what is named."""
    return replace(staffing_of_pattern(pattern), **_plain(body, WANTED))  # type: ignore[arg-type]  # by the body's types


def questions_told(questions: Sequence[Question]) -> list[QuestionAnswer]:
    """Write questions for programs."""
    return [QuestionAnswer(each.day, each.text) for each in questions]


def skipped_told(skipped: Sequence[Skipped]) -> list[SkippedAnswer]:
    """Write for programs what is left out."""
    return [SkippedAnswer(each.day, each.why) for each in skipped]


def session_told(session: Occurrence, shift: UUID | None = None) -> SessionAnswer:
    """Write one session for programs."""
    return SessionAnswer(session.day, session.span.start, session.span.end, shift)


def pattern_told(pattern: ShiftPattern, channel: str) -> PatternFacts:
    """Write a pattern for programs."""
    facts = {
        name: getattr(pattern, name)
        for name in PatternFacts.__struct_fields__
        if name not in {"channel", "starts", "pauses"}
    }
    pauses = msgspec.convert(pattern.pauses, list[PauseBody])
    return PatternFacts(**facts, channel=channel, starts=f"{pattern.starts:%H:%M}", pauses=pauses)
