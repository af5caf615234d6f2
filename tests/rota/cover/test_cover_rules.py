from datetime import UTC, datetime, timedelta

import pytest

from rota.cover.rules import Step, first_step, group_text, is_dropped, next_step

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "steps"),
    [
        (30 * DAY, [("own-project", DAY), ("partners", 3 * DAY), ("coordinator", 30 * DAY)]),
        (
            48 * HOUR,
            [("own-project", 16 * HOUR), ("partners", 32 * HOUR), ("coordinator", 48 * HOUR)],
        ),
        (6 * HOUR, [("own-project", 2 * HOUR), ("partners", 4 * HOUR), ("coordinator", 6 * HOUR)]),
        (4 * HOUR, [("own-project", 80 * HOUR / 60), ("coordinator", 4 * HOUR)]),
        (3 * HOUR, [("coordinator", 3 * HOUR)]),
    ],
)
def test_each_step_ends_in_time_for_the_next(
    left: timedelta, steps: list[tuple[str, timedelta]]
) -> None:
    briefing = NOW + left
    step: Step | None = first_step(NOW, briefing)
    found = []
    while step is not None:
        found.append((step.name, step.until - NOW))
        step = next_step(step.name, step.until, briefing)
    assert found == steps


@pytest.mark.parametrize(
    ("held_for", "before_briefing", "dropped"),
    [
        (HOUR, DAY, True),
        (HOUR - timedelta(seconds=1), DAY, False),
        (30 * DAY, timedelta(seconds=1), True),
        (30 * DAY, timedelta(0), False),
    ],
)
def test_a_slip_is_no_drop_out(
    held_for: timedelta, before_briefing: timedelta, *, dropped: bool
) -> None:
    assert is_dropped(NOW - held_for, NOW, NOW + before_briefing) is dropped


TWO_EVENINGS = [
    (datetime(2027, 1, 6, 19, tzinfo=UTC), datetime(2027, 1, 6, 21, tzinfo=UTC)),
    (datetime(2027, 1, 5, 23, tzinfo=UTC), datetime(2027, 1, 6, 1, tzinfo=UTC)),
]


GROUP = {
    "en": """Who can step in?
Wednesday 6 January, 00:00 to 02:00
Wednesday 6 January, 20:00 to 22:00
Please look in your plan.""",
    "nl": """Wie kan invallen?
woensdag 6 januari, 00:00 tot 02:00
woensdag 6 januari, 20:00 tot 22:00
Kijk alsjeblieft in je rooster.""",
    "ro": """Cine poate ține locul?
miercuri 6 ianuarie, de la 00:00 la 02:00
miercuri 6 ianuarie, de la 20:00 la 22:00
Uită-te, te rog, în planul tău.""",
}


@pytest.mark.parametrize(("language", "words"), GROUP.items())
def test_bug_17_words_for_a_group_keep_two_shifts_apart(language: str, words: str) -> None:
    assert group_text(TWO_EVENINGS, "Europe/Amsterdam", language) == words
