"""Ending once more, after a restore, what was ended since the backup."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.rules import Ended
from federation.pools.models import Pool
from rota.calendar.actions import STOPPED
from rota.calendar.models import CalendarAddress
from rota.handover.actions import remove
from rota.handover.models import HandoverNote
from rota.passport.actions import look_at_passport
from rota.passport.models import ToolAccount, Training
from rota.passport.rules import over_everywhere
from rota.shifts.models import Shift


async def revoke_address(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Let a device read a calendar no more."""
    await _revoke(session, CalendarAddress.id == ended.subject_id, now)


async def revoke_addresses_of(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Let no device of somebody read a calendar."""
    await _revoke(session, CalendarAddress.person_id == ended.subject_id, now)


async def _revoke(session: AsyncSession, whose: ColumnElement[bool], now: datetime) -> None:
    await session.execute(
        update(CalendarAddress)
        .where(whose, CalendarAddress.revoked_at.is_(None))
        .values(revoked_at=now, **STOPPED)
    )


async def withdraw_training(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Let a training count no more."""
    training = await session.get(
        Training, UUID(ended.facts["training"]), with_for_update=True, populate_existing=True
    )
    if training is not None and training.withdrawn_at is None:
        training.withdrawn_at = now
        training.expires = min(training.expires, over_everywhere(now))
        await session.flush()
        await look_at_passport(session, training.person_id, now)


async def withdraw_account(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Let an account on a channel's tool count no more."""
    await session.execute(
        update(ToolAccount)
        .where(ToolAccount.id == UUID(ended.facts["account"]), ToolAccount.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


async def erase_note(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Erase a handover note again."""
    found = await session.execute(
        select(HandoverNote, Pool.host)
        .join(Shift, Shift.id == HandoverNote.shift_id)
        .join(Pool, Pool.id == Shift.pool_id)
        .where(HandoverNote.id == UUID(ended.facts["note"]))
    )
    row = found.one_or_none()
    if row is not None:
        await remove(session, row.HandoverNote, row.host)
