"""A node as a process of its own, on a real socket."""

import asyncio
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import pytest
from httpx2 import AsyncClient, ConnectError

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


async def started(
    command: str, environment: Mapping[str, str], *words: str, errors: int | IO[bytes] = PIPE
) -> Process:
    program = f"from api.server.{command} import {command}; {command}()"
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "error",
        "-c",
        program,
        *words,
        cwd=ROOT,
        env=environment,
        stdout=PIPE,
        stderr=errors,
    )


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "NETREACH_PORT": str(free_port()),
        "NETREACH_KEYS": str(tmp_path / "keys"),
        "NETREACH_DEVELOPMENT": "1",
    }


def log_of(environment: Mapping[str, str]) -> Path:
    return Path(environment["NETREACH_KEYS"]).with_name("log")


@asynccontextmanager
async def serving(environment: Mapping[str, str]) -> AsyncIterator[tuple[Process, AsyncClient]]:
    # a pipe that nobody empties would stop the server once it is full
    with log_of(environment).open("wb") as log:
        process = await started("serve", environment, errors=log)
    address = f"http://127.0.0.1:{environment['NETREACH_PORT']}"
    async with AsyncClient(base_url=address, timeout=20) as web:
        try:
            async with asyncio.timeout(60):
                while process.returncode is None:
                    try:
                        await web.get("/health/ready")
                        break
                    except ConnectError:
                        await asyncio.sleep(0.05)
            yield process, web
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
