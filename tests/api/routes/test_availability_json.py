from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.people.models import Person
from rota.availability.models import DatedWindow, WeeklyWindow
from rota.busy_times.actions import keep_busy_times, keep_failure
from rota.busy_times.models import BusyCalendar
from rota.shifts.rules.spans import Span
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening

TODAY = current_time().date()
MONTH = (TODAY.replace(day=1) + timedelta(days=40)).replace(day=1)
BEFORE = (MONTH - timedelta(days=1)).replace(day=1)
ADDRESS = "https://calendar.example.org/private-5f2c/basic.ics"
TUESDAY = {
    "weekday": 1,
    "starts": "18:00",
    "minutes": 240,
    "preference": 2,
    "zone": "Europe/London",
    "every_weeks": 1,
    "first_day": None,
}
FORTNIGHT = {**TUESDAY, "weekday": 3, "every_weeks": 2, "first_day": str(TODAY)}
DATED = {"day": str(BEFORE + timedelta(days=1)), "starts": "09:00", "minutes": 90}


async def ask(
    node: Node, who: Somebody, method: str, path: str, body: Any = None
) -> tuple[int, Any]:
    answer = await node.web.request(method, f"/api/v1{path}", json=body, headers=who.bearer)
    return answer.status_code, answer.json() if answer.content else None


async def test_nothing_is_entered_at_first(node: Node) -> None:
    ann = await node.somebody("worker")
    assert await ask(node, ann, "GET", "/availability") == (
        200,
        {
            "person": str(ann.id),
            "zone": "Europe/London",
            "known": True,
            "weekly": [],
            "dated": [],
            "limits": {
                "hours_per_week": 8.0,
                "shifts_per_week": 3,
                "rest_hours": 11.0,
                "own": {"hours_per_week": None, "shifts_per_week": None, "rest_hours": None},
            },
        },
    )


async def test_weekly_times_are_replaced_as_a_whole(node: Node) -> None:
    ann = await node.somebody("worker")
    for items in ([TUESDAY, FORTNIGHT], [FORTNIGHT]):
        status, told = await ask(node, ann, "PUT", "/availability/weekly", {"items": items})
        assert (status, told["weekly"]) == (200, items)
    status, told = await ask(node, ann, "GET", "/availability")
    assert told["weekly"] == [FORTNIGHT]


async def test_a_time_without_zone_is_where_the_person_lives(node: Node) -> None:
    ann = await node.somebody("worker")
    status, told = await ask(node, ann, "PUT", "/availability/zone", {"zone": "Europe/Bucharest"})
    assert (status, told["zone"]) == (200, "Europe/Bucharest")
    short = {"weekday": 1, "starts": "18:00", "minutes": 60}
    _, told = await ask(node, ann, "PUT", "/availability/weekly", {"items": [short]})
    assert told["weekly"] == [
        {**TUESDAY, "minutes": 60, "preference": 1, "zone": "Europe/Bucharest"}
    ]


async def test_single_days_are_entered_replaced_and_taken_away(node: Node) -> None:
    ann = await node.somebody("worker")
    day = str(TODAY + timedelta(days=3))
    body = {"items": [{"day": day, "starts": "09:00", "minutes": 90, "preference": None}]}
    assert await ask(node, ann, "PUT", "/availability/dates", body) == (200, {"added": 1})
    assert await ask(node, ann, "PUT", "/availability/dates", body) == (200, {"added": 0})
    body["items"][0]["preference"] = 0
    assert await ask(node, ann, "PUT", "/availability/dates", body) == (200, {"added": 1})
    _, told = await ask(node, ann, "GET", "/availability")
    [dated] = told["dated"]
    assert dated == {
        "id": dated["id"],
        "day": day,
        "starts": "09:00",
        "minutes": 90,
        "preference": 0,
        "zone": "Europe/London",
    }
    path = f"/availability/dates/{dated['id']}"
    assert await ask(node, ann, "DELETE", path) == (204, None)
    assert (await ask(node, ann, "DELETE", path))[0] == 404


async def test_last_month_is_copied_once(node: Node) -> None:
    ann = await node.somebody("worker")
    await ask(node, ann, "PUT", "/availability/dates", {"items": [DATED]})
    body = {"month": str(MONTH)}
    assert await ask(node, ann, "POST", "/availability/copies", body) == (201, {"added": 1})
    assert await ask(node, ann, "POST", "/availability/copies", body) == (201, {"added": 0})
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(DatedWindow).where(DatedWindow.person_id == ann.id, DatedWindow.day >= MONTH)
        )
        [copy] = rows
    assert copy.day.weekday() == (BEFORE + timedelta(days=1)).weekday()
    assert (f"{copy.starts:%H:%M}", copy.minutes) == ("09:00", 90)


