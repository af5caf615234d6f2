"""What a person's own calendar says counts on every path that seats somebody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import OutboxRow
from federation.access.seal import Seal
from federation.errors import NotAllowed, NotFound, Refusal
from federation.pools.models import Pool
from rota.availability.actions import set_availability
from rota.availability.rules import Weekly
from rota.busy_times.actions import (
    MOST,
    add_busy_calendar,
    forget_busy_calendars,
    keep_busy_times,
    keep_failure,
    open_address,
    read_busy_calendar_now,
    remove_busy_calendar,
)
from rota.busy_times.errors import TooManyBusyCalendars, WrongAddress
from rota.busy_times.models import BusyCalendar
from rota.busy_times.queries import busy_calendars_of
from rota.busy_times.rules.addresses import calendar_address
from rota.claims.errors import ClaimRefused
from rota.offers.actions import state_offers
from rota.plans.queries import scenario_for
from rota.shifts.rules.spans import Span
from rota.sign_up.actions import claim_seat
from rota.sign_up.proposals import decide_proposal, propose
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_person,
    a_pool,
    a_project,
    a_shift,
    a_worker,
    claim_now,
    everything,
)

ADDRESS = "https://calendar.example.org/private-5f2c/basic.ics"
EVENINGS = Weekly(1, time(18), 240, "Europe/London", 2)
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=3, minutes=1)


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    return Seal.open(tmp_path)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def busy(
    session: AsyncSession, worker: Worker, seal: Seal, *spans: Span, at: datetime = NOW
) -> BusyCalendar:
    """Let a worker's calendar say that these times are taken."""
    calendar = await add_busy_calendar(session, worker.asker, ADDRESS, "Work", seal, at)
    await keep_busy_times(session, calendar.id, spans, at)
    return calendar


