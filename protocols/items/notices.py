"""Who of a project is told that a text waits for them, in words that name nothing."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from federation.notices.models import Notice
from federation.people.models import Person, RoleGrant

APPROVAL_ASKED = "approval-asked"
WAITS = "A text of your project waits for somebody to approve it."


async def tell_approvers(
    session: AsyncSession,
    project_id: UUID,
    roles: Collection[str],
    now: datetime,
    *,
    authors: Collection[UUID],
) -> None:
    """Tell those who may approve a text that they act next: everybody but its authors."""
    await tell(session, project_id, roles, APPROVAL_ASKED, WAITS, now, but=authors)


async def tell(
    session: AsyncSession,
    project_id: UUID,
    roles: Collection[str],
    code: str,
    text: str,
    now: datetime,
    *,
    but: Collection[UUID] = (),
) -> None:
    """Leave out whoever has such a notice that is not read yet."""
    told = exists().where(
        Notice.person_id == Person.id, Notice.code == code, Notice.seen_at.is_(None)
    )
    granted = exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(roles))
    people = await session.scalars(
        select(Person.id)
        .where(
            Person.project_id == project_id,
            Person.left_at.is_(None),
            Person.id.not_in(but),
            granted,
            ~told,
        )
        .order_by(Person.id)
    )
    for person_id in list(people):
        await notify(session, person_id=person_id, code=code, text=text, now=now)
