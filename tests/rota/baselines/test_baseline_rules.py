from datetime import UTC, datetime, timedelta
from typing import Any

from rota.baselines import rules
from rota.baselines.rules import KEPT, Baseline

NOW = datetime(2027, 4, 14, 12, tzinfo=UTC)
LONG_AGO, LATELY = (NOW - KEPT - timedelta(hours=1)).isoformat(), NOW.isoformat()


def heard(*events: tuple[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    baseline = Baseline(NOW)
    for seq, (kind, said) in enumerate(events, start=1):
        baseline.hear(kind, said, seq)
    return baseline.to_say("p")


def shift(name: str, ends: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return "shift.stated", {"id": name, "ends": ends, **more}


def test_of_each_thing_the_last_word_is_said_where_it_was_said() -> None:
    pool, moved = ("pool.stated", {"id": "p"}), shift("a", LATELY, open=True)
    told = heard(shift("a", LATELY), pool, shift("b", LATELY), moved)
    assert told == [pool, shift("b", LATELY), moved]


def test_what_was_over_long_ago_is_left_out_by_its_last_word_alone() -> None:
    later = shift("b", LATELY)
    told = heard(shift("a", LATELY), shift("a", LONG_AGO), shift("b", LONG_AGO), later)
    assert told == [later]


def test_weeks_are_said_once_each_and_last() -> None:
    def weeks(*given: tuple[str, str, str]) -> tuple[str, dict[str, Any]]:
        said = [{"project": one, "monday": day, "given": hours} for one, day, hours in given]
        return "hours.stated", {"pool": "p", "weeks": said}

    pool = ("pool.stated", {"id": "p"})
    first = weeks(("a", "2027-01-04", "2"), ("b", "2027-01-04", "3"))
    told = heard(first, pool, weeks(("a", "2027-01-04", "4")))
    assert told == [pool, weeks(("a", "2027-01-04", "4"), ("b", "2027-01-04", "3"))]


def test_many_weeks_are_several_events() -> None:
    days = [{"project": "a", "monday": f"day-{number:04}"} for number in range(501)]
    told = heard(("hours.stated", {"pool": "p", "weeks": days}))
    assert [len(said["weeks"]) for _, said in told] == [rules.WEEKS_AT_ONCE, 1]


def test_what_is_not_known_is_kept_as_often_as_it_was_said() -> None:
    novelty = ("novelty", {"id": "a"})
    assert heard(novelty, novelty) == [novelty, novelty]
