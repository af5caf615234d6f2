"""`netreach-server scenario`: the scenario from which a pool's published plan was computed."""

import asyncio
from pathlib import Path

import click
import msgspec
from sqlalchemy import select

from api.server.stopping import stop
from api.settings import Settings, SettingsError
from database.session import door, make_engine
from federation.pools.models import Pool
from rota.plans.exports import exported
from rota.plans.queries import latest_plan


async def _read(settings: Settings, slug: str) -> bytes | None:
    engine = make_engine(settings.database_url, connections=1)
    try:
        async with door(engine) as session:
            pool_id = await session.scalar(select(Pool.id).where(Pool.slug == slug))
            plan = await latest_plan(session, pool_id) if pool_id else None
    finally:
        await engine.dispose()
    return msgspec.json.format(msgspec.json.encode(exported(plan.scenario))) if plan else None


@click.command("scenario")
@click.argument("pool")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write it.")
def scenario(pool: str, out: Path) -> None:
    """Write the scenario of POOL's published plan, under new names, to compute it again."""
    try:
        settings = Settings.from_environment()
        written = asyncio.run(_read(settings, pool))
    except SettingsError as error:
        stop(str(error))
    except OSError as error:
        stop(f"The database does not answer: {error}.")
    if written is None:
        stop(f"There is no published plan of a pool named {pool} here.")
    try:
        out.write_bytes(written)
    except OSError as error:
        stop(f"Cannot write {out}: {error.strerror}.")
