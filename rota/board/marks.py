"""What tells whether a pool's board has changed: one look-up for all who look at one.

A pool's revision rises with what its host says. Claims, and who sits beside one's own people, are
looked at themselves: home writes down in many places what its people ask for and what a host
answers, and no such place may forget to say so. A node that came back from a backup counts its
revisions once more from there, so that its restores are part of the mark.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.rows import written
from federation.permissions.rules import Asker
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project

MARK: ColumnElement[str] = literal_column("""
concat_ws('-', pool.revision,
    (SELECT extract(epoch FROM max(restored_at)) FROM restore),
    (SELECT count(*) FROM pool_plan WHERE pool_id = pool.id AND state = 'ordered'),
    (SELECT md5(string_agg(concat(claim.id, claim.state), ',' ORDER BY claim.id))
        FROM shift JOIN seat ON seat.shift_id = shift.id JOIN claim ON claim.seat_id = seat.id
        WHERE shift.pool_id = pool.id AND shift.ends > now() - interval '1 day'
            AND claim.state IN ('requested', 'proposed', 'held')),
    (SELECT md5(string_agg(concat(shift.id, session_company.told_at), ',' ORDER BY shift.id))
        FROM session_company JOIN shift ON shift.id = session_company.shift_id
        WHERE shift.pool_id = pool.id))
""")
MARKS = written(
    select(Pool.id, MARK.label("mark")).where(
        Pool.id == any_(bindparam("pools", type_=ARRAY(Uuid())))
    )
)


async def marks_of_boards(engine: AsyncEngine, pools: Sequence[UUID]) -> dict[UUID, str]:
    """Mark each pool's board as it stands: shifts and seats, claims, whether a plan is made."""
    rows = await MARKS.rows(engine, pools=list(pools))
    return {row["id"]: row["mark"] for row in rows}


async def mark_of_board(session: AsyncSession, pool_id: UUID) -> str:
    """Mark what a page of this pool will show; asked for before the page reads what it shows."""
    mark: str = (await session.scalars(select(MARK).where(Pool.id == pool_id))).one()
    return mark


async def zone_and_marked(
    session: AsyncSession, asker: Asker
) -> tuple[str, list[tuple[Pool, str]]]:
    """Give the zone of the asker's project, and the pools in which it takes part, each marked."""
    rows = await session.execute(
        select(Project.zone, Pool, MARK)
        .outerjoin(PoolMember, PoolMember.project_id == Project.id)
        .outerjoin(Pool, Pool.id == PoolMember.pool_id)
        .where(Project.id == asker.project_id)
        .order_by(Pool.slug)
    )
    found: list[tuple[str, Pool | None, str]] = [(zone, pool, mark) for zone, pool, mark in rows]
    return found[0][0], [(pool, mark) for _, pool, mark in found if pool is not None]


def joined(marks: Iterable[object]) -> str:
    """Write several marks as one."""
    return "_".join(map(str, marks))
