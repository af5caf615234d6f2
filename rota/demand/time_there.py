"""Reads when somebody was there to be written to; PostgreSQL unites the spans."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, Range
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.attendance.models import CheckIn
from rota.attendance.rules import MAY_CHECK_IN
from rota.attendance.took_place import ITS_CHECK_IN, OVER_AT, TOOK_PLACE
from rota.claims.models import Claim
from rota.coverage.queries import Tags, spoken
from rota.coverage.rules import HOUR, Span, midnight
from rota.demand.rules.exposure import Sat, TimeThere, laid_together, runs
from rota.open_hours.sessions import LONGEST
from rota.record_imports.models import ImportedSession
from rota.seats.rules import COUNTED
from rota.shifts.models import Seat, Shift

SPANS = TSTZMULTIRANGE()
NO_TAG = ""
"""Stands where sessions are meant whatever was spoken, beside those by language."""
Multirange = ColumnElement[Any]
SatThere = Select[UUID, datetime, datetime, int, int, bool]
ENDED = case((TOOK_PLACE, OVER_AT), else_=Shift.starts)
"""When a session was truly over: at once if it did not take place."""
DURING = func.tstzrange(Shift.starts, ENDED)
"""When a session took place; empty where it did not."""
LANGUAGE = bindparam("language", type_=Text())


def _primary(tag: ColumnElement[str]) -> ColumnElement[str]:
    return func.split_part(tag, "-", 1)


def _named(tags: Tags) -> ColumnElement[bool]:
    """Ask whether a language is among tags, whatever their regions."""
    each = func.unnest(tags).column_valued("tag")
    return exists(select(each).where(_primary(each) == LANGUAGE))


SPOKEN = spoken(_named)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sessions count: of some channels of a pool, in some of its local weeks."""

    pool: Pool
    channels: Collection[UUID]
    weeks: frozenset[date]

    @property
    def spans(self) -> list[Span]:
        """Give the weeks, those that follow one another as one."""
        zone = self.pool.zone
        return [(midnight(first, zone), midnight(until, zone)) for first, until in runs(self.weeks)]

    @property
    def period(self) -> Multirange:
        """Give the weeks as PostgreSQL cuts by them."""
        return func.tstzmultirange(*(func.tstzrange(*span) for span in self.spans), type_=SPANS)

    @property
    def sessions(self) -> tuple[ColumnElement[bool], ...]:
        """Say which shifts are meant; what was long before is not even looked at."""
        return (
            Shift.pool_id == self.pool.id,
            Shift.channel_id.in_(self.channels),
            Shift.cancelled_at.is_(None),
            or_(
                *(
                    and_(Shift.starts < ends, Shift.ends > begins, Shift.starts > begins - LONGEST)
                    for begins, ends in self.spans
                )
            ),
        )


async def time_there(
    session: AsyncSession, project_id: UUID, asked: Asked, language: str | None
) -> dict[UUID, TimeThere]:
    """Tell by channel when a project's own people sat there; open means in the language asked for.

    Who wrote to another project's people is not known here, so their sessions say nothing.
    """
    sat = union_all(
        _sat(project_id, asked, language), _imported(project_id, asked, language)
    ).subquery()
    (begins, _), (_, ends) = asked.spans[0], asked.spans[-1]
    starts, over = func.greatest(sat.c.starts, begins), func.least(sat.c.ends, ends)
    rows = await session.execute(
        select(sat.c.channel_id, starts, over, sat.c.own, sat.c.held, sat.c.was_open).where(
            starts < over
        ),
        {} if language is None else {"language": language},
    )
    found: dict[UUID, list[Sat]] = defaultdict(list)
    for channel, *told in rows:
        found[channel].append(Sat(*told))
    return {channel: laid_together(each) for channel, each in found.items()}


