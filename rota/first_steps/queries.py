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
    """Tell a coordinator how far their project is, in two questions whatever there is."""
    require_role(asker, "coordinator")
    partner = exists().where(Partner.state != "ended").correlate(None)
    about = await session.execute(
        select(Project.setup_hidden_at, partner).where(Project.id == asker.project_id)
    )
    hidden_at, has_partner = about.one()
    rows = await session.execute(
        select(
            Pool.slug,
            Pool.name,
            Pool.host.is_(None),
            _count(Channel.id, Channel.pool_id == Pool.id),
            _people("worker"),
            _people("supervisor"),
            _needed(Channel.minimum_workers),
            _needed(Channel.minimum_supervisors),
            exists().where(Shift.pool_id == Pool.id),
            exists().where(Shift.pool_id == Pool.id, Shift.open),
            _next_session(now),
        )
        .join(PoolMember, PoolMember.pool_id == Pool.id)
        .where(PoolMember.project_id == asker.project_id)
        .order_by(Pool.slug)
    )
    pools = [PoolSoFar(*row) for row in rows]
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
        .where(Channel.pool_id == Pool.id)
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
