"""Planned hours, languages by message, one channel alone, and what search engines read."""

import json
from datetime import timedelta
from typing import Any

import pytest

from api.parts import current_time
from database.session import door
from federation.pools.actions import add_channel
from federation.pools.drafts import ChannelDraft
from rota.shifts.models import Shift
from tests.api.conftest import Node
from tests.api.evening import Evening, an_evening, coming
from tests.rota.world import a_shift


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def publish(evening: Evening, **body: Any) -> int:
    answer = await evening.node.web.put(
        f"/api/v1/pools/{evening.pool.slug}/publication",
        headers=evening.coordinator.bearer,
        json={"planned": False, "message_languages": []} | body,
    )
    return answer.status_code


async def shown(evening: Evening, query: str = "") -> dict[str, Any]:
    answer = await evening.node.web.get(f"/open/{evening.pool.slug}.json{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def with_hours(evening: Evening) -> None:
    """Add one confirmed session, and two regular ones that are not complete: one soon."""
    async with door(evening.node.engine) as session:
        confirmed = await a_shift(session, evening.pool, coming(96), series="thu-19")
        (await session.get_one(Shift, confirmed.id)).open = True
        for hours in (24, 120):
            await a_shift(session, evening.pool, coming(hours), series="fri-19")
        await a_shift(session, evening.pool, coming(144))


async def test_planned_hours_are_told_only_where_the_pool_wants_it_and_not_close(
    evening: Evening,
) -> None:
    await with_hours(evening)
    before = await shown(evening)
    assert [each["status"] for each in before["hours"]] == ["confirmed"]
    assert await publish(evening, planned=True) == 204
    after = await shown(evening)
    assert [each["status"] for each in after["hours"]] == ["confirmed", "planned"]
    # what is next is what somebody can rely on
    assert after["next"] == before["next"]
    page = (await evening.node.web.get(f"/open/{evening.pool.slug}")).text
    assert page.count("(planned, not yet confirmed)") == 1
    calendar = (await evening.node.web.get(f"/open/{evening.pool.slug}.ics")).text
    assert calendar.count("STATUS:CONFIRMED") == calendar.count("STATUS:TENTATIVE") == 1


async def test_a_language_that_too_few_speak_is_offered_by_message(evening: Evening) -> None:
    assert await publish(evening, message_languages=["ro", "nl"]) == 204
    assert (await shown(evening))["languages_by_message"] == ["nl", "ro"]
    page = (await evening.node.web.get(f"/open/{evening.pool.slug}")).text
    assert "Romanian: leave a message." in page


async def test_only_who_plans_the_pool_says_what_it_publishes(evening: Evening) -> None:
    path = f"/api/v1/pools/{evening.pool.slug}/publication"
    body = {"planned": True, "message_languages": ["ro"]}
    stranger = await evening.node.somebody("coordinator")
    for who, status in ((evening.worker, 403), (stranger, 404)):
        answer = await evening.node.web.put(path, headers=who.bearer, json=body)
        assert answer.status_code == status
    wrong = await evening.node.web.put(
        path, headers=evening.coordinator.bearer, json=body | {"message_languages": ["<b>"]}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid-request")
    assert "languages_by_message" not in await shown(evening)


async def test_one_channel_can_be_shown_alone(evening: Evening) -> None:
    await with_hours(evening)
    async with door(evening.node.engine) as session:
        draft = ChannelDraft("own-chat", "Own chat", "session", 1, 0)
        channel = await add_channel(
            session, evening.coordinator.asker, evening.pool.id, draft, current_time()
        )
        own = await a_shift(session, evening.pool, coming(72), channel_id=channel.id)
        (await session.get_one(Shift, own.id)).open = True
    assert {each["channel"] for each in (await shown(evening))["hours"]} == {
        "live-chat",
        "own-chat",
    }
    alone = await shown(evening, "?channel=own-chat")
    assert [each["channel"] for each in alone["hours"]] == ["own-chat"]
    assert alone["next"]["channel"] == "own-chat"
    unknown = await evening.node.web.get(f"/open/{evening.pool.slug}.json?channel=nowhere")
    assert unknown.status_code == 404


async def test_search_engines_read_a_week_of_confirmed_hours(evening: Evening) -> None:
    night = coming(72).replace(hour=22)
    async with door(evening.node.engine) as session:
        shift = await a_shift(session, evening.pool, night, 4)
        late = await a_shift(session, evening.pool, night + timedelta(days=14))
        for each in (shift, late):
            (await session.get_one(Shift, each.id)).open = True
    page = (await evening.node.web.get(f"/open/{evening.pool.slug}")).text
    text = page.split('<script type="application/ld+json">', 1)[1].split("</script>", 1)[0]
    told = json.loads(text)
    [contact] = told["contactPoint"]
    assert (told["@context"], contact["contactType"]) == ("https://schema.org", "Live chat")
    opened = [
        (each["validFrom"] == each["validThrough"], each["opens"], each["closes"])
        for each in contact["hoursAvailable"]
    ]
    # over midnight, on the pool's own clock in winter or summer
    assert [same for same, _, _ in opened] == [True] * len(opened)
    minutes = sum(
        (int(closes[:2]) - int(opens[:2])) * 60 + int(closes[3:5]) - int(opens[3:5])
        for _, opens, closes in opened
    )
    assert minutes in {239, 240}


async def test_texts_to_copy_are_for_members_and_say_where_they_may_stand(
    evening: Evening,
) -> None:
    await with_hours(evening)
    path = f"/api/v1/pools/{evening.pool.slug}/promotion"
    told = await evening.node.web.get(
        path, params={"language": "nl"}, headers=evening.worker.bearer
    )
    assert told.status_code == 200
    assert {each["platform"]: each["use"] for each in told.json()["items"]} == {
        "forum": "public-post",
        "post": "public-post",
        "status": "public-post",
        "reply": "reply-only",
    }
    stranger = await evening.node.somebody("coordinator")
    refused = await evening.node.web.get(path, headers=stranger.bearer)
    unknown = await evening.node.web.get(
        path, params={"language": "xx"}, headers=evening.worker.bearer
    )
    assert (refused.status_code, unknown.status_code) == (404, 400)
    async with evening.node.signed_in(evening.worker.id) as browser:
        page = await browser.get(f"/promotion/{evening.pool.slug}?language=ro")
    assert "în următoarele două săptămâni" in page.text
