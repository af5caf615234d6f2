from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.grants.queries import granted
from federation.partners.models import Partner
from federation.partners.rules.capabilities import OFFER
from federation.people.models import Handle
from federation.projects.models import Project
from rota.offers.models import Offer


async def offers_on(session: AsyncSession, shifts: Iterable[UUID]) -> dict[UUID, dict[UUID, int]]:
    """List by handle what partners offer that may do so in this pool, now as when they said it."""
    found: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    rows = await session.execute(
        select(Offer.handle_id, Offer.shift_id, Offer.preference)
        .join(Handle, Handle.id == Offer.handle_id)
        .join(Project, Project.id == Handle.project_id)
        .join(Partner, Partner.node_id == Project.node)
        .where(Offer.shift_id.in_(shifts), granted(OFFER, cast(Handle.pool_id, Text)))
    )
    for handle, shift, preference in rows:
        found[handle][shift] = preference
    return found
