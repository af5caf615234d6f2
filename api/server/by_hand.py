"""What a node's keeper does by hand: one piece of work on the node, one sentence if it fails."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.server.stopping import stop
from api.settings import Settings, SettingsError
from database.session import make_engine
from federation.errors import Refusal

Done = TypeVar("Done")
Work = Callable[[AsyncEngine, Settings, datetime], Awaitable[Done]]


def by_hand(work: Work[Done]) -> Done:
    """Do something with this node's database, settings and clock."""
    try:
        return asyncio.run(_with_engine(work, Settings.from_environment()))
    except SettingsError as error:
        stop(str(error))
    except Refusal as refusal:
        stop("\n".join([refusal.sentence, *(reason.text for reason in refusal.reasons)]))
    except SQLAlchemyError as error:
        kind = type(error).__name__
        stop(f"The database cannot be used ({kind}). Is it up, and has `migrate` been run?")
    except OSError as error:
        stop(f"The database or the keys cannot be reached: {error.strerror or error}.")


async def _with_engine(work: Work[Done], settings: Settings) -> Done:
    engine = make_engine(settings.database_url, connections=1)
    try:
        return await work(engine, settings, datetime.now(UTC))
    finally:
        await engine.dispose()
