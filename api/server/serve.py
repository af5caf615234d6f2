"""`netreach-server serve`: answer people, programs and partners over HTTP."""

import asyncio
import os
import socket
from contextlib import suppress

import click
import uvicorn
from litestar import Litestar

from api.app import create_app
from api.health.readiness import what_is_missing
from api.logs import configure_logs
from api.server.stopping import stop
from api.settings import Settings, SettingsError
from database.session import make_engine

GRACE_SECONDS = 10
KEPT_SECONDS = 75
"""Longer than a partner waits before it polls again: else each poll begins a new connection."""


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else starts; raises OSError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


async def missing(settings: Settings) -> str:
    """Say in one sentence why people could not be served; empty if they could."""
    engine = make_engine(settings.database_url, connections=1)
    try:
        return " ".join(reason.text for reason in await what_is_missing(engine))
    finally:
        await engine.dispose()


class Server(uvicorn.Server):
    """Ends what is being told to open pages before it waits for answers in progress."""

    def __init__(self, config: uvicorn.Config, app: Litestar) -> None:
        """Serve this application."""
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all connections, those of open pages at once."""
        self._app.state.changes.end()
        await super().shutdown(sockets)


def run(settings: Settings, sock: socket.socket) -> None:
    """Serve until the process is told to end; answers in progress are finished first."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEPT_SECONDS,
    )
    with suppress(KeyboardInterrupt):  # Ctrl-C has been obeyed by then
        Server(config, app).run(sockets=[sock])


@click.command("serve")
def serve() -> None:
    """Answer people, programs and partners over HTTP."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        stop(str(error))
    configure_logs(settings.log_level)
    if problem := asyncio.run(missing(settings)):
        stop(problem)
    try:
        sock = listen(settings.host, settings.port)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        known = error.errno is not None and not isinstance(error, socket.gaierror)
        why = os.strerror(error.errno) if known and error.errno else "no such host"
        stop(f"Cannot listen on {where}: {why}. Set NETREACH_PORT to a free port.")
    run(settings, sock)
