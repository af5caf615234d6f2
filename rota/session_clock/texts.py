"""Which texts a session began with (design 3.10): written down once, for the projects at home here.

It is a record and decides nothing: what holds now, a recall included, is always asked anew.
"""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from protocols.adoption.queries import texts_on_pool
from protocols.adoption.rules import hash_of_what_holds
from rota.claims.models import Claim
from rota.shifts.models import Seat, Shift


async def record_texts(session: AsyncSession, shift: Shift) -> None:
    """Record by project and text what holds at the start; what is recorded already stays."""
    projects = await _projects_here(session, shift.id)
    found: dict[str, dict[str, str]] = {str(project): {} for project in projects}
    for text in await texts_on_pool(session, projects, shift.pool_id):
        found[str(text.project_id)][text.urn] = hash_of_what_holds(text)
    await session.execute(
        update(Shift)
        .where(Shift.id == shift.id, Shift.texts_at_start.is_(None))
        .values(texts_at_start=found)
    )


async def _projects_here(session: AsyncSession, shift_id: UUID) -> set[UUID]:
    rows = await session.scalars(
        select(Handle.project_id)
        .join(Claim, Claim.handle_id == Handle.id)
        .join(Seat, Seat.id == Claim.seat_id)
        .where(Seat.shift_id == shift_id, Claim.state == "held", Handle.person_id.is_not(None))
    )
    return set(rows)
