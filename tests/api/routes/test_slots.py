"""Regular times for a language of few speakers, by JSON and on the speaker's page."""

from typing import Any

import pytest

from api.parts import current_time
from database.session import door
from federation.people.models import Person
from federation.pools.actions import restate_handles
from rota.shifts.models import Shift
from tests.api.conftest import Node, Somebody, form_token
from tests.api.evening import Evening, an_evening, coming
from tests.rota.world import a_shift


@pytest.fixture
async def evening(node: Node) -> Evening:
    evening = await an_evening(node)
    async with door(node.engine) as session:
        shift = await a_shift(
            session, evening.pool, coming(96), series="thu-19", languages=["en", "ro"]
        )
        (await session.get_one(Shift, shift.id)).open = True
        (await session.get_one(Person, evening.worker.id)).languages = ["ro"]
        await restate_handles(session, evening.worker.id, current_time())
    return evening


async def ask(
    evening: Evening, who: Somebody, method: str, path: str, body: dict[str, Any] | None = None
) -> Any:
    return await evening.node.web.request(method, f"/api/v1{path}", headers=who.bearer, json=body)


async def propose(evening: Evening) -> Any:
    body = {"series": "thu-19", "language": "ro"}
    path = f"/pools/{evening.pool.slug}/slots"
    return (await ask(evening, evening.coordinator, "POST", path, body)).json()


async def languages(evening: Evening) -> list[str]:
    answer = await evening.node.web.get(f"/open/{evening.pool.slug}.json")
    [hours] = answer.json()["hours"]
    found: list[str] = hours["languages"]
    return found


async def test_proposed_agreed_shown_and_taken_back(evening: Evening) -> None:
    made = await propose(evening)
    assert (made["series"], made["language"], made["agreed"]) == ("thu-19", "ro", False)
    listed = await ask(evening, evening.worker, "GET", "/slots")
    own = {name: value for name, value in made.items() if name != "agreed"}
    assert listed.json()["items"] == [own | {"pool": evening.pool.slug, "agrees": False}]
    assert await languages(evening) == []
    agreement = f"/slots/{made['id']}/agreement"
    assert (await ask(evening, evening.worker, "PUT", agreement)).status_code == 204
    # the stored answer of the public page is replaced at once
    assert await languages(evening) == ["ro"]
    planned = f"/pools/{evening.pool.slug}/slots"
    told = (await ask(evening, evening.coordinator, "GET", planned)).json()["items"]
    assert told == [made | {"agreed": True}]
    assert (await ask(evening, evening.worker, "DELETE", agreement)).status_code == 204
    assert await languages(evening) == []
    assert (await ask(evening, evening.worker, "PUT", agreement)).status_code == 204
    ended = await ask(evening, evening.coordinator, "DELETE", f"{planned}/{made['id']}")
    assert ended.status_code == 204
    assert await languages(evening) == []
    refused = await ask(evening, evening.worker, "PUT", agreement)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot-over")


async def test_others_may_not_and_learn_nothing(evening: Evening) -> None:
    made = await propose(evening)
    stranger = await evening.node.somebody("coordinator")
    colleague, _ = await evening.colleague()
    agreement, planned = f"/slots/{made['id']}/agreement", f"/pools/{evening.pool.slug}/slots"
    body = {"series": "thu-19", "language": "ro"}
    refusals = (
        (evening.coordinator, "PUT", agreement, None, 404),
        (colleague, "PUT", agreement, None, 404),
        (stranger, "DELETE", agreement, None, 404),
        (evening.worker, "GET", planned, None, 403),
        (evening.worker, "POST", planned, body, 403),
        (evening.worker, "DELETE", f"{planned}/{made['id']}", None, 403),
        (stranger, "GET", planned, None, 404),
        (stranger, "POST", planned, body, 404),
        (stranger, "DELETE", f"{planned}/{made['id']}", None, 404),
        (evening.coordinator, "POST", planned, body | {"language": "<b>"}, 400),
        (evening.coordinator, "POST", planned, body | {"series": "none"}, 422),
        (evening.coordinator, "POST", planned, body, 409),
    )
    for who, method, path, sent, status in refusals:
        answer = await ask(evening, who, method, path, sent)
        assert answer.status_code == status, (method, path)
        assert "Romanian" not in answer.text
    for who in (evening.coordinator, colleague, stranger):
        assert (await ask(evening, who, "GET", "/slots")).json()["items"] == []


async def test_the_page_works_without_a_script(evening: Evening) -> None:
    made = await propose(evening)
    async with evening.node.signed_in(evening.worker.id) as browser:
        seen = await browser.get("/slots")
        assert "Romanian" in seen.text
        assert "you have not agreed" in seen.text
        assert "/slots" in (await browser.get("/week")).text
        token = seen.text.split('name="_csrf_token" value="', 1)[1].split('"', 1)[0]
        path = f"/slots/{made['id']}"
        yes = await browser.post(path, data={"_csrf_token": token, "agrees": "yes"})
        assert yes.status_code == 303
        assert "Take it back" in (await browser.get("/slots")).text
        assert await languages(evening) == ["ro"]
        await browser.post(path, data={"_csrf_token": token})
        assert await languages(evening) == []


async def test_the_planners_page_proposes_and_ends_and_tells_nobody(evening: Evening) -> None:
    here = f"/board/{evening.pool.slug}/languages"
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        assert here in (await browser.get(f"/board/{evening.pool.slug}")).text
        seen = (await browser.get(here)).text
        assert "Nothing is proposed." in seen
        assert '<option value="ro thu-19">Romanian, thu-19</option>' in seen
        token = await form_token(browser, here)
        for what, status in (("ro none", 422), ("ro", 400)):
            sent = await browser.post(here, data={"_csrf_token": token, "what": what})
            assert sent.status_code == status
        asked = await browser.post(here, data={"_csrf_token": token, "what": "ro thu-19"})
        assert asked.status_code == 303
        seen = (await browser.get(here)).text
        assert "Romanian, thu-19" in seen
        assert "not shown: not all agree" in seen
        assert "ro thu-19" not in seen
        [made] = (await ask(evening, evening.coordinator, "GET", planned(evening))).json()["items"]
        await ask(evening, evening.worker, "PUT", f"/slots/{made['id']}/agreement")
        seen = (await browser.get(here)).text
        assert "all agree, it is shown" in seen
        assert evening.handle not in seen
        ended = await browser.post(f"{here}/{made['id']}/end", data={"_csrf_token": token})
        assert ended.status_code == 303
        assert "Nothing is proposed." in (await browser.get(here)).text
    assert await languages(evening) == []


async def test_the_planners_page_is_for_planners_alone(evening: Evening) -> None:
    made = await propose(evening)
    here = f"/board/{evening.pool.slug}/languages"
    stranger = await evening.node.somebody("coordinator")
    for who, status in ((evening.worker, 403), (stranger, 404)):
        async with evening.node.signed_in(who.id) as browser:
            seen = await browser.get(here)
            assert (seen.status_code, "Romanian" in seen.text) == (status, False)
            token = await form_token(browser, "/notices")
            for path in (here, f"{here}/{made['id']}/end"):
                data = {"_csrf_token": token, "what": "ro thu-19"}
                assert (await browser.post(path, data=data)).status_code == status
    [left] = (await ask(evening, evening.coordinator, "GET", planned(evening))).json()["items"]
    assert left == made


def planned(evening: Evening) -> str:
    return f"/pools/{evening.pool.slug}/slots"
