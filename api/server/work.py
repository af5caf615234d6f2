"""`netreach-server work`: do what the outbox asks for, until the process is told to end."""

import asyncio
import signal

import click
from uvicorn.loops.auto import auto_loop_factory

from api.health.readiness import what_is_missing
from api.logs import configure_logs
from api.peers.own_node import open_node
from api.server.stopping import stop
from api.settings import Settings, SettingsError
from api.worker.loop import Loop, current_time
from api.worker.workshop import open_workshop
from database.session import make_engine
from federation.errors import Refusal
from federation.partners.keys import Node


async def work_until_told(settings: Settings, node: Node) -> None:
    """Work until SIGTERM or SIGINT; what was begun is finished within a few seconds."""
    told = asyncio.Event()
    running = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(number, told.set)
    engine = make_engine(settings.database_url, connections=settings.database_connections)
    workshop = open_workshop(settings, engine, node, current_time)
    try:
        if missing := await what_is_missing(engine):
            stop(" ".join(reason.text for reason in missing))
        await Loop(workshop).run(told)
    finally:
        await workshop.close()
        await engine.dispose()


@click.command("work")
def work() -> None:
    """Send messages to partners and do the jobs that people's changes ask for."""
    try:
        settings = Settings.from_environment()
        configure_logs(settings.log_level)
        node = open_node(settings)
    except (SettingsError, Refusal) as error:
        stop(str(error))
    # the loop on which the server runs, too: half of what waiting for partners costs is the loop's
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(work_until_told(settings, node))
