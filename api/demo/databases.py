"""A database for each node of the demo, on the server given or on one of our own."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from api.demo.nodes import Role
from api.demo.postgres import Server, erase, start


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
    connection = await asyncpg.connect(_plain(make_url(given_url)))
    try:
        for role in roles:
            await connection.execute(
                f'DROP DATABASE IF EXISTS "{_name_elsewhere(role)}" WITH (FORCE)'
            )
    finally:
        await connection.close()


def _name_elsewhere(role: Role) -> str:
    return f"netreach_demo_{role.slug}"


def _plain(url: Any) -> str:
    text: str = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return text


async def _create(names: Sequence[str], admin_url: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for name in names:
            known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
            if not known:
                await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
