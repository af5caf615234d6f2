"""Loops that run while a test looks on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.worker.loop import Loop


@asynccontextmanager
async def at_work(*loops: Loop) -> AsyncIterator[None]:
    """Let loops run; they end with the test, also with one that fails."""
    stop = asyncio.Event()
    running = [asyncio.create_task(loop.run(stop)) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*running)
