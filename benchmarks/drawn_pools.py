"""Pools drawn for the planner's benchmarks: people too few for all sessions."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from benchmarks.repeatable import Repeatable

BEGINS = datetime(2027, 1, 4, tzinfo=UTC)
HOURS = (10, 13, 16, 18, 20, 22)
OTHER_LANGUAGES = ("ro", "nl", "es", "pt")
TRAININGS = ("core", "safeguarding", "tax", "health")
Json = dict[str, Any]


def a_pool(workers: int, shifts: int, *, weeks: int, projects: int) -> Json:
    """Draw people with one or two evenings a week, too few for all sessions that are drawn."""
    chance = Repeatable(1)
    return _scenario(
        weeks,
        projects,
        [_worker(number, chance, weeks, projects) for number in range(workers)],
        [_shift(number, chance, weeks * 7) for number in range(shifts)],
    )


def all_different(workers: int, shifts: int, *, weeks: int, projects: int) -> Json:
    """Draw sessions of every start, length, language and training, and people as unlike.

    A planner can take no two of them for the same.
    """
    chance = Repeatable(1)
    return _scenario(
        weeks,
        projects,
        [_unlike_worker(number, chance, weeks, projects) for number in range(workers)],
        [_unlike_shift(number, chance, weeks * 7) for number in range(shifts)],
    )


def _scenario(weeks: int, projects: int, workers: list[Json], shifts: list[Json]) -> Json:
    return {
        "zone": "Europe/London",
        "from": BEGINS.date().isoformat(),
        "until": (BEGINS + timedelta(weeks=weeks)).date().isoformat(),
        "projects": [
            {"id": f"p{number}", "hours_offered_per_week": 12} for number in range(projects)
        ],
        "workers": workers,
        "shifts": shifts,
        "supervisor_sessions_at_once": 2,
    }


def _worker(number: int, chance: Random, weeks: int, projects: int) -> Json:
    weekly = chance.sample(range(7), k=chance.choice((1, 2)))
    begins, length = chance.choice((9, 12, 16, 17)), chance.choice((4, 5, 6, 9))
    first = [BEGINS + timedelta(days=day, hours=begins) for day in weekly]
    return {
        "id": f"w{number}",
        "project": f"p{number % projects}",
        "roles": ["worker", "supervisor"] if number % 3 == 0 else ["worker"],
        "languages": ["en", "ro"] if number % 6 == 0 else ["en"],
        "trainings": [{"name": "core", "expires": "2027-12-31"}],
        "available": [
            {
                "start": (day + timedelta(weeks=week)).isoformat(),
                "end": (day + timedelta(weeks=week, hours=length)).isoformat(),
                "preference": chance.choice((0, 1, 1, 2)),
            }
            for day in first
            for week in range(weeks)
        ],
        "busy": [],
        "hours_per_week": chance.choice((3, 4, 6, 8)),
        "shifts_per_week": chance.choice((1, 2, 3)),
        "rest_hours": 11,
    }


def _shift(number: int, chance: Random, days: int) -> Json:
    hour = HOURS[number // days % len(HOURS)]
    start = BEGINS + timedelta(days=number % days, hours=hour)
    roles = ("lead", "second", "supervisor")
    return {
        "id": f"s{number}",
        "channel": "live-chat",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=2)).isoformat(),
        "briefing_minutes": 15,
        "debrief_minutes": 15,
        "series": f"{start:%a}-{hour}",
        "languages": ["en"],
        "wanted_languages": ["ro"],
        "trainings": ["core"],
        "demand": chance.choice((1, 1.5, 2, 3)),
        "seats": [{"id": f"s{number}-{role}", "role": role} for role in roles],
        "minimum": {"workers": 2, "supervisors": 1},
    }


def _unlike_worker(number: int, chance: Random, weeks: int, projects: int) -> Json:
    begins = [
        BEGINS + timedelta(days=day, minutes=15 * chance.randrange(32, 80))
        for day in chance.sample(range(7), k=chance.randint(1, 3))
    ]
    return {
        **_worker(number, chance, weeks, projects),
        "languages": ["en", *chance.sample(OTHER_LANGUAGES, k=chance.choice((0, 0, 1, 2)))],
        "trainings": [
            {"name": name, "expires": "2027-12-31"}
            for name in chance.sample(TRAININGS, k=chance.randint(1, 4))
        ],
        "available": [
            {
                "start": (begin + timedelta(weeks=week)).isoformat(),
                "end": (
                    begin + timedelta(weeks=week, minutes=15 * chance.randint(12, 36))
                ).isoformat(),
                "preference": chance.choice((0, 1, 1, 2)),
            }
            for begin in begins
            for week in range(weeks)
        ],
        "hours_per_week": chance.randint(3, 9),
    }


def _unlike_shift(number: int, chance: Random, days: int) -> Json:
    start = BEGINS + timedelta(days=number % days, minutes=15 * chance.randrange(32, 88))
    language = chance.choice(("en", "en", "en", *OTHER_LANGUAGES))
    return {
        **_shift(number, chance, days),
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=15 * chance.randint(4, 12))).isoformat(),
        "languages": [language],
        "wanted_languages": chance.sample(OTHER_LANGUAGES, k=1),
        "trainings": chance.sample(TRAININGS, k=chance.choice((1, 1, 2))),
        "demand": chance.randint(1, 20) / 4,
    }