async def test_own_limits_are_stricter_and_the_projects_are_the_coordinators(node: Node) -> None:
    coordinator = await node.somebody("coordinator")
    ann = await node.somebody("worker", project_id=coordinator.project_id)
    status, told = await ask(node, ann, "PUT", "/availability/limits", {"hours_per_week": 4})
    assert (status, told["limits"]["hours_per_week"]) == (200, 4.0)
    status, told = await ask(node, ann, "PUT", "/availability/limits", {"hours_per_week": 40})
    assert (status, told["code"]) == (422, "limit-not-stricter")
    path = f"/availability/limits?person={ann.id}"
    assert (await ask(node, ann, "PUT", path, {"hours_per_week": 40}))[1]["code"] == "not-allowed"
    status, told = await ask(node, coordinator, "PUT", path, {"shifts_per_week": 5})
    assert (status, told["limits"]) == (
        200,
        {
            "hours_per_week": 4.0,
            "shifts_per_week": 5,
            "rest_hours": 11.0,
            "own": {"hours_per_week": 4.0, "shifts_per_week": None, "rest_hours": None},
        },
    )


PATHS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/availability", None),
    ("PUT", "/availability/weekly", {"items": []}),
    ("PUT", "/availability/dates", {"items": [DATED]}),
    ("POST", "/availability/copies", {"month": str(MONTH)}),
    ("PUT", "/availability/limits", {"hours_per_week": 1}),
    ("PUT", "/availability/zone", {"zone": "Europe/Paris"}),
    ("GET", "/leave", None),
    ("POST", "/leave", {"start": "2027-01-05T00:00:00Z", "end": "2027-01-06T00:00:00Z"}),
)


@pytest.mark.parametrize(("method", "path", "body"), PATHS)
async def test_other_peoples_time_is_not_found(
    node: Node, method: str, path: str, body: Any
) -> None:
    ann = await node.somebody("worker")
    await ask(node, ann, "PUT", "/availability/weekly", {"items": [TUESDAY]})
    colleague = await node.somebody("worker", project_id=ann.project_id)
    stranger = await node.somebody("coordinator")
    for who in (colleague, stranger):
        status, told = await ask(node, who, method, f"{path}?person={ann.id}", body)
        assert (status, told["code"]) == (404, "not-found")
    async with door(node.engine) as session:
        person = await session.get_one(Person, ann.id)
        kept = await session.scalars(
            select(WeeklyWindow.weekday).where(WeeklyWindow.person_id == ann.id)
        )
        assert (list(kept), person.zone, person.own_hours_per_week) == ([1], None, None)


async def test_coordinators_see_and_enter_that_of_their_own_people(node: Node) -> None:
    coordinator = await node.somebody("coordinator")
    ann = await node.somebody("worker", project_id=coordinator.project_id)
    whose = f"?person={ann.id}"
    body = {"items": [TUESDAY]}
    status, told = await ask(node, coordinator, "PUT", f"/availability/weekly{whose}", body)
    assert (status, told["person"], told["weekly"]) == (200, str(ann.id), [TUESDAY])
    span = {"start": "2027-01-05T00:00:00Z", "end": "2027-01-06T00:00:00Z"}
    status, made = await ask(node, coordinator, "POST", f"/leave{whose}", span)
    assert status == 201
    assert await ask(node, ann, "GET", "/leave") == (200, {"items": [made], "next": None})


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/availability/weekly", {"items": [{**TUESDAY, "weekday": 7}]}, "invalid-request"),
        ("/availability/weekly", {"items": [{**TUESDAY, "every_weeks": 3}]}, "invalid-request"),
        ("/availability/weekly", {"items": [{**TUESDAY, "every_weeks": 2}]}, "wrong-weekly-time"),
        ("/availability/weekly", {"items": [{**TUESDAY, "zone": "Mars/X"}]}, "unknown-zone"),
        ("/availability/weekly", {"items": [TUESDAY] * 61}, "invalid-request"),
        ("/availability/weekly", {"items": [{**TUESDAY, "colour": 1}]}, "unknown-field"),
        ("/availability/dates", {"items": [{**DATED, "minutes": 1441}]}, "invalid-request"),
        ("/availability/dates", {"items": [{**DATED, "day": "1999-01-01"}]}, "invalid-request"),
        ("/availability/dates", {"items": [{**DATED, "preference": 3}]}, "invalid-request"),
        ("/availability/limits", {"hours_per_week": -1}, "invalid-request"),
        ("/availability/zone", {"zone": "../etc/passwd"}, "unknown-zone"),
    ],
)
async def test_what_cannot_be_is_refused(
    node: Node, path: str, body: dict[str, Any], code: str
) -> None:
    ann = await node.somebody("worker")
    status, told = await ask(node, ann, "PUT", path, body)
    assert (status in {400, 422}, told["code"]) == (True, code)
    _, told = await ask(node, ann, "GET", "/availability")
    assert (told["weekly"], told["dated"], told["zone"]) == ([], [], "Europe/London")


