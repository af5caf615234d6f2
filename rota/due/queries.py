"""Reads what is due, for coordinators and of their own project alone."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.people.models import Handle, Person, RoleGrant
from federation.people.queries import known_as
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project
from protocols.late_reviews.queries import LATE_OWN_PARTS, LATE_TEXTS
from protocols.late_reviews.rules import LateReview
from rota.attendance.models import CheckIn
from rota.attendance.rules import MAY_CHECK_IN
from rota.claims.models import Claim
from rota.due.rules import (
    ENDED_SHOWN,
    ENDS_WITHIN,
    WORK_SHOWN,
    DueCounts,
    EndingTraining,
    LateWork,
    oldest_first,
)
from rota.passport.models import Training
from rota.passport.queries import STAFF
from rota.reentry.models import ReentryFinding
from rota.shifts.models import Seat, Shift

INBOX, TASK = "inbox", "task"
Trainings = Select[UUID, UUID, str, str, date, bool, bool]
Work = Select[UUID, str, str, str, str, datetime, str, str | None]
_PROJECT = bindparam("project", type_=Uuid())
_NOW = bindparam("now", type_=TIMESTAMP(timezone=True))


def _number(chosen: Select[*tuple[Any, ...]]) -> ScalarSelect[int]:
    one = chosen.with_only_columns(literal(1).label("one")).subquery()
    return select(func.count()).select_from(one).scalar_subquery()


def _ending() -> Trainings:
    """Choose trainings of those who staff; a day is over when it is on the project's clock."""
    today = cast(func.timezone(Project.zone, _NOW), Date)
    later = aliased(Training)
    renewed = exists().where(
        later.person_id == Training.person_id,
        later.name == Training.name,
        later.withdrawn_at.is_(None),
        tuple_(later.expires, later.issued) > tuple_(Training.expires, Training.issued),
    )
    shown = (
        select(
            Training.id,
            Training.person_id,
            known_as(),
            Training.name,
            Training.expires,
            Training.expires < today,
            _asked_for(),
        )
        .join(Person, Person.id == Training.person_id)
        .join(Project, Project.id == Person.project_id)
    )
    return shown.where(
        Person.project_id == _PROJECT,
        Person.left_at.is_(None),
        exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(STAFF)),
        Training.withdrawn_at.is_(None),
        ~renewed,
        Training.expires <= today + ENDS_WITHIN.days,
        or_(Training.expires >= today - ENDED_SHOWN.days, _asked_for()),
    )


def _asked_for() -> ColumnElement[bool]:
    """Tell whether a pool in which somebody has a pseudonym asks for a training of theirs."""
    wanted = (Training.name == any_(Channel.trainings), Training.name == any_(Pool.trainings))
    return exists().where(
        Handle.person_id == Training.person_id,
        Handle.retired_at.is_(None),
        Pool.id == Handle.pool_id,
        Channel.pool_id == Pool.id,
        or_(*wanted),
    )


def _late_work() -> Work:
    """Choose confirmed times of messages and tasks that are over and were not said to be done.

    Who holds one is known of the project's own people. Of others it is listed at the pool's host,
    which promised it to the public.
    """
    holder = _own_holders()
    return (
        select(
            Shift.id,
            Channel.kind,
            Channel.name,
            Pool.name,
            Pool.slug,
            Shift.ends,
            Shift.zone,
            holder,
        )
        .join(Channel, Channel.id == Shift.channel_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(
            PoolMember.project_id == _PROJECT,
            Channel.kind.in_((INBOX, TASK)),
            Shift.starts > _NOW - WORK_SHOWN,
            # said as well, or PostgreSQL expects many times as many and reads every shift there was
            Shift.starts < _NOW,
            Shift.ends <= _NOW,
            Shift.cancelled_at.is_(None),
            Shift.open,
            or_(Pool.host.is_(None), holder.is_not(None)),
            ~_done(),
        )
    )


def _own_holders() -> ScalarSelect[str | None]:
    listed = aggregate_order_by(literal(", "), Handle.display)
    return (
        select(func.string_agg(Handle.display, listed))
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .where(
            Seat.shift_id == Shift.id,
            Seat.role.in_(MAY_CHECK_IN),
            Claim.state == "held",
            Handle.project_id == _PROJECT,
            Handle.person_id.is_not(None),
        )
        .correlate(Shift)
        .scalar_subquery()
    )


def _done() -> ColumnElement[bool]:
    """Tell whether somebody has said so; who answers messages answers earlier ones as well."""
    later = aliased(Shift)
    covers = and_(Channel.kind == INBOX, later.starts >= Shift.starts)
    return exists().where(
        later.channel_id == Shift.channel_id,
        CheckIn.shift_id == later.id,
        CheckIn.ended_at.is_not(None),
        CheckIn.did_not_happen.is_(None),
        or_(later.id == Shift.id, covers),
    )


def _counts() -> Select[int, int, int, int]:
    left = select(ReentryFinding.id).where(
        ReentryFinding.project_id == _PROJECT, ReentryFinding.settled_at.is_(None)
    )
    return select(
        _number(_ending()),
        _number(_late_work()),
        _number(LATE_TEXTS) + _number(LATE_OWN_PARTS),
        _number(left),
    )


ENDING = _ending().order_by(Training.expires, Person.name, Training.id)
LATE_WORK = _late_work().order_by(Shift.ends, Shift.id)
COUNTS = _counts()
"""Stated once, of a `project` and as of `now`: to state the counts costs more than to answer."""


async def ending_trainings(
    session: AsyncSession, asker: Asker, now: datetime
) -> list[EndingTraining]:
    """List whose training ends soon or has ended and was not renewed, what is worst first."""
    require_role(asker, "coordinator")
    rows = await session.execute(ENDING, {"project": asker.project_id, "now": now})
    return [EndingTraining(*row) for row in rows]


async def what_is_late(
    session: AsyncSession, asker: Asker, now: datetime
) -> list[LateWork | LateReview]:
    """List work that nobody has said to be done in time, and reviews, what is oldest first."""
    require_role(asker, "coordinator")
    asked = {"project": asker.project_id, "today": now.date()}
    work = await session.execute(LATE_WORK, {"project": asker.project_id, "now": now})
    texts = await session.execute(LATE_TEXTS, asked)
    parts = await session.execute(LATE_OWN_PARTS, asked)
    reviews = [LateReview(*row) for rows in (texts, parts) for row in rows]
    return oldest_first([LateWork(*row) for row in work], reviews)


async def due_counts(session: AsyncSession, asker: Asker, now: datetime) -> DueCounts:
    """Count all of it in one question."""
    require_role(asker, "coordinator")
    asked = {"project": asker.project_id, "now": now, "today": now.date()}
    return DueCounts(*(await session.execute(COUNTS, asked)).one())
