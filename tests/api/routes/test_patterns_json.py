"""Recurring sessions over JSON: listed, looked at, set down once, changed, settled, ended."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from rota.shifts.models import Shift, ShiftPattern
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening
from tests.api.routes.test_leave_and_patterns import a_pattern, last_sunday_of_march, set_down

TODAY = current_time().date()
WRONG, INVALID = "wrong-pattern", "invalid-request"
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def ask(
    evening: Evening, who: Somebody, method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    answer = await evening.node.web.request(method, f"/api/v1{path}", json=body, headers=who.bearer)
    return answer.status_code, answer.json() if answer.content else None


async def starts_of(evening: Evening, *, at: str = "") -> list[date]:
    """Give the days of the pool's shifts that stand and belong to a pattern."""
    async with door(evening.node.engine) as session:
        rows = await session.scalars(
            select(Shift.starts)
            .where(
                Shift.pool_id == evening.pool.id,
                Shift.pattern_id.is_not(None),
                Shift.cancelled_at.is_(None),
            )
            .order_by(Shift.starts)
        )
        return [starts.date() for starts in rows if f"{starts:%H:%M}".startswith(at)]


async def test_a_repeated_request_makes_no_second_pattern(evening: Evening) -> None:
    first = await set_down(evening, evening.coordinator)
    again = await set_down(evening, evening.coordinator)
    assert first == again
    async with door(evening.node.engine) as session:
        found = await session.scalars(
            select(ShiftPattern.id).where(ShiftPattern.pool_id == evening.pool.id)
        )
        assert [str(each) for each in found] == [first[1]["id"]]
    other = await set_down(evening, evening.coordinator, starts="18:00")
    assert other[1]["id"] != first[1]["id"]


async def test_a_pattern_is_listed_as_it_was_set_down(evening: Evening) -> None:
    facts = {
        "repeats": "monthly",
        "nth": -1,
        "pauses": [{"first_day": str(MONDAY), "last_day": str(MONDAY + timedelta(days=3))}],
        "holidays": "skip",
        "holiday_region": "GB-SCT",
        "ground_rules": "Everybody speaks for themselves.",
        "minimum_workers": 2,
        "minimum_supervisors": 1,
    }
    _, made = await set_down(evening, evening.coordinator, **facts)
    path = f"/pools/{evening.pool.slug}/patterns"
    status, listed = await ask(evening, evening.coordinator, "GET", path)
    expected = a_pattern(**facts) | {
        "id": made["id"],
        "last_day": None,
        "every_weeks": 1,
        "wanted_languages": [],
        "demand": 1.0,
    }
    del expected["until"]
    assert (status, listed) == (200, {"items": [expected], "next": None})


async def test_a_preview_shows_sessions_and_what_is_left_out_and_keeps_nothing(
    evening: Evening,
) -> None:
    pause = {"first_day": str(MONDAY + timedelta(days=7)), "last_day": str(MONDAY + timedelta(13))}
    path = f"/pools/{evening.pool.slug}/patterns/preview"
    status, seen = await ask(evening, evening.coordinator, "POST", path, a_pattern(pauses=[pause]))
    days = [str(MONDAY + timedelta(days=1 + 7 * week)) for week in range(3)]
    assert status == 200
    assert [each["day"] for each in seen["sessions"]] == [days[0], days[2]]
    assert seen["skipped"] == [{"day": days[1], "why": "Pause"}]
    assert (seen["questions"], await starts_of(evening)) == ([], [])


async def test_a_series_is_changed_after_a_look_at_what_would_be(evening: Evening) -> None:
    _, made = await set_down(evening, evening.coordinator)
    since = str(MONDAY + timedelta(days=7))
    path = f"/patterns/{made['id']}"
    body = {"since": since, "weekday": 3, "preview": True}
    _, seen = await ask(evening, evening.coordinator, "PATCH", path, body)
    assert (seen["id"], [each["shift"] for each in seen["changed"]]) == (None, made["shifts"][1:])
    assert [day.weekday() for day in await starts_of(evening)] == [1, 1, 1]
    status, done = await ask(evening, evening.coordinator, "PATCH", path, body | {"preview": False})
    assert (status, done) == (200, seen | {"id": done["id"]})
    assert [day.weekday() for day in await starts_of(evening)][:3] == [1, 3, 3]
    _, listed = await ask(
        evening, evening.coordinator, "GET", f"/pools/{evening.pool.slug}/patterns"
    )
    assert [(each["weekday"], each["last_day"]) for each in listed["items"]] == [
        (1, str(MONDAY + timedelta(days=6))),
        (3, None),
    ]