async def test_leave_is_listed_ended_and_taken_back(node: Node) -> None:
    ann = await node.somebody("worker")
    starts = current_time().replace(microsecond=0) + timedelta(days=10)
    span = {"start": starts.isoformat(), "end": (starts + timedelta(days=9)).isoformat()}
    _, made = await ask(node, ann, "POST", "/leave", span)
    sooner = (starts + timedelta(days=2)).isoformat()
    status, told = await ask(node, ann, "PATCH", f"/leave/{made['id']}", {"end": sooner})
    assert (status, told["id"]) == (200, made["id"])
    status, told = await ask(node, ann, "PATCH", f"/leave/{made['id']}", {"end": span["end"]})
    assert (status, told["code"]) == (422, "not-earlier")
    assert await ask(node, ann, "DELETE", f"/leave/{made['id']}") == (204, None)
    assert await ask(node, ann, "GET", "/leave") == (200, {"items": [], "next": None})


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def test_leave_over_a_seat_is_refused_or_gives_it_back(evening: Evening) -> None:
    node, worker = evening.node, evening.worker
    await ask(node, worker, "POST", f"/seats/{evening.shift.lead}/claims")
    starts = evening.shift.starts
    span = {"start": starts.isoformat(), "end": (starts + timedelta(hours=1)).isoformat()}
    status, told = await ask(node, worker, "POST", "/leave", span)
    assert (status, told["code"], [each["code"] for each in told["reasons"]]) == (
        422,
        "seats-in-leave",
        ["seat-in-leave"],
    )
    status, _ = await ask(node, worker, "POST", "/leave", {**span, "give_back": True})
    assert status == 201


async def test_a_calendar_is_added_without_its_address_ever_coming_back(node: Node) -> None:
    ann = await node.somebody("worker")
    body = {"address": ADDRESS, "label": "Work"}
    status, made = await ask(node, ann, "POST", "/busy-calendars", body)
    assert (status, made) == (
        201,
        {
            "id": made["id"],
            "label": "Work",
            "made_at": made["made_at"],
            "read_at": None,
            "tried_at": None,
            "failure": None,
            "known": False,
        },
    )
    _, listed = await ask(node, ann, "GET", "/busy-calendars")
    assert listed == {"items": [made], "next": None}
    assert (await ask(node, ann, "GET", "/availability"))[1]["known"] is False
    path = f"/busy-calendars/{made['id']}"
    assert (await ask(node, ann, "POST", f"{path}/readings"))[0] == 202
    assert await ask(node, ann, "DELETE", path) == (204, None)
    assert (await ask(node, ann, "GET", "/availability"))[1]["known"] is True


async def test_check_42_its_age_and_what_went_wrong_are_shown(node: Node) -> None:
    ann = await node.somebody("worker")
    _, made = await ask(node, ann, "POST", "/busy-calendars", {"address": ADDRESS})
    read = current_time().replace(microsecond=0) - timedelta(days=1)
    async with door(node.engine) as session:
        await keep_busy_times(session, UUID(made["id"]), [Span(read, read + timedelta(1))], read)
        await keep_failure(session, UUID(made["id"]), "fetch-failed", current_time())
    _, listed = await ask(node, ann, "GET", "/busy-calendars")
    [told] = listed["items"]
    assert (told["read_at"], told["failure"], told["known"]) == (
        read.isoformat().replace("+00:00", "Z"),
        "fetch-failed",
        True,
    )


async def test_nobody_elses_calendars_are_found(node: Node) -> None:
    ann = await node.somebody("worker")
    _, made = await ask(node, ann, "POST", "/busy-calendars", {"address": ADDRESS})
    coordinator = await node.somebody("coordinator", project_id=ann.project_id)
    assert await ask(node, coordinator, "GET", "/busy-calendars") == (
        200,
        {"items": [], "next": None},
    )
    path = f"/busy-calendars/{made['id']}"
    for method, where in (("DELETE", path), ("POST", f"{path}/readings")):
        assert (await ask(node, coordinator, method, where))[0] == 404
    async with door(node.engine) as session:
        await session.get_one(BusyCalendar, UUID(made["id"]))


@pytest.mark.parametrize("address", ["http://calendar.example.org/a", "file:///etc/passwd", "x"])
async def test_an_address_that_cannot_be_is_refused_without_being_quoted(
    node: Node, address: str
) -> None:
    ann = await node.somebody("worker")
    status, told = await ask(node, ann, "POST", "/busy-calendars", {"address": address})
    assert (status, told["code"]) == (422, "wrong-calendar-address")
    assert "example.org" not in str(told)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_days_are_over_where_somebody_lives(node: Node, zone: str) -> None:
    """At any hour one of these two has another day than Greenwich."""
    ann = await node.somebody("worker")
    await ask(node, ann, "PUT", "/availability/zone", {"zone": zone})
    today = current_time().astimezone(ZoneInfo(zone)).date()
    days = [{**DATED, "day": str(today + timedelta(days=days))} for days in (-1, 0, 1)]
    await ask(node, ann, "PUT", "/availability/dates", {"items": days})
    _, shown = await ask(node, ann, "GET", "/availability")
    assert [each["day"] for each in shown["dated"]] == [each["day"] for each in days[1:]]
