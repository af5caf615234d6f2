"""One statement past SQLAlchemy's execution, for what is asked with every request or poll."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import asyncpg
from sqlalchemy import Select, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

SECONDS = 5.0
DRIVER = make_url("postgresql+asyncpg://")
GONE = (
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    # what the driver says where the connection is cut between two steps of one statement
    asyncpg.InternalClientError,
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


class Written(NamedTuple):
    """A statement as SQL, with its arguments by name and the values that never change."""

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, object]

    async def rows(self, engine: AsyncEngine, **given: object) -> list[Any]:
        """Run it, as `fetch_rows` does."""
        arguments = {**self.fixed, **given}
        return await fetch_rows(engine, self.sql, *(arguments[name] for name in self.names))


def written(statement: Select[*tuple[Any, ...]]) -> Written:
    """Write a statement down once, so that a rule that others share as Core is asked cheaply."""
    compiled = statement.compile(dialect=DRIVER.get_dialect()())
    return Written(compiled.string, tuple(compiled.positiontup or ()), compiled.params)
