"""`netreach-server scenario`: the scenario from which a pool's published plan was computed."""

from datetime import datetime
from pathlib import Path

import click
import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.server.by_hand import by_hand
from api.server.stopping import stop
from api.settings import Settings
from database.session import door
from federation.pools.models import Pool
from rota.plans.exports import exported
from rota.plans.queries import latest_plan


@click.command("scenario")
@click.argument("pool")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write it.")
def scenario(pool: str, out: Path) -> None:
    """Write the scenario of POOL's published plan, under new names, to compute it again."""

    async def read(engine: AsyncEngine, _: Settings, __: datetime) -> bytes | None:
        async with door(engine) as session:
            pool_id = await session.scalar(select(Pool.id).where(Pool.slug == pool))
            plan = await latest_plan(session, pool_id) if pool_id else None
        if plan is None:
            return None
        return msgspec.json.format(msgspec.json.encode(exported(plan.scenario)))

    written = by_hand(read)
    if written is None:
        stop(f"There is no published plan of a pool named {pool} here.")
    try:
        out.write_bytes(written)
    except OSError as error:
        stop(f"Cannot write {out}: {error.strerror}.")
