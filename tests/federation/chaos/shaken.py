"""One story on three nodes, and who takes part in its next step."""

from dataclasses import dataclass

from database.session import door
from federation.feeds.actions import append
from tests.federation.chaos.node import GREETING, ShakenNode
from tests.federation.chaos.trio import LONG_WAIT, Trio
from tests.rota.walk.steps import Walk


@dataclass
class Shaken(Walk):
    """One story on three nodes; `said` counts greetings, which are said to be counted."""

    said: int = 0
    texts: int = 0

    @property
    def trio(self) -> Trio:
        assert isinstance(self.nodes, Trio)
        return self.nodes

    async def say(self, one: ShakenNode, other: ShakenNode, times: int) -> None:
        """Have one node say to another what is only counted."""
        async with door(one.engine) as session:
            for _ in range(times):
                self.said += 1
                said = {"n": self.said}
                await append(session, "private", other.id, GREETING, said, now=self.now)

    async def in_turn(self, *nodes: ShakenNode) -> None:
        """Let a while pass, and then one node after the other work."""
        self.nodes.clock.now += LONG_WAIT
        for node in nodes:
            self.trio.speaks(node)
            await node.work_off()

    def a_node(self) -> ShakenNode:
        return self.random.choice(self.trio.shaken)

    def a_pair(self) -> tuple[ShakenNode, ShakenNode]:
        """Choose who speaks to whom."""
        one, other = self.random.sample(self.trio.shaken, 2)
        return one, other
