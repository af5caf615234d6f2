"""Run by alembic; works inside or outside a running event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine


def run(connection: Connection) -> None:
    # two nodes that start at once on one database take turns
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7310)")
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS btree_gist")
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes["metadata"],
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    engine = create_async_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


with ThreadPoolExecutor(1) as thread:
    thread.submit(asyncio.run, main()).result()
