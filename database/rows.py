"""One statement past SQLAlchemy's execution, for what is asked with every request or poll."""

from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

SECONDS = 5.0
GONE = (
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)


async def _driver(connection: AsyncConnection) -> Any:
    return (await connection.get_raw_connection()).driver_connection


async def fetch_rows(engine: AsyncEngine, sql: str, *arguments: object) -> list[Any]:
    """Run one statement with `$1` arguments, a transaction by itself, at half the cost of Core.

    A database that goes away meanwhile, or is too slow, is a `ConnectionError`.
    """
    async with engine.connect() as connection:
        driver = await _driver(connection)
        if driver.is_closed():
            # PostgreSQL was restarted while this connection lay in the pool
            await connection.invalidate()
            driver = await _driver(connection)
        try:
            rows: list[Any] = await driver.fetch(sql, *arguments, timeout=SECONDS)
        except (*GONE, TimeoutError) as error:
            raise ConnectionError from error
        return rows
