"""Keeps how far an import is, for pages; what it takes in is an action of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.permissions.rules import Asker, require_role, require_write
from rota.import_runs.errors import ImportIsOver, ImportIsRunning
from rota.import_runs.models import ImportRun
from rota.import_runs.rules import SILENT, TOLD
from rota.record_imports.queries import Shown
from rota.record_imports.rules.rows import LEFT_OUT, SCREENED, TAKEN


async def begin_import(
    session: AsyncSession, asker: Asker, pool_id: UUID, rows: int, now: datetime
) -> UUID:
    """Begin to take a table in; of one project one at a time."""
    require_role(asker, "coordinator")
    require_write(asker)
    silent = (ImportRun.project_id == asker.project_id, ImportRun.seen_at < now - SILENT)
    await session.execute(
        update(ImportRun)
        .where(ImportRun.state == "reading", *silent)
        .values(state="interrupted", ended_at=now)
    )
    run = insert(ImportRun).values(
        id=new_id(),
        project_id=asker.project_id,
        pool_id=pool_id,
        rows_given=rows,
        seen_at=now,
    )
    begun: UUID | None = await session.scalar(run.on_conflict_do_nothing().returning(ImportRun.id))
    if begun is None:
        raise ImportIsRunning
    return begun


async def note_rows(session: AsyncSession, run_id: UUID, rows: int, now: datetime) -> None:
    """Keep how many rows have been read, and that somebody still reads."""
    reading = (ImportRun.id == run_id, ImportRun.state == "reading")
    await session.execute(update(ImportRun).where(*reading).values(rows_read=rows, seen_at=now))


async def finish_import(session: AsyncSession, run_id: UUID, shown: Shown, now: datetime) -> None:
    """Keep what came of it, in the transaction that takes it in, unless it is over already.

    What it takes in holds what the project counts, as whoever erases that does; so whether it is
    over is asked after those who were there first.
    """
    fates = shown.look.rows
    reading = await _end(
        session,
        run_id,
        state="taken",
        rows_read=ImportRun.rows_given,
        taken=fates.get(TAKEN, 0),
        left_out=fates.get(LEFT_OUT, 0),
        screened=fates.get(SCREENED, 0),
        contacts=shown.look.people,
        ended_at=now,
    )
    if not reading:
        raise ImportIsOver


async def refuse_import(session: AsyncSession, run_id: UUID, why: str, now: datetime) -> None:
    """Keep why nothing was taken in."""
    await _end(session, run_id, state="refused", trouble=why, ended_at=now)


async def interrupt_import(session: AsyncSession, run_id: UUID, now: datetime) -> None:
    """Keep that it was not read to its end."""
    await _end(session, run_id, state="interrupted", ended_at=now)


async def sweep_import_runs(session: AsyncSession, now: datetime) -> None:
    """Forget imports a day after they began."""
    await session.execute(delete(ImportRun).where(ImportRun.seen_at <= now - TOLD))


async def _end(session: AsyncSession, run_id: UUID, **facts: object) -> bool:
    """Write down an end, if it has none; tell whether that was so."""
    reading = (ImportRun.id == run_id, ImportRun.state == "reading")
    ended = update(ImportRun).where(*reading).values(**facts).returning(ImportRun.id)
    return await session.scalar(ended) is not None
