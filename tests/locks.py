"""Races on separate connections: until one waits for what another one holds."""

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def until_somebody_waits(engine: AsyncEngine) -> None:
    """Ask PostgreSQL until a connection of this database waits for a lock."""
    async with asyncio.timeout(30), engine.connect() as connection:
        while not await connection.scalar(WAITING):
            # what a transaction has read of others' doings stays as it was
            await connection.rollback()
