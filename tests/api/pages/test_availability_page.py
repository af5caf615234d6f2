from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from rota.availability.models import Leave
from rota.busy_times.actions import keep_busy_times, keep_failure
from rota.busy_times.models import BusyCalendar
from tests.api.conftest import Node, Somebody, form_token
from tests.api.evening import an_evening

TODAY = current_time().date()
SOON = TODAY + timedelta(days=40)
ADDRESS = "https://calendar.example.org/private-5f2c/basic.ics"


async def send(browser: AsyncClient, whose: Somebody, where: str, **fields: Any) -> tuple[int, str]:
    """Fill in a form of the page and press its button; gives the page that follows."""
    token = await form_token(browser, "/availability")
    path = where if where.startswith("/") else f"/availability/{whose.id}/{where}"
    answer = await browser.post(path, data={"_csrf_token": token, **fields})
    if answer.status_code == 303:
        answer = await browser.get(answer.headers["location"])
    return answer.status_code, " ".join(answer.text.split())


async def test_times_of_every_week_are_added_and_removed(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        status, text = await send(
            browser,
            ann,
            "weekly",
            weekday="Friday",
            starts="22:00",
            ends="02:00",
            preference="0",
            every_weeks="2",
            first_day=str(SOON),
        )
        assert status == 200
        assert "Friday 22:00 to 02:00, every second week from" in text
        assert "if needed" in text
        path = text.split('action="')[2].split('"')[0]
        assert path.endswith("/remove")
        status, text = await send(browser, ann, path)
        assert "Nothing is entered." in text


async def test_single_days_and_last_month(node: Node) -> None:
    ann = await node.somebody("worker")
    # not the last day: a fifth Thursday may have none to go to
    day = (TODAY.replace(day=1) + timedelta(days=32)).replace(day=28)
    month = (day + timedelta(days=7)).replace(day=1)
    async with node.signed_in(ann.id) as browser:
        _, text = await send(
            browser, ann, "dates", day=str(SOON), starts="", ends="", preference="cannot"
        )
        assert ", all day <span" in text
        await send(
            browser, ann, "dates", day=str(day), starts="09:00", ends="11:30", preference="2"
        )
        status, text = await send(browser, ann, "copy", month=f"{month:%Y-%m}")
        assert status == 200
        assert "09:00 to 11:30" in text


async def test_leave_over_a_seat_names_it_and_leads_back(node: Node) -> None:
    evening = await an_evening(node)
    worker = evening.worker
    await node.web.post(f"/api/v1/seats/{evening.shift.lead}/claims", headers=worker.bearer)
    day = str(evening.shift.starts.date())
    async with node.signed_in(worker.id) as browser:
        status, text = await send(browser, worker, "leave", first_day=day, last_day=day)
        assert (status, "You have a seat on" in text) == (422, True)
        assert f'href="/availability/{worker.id}"' in text
        status, text = await send(browser, worker, "leave", first_day=day, give_back="yes")
        assert status == 200
        assert "Come back earlier" in text
        async with door(node.engine) as session:
            [leave] = await session.scalars(select(Leave).where(Leave.person_id == worker.id))
        status, text = await send(browser, worker, f"leave/{leave.id}/remove")
        assert "No leave is entered." in text


async def test_limits_and_zone(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        _, text = await send(browser, ann, "limits", hours_per_week="4,5", rest_hours="")
        assert "At most 4.5 hours and 3 shifts a week, and 11 hours of rest" in text
        status, text = await send(browser, ann, "limits", hours_per_week="40")
        assert (status, "can only be stricter" in text) == (422, True)
        _, text = await send(browser, ann, "zone", zone="Europe/Bucharest")
        assert "(Europe/Bucharest)" in text


async def test_check_42_a_calendar_shows_its_age_and_never_its_address(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        status, text = await send(
            browser, ann, "/busy-calendars", address=ADDRESS, label="My diary"
        )
        assert status == 200
        assert "It is being read." in text
        assert "no plan counts on you" in text
        async with door(node.engine) as session:
            [calendar_id] = await session.scalars(
                select(BusyCalendar.id).where(BusyCalendar.person_id == ann.id)
            )
            read = current_time() - timedelta(days=1)
            await keep_busy_times(session, calendar_id, [], read)
            await keep_failure(session, calendar_id, "not-a-calendar", current_time())
        page = await browser.get("/availability")
        text = " ".join(page.text.split())
        assert f"Read last on {read:%A}" in text
        assert "There is no calendar at this address, or it was cut off." in text
        assert "What was read before still counts; after three days no plan relies on it." in text
        assert "example.org" not in text
        at_once = f"/busy-calendars/{calendar_id}/read"
        assert "It can be read at once again from" in text
        assert "Read it now" not in text
        status, text = await send(browser, ann, at_once)
        assert (status, "You can ask again in 5 minutes." in text) == (429, True)
        async with door(node.engine) as session:
            earlier = current_time() - timedelta(minutes=5)
            await keep_failure(session, calendar_id, "not-a-calendar", earlier)
        assert "Read it now" in (await browser.get("/availability")).text
        assert (await send(browser, ann, at_once))[0] == 200
        _, text = await send(browser, ann, f"/busy-calendars/{calendar_id}/remove")
        assert "My diary" not in text


async def test_coordinators_open_that_of_their_own_people_without_their_calendars(
    node: Node,
) -> None:
    coordinator = await node.somebody("coordinator")
    ann = await node.somebody("worker", project_id=coordinator.project_id, name="Ann Example")
    other = await node.somebody("worker", name="Zuleika Private")
    async with node.signed_in(ann.id) as browser:
        await send(browser, ann, "/busy-calendars", address=ADDRESS, label="Clinic diary")
    async with node.signed_in(coordinator.id) as browser:
        start = await browser.get("/availability")
        assert f'href="/availability/{ann.id}">Ann Example' in start.text
        assert "Zuleika" not in start.text
        page = await browser.get(f"/availability/{ann.id}")
        assert "Availability of Ann Example" in page.text
        assert "It is not known at the moment when this person has time" in page.text
        for private in ("Clinic", "calendar.example.org", "Busy times"):
            assert private not in page.text
        status, text = await send(
            browser, ann, "weekly", weekday="Monday", starts="09:00", ends="10:00"
        )
        assert (status, "Monday 09:00 to 10:00" in text) == (200, True)
        assert (await browser.get(f"/availability/{other.id}")).status_code == 404
        for where in ("weekly", "dates", "copy", "leave", "limits", "zone"):
            fields = {
                "weekday": "Monday",
                "starts": "09:00",
                "ends": "10:00",
                "day": str(SOON),
                "first_day": str(SOON),
                "month": f"{SOON:%Y-%m}",
                "zone": "Europe/Paris",
            }
            assert (await send(browser, other, where, **fields))[0] == 404


@pytest.mark.parametrize(
    ("where", "fields"),
    [
        ("weekly", {"weekday": "Someday", "starts": "09:00", "ends": "10:00"}),
        ("weekly", {"weekday": "Monday", "starts": "late", "ends": "10:00"}),
        ("weekly", {"weekday": "Monday", "starts": "09:00", "ends": "10:00", "preference": "9"}),
        ("dates", {"day": "someday"}),
        ("dates", {"day": "1999-01-01"}),
        ("copy", {"month": "soon"}),
        ("leave", {"first_day": ""}),
        ("limits", {"hours_per_week": "many"}),
        ("limits", {"hours_per_week": "nan"}),
        ("zone", {"zone": "Mars/Olympus"}),
        ("/busy-calendars", {"address": "x"}),
        (f"weekly/{UUID(int=1)}/remove", {}),
        (f"leave/{UUID(int=1)}/end", {"day": str(SOON)}),
        (f"/busy-calendars/{UUID(int=1)}/read", {}),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused_with_a_page(
    node: Node, where: str, fields: dict[str, str]
) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        status, text = await send(browser, ann, where, **fields)
        assert status in {400, 404, 422}
        assert "Back to where you were" in text
