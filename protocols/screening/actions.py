from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role, require_write
from protocols.screening.errors import NothingFound
from protocols.screening.models import AllowedFinding
from protocols.screening.queries import SEERS
from protocols.screening.rules import Passage, found_in

LONGEST_REASON = 300
LONGEST_WORDS = 1_000


async def allow_words(
    session: AsyncSession, asker: Asker, *, words: str, reason: str, now: datetime
) -> int:
    """Let some words stand in the project's texts, and say why; tells how much they hold."""
    require_role(asker, *SEERS)
    require_write(asker)
    said = reason.strip()
    found = list(found_in(asker.project_id, [Passage("", words[:LONGEST_WORDS])]))
    if not found or not 1 <= len(said) <= LONGEST_REASON or "\0" in said:
        raise NothingFound
    for kind, hash_ in sorted({(one.kind, one.hash) for one in found}):
        row = insert(AllowedFinding).values(
            id=new_id(),
            project_id=asker.project_id,
            kind=kind,
            hash=hash_,
            reason=said,
            allowed_by=asker.person_id,
            allowed_at=now,
        )
        newer = {"reason": said, "allowed_by": asker.person_id, "allowed_at": now}
        await session.execute(
            row.on_conflict_do_update(index_elements=["project_id", "kind", "hash"], set_=newer)
        )
    await _record(session, asker, "allowed-finding", now)
    return len(found)


async def allow_no_longer(
    session: AsyncSession, asker: Asker, allowed_id: UUID, now: datetime
) -> None:
    """Hold these words back again in what is approved from now on."""
    require_role(asker, *SEERS)
    require_write(asker)
    gone = await session.scalar(
        delete(AllowedFinding)
        .where(AllowedFinding.id == allowed_id, AllowedFinding.project_id == asker.project_id)
        .returning(AllowedFinding.id)
    )
    if gone is None:
        raise NotFound
    await _record(session, asker, "allowed-finding-no-longer", now)


async def _record(session: AsyncSession, asker: Asker, verb: str, now: datetime) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="project",
        subject_id=asker.project_id,
        now=now,
    )
