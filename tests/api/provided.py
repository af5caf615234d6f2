"""Runs the service where people have accounts, and lets a node's people have some there."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from api.parts import current_time
from database.session import door
from federation.notices.addresses.models import MailAddress

ROOT = Path(__file__).parents[2]


@contextmanager
def provider_running(host: str = "127.0.0.1") -> Iterator[str]:
    """Run it as a process of its own; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.api.provider_process", str(listening.fileno())],
            cwd=ROOT,
            pass_fds=[listening.fileno()],
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"http://{host}:{listening.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait(30)


async def let_have(
    engine: AsyncEngine, person_id: UUID, mail: str, *, confirmed: bool = True
) -> None:
    """Let somebody have entered, and confirmed, the address that they have there."""
    now = current_time()
    async with door(engine) as session:
        row = MailAddress(id=person_id, person_id=person_id, address=mail, asked_at=now)
        row.confirmed_at = now if confirmed else None
        session.add(row)
