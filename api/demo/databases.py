"""A database for each node of the demo, on the server given or on one of our own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from api.demo.nodes import Role
from api.demo.postgres import PostgresError, Server, erase, start


async def databases(
    given_url: str, folder: Path, roles: Sequence[Role], open_things: AsyncExitStack
) -> dict[str, str]:
    """Give each node's database by its name; a server that is started here ends with the rest."""
    if given_url:
        admin = make_url(given_url).set(drivername="postgresql+asyncpg")
        urls = {role.name: admin.set(database=_name_elsewhere(role)) for role in roles}
    else:
        server: Server = await asyncio.to_thread(start, folder / "postgres", throwaway=False)
        open_things.callback(server.stop)
        urls = {role.name: make_url(server.url(role.slug)) for role in roles}
        admin = make_url(server.url())
    await _create([str(url.database) for url in urls.values()], _plain(admin))
    return {name: url.render_as_string(hide_password=False) for name, url in urls.items()}


async def forget(given_url: str, folder: Path, roles: Sequence[Role]) -> None:
    """Throw the nodes' databases away."""
    if not given_url:
        erase(folder / "postgres")
        return
    async with _connected(_plain(make_url(given_url))) as connection:
        for role in roles:
            await connection.execute(
                f'DROP DATABASE IF EXISTS "{_name_elsewhere(role)}" WITH (FORCE)'
            )


def _name_elsewhere(role: Role) -> str:
    return f"netreach_demo_{role.slug}"


def _plain(url: Any) -> str:
    text: str = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return text


async def _create(names: Sequence[str], admin_url: str) -> None:
    async with _connected(admin_url) as connection:
        for name in names:
            known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
            if not known:
                await connection.execute(f'CREATE DATABASE "{name}"')


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    """Connect as whoever the address names; what PostgreSQL refuses is told in its own words."""
    try:
        connection = await asyncpg.connect(url)
        try:
            yield connection
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise PostgresError(f"The demo cannot use this PostgreSQL: {why}.") from error
