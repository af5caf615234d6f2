import itertools
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
import vobject  # type: ignore[import-untyped]  # Radicale brings it
from hypothesis import given
from hypothesis import strategies as st

from database.ids import new_id
from federation.pools.slots.rules import Speaker, shown_languages
from rota.open_hours.rules.calendar import made_at, public_calendar
from rota.open_hours.rules.hours import OpenHours, OpenShift, open_hours
from rota.open_hours.rules.language_names import language_name
from rota.open_hours.rules.now import (
    CLOSED,
    Now,
    OtherWay,
    WeeklyTime,
    answered_by,
    next_hours,
    now_view,
    open_elsewhere,
)
from rota.shifts.rules.spans import Span, joined
from tests.rota.strict_calendar import strictly_read

DAY = datetime(2027, 1, 5, tzinfo=UTC)
ALL = frozenset({"en", "ro", "nl"})


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def shift(
    starts: float,
    ends: float,
    *languages: str,
    channel: str = "live-chat",
    theme: str | None = None,
    checked_in: bool = False,
    busy: bool = False,
    ended_at: datetime | None = None,
) -> OpenShift:
    return OpenShift(
        channel=channel,
        starts=at(starts),
        ends=at(ends),
        languages=languages or ("en",),
        theme=theme,
        checked_in=checked_in,
        busy=busy,
        ended_at=ended_at,
    )


def hours(
    starts: float,
    ends: float,
    *languages: str,
    channel: str = "live-chat",
    theme: str | None = None,
) -> OpenHours:
    return OpenHours(at(starts), at(ends), channel, languages or ("en",), theme)


def test_touching_and_overlapping_shifts_are_one_stretch() -> None:
    shifts = [shift(19, 21), shift(21, 22), shift(20, 23)]
    assert open_hours(shifts, ALL, DAY) == [hours(19, 23)]


def test_channels_stay_apart() -> None:
    shifts = [shift(19, 21), shift(19, 21, channel="whatsapp")]
    assert open_hours(shifts, ALL, DAY) == [hours(19, 21), hours(19, 21, channel="whatsapp")]


def test_languages_and_themes_are_those_of_the_time_itself() -> None:
    shifts = [shift(19, 22), shift(20, 21, "en", "ro", theme="Health")]
    assert open_hours(shifts, ALL, DAY) == [
        hours(19, 20),
        hours(20, 21, "en", "ro", theme="Health"),
        hours(21, 22),
    ]


def test_language_that_would_single_somebody_out_is_left_out() -> None:
    spoken = [["en", "ro"], ["en", "ro"], ["en", "en"], ["nl"]]
    speakers = [Speaker(uuid4(), languages) for languages in spoken]
    shown = shown_languages(speakers, 3)
    assert shown == {"en"}
    assert open_hours([shift(19, 21, "en", "ro")], shown, DAY) == [hours(19, 21)]
    assert shown_languages(speakers, 2) == {"en", "ro"}
    # whose home is a partner no longer can come to no session
    gone = [each._replace(joined=False) for each in speakers[:1]]
    assert shown_languages([*gone, *speakers[1:]], 2) == {"en"}


def test_without_check_in_it_closes_after_ten_minutes_and_opens_with_it() -> None:
    waits = [shift(19, 21)]
    just_before, just_after = at(19) + timedelta(minutes=9), at(19) + timedelta(minutes=10)
    assert open_hours(waits, ALL, just_before) == [hours(19, 21)]
    assert open_hours(waits, ALL, just_after) == []
    for now in (just_before, just_after):
        assert now_view(waits, open_hours(waits, ALL, now), now) == CLOSED
    came = [shift(19, 21, checked_in=True)]
    opened = open_hours(came, ALL, just_after)
    assert opened == [hours(19, 21)]
    assert now_view(came, opened, just_after) == Now(
        open=True, busy=False, until=at(21), channels=("live-chat",)
    )


def test_early_check_in_opens_at_the_start_and_an_early_end_closes() -> None:
    came = [shift(19, 21, checked_in=True)]
    assert not now_view(came, open_hours(came, ALL, at(18.9)), at(18.9)).open
    assert now_view(came, open_hours(came, ALL, at(19)), at(19)).open
    ended = [shift(19, 21, checked_in=True, ended_at=at(20))]
    assert open_hours(ended, ALL, at(19.5)) == [hours(19, 20)]
    assert not now_view(ended, open_hours(ended, ALL, at(20)), at(20)).open


def test_an_end_holds_from_the_minute_in_which_it_was_said() -> None:
    ended = [shift(19, 21, checked_in=True, ended_at=at(20).replace(second=40))]
    assert open_hours(ended, ALL, at(19.5)) == [hours(19, 20)]
    assert not now_view(ended, open_hours(ended, ALL, at(20)), at(20)).open


