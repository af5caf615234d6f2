"""How much searching is left, and how one search is bounded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

WORKERS = 2  # eight on two cores were slower
LEAST = 0.25  # seconds that even the hastiest search gets: small plans are done in that
BUILDING = 40e-6  # seconds that a model takes for each seat that a person may take
STEADY = 0.1  # deterministic seconds that a second is worth when the plan must be repeatable
OVERTIME = 5  # seconds after which even a repeatable search is ended


@dataclass(slots=True)
class Budget:
    """One plan's time, shared by all of its searches."""

    seconds: float
    seed: int
    reproducible: bool
    clock: Callable[[], float] = monotonic
    started: float = field(init=False)
    searched: float = 0.0  # deterministic seconds

    def __post_init__(self) -> None:
        self.started = self.clock()

    def used(self) -> float:
        """Count what is gone; repeatable plans count only what repeats."""
        return self.searched / STEADY if self.reproducible else self.clock() - self.started

    def left(self) -> float:
        """Count the seconds that remain."""
        return max(0.0, self.seconds - self.used())

    def affords(self, seats: int, seconds: float) -> bool:
        """Tell whether a model of this size is built in time to be of use, and charge for it."""
        building = seats * BUILDING
        if building > max(LEAST, seconds):
            return False
        self.searched += building * STEADY
        return True

    def limits(self, seconds: float, least: float) -> dict[str, Any]:
        """Bound one search by the clock or, to be repeatable, by its work."""
        allowed = max(least, seconds)
        found: dict[str, Any] = {"num_workers": WORKERS, "random_seed": self.seed}
        if self.reproducible:
            found |= {"interleave_search": True, "max_deterministic_time": allowed * STEADY}
            allowed = max(least, self.started + self.seconds + OVERTIME - self.clock())
        return {**found, "max_time_in_seconds": allowed}
