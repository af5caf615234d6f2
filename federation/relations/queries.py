"""What a partner administrator sees of one partner, and coordinators with them."""

from sqlalchemy import literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.models import Partner
from federation.partners.queries import require_reader
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.relations.rules import Subject, Tick, ticks_for


async def ticks(session: AsyncSession, asker: Asker, partner: Partner) -> list[Tick]:
    """List what a partner can be let do with the pools that this node hosts and its projects."""
    require_reader(asker)
    pools = select(literal("pool").label("kind"), Pool.id, Pool.slug, Pool.name)
    projects = select(literal("project").label("kind"), Project.id, Project.slug, Project.name)
    both = union_all(
        pools.where(Pool.host.is_(None)), projects.where(Project.node.is_(None))
    ).subquery()
    rows = await session.execute(select(both).order_by(both.c.kind, both.c.name, both.c.id))
    return ticks_for([Subject(*row) for row in rows], partner.we_grant)
