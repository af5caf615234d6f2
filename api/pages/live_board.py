"""Tells an open week board that somebody has taken or left a seat, or that a plan is ready."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent

from api.changes import Changes
from api.parts import Session, Signed
from api.shared_lookup import SharedLookup
from federation.permissions.rules import require_role
from federation.pools.models import Pool
from federation.pools.queries import pool_seen_by
from rota.board.marks import mark_of_board, marks_of_boards
from rota.plans.models import PoolPlan


def mark_of(pool: Pool, plans: Sequence[PoolPlan]) -> str:
    """Mark a board as it is shown."""
    return mark_of_board(pool.revision, sum(plan.state == "ordered" for plan in plans))


def _marks(state: State) -> SharedLookup[UUID, str]:
    found: SharedLookup[UUID, str] | None = state.get("marks_of_boards")
    if found is None:

        async def read(pools: Sequence[UUID]) -> dict[UUID, str]:
            return await marks_of_boards(state.engine, pools)

        found = state.marks_of_boards = SharedLookup(read)
    return found


@get("/board/{slug:str}/changes")
async def board_changes(
    state: State,
    session: Session,
    asker: Signed,
    slug: FromPath[str],
    since: FromQuery[str | None] = None,
) -> ServerSentEvent | Response[None]:
    """Tell an open board of a pool when it says something else."""
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    pool_id, marks = pool.id, _marks(state)
    changes: Changes = state.changes
    return changes.tell(lambda: marks.get(pool_id), since)
