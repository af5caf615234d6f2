from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.passport.rules import changed_needs, missing_on, over_everywhere, reminders

CORE = ("core", date(2026, 6, 1), date(2027, 1, 5))
ZONES = sorted(available_timezones())
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 -- UTC below
    lambda moment: moment.replace(tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("starts", "zone", "missing"),
    [
        (datetime(2027, 1, 5, 23, tzinfo=UTC), "Europe/London", []),
        # the last valid day is that of the people who planned the shift
        (datetime(2027, 1, 5, 23, tzinfo=UTC), "Europe/Amsterdam", ["core"]),
        (datetime(2027, 1, 6, 0, tzinfo=UTC), "Europe/London", ["core"]),
        (datetime(2026, 5, 31, 23, tzinfo=UTC), "Europe/London", []),
        (datetime(2026, 5, 31, 22, tzinfo=UTC), "Europe/London", ["core"]),
    ],
)
def test_a_training_holds_from_its_issue_to_its_last_local_day(
    starts: datetime, zone: str, missing: list[str]
) -> None:
    assert missing_on(["core"], starts, zone, [CORE]) == missing


def test_every_missing_training_is_named_once_and_a_renewal_counts() -> None:
    starts = datetime(2027, 3, 1, 12, tzinfo=UTC)
    renewed = ("core", date(2027, 1, 10), date(2028, 1, 10))
    assert missing_on(["tax", "core", "core"], starts, "UTC", [CORE]) == ["core", "tax"]
    assert missing_on(["tax", "core"], starts, "UTC", [CORE, renewed]) == ["tax"]


@given(moments, st.sampled_from(ZONES), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_was_withdrawn_holds_on_no_shift_to_come_in_any_zone(
    now: datetime, zone: str, ahead: timedelta
) -> None:
    withdrawn = ("core", date(2025, 1, 1), over_everywhere(now))
    assert missing_on(["core"], now + ahead, zone, [withdrawn]) == ["core"]


@given(moments, st.sampled_from(ZONES))
def test_it_still_counts_for_the_days_before(now: datetime, zone: str) -> None:
    withdrawn = ("core", date(2025, 1, 1), over_everywhere(now))
    before = now.astimezone(ZoneInfo(zone)) - timedelta(days=4)
    assert missing_on(["core"], before, zone, [withdrawn]) == []


def test_people_are_reminded_a_month_and_a_week_before_but_never_in_the_past() -> None:
    last = date(2027, 3, 31)
    at = datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 24, 9, tzinfo=UTC)
    assert reminders(last, datetime(2027, 1, 1, tzinfo=UTC)) == list(at)
    assert reminders(last, at[0]) == [at[1]]
    assert reminders(last, at[1]) == []


def test_a_shift_keeps_what_it_asks_for_by_itself_and_what_it_does_without() -> None:
    assert changed_needs(["core", "night"], ["core"], ["core", "tax"]) == ["core", "night", "tax"]
    assert changed_needs(["core", "night"], ["core"], []) == ["night"]
    assert changed_needs([], ["core"], ["core", "tax"]) == ["tax"]
