from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_write
from protocols.acknowledgement.errors import TextChanged
from protocols.acknowledgement.models import Acknowledgement
from protocols.acknowledgement.rules import hash_to_acknowledge
from protocols.adoption.queries import text_of_project
from protocols.changes.actions import texts_changed


async def acknowledge(
    session: AsyncSession,
    asker: Asker,
    *,
    urn: str,
    text_hash: bytes,
    language: str,
    now: datetime,
) -> Acknowledgement:
    """Record that the asker has read and understood exactly the words that were shown."""
    require_write(asker)
    text = await text_of_project(session, asker.project_id, urn)
    if text is None:
        raise NotFound
    if hash_to_acknowledge(text, language) != text_hash:
        raise TextChanged
    row = insert(Acknowledgement).values(
        id=new_id(),
        person_id=asker.person_id,
        urn=urn,
        text_hash=text_hash,
        language=language,
        at=now,
    )
    # pressed twice, it was read when it was first pressed
    written = await session.scalar(
        row.on_conflict_do_nothing(
            constraint="uq_acknowledgement_person_id_text_hash_language"
        ).returning(Acknowledgement.id)
    )
    if written is not None:
        await record(
            session,
            actor=asker.person_id,
            verb="acknowledged",
            subject="acknowledgement",
            subject_id=written,
            now=now,
            facts={"urn": urn, "text": text_hash.hex(), "language": language},
        )
        await texts_changed(session, now)
    return (
        await session.scalars(
            select(Acknowledgement).where(
                Acknowledgement.person_id == asker.person_id,
                Acknowledgement.text_hash == text_hash,
                Acknowledgement.language == language,
            )
        )
    ).one()
