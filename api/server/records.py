"""`netreach-server records`: all that a project has recorded, taken along or erased."""

from datetime import datetime
from typing import get_args

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from api.routes.records import Form, written_as
from api.server.by_hand import by_hand
from api.server.stopping import stop
from api.settings import Settings
from database.session import door
from federation.people.rules import OPERATOR
from federation.projects.queries import project_by_slug
from rota.record_erasing.actions import erase_records_of
from rota.record_reading.queries import hand_out_records

PROJECT = click.option("--project", "slug", required=True, help="The project's short name.")


@click.group("records")
def records() -> None:
    """Take a project's records of sessions along, or erase them with their sums."""


@records.command("export")
@PROJECT
@click.option("--form", type=click.Choice(get_args(Form)), default="jsonl", show_default=True)
def export(slug: str, form: Form) -> None:
    """Print every single record that is kept; the audit says that it was done."""

    async def written(engine: AsyncEngine, _: Settings, now: datetime) -> str:
        async with door(engine) as session:
            owner = await project_by_slug(session, slug)
            return written_as(await hand_out_records(session, owner.id, now, form=form), form)

    click.echo(by_hand(written), nl=False)


@records.command("erase")
@PROJECT
def erase(slug: str) -> None:
    """Erase single records, sums and published months for good, also over a restore."""
    if click.prompt(f"Type {slug} to erase all of its records") != slug:
        stop("Nothing was erased.")

    async def erased(engine: AsyncEngine, _: Settings, now: datetime) -> None:
        async with door(engine) as session:
            await erase_records_of(session, OPERATOR, await project_by_slug(session, slug), now)

    by_hand(erased)
