"""What only the host of a pool knows of it, written down for the next one."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.pools.announce import handle_facts
from federation.pools.models import Channel, Pool
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from federation.pools.slots.queries import CLOCK
from federation.pools.stated import written
from rota.claims.models import Claim
from rota.claims.queries import LIVE
from rota.passport.models import ToolAccount
from rota.session_details.models import SessionSetting
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.sign_up.from_homes import Sign, receipt_of

HOURS_BACK = timedelta(days=8)
"""Claims of sessions that ended so recently are told as well: hours of this week are counted."""
A_PART = 50
Entry = tuple[str, dict[str, Any]]
SAME_OF_PATTERN = (
    "series",
    "weekday",
    "minutes",
    "zone",
    "first_day",
    "last_day",
    "every_weeks",
    "repeats",
    "nth",
    "holidays",
    "holiday_region",
    "pauses",
    "clock_answers",
    "briefing_minutes",
    "debrief_minutes",
    "languages",
    "wanted_languages",
    "theme",
    "ground_rules",
    "seats",
    "minimum_workers",
    "minimum_supervisors",
    "ended_at",
    "set_down_as",
)
SAME_OF_SETTING = (
    "meeting_link",
    "contact_label",
    "contact_number",
    "contact_link",
    "conversations_at_once",
    "never_alone",
    "answer_minutes",
)
"""What the columns and the wire call by the same name."""


def in_parts(entries: Sequence[Entry]) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """Divide what is said; nothing to say is one part as well."""
    for begin in range(0, max(len(entries), 1), A_PART):
        part: dict[str, list[dict[str, Any]]] = {}
        for name, entry in entries[begin : begin + A_PART]:
            part.setdefault(name, []).append(entry)
        yield part


async def contents_of(session: AsyncSession, pool: Pool, now: datetime, sign: Sign) -> list[Entry]:
    """Write down a pool's contents, what others name before what names it."""
    return [
        *[("channels", each) for each in await _channels(session, pool.id)],
        *[("handles", each) for each in await _handles(session, pool.id, now)],
        *[("patterns", each) for each in await _patterns(session, pool.id)],
        *[("shifts", each) for each in await _shifts(session, pool.id, now)],
        *[("settings", each) for each in await _settings(session, pool.id, now)],
        *[("claims", each) for each in await _claims(session, pool.id, now, sign)],
        *[("accounts", each) for each in await _accounts(session, pool.id)],
        *[("agreements", each) for each in await _agreements(session, pool.id)],
    ]


async def _channels(session: AsyncSession, pool_id: UUID) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(Channel).where(Channel.pool_id == pool_id).order_by(Channel.id)
    )
    return [
        {"id": each.id, "trainings": each.trainings, "tool_owner": each.tool_owner} for each in rows
    ]


def told_of(pool_id: UUID, now: datetime) -> ColumnElement[bool]:
    """Choose the sessions, over Shift, of which a new host is told who has their seats."""
    return (Shift.pool_id == pool_id) & (Shift.ends > now - HOURS_BACK)


async def _handles(session: AsyncSession, pool_id: UUID, now: datetime) -> list[dict[str, Any]]:
    sits = (
        select(Claim.handle_id)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(told_of(pool_id, now))
    )
    rows = await session.scalars(
        select(Handle)
        .where(Handle.pool_id == pool_id, or_(Handle.retired_at.is_(None), Handle.id.in_(sits)))
        .order_by(Handle.id)
    )
    return [handle_facts(handle) for handle in rows]


async def _patterns(session: AsyncSession, pool_id: UUID) -> list[dict[str, Any]]:
    rows = await session.scalars(
        select(ShiftPattern).where(ShiftPattern.pool_id == pool_id).order_by(ShiftPattern.id)
    )
    return [
        {
            **{name: getattr(each, name) for name in SAME_OF_PATTERN},
            "id": each.id,
            "channel": each.channel_id,
            "starts": each.starts.strftime(CLOCK),
            "demand": written(each.demand),
            "successor": each.successor_id,
        }
        for each in rows
    ]


async def _shifts(session: AsyncSession, pool_id: UUID, now: datetime) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(Shift.id, Shift.pattern_id, Shift.pattern_day, Shift.exception_at)
        .where(told_of(pool_id, now))
        .order_by(Shift.id)
    )
    names = ("shift", "pattern", "day", "exception_at")
    return [dict(zip(names, row, strict=True)) for row in rows]


async def _settings(session: AsyncSession, pool_id: UUID, now: datetime) -> list[dict[str, Any]]:
    channels = select(Channel.id).where(Channel.pool_id == pool_id)
    shifts = select(Shift.id).where(told_of(pool_id, now))
    rows = await session.scalars(
        select(SessionSetting)
        .where(
            or_(
                SessionSetting.pool_id == pool_id,
                SessionSetting.channel_id.in_(channels),
                SessionSetting.shift_id.in_(shifts),
            )
        )
        .order_by(SessionSetting.id)
    )
    return [
        {
            **{name: getattr(each, name) for name in SAME_OF_SETTING},
            "channel": each.channel_id,
            "shift": each.shift_id,
            "deputy": each.deputy_handle_id,
        }
        for each in rows
    ]


async def _claims(
    session: AsyncSession, pool_id: UUID, now: datetime, sign: Sign
) -> list[dict[str, Any]]:
    """List all claims but wishes that only homes know of; what is held has a receipt."""
    rows = await session.scalars(
        select(Claim)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(told_of(pool_id, now), Claim.decided_here, Claim.state != "requested")
        .order_by(Claim.id)
    )
    told = []
    for claim in rows:
        if claim.state == "held":
            receipt_of(claim, now, sign)
        told.append(
            {
                "claim": claim.id,
                "seat": claim.seat_id,
                "handle": claim.handle_id,
                "state": claim.state,
                "origin": claim.origin,
                "made_at": claim.made_at,
                "answer_by": claim.answer_by,
                "receipt": claim.receipt,
                "moved_at": claim.moved_at if claim.state in LIVE else None,
            }
        )
    return told


async def _accounts(session: AsyncSession, pool_id: UUID) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(ToolAccount.channel_id, ToolAccount.handle_id, ToolAccount.granted_at)
        .join(Channel, Channel.id == ToolAccount.channel_id)
        .join(Handle, Handle.id == ToolAccount.handle_id)
        .where(
            Channel.pool_id == pool_id,
            ToolAccount.withdrawn_at.is_(None),
            Handle.retired_at.is_(None),
        )
        .order_by(ToolAccount.id)
    )
    names = ("channel", "handle", "granted_at")
    return [dict(zip(names, row, strict=True)) for row in rows]


async def _agreements(session: AsyncSession, pool_id: UUID) -> list[dict[str, Any]]:
    rows = await session.execute(
        select(SlotAgreement.slot_id, SlotAgreement.handle_id, SlotAgreement.agreed_at)
        .join(LanguageSlot, LanguageSlot.id == SlotAgreement.slot_id)
        .join(Handle, Handle.id == SlotAgreement.handle_id)
        .where(
            LanguageSlot.pool_id == pool_id,
            LanguageSlot.ended_at.is_(None),
            Handle.retired_at.is_(None),
        )
        .order_by(SlotAgreement.slot_id, SlotAgreement.handle_id)
    )
    names = ("slot", "handle", "agreed_at")
    return [dict(zip(names, row, strict=True)) for row in rows]
