"""Home's half of the rule, from plain values; bugs of others are named as in the reference."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.bookings.rules import Circumstances, Stay, Wish, most_at_once, stay_for, worker_may

LONDON = "Europe/London"
NOW = datetime(2026, 10, 1, tzinfo=UTC)
FREE = Circumstances(
    roles=frozenset({"worker", "supervisor"}),
    left=False,
    hours_per_week=100,
    shifts_per_week=100,
    rest_hours=0,
    on_call_at_once=1,
    trainings=(),
    leave=(),
    booked=(),
    texts_lacking=(),
)


def at(day: int, hour: float, month: int = 11) -> datetime:
    """November 2026: London is on UTC, the 2nd is a Monday."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour)


def seat(begins: datetime, ends: datetime, *, on_call: bool = False) -> Stay:
    return Stay(begins, ends, begins, on_call=on_call)


def wish(begins: datetime, ends: datetime, role: str = "lead", zone: str = LONDON) -> Wish:
    return Wish(seat(begins, ends, on_call=role == "supervisor"), role, zone, ())


def codes(wanted: Wish, person: Circumstances = FREE, now: datetime = NOW) -> list[str]:
    return [reason.code for reason in worker_may(wanted, person, now)]


EVENING = wish(at(3, 19), at(3, 21))


def test_somebody_free_may() -> None:
    assert worker_may(EVENING, FREE, NOW) == ()


@pytest.mark.parametrize(
    ("role", "roles", "refused"),
    [
        ("lead", {"worker"}, []),
        ("second", {"worker"}, []),
        ("observer", {"worker"}, []),
        ("trainee", {"worker"}, []),
        ("supervisor", {"supervisor"}, []),
        ("lead", {"supervisor", "coordinator"}, ["role-missing"]),
        ("supervisor", {"worker", "coordinator"}, ["role-missing"]),
        ("lead", set(), ["role-missing"]),
    ],
)
def test_a_seat_is_for_its_role(role: str, roles: set[str], refused: list[str]) -> None:
    wanted = wish(at(3, 19), at(3, 21), role)
    assert codes(wanted, replace(FREE, roles=frozenset(roles))) == refused


def test_who_has_left_takes_no_seat() -> None:
    assert codes(EVENING, replace(FREE, left=True)) == ["has-left"]


@pytest.mark.parametrize(("hour", "refused"), [(18.99, []), (19, ["already-started"])])
def test_a_shift_that_has_started_is_not_taken(hour: float, refused: list[str]) -> None:
    assert codes(EVENING, now=at(3, hour)) == refused


def test_a_cancelled_shift_is_not_taken() -> None:
    assert codes(replace(EVENING, cancelled=True)) == ["shift-cancelled"]


@pytest.mark.parametrize(
    ("issued", "expires", "refused"),
    [
        (date(2026, 1, 1), date(2026, 11, 3), []),
        (date(2026, 11, 3), date(2026, 11, 3), []),
        (date(2026, 1, 1), date(2026, 11, 2), ["training-missing"]),
        (date(2026, 11, 4), date(2027, 1, 1), ["training-missing"]),
    ],
)
def test_a_training_is_valid_to_its_last_day(
    issued: date, expires: date, refused: list[str]
) -> None:
    wanted = replace(EVENING, trainings=("core",))
    assert codes(wanted, replace(FREE, trainings=[("core", issued, expires)])) == refused


def test_a_training_counts_on_the_local_day_of_the_start() -> None:
    wanted = replace(wish(at(3, 23.5), at(4, 1), zone="Europe/Amsterdam"), trainings=("core",))
    last_day = replace(FREE, trainings=[("core", date(2026, 1, 1), date(2026, 11, 3))])
    assert codes(wanted, last_day) == ["training-missing"]
    assert codes(replace(wanted, zone=LONDON), last_day) == []


def test_every_missing_training_is_named() -> None:
    wanted = replace(EVENING, trainings=("core", "chat-tool"))
    ending = "is missing or has expired on that day. Your coordinator can book a refresher."
    assert [tuple(reason) for reason in worker_may(wanted, FREE, NOW)] == [
        ("training-missing", f"The training core {ending}"),
        ("training-missing", f"The training chat-tool {ending}"),
    ]


def test_every_unread_text_is_named() -> None:
    person = replace(FREE, texts_lacking=("Safeguarding", "Conduct"))
    assert [tuple(reason) for reason in worker_may(EVENING, person, NOW)] == [
        ("text-not-read", "Read and confirm first: Safeguarding."),
        ("text-not-read", "Read and confirm first: Conduct."),
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "refused"),
    [
        (at(2, 0), at(3, 19), []),
        (at(3, 21), at(5, 0), []),
        (at(3, 20.9), at(5, 0), ["on-leave"]),
        (at(3, 19.5), at(3, 20), ["on-leave"]),
        (at(2, 0), at(3, 19.1), ["on-leave"]),
        (at(1, 0), at(9, 0), ["on-leave"]),
    ],
)
def test_bug_6_leave_anywhere_in_the_span_counts(
    begins: datetime, ends: datetime, refused: list[str]
) -> None:
    assert codes(EVENING, replace(FREE, leave=[(begins, ends)])) == refused


@pytest.mark.parametrize("ends", [at(3, 19), at(3, 18)])
def test_bug_9_back_to_back_is_no_clash(ends: datetime) -> None:
    before = seat(at(3, 16), ends)
    after = seat(at(3, 21), at(3, 23))
    assert codes(EVENING, replace(FREE, booked=[before, after], rest_hours=11)) == []


