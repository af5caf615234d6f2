"""In which term of a pool something is said: a node that hosts it again has not said it now."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import Integer, Uuid, bindparam, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.pools.models import Pool

Term = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
# the folder that keeps what was signed stands on this one
_TERMS = table("pool_term", column("pool_id", Uuid), column("term", Integer))
_NEWEST = func.coalesce(func.max(_TERMS.c.term), 1)
TERM_OF = select(_NEWEST).where(_TERMS.c.pool_id == bindparam("pool_id"))
_TERM_AROUND = select(_NEWEST).where(
    _TERMS.c.pool_id
    == select(Handle.pool_id).where(Handle.id == bindparam("handle_id")).scalar_subquery()
)
TERM_HERE = select(_NEWEST).where(_TERMS.c.pool_id == Pool.id).correlate(Pool).scalar_subquery()
"""The term of a pool in a statement about pools."""


class SaidIn(msgspec.Struct, frozen=True):
    """The term in which its speaker believed; a version before this one does not say it."""

    term: Term | None = None


async def term_of(session: AsyncSession, pool_id: UUID) -> int:
    """Tell in which term a pool is; one of which nothing was signed is in its first."""
    return int(await session.scalar(TERM_OF, {"pool_id": pool_id}) or 1)


async def in_term(session: AsyncSession, pool_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
    """Have something that is said of a pool count in the term that is believed here."""
    return said | {"term": await term_of(session, pool_id)}


async def in_term_around(
    session: AsyncSession, handle_id: UUID, said: dict[str, Any]
) -> dict[str, Any]:
    """Have something that is said of somebody count in the term of the pool of their handle."""
    term = await session.scalar(_TERM_AROUND, {"handle_id": handle_id})
    return said | {"term": int(term or 1)}
