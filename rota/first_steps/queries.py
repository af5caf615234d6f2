"""Works a project's first steps out of what there is, so that they are kept nowhere."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from federation.partners.models import Partner
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool, PoolMember
from federation.projects.models import Project
from rota.first_steps.rules import FirstSteps, PoolSoFar, furthest
from rota.shifts.models import Shift


async def first_steps(session: AsyncSession, asker: Asker, now: datetime) -> FirstSteps:
    """Tell a coordinator how far their project is, in one question whatever there is."""
    require_role(asker, "coordinator")
    found = await session.execute(
        select(
            Project.setup_hidden_at,
            exists().where(Partner.state != "ended").correlate(None),
            Pool.slug,
            Pool.name,
            Pool.host.is_(None),
            _count(Channel.id, Channel.pool_id == Pool.id, Channel.left_out_at.is_(None)),
            _people("worker"),
            _people("supervisor"),
            _needed(Channel.minimum_workers),
            _needed(Channel.minimum_supervisors),
            exists().where(Shift.pool_id == Pool.id),
            exists().where(Shift.pool_id == Pool.id, Shift.open),
            _next_session(now),
        )
        .select_from(Project)
        .outerjoin(PoolMember, PoolMember.project_id == Project.id)
        .outerjoin(Pool, Pool.id == PoolMember.pool_id)
        .where(Project.id == asker.project_id)
        .order_by(Pool.slug)
    )
    rows = found.all()
    hidden_at, has_partner, *_ = rows[0]
    # a project without a pool has a row as well
    pools = [PoolSoFar(*told) for _, _, *told in rows if told[0] is not None]
    return FirstSteps(furthest(pools), has_partner, hidden_at is not None)


def _count(what: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(what)).where(*where).correlate(Pool).scalar_subquery()


def _people(role: str) -> ScalarSelect[int]:
    is_in = (Handle.pool_id == Pool.id, Handle.retired_at.is_(None), Handle.roles.contains([role]))
    return _count(Handle.id, *is_in)


def _needed(least: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Read what the first channel asks for: a live chat before a forum, since hours are its."""
    first = (
        select(least)
        .where(Channel.pool_id == Pool.id, Channel.left_out_at.is_(None))
        .order_by((Channel.kind == "session").desc(), Channel.id)
        .limit(1)
        .correlate(Pool)
        .scalar_subquery()
    )
    return func.coalesce(first, 1)


def _next_session(now: datetime) -> ScalarSelect[UUID]:
    return (
        select(Shift.id)
        .where(Shift.pool_id == Pool.id, Shift.cancelled_at.is_(None), Shift.starts > now)
        .order_by(Shift.starts, Shift.id)
        .limit(1)
        .correlate(Pool)
        .scalar_subquery()
    )
