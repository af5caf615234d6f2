from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Channel
from federation.pools.queries import pool_planned_by
from rota.session_details.errors import WrongDetails
from rota.session_details.models import SessionSetting
from rota.session_details.queries import draft_of
from rota.session_details.rules import Draft, written_number, wrong_details
from rota.shifts.clock import wind_open_sessions
from rota.shifts.models import Shift

Place = InstrumentedAttribute[UUID | None]

NO_DEPUTY = Reason("unknown-deputy", "The deputy is a supervisor's handle of this pool.")
DEPUTY_OF_POOL = Reason("deputy-of-pool", "A deputy and the minutes are set for the whole pool.")


async def set_for_pool(
    session: AsyncSession, asker: Asker, pool_id: UUID, draft: Draft, now: datetime
) -> None:
    """Set what holds on all of a pool's channels, its deputy supervisor included."""
    await pool_planned_by(session, asker, pool_id)
    deputy = await _deputy(session, pool_id, draft.deputy)
    _require_right(draft)
    await _keep(session, SessionSetting.pool_id, pool_id, draft, deputy)
    await _follow(session, asker, "pool", pool_id, Shift.pool_id == pool_id, now)


async def set_for_channel(
    session: AsyncSession, asker: Asker, channel_id: UUID, draft: Draft, now: datetime
) -> None:
    """Set what holds on one channel."""
    channel = await session.get(Channel, channel_id)
    if channel is None:
        raise NotFound
    await pool_planned_by(session, asker, channel.pool_id)
    _require_right(draft, of_pool=False)
    await _keep(session, SessionSetting.channel_id, channel_id, draft, None)
    await _follow(session, asker, "channel", channel_id, Shift.channel_id == channel_id, now)


async def set_for_shift(
    session: AsyncSession, asker: Asker, shift_id: UUID, draft: Draft, now: datetime
) -> None:
    """Set what holds for one shift only, such as a meeting link of its own."""
    shift = await session.get(Shift, shift_id)
    if shift is None:
        raise NotFound
    await pool_planned_by(session, asker, shift.pool_id)
    _require_right(draft, of_pool=False)
    await _keep(session, SessionSetting.shift_id, shift_id, draft, None)
    await _follow(session, asker, "shift", shift_id, Shift.id == shift_id, now)


async def entered_for_pool(session: AsyncSession, asker: Asker, pool_id: UUID) -> Draft:
    """Show those who plan a pool what is set for all of it."""
    await pool_planned_by(session, asker, pool_id)
    row = (
        await session.execute(
            select(SessionSetting, Handle.display)
            .outerjoin(Handle, Handle.id == SessionSetting.deputy_handle_id)
            .where(SessionSetting.pool_id == pool_id)
        )
    ).one_or_none()
    return draft_of(row[0], row[1]) if row else Draft()


async def entered_for_channels(
    session: AsyncSession, asker: Asker, pool_id: UUID
) -> list[tuple[Channel, Draft]]:
    """Show those who plan a pool what is set for each of its channels."""
    await pool_planned_by(session, asker, pool_id)
    rows = await session.execute(
        select(Channel, SessionSetting)
        .outerjoin(SessionSetting, SessionSetting.channel_id == Channel.id)
        .where(Channel.pool_id == pool_id)
        .order_by(Channel.slug)
    )
    found: Sequence[Row[Channel, SessionSetting | None]] = rows.all()
    return [
        (channel, draft_of(entered) if entered is not None else Draft())
        for channel, entered in found
    ]


def _require_right(draft: Draft, *, of_pool: bool = True) -> None:
    wrong = wrong_details(draft)
    if not of_pool and (draft.deputy is not None or draft.answer_minutes is not None):
        wrong = (*wrong, DEPUTY_OF_POOL)
    if wrong:
        raise WrongDetails(reasons=wrong)


async def _deputy(session: AsyncSession, pool_id: UUID, display: str | None) -> UUID | None:
    if display is None:
        return None
    found: UUID | None = await session.scalar(
        select(Handle.id).where(
            Handle.pool_id == pool_id,
            Handle.display == display,
            Handle.retired_at.is_(None),
            Handle.roles.contains(["supervisor"]),
        )
    )
    if found is None:
        raise WrongDetails(reasons=(NO_DEPUTY,))
    return found


async def _keep(
    session: AsyncSession, place: Place, subject: UUID, draft: Draft, deputy: UUID | None
) -> None:
    facts = {
        "meeting_link": draft.meeting_link,
        "contact_label": draft.contact_label,
        "contact_number": draft.contact_number and written_number(draft.contact_number),
        "contact_link": draft.contact_link,
        "conversations_at_once": draft.conversations_at_once,
        "never_alone": draft.never_alone,
        "deputy_handle_id": deputy,
        "answer_minutes": draft.answer_minutes,
    }
    row = insert(SessionSetting).values(id=new_id(), **{place.key: subject}, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=[place], set_=facts))


async def _follow(
    session: AsyncSession,
    asker: Asker,
    subject: str,
    subject_id: UUID,
    concerned: ColumnElement[bool],
    now: datetime,
) -> None:
    """Write down that it was set, and let it reach those whose session is near or runs."""
    await record(
        session,
        actor=asker.person_id,
        verb="set-session-details",
        subject=subject,
        subject_id=subject_id,
        now=now,
    )
    await wind_open_sessions(session, concerned, now)
