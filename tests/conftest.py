"""What every test may ask for. A test that can live with a rolled-back session is 50 times faster.

`session`: a session whose changes are rolled back, commits included. `database_url` and
`committing_engine`: a migrated database of the test's own, for what needs real commits (doors,
locks, notifications, other processes). `server_url`: the server itself.
"""

import ctypes
import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.peers import outbound
from database.session import door, make_engine
from tests.browser.chromium import Chromium, found_chromium
from tests.libical import Libical, found_libical
from tests.postgres import Postgres, copy_of, make_template

# how long an example takes says something of the machine, and nothing of us
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
# nor does how long the whole process stands still, as while others write to its disk
outbound.CONNECT_SECONDS = 60

POSTGRES = pytest.StashKey[Postgres]()
BROWSER = pytest.StashKey[Chromium]()
LIBICAL = pytest.StashKey[Libical]()
ADDRESS = "netreach_postgres"
PREFIX = "netreach_prefix"


def from_controller(config: pytest.Config) -> dict[str, Any] | None:
    """Say what a worker of pytest-xdist was told; None where this process is no worker."""
    told: dict[str, Any] | None = getattr(config, "workerinput", None)
    return told


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full-setup",
        action="store_true",
        help="let `make` install everything anew as a plain user, from an empty home (a minute)",
    )
    parser.addoption(
        "--seeds",
        default="0-199",
        help="which stories of nodes under faults are told, such as 200-4999",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[BROWSER] = found_chromium(os.environ)
    config.stash[LIBICAL] = found_libical(os.environ)
    if from_controller(config) is None:
        config.stash[POSTGRES] = Postgres(os.environ, uuid4().hex[:8])


def pytest_report_header(config: pytest.Config) -> list[str]:
    if from_controller(config) is not None:
        return []
    return [
        f"PostgreSQL: {config.stash[POSTGRES].says()}",
        f"Browser: {config.stash[BROWSER].says}",
        f"Second reader of calendars: {config.stash[LIBICAL].says}",
    ]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker of pytest-xdist where the one server of this run is."""
    postgres = node.config.stash[POSTGRES]
    node.workerinput[ADDRESS] = postgres.started()
    node.workerinput[PREFIX] = postgres.prefix


def pytest_unconfigure(config: pytest.Config) -> None:
    if from_controller(config) is None:
        config.stash[POSTGRES].stop()


@pytest.fixture(scope="session")
def server_url(pytestconfig: pytest.Config) -> str:
    told = from_controller(pytestconfig)
    return told[ADDRESS] if told else pytestconfig.stash[POSTGRES].started()


@pytest.fixture(scope="session")
async def template(pytestconfig: pytest.Config, server_url: str) -> str:
    told = from_controller(pytestconfig)
    prefix = told[PREFIX] if told else pytestconfig.stash[POSTGRES].prefix
    await make_template(server_url, f"{prefix}_template")
    return f"{prefix}_template"


@pytest.fixture(scope="session")
def libical(pytestconfig: pytest.Config) -> ctypes.CDLL:
    """Give the library; without it say so, and fail where it is required."""
    found = pytestconfig.stash[LIBICAL]
    if found.library is None:
        (pytest.fail if found.required else pytest.skip)(found.says)
    return found.library


def own_name(template: str) -> str:
    return f"{template.removesuffix('template')}{uuid4().hex[:12]}"


@pytest.fixture(scope="session")
async def engine(server_url: str, template: str) -> AsyncIterator[AsyncEngine]:
    """Reach this worker's database, which no test commits to."""
    async with copy_of(server_url, template, own_name(template)) as url:
        engine = make_engine(url, connections=5)
        yield engine
        await engine.dispose()


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    async with engine.connect() as connection:
        outer = await connection.begin()
        async with AsyncSession(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session
        await outer.rollback()


@pytest.fixture
async def database_url(server_url: str, template: str) -> AsyncIterator[str]:
    async with copy_of(server_url, template, own_name(template)) as url:
        yield url


@pytest.fixture
async def committing_engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def fresh_session(committing_engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """Give a session where nobody was before: what others rolled back bends how rows are found."""
    async with door(committing_engine) as session:
        yield session
