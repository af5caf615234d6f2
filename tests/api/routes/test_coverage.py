"""What a pool covers, as programs and pages show it."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date

from api.parts import current_time
from api.worker.rota_jobs import count_hours
from database.session import door
from tests.api.conftest import Node
from tests.api.evening import Evening, an_evening, coming
from tests.rota.world import a_shift


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


def days_around(evening: Evening) -> dict[str, str]:
    first = evening.shift.starts.date() - timedelta(days=evening.shift.starts.weekday())
    return {"from": first.isoformat(), "until": (first + timedelta(days=7)).isoformat()}


async def claimed(evening: Evening) -> None:
    path = f"/api/v1/seats/{evening.shift.lead}/claims"
    answer = await evening.node.web.post(path, headers=evening.worker.bearer)
    assert answer.status_code == 201


async def test_coverage_as_json(evening: Evening) -> None:
    await claimed(evening)
    await count_hours(evening.node.engine, current_time())
    starts = evening.shift.starts
    answer = await evening.node.web.get(
        f"/api/v1/pools/{evening.pool.slug}/coverage",
        params=days_around(evening),
        headers=evening.coordinator.bearer,
    )
    assert answer.status_code == 200
    seen = answer.json()
    week = seen.pop("week")
    assert [len(row) for row in week] == [24] * 7
    [project] = seen.pop("projects")
    assert (project["given"], project["received"], project["on_call"]) == (2.5, 0, 0)
    ends = starts + timedelta(hours=2)
    assert seen == {
        "pool": evening.pool.slug,
        "zone": "Europe/London",
        "language": None,
        "open_hours": {},
        "gaps": [
            {
                "channel": "live-chat",
                "start": starts.isoformat().replace("+00:00", "Z"),
                "end": ends.isoformat().replace("+00:00", "Z"),
                "free": ["second", "supervisor"],
            }
        ],
    }


async def test_who_may_see_it(evening: Evening) -> None:
    await claimed(evening)
    path, params = f"/api/v1/pools/{evening.pool.slug}/coverage", days_around(evening)
    stranger = await evening.node.somebody("coordinator")
    for who, status in ((evening.worker, 403), (stranger, 404)):
        answer = await evening.node.web.get(path, params=params, headers=who.bearer)
        assert answer.status_code == status
        hours = await evening.node.web.get("/api/v1/hours", params=params, headers=who.bearer)
        own = [(one["person"], one["hours"]) for one in hours.json()["items"]]
        assert own == ([(str(evening.worker.id), 2.5)] if who is evening.worker else [])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"until": "2020-01-01"}, "invalid-request"),
        ({"until": "2199-01-01"}, "invalid-request"),
        ({"from": "1999-01-01"}, "invalid-request"),
        ({"from": "soon"}, "wrong-type"),
        ({"weeks": "4"}, "unknown-field"),
    ],
)
async def test_a_period_that_cannot_be_is_refused(
    evening: Evening, changed: dict[str, str], code: str
) -> None:
    answer = await evening.node.web.get(
        f"/api/v1/pools/{evening.pool.slug}/coverage",
        params=days_around(evening) | changed,
        headers=evening.coordinator.bearer,
    )
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_the_table_can_be_taken_along(evening: Evening) -> None:
    week = days_around(evening)["from"]
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        found = await browser.get(f"/coverage/{evening.pool.slug}.csv?week={week}&weeks=1")
        page = await browser.get(f"/coverage/{evening.pool.slug}?week={week}&weeks=1&language=en")
        wrong = await browser.get(f"/coverage/{evening.pool.slug}?weeks=5")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    lines = found.text.splitlines()
    assert lines[0] == "hour,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday"
    assert lines[1:] == [f"{hour:02}:00" + 7 * ",0.0" for hour in range(24)]
    assert page.status_code == 200
    assert "Nobody is there in this time in English" in page.text
    assert wrong.status_code == 400


async def test_workers_see_their_own_hours_only(evening: Evening) -> None:
    await claimed(evening)
    colleague, _ = await evening.colleague()
    async with door(evening.node.engine) as session:
        await a_shift(session, evening.pool, coming(72), trainings=[])
    for who, cells in ((evening.worker, 1), (colleague, 0)):
        async with evening.node.signed_in(who.id) as browser:
            text = (await browser.get("/hours")).text.split("</main>")[0]
            refused = await browser.get(f"/coverage/{evening.pool.slug}")
        # in its week, and in the sum
        assert text.count("<td>2.5</td>") == 2 * cells
        assert refused.status_code == 403


async def test_hours_begin_with_this_week_and_say_what_was_before_below(evening: Evening) -> None:
    """On a phone the first columns are all that is seen."""
    await claimed(evening)
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        browser.headers["Accept-Language"] = "nl"
        text = (await browser.get("/hours")).text.split("</main>")[0]
    ahead, before = re.findall(r"<thead>.*?</thead>", text)
    today = current_time().astimezone(ZoneInfo("Europe/London")).date()
    monday = today - timedelta(days=today.weekday())
    for heads, first in ((ahead, 0), (before, -4)):
        days = [monday + timedelta(weeks=first + number) for number in range(4)]
        said = [str(format_date(day, "d MMM", locale="nl")) for day in days]
        assert re.findall(r'<th scope="col">(.*?)</th>', heads)[1:-1] == said
