from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import example, given
from hypothesis import strategies as st

from rota.calendar.rules.glance import Glance, Glanced, glance
from rota.calendar.rules.neutral_text import plain_line
from rota.calendar.rules.personal import Entry, Words, personal_calendar

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
START = datetime(2027, 1, 5, 18, 45, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)


def entry(begins: datetime = START, says: str = "") -> Entry:
    return Entry(str(uuid4()), begins, begins + TWO_HOURS, 0, NOW, says=says)


def test_words_are_read_back_with_the_reminder() -> None:
    words = Words("My classes", "Yoga", alarm_minutes=30)
    assert glance(personal_calendar(words, [entry()]), NOW, 5) == Glance(
        "My classes", (Glanced(START, START + TWO_HOURS, "Yoga", "Yoga"),)
    )


def test_only_the_time_means_no_word_at_all() -> None:
    words = Words("Plan", "Yoga", level="busy", alarm_minutes=30)
    assert glance(personal_calendar(words, [entry()]), NOW, 5).entries == (
        Glanced(START, START + TWO_HOURS, None, "Reminder"),
    )


def test_what_is_over_is_left_out_and_what_comes_is_in_order() -> None:
    begins = [START + timedelta(days=days) for days in (3, 1, 2, 0)]
    runs = entry(NOW - timedelta(hours=1))
    over = entry(NOW - TWO_HOURS)
    told = personal_calendar(Words(), [over, runs, *map(entry, begins)])
    seen = glance(told, NOW, 3)
    assert [one.begins for one in seen.entries] == [
        runs.begins,
        START,
        START + timedelta(days=1),
    ]
    assert glance(personal_calendar(Words(), []), NOW, 5) == Glance("Plan", ())


@given(st.text(), st.text())
@example("a\\n b", "\\;n, \\")
def test_any_words_are_read_back_as_they_were_written(name: str, title: str) -> None:
    words = replace(Words(), name=plain_line(name, "Plan"), title=plain_line(title, "Shift"))
    seen = glance(personal_calendar(words, [entry()]), NOW, 5)
    assert (seen.name, [one.title for one in seen.entries]) == (words.name, [words.title])
