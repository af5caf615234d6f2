"""`netreach-server demo`: see three projects on two nodes staff a chat together."""

import asyncio
import os

import click

from api.demo.postgres import PostgresError
from api.demo.processes import EndedError, PortTakenError
from api.demo.run import run_demo
from api.demo.stage import StuckError
from api.server.stopping import stop


@click.command("demo")
@click.option("--reset", is_flag=True, help="Throw away what the demo has kept and start afresh.")
def demo(*, reset: bool) -> None:
    """Run three projects on two nodes on 127.0.0.1:8000 and :8001, until Ctrl-C."""
    try:
        asyncio.run(
            run_demo(given_url=os.environ.get("DATABASE_URL", ""), reset=reset, say=click.echo)
        )
    except (PostgresError, PortTakenError, EndedError, StuckError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"The demo cannot write here: {error}. Run it in a folder that you may write to.")
