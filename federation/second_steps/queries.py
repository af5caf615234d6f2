from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.seal import Seal
from federation.permissions.rules import Asker
from federation.second_steps.models import Authenticator, RecoveryCode


class SecondStep(NamedTuple):
    """How far somebody is with their second step; `secret` only until a first code was seen."""

    on_since: datetime | None
    secret: str | None
    codes_left: int


async def is_asked_for_code(session: AsyncSession, person_id: UUID) -> bool:
    """Tell whether a link alone does not let this person in."""
    found = await session.scalar(
        select(Authenticator.id).where(
            Authenticator.person_id == person_id, Authenticator.confirmed_at.is_not(None)
        )
    )
    return found is not None


async def own_second_step(session: AsyncSession, asker: Asker, seal: Seal) -> SecondStep | None:
    """Show the asker's own second step, if one is on or being set up."""
    found = await session.scalar(
        select(Authenticator).where(Authenticator.person_id == asker.person_id)
    )
    if found is None:
        return None
    left = await session.scalar(
        select(func.count()).where(RecoveryCode.authenticator_id == found.id)
    )
    secret = None if found.confirmed_at else seal.read(found.secret, found.id)
    return SecondStep(found.confirmed_at, secret, left or 0)
