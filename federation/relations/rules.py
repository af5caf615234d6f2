"""What can be ticked for a partner, and how it stands."""

from typing import NamedTuple
from uuid import UUID

from federation.partners.rules.capabilities import LABELS


class Subject(NamedTuple):
    """A pool of this node, or a project of it, of which something can be ticked."""

    kind: str
    id: UUID
    name: str


class Tick(NamedTuple):
    """One thing that a partner can be let: `open` where it is, by a tick or by a pool."""

    capability: str
    of: Subject
    open: bool
    ticked: bool
    withheld: bool

    @property
    def opens(self) -> str:
        """Say what it lets the partner do."""
        return LABELS[self.capability.partition(":")[0]]
