"""What people of different nodes see of a swap on their pages and by JSON, from offer to end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import time_machine
from httpx2 import AsyncClient
from msgspec.structs import replace

from database.session import door
from federation.access.actions import make_api_token
from federation.people.rules import OPERATOR
from tests.api.conftest import ADDRESS, form_token, node_on
from tests.api.conftest import Node as Application
from tests.rota.station import Station
from tests.rota.swaps.apart import Apart, apart
from tests.rota.three_nodes import ThreeNodes
from tests.rota.world import Worker


@pytest.fixture
async def pair(nodes: ThreeNodes) -> AsyncIterator[Apart]:
    """Wren is at home in the west, robin in the east; the clock of pages is that of the story."""
    host, east, west = nodes.all
    made = await apart(nodes, west, east)
    assert made.host is host
    with time_machine.travel(made.now, tick=True):
        yield made


@asynccontextmanager
async def served(station: Station) -> AsyncIterator[Application]:
    async with node_on(replace(station.workshop.settings, base_url=ADDRESS)) as application:
        yield application


@asynccontextmanager
async def pages_of(station: Station, worker: Worker) -> AsyncIterator[AsyncClient]:
    async with served(station) as application, application.signed_in(worker.id) as browser:
        yield browser


async def press(browser: AsyncClient, page: str, path: str, **fields: str) -> str:
    """Press a button of a page; gives the page that follows."""
    token = await form_token(browser, page)
    answer = await browser.post(path, data={"_csrf_token": token, **fields})
    assert answer.status_code == 303, answer.text
    return (await browser.get(answer.headers["location"])).text


async def by_json(station: Station, worker: Worker, method: str, path: str, **body: Any) -> Any:
    """Ask as a program that somebody has given a token; gives status, headers and content."""
    async with served(station) as application:
        async with door(application.engine) as session:
            token = await make_api_token(
                session,
                OPERATOR,
                person_id=worker.id,
                label="test",
                scopes=["read", "write"],
                days=1,
                now=station.clock.now,
            )
        answer = await application.web.request(
            method,
            f"/api/v1{path}",
            headers={"Authorization": f"Bearer {token.secret}"},
            json=body or None,
        )
    return answer.status_code, answer.headers.get("location"), answer.json()


async def test_an_offer_from_another_node_is_seen_and_taken_up(pair: Apart) -> None:
    offer = await pair.offered()
    async with pages_of(pair.robins_home, pair.robin) as browser:
        before = (await browser.get("/swaps")).text
        after = await press(
            browser, "/swaps", f"/swaps/{offer}/take", gives=str(pair.robins), seen=""
        )
        week = (await browser.get(f"/week?week={pair.tuesday.starts:%Y-%m-%d}")).text
    assert "Wanted in return: a seat of yours." in before
    assert pair.wren.display not in before + after + week
    # nothing is told of who offers; what is asked for, until when, and what stays meanwhile is
    assert "Waiting for an answer" in after
    assert "That seat stays yours until both nodes have agreed" in after
    assert f"An answer comes until {(pair.now):%H:%M} on " in after
    assert "waiting for an answer" in week
    assert await pair.settled() == pair.swapped
    async with pages_of(pair.robins_home, pair.robin) as browser:
        done = (await browser.get("/swaps")).text
    assert "Waiting for an answer" not in done
    assert "you gave" in done


async def test_the_same_by_json_names_nobody_either(pair: Apart) -> None:
    offer = await pair.offered()
    status, _, listed = await by_json(pair.robins_home, pair.robin, "GET", "/swaps")
    [seen] = listed["items"]
    assert (status, seen["giver"], seen["mine"], seen["to_me"]) == (200, None, False, False)
    assert [each["claim"] for each in seen["in_return"]] == [str(pair.robins)]
    path = f"/swaps/{offer}/acceptance"
    status, where, taken = await by_json(
        pair.robins_home, pair.robin, "POST", path, gives=str(pair.robins)
    )
    claim = taken["claim"]
    assert (status, where) == (202, f"/api/v1/claims/{claim}")
    assert taken == {
        "id": taken["id"],
        "swap": str(offer),
        "state": "requested",
        "at": None,
        "claim": claim,
    }
    about = f"/claims/{claim}"
    _, _, waits = await by_json(pair.robins_home, pair.robin, "GET", about)
    assert (waits["state"], waits["answer_by"] is not None) == ("requested", True)
    await pair.nodes.calm_down()
    _, _, held = await by_json(pair.robins_home, pair.robin, "GET", about)
    assert held["state"] == "held"


async def test_a_no_from_another_node_comes_with_its_reason(pair: Apart) -> None:
    offer = await pair.offered()
    await pair.wren_gives_up()
    taken = await pair.take(offer)
    await pair.nodes.calm_down()
    async with pages_of(pair.robins_home, pair.robin) as browser:
        week = (await browser.get("/week")).text
        told = (await browser.get("/")).text
    assert "Not given to you" in week
    assert "This offer has ended already." in week
    assert "A swap that you asked for does not take place. Your plan is as it was." in told
    assert taken.claim is not None
    about = f"/claims/{taken.claim.id}"
    _, _, refused = await by_json(pair.robins_home, pair.robin, "GET", about)
    assert (refused["state"], refused["reasons"]) == (
        "refused",
        [{"code": "offer-over", "text": "This offer has ended already."}],
    )


async def test_who_offered_sees_that_it_is_being_agreed_on_and_not_with_whom(pair: Apart) -> None:
    offer = await pair.offered()
    await pair.take(offer)
    for reader, sender in (
        (pair.host, pair.robins_home),
        (pair.wrens_home, pair.host),
    ):
        for news in (await sender.news_for(reader)).values():
            for said in news:
                await reader.hear(sender, said)
    async with pages_of(pair.wrens_home, pair.wren) as browser:
        week = (await browser.get(f"/week?week={pair.tuesday.starts:%Y-%m-%d}")).text
    assert "Somebody would give you this seat for the one that you offer." in week
    assert pair.robin.display not in week
    assert await pair.settled() == pair.swapped


async def test_a_seat_of_a_pool_of_another_node_is_offered_from_the_week(pair: Apart) -> None:
    monday = f"{pair.tuesday.starts:%Y-%m-%d}"
    async with pages_of(pair.wrens_home, pair.wren) as browser:
        week = (await browser.get(f"/week?week={monday}")).text
        form = f"/claims/{pair.wrens}/swap"
        assert form in week
        asked = (await browser.get(form)).text
        offered = await press(browser, form, form, kind="give", to="", wanted="")
        assert "Another node plans this pool: it is asked first" in asked
        assert "Given away. To everybody in the pool." in offered
        await pair.nodes.calm_down()
        [offer] = [UUID(each) for each in _offers_on(await _swaps(browser))]
        await press(browser, "/swaps", f"/swaps/{offer}/withdraw")
    assert await pair.settled() == pair.as_before


async def _swaps(browser: AsyncClient) -> str:
    return (await browser.get("/swaps")).text


def _offers_on(page: str) -> list[str]:
    return [part.split("/", 1)[0] for part in page.split('action="/swaps/')[1:]]


async def test_only_whom_an_offer_names_learns_the_name_of_who_offers(pair: Apart) -> None:
    await pair.offered(one_way=True, to=pair.robin.display)
    other = pair.nodes.people["east"][2]
    async with pages_of(pair.robins_home, pair.robin) as browser:
        named = await _swaps(browser)
    async with pages_of(pair.robins_home, other) as browser:
        others = await _swaps(browser)
    assert f"offered to you by {pair.wren.display}" in named
    assert "Nobody offers a seat that you could take up." in others
    assert pair.wren.display not in others
    assert await pair.settled() == pair.as_before


async def test_an_offer_to_a_name_that_nobody_has_is_explained_at_home(pair: Apart) -> None:
    await pair.offered(one_way=True, to="Nobody 99")
    async with pages_of(pair.wrens_home, pair.wren) as browser:
        told = (await browser.get("/")).text
        swaps = await _swaps(browser)
    assert "Nobody of this pool has that name at the moment." in told
    assert "You offer no seat at the moment." in swaps
    assert await pair.settled() == pair.as_before
