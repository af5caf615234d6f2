"""Nodes that are stopped and started again where they live."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from api.worker.jobs import ask_for_standing_work
from tests.api.peers.nodes import RunningNode, running
from tests.api.peers.test_pulling_feeds import note_in


@dataclass
class Place:
    """Where a node lives: what is started there again is the same node."""

    url: str
    folder: Path
    name: str
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self, port: int = 0) -> RunningNode:
        node = await self.stack.enter_async_context(running(self.url, self.folder, self.name, port))
        node.apply["greeting"] = note_in("greeting")
        return node

    async def stop(self) -> None:
        await self.stack.aclose()


async def begin(node: RunningNode) -> None:
    """Let a worker begin as it does whenever it is started, and do what is due."""
    await ask_for_standing_work(node.workshop)
    await node.loop.work_off()


def port_of(node: RunningNode) -> int:
    return int(node.settings.base_url.rpartition(":")[2])