async def test_a_series_is_ended_from_a_day_on(evening: Evening) -> None:
    _, made = await set_down(evening, evening.coordinator)
    day = MONDAY + timedelta(days=8)
    path = f"/patterns/{made['id']}?from={day}"
    assert await ask(evening, evening.coordinator, "DELETE", path) == (204, None)
    assert await starts_of(evening) == [MONDAY + timedelta(days=1)]
    status, told = await ask(evening, evening.coordinator, "DELETE", path)
    assert (status, told["code"]) == (422, "past-is-kept")


async def test_a_clock_change_is_settled(evening: Evening) -> None:
    spring = last_sunday_of_march()
    _, made = await set_down(
        evening,
        evening.coordinator,
        weekday=6,
        starts="01:30",
        first_day=str(spring),
        last_day=str(spring),
        until=str(spring + timedelta(days=1)),
    )
    path = f"/patterns/{made['id']}/clock-changes"
    wrong = {"day": str(spring), "starts": "01:45"}
    assert (await ask(evening, evening.coordinator, "POST", path, wrong))[0] == 422
    other = {"day": str(spring + timedelta(days=1)), "starts": "02:00"}
    assert (await ask(evening, evening.coordinator, "POST", path, other))[1]["code"] == (
        "not-asked-about"
    )
    said = {"day": str(spring), "starts": "02:00", "minutes": 60}
    status, told = await ask(evening, evening.coordinator, "POST", path, said)
    assert (status, len(told["shifts"]), told["questions"]) == (200, 1, [])


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"repeats": "monthly"}, 422, "wrong-pattern"),
        ({"nth": 2}, 422, "wrong-pattern"),
        ({"repeats": "yearly"}, 400, "wrong-type"),
        ({"holidays": "skip"}, 422, "wrong-pattern"),
        ({"holiday_region": "XX"}, 422, "unknown-region"),
        ({"holiday_region": "Leeds"}, 400, "invalid-request"),
        ({"minimum_workers": 1}, 422, "wrong-pattern"),
        ({"minimum_workers": 3}, 422, "wrong-pattern"),
        ({"pauses": [{"first_day": "2027-02-01", "last_day": "2027-01-01"}]}, 422, WRONG),
        (
            {"pauses": [{"first_day": "0001-02-01", "last_day": "2027-01-01"}]},
            400,
            "invalid-request",
        ),
        ({"ground_rules": " "}, 400, "invalid-request"),
    ],
)
async def test_what_cannot_be_is_refused_and_not_kept(
    evening: Evening, changed: dict[str, Any], status: int, code: str
) -> None:
    answered, problem = await set_down(evening, evening.coordinator, **changed)
    assert (answered, problem["code"]) == (status, code)
    assert await starts_of(evening) == []


async def test_only_coordinators_of_a_member_see_and_change_patterns(evening: Evening) -> None:
    _, made = await set_down(evening, evening.coordinator)
    days = await starts_of(evening)
    stranger = await evening.node.somebody("coordinator")
    pool, pattern = f"/pools/{evening.pool.slug}/patterns", f"/patterns/{made['id']}"
    tried: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", pool, None),
        ("POST", f"{pool}/preview", a_pattern()),
        ("PATCH", pattern, {"theme": "Tax"}),
        ("DELETE", pattern, None),
        ("POST", f"{pattern}/clock-changes", {"day": str(days[0])}),
    ]
    for who, status in ((evening.worker, 403), (stranger, 404)):
        for method, path, body in tried:
            answered, problem = await ask(evening, who, method, path, body)
            assert (method, path, answered) == (method, path, status)
            assert "tue-19" not in str(problem)
    assert await starts_of(evening) == days
