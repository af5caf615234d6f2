"""What a partner may do here: one rule, for the feeds that it reads and for what it asks for.

Taking part in a pool brings what the pool needs; whatever is withheld is not granted, however it
came.
"""

from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    and_,
    any_,
    cast,
    exists,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from federation.partners.models import Partner
from federation.partners.rules.capabilities import OF_PROJECT
from federation.partners.rules.handshake import JOINED
from federation.pools.models import PoolMember
from federation.projects.models import Project


def granted(kind: str, subject: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """State as SQL, over a joined Partner, that it may do one thing with a pool or project."""
    capability = literal(f"{kind}:") + subject
    brought = _shares_a_pool(subject) if kind in OF_PROJECT else _takes_part(subject)
    return and_(
        or_(capability == any_(Partner.we_grant), brought),
        not_(capability == any_(Partner.withheld)),
    )


def _takes_part(pool: SQLColumnExpression[str]) -> ColumnElement[bool]:
    theirs, home = aliased(PoolMember), aliased(Project)
    return exists().where(
        cast(theirs.pool_id, Text) == pool,
        theirs.project_id == home.id,
        home.node == Partner.node_id,
    )


def _shares_a_pool(project: SQLColumnExpression[str]) -> ColumnElement[bool]:
    theirs, other, home = aliased(PoolMember), aliased(PoolMember), aliased(Project)
    return exists().where(
        cast(other.project_id, Text) == project,
        other.pool_id == theirs.pool_id,
        theirs.project_id == home.id,
        home.node == Partner.node_id,
    )


async def may(session: AsyncSession, node_id: str, kind: str, subject: UUID) -> bool:
    """Tell whether a partner may do one thing here; nobody asks on its own behalf."""
    allowed = granted(kind, literal(str(subject)))
    found = await session.scalar(
        select(Partner.node_id).where(Partner.node_id == node_id, Partner.state == JOINED, allowed)
    )
    return found is not None
