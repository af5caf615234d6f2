"""Which PostgreSQL the tests run on, and the databases that they make on it.

The one in DATABASE_URL; else a container, where a Docker engine answers; else one started here from
the wheel's programs. Whichever it is, every run makes databases of its own and drops them.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool
from testcontainers.community.postgres import PostgresContainer

from api.demo.binaries import find_binaries
from api.demo.postgres import CONNECTIONS, IN_A_HURRY, IN_MEMORY, PostgresError, start
from database.migrate import upgrade

FOLDER = Path(__file__).parent.parent / ".netreach" / "tests"
IMAGE = "postgres:18"
IN_CONTAINER = " ".join(
    f"-c {name}={value}" for name, value in {"max_connections": CONNECTIONS, **IN_A_HURRY}.items()
)
ASK_ENGINE = "from testcontainers.core.docker_client import DockerClient as C; C().client.ping()"
ONE_AT_A_TIME = 7311


class Postgres:
    """The server of one test run: chosen at once, started when a test first needs it."""

    def __init__(self, environment: Mapping[str, str], run: str) -> None:
        self.environment = environment
        self.prefix = f"netreach_test_{run}"
        self.url: str | None = None
        self.stopping: list[Callable[[], None]] = []
        self.given = environment.get("DATABASE_URL")
        self.engine_answers = not self.given and _engine_answers()

    def says(self) -> str:
        if self.given:
            return "the server in DATABASE_URL"
        if self.engine_answers:
            return f"a container of {IMAGE}"
        try:
            return f"started here from {find_binaries(self.environment)}"
        except PostgresError as error:
            return str(error)

    def started(self) -> str:
        if self.url is None:
            self.url = self._given() or self._container() or self._local()
        return self.url

    def stop(self) -> None:
        for stop in self.stopping:
            stop()
        self.stopping.clear()

    def _given(self) -> str | None:
        if not self.given:
            return None
        url = make_url(self.given).set(drivername="postgresql+asyncpg")
        plain = url.render_as_string(hide_password=False)
        self.stopping.append(lambda: asyncio.run(drop_all(plain, self.prefix)))
        return plain

    def _container(self) -> str | None:
        if not self.engine_answers:
            return None
        container = PostgresContainer(IMAGE, driver="asyncpg").with_command(IN_CONTAINER)
        try:
            container.start()
        except (OSError, RuntimeError) as error:  # no network for the image, most often
            sys.stderr.write(f"No container of {IMAGE} ({error}); PostgreSQL is started here.\n")
            return None
        self.stopping.append(container.stop)
        return container.get_connection_url()

    def _local(self) -> str:
        server = start(FOLDER, throwaway=True, environment=self.environment)
        self.stopping.append(server.stop)
        return server.url()


def _engine_answers() -> bool:
    # in a process of its own: the Docker library leaves an open socket where none answers
    asked = [sys.executable, "-c", ASK_ENGINE]
    try:
        answer = subprocess.run(asked, capture_output=True, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return False
    return answer.returncode == 0


@asynccontextmanager
async def administration(server_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(server_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


def url_of(server_url: str, database: str) -> str:
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


async def make_template(server_url: str, name: str) -> None:
    """Migrate one database that all others are copies of, whichever worker comes first."""
    async with administration(server_url) as connection:
        await connection.execute(text(f"SELECT pg_advisory_lock({ONE_AT_A_TIME})"))
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if await connection.scalar(known, {"name": name}) is None:
            unfinished = f"{name}_unfinished"
            await connection.execute(text(f"DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"))
            await connection.execute(text(f"CREATE DATABASE {unfinished}"))
            upgrade(url_of(server_url, unfinished))
            await connection.execute(text(f"ALTER DATABASE {unfinished} RENAME TO {name}"))


@asynccontextmanager
async def copy_of(server_url: str, template: str, name: str) -> AsyncIterator[str]:
    async with administration(server_url) as connection:
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield url_of(server_url, name)
    finally:
        async with administration(server_url) as connection:
            files = str(await connection.scalar(text("SHOW data_directory")))
            if Path(files).is_relative_to(IN_MEMORY):
                await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            else:
                await close(connection, name)


async def close(connection: AsyncConnection, name: str) -> None:
    """Let nobody reach a database on a disk any more; it goes with the server, or at the run's end.

    A copy is a thousand files, and ext4 makes files slowly where some were deleted in the last
    seconds: with each copy dropped at once, the next takes 0.7 seconds instead of 0.15. Many that
    are dropped together hold up everybody who waits for the disk.
    """
    await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
    others = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    await connection.execute(others, {"name": name})


async def drop_all(server_url: str, prefix: str) -> None:
    async with administration(server_url) as connection:
        ours = text("SELECT datname FROM pg_database WHERE starts_with(datname, :prefix)")
        for name in (await connection.scalars(ours, {"prefix": prefix})).all():
            await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
