"""`netreach-server restore`: come back from a backup, and ask partners what it does not know.

The backup is put in place and marked as restoring in one transaction: stopped at any moment, the
database is the one from before, or one that grants nothing.
"""

import asyncio
import re
import tempfile
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.ended import begin_again, require_whole_list
from api.ended_lines import EndedListBroken
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
from database.migrate import is_known, upgrade
from database.session import door
from federation.errors import Refusal
from federation.partners.models import Partner
from federation.people.rules import OPERATOR
from federation.restoring.actions import MARK, go_on_without
from federation.restoring.errors import NotWaitedFor
from federation.restoring.queries import current_restore, waited_for

EMPTY_FIRST = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
VERSION_ALONE = ("--data-only", "--table=alembic_version", "--file=-")
COPIED = re.compile(r"^COPY [^\n]*;\n([^\n]+)\n", re.MULTILINE)
LOSS = (
    "What only {name} knows may be lost: seats that its people took here since the backup can be "
    "given to others, and seats that your people took there stay unknown here. When it answers "
    "again, people may find that they no longer have a seat."
)


@click.command("restore")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--go-on-without", "partner", help="Wait no longer for this partner (name or id).")
@click.option("--status", "only_status", is_flag=True, help="Say who is waited for; no change.")
def restore(file: Path | None, partner: str | None, *, only_status: bool) -> None:
    """Put the backup in FILE in the place of this node's database."""
    if sum([file is not None, partner is not None, only_status]) != 1:
        raise click.UsageError("Give either FILE, or --go-on-without PARTNER, or --status.")
    if file is not None:
        _come_back(file)
    elif partner is not None:
        _go_on(partner)
    click.echo(by_hand(_waits_for))


def _come_back(file: Path) -> None:
    if not file.is_file():
        stop(f"There is no file {file}.")
    by_hand(_look_at_list)
    people = by_hand(lambda engine, _settings, _now: _people_now(engine))
    if people:
        name = by_hand(_database_name)
        click.echo(f"This replaces everything in the database {name}, where {people} people are.")
        if click.prompt("Type its name to go on", err=True) != name:
            stop("That is another name. Nothing was changed.")
    try:
        by_hand(lambda engine, settings, _now: _replace(engine, settings, file))
    except ProgramsMissingError as error:
        stop(f"{error}\nNothing was changed.")
    by_hand(_migrate)
    ended = by_hand(_begin)
    if ended:
        click.echo(f"Ended again what was ended since the backup: {ended}.")


async def _look_at_list(_engine: AsyncEngine, settings: Settings, _now: datetime) -> None:
    try:
        await require_whole_list(settings.keys)
    except EndedListBroken as broken:
        raise Refusal(f"{broken.sentence}\nNothing was changed.") from broken


async def _people_now(engine: AsyncEngine) -> int:
    """Count whom the restore would replace; a database without tables holds nobody."""
    async with engine.connect() as connection:
        if await connection.scalar(text("SELECT to_regclass('public.person')")) is None:
            return 0
        return int(await connection.scalar(text("SELECT count(*) FROM person")) or 0)


async def _database_name(_engine: AsyncEngine, settings: Settings, _now: datetime) -> str:
    return address_for(settings.database_url, {}).get("PGDATABASE", "")


async def _replace(engine: AsyncEngine, settings: Settings, file: Path) -> None:
    folder = find_programs(await major_version(engine), surroundings())
    await engine.dispose()
    address = address_for(settings.database_url, surroundings())
    if "TABLE DATA public restore " not in run([folder / "pg_restore", "--list", file], address):
        raise ProgramsMissingError(f"{file} is no backup that `netreach-server backup` has made.")
    version = run([folder / "pg_restore", *VERSION_ALONE, file], address)
    if not is_known(_migration_in(version)):
        raise ProgramsMissingError(
            f"{file} was made by a newer version of netreach than this one. Install that version."
        )
    # beside the backup, which holds the same; as it, for its owner alone
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=file.parent) as folder_of_script:
        script = Path(folder_of_script) / "backup.sql"
        reading = ["--no-owner", "--no-privileges", f"--file={script}", str(file)]
        run([folder / "pg_restore", *reading], address)
        psql = [str(folder / "psql"), "--no-psqlrc", "--quiet", "--single-transaction"]
        how = ["--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        run([*psql, *how, "-c", EMPTY_FIRST, "-f", script, "-c", MARK], address)


def _migration_in(version: str) -> str:
    """Read which migration a backup was made with."""
    found = COPIED.search(version)
    return found[1] if found else ""


async def _migrate(engine: AsyncEngine, settings: Settings, _now: datetime) -> None:
    """Bring an older backup to this version; migrations run in a loop of their own."""
    await engine.dispose()
    await asyncio.to_thread(upgrade, settings.database_url)


async def _begin(engine: AsyncEngine, settings: Settings, now: datetime) -> int:
    return await begin_again(engine, settings.keys, now)


async def _waits_for(engine: AsyncEngine, settings: Settings, _now: datetime) -> str:
    async with door(engine) as session:
        restore = await current_restore(session)
        if restore is None:
            return "This node is not restoring: it grants seats."
        partners = await waited_for(session)
    if restore.begun_at is None:
        await require_whole_list(settings.keys)
        return "Restoring: `work` begins to ask the partners. Until then no seats are given."
    if not partners:
        return "Restoring: all partners have answered; `work` enters what they said."
    names = ", ".join(_printable(partner) for partner in partners)
    return f"Restoring: waits for {names}. Until then no seats are given."


def _printable(partner: Partner) -> str:
    name = "".join(letter for letter in partner.name if letter.isprintable())
    return f"{name} ({partner.node_id})"


def _go_on(wanted: str) -> None:
    partner = by_hand(lambda engine, _settings, _now: _find(engine, wanted))
    name = "".join(letter for letter in partner.name if letter.isprintable())
    click.echo(LOSS.format(name=name))
    if click.prompt("Type the partner's name to go on without it", err=True) != name:
        stop("That is another name. Nothing was changed.")

    async def went_on(engine: AsyncEngine, _settings: Settings, now: datetime) -> None:
        async with door(engine) as session:
            await go_on_without(session, OPERATOR, partner.node_id, now)

    by_hand(went_on)


async def _find(engine: AsyncEngine, wanted: str) -> Partner:
    async with door(engine) as session:
        found = [
            partner
            for partner in await waited_for(session)
            if wanted in {partner.node_id, partner.name}
        ]
    if len(found) != 1:
        raise NotWaitedFor
    return found[0]
