from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.models import Partner
from federation.permissions.rules import Asker, require_role
from rota.reentry.models import ReentryFinding
from rota.shifts.models import Shift


class Found(NamedTuple):
    """What a restore left to look at, with the session and the host where they are known."""

    id: UUID
    kind: str
    shift: Shift | None
    host: str | None


async def findings(session: AsyncSession, asker: Asker) -> Sequence[Found]:
    """List what a restore left for the asker's own project and nobody has settled yet."""
    require_role(asker, "coordinator")
    rows = await session.execute(
        select(ReentryFinding.id, ReentryFinding.kind, Shift, Partner.name)
        .outerjoin(Shift, Shift.id == ReentryFinding.shift_id)
        .outerjoin(Partner, Partner.node_id == ReentryFinding.host)
        .where(ReentryFinding.project_id == asker.project_id, ReentryFinding.settled_at.is_(None))
        .order_by(ReentryFinding.kind, Shift.starts, ReentryFinding.id)
    )
    return [Found(*row) for row in rows]
