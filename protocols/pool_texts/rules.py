"""Whose text a pool has named, among all that are stated under its URN."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from protocols.releases.rules import Work


class Named(NamedTuple):
    """An item on a pool's shifts; `owner` is whose it is, where the pool's host has said so.

    `node` is where this node knows that project to be at home, if it `met` it.
    """

    urn: str
    owner: UUID | None
    node: str | None
    met: bool

    def may_mean(self, work: Work) -> bool:
        """Tell whether this could be what the pool has named: an old host names by URN alone."""
        if work.urn != self.urn:
            return False
        if self.owner is None:
            return True
        return work.project_id == self.owner and (work.node_id == self.node or not self.met)


def meant(named: Named, works: Iterable[Work], used: Work | None = None) -> Work | None:
    """Choose what a pool means: what is in use already, or what was here first."""
    if used is not None and named.may_mean(used):
        return used
    return next((work for work in works if named.may_mean(work)), None)
