"""`netreach-server backup`: one file with everything of this node's database."""

import os
from pathlib import Path

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from api.server.by_hand import by_hand
from api.server.postgres_programs import (
    ProgramsMissingError,
    address_for,
    find_programs,
    major_version,
    run,
)
from api.server.stopping import stop
from api.settings import Settings, surroundings


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the whole database to FILE, while the node runs; only you may read it.

    The keys are not in it: keep a copy of their folder apart from it.
    """
    if file.exists():
        stop(f"{file} is there already. A backup is never written over another.")
    try:
        by_hand(lambda engine, settings, _now: _write(engine, settings, file))
    except ProgramsMissingError as error:
        stop(str(error))
    click.echo(f"Written to {file}. Keep it like the node itself: it holds names and addresses.")


async def _write(engine: AsyncEngine, settings: Settings, file: Path) -> None:
    folder = find_programs(await major_version(engine), surroundings())
    unfinished = file.with_name(f"{file.name}.unfinished")
    # readable by nobody else from its first byte
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    dump = [str(folder / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    try:
        run([*dump, f"--file={unfinished}"], address_for(settings.database_url, surroundings()))
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
