"""Who of a project is told of proposals: those who decide, in words that name nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from federation.notices.models import Notice
from federation.people.models import Person, RoleGrant
from protocols.items.actions import APPROVERS

PROPOSED = "Another project suggests other words for one of your texts."
ANSWERED = "What your project suggested for another project's text has been answered."


async def tell_owner(session: AsyncSession, project_id: UUID, now: datetime) -> None:
    """Tell a project that there is something to decide."""
    await _tell(session, project_id, "text-proposed", PROPOSED, now)


async def tell_proposer(session: AsyncSession, project_id: UUID, now: datetime) -> None:
    """Tell a project that there is an answer."""
    await _tell(session, project_id, "text-proposal-answered", ANSWERED, now)


async def _tell(
    session: AsyncSession, project_id: UUID, code: str, text: str, now: datetime
) -> None:
    """Leave out whoever has such a notice that is not read yet."""
    told = exists().where(
        Notice.person_id == Person.id, Notice.code == code, Notice.seen_at.is_(None)
    )
    granted = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(APPROVERS))
    people = await session.scalars(
        select(Person.id)
        .where(Person.project_id == project_id, Person.left_at.is_(None), granted, ~told)
        .order_by(Person.id)
    )
    for person_id in list(people):
        await notify(session, person_id=person_id, code=code, text=text, now=now)
