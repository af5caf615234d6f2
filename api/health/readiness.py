"""What must hold before people are served: the database answers and has every migration."""

import asyncio
from functools import cache

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from database.migrate import SCRIPTS
from database.session import door
from federation.errors import Reason
from federation.restoring.queries import is_restoring, waited_for

PATIENCE_SECONDS = 5
NOT_MIGRATED = "The database is not migrated. Run: netreach-server migrate"


@cache
def newest_migration() -> str | None:
    """Name the migration that this code was written for."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


async def _applied_migration(engine: AsyncEngine) -> str | None:
    async with asyncio.timeout(PATIENCE_SECONDS), engine.connect() as connection:
        try:
            applied = await connection.scalar(text("SELECT version_num FROM alembic_version"))
        except ProgrammingError:
            return None  # an empty database has no such table
        return None if applied is None else str(applied)


async def who_is_waited_for(engine: AsyncEngine) -> str | None:
    """Say for how many partners a restored node waits; their names are not everybody's to read."""
    async with door(engine) as session:
        if not await is_restoring(session):
            return None
        count = len(await waited_for(session))
    return f"waits for {count} partner{'' if count == 1 else 's'}"


async def what_is_missing(engine: AsyncEngine) -> tuple[Reason, ...]:
    """Give every reason why this node could not serve people; none is what one hopes for."""
    try:
        applied = await _applied_migration(engine)
    except (SQLAlchemyError, OSError, TimeoutError):
        return (Reason("database-down", "The database does not answer."),)
    if applied != newest_migration():
        return (Reason("not-migrated", NOT_MIGRATED),)
    return ()
