from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from rota.session_details.models import SessionSetting
from rota.session_details.rules import Details, Draft, nearest
from rota.shifts.models import Shift


async def details_of(session: AsyncSession, shift: Shift) -> Details:
    """Give what holds for a shift, in one query; only a host has anything to give."""
    return details_in(await session.scalars(select(SessionSetting).where(said_for(shift))))


def said_for(shift: Shift) -> ColumnElement[bool]:
    """Limit what was entered to what was said of a shift, its channel or its pool."""
    return or_(
        SessionSetting.shift_id == shift.id,
        SessionSetting.channel_id == shift.channel_id,
        SessionSetting.pool_id == shift.pool_id,
    )


def details_in(found: Iterable[SessionSetting]) -> Details:
    """Give what holds for a shift of all that was said for it."""
    entered = sorted(found, key=lambda one: (one.shift_id is None, one.channel_id is None))
    return nearest([draft_of(one) for one in entered])


async def deputy_of(session: AsyncSession, pool_id: UUID) -> Handle | None:
    """Give who answers for the supervisors of a pool when they do not; one who left does not."""
    found: Handle | None = await session.scalar(
        select(Handle)
        .join(SessionSetting, SessionSetting.deputy_handle_id == Handle.id)
        .where(SessionSetting.pool_id == pool_id, Handle.retired_at.is_(None))
    )
    return found


def draft_of(entered: SessionSetting, deputy: str | None = None) -> Draft:
    """Show what was entered as it would be entered again."""
    return Draft(
        meeting_link=entered.meeting_link,
        contact_label=entered.contact_label,
        contact_number=entered.contact_number,
        contact_link=entered.contact_link,
        organisational=entered.contact_label is not None,
        conversations_at_once=entered.conversations_at_once,
        never_alone=entered.never_alone,
        deputy=deputy,
        answer_minutes=entered.answer_minutes,
    )
