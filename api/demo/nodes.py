"""One node of the demo: where it lives, how its processes are started, and when it answers."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2

from api.demo.cast import NORTH, SOUTH, Troupe
from api.demo.processes import Processes
from api.demo.stage import Stage, wait_until
from api.settings import Settings
from database.session import make_engine
from federation.partners.keys import Node, NodeKeys

NORTH_PORT = 8000
SOUTH_PORT = 8001
POLL_SECONDS = 5
PLAN_SECONDS = 6
"""Open hours and fairness are proven in two; the rest is for people's wishes."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """One node of the demo: its name, port, projects, and the folder of its keys."""

    name: str
    port: int
    troupes: tuple[Troupe, ...]
    keys: Path

    @property
    def slug(self) -> str:
        """Its name where names are lower case: folders, databases, logs."""
        return self.name.lower()

    @property
    def base_url(self) -> str:
        """Where people and partners reach it."""
        return f"http://127.0.0.1:{self.port}"

    def settings(self, database_url: str) -> Settings:
        """Say what its processes are told by their environment."""
        return Settings(
            database_url=database_url,
            base_url=self.base_url,
            node_name=self.name,
            keys=self.keys,
            port=self.port,
            development=True,
            poll_seconds=POLL_SECONDS,
            plan_seconds=PLAN_SECONDS,
        )

    def environment(self, database_url: str) -> Mapping[str, str]:
        """Give the variables with which its processes run; an operator sets the same ones."""
        return {
            "NETREACH_DATABASE_URL": database_url,
            "NETREACH_BASE_URL": self.base_url,
            "NETREACH_NODE_NAME": self.name,
            "NETREACH_KEYS": str(self.keys),
            "NETREACH_PORT": str(self.port),
            "NETREACH_DEVELOPMENT": "true",
            "NETREACH_POLL_SECONDS": str(POLL_SECONDS),
            "NETREACH_PLAN_SECONDS": str(PLAN_SECONDS),
            # also where the shell that starts it has a mail server of its own
            "NETREACH_SMTP_HOST": "",
        }


def two_roles(folder: Path, north_port: int, south_port: int) -> tuple[Role, Role]:
    """Cast the demo's two nodes; their keys are kept below `folder`."""
    keys = folder.resolve() / "keys"
    return (
        Role(name="North", port=north_port, troupes=NORTH, keys=keys / "north"),
        Role(name="South", port=south_port, troupes=SOUTH, keys=keys / "south"),
    )


def open_stage(role: Role, database_url: str) -> Stage:
    """Give the story a node's database and keys, which are made at the first start."""
    if not (role.keys / "node-id").exists():
        NodeKeys.create(role.keys)
    node = Node.open(role.keys, name=role.name, base_url=role.base_url)
    settings = role.settings(database_url)
    return Stage(settings, make_engine(database_url, connections=5), node, role.troupes)


def start_processes(role: Role, database_url: str, processes: Processes) -> None:
    """Start what a node runs on: one process that answers, one that works."""
    write_environment(role, database_url)
    for command in ("serve", "work"):
        processes.start(f"{role.slug}-{command}", command, role.environment(database_url))


def write_environment(role: Role, database_url: str) -> None:
    """Let a shell act as this node's keeper: `. .netreach/north.env`, then any command."""
    lines = [
        f"export {name}={shlex.quote(value)}\n"
        for name, value in role.environment(database_url).items()
    ]
    file = role.keys.parent.parent / f"{role.slug}.env"
    # the address may hold a password
    file.touch(mode=0o600)
    file.write_text("".join(lines))


async def wait_until_answering(role: Role, processes: Processes) -> None:
    """Wait until a node is ready for people; one that has died says why."""
    async with httpx2.AsyncClient() as client:

        async def ready() -> bool:
            processes.require_all_running()
            try:
                answer = await client.get(f"{role.base_url}/health/ready")
            except httpx2.TransportError:
                return False
            return answer.status_code == httpx2.codes.OK

        await wait_until(ready, f"node {role.name} answers")
