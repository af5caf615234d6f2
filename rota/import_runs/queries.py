from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.rows import fetch_rows
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool
from rota.import_runs.models import ImportRun
from rota.import_runs.rules import SILENT

MARKS = """
SELECT id, concat_ws('-', state, rows_read) AS mark FROM import_run WHERE id = ANY($1::uuid[])
"""


async def import_run(session: AsyncSession, asker: Asker, pool: Pool, run_id: UUID) -> ImportRun:
    """Give an import of the asker's own project for this pool."""
    require_role(asker, "coordinator")
    run: ImportRun | None = await session.scalar(
        select(ImportRun).where(
            ImportRun.id == run_id,
            ImportRun.project_id == asker.project_id,
            ImportRun.pool_id == pool.id,
        )
    )
    if run is None:
        raise NotFound
    return run


async def running_import(
    session: AsyncSession, asker: Asker, pool: Pool, now: datetime
) -> ImportRun | None:
    """Give the import that is being read for this pool, for who closed its page."""
    require_role(asker, "coordinator")
    run: ImportRun | None = await session.scalar(
        select(ImportRun).where(
            ImportRun.project_id == asker.project_id,
            ImportRun.pool_id == pool.id,
            ImportRun.state == "reading",
            ImportRun.seen_at >= now - SILENT,
        )
    )
    return run


async def marks_of_imports(engine: AsyncEngine, runs: Sequence[UUID]) -> dict[UUID, str]:
    """Mark each import by how far it is: one look-up for all pages that stay open."""
    return {row["id"]: row["mark"] for row in await fetch_rows(engine, MARKS, list(runs))}
