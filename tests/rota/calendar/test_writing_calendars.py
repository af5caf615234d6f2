"""A calendar is written when it is asked for: what that costs, and what it remembers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from rota.bookings.models import Booking
from rota.calendar.actions import (
    calendar_changed,
    make_address,
)
from rota.calendar.feeds.actions import write_feed
from rota.calendar.models import PersonCalendar
from tests.rota.calendar.test_calendar_addresses import (
    LATER,
    NOW,
    TUESDAY,
    address_id,
    body,
    feed,
    stored,
)
from tests.rota.example_rota import example_rota


@pytest.mark.parametrize(("seats", "devices"), [(1, 1), (3, 3)])
async def test_writing_takes_five_statements_however_much_is_held(
    session: AsyncSession, engine: AsyncEngine, seats: int, devices: int
) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    secret, *_ = [
        await make_address(session, worker.person_id, "Phone", "Shift", NOW) for _ in range(devices)
    ]
    for day in range(seats):
        await rota.hold(await rota.shift(TUESDAY + timedelta(days=day)), worker)
    held = await address_id(session, secret)
    with statements(engine) as first:
        await write_feed(session, held, LATER)
    with statements(engine) as again:
        await write_feed(session, held, LATER)
    assert (first, again) == (["SELECT"] * 3 + ["INSERT", "UPDATE"], ["SELECT"] * 3)
    assert await session.scalar(select(func.count()).select_from(Booking)) == seats


@pytest.mark.parametrize("devices", [0, 1, 3])
async def test_a_change_costs_one_small_statement_and_writes_no_feed(
    session: AsyncSession, engine: AsyncEngine, devices: int
) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    secrets = [
        await make_address(session, worker.person_id, "Phone", "Shift", NOW) for _ in range(devices)
    ]
    before = [await body(session, secret) for secret in secrets]
    await rota.hold(await rota.shift(TUESDAY), worker)
    with statements(engine) as made:
        await calendar_changed(session, worker.person_id, LATER)
    assert made == ["UPDATE"]
    assert [await stored(session, secret) for secret in secrets] == before
    counted = (
        await session.execute(select(PersonCalendar.revision, PersonCalendar.changed_at))
    ).all()
    assert [tuple(each) for each in counted] == ([(2, LATER)] if devices else [])
    assert [len(await feed(session, secret)) for secret in secrets] == [1] * devices


async def test_changes_within_one_second_are_told_apart(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    for at in (LATER, LATER, NOW):
        await calendar_changed(session, worker.person_id, at)
    assert await session.scalar(select(PersonCalendar.changed_at)) == LATER + timedelta(seconds=2)


async def test_a_seat_given_back_and_held_again_keeps_its_uid_and_rises(
    session: AsyncSession,
) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    shift = await rota.shift(TUESDAY)
    await rota.hold(shift, worker)
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    (before,) = await feed(session, secret)
    shift.cancelled_at = LATER
    await calendar_changed(session, worker.person_id, LATER)
    assert await feed(session, secret) == []
    shift.cancelled_at = None
    await calendar_changed(session, worker.person_id, LATER)
    (after,) = await feed(session, secret)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], "1")
    assert after["LAST-MODIFIED"] > before["LAST-MODIFIED"]


async def test_what_an_older_version_made_is_written_with_the_first_request(
    session: AsyncSession,
) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    await rota.hold(await rota.shift(TUESDAY), worker)
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    await session.execute(delete(PersonCalendar))
    assert len(await feed(session, secret)) == 1


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """Note the first word of each statement."""
    found: list[str] = []

    def note(*facts: object) -> None:
        found.append(str(facts[2]).split()[0])

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield found
    event.remove(engine.sync_engine, "before_cursor_execute", note)
