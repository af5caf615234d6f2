"""Runs the keeper's commands as a shell would, at one node."""

import asyncio
from pathlib import Path

from click.testing import CliRunner, Result

from api.server.main import main


async def at_node(environment: dict[str, str], *words: str, typed: str = "") -> Result:
    """Run `netreach-server WORDS` beside the test's own event loop."""
    return await asyncio.to_thread(
        CliRunner().invoke, main, words, input=typed, env=environment, catch_exceptions=False
    )


async def said(environment: dict[str, str], *words: str, typed: str = "") -> str:
    """Give what a command that succeeds prints."""
    answer = await at_node(environment, *words, typed=typed)
    assert (answer.exit_code, answer.stderr) == (0, "")
    return answer.stdout.strip()


def environment_of(url: str, keys: Path, base_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "NETREACH_BASE_URL": base_url,
        "NETREACH_KEYS": str(keys),
        "NETREACH_DEVELOPMENT": "1",
    }


PROJECT = [
    *("projects", "add", "harbour-lights", "--name", "Harbour", "--region", "North"),
    *("--jurisdiction", "england-and-wales", "--zone", "Europe/London"),
]


async def add_project(environment: dict[str, str]) -> str:
    return await said(environment, *PROJECT)


async def add_person(environment: dict[str, str], name: str, *roles: str) -> str:
    wanted = [word for role in roles for word in ("--role", role)]
    return await said(environment, "people", "add", "harbour-lights", "--name", name, *wanted)
