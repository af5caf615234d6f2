"""What was written about somebody, or by them, beside the seats that they had; these stay."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from rota.claims.models import Claim
from rota.consent.models import Consent
from rota.records.models import SessionRecord


async def erase_words(session: AsyncSession, person_id: UUID) -> None:
    """Erase reasons that somebody was given or has given, and their notes of sessions."""
    handles = select(Handle.id).where(Handle.person_id == person_id)
    seats = select(Claim.id).where(Claim.handle_id.in_(handles))
    refused = select(Consent.claim_id).where(
        Consent.decided_by == person_id, Consent.reason.is_not(None)
    )
    await erase_reasons(session, or_(Claim.handle_id.in_(handles), Claim.id.in_(refused)))
    await session.execute(
        update(Consent)
        .where(or_(Consent.decided_by == person_id, Consent.claim_id.in_(seats)))
        .values(reason=None)
        .execution_options(synchronize_session="fetch")
    )
    await session.execute(
        update(SessionRecord)
        .where(SessionRecord.claim_id.in_(seats))
        .values(note=None)
        .execution_options(synchronize_session="fetch")
    )


async def erase_reasons(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """Leave of claims how they ended, and not why: a reason may be a training, or words."""
    await session.execute(
        update(Claim).where(which).values(reasons=[]).execution_options(synchronize_session="fetch")
    )