async def codes(action: Any) -> Sequence[str]:
    with pytest.raises(ClaimRefused) as refused:
        await action
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.parametrize(
    ("begins", "ends", "refused"),
    [
        (-0.5, -0.25, []),
        (-0.5, -0.24, ["busy-elsewhere"]),
        (0.9, 1.1, ["busy-elsewhere"]),
        (2.2, 5, ["busy-elsewhere"]),
        (2.25, 5, []),
        (-40, 40, ["busy-elsewhere"]),
    ],
)
async def test_bug_6_busy_anywhere_in_the_span_counts_meetings_included(
    session: AsyncSession,
    pool: ExamplePool,
    seal: Seal,
    begins: float,
    ends: float,
    refused: list[str],
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    shift = await a_shift(session, pool)
    await busy(session, worker, seal, Span(TUESDAY_19 + begins * HOUR, TUESDAY_19 + ends * HOUR))
    action = claim_seat(session, worker.asker, shift.lead, NOW)
    if refused:
        assert await codes(action) == refused
    else:
        assert (await action).state == "held"


async def test_the_reason_does_not_say_what_it_is(
    session: AsyncSession, pool: ExamplePool, seal: Seal
) -> None:
    """Neither to the person who looks over a shoulder, nor to the coordinator who assigns."""
    worker = await a_worker(session, pool.id, pool.coordinator)
    shift = await a_shift(session, pool)
    await busy(session, worker, seal, Span(TUESDAY_19, TUESDAY_19 + HOUR))
    for asker, whom in ((worker.asker, None), (pool.coordinator, worker.display)):
        with pytest.raises(ClaimRefused) as caught:
            await claim_seat(session, asker, shift.lead, NOW, worker=whom)
        [reason] = caught.value.reasons
        assert reason.text == (
            "Something else is entered for part of this time, the meetings of the shift included. "
            "The worker can change it under Availability."
        )


async def test_the_busy_times_of_all_calendars_count_and_of_nobody_else(
    session: AsyncSession, pool: ExamplePool, seal: Seal
) -> None:
    worker, other = [await a_worker(session, pool.id, pool.coordinator) for _ in range(2)]
    shift = await a_shift(session, pool)
    await busy(session, worker, seal, Span(TUESDAY_19 + 50 * HOUR, TUESDAY_19 + 51 * HOUR))
    await busy(session, worker, seal, Span(TUESDAY_19, TUESDAY_19 + HOUR))
    assert await codes(claim_seat(session, worker.asker, shift.lead, NOW)) == ["busy-elsewhere"]
    assert (await claim_seat(session, other.asker, shift.lead, NOW)).state == "held"


async def proposed(
    session: AsyncSession, pool: ExamplePool, worker: Worker, weeks: int, now: datetime
) -> tuple[str, list[str]]:
    """Let a plan propose a seat and home decide; gives how it ended, and why."""
    shift = await a_shift(session, pool, TUESDAY_19 + timedelta(weeks=weeks))
    claim_id = new_id()
    await propose(session, claim_id, shift.lead, worker.handle, now, origin="plan")
    await decide_proposal(session, claim_id, now)
    claim = await claim_now(session, claim_id)
    return claim.state, [reason["code"] for reason in claim.reasons]


async def test_a_failure_never_means_free(
    session: AsyncSession, pool: ExamplePool, seal: Seal
) -> None:
    """What was read last holds; after three days no plan seats them, they themselves still may."""
    worker = await a_worker(session, pool.id, pool.coordinator)
    next_week = TUESDAY_19 + timedelta(weeks=1)
    calendar = await busy(session, worker, seal, Span(next_week, next_week + HOUR))
    await keep_failure(session, calendar.id, "fetch-failed", NOW + HOUR)
    assert await proposed(session, pool, worker, 1, NOW + HOUR) == ("refused", ["busy-elsewhere"])
    assert await proposed(session, pool, worker, 2, NOW + HOUR) == ("held", [])
    assert await proposed(session, pool, worker, 3, LATER) == ("refused", ["times-not-known"])
    busy_then, free_then = [
        await a_shift(session, pool, TUESDAY_19 + timedelta(weeks=weeks)) for weeks in (1, 4)
    ]
    assert await codes(claim_seat(session, worker.asker, busy_then.lead, LATER)) == [
        "busy-elsewhere"
    ]
    assert (await claim_seat(session, worker.asker, free_then.lead, LATER)).state == "held"


async def test_a_calendar_that_never_could_be_read_says_nothing(
    session: AsyncSession, pool: ExamplePool, seal: Seal
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    await add_busy_calendar(session, worker.asker, ADDRESS, "Work", seal, NOW)
    assert await proposed(session, pool, worker, 1, NOW) == ("refused", ["times-not-known"])
    shift = await a_shift(session, pool)
    assert (await claim_seat(session, worker.asker, shift.lead, NOW)).state == "held"


async def own_time(session: AsyncSession, pool: ExamplePool, now: datetime) -> dict[str, Any]:
    found = await session.get_one(Pool, pool.id)
    written = await scenario_for(session, found, date(2027, 1, 4), date(2027, 1, 11), now)
    [worker] = written["workers"]
    return {name: worker[name] for name in ("available", "busy")}


async def test_a_scenario_has_busy_times_and_no_time_that_is_not_known(
    session: AsyncSession, pool: ExamplePool, seal: Seal
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    await set_availability(session, worker.asker, worker.id, [EVENINGS], NOW)
    await busy(session, worker, seal, Span(TUESDAY_19, TUESDAY_19 + HOUR))
    known = await own_time(session, pool, NOW)
    assert known["busy"] == [{"start": "2027-01-05T19:00:00Z", "end": "2027-01-05T20:00:00Z"}]
    assert len(known["available"]) == 2
    assert (await own_time(session, pool, LATER))["available"] == []


async def test_offers_leave_busy_times_out_and_what_is_not_known(
    nodes: TwoNodes, seal: Seal
) -> None:
    worker = await nodes.worker()
    await nodes.shift(lambda session: a_shift(session, nodes.pool))
    second = await nodes.shift(
        lambda session: a_shift(session, nodes.pool, TUESDAY_19 + timedelta(weeks=1))
    )
    async with nodes.home.door() as session:
        await set_availability(session, worker.asker, worker.id, [EVENINGS], NOW)
        await busy(session, worker, seal, Span(TUESDAY_19, TUESDAY_19 + HOUR))
        await state_offers(session, NOW)
    [stated] = await nodes.home.said("offers.stated")
    assert stated.content["offers"] == [{"shift": str(second.id), "preference": 2}]
    async with nodes.home.door() as session:
        await state_offers(session, LATER)
    assert (await nodes.home.said("offers.stated"))[-1].content["offers"] == []
    private = b"".join(said.payload for said in await nodes.home.said())
    assert b"busy" not in private
    assert b"calendar.example.org" not in private


async def refused(session: AsyncSession, kind: type[Refusal], action: Any) -> None:
    before = await everything(session)
    with pytest.raises(kind):
        async with session.begin_nested():
            await action
    assert await everything(session) == before


async def test_nobody_else_sees_changes_or_removes_a_calendar(
    session: AsyncSession, pool: ExamplePool, seal: Seal
) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    colleague = await a_person(session, pool.coordinator.project_id, "worker")
    calendar = await busy(session, worker, seal)
    assert [one.id for one in await busy_calendars_of(session, worker.asker)] == [calendar.id]
    for asker in (pool.coordinator, colleague):
        assert await busy_calendars_of(session, asker) == []
        for action in (read_busy_calendar_now, remove_busy_calendar):
            await refused(session, NotFound, action(session, asker, calendar.id, NOW))
    reader = replace(worker.asker, scopes=frozenset({"read"}))
    await refused(session, NotAllowed, remove_busy_calendar(session, reader, calendar.id, NOW))
    await refused(session, NotAllowed, read_busy_calendar_now(session, reader, calendar.id, NOW))
    await refused(
        session, NotAllowed, add_busy_calendar(session, reader, ADDRESS, "Work", seal, NOW)
    )


async def test_a_few_calendars_are_enough(
    session: AsyncSession, pool: ExamplePool, seal: Seal
) -> None:
    for _ in range(MOST):
        await add_busy_calendar(session, pool.coordinator, ADDRESS, "Work", seal, NOW)
    await refused(
        session,
        TooManyBusyCalendars,
        add_busy_calendar(session, pool.coordinator, ADDRESS, "Work", seal, NOW),
    )


async def test_the_address_is_sealed_and_a_leavers_is_forgotten(
    session: AsyncSession, pool: ExamplePool, seal: Seal
) -> None:
    asker = pool.coordinator
    calendar = await add_busy_calendar(session, asker, ADDRESS, "Work", seal, NOW)
    assert ADDRESS.encode() not in calendar.address
    assert await open_address(session, calendar.id, seal) == (ADDRESS, "Europe/London")
    await forget_busy_calendars(session, asker.person_id, NOW)
    assert await open_address(session, calendar.id, seal) is None
    asked = await session.scalars(select(OutboxRow.kind).where(OutboxRow.kind == "offers"))
    assert list(asked) == ["offers"]


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        (" https://calendar.example.org/a.ics\n", "https://calendar.example.org/a.ics"),
        ("webcal://calendar.example.org/a?b=c", "https://calendar.example.org/a?b=c"),
        ("WEBCALS://calendar.example.org/a", "https://calendar.example.org/a"),
        ("HTTPS://calendar.example.org:8443/a", "HTTPS://calendar.example.org:8443/a"),
        ("http://calendar.example.org/a", None),
        ("ftp://calendar.example.org/a", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("https:///a", None),
        ("https://[::1/a", None),
        ("https://example.org:99999/a", None),
        ("https://me:secret@example.org/a", None),
        ("https://example.org/a b", None),
        ("https://example.org/\x00", None),
        (f"https://example.org/{'a' * 2000}", None),
        ("", None),
    ],
)
def test_which_addresses_are_taken(entered: str, kept: str | None) -> None:
    if kept is not None:
        assert calendar_address(entered, plain_allowed=False) == kept
        return
    with pytest.raises(WrongAddress):
        calendar_address(entered, plain_allowed=False)
