"""Proposing a slot, answering for oneself, and ending it."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import any_, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.people.models import Handle
from federation.permissions.rules import Asker, require_write
from federation.pools.announce import announce_pool
from federation.pools.queries import pool_planned_by
from federation.pools.slots.errors import SlotOver, SlotThere, TooManySlots
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from federation.pools.slots.queries import IS_WORKER
from federation.pools.slots.restating import ask_speakers, lock_pool, restate_slots

MOST_SLOTS = 50
ANSWERED = "slot.answered"


async def add_slot(
    session: AsyncSession,
    asker: Asker,
    pool_id: UUID,
    now: datetime,
    *,
    series: str,
    language: str,
    weekday: int,
    starts: time,
    zone: str,
) -> LanguageSlot:
    """Propose a fixed regular time for a language; every speaker is asked, nothing shown yet."""
    await pool_planned_by(session, asker, pool_id)
    await lock_pool(session, pool_id)
    live = (LanguageSlot.pool_id == pool_id, LanguageSlot.ended_at.is_(None))
    count = await session.scalar(select(func.count()).select_from(LanguageSlot).where(*live))
    if (count or 0) >= MOST_SLOTS:
        raise TooManySlots
    made = await session.scalar(
        insert(LanguageSlot)
        .values(
            id=new_id(),
            pool_id=pool_id,
            series=series,
            language=language,
            weekday=weekday,
            starts=starts,
            zone=zone,
        )
        .on_conflict_do_nothing()
        .returning(LanguageSlot.id)
    )
    if made is None:
        raise SlotThere
    await _record(session, asker.person_id, "propose-slot", made, now)
    await announce_pool(session, pool_id, now)
    slot = await session.get_one(LanguageSlot, made)
    await ask_speakers(session, slot, now)
    return slot


async def end_slot(
    session: AsyncSession, asker: Asker, pool_id: UUID, slot_id: UUID, now: datetime
) -> None:
    """Ask nobody any more; the language is no longer shown there, and all answers are erased."""
    await pool_planned_by(session, asker, pool_id)
    await lock_pool(session, pool_id)
    slot = await session.get(LanguageSlot, slot_id, populate_existing=True)
    if slot is None or slot.pool_id != pool_id:
        raise NotFound
    if slot.ended_at is not None:
        return
    await close_slots(session, [slot_id], now)
    await _record(session, asker.person_id, "end-slot", slot_id, now)
    await announce_pool(session, pool_id, now)


async def close_slots(session: AsyncSession, slot_ids: list[UUID], now: datetime) -> None:
    """End slots here, and forget who had agreed."""
    await session.execute(
        update(LanguageSlot).where(LanguageSlot.id.in_(slot_ids)).values(ended_at=now, agreed=False)
    )
    await session.execute(delete(SlotAgreement).where(SlotAgreement.slot_id.in_(slot_ids)))


async def answer_slot(
    session: AsyncSession, asker: Asker, slot_id: UUID, now: datetime, *, agrees: bool
) -> None:
    """Agree to a slot for oneself, or take that back, which counts at once; nobody else can."""
    require_write(asker)
    slot = await session.get(LanguageSlot, slot_id)
    if slot is None:
        raise NotFound
    handle_id = await session.scalar(
        select(Handle.id).where(
            Handle.pool_id == slot.pool_id,
            Handle.person_id == asker.person_id,
            Handle.retired_at.is_(None),
            IS_WORKER,
            literal(slot.language) == any_(Handle.languages),
        )
    )
    if handle_id is None:
        raise NotFound
    host = await lock_pool(session, slot.pool_id)
    await session.refresh(slot)
    if slot.ended_at is not None:
        raise SlotOver
    if not await set_agreement(session, slot_id, handle_id, now, agrees=agrees):
        return
    await _record(
        session, asker.person_id, "agree-slot" if agrees else "take-back-slot", slot_id, now
    )
    await restate_slots(session, slot.pool_id, now)
    if host is not None:
        told = {"slot": str(slot_id), "handle": str(handle_id), "agrees": agrees}
        await append(session, "private", host, ANSWERED, told, now=now)


async def set_agreement(
    session: AsyncSession, slot_id: UUID, handle_id: UUID, now: datetime, *, agrees: bool
) -> bool:
    """Keep a yes, or delete it; tells whether that changed anything."""
    if agrees:
        row = insert(SlotAgreement).values(slot_id=slot_id, handle_id=handle_id, agreed_at=now)
        kept = row.on_conflict_do_nothing().returning(SlotAgreement.slot_id)
        return await session.scalar(kept) is not None
    taken_back = (
        delete(SlotAgreement)
        .where(SlotAgreement.slot_id == slot_id, SlotAgreement.handle_id == handle_id)
        .returning(SlotAgreement.slot_id)
    )
    return await session.scalar(taken_back) is not None


async def _record(
    session: AsyncSession, actor: UUID, verb: str, slot_id: UUID, now: datetime
) -> None:
    await record(
        session, actor=actor, verb=verb, subject="language-slot", subject_id=slot_id, now=now
    )
