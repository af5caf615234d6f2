"""A pool with a shift to come on a running node, and people with tokens around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.parts import current_time
from database.session import door
from federation.pools.actions import give_handle
from tests.api.conftest import Node, Somebody
from tests.rota.world import ExamplePool, Planned, a_pool, a_shift


def coming(hours: float = 48) -> datetime:
    """Give a full hour some days ahead of the real clock, which requests are judged by."""
    return current_time().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)


@dataclass(frozen=True)
class Evening:
    """A pool, one shift of it that needs no training, its coordinator and one of its workers."""

    node: Node
    pool: ExamplePool
    shift: Planned
    coordinator: Somebody
    worker: Somebody
    handle: str
    project: str

    async def colleague(self, *roles: str) -> tuple[Somebody, str]:
        """Take in one more worker of the project; gives them and their display handle."""
        return await with_handle(self.node, self.pool, self.coordinator, *roles)

    async def more_shifts(self, starts: Sequence[datetime], **facts: Any) -> list[Planned]:
        async with door(self.node.engine) as session:
            return [
                await a_shift(session, self.pool, start, trainings=[], **facts) for start in starts
            ]


async def with_handle(
    node: Node, pool: ExamplePool, coordinator: Somebody, *roles: str
) -> tuple[Somebody, str]:
    somebody = await node.somebody(*(roles or ("worker",)), project_id=coordinator.project_id)
    async with door(node.engine) as session:
        handle = await give_handle(session, coordinator.asker, pool.id, somebody.id, current_time())
    return somebody, handle.display


async def an_evening(node: Node, starts: datetime | None = None) -> Evening:
    slug = f"project-{current_time().timestamp():.6f}".replace(".", "-")
    project_id: UUID = await node.project(slug)
    coordinator = await node.somebody("coordinator", project_id=project_id)
    async with door(node.engine) as session:
        pool = await a_pool(session, coordinator.asker)
        shift = await a_shift(session, pool, starts or coming(), trainings=[], theme="Health")
    worker, handle = await with_handle(node, pool, coordinator)
    return Evening(node, pool, shift, coordinator, worker, handle, slug)
