"""Ending once more, after a restore, what was ended since the backup: people's ways in, partners.

Each may be unknown to the backup, or ended in it already; then nothing is done.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import put
from federation.access.models import ApiToken
from federation.audit.rules import Ended
from federation.notices.addresses.actions import forget_addresses
from federation.notices.devices.models import PushDevice
from federation.partners.actions import close
from federation.partners.models import Partner
from federation.people.actions import PERSON_CHANGED
from federation.people.models import Person, RoleGrant


async def revoke_token(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Let a program in no more."""
    await session.execute(
        update(ApiToken)
        .where(ApiToken.id == ended.subject_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def let_go(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Let somebody in no more who has left."""
    await session.execute(
        update(Person)
        .where(Person.id == ended.subject_id, Person.left_at.is_(None))
        .values(left_at=now)
    )
    await _changed(session, ended.subject_id, now)


async def take_role(session: AsyncSession, ended: Ended, now: datetime) -> None:
    """Take a role away again."""
    await session.execute(
        delete(RoleGrant).where(
            RoleGrant.person_id == ended.subject_id, RoleGrant.role == ended.facts["role"]
        )
    )
    await _changed(session, ended.subject_id, now)


async def erase_addresses(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Erase somebody's addresses again."""
    if ended.subject_id is not None:
        await forget_addresses(session, ended.subject_id)


async def remove_device(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Ring on a device no more."""
    await session.execute(delete(PushDevice).where(PushDevice.id == ended.subject_id))


async def end_partner(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Speak no more to a node that was ended."""
    partner = await _partner(session, ended)
    if partner is not None:
        await close(session, partner)


async def withdraw_grant(session: AsyncSession, ended: Ended, _now: datetime) -> None:
    """Grant no more what was withdrawn."""
    partner = await _partner(session, ended)
    if partner is not None:
        unwanted = ended.facts["capability"]
        partner.we_grant = [one for one in partner.we_grant if one != unwanted]
        partner.withheld = sorted({*partner.withheld, unwanted})
        await session.flush()


async def _partner(session: AsyncSession, ended: Ended) -> Partner | None:
    return await session.scalar(
        select(Partner).where(Partner.node_id == ended.facts["node_id"]).with_for_update()
    )


async def _changed(session: AsyncSession, person_id: UUID | None, now: datetime) -> None:
    payload = {"person": str(person_id)}
    await put(session, PERSON_CHANGED, payload, now=now, key=str(person_id))
