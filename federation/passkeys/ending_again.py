"""Removing once more, after a restore, a passkey that was no longer to let anybody in."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.passkeys.models import Passkey


async def remove_passkey(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Believe no more what a passkey signs that was removed."""
    await session.execute(delete(Passkey).where(Passkey.id == ended.subject_id))
