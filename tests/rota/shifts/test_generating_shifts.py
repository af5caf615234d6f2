import json
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.feeds.models import FeedEvent
from federation.partners.models import Partner
from federation.permissions.rules import Asker
from federation.pools.errors import NotTheHost
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.errors import TooFarAhead, UnknownZone, WrongPattern
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.shifts.rules.patterns import Answer, Timing
from rota.shifts.rules.staffing import Staffing
from tests.rota.example_rota import ExampleRota, example_rota

NOW = datetime(2027, 3, 15, 12, tzinfo=UTC)
EVENINGS = Timing(
    weekday=1, starts=time(19), minutes=120, zone="Europe/London", first_day=date(2027, 3, 1)
)
PAIR = Staffing(
    seats=("lead", "second", "supervisor"),
    briefing_minutes=15,
    debrief_minutes=20,
    languages=("en",),
    wanted_languages=("ro",),
    theme="Health",
    demand=2.5,
)


async def pattern_of(
    rota: ExampleRota, asker: Asker, weekly: Timing = EVENINGS, staffing: Staffing = PAIR
) -> UUID:
    return await make_pattern(
        rota.session,
        asker,
        pool_id=rota.pool.id,
        channel_id=rota.chat.id,
        series="tue-19",
        timing=weekly,
        staffing=staffing,
        now=NOW,
    )


