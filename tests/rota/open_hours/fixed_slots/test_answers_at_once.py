"""On separate connections: what members are told is never that all agree while one has not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.pools.actions import give_handle
from federation.pools.slots.actions import answer_slot
from federation.pools.slots.models import LanguageSlot
from federation.pools.slots.queries import agreements, current_workers
from federation.pools.slots.rules import all_agree, speakers_of
from rota.open_hours.fixed_slots.actions import propose_slot
from tests.rota.world import NOW, a_person, a_pool, a_project, a_shift, a_worker

Act = Callable[[AsyncSession], Awaitable[Any]]


async def together(engine: AsyncEngine, *acts: Act) -> None:
    async def do(act: Act) -> None:
        async with door(engine) as session:
            await act(session)

    await asyncio.gather(*map(do, acts))


@pytest.mark.parametrize("order", [1, -1])
async def test_a_new_speaker_against_the_last_yes_and_a_no_against_a_yes(
    committing_engine: AsyncEngine, order: int
) -> None:
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        lead = pool.coordinator
        first, last = [await a_worker(session, pool.id, lead, languages=("ro",)) for _ in range(2)]
        coming = await a_person(session, lead.project_id, "worker", languages=("ro",))
        await a_shift(session, pool, series="tue-19", languages=("ro",))
        slot = (await propose_slot(session, lead, pool.id, "tue-19", "ro", NOW)).id
        await answer_slot(session, first.asker, slot, NOW, agrees=True)

    async def stated_is_true() -> bool:
        async with door(committing_engine) as session:
            stated = await session.scalar(
                select(LanguageSlot.agreed).where(LanguageSlot.id == slot)
            )
            speakers = speakers_of("ro", await current_workers(session, pool.id))
            yes = (await agreements(session, [slot]))[slot]
            assert stated == all_agree(speakers, yes)
            return bool(stated)

    acts: list[Act] = [
        lambda s: answer_slot(s, last.asker, slot, NOW, agrees=True),
        lambda s: answer_slot(s, first.asker, slot, NOW, agrees=False),
    ]
    await together(committing_engine, *acts[::order])
    assert not await stated_is_true()
    async with door(committing_engine) as session:
        await answer_slot(session, last.asker, slot, NOW, agrees=False)
        await answer_slot(session, first.asker, slot, NOW, agrees=True)
    acts = [
        lambda s: answer_slot(s, last.asker, slot, NOW, agrees=True),
        lambda s: give_handle(s, lead, pool.id, coming.person_id, NOW),
    ]
    await together(committing_engine, *acts[::order])
    assert not await stated_is_true()
