"""What a partner administrator sees of one partner, and coordinators with them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, literal, select, union_all
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from federation.grants.queries import granted
from federation.partners.models import Partner
from federation.partners.queries import require_reader
from federation.partners.rules.capabilities import OF_POOL, OF_PROJECT
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.relations.rules import Subject, Tick

KINDS = {"pool": OF_POOL, "project": OF_PROJECT}


async def ticks(session: AsyncSession, asker: Asker, partner: Partner) -> list[Tick]:
    """List what a partner can be let do with the pools that this node hosts and its projects."""
    require_reader(asker)
    hosted = (
        _asked("pool", OF_POOL, Pool)
        .join(Partner, Partner.node_id == partner.node_id)
        .where(Pool.host.is_(None), ~Pool.example)
    )
    own = (
        _asked("project", OF_PROJECT, Project)
        .join(Partner, Partner.node_id == partner.node_id)
        .where(Project.node.is_(None), Project.example_of.is_(None))
    )
    rows = await session.execute(union_all(hosted, own).order_by("what", "name", "id"))
    return [
        Tick(
            capability=f"{kind}:{one.id}",
            of=Subject(one.what, one.id, one.name),
            open=is_open,
            ticked=f"{kind}:{one.id}" in partner.we_grant,
            withheld=f"{kind}:{one.id}" in partner.withheld,
        )
        for one in rows
        for kind, is_open in zip(KINDS[one.what], one.opens, strict=True)
    ]


def _asked(
    what: str, kinds: Collection[str], subject: type[Pool | Project]
) -> Select[str, UUID, str, Any]:
    """Ask what a pool or a project is, and which of its kinds are open to the partner beside it."""
    opens = array([granted(kind, cast(subject.id, Text)) for kind in kinds])
    query = select(literal(what).label("what"), subject.id, subject.name, opens.label("opens"))
    return query.select_from(subject)