async def test_shifts_and_seats_copy_pattern_and_channel(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    asker = rota.coordinator(new_id())
    made = await generate_shifts(
        session, asker, await pattern_of(rota, asker), date(2027, 4, 1), NOW
    )
    shifts = (await session.scalars(select(Shift).order_by(Shift.starts))).all()
    assert made.shifts == tuple(shift.id for shift in shifts)
    assert made.questions == ()
    assert [shift.starts for shift in shifts] == [
        datetime(2027, 3, 16, 19, tzinfo=UTC),
        datetime(2027, 3, 23, 19, tzinfo=UTC),
        datetime(2027, 3, 30, 18, tzinfo=UTC),
    ]
    first = shifts[0]
    assert (first.ends, first.zone, first.pattern_day) == (
        datetime(2027, 3, 16, 21, tzinfo=UTC),
        "Europe/London",
        date(2027, 3, 16),
    )
    assert (first.briefing_minutes, first.debrief_minutes, first.demand) == (15, 20, 2.5)
    assert (first.languages, first.wanted_languages, first.theme) == (["en"], ["ro"], "Health")
    assert (first.minimum_workers, first.minimum_supervisors) == (2, 1)
    assert (first.trainings, first.series, first.open) == (["netreach-core"], "tue-19", False)
    seats = await session.execute(
        select(Seat.role, Seat.state, func.count()).group_by(Seat.role, Seat.state)
    )
    assert sorted(tuple(row) for row in seats) == [
        ("lead", "open", 3),
        ("second", "open", 3),
        ("supervisor", "open", 3),
    ]


async def test_generated_twice_is_generated_once_and_longer_adds(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    asker = rota.coordinator(new_id())
    pattern_id = await pattern_of(rota, asker)
    counts = [
        len((await generate_shifts(session, asker, pattern_id, until, NOW)).shifts)
        for until in (date(2027, 4, 1), date(2027, 4, 1), date(2027, 4, 14))
    ]
    assert counts == [3, 0, 2]
    assert await session.scalar(select(func.count()).select_from(Seat)) == 15


async def test_each_shift_is_announced_with_its_seats(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    asker = rota.coordinator(new_id())
    before = rota.pool.revision
    pattern_id = await pattern_of(rota, asker)
    made = await generate_shifts(session, asker, pattern_id, date(2027, 3, 24), NOW)
    events = (await session.scalars(select(FeedEvent).order_by(FeedEvent.seq))).all()
    told = [json.loads(event.payload) for event in events if event.payload]
    assert [UUID(each["id"]) for each in told] == list(made.shifts)
    assert [seat["state"] for each in told for seat in each["seats"]] == ["open"] * 6
    await session.refresh(rota.pool)
    assert rota.pool.revision > before


async def test_the_past_is_not_made_but_what_runs_is(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    asker = rota.coordinator(new_id())
    nights = Timing(
        weekday=6, starts=time(22), minutes=480, zone="Europe/London", first_day=date(2027, 2, 1)
    )
    pattern_id = await pattern_of(rota, asker, nights)
    during = datetime(2027, 3, 15, 3, tzinfo=UTC)
    await generate_shifts(session, asker, pattern_id, date(2027, 3, 22), during)
    days = await session.scalars(select(Shift.pattern_day).order_by(Shift.pattern_day))
    assert days.all() == [date(2027, 3, 14), date(2027, 3, 21)]


async def test_missing_local_time_is_asked_and_answered_without_doubling(
    session: AsyncSession,
) -> None:
    rota = await example_rota(session, now=NOW)
    asker = rota.coordinator(new_id())
    sundays = Timing(
        weekday=6, starts=time(1, 30), minutes=60, zone="Europe/London", first_day=date(2027, 3, 1)
    )
    pattern_id = await pattern_of(rota, asker, sundays)
    until, day = date(2027, 4, 5), date(2027, 3, 28)
    asked = await generate_shifts(session, asker, pattern_id, until, NOW)
    assert (len(asked.shifts), [each.day for each in asked.questions]) == (2, [day])
    answers = {day: Answer(time(2), 60)}
    told = await generate_shifts(session, asker, pattern_id, until, NOW, answers=answers)
    assert (len(told.shifts), told.questions) == (1, ())
    starts = await session.scalar(select(Shift.starts).where(Shift.pattern_day == day))
    assert starts == datetime(2027, 3, 28, 1, tzinfo=UTC)


async def test_pattern_and_shifts_are_audited_by_ids_only(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    asker = rota.coordinator(new_id())
    pattern_id = await pattern_of(rota, asker)
    made = await generate_shifts(session, asker, pattern_id, date(2027, 3, 24), NOW)
    rows = await session.execute(
        select(AuditEntry.actor, AuditEntry.verb, AuditEntry.subject_id, AuditEntry.facts)
        .where(AuditEntry.subject == "shift_pattern")
        .order_by(AuditEntry.id)
    )
    assert [tuple(row) for row in rows] == [
        (str(asker.person_id), "pattern-made", pattern_id, {}),
        (
            str(asker.person_id),
            "shifts-made",
            pattern_id,
            {"shifts": [str(each) for each in made.shifts]},
        ),
    ]


async def test_others_are_refused_and_nothing_is_made(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    coordinator = rota.coordinator(new_id())
    pattern_id = await pattern_of(rota, coordinator)
    stranger = Asker(new_id(), new_id(), frozenset({"coordinator"}))
    worker = Asker(new_id(), rota.project.id, frozenset({"worker"}))
    reader = Asker(new_id(), rota.project.id, frozenset({"coordinator"}), frozenset({"read"}))
    for asker, refusal in ((stranger, NotFound), (worker, NotAllowed), (reader, NotAllowed)):
        with pytest.raises(refusal):
            await generate_shifts(session, asker, pattern_id, date(2027, 4, 1), NOW)
        with pytest.raises(refusal):
            await pattern_of(rota, asker)
    with pytest.raises(NotFound):
        await generate_shifts(session, coordinator, new_id(), date(2027, 4, 1), NOW)
    assert await session.scalar(select(func.count()).select_from(Shift)) == 0
    assert await session.scalar(select(func.count()).select_from(ShiftPattern)) == 1


async def test_a_pool_hosted_elsewhere_is_changed_there(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    partner = Partner(
        node_id="south",
        name="South",
        base_url="https://south.example",
        state="joined",
        document="",
        document_version=1,
        keys={},
        words=[],
        we_grant=[],
        they_grant=[],
        met_at=NOW,
    )
    await rota.add(partner)
    rota.pool.host = "south"
    with pytest.raises(NotTheHost):
        await pattern_of(rota, rota.coordinator(new_id()))


async def test_another_pools_channel_is_unknown(session: AsyncSession) -> None:
    rota, other = await example_rota(session, now=NOW), await example_rota(session, now=NOW)
    with pytest.raises(NotFound):
        await make_pattern(
            session,
            rota.coordinator(new_id()),
            pool_id=rota.pool.id,
            channel_id=other.chat.id,
            series="x",
            timing=EVENINGS,
            staffing=PAIR,
            now=NOW,
        )


async def test_wrong_facts_are_refused_with_all_reasons(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    asker = rota.coordinator(new_id())
    wrong = Staffing(
        seats=("lead", "boss"),
        briefing_minutes=-1,
        languages=("English",),
        demand=float("nan"),
    )
    with pytest.raises(WrongPattern) as refused:
        await pattern_of(rota, asker, staffing=wrong)
    assert [reason.code for reason in refused.value.reasons] == [
        "unknown-seat",
        "too-few-seats",
        "wrong-meeting",
        "wrong-language",
        "wrong-demand",
    ]
    unknown = Timing(
        weekday=1, starts=time(19), minutes=60, zone="Europe/Leeds", first_day=date(2027, 3, 1)
    )
    with pytest.raises(UnknownZone):
        await pattern_of(rota, asker, unknown)
    pattern_id = await pattern_of(rota, asker)
    with pytest.raises(TooFarAhead):
        await generate_shifts(session, asker, pattern_id, NOW.date() + timedelta(days=401), NOW)
