"""A series is changed from a day on: named after the bugs that other systems shipped."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import OutboxRow
from federation.errors import NotAllowed, NotFound, Refusal
from federation.feeds.models import FeedEvent
from federation.notices.models import Notice
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from rota.bookings.models import Booking
from rota.passport.actions import PASSPORT
from rota.shifts.actions import generate_shifts, make_pattern
from rota.shifts.changing import staffing_of_shift
from rota.shifts.errors import PastIsKept
from rota.shifts.models import Seat, Shift, ShiftPattern
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from rota.timetable.actions import ShiftDraft, cancel_shift, change_shift
from rota.timetable.changes import (
    answer_question,
    change_series,
    end_series,
    make_ahead,
    preview_change,
)
from rota.timetable.series import Wanted
from tests.rota.example_rota import ExampleRota, example_rota
from tests.rota.world import everything

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
UNTIL = date(2027, 4, 14)
SINCE = date(2027, 3, 10)
TUESDAYS = Timing(
    weekday=1, starts=time(19), minutes=120, zone="Europe/London", first_day=date(2027, 3, 1)
)
LATER = replace(TUESDAYS, starts=time(20))
WEDNESDAYS = replace(TUESDAYS, weekday=2)
PAIR = Staffing(seats=("lead", "second", "supervisor"), languages=("en",))


async def furnish(
    rota: ExampleRota, timing: Timing = TUESDAYS, until: date = UNTIL, staffing: Staffing = PAIR
) -> tuple[Asker, UUID, list[UUID]]:
    asker = rota.coordinator(new_id())
    pattern_id = await make_pattern(
        rota.session,
        asker,
        pool_id=rota.pool.id,
        channel_id=rota.forum.id if len(staffing.seats) < 3 else rota.chat.id,
        series="tue",
        timing=timing,
        staffing=staffing,
        now=NOW,
    )
    made = await generate_shifts(rota.session, asker, pattern_id, until, NOW)
    return asker, pattern_id, list(made.shifts)


async def standing(session: AsyncSession) -> list[datetime]:
    found = await session.scalars(
        select(Shift.starts).where(Shift.cancelled_at.is_(None)).order_by(Shift.starts)
    )
    return list(found)


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=UTC)


@pytest.fixture
async def rota(session: AsyncSession) -> ExampleRota:
    return await example_rota(session, now=NOW)


async def sit(rota: ExampleRota, shift_id: UUID, *, able: bool = True) -> UUID:
    """Let somebody of this node hold the lead of a shift; gives the person.

    Who is not able has no role any more, and so cannot stay when asked again.
    """
    handle = await rota.person("en")
    shift = await rota.session.get_one(Shift, shift_id)
    shift.trainings = []
    seat = await rota.session.scalar(
        select(Seat).where(Seat.shift_id == shift_id, Seat.role == "lead")
    )
    assert seat is not None
    seat.state = "held"
    await rota.hold_seat(seat, shift, handle)
    assert handle.person_id is not None
    if able:
        await grant_role(rota.session, OPERATOR, person_id=handle.person_id, role="worker", now=NOW)
    return handle.person_id


async def make_exceptions(rota: ExampleRota, asker: Asker, shifts: list[UUID]) -> None:
    """Move the first by an hour, give the second a theme, call off the third."""
    session = rota.session
    for shift_id, by, theme in ((shifts[0], 1, None), (shifts[1], 0, "Tax")):
        shift = await session.get_one(Shift, shift_id)
        later = timedelta(hours=by)
        staffing = replace(await staffing_of_shift(session, shift), theme=theme)
        draft = ShiftDraft(starts=shift.starts + later, ends=shift.ends + later, staffing=staffing)
        await change_shift(session, asker, shift_id, draft, NOW)
    await cancel_shift(session, asker, shifts[2], NOW)


async def test_bug_18_a_series_edit_keeps_exceptions(
    session: AsyncSession, rota: ExampleRota
) -> None:
    asker, pattern_id, shifts = await furnish(rota)
    await make_exceptions(rota, asker, shifts[2:5])
    changed = await change_series(
        session, asker, pattern_id, Wanted(WEDNESDAYS, PAIR, date(2027, 3, 16)), NOW
    )
    assert await standing(session) == [
        at(3, 2, 19),
        at(3, 9, 19),
        at(3, 16, 20),  # moved by itself: stays on its Tuesday
        at(3, 23, 19),  # has a theme of its own
        # 30 March was called off, and no Wednesday takes its place
        at(4, 7, 18),
        at(4, 14, 18),
    ]
    assert (await session.get_one(Shift, shifts[3])).theme == "Tax"
    [moved] = [each for each, _ in changed.outcome.division.stays if each.shift_id == shifts[2]]
    assert moved.exception
    # and so does the next edit, and what is made by itself
    assert changed.pattern_id is not None
    again = await change_series(
        session, asker, changed.pattern_id, Wanted(replace(LATER, weekday=3), PAIR), NOW
    )
    await make_ahead(session, again.pattern_id, NOW)
    assert await standing(session) == [
        at(3, 4, 20),
        at(3, 11, 20),
        at(3, 16, 20),
        at(3, 23, 19),
        at(4, 8, 19),
        at(4, 15, 19),
    ]


async def test_bug_17_the_past_is_not_rewritten(session: AsyncSession, rota: ExampleRota) -> None:
    asker, pattern_id, shifts = await furnish(rota)
    during = at(3, 16, 20)
    past = [await session.get_one(Shift, each) for each in shifts[:3]]
    before = [(each.starts, each.ends, each.pattern_id, each.pattern_day) for each in past]
    for since in (during.date(), date(2027, 3, 9), date(2027, 2, 1)):
        with pytest.raises(PastIsKept):
            await change_series(session, asker, pattern_id, Wanted(LATER, PAIR, since), during)
    await change_series(session, asker, pattern_id, Wanted(LATER, PAIR), during)
    await end_series(session, asker, pattern_id, None, during)
    for each in past:
        await session.refresh(each)
    assert [(each.starts, each.ends, each.pattern_id, each.pattern_day) for each in past] == before
    assert await standing(session) == [at(3, 2, 19), at(3, 9, 19), at(3, 16, 19)]
    old = await session.get_one(ShiftPattern, pattern_id)
    assert (old.starts, old.last_day) == (time(19), date(2027, 3, 16))


async def test_this_and_later_leaves_what_is_before(
    session: AsyncSession, rota: ExampleRota
) -> None:
    asker, pattern_id, _ = await furnish(rota)
    await change_series(session, asker, pattern_id, Wanted(LATER, PAIR, date(2027, 3, 30)), NOW)
    assert await standing(session) == [
        at(3, 2, 19),
        at(3, 9, 19),
        at(3, 16, 19),
        at(3, 23, 19),
        at(3, 30, 19),
        at(4, 6, 19),
        at(4, 13, 19),
    ]
    assert (await session.get_one(ShiftPattern, pattern_id)).last_day == date(2027, 3, 29)


async def test_all_means_every_part_of_a_series_that_was_split(
    session: AsyncSession, rota: ExampleRota
) -> None:
    asker, pattern_id, shifts = await furnish(rota)
    split = await change_series(
        session, asker, pattern_id, Wanted(LATER, PAIR, date(2027, 3, 30)), NOW
    )
    nine = replace(TUESDAYS, starts=time(9))
    for named in (split.pattern_id, pattern_id):
        await change_series(session, asker, named, Wanted(nine, PAIR), NOW)
        found = await session.scalars(
            select(Shift.starts).where(Shift.id.in_(shifts)).order_by(Shift.starts)
        )
        assert [each.hour for each in found] == [9, 9, 9, 9, 8, 8, 8]
    live = await session.scalars(
        select(ShiftPattern.id).where(
            ShiftPattern.ended_at.is_(None), ShiftPattern.last_day.is_(None)
        )
    )
    assert len(list(live)) == 1


async def test_people_move_along_or_are_free_and_told(
    session: AsyncSession, rota: ExampleRota
) -> None:
    rota.chat.trainings = []
    asker, pattern_id, shifts = await furnish(rota)
    stays, leaves = await sit(rota, shifts[2]), await sit(rota, shifts[3], able=False)
    await change_series(
        session, asker, pattern_id, Wanted(WEDNESDAYS, PAIR, date(2027, 3, 16)), NOW
    )
    rows = await session.execute(
        select(Booking.person_id, Booking.during).where(
            Booking.person_id.in_([stays, leaves]), Booking.active
        )
    )
    assert [(person, during.lower) for person, during in rows] == [(stays, at(3, 17, 19))]
    seats = await session.execute(
        select(Seat.shift_id, Seat.state).where(Seat.shift_id.in_(shifts[2:4]), Seat.role == "lead")
    )
    assert dict(seats.all()) == {shifts[2]: "held", shifts[3]: "open"}
    told = await session.execute(
        select(Notice.person_id, Notice.text).where(Notice.person_id.in_([stays, leaves]))
    )
    assert dict(told.all()) == {
        stays: "There is a change in your plan on 17 March: a time was moved. "
        "Please look whether it suits you.",
        leaves: "There is a change in your plan on 24 March: a time was moved, and the new one "
        "does not fit for you. The seat is free for others.",
    }


async def test_a_preview_says_what_a_change_then_does(
    session: AsyncSession, rota: ExampleRota
) -> None:
    asker, pattern_id, shifts = await furnish(rota)
    await make_exceptions(rota, asker, shifts[2:5])
    before = await everything(session)
    wanted = Wanted(WEDNESDAYS, PAIR, SINCE)
    seen = await preview_change(session, asker, pattern_id, wanted, NOW)
    assert await everything(session) == before
    changed = await change_series(session, asker, pattern_id, wanted, NOW)
    assert changed.outcome == seen
    assert [each.shift_id for each, _ in seen.division.stays] == shifts[2:5]
    assert [each.shift_id for each, _ in seen.division.moves] == shifts[5:]
    assert (seen.division.ends, seen.division.fresh) == (
        [],
        [occurrence for occurrence in seen.division.fresh if occurrence.day == date(2027, 3, 10)],
    )


async def test_every_second_week_keeps_its_turn(session: AsyncSession, rota: ExampleRota) -> None:
    fortnightly = replace(TUESDAYS, every_weeks=2)
    asker, pattern_id, _ = await furnish(rota, fortnightly, date(2027, 5, 1))
    days = [at(3, 2, 19), at(3, 16, 19), at(3, 30, 18), at(4, 13, 18), at(4, 27, 18)]
    assert await standing(session) == days
    changed = await change_series(
        session, asker, pattern_id, Wanted(replace(fortnightly, weekday=0), PAIR), NOW
    )
    later = [day for day in await standing(session) if day > at(3, 10, 0)]
    assert later == [at(3, 15, 19), at(3, 29, 18), at(4, 12, 18), at(4, 26, 18)]
    assert changed.outcome.timing.first_day == date(2027, 3, 15)


async def test_fewer_seats_make_unclaimed_shifts_anew_and_leave_claimed_ones(
    session: AsyncSession, rota: ExampleRota
) -> None:
    four = replace(PAIR, seats=(*PAIR.seats, "observer"))
    asker, pattern_id, shifts = await furnish(rota, staffing=four)
    await sit(rota, shifts[2])
    await change_series(session, asker, pattern_id, Wanted(TUESDAYS, PAIR, SINCE), NOW)
    rows = await session.execute(
        select(Shift.starts, Seat.role)
        .join(Seat, Seat.shift_id == Shift.id)
        .where(Shift.cancelled_at.is_(None), Shift.starts > at(3, 10, 0))
    )
    with_observer = {starts for starts, role in rows if role == "observer"}
    assert with_observer == {at(3, 16, 19)}
    assert len(await standing(session)) == len(shifts)


async def test_a_series_is_changed_only_by_its_pools_coordinators(
    session: AsyncSession, rota: ExampleRota
) -> None:
    asker, pattern_id, _ = await furnish(rota)
    stranger = Asker(new_id(), new_id(), frozenset({"coordinator"}))
    worker = Asker(new_id(), rota.project.id, frozenset({"worker"}))
    reader = replace(asker, scopes=frozenset({"read"}))
    wanted = Wanted(LATER, PAIR, SINCE)
    before = await everything(session)
    refused: list[tuple[Asker, type[Refusal]]] = [
        (stranger, NotFound),
        (worker, NotAllowed),
        (reader, NotAllowed),
    ]
    for who, refusal in refused:
        with pytest.raises(refusal):
            await change_series(session, who, pattern_id, wanted, NOW)
        with pytest.raises(refusal):
            await preview_change(session, who, pattern_id, wanted, NOW)
        with pytest.raises(refusal):
            await end_series(session, who, pattern_id, None, NOW)
        with pytest.raises(refusal):
            await answer_question(session, who, pattern_id, SINCE, None, NOW)
    assert await everything(session) == before


async def test_partners_hear_of_every_shift_that_changed_and_of_no_other(
    session: AsyncSession, rota: ExampleRota
) -> None:
    asker, pattern_id, shifts = await furnish(rota)
    await make_exceptions(rota, asker, shifts[2:5])
    before = await session.scalar(select(func.count()).select_from(FeedEvent))
    themed = replace(PAIR, theme="Health")
    await change_series(session, asker, pattern_id, Wanted(TUESDAYS, themed, SINCE), NOW)
    events = await session.scalars(select(FeedEvent).order_by(FeedEvent.seq).offset(before))
    told = [json.loads(each.payload or b"{}") for each in events]
    assert [(UUID(each["id"]), each["theme"]) for each in told] == [
        (each, "Health") for each in shifts[5:]
    ]
    again = await change_series(session, asker, pattern_id, Wanted(TUESDAYS, themed, SINCE), NOW)
    after = await session.scalar(select(func.count()).select_from(FeedEvent))
    assert (after, len(again.outcome.division.moves)) == ((before or 0) + len(told), 2)


async def test_a_training_that_a_changed_series_brings_along_is_looked_for(
    session: AsyncSession, rota: ExampleRota
) -> None:
    """Asked for by the channel from another day on, it reaches shifts before that day as well."""
    asker, pattern_id, shifts = await furnish(rota)
    await sit(rota, shifts[1])
    rota.chat.trainings = ["law"]
    staffing = replace(PAIR, theme="Tax")
    await change_series(session, asker, pattern_id, Wanted(TUESDAYS, staffing), NOW)
    asked = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == PASSPORT))
    assert {"shift": str(shifts[1])} in list(asked)
