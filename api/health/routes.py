import msgspec
from litestar import get
from litestar.datastructures import State

from api.errors import NotReady
from api.health.readiness import what_is_missing, who_is_waited_for


class Live(msgspec.Struct):
    """Answered by any process that can answer."""

    live: bool = True


class Ready(msgspec.Struct):
    """Answered when people can be served."""

    ready: bool = True
    restoring: str | msgspec.UnsetType = msgspec.UNSET
    """Said while this node, restored from a backup, gives no seats."""


@get("/health/live", sync_to_thread=False)
def live() -> Live:
    """Tell that this process runs; a slow database must not get it restarted."""
    return Live()


@get("/health/ready")
async def ready(state: State) -> Ready:
    """Tell whether people can be served, else why not."""
    if missing := await what_is_missing(state.engine):
        raise NotReady(reasons=missing)
    waits = await who_is_waited_for(state.engine)
    return Ready() if waits is None else Ready(restoring=waits)
