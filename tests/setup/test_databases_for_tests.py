from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

OUTBOX = (
    "INSERT INTO outbox (id, kind, key, payload, due, asked, attempts)"
    " VALUES (gen_random_uuid(), 'a', 'b', '{}', now(), 1, 0)"
)
COUNT = text("SELECT count(*) FROM outbox")


async def test_one_session_commits(session: AsyncSession) -> None:
    await session.execute(text(OUTBOX))
    await session.commit()
    assert await session.scalar(COUNT) == 1


async def test_next_session_sees_nothing_of_it(session: AsyncSession) -> None:
    assert await session.scalar(COUNT) == 0


async def test_own_database_keeps_commits(committing_engine: AsyncEngine) -> None:
    async with committing_engine.begin() as connection:
        await connection.execute(text(OUTBOX))
    async with committing_engine.begin() as connection:
        assert await connection.scalar(COUNT) == 1


async def test_next_own_database_is_fresh(committing_engine: AsyncEngine) -> None:
    async with committing_engine.begin() as connection:
        assert await connection.scalar(COUNT) == 0


async def test_server_has_room_for_many_connections(session: AsyncSession) -> None:
    assert int(str(await session.scalar(text("SHOW max_connections")))) >= 200
