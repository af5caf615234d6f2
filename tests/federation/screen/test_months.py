"""A month that is also a name passes where a sentence counts or compares, and nowhere else."""

import pytest

from federation.screen.meaning.notes import findings_in_note
from federation.screen.words.months import a_month_is_meant

MONTHS = [
    ("June needs more people", "en"),
    ("June was busier than April", "en"),
    ("June starts on a Monday", "en"),
    ("June will be short of volunteers", "en"),
    ("June had the fewest gaps", "en"),
    ("April had nine turned away", "en"),
    ("The forum was calm. June has no gaps so far", "en"),
    ("April begint op een maandag", "nl"),
    ("April had minder gaten dan maart", "nl"),
    ("August a avut mai multe goluri", "ro"),
    ("Iulie are nevoie de încă doi oameni", "ro"),
]
SOMEBODY = [
    ("June needs a nurse", "June"),
    ("April needs more people around her", "April"),
    ("June brought two new people along", "June"),
    ("June had two people at the door", "June"),
    ("June saw three people tonight", "June"),
    ("June is pregnant", "June"),
    ("April is scared of him", "April"),
    ("June wants to stop. May needs more people", "June"),
]


@pytest.mark.parametrize(("text", "language"), MONTHS)
def test_a_month_that_is_counted_passes(text: str, language: str) -> None:
    assert findings_in_note(text, language) == []


@pytest.mark.parametrize(("text", "name"), SOMEBODY)
def test_somebody_who_is_called_like_a_month_is_found(text: str, name: str) -> None:
    assert [text[one.start : one.end] for one in findings_in_note(text, "en")] == [name]


def test_who_is_spoken_of_in_the_sentence_before_says_nothing_of_a_month() -> None:
    text = "She left early.\nJune needs more people. He rang."
    start = text.index("June")
    assert a_month_is_meant(text, start, start + len("June"))
    assert not a_month_is_meant(text.replace("people.", "people,"), start, start + len("June"))


def test_another_name_is_no_month() -> None:
    assert not a_month_is_meant("Ruby needs more people", 0, len("Ruby"))
