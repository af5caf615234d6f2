"""Counts what passes between a client and a server on this machine, in both directions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

CHUNK = 2**16


@dataclass
class Relay:
    """A port that leads to another one; `passed` is every byte since it was last asked."""

    port: int
    target: int
    count: int = 0

    def passed(self) -> int:
        """Give what passed since the last question, and begin to count anew."""
        passed, self.count = self.count, 0
        return passed

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until one side closes it."""
        to, back = await asyncio.open_connection("127.0.0.1", self.target)
        with suppress(ConnectionError):
            await asyncio.gather(self._pump(reader, back), self._pump(to, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            self.count += len(chunk)
            writer.write(chunk)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def relay(port: int, target: int) -> AsyncIterator[Relay]:
    """Listen on loopback at a port and lead to the target."""
    counted = Relay(port, target)
    server = await asyncio.start_server(counted.carry, "127.0.0.1", port)
    try:
        yield counted
    finally:
        server.close()
