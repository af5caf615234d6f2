"""What a slot can be proposed for: series with a session to come, in each of its languages."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from federation.pools.models import Channel
from federation.pools.queries import pool_planned_by
from rota.shifts.models import Shift


class Proposable(NamedTuple):
    """A series that offers a language in a session to come."""

    series: str
    language: str


def sessions_of_series(pool_id: UUID, now: datetime) -> Select[datetime, str]:
    """Find the sessions to come that keep to the rhythm of their series."""
    return (
        select(Shift.starts, Shift.zone)
        .join(Channel, Channel.id == Shift.channel_id)
        .where(
            Shift.pool_id == pool_id,
            Shift.series.is_not(None),
            Shift.starts > now,
            Shift.cancelled_at.is_(None),
            Shift.exception_at.is_(None),
            Channel.kind == "session",
        )
    )


async def proposable(
    session: AsyncSession, asker: Asker, pool_id: UUID, now: datetime
) -> list[Proposable]:
    """List what a coordinator of the host can choose from."""
    await pool_planned_by(session, asker, pool_id)
    rows = await session.execute(
        sessions_of_series(pool_id, now)
        .with_only_columns(Shift.series, func.unnest(Shift.languages).label("language"))
        .distinct()
        .order_by(Shift.series, "language")
    )
    return [Proposable(str(series), language) for series, language in rows]