def test_until_is_the_end_of_what_follows_without_a_break() -> None:
    shifts = [shift(19, 21, checked_in=True), shift(21, 23, "en", "ro"), shift(24, 25)]
    opened = open_hours(shifts, ALL, at(20))
    view = now_view(shifts, opened, at(20))
    assert (view.until, next_hours(opened, view, at(20))) == (at(23), hours(24, 25))


def test_busy_only_where_all_who_are_there_are() -> None:
    one = shift(19, 21, checked_in=True, busy=True)
    other = shift(19, 21, checked_in=True, channel="whatsapp")
    for shifts, busy in (([one], True), ([one, other], False), ([shift(19, 21, busy=True)], False)):
        assert now_view(shifts, open_hours(shifts, ALL, at(20)), at(20)).busy is busy


def test_next_is_what_waits_for_its_check_in_then_the_following() -> None:
    shifts = [shift(19, 21), shift(23, 24)]
    for minutes, expected in ((5, hours(19, 21)), (15, hours(23, 24))):
        now = at(19) + timedelta(minutes=minutes)
        assert next_hours(open_hours(shifts, ALL, now), CLOSED, now) == expected
    assert next_hours([], CLOSED, DAY) is None


def test_messages_are_promised_from_a_time_that_has_not_begun() -> None:
    inbox = [Span(at(33), at(41)), Span(at(9), at(17))]
    assert answered_by(inbox, at(8)) == at(17)
    assert answered_by(inbox, at(9)) == at(17)
    assert answered_by(inbox, at(10)) == at(41)
    assert answered_by(inbox, at(34)) is None


def test_elsewhere_follows_its_own_clock_also_over_midnight() -> None:
    always = OtherWay("Helpline", "UTC", address="tel:+440000")
    nights = OtherWay("Night line", "Europe/Amsterdam", hours=(WeeklyTime(1, time(22), time(2)),))
    # 5 January 2027 is a Tuesday; Amsterdam is an hour ahead
    for hour, found in ((20.9, [always]), (21, [always, nights]), (24.9, [always, nights])):
        assert open_elsewhere([always, nights], at(hour)) == found
    assert open_elsewhere([always, nights], at(25)) == [always]


@pytest.mark.parametrize(
    ("tag", "name"),
    [("ro", "Romanian"), ("en", "English"), ("pt-BR", "Brazilian Portuguese"), ("qqq", "qqq")],
)
def test_languages_are_named(tag: str, name: str) -> None:
    assert language_name(tag) == name


spans = st.tuples(st.integers(0, 400), st.integers(1, 60), st.sampled_from(["en", "ro", "nl"]))


@given(st.lists(spans, max_size=12))
def test_stretches_never_overlap_and_cover_exactly_the_shifts(
    parts: list[tuple[int, int, str]],
) -> None:
    shifts = [shift(start, start + length, tag) for start, length, tag in parts]
    found = open_hours(shifts, ALL, DAY - timedelta(days=1))
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert joined(Span(each.start, each.end) for each in found) == joined(
        Span(each.starts, each.ends) for each in shifts
    )


def test_public_calendar_is_transparent_and_named_by_channel_and_language() -> None:
    pool_id = UUID("01a20f9f-9393-7051-99c3-f3f34ac18d8b")
    body = public_calendar(
        pool_id,
        "Evening, chat",
        {"live-chat": "Chat"},
        [hours(19, 21, "en", "ro"), hours(22, 23, theme="Health; rights")],
    )
    first, second = strictly_read(body)
    assert (first["SUMMARY"], first["TRANSP"]) == (
        "Chat \N{EN DASH} English\\, Romanian",
        "TRANSPARENT",
    )
    assert (first["DTSTART"], first["DTEND"]) == ("20270105T190000Z", "20270105T210000Z")
    assert first["DTSTAMP"] == f"{made_at(pool_id):%Y%m%dT%H%M%SZ}"
    assert second["SUMMARY"] == "Chat \N{EN DASH} English \N{EN DASH} Health\\; rights"
    read = vobject.readOne(body.decode())
    assert [each.summary.value for each in read.vevent_list] == [
        "Chat \N{EN DASH} English, Romanian",
        "Chat \N{EN DASH} English \N{EN DASH} Health; rights",
    ]


def test_public_calendar_without_hours_is_valid_and_names_follow_content() -> None:
    pool_id = new_id()
    assert strictly_read(public_calendar(pool_id, "", {}, [])) == []
    uids = [
        strictly_read(public_calendar(pool_id, "x", {}, [each]))[0]["UID"]
        for each in (hours(19, 21), hours(19, 21), hours(19, 22))
    ]
    assert uids[0] == uids[1] != uids[2]
