"""A language of few speakers is shown at a regular time to which each of them has agreed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.notices.models import Notice
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker
from federation.pools.actions import restate_handles
from federation.pools.models import Pool
from federation.pools.settings import set_publication
from federation.pools.slots.actions import MOST_SLOTS, answer_slot, end_slot
from federation.pools.slots.errors import SlotOver, SlotThere, TooManySlots
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from federation.pools.slots.queries import own_slots, planned_slots
from rota.open_hours.fixed_slots.actions import propose_slot
from rota.open_hours.fixed_slots.errors import NoSuchSeries
from rota.open_hours.queries import PublicHours, public_hours
from rota.shifts.models import Shift
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    everything,
)

WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
TWO = ("en", "ro")


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def confirmed(session: AsyncSession, pool: ExamplePool, **facts: Any) -> None:
    """Add a confirmed session of the series in two languages, one of them spoken by few."""
    shift = await a_shift(session, pool, **({"series": "tue-19", "languages": TWO} | facts))
    (await session.get_one(Shift, shift.id)).open = True
    await session.flush()


async def shown(session: AsyncSession, pool_id: UUID) -> PublicHours:
    await session.flush()
    slug = await session.scalar(select(Pool.slug).where(Pool.id == pool_id))
    return await public_hours(await session.connection(), str(slug), NOW, NOW + 4 * WEEK)


async def told(session: AsyncSession, pool: ExamplePool) -> list[tuple[str, ...]]:
    return [each.languages for each in (await shown(session, pool.id)).hours]


async def revision(session: AsyncSession, pool: ExamplePool) -> int:
    found = await session.scalar(select(Pool.revision).where(Pool.id == pool.id))
    return int(found or 0)


async def speaker(session: AsyncSession, pool: ExamplePool, *languages: str) -> Worker:
    return await a_worker(session, pool.id, pool.coordinator, languages=languages or TWO)


async def proposed(session: AsyncSession, pool: ExamplePool) -> UUID:
    return (await propose_slot(session, pool.coordinator, pool.id, "tue-19", "ro", NOW)).id


async def test_shown_while_every_speaker_agrees_and_hidden_at_once_by_one_no(
    session: AsyncSession, pool: ExamplePool
) -> None:
    first, second = await speaker(session, pool), await speaker(session, pool)
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    assert await told(session, pool) == [()]
    await answer_slot(session, first.asker, slot, NOW, agrees=True)
    assert await told(session, pool) == [()]
    await answer_slot(session, second.asker, slot, NOW, agrees=True)
    assert await told(session, pool) == [("ro",)]
    before = await revision(session, pool)
    await answer_slot(session, first.asker, slot, NOW, agrees=False)
    assert await told(session, pool) == [()]
    assert await revision(session, pool) > before
    # of a no that was taken back nothing is kept
    left = await session.scalars(select(SlotAgreement.handle_id))
    assert left.all() == [second.handle]


async def test_only_sessions_of_the_series_at_the_agreed_time_show_it(
    session: AsyncSession, pool: ExamplePool
) -> None:
    alone = await speaker(session, pool)
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    await answer_slot(session, alone.asker, slot, NOW, agrees=True)
    await confirmed(session, pool, starts=TUESDAY_19 + WEEK)
    # moved by an hour, on another day, of another series, of none
    await confirmed(session, pool, starts=TUESDAY_19 + 2 * WEEK + HOUR)
    await confirmed(session, pool, starts=TUESDAY_19 + 24 * HOUR)
    await confirmed(session, pool, starts=TUESDAY_19 + 48 * HOUR, series="thu-19")
    await confirmed(session, pool, starts=TUESDAY_19 + 3 * WEEK, series=None)
    hours = (await shown(session, pool.id)).hours
    assert [each.start for each in hours if "ro" in each.languages] == [
        TUESDAY_19,
        TUESDAY_19 + WEEK,
    ]


async def test_a_new_speaker_hides_it_until_they_agree_and_is_asked(
    session: AsyncSession, pool: ExamplePool
) -> None:
    first = await speaker(session, pool)
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    await answer_slot(session, first.asker, slot, NOW, agrees=True)
    newcomer = await speaker(session, pool)
    assert await told(session, pool) == [()]
    assert await asked(session) == {first.id, newcomer.id}
    await answer_slot(session, newcomer.asker, slot, NOW, agrees=True)
    assert await told(session, pool) == [("ro",)]
    # somebody learns the language; three would show it everywhere, so the pool asks for four
    await session.execute(update(Pool).where(Pool.id == pool.id).values(speakers_shown_from=4))
    third = await speaker(session, pool, "nl")
    assert await told(session, pool) == [("ro",)]
    (await session.get_one(Person, third.id)).languages = ["nl", "ro"]
    await restate_handles(session, third.id, NOW)
    assert await told(session, pool) == [()]
    assert third.id in await asked(session)


async def test_a_host_asks_the_rule_anew_whatever_was_stored(
    session: AsyncSession, pool: ExamplePool
) -> None:
    """A program of before 0012 may still give somebody a handle, and looks at no slot."""
    first, newcomer = await speaker(session, pool), await speaker(session, pool, "nl")
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    await answer_slot(session, first.asker, slot, NOW, agrees=True)
    assert await told(session, pool) == [("ro",)]
    (await session.get_one(Handle, newcomer.handle)).languages = ["ro"]
    assert await told(session, pool) == [()]
    for worker in (first, newcomer):
        (await session.get_one(Handle, worker.handle)).retired_at = NOW
    assert await told(session, pool) == [()]


async def test_who_leaves_no_longer_counts_and_with_the_last_speaker_it_is_hidden(
    session: AsyncSession, pool: ExamplePool
) -> None:
    first, second = await speaker(session, pool), await speaker(session, pool)
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    await answer_slot(session, first.asker, slot, NOW, agrees=True)
    (await session.get_one(Person, second.id)).left_at = NOW
    await restate_handles(session, second.id, NOW)
    assert await told(session, pool) == [("ro",)]
    (await session.get_one(Person, first.id)).left_at = NOW
    await restate_handles(session, first.id, NOW)
    assert await told(session, pool) == [()]
    assert (await session.scalars(select(SlotAgreement.slot_id))).all() == []


async def test_a_yes_does_not_outlive_speaking_the_language(
    session: AsyncSession, pool: ExamplePool
) -> None:
    alone = await speaker(session, pool)
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    await answer_slot(session, alone.asker, slot, NOW, agrees=True)
    for languages in (["en"], list(TWO)):
        (await session.get_one(Person, alone.id)).languages = languages
        await restate_handles(session, alone.id, NOW)
        assert (await session.scalars(select(SlotAgreement.slot_id))).all() == []
    assert await told(session, pool) == [()]


async def test_regular_hours_before_they_are_confirmed_follow_the_same_rule(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await set_publication(
        session, pool.coordinator, pool.id, NOW, planned=True, message_languages=["ro"]
    )
    alone = await speaker(session, pool)
    await a_shift(session, pool, TUESDAY_19 + WEEK, series="tue-19", languages=TWO)
    slot = await proposed(session, pool)
    found = await shown(session, pool.id)
    assert [(each.status, each.languages) for each in found.hours] == [("planned", ())]
    assert found.by_message == ("ro",)
    await answer_slot(session, alone.asker, slot, NOW, agrees=True)
    found = await shown(session, pool.id)
    assert [(each.status, each.languages) for each in found.hours] == [("planned", ("ro",))]
    # whoever reads that somebody is there need not be told to leave a message
    assert found.by_message == ()


async def test_nobody_but_the_speaker_answers(session: AsyncSession, pool: ExamplePool) -> None:
    alone = await speaker(session, pool)
    other = await speaker(session, pool, "en")
    stranger = await a_project(session)
    foreign = await a_pool(session, stranger)
    elsewhere = await a_worker(session, foreign.id, stranger, languages=TWO)
    supervisor = await a_worker(session, pool.id, pool.coordinator, "supervisor", languages=TWO)
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    reader = Asker(alone.id, alone.asker.project_id, alone.asker.roles, frozenset({"read"}))
    before = await everything(session)
    refusals = (
        (pool.coordinator, NotFound),
        (other.asker, NotFound),
        (elsewhere.asker, NotFound),
        (supervisor.asker, NotFound),
        (reader, NotAllowed),
    )
    for agrees in (True, False):
        for asker, refusal in refusals:
            with pytest.raises(refusal):
                await answer_slot(session, asker, slot, NOW, agrees=agrees)
    assert await everything(session) == before
    for asker, _ in refusals[:-1]:
        assert await own_slots(session, asker) == []
    assert [(one.slot.id, one.agrees) for one in await own_slots(session, alone.asker)] == [
        (slot, False)
    ]


async def test_only_who_plans_the_pool_proposes_lists_and_ends(
    session: AsyncSession, pool: ExamplePool
) -> None:
    alone = await speaker(session, pool)
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    stranger = await a_project(session)
    foreign = await a_pool(session, stranger)
    before = await everything(session)
    for asker, refusal in ((alone.asker, NotAllowed), (stranger, NotFound)):
        with pytest.raises(refusal):
            await propose_slot(session, asker, pool.id, "tue-19", "ro", NOW)
        with pytest.raises(refusal):
            await end_slot(session, asker, pool.id, slot, NOW)
        with pytest.raises(refusal):
            await planned_slots(session, asker, pool.id)
    with pytest.raises(NotFound):
        await end_slot(session, stranger, foreign.id, slot, NOW)
    assert await everything(session) == before


async def test_a_slot_needs_a_session_is_proposed_once_and_they_are_few(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await confirmed(session, pool)
    for series, language in (("nowhere", "ro"), ("tue-19", "nl")):
        with pytest.raises(NoSuchSeries):
            await propose_slot(session, pool.coordinator, pool.id, series, language, NOW)
    slot = await proposed(session, pool)
    with pytest.raises(SlotThere):
        await proposed(session, pool)
    kept = await session.get_one(LanguageSlot, slot)
    assert (kept.weekday, f"{kept.starts:%H:%M}", kept.zone) == (1, "19:00", "Europe/London")
    for number in range(MOST_SLOTS - 1):
        facts: dict[str, Any] = {"pool_id": pool.id, "series": str(number), "language": "ro"}
        facts |= {"weekday": 1}
        session.add(LanguageSlot(**facts, starts=kept.starts, zone=kept.zone))
    await session.flush()
    with pytest.raises(TooManySlots):
        await propose_slot(session, pool.coordinator, pool.id, "tue-19", "en", NOW)


async def test_an_ended_slot_shows_nothing_and_forgets_who_agreed(
    session: AsyncSession, pool: ExamplePool
) -> None:
    alone = await speaker(session, pool)
    await confirmed(session, pool)
    slot = await proposed(session, pool)
    await answer_slot(session, alone.asker, slot, NOW, agrees=True)
    await end_slot(session, pool.coordinator, pool.id, slot, NOW)
    assert await told(session, pool) == [()]
    assert (await session.scalars(select(SlotAgreement.slot_id))).all() == []
    with pytest.raises(SlotOver):
        await answer_slot(session, alone.asker, slot, NOW, agrees=True)
    # asked anew, nothing of the old yes counts
    assert await proposed(session, pool) != slot
    assert await told(session, pool) == [()]
    over = update(LanguageSlot).where(LanguageSlot.id == slot).values(agreed=True)
    with pytest.raises(IntegrityError, match="ck_language_slot_ended_is_not_agreed"):
        await session.execute(over)


async def asked(session: AsyncSession) -> set[UUID]:
    return set(await session.scalars(select(Notice.person_id).where(Notice.code == "slot-asked")))
