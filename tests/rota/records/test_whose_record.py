"""Whose record it is: who sat there, whatever their seat or the host's word becomes later."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.pools.models import Pool
from federation.pools.settings import set_consent
from rota.records.actions import erase_record, keep_record
from rota.records.models import SessionRecord
from rota.records.queries import record_seen
from rota.records.rules.drafts import Draft
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat, release_claim
from tests.rota.records.world import DEBRIEF, done, hour_sums, sums, talk
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Planned,
    Worker,
    a_shift,
    a_worker,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_who_gives_up_the_seat_while_the_session_runs_finishes_the_record(
    session: AsyncSession, pool: ExamplePool, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    begun = Draft(contacts=[talk()])
    await keep_record(session, worker.asker, shift.id, begun, TUESDAY_19)
    claim = (await record_seen(session, worker.asker, shift.id)).sat.claim_id
    await release_claim(session, worker.asker, claim, TUESDAY_19 + HOUR)
    seen = await record_seen(session, worker.asker, shift.id)
    assert (seen.draft, seen.sat.held) == (begun, False)
    await keep_record(session, worker.asker, shift.id, done(talk()), DEBRIEF)
    assert (await sums(session, pool))["2027-01", "contacts", "talked"] == 1
    await erase_record(session, worker.asker, shift.id, DEBRIEF)
    assert await sums(session, pool) == {}


async def test_who_gave_up_the_seat_before_the_session_has_no_record(
    session: AsyncSession, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    claim = (await record_seen(session, worker.asker, shift.id)).sat.claim_id
    await release_claim(session, worker.asker, claim, TUESDAY_19)
    with pytest.raises(NotFound):
        await keep_record(session, worker.asker, shift.id, done(talk()), DEBRIEF)


async def late_word(session: AsyncSession, shift_id: UUID, **said: Any) -> None:
    """Let a host say something of a session that was held at home as planned."""
    await session.execute(update(Shift).where(Shift.id == shift_id).values(**said))
    session.expire_all()


@pytest.mark.parametrize(
    "said",
    [
        {"cancelled_at": TUESDAY_19},
        {"starts": TUESDAY_19 + 28 * DAY, "ends": TUESDAY_19 + 28 * DAY + 2 * HOUR},
        {"starts": TUESDAY_19 - 7 * DAY, "ends": TUESDAY_19 - 7 * DAY + 2 * HOUR},
    ],
    ids=["called off", "moved to later", "moved to earlier"],
)
@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland"])
async def test_what_a_host_says_late_takes_nobodys_record_away(
    session: AsyncSession,
    pool: ExamplePool,
    held: tuple[Planned, Worker],
    said: dict[str, Any],
    zone: str,
) -> None:
    shift, worker = held
    asker, shift_id = worker.asker, shift.id
    begun = done(talk(), talk(language="ro"))
    await keep_record(session, asker, shift_id, begun, DEBRIEF)
    await late_word(session, shift_id, **said)
    (await session.get_one(Pool, pool.id)).zone = zone
    fewer = done(talk())
    await keep_record(session, asker, shift_id, fewer, DEBRIEF)
    assert (await record_seen(session, asker, shift_id)).draft == fewer
    counted = await sums(session, pool)
    assert sum(n for (_, of, _), n in counted.items() if of == "contacts") == 1
    assert sum((await hour_sums(session, pool)).values()) == 1
    await erase_record(session, asker, shift_id, DEBRIEF)
    assert (await sums(session, pool), await hour_sums(session, pool)) == ({}, {})
    # with it nothing is left that somebody could write to
    if "cancelled_at" in said:
        with pytest.raises(NotFound):
            await keep_record(session, asker, shift_id, fewer, DEBRIEF)


async def test_a_record_begun_before_its_session_was_moved_is_kept_by_its_new_day(
    session: AsyncSession, pool: ExamplePool, held: tuple[Planned, Worker]
) -> None:
    shift, worker = held
    asker, shift_id = worker.asker, shift.id
    await keep_record(session, asker, shift_id, done(talk()), DEBRIEF)
    week = 7 * DAY
    await late_word(session, shift_id, starts=TUESDAY_19 + 4 * week, ends=DEBRIEF + 4 * week)
    moved = done(talk(at=TUESDAY_19 + 4 * week))
    await keep_record(session, asker, shift_id, moved, DEBRIEF + 4 * week)
    assert await session.scalar(select(SessionRecord.day)) == date(2027, 2, 2)
    counted = await sums(session, pool)
    assert {month for month, _, _ in counted} == {"2027-02"}
    assert counted["2027-02", "contacts", "talked"] == 1
    assert await hour_sums(session, pool) == {("2027-02-01", 43, "en", "talked"): 1}


async def test_who_only_asked_for_the_seat_has_no_record(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await set_consent(session, pool.coordinator, pool.id, NOW, needed=True)
    shift = await a_shift(session, pool)
    worker = await a_worker(session, pool.id, pool.coordinator)
    asked = await claim_seat(session, worker.asker, shift.lead, NOW)
    await release_claim(session, worker.asker, asked.id, TUESDAY_19 + HOUR)
    with pytest.raises(NotFound):
        await keep_record(session, worker.asker, shift.id, done(talk()), DEBRIEF)
