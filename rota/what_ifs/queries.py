from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.queries import pool_planned_by
from rota.what_ifs.models import WhatIf

SHOWN = 5


async def what_if_seen_by(session: AsyncSession, asker: Asker, asked_id: UUID) -> WhatIf:
    """Find a question about a pool that the asker may plan."""
    asked = await session.get(WhatIf, asked_id)
    if asked is None:
        raise NotFound
    await pool_planned_by(session, asker, asked.pool_id)
    return asked


async def newest_what_ifs(session: AsyncSession, pool_id: UUID) -> list[WhatIf]:
    """List the latest questions about a pool, newest first."""
    rows = await session.scalars(
        select(WhatIf).where(WhatIf.pool_id == pool_id).order_by(WhatIf.made_at.desc()).limit(SHOWN)
    )
    return list(rows)
