from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.recalls.models import Recall
from protocols.recalls.rules import Withdrawal
from protocols.releases.models import Release


async def withdrawals_of(
    session: AsyncSession, urns: Collection[str]
) -> dict[str, dict[int, Withdrawal]]:
    """Give the recalls of some items by sequence, as far as they come from the item's own node."""
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
    found: dict[str, dict[int, Withdrawal]] = {urn: {} for urn in urns}
    for recall in await session.scalars(select(Recall).join(owner, theirs)):
        withdrawal = Withdrawal(recall.reason, recall.holds_sequence, recall.holds_texts)
        found[recall.urn][recall.sequence] = withdrawal
    return found
