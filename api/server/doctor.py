"""`netreach-server doctor`: look at a node from all sides, and say what would mend it."""

import asyncio
import sys
from datetime import UTC, datetime

import click

from api.server import checks
from api.server.checks import Finding, How
from api.server.stopping import stop
from api.settings import Settings, SettingsError
from database.session import make_engine


@click.command("doctor")
def doctor() -> None:
    """Look at settings, database, keys, address, work, partners and mail; change nothing.

    Ends with 1 if something is wrong.
    """
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        stop(str(error))
    found = asyncio.run(_looked(settings, datetime.now(UTC)))
    for each in found:
        click.echo(f"{each.how:<6}{each.about:<11}{each.says}")
    if any(each.how is How.WRONG for each in found):
        sys.exit(1)


async def _looked(settings: Settings, now: datetime) -> list[Finding]:
    """Look at what does not need the database first: without one, the rest cannot be known."""
    engine = make_engine(settings.database_url, connections=1)
    found = checks.of_settings(settings) + checks.of_keys(settings)
    try:
        stored = await checks.of_database(engine, now)
        found += stored + await checks.of_address(settings)
        if any(each.about == "database" and each.how is How.WRONG for each in stored):
            return found
        found += await checks.of_work(engine, now)
        found += await checks.of_people(engine, now)
        found += await checks.of_mail(settings)
        return found + await checks.of_backups(engine)
    finally:
        await engine.dispose()
