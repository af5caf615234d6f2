"""What a worker signs for the pools of its node."""

from typing import Any
from uuid import UUID

from api.worker.workshop import Workshop
from database.session import door
from federation.handing.losses import sign_again


async def sign_pool(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Sign anew who takes part in a pool that has a deputy."""
    async with door(workshop.engine) as session:
        pool_id = UUID(payload["pool"])
        await sign_again(session, pool_id, workshop.node.keys, workshop.clock())
