import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door, make_engine
from federation.access.actions import make_api_token
from federation.partners.keys import NodeKeys
from federation.people.actions import grant_role
from federation.people.models import Handle
from federation.people.rules import OPERATOR
from netreach_client.cli import netreach
from rota.shifts.models import Seat
from tests.conftest import own_name
from tests.postgres import copy_of
from tests.rota.example_rota import ExampleRota, example_rota

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]
TOKEN = "a-token-of-the-tests"
# far ahead, so that every shift is still to come by the clock of the node that is served
MONDAY = datetime(2090, 6, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    handle: str
    token: str


@dataclass(frozen=True)
class LiveNode:
    """A real node on a loopback socket: a pool with one project, and people of it and of another.

    `first` and `second` are the lead's seats of two shifts that overlap.
    """

    url: str
    pool: str
    project: str
    wren: Person
    robin: Person
    reader: Person
    stranger: Person
    shift: UUID
    first: UUID
    second: UUID


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command as a fresh user, signed in at `at` by the environment where given."""

    def run(*words: str, at: str | None = None, token: str = TOKEN, typed: str = "") -> Result:
        environment = {
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "NETREACH_URL": at,
            "NETREACH_TOKEN": token if at else None,
        }
        return CliRunner().invoke(netreach, list(words), input=typed, env=environment)

    return run


SERVE = """
import socket, sys
from api.server.serve import run
from api.settings import Settings
run(Settings.from_environment(), socket.socket(fileno=int(sys.argv[1])))
"""


@contextmanager
def served(
    database_url: str,
    folder: Path,
    host: str = "127.0.0.1",
    more: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Serve the real application in a process of its own, on a socket that listens already."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        (folder / "node.log").open("wb") as log,
    ):
        url = f"http://{host}:{listening.getsockname()[1]}"
        node = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(listening.fileno())],
            cwd=ROOT,
            env={
                "DATABASE_URL": database_url,
                "NETREACH_BASE_URL": url,
                "NETREACH_KEYS": str(folder / "keys"),
                "NETREACH_DEVELOPMENT": "true",
                "NETREACH_REQUESTS_PER_MINUTE": "100000",
                **(more or {}),
            },
            stdout=log,
            stderr=log,
            pass_fds=[listening.fileno()],
        )
        try:
            yield url
        finally:
            node.terminate()
            node.wait(30)


@dataclass(frozen=True)
class Served:
    url: str
    engine: AsyncEngine
    keys: NodeKeys


@pytest.fixture(scope="session")
async def served_node(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    async with copy_of(server_url, template, own_name(template)) as database_url:
        engine = make_engine(database_url, connections=2)
        folder = tmp_path_factory.mktemp("node")
        keys = NodeKeys.create(folder / "keys")
        with served(database_url, folder) as url:
            yield Served(url, engine, keys)
        await engine.dispose()


async def person(session: AsyncSession, rota: ExampleRota, *scopes: str) -> Person:
    handle: Handle = await rota.person("en")
    assert handle.person_id is not None
    await grant_role(session, OPERATOR, person_id=handle.person_id, role="worker", now=MONDAY)
    token = await make_api_token(
        session,
        OPERATOR,
        person_id=handle.person_id,
        label=f"test-{uuid4().hex[:8]}",
        scopes=scopes or ("read", "write"),
        days=30,
        now=MONDAY,
    )
    return Person(handle.display, token.secret)


@pytest.fixture
async def live_node(served_node: Served) -> LiveNode:
    async with door(served_node.engine) as session:
        rota = await example_rota(session, now=MONDAY)
        elsewhere = await example_rota(session, now=MONDAY)
        shift = await rota.shift(MONDAY.replace(hour=18), is_open=False)
        other = await rota.shift(MONDAY.replace(hour=19), channel=rota.forum, is_open=False)
        first, second = (Seat(shift_id=each.id, role="lead") for each in (shift, other))
        await rota.add(first, second)
        return LiveNode(
            url=served_node.url,
            pool=rota.pool.slug,
            project=rota.project.slug,
            wren=await person(session, rota),
            robin=await person(session, rota),
            reader=await person(session, rota, "read"),
            stranger=await person(session, elsewhere),
            shift=shift.id,
            first=first.id,
            second=second.id,
        )
