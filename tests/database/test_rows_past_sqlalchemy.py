from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from database.rows import fetch_rows
from database.session import make_engine

MINE = "SELECT pg_backend_pid() AS pid, $1::text AS said"


async def test_rows_come_back_and_the_connection_is_free_again(database_url: str) -> None:
    engine = make_engine(database_url, connections=1)
    rows = [await fetch_rows(engine, MINE, said) for said in ("one", "two")]
    assert [row["said"] for (row,) in rows] == ["one", "two"]
    await engine.dispose()


async def test_connection_that_was_cut_is_replaced(
    database_url: str, committing_engine: AsyncEngine
) -> None:
    engine = make_engine(database_url, connections=1)
    ((before, _),) = await fetch_rows(engine, MINE, "")
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
    await fetch_rows(committing_engine, "SELECT pg_terminate_backend($1)", before)
    while not driver.is_closed():
        # PostgreSQL lists the connection no more a moment before the cut arrives here
        await fetch_rows(committing_engine, "SELECT 1")
    ((after, _),) = await fetch_rows(engine, MINE, "")
    assert after != before
    await engine.dispose()


async def test_a_database_that_ends_us_meanwhile_is_a_lost_connection(database_url: str) -> None:
    engine = make_engine(database_url, connections=1)
    with pytest.raises(ConnectionError):
        await fetch_rows(engine, "SELECT pg_terminate_backend(pg_backend_pid())")
    ((one,),) = await fetch_rows(engine, "SELECT 1")
    assert one == 1
    await engine.dispose()
