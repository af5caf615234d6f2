"""A month of availability ticked on a page without any script."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from rota.availability.actions import set_dates
from rota.availability.models import DatedWindow
from rota.availability.queries import dated_of
from rota.availability.rules import Dated
from tests.api.conftest import Node, Somebody, form_token
from tests.api.feeds.test_feed_kinds import statements

TODAY = current_time().astimezone(ZoneInfo("Europe/London")).date()
MONTH = (TODAY.replace(day=1) + timedelta(days=63)).replace(day=1)
"""A whole month to come."""
MONDAYS = [
    day for day in (MONTH + timedelta(days=each) for each in range(28)) if day.weekday() == 0
]
TICK = re.compile(r'name="on" value="([^"]+)"( checked)?')


def ticks(page: str) -> tuple[int, list[str]]:
    """Give how many parts a page offers, and those that are ticked."""
    found = TICK.findall(page)
    return len(found), [value for value, checked in found if checked]


async def see(browser: AsyncClient, whose: Somebody, month: date = MONTH) -> str:
    answer = await browser.get(f"/availability/{whose.id}/month?month={month:%Y-%m}")
    assert answer.status_code == 200
    return answer.text


async def save(
    browser: AsyncClient, whose: Somebody, on: list[str], **fields: str
) -> tuple[int, str]:
    page = await see(browser, whose)
    was = re.findall(r'name="was" value="([^"]*)"', page)[0]
    sent = {"_csrf_token": await form_token(browser, "/availability"), "month": f"{MONTH:%Y-%m}"}
    answer = await browser.post(
        f"/availability/{whose.id}/month", data=sent | {"was": was} | fields | {"on": on}
    )
    return answer.status_code, answer.headers.get("location", "") or answer.text


async def kept(node: Node, whose: Somebody) -> list[tuple[date, str, int, int | None]]:
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(DatedWindow)
            .where(DatedWindow.person_id == whose.id)
            .order_by(DatedWindow.day, DatedWindow.starts)
        )
        found = [dated_of(row) for row in rows]
    return [(one.day, f"{one.starts:%H:%M}", one.minutes, one.preference) for one in found]


async def test_ticks_are_saved_at_once_and_taken_away_again(node: Node) -> None:
    ann = await node.somebody("worker")
    monday = MONDAYS[1]
    async with node.signed_in(ann.id) as browser:
        days = (MONTH + timedelta(days=32)).replace(day=1) - MONTH
        assert ticks(await see(browser, ann)) == (days.days * 4, [])
        on = [f"{monday}-evening", f"{monday}-night"]
        back = f"/availability/{ann.id}/month?month={MONTH:%Y-%m}"
        assert await save(browser, ann, on, preference="2") == (303, back)
        assert await kept(node, ann) == [(monday, "18:00", 720, 2)]
        page = await see(browser, ann)
        assert ticks(page)[1] == on
        assert page.count('checked class="prefer"') == 2
        # what stays ticked keeps how gladly it was entered
        assert await save(browser, ann, [*on, f"{monday}-morning"]) == (303, back)
        assert await save(browser, ann, on[:1]) == (303, back)
        assert await kept(node, ann) == [(monday, "18:00", 240, 2)]
        assert await save(browser, ann, []) == (303, back)
        assert await kept(node, ann) == []


async def test_one_week_is_the_pattern_of_those_after_it(node: Node) -> None:
    ann = await node.somebody("worker")
    second, rest = MONDAYS[1], MONDAYS[2:]
    before = f"{MONDAYS[0]}-morning"
    other = f"{rest[0]}-morning"
    async with node.signed_in(ann.id) as browser:
        await save(browser, ann, [before, other, f"{second}-evening"], same=str(second))
        later = [
            day
            for day in (MONTH + timedelta(days=each) for each in range(31))
            if day.month == MONTH.month and day.weekday() == 0 and day >= second
        ]
        assert ticks(await see(browser, ann))[1] == [before, *(f"{day}-evening" for day in later)]


async def test_what_others_enter_meanwhile_stays(node: Node) -> None:
    ann = await node.somebody("worker")
    monday, tuesday = MONDAYS[1], MONDAYS[1] + timedelta(days=1)
    async with node.signed_in(ann.id) as browser:
        token = await form_token(browser, "/availability")
        async with door(node.engine) as session:
            entered = Dated(
                tuesday, current_time().time().replace(18, 0, 0, 0), 240, "Europe/London", 0
            )
            await set_dates(session, ann.asker, ann.id, [entered], current_time())
        sent = {"_csrf_token": token, "month": f"{MONTH:%Y-%m}", "on": f"{monday}-evening"}
        answer = await browser.post(f"/availability/{ann.id}/month", data=sent)
        assert answer.status_code == 303
    assert [day for day, *_ in await kept(node, ann)] == [monday, tuesday]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"on": "soon-evening"}, "on"),
        ({"on": f"{MONDAYS[0]}-noon"}, "on"),
        ({"on": f"{MONTH - timedelta(days=1)}-evening"}, "on"),
        ({"was": "2027-01-01"}, "was"),
        ({"preference": "9"}, "preference"),
        ({"same": "monday"}, "same"),
        ({"month": "soon"}, "month"),
    ],
)
async def test_what_no_form_offers_is_refused_with_a_way_back(
    node: Node, fields: dict[str, str], field: str
) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        sent = {"month": f"{MONTH:%Y-%m}", "on": f"{MONDAYS[0]}-evening"} | fields
        sent["_csrf_token"] = await form_token(browser, "/availability")
        answer = await browser.post(f"/availability/{ann.id}/month", data=sent)
        assert answer.status_code == 400
        assert field in answer.text
        assert f'href="/availability/{ann.id}' in answer.text
    assert await kept(node, ann) == []


async def test_days_that_are_over_are_not_offered_and_not_changed(node: Node) -> None:
    ann = await node.somebody("worker")
    yesterday = TODAY - timedelta(days=1)
    async with node.signed_in(ann.id) as browser:
        page = await see(browser, ann, yesterday.replace(day=1))
        assert f"{yesterday}-" not in page
        assert f'value="{TODAY}-evening"' in page
        sent = {
            "_csrf_token": await form_token(browser, "/availability"),
            "month": f"{yesterday:%Y-%m}",
            "on": f"{yesterday}-evening",
        }
        answer = await browser.post(f"/availability/{ann.id}/month", data=sent)
        assert answer.status_code == 303
    assert await kept(node, ann) == []


async def test_the_month_before_is_copied_from_here(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        token = await form_token(browser, "/availability")
        answer = await browser.post(
            f"/availability/{ann.id}/copy",
            data={"_csrf_token": token, "month": f"{MONTH:%Y-%m}", "page": "month"},
        )
        assert answer.headers["location"] == f"/availability/{ann.id}/month?month={MONTH:%Y-%m}"


async def test_only_oneself_and_ones_coordinator_see_a_month(node: Node) -> None:
    ann = await node.somebody("worker")
    bob = await node.somebody("worker", project_id=ann.project_id)
    carla = await node.somebody("coordinator", project_id=ann.project_id)
    found = {}
    for name, who in (("colleague", bob), ("coordinator", carla)):
        async with node.signed_in(who.id) as browser:
            answer = await browser.get(f"/availability/{ann.id}/month")
            sent = {"_csrf_token": await form_token(browser, "/account")}
            sent |= {"month": f"{MONTH:%Y-%m}", "on": f"{MONDAYS[0]}-evening"}
            posted = await browser.post(f"/availability/{ann.id}/month", data=sent)
            found[name] = (answer.status_code, posted.status_code)
    assert found == {"colleague": (404, 404), "coordinator": (200, 303)}


async def test_a_full_month_takes_as_many_queries_as_an_empty_one(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        with statements(node.engine) as for_none:
            await see(browser, ann)
        days = [MONTH + timedelta(days=each) for each in range(28)]
        await save(browser, ann, [f"{day}-{part}" for day in days for part in ("morning", "night")])
        with statements(node.engine) as for_many:
            assert len(ticks(await see(browser, ann))[1]) == 56
        assert len(for_many) == len(for_none) <= 8
