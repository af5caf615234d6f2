from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from federation.pools.queries import pool_planned_by
from federation.pools.slots.actions import add_slot
from federation.pools.slots.models import LanguageSlot
from rota.open_hours.fixed_slots.errors import NoSuchSeries
from rota.open_hours.fixed_slots.series import sessions_of_series
from rota.shifts.models import Shift


async def propose_slot(
    session: AsyncSession, asker: Asker, pool_id: UUID, series: str, language: str, now: datetime
) -> LanguageSlot:
    """Propose to show a language in a series, at the time of its next session."""
    await pool_planned_by(session, asker, pool_id)
    coming = (
        await session.execute(
            sessions_of_series(pool_id, now)
            .where(Shift.series == series, Shift.languages.contains([language]))
            .order_by(Shift.starts)
            .limit(1)
        )
    ).one_or_none()
    if coming is None:
        raise NoSuchSeries
    local = coming.starts.astimezone(ZoneInfo(coming.zone))
    return await add_slot(
        session,
        asker,
        pool_id,
        now,
        series=series,
        language=language,
        weekday=local.weekday(),
        starts=local.time(),
        zone=coming.zone,
    )
