from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Person
from federation.permissions.rules import Asker, require_role
from protocols.screening.errors import PersonalDataFound
from protocols.screening.models import AllowedFinding
from protocols.screening.rules import Found, Known, Passage, found_in, hash_of, not_allowed

SEERS = ("coordinator", "supervisor", "reviewer")


class Allowed(NamedTuple):
    """What a project has decided to leave, and why; the words themselves are not kept."""

    id: UUID
    kind: str
    reason: str
    by: str
    at: datetime


async def allowed_in(session: AsyncSession, asker: Asker) -> list[Allowed]:
    """List what the asker's project lets stand in its texts, the newest first."""
    require_role(asker, *SEERS)
    query = (
        select(AllowedFinding, Person.name)
        .join(Person, Person.id == AllowedFinding.allowed_by)
        .where(AllowedFinding.project_id == asker.project_id)
        .order_by(AllowedFinding.allowed_at.desc(), AllowedFinding.id.desc())
    )
    return [
        Allowed(row.id, row.kind, row.reason, name, row.allowed_at)
        for row, name in await session.execute(query)
    ]


async def found_by_screen(
    session: AsyncSession,
    project_id: UUID,
    passages: Iterable[Passage],
    values: Collection[str] = (),
) -> list[Found]:
    """Give what the screen finds in a project's words and nobody there has allowed.

    What the project has given as a value of the text is there because it decided so.
    """
    found = list(found_in(project_id, passages))
    if not found:
        return []
    allowed = await known_findings(session, project_id)
    own = {(one.kind, hash_of(project_id, one.kind, value)) for one in found for value in values}
    return not_allowed(found, allowed | own)


async def require_screened(
    session: AsyncSession,
    project_id: UUID,
    passages: Iterable[Passage],
    values: Collection[str] = (),
) -> None:
    """Refuse words that could show who somebody is, with every place."""
    found = await found_by_screen(session, project_id, passages, values)
    if found:
        raise PersonalDataFound(reasons=tuple(one.reason for one in found))


async def known_findings(session: AsyncSession, project_id: UUID) -> set[Known]:
    """Give what a project has decided to leave."""
    query = select(AllowedFinding.kind, AllowedFinding.hash).where(
        AllowedFinding.project_id == project_id
    )
    return {(kind, said) for kind, said in await session.execute(query)}
