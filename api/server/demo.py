"""`netreach-server demo`: see three projects on two nodes staff a chat together."""

import asyncio
import os

import click

from api.demo.nodes import NORTH_PORT, SOUTH_PORT
from api.demo.postgres import PostgresError
from api.demo.processes import EndedError, PortTakenError
from api.demo.run import Setting, run_demo
from api.demo.stage import StuckError
from api.server.stopping import stop

PORT = click.IntRange(1, 65_535)


@click.command("demo")
@click.option("--reset", is_flag=True, help="Throw away what the demo has kept and start afresh.")
@click.option("--north-port", type=PORT, default=NORTH_PORT, hidden=True)
@click.option("--south-port", type=PORT, default=SOUTH_PORT, hidden=True)
def demo(*, reset: bool, north_port: int, south_port: int) -> None:
    """Run three projects on two nodes on 127.0.0.1:8000 and :8001, until Ctrl-C."""
    setting = Setting(
        given_url=os.environ.get("DATABASE_URL", ""), north_port=north_port, south_port=south_port
    )
    try:
        asyncio.run(run_demo(setting, reset=reset, say=click.echo))
    except (PostgresError, PortTakenError, EndedError, StuckError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"The demo cannot write here: {error}. Run it in a folder that you may write to.")
    except Exception as error:
        # a newcomer gets a sentence, whatever it was
        why = " ".join(str(error).split()) or type(error).__name__
        raise click.ClickException(
            f"The demo has stopped: {why}. `make demo-reset` begins afresh; what the nodes said "
            f"is in {setting.folder / 'logs'}."
        ) from error
