"""Engines, and the door: the one place where a transaction commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine


def make_engine(url: str, *, connections: int = 10) -> AsyncEngine:
    """Open a pool of at most `connections` connections; JSON columns go through msgspec."""
    return create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=30,
        # parameters hold what people wrote; an error message must not repeat it
        hide_parameters=True,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        connect_args={
            "server_settings": {
                "application_name": "netreach",
                "timezone": "UTC",
                # from the sixth time on PostgreSQL may keep one plan for every pool and period, and
                # what suits none: the week board took twice as long, demand seven times
                "plan_cache_mode": "force_custom_plan",
            }
        },
    )


@asynccontextmanager
async def door(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """Open a session and commit it once, at the end; any error rolls everything back."""
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        yield session


def broken_constraint(error: IntegrityError) -> str | None:
    """Name the constraint that PostgreSQL refused by, so that a refusal can be looked up."""
    cause = getattr(error.orig, "__cause__", None)
    name = getattr(cause, "constraint_name", None)
    return str(name) if name else None
