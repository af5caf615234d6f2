"""The demo's two nodes as processes that can be killed and started again, one by one."""

import signal
import socket
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx2
from sqlalchemy import text

from api.demo.nodes import Role, open_stage, two_roles, wait_until_answering
from api.demo.processes import Processes
from api.demo.stage import Stage, clock
from database.session import door
from federation.access.actions import make_api_token
from federation.people.rules import OPERATOR
from tests.federation.chaos.line import Line

PACE = {
    "NETREACH_POLL_SECONDS": "2",
    "NETREACH_PLAN_SECONDS": "3",
    "NETREACH_LEASE_SECONDS": "6",  # what a killed worker held comes back soon
    "NETREACH_LOG_LEVEL": "WARNING",
}
COMMANDS = ("serve", "work")


def free_ports(count: int) -> list[int]:
    """Name ports on which nobody listens now; all are held meanwhile, so no two are the same."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [sock.getsockname()[1] for sock in sockets]


@dataclass
class Theatre:
    """Both nodes; `north` hosts the pool and `south` takes part."""

    north: Stage
    south: Stage
    roles: dict[str, Role]
    doors: dict[str, Role]
    """The same roles, at the addresses where their processes listen themselves."""
    processes: Processes
    tokens: dict[UUID, str] = field(default_factory=dict)

    async def start(self, *names: str) -> None:
        """Start all processes, or some such as `north-work` or a second one, `north-work-too`.

        Returns when those that serve answer.
        """
        for name in names or self._all_names():
            if name not in self.processes.running:
                slug, command = name.split("-", 1)
                role = self.roles[slug]
                url = self._stage(slug).settings.database_url
                environment = {**role.environment(url), **PACE}
                self.processes.start(name, command.removesuffix("-too"), environment)
        for slug, role in self.doors.items():
            if f"{slug}-serve" in self.processes.running:
                await wait_until_answering(role, self.processes)

    def kill(self, *names: str) -> None:
        """End processes as the system does when memory runs out: without a word."""
        for name in names:
            process = self.processes.running.pop(name)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL

    async def ask(self, method: str, path: str, person_id: UUID) -> httpx2.Response:
        """Ask South as one of its people."""
        if person_id not in self.tokens:
            async with door(self.south.engine) as session:
                token = await make_api_token(
                    session,
                    OPERATOR,
                    person_id=person_id,
                    label="journey",
                    scopes=("read", "write"),
                    days=1,
                    now=clock(),
                )
            self.tokens[person_id] = token.secret
        headers = {"authorization": f"Bearer {self.tokens[person_id]}"}
        base_url = self.south.settings.base_url
        async with httpx2.AsyncClient(base_url=base_url, headers=headers) as client:
            return await client.request(method, f"/api/v1{path}")

    async def deadlocks(self) -> dict[str, int]:
        """Count on both databases what PostgreSQL had to break up."""
        counted = {}
        for slug in self.roles:
            async with door(self._stage(slug).engine) as session:
                asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
                counted[slug] = await session.scalar(text(asked)) or 0
        return counted

    def _stage(self, slug: str) -> Stage:
        return self.north if slug == "north" else self.south

    def _all_names(self) -> Iterable[str]:
        return (f"{slug}-{command}" for slug in self.roles for command in COMMANDS)


@dataclass(frozen=True, kw_only=True)
class BehindALine(Role):
    """A node that others know by the address of what stands before it."""

    address: str

    @property
    def base_url(self) -> str:
        return self.address


def behind(role: Role, line: Line) -> Role:
    line.node = role.port
    return BehindALine(
        name=role.name,
        port=role.port,
        troupes=role.troupes,
        keys=role.keys,
        address=line.address,
    )


@asynccontextmanager
async def theatre(
    north_url: str, south_url: str, folder: Path, lines: Sequence[Line] = ()
) -> AsyncIterator[Theatre]:
    """Run both nodes on ports that are free until the test ends, each behind its line if any."""
    doors = two_roles(folder, *free_ports(2))
    north, south = (
        [behind(door, line) for door, line in zip(doors, lines, strict=True)] if lines else doors
    )
    async with AsyncExitStack() as open_things:
        at_north, at_south = open_stage(north, north_url), open_stage(south, south_url)
        for stage in (at_north, at_south):
            open_things.push_async_callback(stage.engine.dispose)
        processes = Processes(folder / "logs")
        open_things.callback(processes.end_all)
        roles = {"north": north, "south": south}
        by_name = {role.slug: role for role in doors}
        made = Theatre(at_north, at_south, roles, by_name, processes)
        await made.start()
        yield made
