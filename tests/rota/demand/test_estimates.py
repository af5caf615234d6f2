"""Contacts expected in an hour: worked by hand where small, and what always holds."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.demand.rules.advice import (
    Helpful,
    LanguageSeen,
    OnChannel,
    Suggestion,
    languages_seen,
    most_helpful,
    suggestion,
)
from rota.demand.rules.counted import Counted
from rota.demand.rules.estimates import (
    COUNTED,
    FEW_COUNTS,
    GUESS,
    UNKNOWN,
    WEEK_HOURS,
    Estimate,
    Seen,
    estimates,
    mean_of,
)

SUNDAY_23 = WEEK_HOURS - 1
NOTHING = Seen()
CHAT, INBOX = UUID(int=1), UUID(int=2)

seen_open = st.builds(
    Seen,
    talked=st.integers(0, 300),
    turned_away=st.integers(0, 50),
    open_hours=st.floats(0.25, 300),
    closed_hours=st.floats(0, 100),
)
seen_any = st.one_of(
    seen_open,
    st.builds(Seen, turned_away=st.integers(0, 50), closed_hours=st.floats(0, 100)),
    st.just(NOTHING),
)


def week(seen: dict[int, Seen]) -> list[Seen]:
    return [seen.get(hour, NOTHING) for hour in range(WEEK_HOURS)]


weeks_seen = st.dictionaries(st.integers(0, SUNDAY_23), seen_any, max_size=8).map(week)
weeks_open = st.dictionaries(st.integers(0, SUNDAY_23), seen_open, max_size=8).map(week)


def rounded(one: Estimate) -> tuple[float, float, float, str]:
    return round(one.expected, 4), round(one.low, 4), round(one.high, 4), one.basis


def test_a_small_example_as_worked_by_hand() -> None:
    """20 contacts in 10 open hours on Tuesday at 19; the mean of all hours is 2.

    The mean counts as 4 hours. Tuesday at 19 itself: (8 + 20) / (4 + 10) = 2. At 20 half of it is
    heard: 5 hours and 10 contacts, so (8 + 10) / (4 + 5) = 2, seen as 9 hours instead of 14.
    """
    found = estimates(week({43: Seen(talked=18, turned_away=2, open_hours=10)}), weeks=10)
    # half of chi-squared by a printed table, of 56, 36, 26 and 16 degrees, by 14, 9, 6.5 and 4
    assert {hour: rounded(found[hour]) for hour in (43, 44, 45, 46)} == {
        43: (2.0, 1.5335, 2.4971, COUNTED),
        44: (2.0, 1.4246, 2.6229, GUESS),
        45: (2.0, 1.3301, 2.7356, GUESS),
        46: (2.0, 1.164, 2.9427, UNKNOWN),
    }


def test_an_hour_is_drawn_to_its_neighbours_and_to_the_mean_and_speaks_for_itself_in_time() -> None:
    few = {10: Seen(talked=8, open_hours=2), 11: Seen(talked=0, open_hours=2)}
    found = estimates(week(few), weeks=2)
    # mean 2: (4 x 2 + 8 + 0 / 2) / (4 + 2 + 1), and (8 + 0 + 8 / 2) / (4 + 2 + 1)
    assert [round(found[hour].expected, 4) for hour in (10, 11)] == [2.2857, 1.7143]
    assert [found[hour].basis for hour in (10, 11)] == [FEW_COUNTS, FEW_COUNTS]
    many = {10: Seen(talked=4000, open_hours=1000), 11: Seen(talked=0, open_hours=1000)}
    found = estimates(week(many), weeks=1000)
    # neighbours never say more than 8 hours: (8 + 4000 + 0) / 1012, and (8 + 0 + 8 x 4) / 1012
    assert [round(found[hour].expected, 4) for hour in (10, 11)] == [3.9605, 0.0395]


def test_sunday_at_23_is_beside_monday_at_0() -> None:
    found = estimates(week({0: Seen(talked=40, open_hours=10), 80: Seen(open_hours=10)}), weeks=10)
    assert found[SUNDAY_23].expected == found[1].expected > found[3].expected
    assert found[SUNDAY_23 - 1].expected == found[2].expected
    assert [found[hour].basis for hour in (165, 166, 167, 0, 1, 2, 3)] == [
        UNKNOWN,
        GUESS,
        GUESS,
        COUNTED,
        GUESS,
        GUESS,
        UNKNOWN,
    ]


def test_where_nobody_was_there_the_turned_away_speak_and_it_is_a_guess() -> None:
    open_at = {43: Seen(talked=10, open_hours=10)}
    quiet = estimates(week(open_at), weeks=10)[100]
    heard = estimates(week(open_at | {100: Seen(turned_away=30)}), weeks=10)[100]
    hardly = estimates(week(open_at | {100: Seen(turned_away=1)}), weeks=10)[100]
    # (4 + 30) / (4 + 10 weeks); that one was turned away is no word against the mean
    assert (round(heard.expected, 4), heard.basis) == (2.4286, GUESS)
    assert rounded(hardly) == rounded(quiet)
    assert (quiet.expected, quiet.basis) == (1.0, UNKNOWN)


def test_the_turned_away_of_closed_sessions_are_not_counted_as_of_the_open_ones() -> None:
    one = Seen(talked=4, turned_away=10, open_hours=2, closed_hours=8)
    assert one.in_open_time == 6
    assert Seen(turned_away=10, closed_hours=8).in_open_time == 0


def test_without_any_open_hour_only_the_turned_away_are_left() -> None:
    found = estimates(week({43: Seen(turned_away=10, closed_hours=5)}), weeks=10)
    assert (mean_of([one.seen for one in found], 10), found[43].expected) == (1.0, 1.0)
    assert (found[43].basis, found[44].basis) == (UNKNOWN, UNKNOWN)
    assert estimates(week({}), weeks=10) == []
    assert estimates(week({43: Seen(turned_away=10)}), weeks=0) == []


def test_many_open_hours_without_anybody_give_a_small_number_that_is_not_nothing() -> None:
    found = estimates(week({43: Seen(open_hours=99)}), weeks=50)
    # half a contact in 99 hours is believed beforehand: 0.5 / (99 + 99)
    assert round(found[43].expected, 6) == round(0.5 / 198, 6)


@given(weeks_seen, st.integers(1, 260))
def test_no_estimate_is_negative_and_each_lies_between_its_bounds(
    seen: list[Seen], weeks: int
) -> None:
    for one in estimates(seen, weeks):
        assert 0 <= one.low <= one.expected <= one.high


@given(weeks_open, st.integers(2, 20))
def test_the_same_seen_for_longer_makes_every_estimate_surer(seen: list[Seen], times: int) -> None:
    longer = [
        Seen(
            one.talked * times,
            one.turned_away * times,
            one.open_hours * times,
            one.closed_hours * times,
        )
        for one in seen
    ]
    counted = mean_of(seen, 10) == pytest.approx(mean_of(longer, 10 * times))
    for before, after in zip(estimates(seen, 10), estimates(longer, 10 * times), strict=True):
        if counted:
            assert after.high / after.low <= before.high / before.low * (1 + 1e-9)
        else:
            # nobody wrote, for longer: what is believed becomes less
            assert after.high - after.low < before.high - before.low


@given(weeks_seen, st.integers(1, 260), st.integers(0, SUNDAY_23))
def test_the_week_has_no_beginning(seen: list[Seen], weeks: int, by: int) -> None:
    turned = estimates([*seen[by:], *seen[:by]], weeks)
    straight = estimates(seen, weeks)
    for one, other in zip(turned, [*straight[by:], *straight[:by]], strict=True):
        assert one.basis == other.basis
        assert one.expected == pytest.approx(other.expected)


@given(weeks_open, st.integers(0, SUNDAY_23), st.integers(1, 50))
def test_who_is_turned_away_never_lowers_an_estimate(
    seen: list[Seen], hour: int, turned_away: int
) -> None:
    seen = [Seen() if number == hour else one for number, one in enumerate(seen)]
    before = estimates(seen, 52)
    seen[hour] = Seen(turned_away=turned_away)
    if before:
        assert estimates(seen, 52)[hour].expected >= before[hour].expected


def test_channels_lie_side_by_side_and_languages_apart() -> None:
    counted = Counted(
        weeks=2,
        opened={CHAT: {43: 2.0}, INBOX: {43: 1.0}},
        closed={CHAT: {44: 0.5}},
        counts={
            (CHAT, 43, "en", "talked"): 3,
            (CHAT, 43, "ro", "turned-away"): 2,
            (INBOX, 43, "en", "talked"): 1,
        },
    )
    both = counted.seen([CHAT, INBOX])
    assert (both[43], both[44]) == (Seen(4, 2, 3.0, 0.0), Seen(0, 0, 0.0, 0.5))
    assert counted.seen([CHAT], "ro")[43] == Seen(0, 2, 2.0, 0.0)
    assert languages_seen(counted.by_language([CHAT, INBOX]), {"en": 1.5, "nl": 1.0}) == [
        LanguageSeen("ro", 0, 2, 0.0),
        LanguageSeen("en", 4, 0, 1.5),
    ]
    assert [one.missed for one in languages_seen(counted.by_language([INBOX]), {"en": 1.0})] == [
        False
    ]


def estimate(expected: float, seen: Seen = NOTHING, basis: str = COUNTED) -> Estimate:
    return Estimate(seen, expected, expected / 2, expected * 2, basis)


def on_a_channel(at: dict[int, tuple[Estimate, float | None]]) -> OnChannel:
    """Give a channel with estimates and shares covered of some hours; else nobody ever writes."""
    hours = [at.get(hour, (estimate(0.0), 1.0)) for hour in range(WEEK_HOURS)]
    return OnChannel([one for one, _ in hours], [share for _, share in hours])


def test_the_hour_that_helps_most_is_where_most_find_nobody() -> None:
    # always covered, and a quarter is turned away all the same; half covered; never, and a guess
    chat = on_a_channel(
        {
            10: (estimate(8.0, Seen(talked=9, turned_away=3, open_hours=2)), 1.0),
            20: (estimate(3.0, Seen(talked=6, open_hours=2)), 0.5),
            30: (estimate(1.75, basis=GUESS), 0.0),
            40: (estimate(9.0, basis=UNKNOWN), 0.0),
            50: (estimate(9.0), None),
        }
    )
    assert most_helpful([chat]) == [
        Helpful(10, 2.0, 1.0, 4.0, 1.0, COUNTED),
        Helpful(30, 1.75, 0.875, 3.5, 0.0, GUESS),
        Helpful(20, 1.5, 0.75, 3.0, 0.5, COUNTED),
    ]
    assert most_helpful([]) == []


def test_who_was_turned_away_in_closed_time_found_nobody_there_and_not_in_open_time() -> None:
    # of 8 who were turned away 2 fall to open time, where 4 were talked with: a third
    half = on_a_channel({10: (estimate(3.0, Seen(4, 8, 2.0, 6.0)), 0.5)})
    assert [one.unmet for one in most_helpful([half])] == [2.0]
    # own people were there only while it was closed, which says nothing of others' open time
    never = on_a_channel({10: (estimate(3.0, Seen(0, 8, 0.0, 6.0), GUESS), 0.5)})
    assert [one.unmet for one in most_helpful([never])] == [1.5]


def test_what_channels_lack_in_an_hour_is_added_up() -> None:
    chat = on_a_channel({10: (estimate(3.0), 0.0), 20: (estimate(2.0), 0.5)})
    inbox = on_a_channel({10: (estimate(4.0, basis=GUESS), 0.0), 20: (estimate(6.0), 1.0)})
    unknown = on_a_channel({10: (estimate(9.0, basis=UNKNOWN), 0.0)})
    # bounds that lie 1.5 and 2 below, 3 and 4 above: together 2.5 and 5
    assert most_helpful([chat, inbox, unknown]) == [
        Helpful(10, 7.0, 4.5, 12.0, 0.0, GUESS),
        Helpful(20, 1.0, 0.5, 2.0, 0.875, COUNTED),
    ]


def test_where_nothing_was_seen_the_mean_of_others_is_unknown_here() -> None:
    found = estimates(week({}), weeks=10, otherwise=2.0)
    # the mean of 2 counts as 4 hours: half of chi-squared of 16 degrees by 4
    assert {rounded(one) for one in found} == {(2.0, 1.164, 2.9427, UNKNOWN)}
    seen = week({43: Seen(talked=18, turned_away=2, open_hours=10)})
    assert estimates(seen, 10, otherwise=7.0) == estimates(seen, 10)


def test_a_session_weighs_what_its_hours_bring_beside_the_mean() -> None:
    found = [estimate(0.001) for _ in range(WEEK_HOURS)]
    found[43], found[44] = estimate(3.0), estimate(1.5, basis=FEW_COUNTS)
    # two thirds of 90 minutes are in the first hour
    assert suggestion({43: 1.0, 44: 0.5}, found, 2.0) == Suggestion(1.2, 2.5, 1.25, 5.0, FEW_COUNTS)
    assert suggestion({0: 1.0}, found, 2.0).weight == 0.1
    assert suggestion({43: 1.0}, found, 0.01).weight == 10.0
