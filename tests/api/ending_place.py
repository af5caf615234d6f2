"""Where things end for good in tests: one pool, and the hour after it was made."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from rota.calendar.rules.wanted import Wording
from tests.rota.world import (
    NOW,
    ExamplePool,
    Worker,
)

LATER = NOW + timedelta(hours=1)
NODE = "n" * 43
WORDING = Wording("Phone", "neutral", "Plan")
Act = Callable[[], Awaitable[Any]]


class Place:
    """A pool with a worker, a coordinator and a partner, in one session."""

    def __init__(self, session: AsyncSession, pool: ExamplePool, worker: Worker) -> None:
        self.session = session
        self.pool = pool
        self.worker = worker

    @property
    def coordinator(self) -> Asker:
        return self.pool.coordinator
