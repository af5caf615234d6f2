"""Everything that the demo's two databases hold, as text, to be searched for what must not be."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.demo.postgres import Server
from api.tables import METADATA
from database.session import make_engine

SIGNED = re.compile(r"[A-Za-z0-9_-]{40,}")
"""Signatures and hashes: three letters of a name occur in them by chance."""

Kept = Mapping[str, Mapping[str, str]]


async def everything_kept(server: Server) -> dict[str, dict[str, str]]:
    """Dump every table of both nodes, one row a line."""
    found = {}
    for node in ("north", "south"):
        engine = make_engine(server.url(node), connections=1)
        async with engine.connect() as connection:
            tables = METADATA.sorted_tables
            found[node] = {table.name: await _dump(connection, table.name) for table in tables}
        await engine.dispose()
    return found


async def _dump(connection: AsyncConnection, table: str) -> str:
    rows = await connection.execute(select(METADATA.tables[table]))
    return "\n".join(
        " ".join(f"{name}={_text(value)}" for name, value in row.items()) for row in rows.mappings()
    )


def _text(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


async def spoken_between_nodes(server: Server) -> dict[str, str]:
    """Give all that either node has said in its feeds."""
    said = {}
    for node in ("north", "south"):
        engine = make_engine(server.url(node), connections=1)
        async with engine.connect() as connection:
            payloads = await connection.scalars(text("SELECT payload FROM feed_event"))
            said[node] = "\n".join(map(_text, payloads))
        await engine.dispose()
    return said


def personal_names(kept: Kept, words: Sequence[str]) -> set[str]:
    """Name the tables or files in which one of these words stands."""
    wanted = re.compile(r"\b(" + "|".join(map(re.escape, words)) + r")\b")
    return {
        place
        for places in kept.values()
        for place, content in places.items()
        if wanted.search(SIGNED.sub("", content))
    }


def secrets_in(kept: Kept, secrets: Sequence[str]) -> set[str]:
    """Name the tables or files in which one of these secrets stands."""
    return {
        place
        for places in kept.values()
        for place, content in places.items()
        if any(secret in content for secret in secrets)
    }
