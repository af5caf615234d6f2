"""What a partner administrator sees of one partner, and coordinators with them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.grants.queries import granted
from federation.partners.models import Partner
from federation.partners.queries import require_reader
from federation.partners.rules.capabilities import OF_POOL, OF_PROJECT
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.relations.rules import Subject, Tick


async def ticks(session: AsyncSession, asker: Asker, partner: Partner) -> list[Tick]:
    """List what a partner can be let do with the pools that this node hosts and its projects."""
    require_reader(asker)
    pools = select(Pool.id, Pool.name, *_open(OF_POOL, cast(Pool.id, Text)))
    projects = select(Project.id, Project.name, *_open(OF_PROJECT, cast(Project.id, Text)))
    # each row stands beside the one partner whose grants the columns ask about
    beside = Partner.node_id == partner.node_id
    hosted = pools.join(Partner, beside).where(Pool.host.is_(None), ~Pool.example)
    own = projects.join(Partner, beside).where(Project.node.is_(None), Project.example_of.is_(None))
    hosted, own = hosted.order_by(Pool.name, Pool.id), own.order_by(Project.name, Project.id)
    return [
        *await _ticks(session, partner, "pool", OF_POOL, hosted),
        *await _ticks(session, partner, "project", OF_PROJECT, own),
    ]


def _open(kinds: Collection[str], subject: ColumnElement[str]) -> list[ColumnElement[bool]]:
    return [granted(kind, subject) for kind in kinds]


async def _ticks(
    session: AsyncSession,
    partner: Partner,
    what: str,
    kinds: Collection[str],
    query: Select[*tuple[Any, ...]],
) -> list[Tick]:
    rows = await session.execute(query)
    return [
        Tick(
            capability=f"{kind}:{row[0]}",
            of=Subject(what, row[0], row[1]),
            open=is_open,
            ticked=f"{kind}:{row[0]}" in partner.we_grant,
            withheld=f"{kind}:{row[0]}" in partner.withheld,
        )
        for row in rows
        for kind, is_open in zip(kinds, row[2:], strict=True)
    ]
