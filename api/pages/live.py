"""Tells open pages of people that a seat changed hands, or how far a plan or a partner is."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from litestar import Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncEngine

from api.changes import Changes
from api.parts import Session, Signed
from api.shared_lookup import SharedLookup
from federation.notices.queries import marks_of_notices
from federation.partners.queries import partner as partner_seen_by
from federation.permissions.rules import require_role
from federation.pools.models import Pool
from federation.pools.queries import pool_planned_at, pool_seen_by, pools_of
from federation.relations.crossed.marks import marks_of_partners
from rota.board.marks import joined, marks_of_boards
from rota.import_runs.queries import import_run, marks_of_imports
from rota.plans.differences import plan_of
from rota.plans.marks import marks_of_plans

Told = ServerSentEvent | Response[None]
Key = TypeVar("Key", UUID, str)
Read = Callable[[AsyncEngine, Sequence[Key]], Awaitable[Mapping[Key, str]]]


def _marks(state: State, read: Read[Key]) -> SharedLookup[Key, str]:
    """Give this process's look-up of these marks, shared by all pages that are open."""
    name = read.__name__
    found: SharedLookup[Key, str] | None = state.get(name)
    if found is None:

        async def read_all(subjects: Sequence[Key]) -> Mapping[Key, str]:
            return await read(state.engine, subjects)

        found = state[name] = SharedLookup(read_all)
    return found


async def _marks_of(state: State, pools: Iterable[Pool]) -> list[str | None]:
    """Mark the boards of several pools, in one look-up."""
    marks = _marks(state, marks_of_boards)
    return await asyncio.gather(*(marks.get(pool.id) for pool in pools))


@get("/board/{slug:str}/changes")
async def board_changes(
    state: State,
    session: Session,
    asker: Signed,
    slug: FromPath[str],
    since: FromQuery[str | None] = None,
) -> Told:
    """Tell an open board of a pool when it says something else."""
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug)
    pool_id, marks = pool.id, _marks(state, marks_of_boards)
    changes: Changes = state.changes
    return changes.tell(lambda: marks.get(pool_id), since)


@get("/plans/{slug:str}/{plan:uuid}/changes")
async def plan_changes(
    state: State,
    session: Session,
    asker: Signed,
    slug: FromPath[str],
    plan: FromPath[UUID],
    since: FromQuery[str | None] = None,
) -> Told:
    """Tell an open page of a plan how far it is, and that it is ready."""
    pool = await pool_planned_at(session, asker, slug)
    await plan_of(session, pool, plan)
    marks = _marks(state, marks_of_plans)
    changes: Changes = state.changes
    return changes.tell(lambda: marks.get(plan), since)


@get("/partners/{node:str}/changes")
async def partner_changes(
    state: State,
    session: Session,
    asker: Signed,
    node: FromPath[str],
    since: FromQuery[str | None] = None,
) -> Told:
    """Tell an open page of a partner that one of the two has read on, or acts next."""
    await partner_seen_by(session, asker=asker, node_id=node)
    marks = _marks(state, marks_of_partners)
    changes: Changes = state.changes
    return changes.tell(lambda: marks.get(node), since)


@get("/week/changes")
async def week_changes(
    state: State, session: Session, asker: Signed, since: FromQuery[str | None] = None
) -> Told:
    """Tell an open week when a seat of one of the asker's pools was asked for, given or left."""
    pools = await pools_of(session, asker)

    async def mark() -> str:
        return joined(await _marks_of(state, pools))

    changes: Changes = state.changes
    return changes.tell(mark, since)


@get("/records/import/{slug:str}/runs/{run:uuid}/changes")
async def import_changes(
    state: State,
    session: Session,
    asker: Signed,
    slug: FromPath[str],
    run: FromPath[UUID],
    since: FromQuery[str | None] = None,
) -> Told:
    """Tell an open page of an import that more rows are read, or that it has ended."""
    await import_run(session, asker, await pool_seen_by(session, asker, slug), run)
    marks = _marks(state, marks_of_imports)
    changes: Changes = state.changes
    return changes.tell(lambda: marks.get(run), since)


@get("/start/changes")
async def start_changes(
    state: State, session: Session, asker: Signed, since: FromQuery[str | None] = None
) -> Told:
    """Tell an open start page of a notice, or that a seat changed hands and one may be over."""
    person, pools = asker.person_id, await pools_of(session, asker)
    notices = _marks(state, marks_of_notices)

    async def mark() -> str:
        return joined([await notices.get(person), *await _marks_of(state, pools)])

    changes: Changes = state.changes
    return changes.tell(mark, since)
