"""One story on three nodes, and who takes part in its next step."""

from dataclasses import dataclass

from tests.federation.chaos.node import ShakenNode
from tests.federation.chaos.trio import Trio
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

    def a_node(self) -> ShakenNode:
        return self.random.choice(self.trio.shaken)

    def a_pair(self) -> tuple[ShakenNode, ShakenNode]:
        """Choose who speaks to whom."""
        one, other = self.random.sample(self.trio.shaken, 2)
        return one, other
