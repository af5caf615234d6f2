from collections.abc import Collection

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.recalls.models import Recall
from protocols.recalls.rules import Withdrawal, Withdrawals
from protocols.releases.models import Release


async def withdrawals_of(
    session: AsyncSession, urns: Collection[str]
) -> dict[str, dict[int, Withdrawal]]:
    """Give the recalls of whole releases of some items, by sequence."""
    return {urn: known.releases for urn, known in (await all_withdrawals(session, urns)).items()}


async def all_withdrawals(session: AsyncSession, urns: Collection[str]) -> dict[str, Withdrawals]:
    """Give the recalls of some items, as far as they come from the item's own node."""
    found = {urn: Withdrawals() for urn in urns}
    for recall in await session.scalars(_believed(urns)):
        withdrawal = Withdrawal(recall.reason, recall.holds_sequence, recall.holds_texts)
        known = found[recall.urn]
        if recall.block is None:
            known.releases[recall.sequence] = withdrawal
        else:
            known.blocks.setdefault(recall.sequence, {})[str(recall.block)] = withdrawal
    return found


async def believed_recalls(session: AsyncSession, urn: str) -> list[Recall]:
    """Give the recalls of an item's releases that its own node has stated, oldest first."""
    return list(await session.scalars(_believed([urn]).order_by(Recall.stated_at, Recall.id)))


def _believed(urns: Collection[str]) -> Select[Recall]:
    owner = (
        select(Release.urn, Release.node_id, Release.project_id)
        .where(Release.urn.in_(urns))
        .distinct()
        .subquery()
    )
    theirs = and_(
        owner.c.urn == Recall.urn,
        owner.c.project_id == Recall.project_id,
        owner.c.node_id.is_not_distinct_from(Recall.node_id),
    )
    return select(Recall).join(owner, theirs)
