"""`netreach-server backup`: one file with everything of this node's database."""

import os
import tempfile
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
    unfinished = _begun_beside(file)
    try:
        by_hand(lambda engine, settings, _now: _write(engine, settings, unfinished))
        _finish(unfinished, file)
    except ProgramsMissingError as error:
        stop(str(error))
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"Written to {file}. Keep it like the node itself: it holds names and addresses.")


def _begun_beside(file: Path) -> Path:
    """Make a file of its own for this one copy, readable by nobody else from its first byte."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    except OSError as error:
        stop(f"Cannot write {file}: {error.strerror}.")
    os.close(handle)
    return Path(name)


def _finish(unfinished: Path, file: Path) -> None:
    """Give the copy its name, unless another one has come to bear it meanwhile."""
    if file.exists():
        stop(f"{file} is there already. A backup is never written over another.")
    unfinished.rename(file)


async def _write(engine: AsyncEngine, settings: Settings, unfinished: Path) -> None:
    folder = find_programs(await major_version(engine), surroundings())
    dump = [str(folder / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    run([*dump, f"--file={unfinished}"], address_for(settings.database_url, surroundings()))
