"""Slots between nodes: a host states them to members, a speaker's home answers the host."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Handle
from federation.pools.models import Pool
from federation.pools.slots.actions import close_slots, set_agreement
from federation.pools.slots.models import LanguageSlot
from federation.pools.slots.queries import live_slots
from federation.pools.slots.restating import ask_speakers, lock_pool, restate_slots
from federation.pools.stated import Name
from federation.projects.models import Project
from federation.projects.rules import require_zone


class StatedSlot(msgspec.Struct, frozen=True):
    """A slot, as the host states it: `agreed` by all, or not."""

    id: UUID
    series: Name
    language: Annotated[str, msgspec.Meta(min_length=1, max_length=35)]
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)]
    starts: Annotated[str, msgspec.Meta(pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
    zone: str
    agreed: bool


class SlotAnswered(msgspec.Struct, frozen=True):
    """One speaker's own answer."""

    slot: UUID
    handle: UUID
    agrees: bool


async def keep_slots(
    session: AsyncSession, pool_id: UUID, stated: Sequence[StatedSlot], now: datetime
) -> None:
    """Keep what the host states of its slots; what it no longer speaks of is over.

    What our own people have answered is theirs, and no host's word changes it.
    """
    known = {slot.id for slot in await live_slots(session, pool_id)}
    over = known - {one.id for one in stated}
    if over:
        await close_slots(session, sorted(over), now)
    for one in stated:
        facts: dict[str, Any] = msgspec.structs.asdict(one)
        facts["starts"] = time.fromisoformat(one.starts)
        require_zone(one.zone)
        kept = await session.scalar(
            insert(LanguageSlot)
            .values(**facts, pool_id=pool_id)
            .on_conflict_do_update(
                index_elements=[LanguageSlot.id],
                # what somebody has agreed to is not another thing later
                set_={"agreed": one.agreed, "ended_at": None},
                where=LanguageSlot.pool_id == pool_id,
            )
            .returning(LanguageSlot.id)
        )
        if kept is None:
            raise NotFound
        if one.id not in known:
            await ask_speakers(session, await session.get_one(LanguageSlot, one.id), now)


async def receive_answer(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> None:
    """Enter the answer of a partner's worker, who is known here by handle only."""
    answered = msgspec.convert(payload, SlotAnswered)
    pool_id = await session.scalar(
        select(LanguageSlot.pool_id)
        .join(Pool, Pool.id == LanguageSlot.pool_id)
        .join(Handle, Handle.pool_id == Pool.id)
        .join(Project, Project.id == Handle.project_id)
        .where(
            LanguageSlot.id == answered.slot,
            Pool.host.is_(None),
            Handle.id == answered.handle,
            Project.node == home,
        )
    )
    if pool_id is None:
        raise NotFound
    await lock_pool(session, pool_id)
    slot = await session.get_one(LanguageSlot, answered.slot, populate_existing=True)
    if slot.ended_at is not None:
        # it was ended while the answer was on its way
        return
    await set_agreement(session, slot.id, answered.handle, now, agrees=answered.agrees)
    await restate_slots(session, pool_id, now)
