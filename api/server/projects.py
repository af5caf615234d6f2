"""`netreach-server projects`: the projects whose home is this node begin here."""

from datetime import datetime
from typing import Any
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from api.server.by_hand import by_hand
from api.settings import Settings
from database.session import door
from federation.people.rules import OPERATOR
from federation.projects.actions import add_project
from federation.projects.queries import projects_at_home


@click.group("projects")
def projects() -> None:
    """Set up the projects whose home is this node, and list them."""


@projects.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="As people know it.")
@click.option("--region", required=True, help="Where it works, in a few words.")
@click.option("--jurisdiction", required=True, help="Whose law holds, as england-and-wales.")
@click.option("--zone", required=True, help="Its time zone, as Europe/London.")
@click.option("--language", "languages", multiple=True, default=("en",), help="May be repeated.")
def add(slug: str, **facts: Any) -> None:
    """Set up a project; SLUG is its short name in addresses."""

    async def added(engine: AsyncEngine, _: Settings, now: datetime) -> UUID:
        async with door(engine) as session:
            return await add_project(session, OPERATOR, slug=slug, now=now, **facts)

    click.echo(by_hand(added))


@projects.command("list")
def listed() -> None:
    """List the projects whose home is this node."""

    async def found(engine: AsyncEngine, _: Settings, __: datetime) -> list[tuple[str, str]]:
        async with door(engine) as session:
            return [(each.slug, each.name) for each in await projects_at_home(session)]

    for slug, name in by_hand(found):
        click.echo(f"{slug}  {name}")
