"""When people write, as programs and pages show it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from database.session import door
from rota.shifts.models import ShiftPattern
from tests.api.conftest import Node, Somebody, form_token
from tests.api.counted import WEEK, count_a_tuesday, this_monday
from tests.api.evening import Evening, an_evening
from tests.api.routes.test_leave_and_patterns import a_pattern

TUESDAY_AT_19 = 43


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def held(evening: Evening) -> None:
    await count_a_tuesday(evening.node.engine, evening.pool, evening.worker.asker)


async def ask(evening: Evening, who: Somebody, **params: str) -> tuple[int, dict[str, Any]]:
    answer = await evening.node.web.get(
        f"/api/v1/pools/{evening.pool.slug}/demand", params=params, headers=who.bearer
    )
    return answer.status_code, answer.json()


async def a_series(evening: Evening) -> str:
    answer = await evening.node.web.post(
        f"/api/v1/pools/{evening.pool.slug}/patterns",
        json=a_pattern(
            weekday=1,
            starts="19:00",
            minutes=60,
            zone="Europe/London",
            first_day=str(this_monday()),
            until=str(this_monday() + 2 * WEEK),
        ),
        headers=evening.coordinator.bearer,
    )
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def test_demand_as_json(evening: Evening) -> None:
    await held(evening)
    pattern = await a_series(evening)
    status, seen = await ask(evening, evening.coordinator, weeks="4")
    assert status == 200
    hours, helpful = seen.pop("hours"), seen.pop("helpful")
    # mean 3 / 2; (4 x 1.5 + 3) / 5.5 at 19, and the gamma quantiles of 9 contacts in 5.5 hours
    assert hours[TUESDAY_AT_19] == {
        "hour": 43,
        "talked": 2,
        "turned_away": 1,
        "open_hours": 1.0,
        "expected": 1.6364,
        "low": 0.9877,
        "high": 2.3627,
        "basis": "few-counts",
    }
    assert [one["hour"] for one in hours] == list(range(168))
    # three times in four nobody is there, and of those who find somebody one in three goes away
    assert {one["hour"]: one["unmet"] for one in helpful}[43] == 1.3636
    assert seen == {
        "pool": evening.pool.slug,
        "zone": "Europe/London",
        "first": str(this_monday() - 4 * WEEK),
        "until": str(this_monday()),
        "weeks": 2,
        "channel": None,
        "language": None,
        "mean": 1.5,
        "languages": [
            {"language": "ro", "talked": 0, "turned_away": 1, "spoken": 0.0, "missed": True},
            {"language": "en", "talked": 2, "turned_away": 0, "spoken": 0.5, "missed": False},
        ],
        "weights": [
            {
                "pattern": pattern,
                "series": "tue-19",
                "channel": "live-chat",
                "present": 1.0,
                "suggested": 1.1,
                "expected": 1.6364,
                "low": 0.9877,
                "high": 2.3627,
                "basis": "few-counts",
            }
        ],
        "excluded_weeks": [],
    }


async def test_without_counts_there_is_nothing_to_go_by(evening: Evening) -> None:
    status, seen = await ask(evening, evening.coordinator)
    assert (status, seen["weeks"], seen["hours"], seen["weights"]) == (200, 0, [], [])
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        page = await browser.get(f"/demand/{evening.pool.slug}")
        elsewhere = await browser.get("/demand")
        coverage = await browser.get(f"/coverage/{evening.pool.slug}")
    assert "nothing to go by" in page.text
    assert (elsewhere.status_code, elsewhere.headers["location"]) == (
        303,
        f"/demand/{evening.pool.slug}",
    )
    assert f'href="/demand/{evening.pool.slug}"' in coverage.text


async def test_weeks_are_left_out_and_counted_again_as_json(evening: Evening) -> None:
    await held(evening)
    path = f"/api/v1/pools/{evening.pool.slug}/excluded-weeks"
    web, bearer = evening.node.web, evening.coordinator.bearer
    day = str(this_monday() - 2 * WEEK + timedelta(days=3))
    body = {"day": day, "weeks": 1, "reason": "campaign"}
    made = await web.post(path, json=body, headers=bearer)
    assert made.status_code == 201
    again = await web.post(path, json=body, headers=bearer)
    assert (again.status_code, again.json()["code"]) == (409, "weeks-left-out")
    _, seen = await ask(evening, evening.coordinator)
    assert (seen["weeks"], seen["hours"]) == (1, [])
    assert seen["excluded_weeks"] == [
        {
            "id": made.json()["id"],
            "first_monday": str(this_monday() - 2 * WEEK),
            "weeks": 1,
            "reason": "campaign",
        }
    ]
    gone = await web.delete(f"{path}/{made.json()['id']}", headers=bearer)
    assert gone.status_code == 204
    _, seen = await ask(evening, evening.coordinator)
    assert (seen["weeks"], len(seen["hours"])) == (2, 168)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": "rain"}, "wrong-type"),
        ({"weeks": 27}, "invalid-request"),
        ({"day": "1999-01-01"}, "invalid-request"),
        ({"note": "Anna"}, "unknown-field"),
    ],
)
async def test_what_cannot_be_left_out_is_refused(
    evening: Evening, changed: dict[str, Any], code: str
) -> None:
    answer = await evening.node.web.post(
        f"/api/v1/pools/{evening.pool.slug}/excluded-weeks",
        json={"day": str(this_monday()), "reason": "other"} | changed,
        headers=evening.coordinator.bearer,
    )
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_who_may_see_it(evening: Evening) -> None:
    await held(evening)
    stranger = await evening.node.somebody("coordinator")
    path = f"/api/v1/pools/{evening.pool.slug}/excluded-weeks"
    body = {"day": str(this_monday()), "reason": "other"}
    web = evening.node.web
    for who, expected in ((evening.worker, 403), (stranger, 404)):
        status, said = await ask(evening, who)
        assert status == expected
        assert "hours" not in said
        added = await web.post(path, json=body, headers=who.bearer)
        gone = await web.delete(f"{path}/{uuid4()}", headers=who.bearer)
        assert (added.status_code, gone.status_code) == (expected, expected)
        async with evening.node.signed_in(who.id) as browser:
            assert (await browser.get(f"/demand/{evening.pool.slug}")).status_code == expected
    status, said = await ask(evening, evening.coordinator, channel="forum")
    assert (status, said["code"]) == (400, "invalid-request")


async def test_the_page_shows_what_was_missed_and_takes_weights(evening: Evening) -> None:
    await held(evening)
    pattern = UUID(await a_series(evening))
    here = f"/demand/{evening.pool.slug}"
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        page = (await browser.get(here)).text
        assert "<strong>Romanian</strong>: 1 turned away, 0 talked with; spoken in no" in page
        assert "<strong>Tuesday 19:00</strong>: about 1.4 a week would find nobody" in page
        assert "<td>1.6 (1.0 to 2.4)*</td>" in page
        token = await form_token(browser, here)
        for weight in ("11", "-1", "much", ""):
            wrong = await browser.post(
                f"{here}/weights/{pattern}", data={"_csrf_token": token, "weight": weight}
            )
            assert wrong.status_code == 400
        set_ = await browser.post(
            f"{here}/weights/{pattern}", data={"_csrf_token": token, "weight": "1,3"}
        )
        assert (set_.status_code, set_.headers["location"]) == (303, here)
        for language, channel, status in (("ro", "live-chat", 200), ("", "forum", 400)):
            looked = await browser.get(f"{here}?language={language}&channel={channel}&weeks=13")
            assert looked.status_code == status
            assert ("no longer known what they spoke" in looked.text) == bool(language)
        assert (await browser.get(f"{here}?weeks=7")).status_code == 400
    async with door(evening.node.engine) as session:
        found = await session.scalars(
            select(ShiftPattern.demand)
            .where(ShiftPattern.pool_id == evening.pool.id)
            .order_by(ShiftPattern.id)
        )
        assert list(found) == [1.0, 1.3]


async def test_weeks_are_left_out_on_the_page(evening: Evening) -> None:
    await held(evening)
    here = f"/demand/{evening.pool.slug}"
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        token = await form_token(browser, here)
        fields = {"_csrf_token": token, "day": str(this_monday() - 2 * WEEK), "reason": "holidays"}
        for changed in ({"weeks": "1.5"}, {"day": "soon"}):
            wrong = await browser.post(f"{here}/excluded-weeks", data=fields | changed)
            assert wrong.status_code == 400
        unknown = await browser.post(f"{here}/excluded-weeks", data=fields | {"reason": "rain"})
        assert unknown.status_code == 422
        assert "Choose from the list why." in unknown.text
        done_ = await browser.post(f"{here}/excluded-weeks", data=fields)
        assert (done_.status_code, done_.headers["location"]) == (303, here)
        page = (await browser.get(here)).text
        assert "holidays" in page
        assert "nothing to go by" in page
        back = page.split(f'action="{here}/excluded-weeks/', 1)[1].split('"', 1)[0]
        again = await browser.post(f"{here}/excluded-weeks/{back}", data={"_csrf_token": token})
        assert again.status_code == 303
        assert "nothing to go by" not in (await browser.get(here)).text
