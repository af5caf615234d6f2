"""The host's half of the rule, and when a shift is open, from plain values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.seats.rules import Candidate, Sitting, Staffing, is_open, seat_may

STARTS = datetime(2027, 1, 5, 19, tzinfo=UTC)
NOW = STARTS - timedelta(days=1)
EMPTY = Staffing(
    starts=STARTS,
    ends=STARTS + timedelta(hours=2),
    cancelled=False,
    languages=("en",),
    minimum_workers=2,
    minimum_supervisors=1,
    worker_seats=2,
    sitting=(),
)
ANYBODY = Candidate(
    roles=frozenset({"worker", "supervisor"}),
    languages=frozenset({"en"}),
    retired=False,
    sits_here_already=False,
    on_call=(),
)


def sits(role: str, *languages: str) -> Sitting:
    return Sitting(role, frozenset(languages))


def reasons(
    role: str = "lead",
    staffing: Staffing = EMPTY,
    candidate: Candidate = ANYBODY,
    at_once: int = 1,
    now: datetime = NOW,
) -> list[tuple[str, str]]:
    found = seat_may(role, staffing, candidate, at_once, now)
    return [(reason.code, reason.text) for reason in found]


def codes(
    role: str = "lead",
    staffing: Staffing = EMPTY,
    candidate: Candidate = ANYBODY,
    at_once: int = 1,
    now: datetime = NOW,
) -> list[str]:
    return [code for code, _text in reasons(role, staffing, candidate, at_once, now)]


@pytest.mark.parametrize("role", ["lead", "second", "supervisor", "observer", "trainee"])
def test_a_fitting_handle_may(role: str) -> None:
    assert reasons(role) == []


def test_a_cancelled_shift_takes_nobody() -> None:
    assert reasons(staffing=replace(EMPTY, cancelled=True)) == [
        ("shift-cancelled", "This shift has been cancelled.")
    ]


def test_a_shift_that_has_started_takes_nobody() -> None:
    assert codes(now=STARTS) == ["already-started"]
    assert codes(now=STARTS - timedelta(seconds=1)) == []


def test_a_retired_handle_takes_nothing() -> None:
    assert codes(candidate=replace(ANYBODY, retired=True)) == ["has-left"]


@pytest.mark.parametrize(
    ("role", "roles", "sentence"),
    [
        ("lead", {"supervisor"}, "This seat is for a worker."),
        ("observer", {"supervisor"}, "This seat is for a worker."),
        ("supervisor", {"worker"}, "This seat is for a supervisor."),
    ],
)
def test_roles_are_those_that_home_has_stated(role: str, roles: set[str], sentence: str) -> None:
    candidate = replace(ANYBODY, roles=frozenset(roles))
    assert reasons(role, candidate=candidate) == [("role-missing", sentence)]


def test_one_person_sits_on_a_shift_once() -> None:
    assert codes("supervisor", candidate=replace(ANYBODY, sits_here_already=True)) == [
        "on-this-shift-already"
    ]


ROMANIAN = replace(EMPTY, languages=("en", "ro"))


@pytest.mark.parametrize(
    ("role", "sitting", "speaks", "refused"),
    [
        # the other seat can still bring the language
        ("lead", [], {"en"}, []),
        ("second", [sits("lead", "en")], {"en"}, ["language-missing"]),
        ("second", [sits("lead", "en")], {"ro"}, []),
        ("second", [sits("lead", "en", "ro")], {"nl"}, []),
        # what a supervisor or an observer speaks does not help
        ("second", [sits("lead", "en"), sits("supervisor", "ro")], {"en"}, ["language-missing"]),
        ("second", [sits("lead", "en"), sits("observer", "ro")], {"en"}, ["language-missing"]),
        # and theirs are no last seats
        ("supervisor", [sits("lead", "en"), sits("second", "ro")], {"nl"}, []),
        ("observer", [sits("lead", "en")], {"nl"}, []),
    ],
)
def test_the_last_workers_seat_is_kept_for_who_speaks_what_is_missing(
    role: str, sitting: list[Sitting], speaks: set[str], refused: list[str]
) -> None:
    candidate = replace(ANYBODY, languages=frozenset(speaks))
    assert codes(role, replace(ROMANIAN, sitting=sitting), candidate) == refused


def test_the_missing_language_is_named() -> None:
    assert reasons("second", replace(ROMANIAN, sitting=[sits("lead", "en")])) == [
        ("language-missing", "The last seat is kept for somebody who speaks ro.")
    ]


def hours(begins: float, ends: float) -> tuple[datetime, datetime]:
    return STARTS + timedelta(hours=begins), STARTS + timedelta(hours=ends)


@pytest.mark.parametrize(
    ("role", "at_once", "on_call", "refused"),
    [
        ("supervisor", 1, [], []),
        ("supervisor", 1, [hours(1, 3)], ["on-call-full"]),
        ("supervisor", 2, [hours(1, 3)], []),
        # two calls one after the other are one at a time
        ("supervisor", 2, [hours(-1, 1), hours(1, 3)], []),
        ("supervisor", 2, [hours(-1, 1.5), hours(1, 3)], ["on-call-full"]),
        ("lead", 1, [hours(0, 2)], []),
    ],
)
def test_on_call_for_no_more_sessions_at_one_moment_than_the_pool_allows(
    role: str, at_once: int, on_call: list[tuple[datetime, datetime]], refused: list[str]
) -> None:
    assert codes(role, candidate=replace(ANYBODY, on_call=on_call), at_once=at_once) == refused


def test_all_reasons_come_at_once() -> None:
    candidate = Candidate(frozenset(), frozenset(), False, True, (hours(0, 2),))  # noqa: FBT003 -- two plain facts
    staffing = replace(EMPTY, cancelled=True, sitting=[sits("lead", "nl")])
    assert codes("second", staffing, candidate, now=STARTS) == [
        "shift-cancelled",
        "already-started",
        "role-missing",
        "on-this-shift-already",
        "language-missing",
    ]
    assert codes("supervisor", staffing, candidate, now=STARTS)[-1] == "on-call-full"


PAIR = (sits("lead", "en"), sits("second", "nl"), sits("supervisor", "en"))


@pytest.mark.parametrize(
    ("changed", "opened"),
    [
        ({"sitting": PAIR}, True),
        ({"sitting": PAIR[:2]}, False),
        ({"sitting": (PAIR[0], PAIR[2])}, False),
        ({"sitting": (PAIR[0], PAIR[2], sits("observer", "en"))}, False),
        ({"sitting": (PAIR[0], PAIR[2], sits("trainee", "en"))}, False),
        ({"sitting": PAIR, "cancelled": True}, False),
        ({"sitting": PAIR, "languages": ("en", "nl")}, True),
        ({"sitting": PAIR, "languages": ("en", "ro")}, False),
        ({"sitting": PAIR, "languages": ("en-GB",)}, False),
        ({"sitting": (*PAIR[:2], sits("supervisor", "ro")), "languages": ("ro",)}, False),
        ({"sitting": PAIR[:1], "minimum_workers": 1, "minimum_supervisors": 0}, True),
        ({"sitting": (), "minimum_workers": 1, "minimum_supervisors": 0}, False),
    ],
)
def test_open_is_the_minimum_and_every_language(changed: dict[str, object], opened: bool) -> None:  # noqa: FBT001 -- the expected value
    assert is_open(replace(EMPTY, **changed)) is opened  # type: ignore[arg-type]  # a table of changes


sittings = st.lists(
    st.builds(
        Sitting,
        st.sampled_from(["lead", "second", "supervisor", "observer", "trainee"]),
        st.frozensets(st.sampled_from(["en", "nl", "ro"])),
    ),
    max_size=6,
)


@given(sittings, st.builds(Sitting, st.just("lead"), st.frozensets(st.sampled_from(["en", "ro"]))))
def test_somebody_more_never_closes_a_shift(sitting: list[Sitting], more: Sitting) -> None:
    staffing = replace(EMPTY, sitting=sitting)
    if is_open(staffing):
        assert is_open(replace(staffing, sitting=[*sitting, more]))


@given(st.lists(st.frozensets(st.sampled_from(["en", "nl", "ro"])), min_size=2, max_size=6))
def test_who_is_seated_by_the_rule_leaves_no_full_shift_without_its_language(
    candidates: list[frozenset[str]],
) -> None:
    staffing = replace(EMPTY, languages=("en", "ro"), minimum_supervisors=0)
    for languages in candidates:
        seated = len(staffing.sitting)
        fits = not codes("lead", staffing, replace(ANYBODY, languages=languages))
        if fits and seated < staffing.worker_seats:
            staffing = replace(staffing, sitting=[*staffing.sitting, Sitting("lead", languages)])
    if len(staffing.sitting) == staffing.worker_seats:
        assert is_open(staffing)
