"""How far a new project is on its way to its first published session, from values alone."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PoolSoFar:
    """What stands in one pool of a project: `needed` is what its first channel asks for."""

    slug: str
    name: str
    here: bool
    channels: int
    workers: int
    supervisors: int
    workers_needed: int
    supervisors_needed: int
    sessions: bool
    published: bool
    next_session: UUID | None

    @property
    def has_people(self) -> bool:
        """Tell whether a session could be staffed at all."""
        enough = self.workers >= self.workers_needed
        return enough and self.supervisors >= self.supervisors_needed

    @property
    def done(self) -> tuple[bool, ...]:
        """Say of each step that has to be taken whether it is."""
        return (self.channels > 0, self.has_people, self.sessions, self.published)


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """A project's first steps, in the pool that has come furthest; None where there is none."""

    pool: PoolSoFar | None
    has_partner: bool
    hidden: bool

    @property
    def done(self) -> tuple[bool, ...]:
        """Say of each step whether it is taken: pool, people, sessions, published."""
        return self.pool.done if self.pool else (False,) * 4

    @property
    def complete(self) -> bool:
        """Tell whether nothing is left that has to be done."""
        return all(self.done)

    @property
    def next(self) -> int | None:
        """Give the place of the first step that is not taken yet."""
        return None if self.complete else self.done.index(False)


def furthest(pools: list[PoolSoFar]) -> PoolSoFar | None:
    """Choose the pool in which most is done; of several the first."""
    return max(pools, key=lambda pool: sum(pool.done), default=None)