def _sat(project_id: UUID, asked: Asked, language: str | None) -> SatThere:
    own = (
        select(Seat.shift_id, func.count().label("seats"))
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(
            Handle.project_id == project_id,
            Handle.pool_id == asked.pool.id,
            Claim.state == "held",
            Seat.role.in_(MAY_CHECK_IN),
        )
        .group_by(Seat.shift_id)
        .subquery()
    )
    # by the seats' own state: a node that does not host the pool knows no claims of others
    held = (
        select(func.count())
        .where(Seat.shift_id == Shift.id, Seat.state == "held", Seat.role.in_(MAY_CHECK_IN))
        .scalar_subquery()
    )
    was_open = Shift.open if language is None else Shift.open & SPOKEN
    return (
        select(
            Shift.channel_id,
            Shift.starts.label("starts"),
            ENDED.label("ends"),
            own.c.seats.label("own"),
            func.greatest(own.c.seats, held).label("held"),
            was_open.label("was_open"),
        )
        .join(own, own.c.shift_id == Shift.id)
        .outerjoin(CheckIn, ITS_CHECK_IN)
        .where(*asked.sessions)
    )


def _imported(project_id: UUID, asked: Asked, language: str | None) -> SatThere:
    """Choose sessions of old tables; they were held in the languages that the project names."""
    spoken_there = true() if language is None else _named(Project.languages)
    return (
        select(
            ImportedSession.channel_id,
            ImportedSession.starts,
            ImportedSession.ends,
            literal(0),
            literal(0),
            spoken_there.label("was_open"),
        )
        .join(Project, Project.id == ImportedSession.project_id)
        .where(
            ImportedSession.project_id == project_id,
            ImportedSession.pool_id == asked.pool.id,
            ImportedSession.channel_id.in_(asked.channels),
            ImportedSession.starts < asked.spans[-1][1],
            ImportedSession.ends > asked.spans[0][0],
        )
    )


def _spans(found: Iterable[Range[datetime]]) -> list[Span]:
    return [(each.lower, each.upper) for each in found if each.lower and each.upper]


@dataclass(frozen=True, slots=True)
class OpenTimes:
    """When channels were open in the language asked for, and for how many hours in each language.

    On several channels at once an hour in a language is one.
    """

    by_channel: dict[UUID, list[Span]]
    by_language: dict[str, float]


async def open_times(session: AsyncSession, asked: Asked, language: str | None) -> OpenTimes:
    """Unite a pool's open sessions: those asked for, and by language, whatever its region.

    A language counts while somebody of the pool spoke it.
    """
    said = _said(asked, language)
    tag = _primary(said.c.tag)
    together = func.range_agg(said.c.during, type_=SPANS)
    rows = await session.execute(
        select(said.c.channel_id, tag, together.op("*", return_type=SPANS)(asked.period)).group_by(
            said.c.channel_id, tag
        ),
        {} if language is None else {"language": language},
    )
    found = OpenTimes({}, {})
    for channel, spoken_there, spans in rows:
        if channel is None:
            hours = sum((end - start) / HOUR for start, end in _spans(spans))
            found.by_language[spoken_there] = hours
        else:
            found.by_channel[channel] = _spans(spans)
    return found


def _said(asked: Asked, language: str | None) -> Subquery:
    def of(channel: SQLColumnExpression[Any], tags: ColumnElement[str]) -> Select[Any]:
        return (
            select(channel.label("channel_id"), tags.label("tag"), DURING.label("during"))
            .outerjoin(CheckIn, ITS_CHECK_IN)
            .where(Shift.open, *asked.sessions)
        )

    any_channel = cast(null(), Uuid())
    asked_for = of(Shift.channel_id, literal(NO_TAG))
    if language is not None:
        asked_for = asked_for.where(SPOKEN)
    by_people = (
        of(any_channel, func.unnest(Handle.languages))
        .join(Seat, Seat.shift_id == Shift.id)
        .join(Claim, Claim.seat_id == Seat.id)
        .join(Handle, Handle.id == Claim.handle_id)
        .where(Claim.state == "held", Seat.role.in_(COUNTED))
    )
    by_session = of(any_channel, func.unnest(Shift.languages))
    return union(asked_for, by_session, by_people).subquery()
