"""Taking away once more, after a restore, what was no longer to let anybody in."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.second_steps.models import Authenticator, RecoveryCode


async def remove_authenticator(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Believe no more the codes of an app that was put away."""
    await session.execute(delete(Authenticator).where(Authenticator.id == ended.subject_id))


async def forget_codes(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Believe no more what stands on a paper that was replaced; the new one is lost with it."""
    await session.execute(
        delete(RecoveryCode).where(RecoveryCode.authenticator_id == ended.subject_id)
    )


async def use_up(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Believe no more a recovery code that was used."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.id == ended.subject_id))
