"""Looks again whether all speakers agree, whenever one of them answers, comes, changes or goes."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from federation.people.models import Handle
from federation.pools.announce import announce_pool
from federation.pools.models import Pool
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from federation.pools.slots.queries import IS_WORKER, agreements, current_workers, live_slots
from federation.pools.slots.rules import Speaker, all_agree, shown_languages, speakers_of
from federation.projects.models import Project

ASKED = "You are asked about a regular session. Please look in your week."


async def restate_slots(session: AsyncSession, pool_id: UUID, now: datetime) -> None:
    """Bring a pool's languages and slots in line with its speakers; tell members what changed.

    With the pool locked: of two who come at once, a new speaker and the last yes, the second
    sees the first.
    """
    await session.flush()
    host = await lock_pool(session, pool_id)
    slots = await live_slots(session, pool_id)
    workers = await current_workers(session, pool_id)
    changed = host is None and await _languages_changed(session, pool_id, workers)
    yes = await agreements(session, [slot.id for slot in slots])
    for slot in slots:
        speakers = speakers_of(slot.language, workers)
        gone = yes[slot.id] - speakers
        if gone:
            await session.execute(
                delete(SlotAgreement).where(
                    SlotAgreement.slot_id == slot.id, SlotAgreement.handle_id.in_(gone)
                )
            )
        if host is None and slot.agreed != (agreed := all_agree(speakers, yes[slot.id])):
            slot.agreed, changed = agreed, True
    await session.flush()
    if changed:
        await announce_pool(session, pool_id, now)
    elif slots:
        # a member shows less at once, whatever the host has said so far
        await session.execute(
            update(Pool).where(Pool.id == pool_id).values(revision=Pool.revision + 1)
        )


async def _languages_changed(
    session: AsyncSession, pool_id: UUID, workers: Collection[Speaker]
) -> bool:
    pool = await session.get_one(Pool, pool_id, populate_existing=True)
    shown = shown_languages(workers, pool.speakers_shown_from)
    return pool.languages_shown is None or set(pool.languages_shown) != shown


async def restate_for_partner(session: AsyncSession, node_id: str, now: datetime) -> None:
    """Look again at the pools of this node in which a partner, joined or ended just now, speaks."""
    pools = await session.scalars(
        select(Pool.id)
        .join(Handle, Handle.pool_id == Pool.id)
        .join(Project, Project.id == Handle.project_id)
        .where(Pool.host.is_(None), Project.node == node_id)
        .distinct()
        .order_by(Pool.id)
    )
    for pool_id in pools.all():
        await restate_slots(session, pool_id, now)


async def lock_pool(session: AsyncSession, pool_id: UUID) -> str | None:
    """Keep others from changing the pool until the end; gives its host, if that is not we."""
    host: str | None = await session.scalar(
        select(Pool.host).where(Pool.id == pool_id).with_for_update(key_share=True)
    )
    return host


async def ask_speakers(session: AsyncSession, slot: LanguageSlot, now: datetime) -> None:
    """Ask the speakers of this node, each for themselves, whether a slot may be shown."""
    people = await session.scalars(
        select(Handle.person_id)
        .where(
            Handle.pool_id == slot.pool_id,
            Handle.retired_at.is_(None),
            Handle.person_id.is_not(None),
            Handle.languages.contains([slot.language]),
            IS_WORKER,
        )
        .order_by(Handle.person_id)
    )
    for person_id in people.all():
        if person_id is not None:
            await _ask(session, person_id, slot.id, now)


async def ask_new_speaker(
    session: AsyncSession, handle: Handle, spoken_before: Collection[str], now: datetime
) -> None:
    """Ask somebody who has become a speaker since slots were proposed."""
    if handle.person_id is None or not speaks_here(handle):
        return
    slots = await live_slots(session, handle.pool_id)
    new = set(handle.languages) - set(spoken_before)
    asked = [slot.id for slot in slots if slot.language in new]
    if asked:
        about = asked[0] if len(asked) == 1 else None
        await _ask(session, handle.person_id, about, now)


async def _ask(session: AsyncSession, person_id: UUID, slot_id: UUID | None, now: datetime) -> None:
    await notify(
        session, person_id=person_id, code="slot-asked", text=ASKED, now=now, about=slot_id
    )


def speaks_here(handle: Handle) -> bool:
    """Tell whether a handle counts as a speaker at all."""
    return handle.retired_at is None and "worker" in handle.roles
