"""What can be ticked for a partner, with what it opens in plain words."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from federation.partners.rules.capabilities import RELEASES, SHIFTS

OF_POOL: Mapping[str, str] = {
    SHIFTS: "sees its shifts and which seats are free, never who has one",
}
OF_PROJECT: Mapping[str, str] = {
    RELEASES: "receives its texts and what is withdrawn of them",
}


class Subject(NamedTuple):
    """A pool of this node, or a project of it, of which something can be ticked."""

    kind: str
    id: UUID
    slug: str
    name: str


class Tick(NamedTuple):
    """One thing that a partner can be let, and whether it is."""

    capability: str
    of: Subject
    opens: str
    ticked: bool


def ticks_for(subjects: Collection[Subject], granted: Collection[str]) -> list[Tick]:
    """List everything that can be ticked, in the order in which it is read."""
    kinds = {"pool": OF_POOL, "project": OF_PROJECT}
    return [
        Tick(f"{kind}:{of.id}", of, opens, f"{kind}:{of.id}" in granted)
        for of in subjects
        for kind, opens in kinds[of.kind].items()
    ]