@pytest.mark.parametrize(
    ("begins", "ends"), [(17, 19.1), (20.9, 23), (19.5, 20), (18, 22), (19, 21)]
)
def test_what_touches_a_booking_is_double_booked(begins: float, ends: float) -> None:
    booked = [seat(at(3, begins), at(3, ends))]
    assert codes(EVENING, replace(FREE, booked=booked)) == ["double-booked"]


def test_on_call_does_not_overlap_a_seat_of_the_same_person() -> None:
    on_call = wish(at(3, 20), at(3, 22), "supervisor")
    assert codes(on_call, replace(FREE, booked=[EVENING.stay])) == ["double-booked"]
    booked = [seat(at(3, 20), at(3, 22), on_call=True)]
    assert codes(EVENING, replace(FREE, booked=booked)) == ["double-booked"]


def test_meetings_belong_to_a_workers_seat_and_not_to_on_call() -> None:
    assert stay_for("second", at(3, 19), at(3, 21), 15, 30) == Stay(
        at(3, 18.75), at(3, 21.5), at(3, 19), on_call=False
    )
    assert stay_for("supervisor", at(3, 19), at(3, 21), 15, 30) == Stay(
        at(3, 19), at(3, 21), at(3, 19), on_call=True
    )


@pytest.mark.parametrize(
    ("at_once", "calls", "refused"),
    [
        (1, [], []),
        (1, [(19, 21)], ["on-call-full"]),
        (1, [(17, 19), (21, 23)], []),
        (2, [(19, 21)], []),
        (2, [(18, 20), (20, 22)], []),
        (2, [(18, 20.5), (20, 22)], ["on-call-full"]),
        (3, [(18, 20.5), (20, 22)], []),
    ],
)
def test_on_call_for_no_more_sessions_at_one_moment_than_the_pool_allows(
    at_once: int, calls: list[tuple[float, float]], refused: list[str]
) -> None:
    booked = [seat(at(3, begins), at(3, ends), on_call=True) for begins, ends in calls]
    person = replace(FREE, booked=booked, on_call_at_once=at_once)
    assert codes(wish(at(3, 19), at(3, 21), "supervisor"), person) == refused


@pytest.mark.parametrize(
    ("calls", "refused"),
    [
        # one more here would be two there, and that pool allows one
        ([(19, 21, 1)], ["on-call-full"]),
        ([(20.5, 23, 1)], ["on-call-full"]),
        ([(19, 21, 2)], []),
        ([(17, 19, 1), (21, 23, 1)], []),
        # both others allow two, but not at the same moment as each other and this one
        ([(18, 20, 2), (19, 21, 3)], ["on-call-full"]),
        ([(18, 19.5, 2), (19.5, 21, 2)], []),
    ],
)
def test_other_pools_allow_no_more_than_they_say_either(
    calls: list[tuple[float, float, int]], refused: list[str]
) -> None:
    booked = [
        replace(seat(at(3, begins), at(3, ends), on_call=True), at_once=at_once)
        for begins, ends, at_once in calls
    ]
    person = replace(FREE, booked=booked, on_call_at_once=3)
    assert codes(wish(at(3, 19), at(3, 21), "supervisor"), person) == refused


def test_all_reasons_come_at_once() -> None:
    person = replace(
        FREE,
        roles=frozenset(),
        texts_lacking=("Conduct",),
        leave=[(at(3, 0), at(4, 0))],
        booked=[seat(at(3, 20), at(3, 22)), seat(at(2, 20), at(2, 23))],
        rest_hours=24,
        hours_per_week=1,
        shifts_per_week=1,
    )
    assert codes(replace(EVENING, trainings=("core",)), person, at(3, 20)) == [
        "role-missing",
        "already-started",
        "training-missing",
        "text-not-read",
        "on-leave",
        "double-booked",
        "rest-too-short",
        "week-full",
        "too-many-shifts",
    ]


quarters = st.integers(0, 4 * 24 * 21).map(lambda quarter: at(1, quarter / 4))
lengths = st.integers(1, 4 * 30).map(lambda quarter: timedelta(hours=quarter / 4))
stays = st.builds(
    lambda begins, length, on_call: seat(begins, begins + length, on_call=on_call),
    quarters,
    lengths,
    st.booleans(),
)


@given(stays, st.lists(stays, max_size=5))
def test_nobody_is_ever_in_two_places(wanted: Stay, booked: list[Stay]) -> None:
    role = "supervisor" if wanted.on_call else "lead"
    # five long seats may fill a week, which is another matter
    person = replace(FREE, booked=booked, on_call_at_once=9, hours_per_week=24 * 7 * 6)
    said = codes(Wish(wanted, role, LONDON, ()), person)
    clash = any(
        max(wanted.begins, other.begins) < min(wanted.ends, other.ends)
        for other in booked
        if not (wanted.on_call and other.on_call)
    )
    assert said == (["double-booked"] if clash else [])


@given(st.lists(stays, max_size=6), quarters, lengths)
def test_at_once_is_counted_as_minute_by_minute(
    calls: list[Stay], begins: datetime, length: timedelta
) -> None:
    spans = [(stay.begins, stay.ends) for stay in calls]
    edges = sorted({begins, begins + length, *(edge for span in spans for edge in span)})
    middles = [one + (then - one) / 2 for one, then in pairwise(edges)]
    expected = max(
        sum(start <= middle < end for start, end in spans)
        for middle in middles
        if begins <= middle < begins + length
    )
    assert most_at_once(spans, begins, begins + length) == expected
